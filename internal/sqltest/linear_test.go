package sqltest_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/chance"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// ask is what a client of a store does: an append, or with a zero Event a get.
type ask struct {
	key store.Key
	ev  store.Event
}

// answer is what it is told: the state now.
type answer struct {
	status store.Status
	id     string
}

// as is what porcupine hands back as it was given.
func as[T any](v any) T {
	t, _ := v.(T)
	return t
}

// consentModel is the store as one sequence of calls to each key, by the rule Standing.Next.
var consentModel = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byKey := map[store.Key][]porcupine.Operation{}
		for _, op := range history {
			key := as[ask](op.Input).key
			byKey[key] = append(byKey[key], op)
		}
		var parts [][]porcupine.Operation
		for _, part := range byKey {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return store.Standing{} },
	Step: func(state, input, output any) (bool, any) {
		now, in, out := as[store.Standing](state), as[ask](input), as[answer](output)
		if in.ev.ID != "" {
			now, _ = now.Next(store.Record{Event: in.ev}, store.Text{})
		}
		return out == answer{now.InForce().Status, now.InForce().EventID}, now
	},
	Equal: func(a, b any) bool { return a == b },
	DescribeOperation: func(input, output any) string {
		return fmt.Sprintf("%+v -> %+v", input, output)
	},
}

// TestTheStoreIsLinearizable asks through two pools of connections.
func TestTheStoreIsLinearizable(t *testing.T) {
	eachEngine(t, func(t *testing.T, v variant) {
		t.Helper()
		dsn := v.database(t)
		v.opts.MaxRetries = neverGivesUp
		stores := []store.Store{v.on(t, v.open(t, dsn)), v.on(t, v.open(t, dsn))}
		if v.name == mainPostgres && *stressFlag { // the stores of both drivers, on the same tables
			stores = append(stores, newNative(t, dsn, nil))
		}
		require.NoError(t, v.on(t, v.open(t, dsn)).Migrate(t.Context()))
		requireLinearizable(t, 60, 6, stores...)
	})
}

// TestMemstoreIsLinearizable has many keys, too, so that the store grows meanwhile.
func TestMemstoreIsLinearizable(t *testing.T) {
	for range 5 {
		requireLinearizable(t, 60, 6, memstore.New())
		requireLinearizable(t, 600, 2_000, memstore.New())
	}
}

// requireLinearizable records what many goroutines ask of some keys and are told, and
// has porcupine look for an order of the calls in which each answer is right.
func requireLinearizable(t *testing.T, calls, keys int, stores ...store.Store) {
	t.Helper()
	const goroutines = 12
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	start := time.Now()
	var mu sync.Mutex
	var history []porcupine.Operation
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, uint64(g)))
			own := make([]porcupine.Operation, 0, calls)
			for c := range calls {
				in := randomAsk(rng, g, c, keys)
				called := time.Since(start).Nanoseconds()
				out, err := put(t.Context(), stores[rng.IntN(len(stores))], in)
				if err != nil {
					t.Error(err)
					return
				}
				own = append(own, porcupine.Operation{ClientId: g, Input: in, Call: called, Output: out, Return: time.Since(start).Nanoseconds()})
			}
			mu.Lock()
			history = append(history, own...)
			mu.Unlock()
		})
	}
	wg.Wait()
	require.Len(t, history, goroutines*calls)
	result := porcupine.CheckOperationsTimeout(consentModel, history, patience)
	require.Equal(t, porcupine.Ok, result, "seed %d", seed)
}

func randomAsk(rng *rand.Rand, g, c, keys int) ask {
	in := ask{key: store.Key{Account: account, Number: fmt.Sprint("+1415555000", rng.IntN(keys))}}
	if in.key.Number == "+14155550001" {
		in.key.Number = "ACME" // no digits
	}
	if rng.IntN(3) > 0 {
		in.ev = store.Event{
			ID: fmt.Sprintf("%d-%d", g, c), Key: in.key, Source: store.SourceKeyword,
			Action: []store.Action{store.OptIn, store.OptOut, store.Hold, store.Consent}[rng.IntN(4)],
			At:     noon.Add(time.Duration(rng.IntN(500)) * time.Second),
		}
	}
	return in
}

func put(ctx context.Context, st store.Store, in ask) (answer, error) {
	if in.ev.ID == "" {
		state, err := st.Get(ctx, in.key)
		return answer{state.Status, state.EventID}, err
	}
	result, err := st.Append(ctx, in.ev)
	return answer{result.State.Status, result.State.EventID}, err
}

// TestRandomSequencesAgreeWithMemstore makes the same calls to memstore: events with
// few ids, few times and any source, and holds every answer against it.
func TestRandomSequencesAgreeWithMemstore(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		st, _ := v.ready(t)
		reference := memstore.New()
		seed := chance.Seed()
		t.Logf("seed %d", seed)
		rng := rand.New(rand.NewPCG(seed, 0))
		own := "random, " + newNumber()
		for n := range 150 {
			ev := store.Event{
				ID:     fmt.Sprint("m", rng.IntN(12)),
				Key:    store.Key{Account: own, Number: fmt.Sprint("+", rng.IntN(4))},
				Action: []store.Action{store.OptIn, store.OptOut, store.Consent, store.Hold}[rng.IntN(4)],
				Source: []store.Source{store.SourceKeyword, store.SourceKeyword, store.SourceAgent, ""}[rng.IntN(4)],
				Text:   []string{"STOP", "", "\x00\xff", "ﬁn"}[rng.IntN(4)],
			}
			if rng.IntN(3) > 0 {
				ev.At = noon.Add(time.Duration(rng.IntN(6)) * time.Minute)
			}
			if rng.IntN(3) > 0 {
				ev.ReceivedAt = noon.Add(time.Duration(rng.IntN(6)) * time.Minute)
			}
			want, wantErr := reference.Append(t.Context(), ev)
			got, err := st.Append(t.Context(), ev)
			if wantErr != nil {
				require.EqualError(t, err, wantErr.Error(), "seed %d, event %d", seed, n)
				continue
			}
			require.NoError(t, err, "seed %d, event %d", seed, n)
			require.Equal(t, withoutClock(want), withoutClock(got), "seed %d, event %d: %+v", seed, n, ev)
		}
		for i := range 4 {
			key := store.Key{Account: own, Number: fmt.Sprint("+", i)}
			want, got := history(t, reference, key), history(t, st, key)
			require.Len(t, got, len(want), "seed %d", seed)
			for n := range want {
				want[n].RecordedAt, got[n].RecordedAt = time.Time{}, time.Time{}
			}
			require.Equal(t, want, got, "seed %d", seed)
		}
	})
}

func withoutClock(r store.Result) store.Result {
	r.State.RecordedAt, r.Record.RecordedAt = time.Time{}, time.Time{}
	return r
}
