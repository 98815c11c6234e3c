package sqltest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

const (
	mixers        = 16 // goroutines of each of the two processes
	mixedNumbers  = 50
	eventsOfMixer = 25
	mixedMinutes  = 40 // so few that times tie
)

// mixed returns the events of a goroutine: the same for the same seed.
func mixed(account string, worker int) []store.Event {
	var seed [32]byte
	copy(seed[:], fmt.Sprint(account, worker))
	random := rand.New(rand.NewChaCha8(seed))
	events := make([]store.Event, eventsOfMixer)
	for i := range events {
		key := store.Key{Account: account, Number: fmt.Sprintf("+14155552%03d", random.IntN(mixedNumbers))}
		action := store.OptOut + store.Action(random.IntN(2))
		events[i] = event(fmt.Sprintf("%d-%d", worker, i), key, action, random.IntN(mixedMinutes))
	}
	return events
}

// mix appends the events of the workers from one on, each in its goroutine.
func mix(ctx context.Context, st *sqlstore.Store, account string, first int) error {
	errs := make([]error, mixers)
	var wg sync.WaitGroup
	for i := range mixers {
		wg.Go(func() {
			for _, ev := range mixed(account, first+i) {
				_, err := st.Append(ctx, ev)
				for errors.Is(err, store.ErrConflict) { // as a host does
					_, err = st.Append(ctx, ev)
				}
				if err != nil {
					errs[i] = err
					return
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// mixer is the second process.
func mixer(ctx context.Context, st *sqlstore.Store, account string) error {
	return mix(ctx, st, account, mixers)
}

// TestTwoProcessesAgree: the states are those of the newest events, an opt-out on
// a tie, and no event is lost or counted twice.
//
//nolint:tparallel // not beside other tests: some kill the servers
func TestTwoProcessesAgree(t *testing.T) {
	for _, v := range longVariants("sqlite-mattn", mainPostgres, "postgres-pq", nativePostgres, mainMySQL) {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			dsn := v.database(t)
			st := v.on(t, v.open(t, dsn))
			require.NoError(t, st.Migrate(t.Context()))
			account := fmt.Sprint("seed ", rand.Uint64())
			t.Log(account)
			p := spawn(t, v, dsn, "mixer", account)
			require.NoError(t, mix(t.Context(), st, account, 0))
			p.ended(t)
			agree(t, st, account)
		})
	}
}

// agree compares the states with the events of both processes.
func agree(t *testing.T, st *sqlstore.Store, account string) {
	t.Helper()
	events := map[store.Key]map[string]store.Event{}
	for worker := range 2 * mixers {
		for _, ev := range mixed(account, worker) {
			if events[ev.Key] == nil {
				events[ev.Key] = map[string]store.Event{}
			}
			events[ev.Key][ev.ID] = ev
		}
	}
	for key, want := range events {
		model := store.State{}
		for _, ev := range want {
			if model.Action == store.NoAction || ev.At.After(model.At) || ev.At.Equal(model.At) && ev.Action == store.OptOut {
				model.Action, model.At = ev.Action, ev.At
			}
		}
		state, err := st.Get(t.Context(), key)
		require.NoError(t, err)
		require.Equal(t, model.Action, state.Action, key)
		require.Equal(t, model.At, state.At, key)
		stored := history(t, st, key)
		require.Len(t, stored, len(want), key)
		for _, ev := range stored {
			require.Equal(t, want[ev.ID].Action, ev.Action)
			require.True(t, want[ev.ID].At.Equal(ev.At))
		}
		consistent(t, st, key)
	}
}
