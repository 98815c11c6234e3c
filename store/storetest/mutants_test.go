package storetest_test

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/storetest"
)

// mutant is a store with one planted bug, and the case that must find it.
type mutant struct {
	bug   string
	found string
	plant func(*naive)
}

func mutants() []mutant {
	return slices.Concat(appendMutants(), duplicateMutants(), ruleMutants(), holdMutants(), reviewMutants(), voidMutants(),
		keyMutants(), keptMutants(), contextMutants(), processMutants(), historyMutants(), batchMutants(), appendBatchMutants(),
		listMutants(), searchMutants(), recordsMutants(), countMutants(), reviewsMutants(), idsMutants(), changesMutants(), eraseMutants())
}

// long are the bugs that only [storetest.Options.Long] shows.
func long() []mutant {
	return []mutant{
		{"the 2,501st event of a key is lost", "HistoryThousand", loses(2_501)},
		{"the page after 2,500 events is empty", "HistoryThousand", opens(func(_ store.Cursor, query string, place int, err error) (int, error) {
			if strings.HasPrefix(query, "history") && place >= 2_500 {
				place = 1 << 20
			}
			return place, err
		})},
		{"an id is forgotten after 1,000 more events", "DuplicateLater", forgets(1_000)},
		{"GetBatch ends at 65,536", "BatchEqualsGets", batchEnds(65_536)},
		{"evidence ends at 65,535 bytes", "Evidence", kept(func(_ store.Event, kept *store.Event) {
			kept.Note = kept.Note[:min(len(kept.Note), 65_535)]
		})},
		{"AppendBatch ends at 9,999", "AppendBatchSize", appendBatchEnds(9_999)},
		{"List ends at 2,500", "ListThousand", func(s *naive) { listEnds(s, 2_500) }},
	}
}

// only returns options that skip every case but one.
func only(name string) *storetest.Options {
	skip := map[string]string{}
	for other := range storetest.Cases() {
		if other != name {
			skip[other] = "not the case in question"
		}
	}
	return &storetest.Options{Skip: skip}
}

func TestEveryPlantedBugIsFoundByItsCase(t *testing.T) {
	promises := maps.Collect(storetest.Cases())
	find := func(m mutant, isLong bool) {
		t.Run(m.found+"/"+m.bug, func(t *testing.T) {
			opts := only(m.found) // with a seed, so that a bug is found always or never
			opts.Long, opts.Brief, opts.Reopen, opts.Seed = isLong, true, secondProcess(m.plant), 1
			s := newNaive()
			m.plant(s)
			err := storetest.Check(t.Context(), s, opts)
			require.ErrorContains(t, err, m.found+": "+promises[m.found]+": ")
			require.NotContains(t, err.Error(), "Options.Timeout")
			t.Log(err)
		})
	}
	for _, m := range mutants() {
		find(m, false)
	}
	for _, m := range long() {
		find(m, true)
	}
}

// TestEveryCaseFindsAPlantedBug keeps the table whole.
func TestEveryCaseFindsAPlantedBug(t *testing.T) {
	found, bugs := map[string]bool{}, map[string]bool{}
	for _, m := range append(mutants(), long()...) {
		require.False(t, bugs[m.found+m.bug], "%s is planted twice", m.bug)
		found[m.found], bugs[m.found+m.bug] = true, true
	}
	for name := range storetest.Cases() {
		require.True(t, found[name], "no planted bug for %s", name)
	}
	t.Logf("%d bugs are planted", len(bugs))
}

func TestCheckJoinsOneErrorACase(t *testing.T) {
	s := newNaive()
	s.key = func(k store.Key) store.Key { return store.Key{Account: k.Account, Number: strings.ToLower(k.Number)} }
	s.page = func(records []store.Record) []store.Record { return records }
	opts := only("KeyByteForByte")
	for _, name := range []string{"UnknownKey", "HistorySlice", "Times", "BatchSlice"} {
		delete(opts.Skip, name)
	}
	err := storetest.Check(t.Context(), s, opts)
	var joined interface{ Unwrap() []error }
	require.ErrorAs(t, err, &joined)
	var failed []string
	for _, err := range joined.Unwrap() {
		name, _, _ := strings.Cut(err.Error(), ": ")
		failed = append(failed, name)
	}
	require.Equal(t, []string{"KeyByteForByte", "HistorySlice"}, failed)
}

// kept plants a bug in what is kept of a good event.
func kept(change func(given store.Event, kept *store.Event)) func(*naive) {
	return func(s *naive) {
		s.normalize = func(ev store.Event) (store.Event, error) {
			kept, err := ev.Normalize()
			if err == nil {
				change(ev, &kept)
			}
			return kept, err
		}
	}
}

// set plants a bug in what the store sets of a record.
func set(change func(given store.Event, kept *store.Record)) func(*naive) {
	return func(s *naive) {
		s.finish = func(given store.Event, kept store.Record) store.Record {
			change(given, &kept)
			return kept
		}
	}
}

// shows plants a bug in what a read answers.
func shows(change func(c *contact, state *store.State)) func(*naive) {
	return func(s *naive) {
		s.shown = func(c *contact, state store.State) store.State {
			change(c, &state)
			return state
		}
	}
}

// takes plants a bug in which events are taken.
func takes(normalize func(store.Event) (store.Event, error)) func(*naive) {
	return func(s *naive) { s.normalize = normalize }
}

// seen plants a bug in the rule: it decides right of what is not what is stored.
func seen(change func(records []store.Record)) func(*naive) {
	return func(s *naive) { s.seen = change }
}

// each plants a bug in the rule that changes how it sees each record, with those before.
func each(change func(before []store.Record, r *store.Record)) func(*naive) {
	return seen(func(records []store.Record) {
		for i := range records {
			change(records[:i], &records[i])
		}
	})
}

// none makes a record one that does nothing.
func none(r *store.Record) { r.Action = store.Ask }

// noneOf makes records of an action ones that do nothing.
func noneOf(records []store.Record, actions ...store.Action) {
	for i := range records {
		if slices.Contains(actions, records[i].Action) {
			none(&records[i])
		}
	}
}

// after reports whether a record of one of the actions is among those before.
func after(before []store.Record, actions ...store.Action) bool {
	return slices.ContainsFunc(before, func(r store.Record) bool { return slices.Contains(actions, r.Action) })
}

// textOf returns the record that a review names, or nil.
func textOf(before []store.Record, r store.Record) *store.Record {
	for i := range before {
		if r.Names(before[i]) {
			return &before[i]
		}
	}
	return nil
}

// yield lets others in between two steps that belong together.
func yield(s *naive) func(context.Context) error {
	return func(context.Context) error {
		s.mu.Unlock()
		runtime.Gosched()
		s.mu.Lock()
		return nil
	}
}

// forgets plants a store that looks for an id among the latest records only.
func forgets(latest int) func(*naive) {
	return func(s *naive) {
		s.known = func(all []store.Record, place int, ev *store.Event) bool {
			return place >= len(all)-latest && all[place].ID == ev.ID
		}
	}
}

// loses plants a store that loses the record of the n-th event.
func loses(n int) func(*naive) {
	return func(s *naive) {
		events := 0
		s.lost = func([]store.Record, store.Record) bool {
			events++
			return events == n
		}
	}
}

func batchEnds(at int) func(*naive) {
	return func(s *naive) {
		s.batch = func(_ []string, states []store.State) []store.State {
			for i := at; i < len(states); i++ {
				states[i] = store.State{Key: states[i].Key}
			}
			return states
		}
	}
}

func listEnds(s *naive, at int) {
	listed := 0
	s.statePage = func(states []store.State) []store.State {
		if listed += len(states); listed > at {
			return nil
		}
		return slices.Clone(states)
	}
}

func appendMutants() []mutant {
	return []mutant{
		{"an unknown key is opted out", "UnknownKey", shows(func(c *contact, state *store.State) {
			if len(c.records) == 0 {
				state.Status = store.OptedOut
			}
		})},
		{"an unknown key has no Key", "UnknownKey", shows(func(c *contact, state *store.State) {
			if len(c.records) == 0 {
				state.Key = store.Key{}
			}
		})},
		{"the record is not written", "AppendThenGet", func(s *naive) {
			s.lost = func([]store.Record, store.Record) bool { return true }
		}},
		{"a state changes by itself", "AppendThenGet", shows(func(c *contact, _ *store.State) {
			c.state.At = c.state.At.Add(time.Second)
		})},
		{"a consent is kept as an opt-in", "EveryAction", kept(func(_ store.Event, kept *store.Event) {
			if kept.Action == store.Consent {
				kept.Action = store.OptIn
			}
		})},
		{"a question is refused", "EveryAction", takes(func(ev store.Event) (store.Event, error) {
			if ev.Action == store.Ask {
				return ev, store.ErrInvalid
			}
			return ev.Normalize()
		})},
		{"an action that is new is kept as another", "EveryAction", set(func(_ store.Event, kept *store.Record) {
			kept.Action = min(kept.Action, store.Ask)
		})},
		{"the action of a state is that of its status", "EveryAction", shows(func(_ *contact, state *store.State) {
			if state.Status == store.OptedIn {
				state.Action = store.OptIn
			}
		})},
		{"Get remembers who was Unknown", "AnswersNow", func(s *naive) {
			unknown := map[store.Key]bool{}
			s.shown = func(_ *contact, state store.State) store.State {
				if unknown[state.Key] {
					return store.State{Key: state.Key}
				}
				unknown[state.Key] = state.Status == store.Unknown
				return state
			}
		}},
		{"GetBatch remembers who was Unknown", "AnswersNow", func(s *naive) {
			unknown := map[string]bool{}
			s.batch = func(numbers []string, states []store.State) []store.State {
				for i, number := range numbers {
					if unknown[number] {
						states[i] = store.State{Key: states[i].Key}
					}
					unknown[number] = unknown[number] || states[i].Status == store.Unknown
				}
				return states
			}
		}},
		{"GetBatch answers again what it has answered", "AnswersNow", func(s *naive) {
			cache := map[string]store.State{}
			s.batch = func(numbers []string, states []store.State) []store.State {
				for i, number := range numbers {
					if state, ok := cache[number]; ok && state.Status == store.OptedIn {
						states[i] = state
					}
					cache[number] = states[i]
				}
				return states
			}
		}},
		{"List remembers a page", "AnswersNow", func(s *naive) {
			cache := map[int][]store.State{}
			s.statePage = func(states []store.State) []store.State {
				if cache[len(states)] == nil {
					cache[len(states)] = slices.Clone(states)
				}
				return slices.Clone(cache[len(states)])
			}
		}},
		{"a long number is cut", "InvalidEvent", takes(func(ev store.Event) (store.Event, error) {
			ev.Key.Number = ev.Key.Number[:min(len(ev.Key.Number), store.MaxKeyLen)]
			return ev.Normalize()
		})},
		{"an event without an id is taken", "InvalidEvent", takes(func(ev store.Event) (store.Event, error) {
			if ev.ID == "" {
				ev.ID = "none"
			}
			return ev.Normalize()
		})},
		{"any action is taken", "InvalidEvent", takes(func(ev store.Event) (store.Event, error) {
			if ev.Action > store.Void {
				ev.Action = store.OptOut
			}
			return ev.Normalize()
		})},
		{"any key is read", "InvalidKey", anyKey},
		{"Prior is what is in force after the event", "SetByStore", func(s *naive) {
			s.finish = func(_ store.Event, kept store.Record) store.Record {
				if kept.Effective {
					kept.Prior = store.OptedOut
				}
				return kept
			}
		}},
		{"every event is Effective", "SetByStore", set(func(_ store.Event, kept *store.Record) { kept.Effective = true })},
		{"RecordedAt is the provider's time", "SetByStore", func(s *naive) {
			s.clock = func() time.Time { return time.Date(2024, time.May, 17, 10, 0, 0, 0, time.UTC) }
		}},
		{"RecordedAt is in another zone", "SetByStore", func(s *naive) {
			s.clock = func() time.Time { return time.Now().Add(time.Hour) }
		}},
	}
}

// cut plants a listing that answers in part when the context has ended.
func cut(page func(s *naive) *func([]store.Record) []store.Record) func(*naive) {
	return func(s *naive) {
		var ended bool
		s.alive = func(ctx context.Context) error {
			err := ctx.Err()
			ended = ctx.Err() != nil // as with rows.Err, not asked after the last row
			return err
		}
		*page(s) = func(records []store.Record) []store.Record {
			if ended {
				return nil
			}
			return slices.Clone(records)
		}
	}
}

func contextMutants() []mutant {
	return []mutant{
		{"a cancelled context is not looked at", "CancelledContext", deaf},
		{"a cancelled context writes, and fails", "CancelledContext", func(s *naive) {
			s.alive = func(context.Context) error { return nil }
			s.halfway = context.Context.Err
		}},
		{"half is written if the context is cancelled", "CancelledMidway", func(s *naive) { s.halfway = context.Context.Err }},
		{"half is written if the context is cancelled late", "CancelledMidway", func(s *naive) {
			s.halfway = func(ctx context.Context) error {
				for range 15 {
					if err := ctx.Err(); err != nil {
						return err
					}
				}
				return nil
			}
		}},
		{"half is written if the context ends", "CancelledByTime", func(s *naive) {
			s.halfway = func(ctx context.Context) error {
				if end, ok := ctx.Deadline(); ok && time.Until(end) < time.Second {
					<-ctx.Done() // as an Append does that takes its time
				}
				return ctx.Err()
			}
		}},
		{"a cut answer is taken for a whole one", "CancelledRead", cut(ofHistory)},
		{"Reviews takes a cut answer for a whole one", "CancelledRead", cut(ofReviews)},
		{"EventIDs takes a cut answer for a whole one", "CancelledRead", cut(ofIDs)},
	}
}

func processMutants() []mutant {
	return []mutant{
		{"the record is there before its state", "Atomic", func(s *naive) { s.halfway = yield(s) }},
		{"read, then written", "ConcurrentAppends", func(s *naive) { s.before = yield(s) }},
		{"an event is lost now and then", "ConcurrentAppends", func(s *naive) {
			s.lost = func(all []store.Record, _ store.Record) bool { return len(all) == 30 }
		}},
		{"a call panics", "ConcurrentCalls", func(s *naive) {
			s.limit = func(limit int) (int, error) {
				if limit == 50 {
					panic("planted")
				}
				return store.PageLimit(limit)
			}
		}},
		{"a process goes on from what it wrote last", "TwoProcesses", func(s *naive) {
			mine := map[store.Key][]store.Record{}
			s.read = func(c *contact) []store.Record {
				if len(c.records) == 0 {
					return nil
				}
				return mine[c.records[0].Key]
			}
			s.finish = func(_ store.Event, r store.Record) store.Record {
				mine[r.Key] = append(slices.Clip(mine[r.Key]), r)
				return r
			}
		}},
		{"a process knows its own ids only", "Reopened", func(s *naive) {
			mine := map[string]bool{}
			s.known = func(all []store.Record, place int, ev *store.Event) bool {
				return all[place].ID == ev.ID && mine[ev.ID]
			}
			s.finish = func(_ store.Event, r store.Record) store.Record {
				mine[r.ID] = true
				return r
			}
		}},
		{"a process reads what it has read before", "Reopened", func(s *naive) {
			cache := map[store.Key]store.State{}
			s.shown = func(_ *contact, state store.State) store.State {
				if before, ok := cache[state.Key]; ok && before.Status != store.Unknown {
					return before
				}
				cache[state.Key] = state
				return state
			}
			s.finish = func(_ store.Event, r store.Record) store.Record {
				delete(cache, r.Key) // its own writes it sees
				return r
			}
		}},
		{"what is written stays in the process", "Reopened", func(s *naive) {
			s.disk = &disk{contacts: map[store.Key]*contact{}}
		}},
	}
}
