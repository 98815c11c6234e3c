package sqltest_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// TestAnObservationInATransactionSaysSo: what is rolled back was observed, with InTx. And what
// a driver says is in no text of an observation.
func TestAnObservationInATransactionSaysSo(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		var seen []optout.Observation
		guard, err := optout.New(st, &optout.Options{Observe: func(_ context.Context, o optout.Observation) { seen = append(seen, o) }})
		require.NoError(t, err)
		key, rollback := newKey(), errors.New("rollback")

		err = st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			out, err := guard.With(st.WithTx(tx)).Receive(ctx, stop("m1", key.Number))
			require.NoError(t, err)
			require.True(t, out.Changed)
			return rollback
		})
		require.ErrorIs(t, err, rollback)
		_, err = guard.Gate(t.Context(), account, key.Number)
		require.NoError(t, err)
		require.Len(t, seen, 2)
		require.True(t, seen[0].InTx)
		require.Equal(t, 1, seen[0].Changed)
		require.False(t, seen[1].InTx)
		require.Equal(t, optout.ReasonNotOptedOut, seen[1].Reason, "it was rolled back")

		require.NoError(t, db.Close())
		_, err = guard.Receive(t.Context(), stop("m2", key.Number))
		require.Error(t, err)
		last := seen[len(seen)-1]
		require.EqualError(t, last.Err, "optout: the store failed")
		require.ErrorIs(t, last.Err, err, "the error itself is in it")
		require.NotContains(t, fmt.Sprintf("%+v", last), key.Number)
	})
}

// TestEvidenceOfAnyBytesComesBackFromJSON writes a history as JSON and reads it back.
func TestEvidenceOfAnyBytesComesBackFromJSON(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, _ := v.ready(t)
		key := newKey()
		for i, text := range []string{"Stop\xa0", "\x00\xff", "\xed\xa0\x80", "plain"} {
			ev := event(fmt.Sprint(i), key, store.OptOut, i)
			ev.Text, ev.Note = text, text
			appendNow(t, st, ev)
		}
		page, err := st.History(t.Context(), store.HistoryQuery{Key: key})
		require.NoError(t, err)
		require.Len(t, page.Records, 4)
		data, err := json.Marshal(page)
		require.NoError(t, err)
		var read store.RecordPage
		require.NoError(t, json.Unmarshal(data, &read))
		require.Equal(t, page, read)
	})
}
