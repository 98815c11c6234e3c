package sqltest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// moveEvidence writes the records of a contact as JSON lines, and then erases their evidence.
func moveEvidence(ctx context.Context, guard *optout.Guard, account, number string, archive io.Writer) error {
	// region cold
	lines := json.NewEncoder(archive)
	for record, err := range guard.History(ctx, account, number) {
		if err != nil {
			return err
		}
		if err := lines.Encode(record); err != nil {
			return err
		}
	}
	// Only now that the archive is safe: flush and sync it first.
	_, err := guard.Erase(ctx, optout.Erasure{Account: account, Number: number, Actor: "archive", Note: "the evidence is in archive 7"})
	return err
	// endregion cold
}

// TestEvidenceMovesToColdStorage, and what is in force stays, and so do the ids by which a
// message that is delivered again is recognised.
func TestEvidenceMovesToColdStorage(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		ctx := t.Context()
		st, db := v.ready(t)
		guard := newGuard(t, st)
		number := newNumber()
		key := store.Key{Account: account, Number: number}
		say := func(id, text string, at time.Time) optout.Outcome {
			t.Helper()
			out, err := guard.Receive(ctx, optout.Message{ID: id, Account: account, From: number, To: ours, Text: text, At: at})
			require.NoError(t, err)
			return out
		}
		allowed := func(want bool, when string) {
			t.Helper()
			d, err := guard.Gate(ctx, account, number)
			require.NoError(t, err)
			require.Equal(t, want, d.Allowed, when)
		}
		words := "St0p-" + number[2:] // no keyword: only evidence
		// Without a provider's time the order of arrival decides, and only the ids tell what is old.
		say("m1", "STOP", time.Time{})
		say("m2", "START", time.Time{})
		say("m3", "Stop", time.Time{})
		_, err := guard.RecordOptOut(ctx, optout.Request{
			ID: "call", Account: account, Number: number, Source: store.SourceAgent, Actor: words, Text: words,
		})
		require.NoError(t, err)
		before, err := guard.Gate(ctx, account, number)
		require.NoError(t, err)

		var archive bytes.Buffer
		require.NoError(t, moveEvidence(ctx, guard, account, number, &archive))
		require.Equal(t, 4, strings.Count(archive.String(), "\n"))
		require.Contains(t, archive.String(), words)
		kept := one(t, db, fmt.Sprintf("SELECT COALESCE(SUM(LENGTH(body) + LENGTH(actor) + LENGTH(sender)), 0) FROM %s "+
			"WHERE account = '%s' AND number = '%s' AND action <> %d", v.table("events"), account, number, store.Erase))
		require.Zero(t, kept, "bytes of evidence")

		after, err := guard.Gate(ctx, account, number)
		require.NoError(t, err)
		require.Equal(t, before, after, "the gate and its reason")
		for id, text := range map[string]string{"m1": "STOP", "m2": "START", "m3": "Stop"} {
			require.True(t, say(id, text, time.Time{}).Duplicate, "%s is delivered again", id)
			allowed(false, id+" is delivered again")
		}
		require.Empty(t, auditedKey(t, st, key))
		say("m4", "START", time.Time{})
		allowed(true, "the contact came back")
		require.True(t, say("m3", "Stop", time.Time{}).Duplicate)
		allowed(true, "an old STOP is delivered again")
		say("m5", "STOP", time.Time{})
		allowed(false, "a new STOP")
		require.Empty(t, auditedKey(t, st, key))
	})
}

// TestWhatIsLostWithTheRowsOfEvents is why docs/databases.md says that no row may be deleted.
func TestWhatIsLostWithTheRowsOfEvents(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		ctx := t.Context()
		st, db := v.ready(t)
		account := "cold " + newNumber()
		actions := map[string]store.Action{"start": store.OptIn, "stop": store.OptOut}
		text := func(key store.Key, id string) store.Event { // without a provider's time
			return store.Event{ID: id, Key: key, Action: actions[id], Source: store.SourceKeyword}
		}
		history := func(ids ...string) store.Key {
			key := store.Key{Account: account, Number: newNumber()}
			for _, id := range ids {
				appendNow(t, st, text(key, id))
			}
			return key
		}
		forget := func(key store.Key, id string) {
			must(t, db, fmt.Sprintf("DELETE FROM %s WHERE account = '%s' AND number = '%s' AND event_id = '%s'",
				v.table("events"), key.Account, key.Number, id))
		}
		status := func(key store.Key) store.Status {
			state, err := st.Get(ctx, key)
			require.NoError(t, err)
			return state.Status
		}

		start := history("start", "stop")
		result, err := st.Append(ctx, text(start, "start"))
		require.NoError(t, err)
		require.True(t, result.Duplicate)
		require.Equal(t, store.OptedOut, status(start))
		forget(start, "start")
		result, err = st.Append(ctx, text(start, "start"))
		require.NoError(t, err)
		require.False(t, result.Duplicate)
		require.Equal(t, store.OptedIn, status(start), "without its row, a START that is delivered again lifts the STOP that came after it")

		lifted := history("stop", "start")
		forget(lifted, "stop")
		require.Equal(t, store.OptedIn, status(lifted))
		appendNow(t, st, text(lifted, "stop"))
		require.Equal(t, store.OptedOut, status(lifted), "without its row, a STOP that is delivered again is new")

		stop := history("start", "stop")
		forget(stop, "stop")
		require.Equal(t, store.OptedOut, status(stop))
		for _, repair := range []bool{false, true} {
			found := audited(ctx, t, st, &sqlstore.AuditOptions{Account: account, Repair: repair})
			require.Len(t, found, 1)
			require.Equal(t, sqlstore.DamageUnexplained, found[0].Damage)
			require.Equal(t, store.OptedOut, status(stop), "an opt-out whose row is gone stays in force, also after a repair")
		}
	})
}
