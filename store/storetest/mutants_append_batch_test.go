package storetest_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// appends plants a bug in AppendBatch, beside the right one.
func appends(wrong func(s *naive, right appendAll) appendAll) func(*naive) {
	return func(s *naive) { s.appendAll = wrong(s, s.appendAll) }
}

type appendAll = func(context.Context, []store.Event) ([]store.Result, error)

// given plants a bug in which events AppendBatch takes, and in which order.
func given(change func(events []store.Event) []store.Event) func(*naive) {
	return appends(func(_ *naive, right appendAll) appendAll {
		return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
			return right(ctx, change(slices.Clone(events)))
		}
	})
}

// answers plants a bug in what AppendBatch answers.
func answers(change func(results []store.Result) ([]store.Result, error)) func(*naive) {
	return appends(func(_ *naive, right appendAll) appendAll {
		return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
			results, err := right(ctx, events)
			if err == nil {
				results, err = change(results)
			}
			return results, err
		}
	})
}

// sorted plants an AppendBatch that applies the events in another order, and answers in the
// right one.
func sorted(order func(a, b store.Event) int) func(*naive) {
	return appends(func(_ *naive, right appendAll) appendAll {
		return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
			places := make([]int, len(events))
			for i := range places {
				places[i] = i
			}
			slices.SortStableFunc(places, func(a, b int) int { return order(events[a], events[b]) })
			inOrder := make([]store.Event, len(events))
			for i, place := range places {
				inOrder[i] = events[place]
			}
			answers, err := right(ctx, inOrder)
			if err != nil {
				return nil, err
			}
			results := make([]store.Result, len(events))
			for i, place := range places {
				results[place] = answers[i]
			}
			return results, nil
		}
	})
}

// oneByOne plants an AppendBatch in which each event has a transaction of its own.
func oneByOne(s *naive) {
	s.appendAll = func(ctx context.Context, events []store.Event) ([]store.Result, error) {
		return store.AppendBatch(ctx, bare{s}, events)
	}
}

// inParts plants an AppendBatch that has a transaction for each so many events.
func inParts(size int) func(*naive) {
	return appends(func(_ *naive, right appendAll) appendAll {
		return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
			if len(events) == 0 {
				return right(ctx, events)
			}
			var all []store.Result
			for part := range slices.Chunk(events, size) {
				results, err := right(ctx, part)
				if err != nil {
					return nil, err
				}
				all = append(all, results...)
				time.Sleep(time.Millisecond)
			}
			return all, nil
		}
	})
}

func appendBatchEnds(at int) func(*naive) {
	return answersOf(func(events []store.Event) []store.Event { return events[:min(len(events), at)] })
}

// answersOf plants an AppendBatch that leaves events out at the end, and answers as if they
// were there.
func answersOf(kept func(events []store.Event) []store.Event) func(*naive) {
	return appends(func(_ *naive, right appendAll) appendAll {
		return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
			results, err := right(ctx, kept(events))
			for i := len(results); err == nil && i < len(events); i++ {
				results = append(results, store.Result{Record: store.Record{Event: events[i]}, State: store.State{Key: events[i].Key}})
			}
			return results, err
		}
	})
}

// locksInTurn plants an AppendBatch that locks the keys as they come: two that have the
// same keys in opposite order wait for each other, until one gives up.
func locksInTurn(s *naive) {
	var mu sync.Mutex
	locks := map[store.Key]chan struct{}{}
	lock := func(key store.Key) chan struct{} {
		mu.Lock()
		defer mu.Unlock()
		if locks[key] == nil {
			locks[key] = make(chan struct{}, 1)
		}
		return locks[key]
	}
	right := s.appendAll
	s.appendAll = func(ctx context.Context, events []store.Event) ([]store.Result, error) {
		mine := map[store.Key]bool{}
		defer func() {
			for key := range mine {
				<-lock(key)
			}
		}()
		for _, ev := range events {
			if mine[ev.Key] {
				continue
			}
			select {
			case lock(ev.Key) <- struct{}{}:
				mine[ev.Key] = true
				runtime.Gosched()
			case <-time.After(200 * time.Millisecond):
				return nil, errors.New("a deadlock")
			}
		}
		return right(ctx, events)
	}
}

func appendBatchMutants() []mutant {
	return []mutant{
		{"AppendBatch answers in the order of the keys", "AppendBatchEqualsAppends", given(func(events []store.Event) []store.Event {
			slices.SortStableFunc(events, func(a, b store.Event) int { return strings.Compare(a.Key.Number, b.Key.Number) })
			return events
		})},
		{"AppendBatch answers with the last state", "AppendBatchEqualsAppends", answers(func(results []store.Result) ([]store.Result, error) {
			last := map[store.Key]store.State{}
			for _, res := range results {
				last[res.State.Key] = res.State
			}
			for i := range results {
				results[i].State = last[results[i].State.Key]
			}
			return results, nil
		})},
		{"AppendBatch omits what has no effect", "AppendBatchEqualsAppends", answers(func(results []store.Result) ([]store.Result, error) {
			return slices.DeleteFunc(results, func(res store.Result) bool { return !res.Record.Effective }), nil
		})},
		{"AppendBatch knows one account", "AppendBatchEqualsAppends", given(func(events []store.Event) []store.Event {
			for i := range events {
				events[i].Key.Account = events[0].Key.Account
			}
			return events
		})},
		{"AppendBatch sorts by time", "AppendBatchOrder", sorted(func(a, b store.Event) int { return a.At.Compare(b.At) })},
		{"AppendBatch sorts by id", "AppendBatchOrder", sorted(func(a, b store.Event) int { return strings.Compare(a.ID, b.ID) })},
		{"AppendBatch has opt-outs last", "AppendBatchOrder", sorted(func(a, b store.Event) int { return int(b.Action) - int(a.Action) })},
		{"AppendBatch of nothing fails", "AppendBatchSize", appends(func(_ *naive, right appendAll) appendAll {
			return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
				if len(events) == 0 {
					return nil, errors.New("no rows")
				}
				return right(ctx, events)
			}
		})},
		{"AppendBatch ends at 1,000", "AppendBatchSize", appendBatchEnds(1_000)},
		{"AppendBatch ends at 2,499", "AppendBatchSize", appendBatchEnds(2_499)},
		{"AppendBatch drops the first after 500", "AppendBatchSize", appends(func(s *naive, right appendAll) appendAll {
			return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
				results, err := right(ctx, events)
				if err == nil && len(events) > 500 {
					delete(s.contacts, events[500].Key)
				}
				return results, err
			}
		})},
		{"AppendBatch takes one event of each id", "AppendBatchDuplicate", given(func(events []store.Event) []store.Event {
			seen := map[string]bool{}
			return slices.DeleteFunc(events, func(ev store.Event) bool {
				again := seen[ev.ID]
				seen[ev.ID] = true
				return again
			})
		})},
		{"AppendBatch looks for ids before it begins", "AppendBatchDuplicate", appends(func(s *naive, right appendAll) appendAll {
			return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
				stored := map[string]bool{}
				for _, c := range s.contacts {
					for _, r := range c.records {
						stored[r.Key.Number+r.ID] = true
					}
				}
				known := s.known
				s.known = func(all []store.Record, place int, ev *store.Event) bool {
					return stored[ev.Key.Number+ev.ID] && known(all, place, ev)
				}
				defer func() { s.known = known }()
				return right(ctx, events)
			}
		})},
		{"AppendBatch sets no Duplicate", "AppendBatchDuplicate", answers(func(results []store.Result) ([]store.Result, error) {
			for i := range results {
				results[i].Duplicate = false
			}
			return results, nil
		})},
		{"AppendBatch fails where an event is refused", "AppendBatchRefused", answers(func(results []store.Result) ([]store.Result, error) {
			for _, res := range results {
				if res.Err != nil {
					return nil, res.Err
				}
			}
			return results, nil
		})},
		{"AppendBatch ends where an event is refused", "AppendBatchRefused", appends(func(s *naive, right appendAll) appendAll {
			return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
				for i := range events {
					results, err := right(ctx, events[i:i+1])
					if err == nil && results[0].Err != nil {
						return append(make([]store.Result, i), append(results, make([]store.Result, len(events)-i-1)...)...), nil
					}
				}
				return right(ctx, events)
			}
		})},
		{"AppendBatch applies what Append refuses", "AppendBatchRefused", func(s *naive) {
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				stored, duplicate, err := store.Replay(ev, same)
				if errors.Is(err, store.ErrIDReused) {
					err = nil
				}
				return stored, duplicate, err
			}
		}},
		{"AppendBatch stores what comes before a bad event", "AppendBatchInvalid", func(s *naive) {
			s.appendAll = func(ctx context.Context, events []store.Event) (results []store.Result, err error) {
				for _, ev := range events {
					result, err := s.Append(ctx, ev)
					if err != nil {
						return nil, err
					}
					results = append(results, result)
				}
				return results, nil
			}
		}},
		{"AppendBatch leaves out a bad event", "AppendBatchInvalid", appends(func(_ *naive, right appendAll) appendAll {
			return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
				return right(ctx, slices.DeleteFunc(slices.Clone(events), func(ev store.Event) bool { return ev.Key.Validate() != nil }))
			}
		})},
		{"AppendBatch stores the rest beside a review of nothing", "AppendBatchInvalid", oneByOne},
		{"AppendBatch is one by one", "AppendBatchAtomic", inParts(1)},
		{"AppendBatch has a transaction for each five events", "AppendBatchAtomic", inParts(5)},
		{"AppendBatch does not look at the context", "AppendBatchCancelled", deaf},
		{"AppendBatch of nothing does not look at the context", "AppendBatchCancelled", appends(func(_ *naive, right appendAll) appendAll {
			return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
				if len(events) == 0 {
					return nil, nil
				}
				return right(ctx, events)
			}
		})},
		{"AppendBatch ends where its context ends", "AppendBatchMidway", oneByOne},
		{"AppendBatch looks at the context between two transactions", "AppendBatchMidway", inParts(3)},
		{"AppendBatch locks the keys as they come", "AppendBatchConcurrent", locksInTurn},
		{"AppendBatch reads, then writes", "AppendBatchConcurrent", func(s *naive) { s.before = yield(s) }},
		{"AppendBatch keeps the slice of events", "AppendBatchSlice", appends(func(s *naive, right appendAll) appendAll {
			return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
				results, err := right(ctx, events)
				first := events
				s.page = func(records []store.Record) []store.Record {
					records = slices.Clone(records)
					if len(first) > 0 {
						records[0].Event = first[0] // not yet written
					}
					return records
				}
				return results, err
			}
		})},
		{"AppendBatch sorts its argument", "AppendBatchSlice", appends(func(_ *naive, right appendAll) appendAll {
			return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
				results, err := right(ctx, events)
				slices.SortFunc(events, func(a, b store.Event) int { return strings.Compare(a.Key.Number, b.Key.Number) })
				return results, err
			}
		})},
		{"AppendBatch answers with the slice of the last call", "AppendBatchSlice", func() func(*naive) {
			return appends(func(_ *naive, right appendAll) appendAll {
				var last []store.Result
				return func(ctx context.Context, events []store.Event) ([]store.Result, error) {
					results, err := right(ctx, events)
					if len(last) > 0 && len(last) == len(results) {
						return last, err
					}
					last = results
					return results, err
				}
			})
		}()},
	}
}
