package sqltest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// BenchmarkFirstAppend records first STOPs in PostgreSQL from 1, 8 and 64 goroutines: by hand
// with database/sql, by sqlstore, by hand with pgx, and by pgxstore. By hand is a transaction
// that writes the row and the event, and looks at nothing before. In each round every way has
// a turn, in which each goroutine records some, so that a machine that is busy for a while is
// so for all ways. It reports the median time of a turn for one STOP, and the median over the
// rounds of how many times the plain code of its driver a store takes.
func BenchmarkFirstAppend(b *testing.B) {
	v := named(mainPostgres)[0]
	dsn := v.database(b)
	db := v.open(b, dsn)
	st := v.on(b, db)
	require.NoError(b, st.Migrate(b.Context()))
	fillUp(b, v, db, filled(b))
	pool, native, err := openPool(b.Context(), dsn, func(c *pgxpool.Config) { c.MaxConns = maxConns }, nil)
	require.NoError(b, err)
	defer pool.Close()
	hand := newByHand(v, db)
	handArgs := func(n int) (state, event []any) {
		number, id, at := numberAt(n), fmt.Sprintf("SM%032d", n), noon.UnixMicro()
		return []any{account, number, backwards(number), 2, 1, at, id},
			[]any{account, number, id, 1, at, at, []byte(number), []byte(ours), []byte("STOP"), []byte("STOP"), []byte{}, []byte{}, []byte{}}
	}
	appendTo := func(st store.Store) func(context.Context, int) error {
		return func(ctx context.Context, n int) error {
			_, err := st.Append(ctx, store.Event{
				ID: fmt.Sprintf("SM%032d", n), Key: store.Key{Account: account, Number: numberAt(n)}, Action: store.OptOut, At: noon,
				Source: store.SourceKeyword, From: numberAt(n), To: ours, Text: "STOP", Keyword: "STOP",
			})
			return err
		}
	}
	ways := []struct {
		name string
		put  func(ctx context.Context, n int) error
	}{
		{"sql-plain", func(ctx context.Context, n int) error {
			state, event := handArgs(n)
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer func() { _ = tx.Rollback() }()
			if _, err := tx.ExecContext(ctx, hand.state, state...); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, hand.event, event...); err != nil {
				return err
			}
			return tx.Commit()
		}},
		{"sqlstore", appendTo(st)},
		{"pgx-plain", func(ctx context.Context, n int) error {
			state, event := handArgs(n)
			return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
				if _, err := tx.Exec(ctx, hand.state, state...); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, hand.event, event...)
				return err
			})
		}},
		{"pgxstore", appendTo(native)},
	}
	var next atomic.Int64
	next.Store(int64(filled(b)))
	turn := func(ctx context.Context, callers int, put func(context.Context, int) error) (time.Duration, error) {
		const each = 4
		errs := make([]error, callers)
		var wg sync.WaitGroup
		start := time.Now()
		for caller := range callers {
			wg.Go(func() {
				for range each {
					errs[caller] = errors.Join(errs[caller], put(ctx, int(next.Add(1))))
				}
			})
		}
		wg.Wait()
		return time.Since(start) / time.Duration(callers*each), errors.Join(errs...)
	}
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			took := make([][]float64, len(ways))
			for rounds := 0; b.Loop(); rounds++ {
				for i := range ways {
					way := (rounds + i) % len(ways) // each is the first as often as another
					d, err := turn(b.Context(), callers, ways[way].put)
					require.NoError(b, err)
					took[way] = append(took[way], float64(d.Nanoseconds())/1e3)
				}
			}
			times := func(store, plain int) []float64 {
				var all []float64
				for round := range took[store] {
					all = append(all, took[store][round]/took[plain][round])
				}
				return all
			}
			for i, way := range ways {
				b.ReportMetric(middle(took[i]), way.name+"-µs")
			}
			b.ReportMetric(middle(times(1, 0)), "sqlstore/plain")
			b.ReportMetric(middle(times(3, 2)), "pgxstore/plain")
		})
	}
}

// middle returns the median.
func middle(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
