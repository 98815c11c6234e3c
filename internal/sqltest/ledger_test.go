package sqltest_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// everyAction draws an event of a key: with few ids, times and texts, so that ids come
// again and times tie; a review names a text of the history, as a rule, and
// a Void what the host recorded.
func everyAction(t *rapid.T, key store.Key, known []store.Record) store.Event {
	minute := func(name string) time.Time {
		n := rapid.IntRange(-2, 9).Draw(t, name)
		if n < 0 {
			return time.Time{}
		}
		return noon.Add(time.Duration(n) * time.Minute)
	}
	ev := store.Event{
		ID: rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "id"), Key: key,
		Action: rapid.SampledFrom([]store.Action{
			store.OptOut, store.OptIn, store.Consent, store.Hold, store.Hold, store.Hold, store.Release, store.Uphold, store.Ask, store.Retract,
			store.Release, store.Uphold, store.Retract, store.OptIn, store.Void, store.Void,
		}).Draw(t, "action"),
		At: minute("at"), ReceivedAt: minute("received"),
		Source: rapid.SampledFrom([]store.Source{store.SourceKeyword, store.SourceText, store.SourceImport}).Draw(t, "source"),
		Text:   rapid.SampledFrom([]string{"one", "two"}).Draw(t, "text"),
	}
	if rapid.IntRange(0, 3).Draw(t, "own id") > 0 {
		ev.ID = fmt.Sprint("own ", len(known))
	}
	review := ev.Action == store.Release || ev.Action == store.Uphold || ev.Action == store.Retract
	if ev.Action == store.OptIn && rapid.Bool().Draw(t, "undated") {
		ev.At = time.Time{}
	}
	if review && len(known) > 0 && rapid.IntRange(0, 9).Draw(t, "named") > 0 {
		text := known[rapid.IntRange(0, len(known)-1).Draw(t, "which")]
		ev.ID, ev.At, ev.ReceivedAt, ev.Text = text.ID, text.At, text.ReceivedAt, text.Text
	}
	if ev.Action == store.Void {
		ev.ID = store.VoidPrefix + ev.ID
		voidable := slices.DeleteFunc(slices.Clone(known), func(r store.Record) bool { return !r.Voidable() })
		if len(voidable) > 0 && rapid.IntRange(0, 9).Draw(t, "voids") > 0 {
			ev.ID = store.VoidPrefix + voidable[rapid.IntRange(0, len(voidable)-1).Draw(t, "which")].ID
		}
	}
	return ev
}

// appendSomehow appends by the plain store, or in a transaction of the host.
func appendSomehow(ctx context.Context, st *sqlstore.Store, ev store.Event, inTx bool) (result store.Result, err error) {
	if !inTx {
		return st.Append(ctx, ev)
	}
	err = st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		result, err = st.WithTx(tx).Append(ctx, ev)
		return err
	})
	return result, err
}

// waitingIn returns the records that Reviews should list of a key.
func waitingIn(ledger *store.Ledger) []store.Record {
	if ledger.State().Status != store.Held {
		return nil
	}
	open := slices.Clone(ledger.Open())
	slices.Sort(open)
	var all []store.Record
	for _, place := range open {
		all = append(all, ledger.Records()[place])
	}
	slices.SortStableFunc(all, func(a, b store.Record) int { return a.ReceivedOrRecorded().Compare(b.ReceivedOrRecorded()) })
	return all
}

// audited returns what an audit finds in an account.
func audited(
	ctx context.Context, tb require.TestingT, st *sqlstore.Store, opts *sqlstore.AuditOptions,
) []sqlstore.Finding {
	var all []sqlstore.Finding
	for finding, err := range st.Audit(ctx, opts) {
		require.NoError(tb, err)
		all = append(all, finding)
	}
	return all
}

// untidy leaves the table of holds as a tidying does that was interrupted at once.
func untidy(ctx context.Context, tb require.TestingT, db *sql.DB, v variant, key store.Key) {
	of := fmt.Sprintf(" WHERE account = '%s' AND number = '%s'", key.Account, key.Number)
	for _, statement := range []string{
		"UPDATE " + v.table("holds") + " SET ended = 0" + of + " AND ended = 1 AND seq < (SELECT holds_from FROM " + v.table("state") + of + ")",
		"UPDATE " + v.table("holds") + " SET waits = 1" + of + " AND ended = 0",
		"UPDATE " + v.table("state") + " SET untidy = 1" + of,
	} {
		_, err := db.ExecContext(ctx, statement)
		require.NoError(tb, err)
	}
}

// TestEveryAppendAgreesWithTheLedger makes random sequences of all actions. Each answer,
// and all that the tables say, is what a store.Ledger makes of the whole history. With -stress
// it does so on PostgreSQL, too, which has statements of its own for an Append.
func TestEveryAppendAgreesWithTheLedger(t *testing.T) {
	for _, v := range longVariants(mainPostgres) {
		t.Run(v.name, func(t *testing.T) {
			v.params = []string{"synchronous_commit=off"}
			if v.dialect == sqlstore.SQLite {
				v.params = []string{"_pragma=synchronous(OFF)", "_pragma=journal_mode(MEMORY)"}
			}
			st, db := v.readyAt(t, v.database(t))
			appendsAgreeWithTheLedger(t, v, st, db)
		})
	}
}

func appendsAgreeWithTheLedger(t *testing.T, v variant, st *sqlstore.Store, db *sql.DB) {
	t.Helper()
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		key := store.Key{Account: "ledger " + newNumber(), Number: newNumber()}
		ledger := store.NewLedger(key, nil)
		for range rapid.IntRange(1, 30).Draw(t, "events") {
			ev := everyAction(t, key, ledger.Records())
			got, err := appendSomehow(ctx, st, ev, rapid.Bool().Draw(t, "in a transaction"))
			want, wantErr := ledger.Append(ev, got.Record.RecordedAt)
			if wantErr != nil {
				require.EqualError(t, err, wantErr.Error())
				continue
			}
			require.NoError(t, err)
			require.Equal(t, want, got)
			state, err := st.Get(ctx, key)
			require.NoError(t, err)
			require.Equal(t, ledger.State(), state)
			page, err := st.Reviews(ctx, store.ReviewQuery{Account: key.Account, Limit: store.MaxLimit})
			require.NoError(t, err)
			require.Equal(t, waitingIn(ledger), page.Records)
			require.Empty(t, audited(ctx, t, st, &sqlstore.AuditOptions{Account: key.Account}))
			if rapid.IntRange(0, 2).Draw(t, "untidy") == 0 {
				untidy(ctx, t, db, v, key)
			}
		}
	})
}
