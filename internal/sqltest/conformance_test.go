package sqltest_test

import (
	"testing"
	"time"

	"github.com/seed-f10031e4/consent/internal/chance"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

// TestConformance runs the suite of all stores. One database serves all cases of
// a variant, as the accounts of each are its own. It takes one driver of each database, and
// with -stress all of them, and pgxstore.
//
//nolint:tparallel // not beside other tests: some kill the servers
func TestConformance(t *testing.T) {
	tested := mainVariants()
	if *stressFlag {
		tested = append(allVariants(), named(nativePostgres)...)
	}
	for _, v := range tested {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel() // one waits for its database while another computes
			dsn := v.dsn(t)
			st, _ := v.readyAt(t, dsn)
			storetest.Run(t, func(testing.TB) store.Store { return st }, &storetest.Options{
				Brief:   !*stressFlag,
				Timeout: patience,
				Skip:    v.skipped(),
				Late:    v.late(),
				Seed:    chance.Seed(),
				Reopen:  func(store.Store) (store.Store, error) { return v.on(t, v.open(t, dsn)), nil },
			})
		})
	}
}

// skipped are the cases that a variant cannot pass: an SQLite without a
// busy_timeout and a WAL refuses to read while another connection commits, so a
// reader beside writers that never rest may lose more often than it tries again.
// It fails then, and the gate is closed.
func (v variant) skipped() map[string]string {
	if v.name != bareSQLite {
		return nil
	}
	const reason = "without a busy_timeout a reader loses against writers that never rest"
	return map[string]string{
		"Atomic": reason, "AppendBatchAtomic": reason, "ConcurrentCalls": reason, "HistoryConcurrent": reason, "ChangesMissNone": reason,
	}
}

// late is how long Changes may hold a record back: on PostgreSQL until whoever wrote before
// has ended, in any test that uses the server.
func (v variant) late() time.Duration {
	if v.dialect == sqlstore.PostgreSQL {
		return patience
	}
	return 0
}

func BenchmarkStore(b *testing.B) {
	for _, v := range append(variants(), named(nativePostgres)...) {
		b.Run(v.name, func(b *testing.B) {
			storetest.Benchmark(b, func(b testing.TB) store.Store {
				b.Helper()
				st, _ := v.ready(b)
				return st
			})
		})
	}
}
