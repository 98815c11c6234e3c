package sqltest_test

import (
	"context"
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
// that writes the row and the event, and looks at nothing before. The ways take turns, so that
// a busy machine is as slow for each. It reports the median of each way, and how many times that
// of the plain code of its driver a store takes.
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
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			took := make([][]time.Duration, len(ways))
			var mu sync.Mutex
			var left atomic.Int64
			left.Store(int64(b.N))
			var wg sync.WaitGroup
			for range callers {
				wg.Go(func() {
					for left.Add(-1) >= 0 {
						for i, way := range ways {
							start := time.Now()
							if err := way.put(b.Context(), int(next.Add(1))); err != nil {
								b.Error(err)
								return
							}
							mu.Lock()
							took[i] = append(took[i], time.Since(start))
							mu.Unlock()
						}
					}
				})
			}
			wg.Wait()
			median := func(i int) float64 {
				slices.Sort(took[i])
				return float64(took[i][len(took[i])/2].Nanoseconds()) / 1e3
			}
			for i, way := range ways {
				b.ReportMetric(median(i), way.name+"-p50-µs")
			}
			b.ReportMetric(median(1)/median(0), "sqlstore/plain")
			b.ReportMetric(median(3)/median(2), "pgxstore/plain")
		})
	}
}
