package store_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// round has a History without an end.
type round struct{ store.Store }

func (round) History(context.Context, store.HistoryQuery) (store.RecordPage, error) {
	return store.RecordPage{Next: "again"}, nil
}

func TestGetRecordsAsksOrReadsTheHistory(t *testing.T) {
	s := memstore.New()
	for i := range 2_500 { // more than two pages
		_, err := s.Append(t.Context(), stop(strconv.Itoa(i%1_250), minute(i))) // each id twice
		require.NoError(t, err)
	}
	for _, of := range []store.Store{s, wrapper{s}, bare{s}, wrapper{bare{s}}} {
		records, err := store.GetRecords(t.Context(), of, key, "1249")
		require.NoError(t, err)
		require.Len(t, records, 2)
		require.Equal(t, minute(1_249), records[0].At)
		require.Equal(t, minute(2_499), records[1].At)
		records, err = store.GetRecords(t.Context(), of, key, "1250")
		require.NoError(t, err)
		require.Empty(t, records)
		_, err = store.GetRecords(t.Context(), of, key, "")
		require.ErrorIs(t, err, store.ErrInvalid)
		_, err = store.GetRecords(t.Context(), of, store.Key{Account: key.Account}, "1")
		require.ErrorIs(t, err, store.ErrInvalid)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = store.GetRecords(ctx, of, key, "1")
		require.ErrorIs(t, err, context.Canceled)
	}
	_, err := store.GetRecords(t.Context(), round{bare{s}}, key, "1")
	require.Error(t, err)
}
