package sqltest_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

const marker = "ZAPHOD" // no other test has it

// evident is an event with a marker in all that Erase erases.
func evident(id string, key store.Key, action store.Action, minutes int) store.Event {
	ev := event(id, key, action, minutes)
	ev.Source, ev.ReceivedAt = store.SourceText, ev.At
	ev.From, ev.To, ev.Actor, ev.Note = marker+" from", marker+" to", marker+" actor", marker+" note"
	ev.Text = strings.Repeat(marker+" text ", 1+minutes%3*400) // short, on pages of its own, and cut
	return ev
}

// lettered has events of every kind in a new key.
func lettered(t *testing.T, st store.Store) store.Key {
	t.Helper()
	key := newKey()
	for n := range 30 {
		action := []store.Action{store.OptOut, store.OptIn, store.Hold, store.Consent, store.Ask}[n%5]
		appendNow(t, st, evident(fmt.Sprint("m", n), key, action, n))
	}
	return key
}

// tablesWith returns the tables of the store that hold some bytes in any column.
func tablesWith(t *testing.T, v variant, db *sql.DB, word string) (found []string) {
	t.Helper()
	for _, table := range []string{"state", "events", "holds"} {
		if tableHas(t, db, v.table(table), word) {
			found = append(found, table)
		}
	}
	return found
}

func tableHas(t *testing.T, db *sql.DB, table, word string) (found bool) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table) //nolint:unqueryvet // every column there is
	require.NoError(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(t, err)
	for rows.Next() {
		cells := make([]sql.RawBytes, len(columns))
		dest := make([]any, len(columns))
		for i := range cells {
			dest[i] = &cells[i]
		}
		require.NoError(t, rows.Scan(dest...))
		for _, cell := range cells {
			found = found || bytes.Contains(cell, []byte(word))
		}
	}
	require.NoError(t, rows.Err())
	return found
}

// TestErasures shares one database, since making one takes longer than a test.
func TestErasures(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		db := v.open(t, v.database(t))
		st := v.on(t, db)
		require.NoError(t, st.Migrate(t.Context()))
		t.Run("nothing is left in the tables", func(t *testing.T) { erasedFromTables(t, v, st, db) })
		t.Run("in the host's transaction", func(t *testing.T) { erasedInTx(t, v, st, db) })
		t.Run("a host commits after an error", func(t *testing.T) { erasedByHalf(t, st, db) })
		t.Run("of a lost row", func(t *testing.T) { erasedWithoutRow(t, v, st, db) })
	})
}

// erasedFromTables looks into each column of each table.
func erasedFromTables(t *testing.T, v variant, st *sqlstore.Store, db *sql.DB) {
	t.Helper()
	key := lettered(t, st)
	before, err := st.Get(t.Context(), key)
	require.NoError(t, err)
	require.NotEmpty(t, tablesWith(t, v, db, marker))
	require.NoError(t, st.Erase(t.Context(), key, "anna", "letter", noon))
	require.Empty(t, tablesWith(t, v, db, marker))
	after, err := st.Get(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, before, after)
	for finding, err := range st.Audit(t.Context(), nil) {
		t.Errorf("the audit found %+v, %v", finding, err)
	}
}

// erasedInTx is undone with the host's transaction.
func erasedInTx(t *testing.T, v variant, st *sqlstore.Store, db *sql.DB) {
	t.Helper()
	key, never := lettered(t, st), newKey()
	guard := newGuard(t, st)
	erasure := optout.Erasure{Account: account, Number: key.Number, Actor: "anna", Note: "letter"}
	erase := func(ctx context.Context, tx *sql.Tx) error {
		unknown := erasure
		unknown.Number = never.Number
		if _, err := guard.With(st.WithTx(tx)).Erase(ctx, unknown); err != nil {
			return err
		}
		_, err := guard.With(st.WithTx(tx)).Erase(ctx, erasure)
		return err
	}
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	require.NoError(t, erase(t.Context(), tx))
	require.NoError(t, tx.Rollback())
	require.NotEmpty(t, tablesWith(t, v, db, marker))
	require.Len(t, history(t, st, key), 30)

	require.NoError(t, st.InTx(t.Context(), erase))
	require.Empty(t, tablesWith(t, v, db, marker))
	require.Len(t, history(t, st, key), 31)
	require.Empty(t, tablesWith(t, v, db, never.Number), "a number that was never seen is not kept")
	require.NoError(t, st.Erase(t.Context(), never, "anna", "letter", noon))
	require.Empty(t, tablesWith(t, v, db, never.Number))
	require.Error(t, store.EraseKey(t.Context(), st.WithTx(nil), key, "anna", "letter", noon))
}

// erasedByHalf is of a host that commits after a statement has failed.
func erasedByHalf(t *testing.T, st *sqlstore.Store, db *sql.DB) {
	t.Helper()
	for fails, failed := 1, true; failed; fails++ {
		key := lettered(t, st)
		before := history(t, st, key)
		state, err := st.Get(t.Context(), key)
		require.NoError(t, err)
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		err = store.EraseKey(t.Context(), st.WithTx(&brokenTx{Tx: tx, fails: fails}), key, "anna", "letter", noon)
		failed = err != nil
		require.NoError(t, tx.Commit())
		erasedOrWhole(t, st, before, state)
		require.NoError(t, st.Erase(t.Context(), key, "anna", "letter", noon), "statement %d failed", fails)
		require.True(t, erasedOrWhole(t, st, before, state))
	}
}

// erasedOrWhole reports whether a key with these records was erased. It fails if a part of
// one was, if an erasure is recorded that was not made, or if the state is another one.
func erasedOrWhole(t *testing.T, st store.Store, before []store.Record, state store.State) (erased bool) {
	t.Helper()
	now, err := st.Get(t.Context(), state.Key)
	require.NoError(t, err)
	require.Equal(t, state, now)
	after := history(t, st, state.Key)
	for i, r := range before {
		if erased = after[i].Erased; erased {
			r.From, r.To, r.Text, r.Actor, r.Note, r.Erased = "", "", "", "", "", true
		}
		require.Equal(t, r, after[i])
		require.Equal(t, erased, after[0].Erased, "all of them, or none")
	}
	recorded := len(after) > len(before)
	require.True(t, erased || !recorded, "an erasure is recorded that was not made")
	return erased && recorded
}

// TestEveryDriverCallOfAnErasureFailsOnce: with each of them the key is erased or whole, and
// the second Erase finishes.
func TestEveryDriverCallOfAnErasureFailsOnce(t *testing.T) {
	failEach(t, func(t *testing.T, v variant, db *sql.DB, plain *sqlstore.Store, _ *sql.DB) {
		t.Helper()
		st, err := sqlstore.New(db, v.dialect, nil)
		require.NoError(t, err)
		key := newKey()
		appendNow(t, plain, evident("1", key, store.OptOut, 1))
		appendNow(t, plain, evident("2", key, store.Hold, 2))
		before := history(t, plain, key)
		state, err := plain.Get(t.Context(), key)
		require.NoError(t, err)
		err = st.Erase(t.Context(), key, "anna", "letter", noon)
		if done := erasedOrWhole(t, plain, before, state); err == nil {
			require.True(t, done)
		}
		if err != nil {
			require.NoError(t, st.Erase(t.Context(), key, "anna", "letter", noon))
		}
		require.True(t, erasedOrWhole(t, plain, before, state))
		require.Len(t, history(t, plain, key), 3, "it is recorded once")
	})
}

// erasedWithoutRow is of a key whose state was lost, and is made anew.
func erasedWithoutRow(t *testing.T, v variant, st *sqlstore.Store, db *sql.DB) {
	t.Helper()
	key := lettered(t, st)
	before, err := st.Get(t.Context(), key)
	require.NoError(t, err)
	must(t, db, "DELETE FROM "+v.table("state"))
	require.NoError(t, st.Erase(t.Context(), key, "anna", "letter", noon))
	require.Empty(t, tablesWith(t, v, db, marker))
	after, err := st.Get(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

// TestAnErasureLeavesNothingInTheFile looks into an SQLite database and its log. What the
// library promises there depends on how the host opens the database.
func TestAnErasureLeavesNothingInTheFile(t *testing.T) {
	const wal, secure, checkpoint = "_pragma=journal_mode(WAL)", "_pragma=secure_delete(1)", "PRAGMA wal_checkpoint(TRUNCATE)"
	for _, c := range []struct {
		name    string
		params  []string
		cleanup string // by the host
		stays   bool
	}{
		{"secure_delete on all connections", []string{wal, secure}, checkpoint, false},
		{"secure_delete, without a WAL", []string{secure, "_pragma=synchronous(0)"}, "", false}, // it need not be on the disk
		{"VACUUM after the erasure", []string{wal}, "VACUUM; " + checkpoint, false},
		{"secure_delete during the erasure alone", []string{wal}, checkpoint, true},
		{"no checkpoint", []string{wal, secure}, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := named(mainSQLite)[0]
			v.params = c.params
			folder := t.TempDir()
			db := v.open(t, "file:"+filepath.ToSlash(filepath.Join(folder, "consent.db"))+"?"+strings.Join(c.params, "&"))
			db.SetMaxOpenConns(1)
			st := v.on(t, db)
			require.NoError(t, st.Migrate(t.Context()))
			var keys []store.Key
			for range 5 {
				keys = append(keys, lettered(t, st))
			}
			found := func() (files []string) {
				entries, err := os.ReadDir(folder)
				require.NoError(t, err)
				for _, entry := range entries {
					content, err := os.ReadFile(filepath.Join(folder, entry.Name()))
					require.NoError(t, err)
					if n := bytes.Count(content, []byte(marker)); n > 0 {
						files = append(files, fmt.Sprint(entry.Name(), " ", n))
					}
				}
				return files
			}
			require.NotEmpty(t, found())
			for _, key := range keys {
				require.NoError(t, st.Erase(t.Context(), key, "anna", "letter", noon))
			}
			if c.cleanup != "" {
				must(t, db, c.cleanup)
			}
			if c.stays {
				require.NotEmpty(t, found())
			} else {
				require.Empty(t, found())
			}
			setting := one(t, db, "PRAGMA secure_delete")
			want := 0
			if slices.Contains(c.params, secure) {
				want = 1
			}
			require.Equal(t, want, setting, "the host's setting is as it was")
		})
	}
}

// TestALongHistoryIsErasedInLittleMemory: the database erases it, and sends none of it.
func TestALongHistoryIsErasedInLittleMemory(t *testing.T) {
	oneByOne(t, longVariants(mainPostgres, mainMySQL), func(t *testing.T, v variant) {
		t.Helper()
		n := 20_000
		if *stressFlag {
			n = 100_000
		}
		db := v.open(t, v.database(t))
		st := v.on(t, db)
		require.NoError(t, st.Migrate(t.Context()))
		key := newKey()
		holdMany(t, v, db, key, n)
		blob := map[sqlstore.Dialect]string{
			sqlstore.SQLite: "CAST('%s' AS BLOB)", sqlstore.PostgreSQL: "'%s'::bytea", sqlstore.MySQL: "'%s'",
		}[v.dialect]
		words := fmt.Sprintf(blob, marker+strings.Repeat(" word", 20))
		must(t, db, "UPDATE "+v.table("events")+" SET body = "+words+", sender = "+words)
		before, err := st.Get(t.Context(), key)
		require.NoError(t, err)
		for again := range 2 {
			var mem, after runtime.MemStats
			runtime.ReadMemStats(&mem)
			start := time.Now()
			require.NoError(t, st.Erase(t.Context(), key, "anna", "letter", noon.Add(time.Duration(again)*time.Hour)))
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			t.Logf("%d records are erased in %v, %d KB were allocated; the time before: %d", n, took, (after.TotalAlloc-mem.TotalAlloc)>>10, again)
			require.Less(t, after.TotalAlloc-mem.TotalAlloc, uint64(2<<20))
		}
		require.Empty(t, tablesWith(t, v, db, marker))
		now, err := st.Get(t.Context(), key)
		require.NoError(t, err)
		require.Equal(t, before, now)
	})
}
