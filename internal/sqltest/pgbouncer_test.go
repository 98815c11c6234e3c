package sqltest_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/sqltest/server"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/pgxstore"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// poolerMode is a way in which a driver sends statements.
type poolerMode struct {
	driver, param string
	holds         bool // without an error, too
}

func poolerModes() []poolerMode {
	return []poolerMode{
		{"pgx", "default_query_exec_mode=cache_statement", false},
		{"pgx", "default_query_exec_mode=cache_describe", true},
		{"pgx", "default_query_exec_mode=describe_exec", false},
		{"pgx", "default_query_exec_mode=exec", true},
		{"pgx", "default_query_exec_mode=simple_protocol", true},
		{"postgres", "", false},
		{"postgres", "binary_parameters=yes", true},
		{nativePostgres, "default_query_exec_mode=cache_statement", false},
		{nativePostgres, "default_query_exec_mode=cache_describe", true},
		{nativePostgres, "default_query_exec_mode=describe_exec", false},
		{nativePostgres, "default_query_exec_mode=exec", true},
		{nativePostgres, "default_query_exec_mode=simple_protocol", true},
	}
}

// twoTables are two stores in one database. Who opted out in one of them is welcome in
// the other one.
type twoTables struct {
	prefixes [2]string
	numbers  [2][]string // opted out in the table of the prefix
}

const poolerNumbers = 20

// TestAPoolerOfTransactionsNeverOpensTheGate asks two tables for opted-out numbers, through
// a pooler that gives each transaction another connection. Some modes of the drivers fail
// then. No mode gets the answer of the other table without an error.
func TestAPoolerOfTransactionsNeverOpensTheGate(t *testing.T) {
	onlyInStress(t)
	postgres := postgresServer.get(t)
	pooler := started(t, func(ctx context.Context) (*server.Server, error) { return server.PgBouncer(ctx, postgres, 2) })
	const name = "consent_pooler"
	require.NoError(t, postgres.CreateDatabase(t.Context(), name, ""))
	t.Cleanup(func() {
		// The pooler still has its connections.
		require.NoError(t, pooler.Stop())
		require.Eventually(t, func() bool { // the server has yet to notice that they are gone
			return postgres.DropDatabase(context.WithoutCancel(t.Context()), name) == nil
		}, patience, 50*time.Millisecond)
	})
	tables := fillTwoTables(t, postgres.DSN(name))

	rows := []string{fmt.Sprintf("%-58s %8s %8s %8s %8s  %s", "mode", "answers", "wrong", "errors", "stored", "holds without errors")}
	for _, mode := range poolerModes() {
		name := strings.TrimSpace(mode.driver + " " + mode.param)
		t.Run(name, func(t *testing.T) {
			var params []string
			if mode.param != "" {
				params = append(params, mode.param)
			}
			load := poolerLoad{tables: tables, answers: map[string]int{}}
			load.run(t, mode.driver, pooler.DSN("consent_pooler", params...))
			rows = append(rows, fmt.Sprintf("%-58s %8d %8d %8d %8d  %t", name, load.answers["right"], load.answers["wrong"], load.answers["error"],
				load.answers["stored"], load.answers["error"] == 0))
			require.Zero(t, load.answers["wrong"], "answers of another table, without an error; the first: %s", load.first["wrong"])
			if mode.holds {
				require.NotZero(t, load.answers["right"])
				require.NotZero(t, load.answers["stored"])
				require.Zero(t, load.answers["error"], "the first: %s", load.first["error"])
			}
			load.nothingIsLost(t, postgres.DSN("consent_pooler"))
		})
	}
	t.Log("behind a pooler of transactions:\n" + strings.Join(rows, "\n"))
}

// fillTwoTables does so past the pooler.
func fillTwoTables(t *testing.T, dsn string) twoTables {
	t.Helper()
	tables := twoTables{prefixes: [2]string{"one_", "two_"}}
	for range poolerNumbers {
		for i := range tables.numbers {
			tables.numbers[i] = append(tables.numbers[i], newNumber())
		}
	}
	for i, st := range tables.open(t, "pgx", dsn) {
		require.NoError(t, st.Migrate(t.Context()))
		for n := range poolerNumbers {
			out := store.Key{Account: account, Number: tables.numbers[i][n]}
			in := store.Key{Account: account, Number: tables.numbers[1-i][n]}
			_, err := st.Append(t.Context(), sent("out", out, store.OptOut, noon))
			require.NoError(t, err)
			_, err = st.Append(t.Context(), sent("in", in, store.OptIn, noon))
			require.NoError(t, err)
		}
	}
	return tables
}

// open opens both stores, each with connections of its own.
func (two twoTables) open(t *testing.T, driver, dsn string) (stores [2]*sqlstore.Store) {
	t.Helper()
	for i, prefix := range two.prefixes {
		if driver == nativePostgres {
			stores[i] = newNative(t, dsn, nil, pgxstore.Options{TablePrefix: prefix}).Store
			continue
		}
		db, err := sql.Open(driver, dsn)
		require.NoError(t, err)
		db.SetMaxIdleConns(maxConns)
		closeAtEnd(t, db)
		stores[i], err = sqlstore.New(db, sqlstore.PostgreSQL, &sqlstore.Options{TablePrefix: prefix})
		require.NoError(t, err)
	}
	return stores
}

// poolerLoad is what the goroutines ask for, and what they are answered.
type poolerLoad struct {
	tables twoTables

	mu      sync.Mutex
	answers map[string]int
	first   map[string]string
	stored  [2][]store.Key // acknowledged opt-outs, by table
}

func (l *poolerLoad) countf(what, format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.answers[what]++; l.answers[what] == 1 {
		if l.first == nil {
			l.first = map[string]string{}
		}
		l.first[what] = fmt.Sprintf(format, args...)
	}
}

func (l *poolerLoad) run(t *testing.T, driver, dsn string) {
	t.Helper()
	stores := l.tables.open(t, driver, dsn)
	ctx, cancel := context.WithTimeout(t.Context(), lasting(500*time.Millisecond, 15*time.Second))
	defer cancel()
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				i := (n + g) % 2
				key := store.Key{Account: account, Number: l.tables.numbers[i][n/2%poolerNumbers]}
				switch {
				case g == 0:
					l.append(ctx, stores[i], i)
				case g == 1 && n%4 < 2:
					l.history(ctx, stores[i], key)
				case g == 1:
					l.list(ctx, stores[i], i)
				case n%3 == 0:
					l.gateBatch(ctx, stores[i], i)
				default:
					l.gate(ctx, stores[i], key)
				}
			}
		})
	}
	wg.Wait()
}

func (l *poolerLoad) gate(ctx context.Context, st store.Store, key store.Key) {
	state, err := st.Get(ctx, key)
	l.answered(ctx, err, state)
}

func (l *poolerLoad) gateBatch(ctx context.Context, st store.Store, i int) {
	states, err := store.GetBatch(ctx, st, account, l.tables.numbers[i])
	l.answered(ctx, err, states...)
	if err == nil && len(states) != poolerNumbers {
		l.countf("wrong", "%d states", len(states))
	}
}

// history and list send statements that another client's gate may meet.
func (l *poolerLoad) history(ctx context.Context, st store.Store, key store.Key) {
	page, err := st.History(ctx, store.HistoryQuery{Key: key})
	l.answered(ctx, err)
	if err == nil && (len(page.Records) != 1 || page.Records[0].ID != "out") {
		l.countf("wrong", "history: %+v", page)
	}
}

func (l *poolerLoad) list(ctx context.Context, st store.Store, i int) {
	page, err := store.List(ctx, st, store.ListQuery{Account: account, Status: store.OptedOut})
	l.answered(ctx, err, page.States...)
	for _, state := range page.States {
		if err == nil && slices.Contains(l.tables.numbers[1-i], state.Key.Number) {
			l.countf("wrong", "list: %+v", state)
		}
	}
}

func (l *poolerLoad) answered(ctx context.Context, err error, states ...store.State) {
	switch {
	case ctx.Err() != nil && err != nil: // the time is over
	case err != nil:
		l.countf("error", "%v", err)
	default:
		for _, state := range states {
			if state.Status != store.OptedOut {
				l.countf("wrong", "%+v", state)
				return
			}
		}
		l.countf("right", "")
	}
}

func (l *poolerLoad) append(ctx context.Context, st store.Store, i int) {
	key := newKey()
	_, err := st.Append(ctx, sent("out", key, store.OptOut, noon))
	switch {
	case err == nil:
		l.countf("stored", "")
		l.mu.Lock()
		defer l.mu.Unlock()
		l.stored[i] = append(l.stored[i], key)
	case ctx.Err() == nil:
		l.countf("error", "%v", err)
	}
}

// nothingIsLost looks past the pooler for what was acknowledged.
func (l *poolerLoad) nothingIsLost(t *testing.T, dsn string) {
	t.Helper()
	for i, st := range l.tables.open(t, "pgx", dsn) {
		for _, key := range l.stored[i] {
			require.Equal(t, []string{"out"}, ids(t, st, key), "an acknowledged opt-out of the table %s", l.tables.prefixes[i])
			state, err := st.Get(t.Context(), key)
			require.NoError(t, err)
			require.Equal(t, store.OptedOut, state.Status)
		}
	}
}
