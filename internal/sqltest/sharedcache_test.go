package sqltest_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// sharedCache is a way to open a SQLite.
type sharedCache struct {
	name, dsn string
	check     verdict
}

type verdict string // of Check

const (
	accepted verdict = "accepted"
	refused  verdict = "refused"
	either   verdict = "either" // the connections may read only what is committed, or wait
)

func sharedCaches(t *testing.T) []sharedCache {
	t.Helper()
	file := func(name string) string { return "file:" + filepath.ToSlash(filepath.Join(t.TempDir(), name)) }
	const dirty = "_pragma=read_uncommitted(1)"
	return []sharedCache{
		{"a file", file("plain.db"), accepted},
		{"a file, uncommitted reads", file("own.db") + "?" + dirty, refused},
		{"a shared cache of a file", file("shared.db") + "?cache=shared", either},
		{"a shared cache of a file, uncommitted reads", file("dirty.db") + "?cache=shared&" + dirty, refused},
		{"a shared cache in memory", "file::memory:?cache=shared", either},
		{"a shared cache in memory, uncommitted reads", "file:dirty?mode=memory&cache=shared&" + dirty, refused},
	}
}

// TestTheGateReadsNoStartThatIsRolledBack: Check refuses the connections on which it would.
func TestTheGateReadsNoStartThatIsRolledBack(t *testing.T) {
	for _, tc := range sharedCaches(t) {
		t.Run(tc.name, func(t *testing.T) {
			// The two pools of a host: a cache is shared by all connections of a process.
			var dbs [2]*sql.DB
			var stores [2]*sqlstore.Store
			for i := range dbs {
				var err error
				dbs[i], err = sql.Open("sqlite", tc.dsn)
				require.NoError(t, err)
				closeAtEnd(t, dbs[i])
				stores[i], err = sqlstore.New(dbs[i], sqlstore.SQLite, &sqlstore.Options{MaxRetries: 1})
				require.NoError(t, err)
			}
			require.NoError(t, stores[0].Migrate(t.Context()))
			key := newKey()
			_, err := stores[0].Append(t.Context(), sent("out", key, store.OptOut, noon))
			require.NoError(t, err)

			err = stores[1].Check(t.Context())
			switch tc.check {
			case refused:
				require.ErrorContains(t, err, "read_uncommitted")
				return
			case accepted:
				require.NoError(t, err)
			case either:
				if err != nil {
					return
				}
			}
			tx, err := dbs[0].BeginTx(t.Context(), nil)
			require.NoError(t, err)
			defer func() { _ = tx.Rollback() }()
			result, err := stores[0].WithTx(tx).Append(t.Context(), sent("in", key, store.OptIn, noon.AddDate(0, 0, 1)))
			require.NoError(t, err)
			require.Equal(t, store.OptedIn, result.State.Status)

			// The gates may wait for the end of the transaction.
			answers := make(chan store.State, 4)
			guards := 0
			for _, st := range stores {
				for _, get := range []func() ([]store.State, error){
					func() ([]store.State, error) {
						state, err := st.Get(t.Context(), key)
						return []store.State{state}, err
					},
					func() ([]store.State, error) { return store.GetBatch(t.Context(), st, account, []string{key.Number}) },
				} {
					guards++
					go func() {
						states, err := get()
						if err != nil {
							states = []store.State{{Status: store.OptedOut}} // the gate is closed
						}
						answers <- states[0]
					}()
				}
			}
			answered := 0
			for waiting := true; waiting && answered < guards; {
				select {
				case state := <-answers:
					answered++
					require.Equal(t, store.OptedOut, state.Status, "an opt-in that may be rolled back")
				case <-time.After(200 * time.Millisecond):
					waiting = false
				}
			}
			t.Logf("%d of %d gates answered before the end of the transaction", answered, guards)
			require.NoError(t, tx.Rollback())
			for range guards - answered {
				require.Equal(t, store.OptedOut, (<-answers).Status)
			}
			d, err := newGuard(t, stores[1]).Gate(t.Context(), account, key.Number)
			require.NoError(t, err)
			require.False(t, d.Allowed)
		})
	}
}

// TestCheckRefusesUncommittedReadsOfTheOtherDriver: mattn's has no parameter for them.
func TestCheckRefusesUncommittedReadsOfTheOtherDriver(t *testing.T) {
	if !mattn {
		t.Skip("it is written in C")
	}
	db, err := sql.Open("sqlite3", "file:"+filepath.ToSlash(filepath.Join(t.TempDir(), "dirty.db"))+"?cache=shared")
	require.NoError(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1) // whose settings stay
	st, err := sqlstore.New(db, sqlstore.SQLite, nil)
	require.NoError(t, err)
	require.NoError(t, st.Migrate(t.Context()))
	must(t, db, "PRAGMA read_uncommitted = 1")
	require.ErrorContains(t, st.Check(t.Context()), "read_uncommitted")
}
