package storetest_test

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"regexp"
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

// keyed plants a bug in what a key is stored under.
func keyed(change func(store.Key) store.Key) func(*naive) {
	return func(s *naive) { s.key = change }
}

// kept plants a bug in what is kept of a good event.
func kept(change func(given store.Event, kept *store.Event)) func(*naive) {
	return func(s *naive) {
		s.normalize = func(ev store.Event) (store.Event, error) {
			kept, err := ev.NormalizeAny()
			if err == nil {
				change(ev, &kept)
			}
			return kept, err
		}
	}
}

// ruled plants a bug in the rule: where it says so, the event wins or loses.
func ruled(when func(prev store.State, ev store.Event) bool, wins bool) func(*naive) {
	return func(s *naive) {
		s.next = func(prev store.State, ev store.Event) (store.State, bool) {
			switch {
			case prev.Status == store.Unknown || !when(prev, ev):
				return store.Next(prev, ev)
			case wins:
				return store.Next(store.State{}, ev)
			default:
				return prev, false
			}
		}
	}
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

func mutants() []mutant {
	return []mutant{
		{"an unknown key is opted out", "UnknownKey", func(s *naive) {
			s.valid = func(key store.Key) error {
				s.mu.Lock()
				defer s.mu.Unlock()
				if _, ok := s.states[key]; !ok {
					s.states[key] = store.State{Key: key, Status: store.OptedOut}
				}
				return key.Validate()
			}
		}},
		{"the event is not written", "AppendThenGet", func(s *naive) {
			s.lost = func([]store.Event, store.Event) bool { return true }
		}},
		{"a state changes by itself", "AppendThenGet", func(s *naive) {
			s.valid = func(key store.Key) error {
				s.mu.Lock()
				defer s.mu.Unlock()
				if state, ok := s.states[key]; ok {
					state.At = state.At.Add(time.Second)
					s.states[key] = state
				}
				return key.Validate()
			}
		}},
		{"a long number is cut", "InvalidEvent", func(s *naive) {
			s.normalize = func(ev store.Event) (store.Event, error) {
				ev.Key.Number = ev.Key.Number[:min(len(ev.Key.Number), store.MaxKeyLen)]
				return ev.NormalizeAny()
			}
		}},
		{"an event without an id is taken", "InvalidEvent", func(s *naive) {
			s.normalize = func(ev store.Event) (store.Event, error) {
				ev.ID = cmp.Or(ev.ID, "none")
				return ev.NormalizeAny()
			}
		}},
		{"any status is taken", "InvalidEvent", func(s *naive) {
			s.normalize = func(ev store.Event) (store.Event, error) {
				if ev.Status > store.OptedOut {
					ev.Status = store.OptedOut
				}
				return ev.NormalizeAny()
			}
		}},
		{"any key is read", "InvalidKey", func(s *naive) { s.valid = func(store.Key) error { return nil } }},
		{"the caller's Prior and Effective are kept", "SetByStore", func(s *naive) {
			s.finish = func(given, kept store.Event) store.Event {
				kept.Prior, kept.Effective = given.Prior, given.Effective
				return kept
			}
		}},
		{"the caller's RecordedAt is kept", "SetByStore", func(s *naive) {
			s.finish = func(given, kept store.Event) store.Event {
				if !given.RecordedAt.IsZero() {
					kept.RecordedAt = given.RecordedAt
				}
				return kept
			}
		}},

		{"duplicates are forgotten", "Duplicate", func(s *naive) {
			s.replay = func(store.State, store.Event, bool, bool) (bool, error) { return false, nil }
		}},
		{"a redelivered opt-in lifts an opt-out", "Duplicate", func(s *naive) {
			s.replay = func(now store.State, ev store.Event, same, other bool) (bool, error) {
				return same && (ev.Status != store.OptedIn || !ev.At.After(now.At)), nil
			}
		}},
		{"the event of a duplicate is the new one", "Duplicate", func(s *naive) {
			s.stored = func(ev, _ store.Event) store.Event { return ev }
		}},
		{"looked for, then written", "ConcurrentDuplicates", func(s *naive) { s.before = yield(s) }},
		{"a reused id swallows a newer opt-out", "ReusedIDNewerOptOut", func(s *naive) {
			s.replay = func(_ store.State, _ store.Event, same, _ bool) (bool, error) { return same, nil }
		}},
		{"a reused id swallows any opt-out", "ReusedIDOptOut", func(s *naive) {
			s.replay = func(_ store.State, ev store.Event, same, other bool) (bool, error) { return same || other, nil }
		}},
		{"a reused id lifts an opt-out", "ReusedIDOptIn", func(s *naive) {
			s.replay = func(now store.State, ev store.Event, same, _ bool) (bool, error) {
				return store.Replay(now, ev, same, false)
			}
		}},
		{"one id for two numbers", "IDPerKey", func(s *naive) {
			ids := map[string]store.Event{}
			s.replay = func(_ store.State, ev store.Event, _, _ bool) (bool, error) {
				first, same := ids[ev.ID]
				ids[ev.ID] = ev
				return same && first.Status == ev.Status, nil
			}
		}},
		{"ids are folded", "IDByteForByte", func(s *naive) {
			s.known = func(stored, ev store.Event) bool { return strings.EqualFold(stored.ID, ev.ID) }
		}},

		{"the last arrival wins", "NewerWins", ruled(func(store.State, store.Event) bool { return true }, true)},
		{"the first arrival wins", "NewerWins", ruled(func(store.State, store.Event) bool { return true }, false)},
		{"an opt-in wins a tie", "TieIsOptOut", ruled(func(prev store.State, ev store.Event) bool {
			return ev.Status == store.OptedIn && prev.Status == store.OptedOut && ev.At.Equal(prev.At)
		}, true)},
		{"ties are ignored", "TieIsOptOut", ruled(func(prev store.State, ev store.Event) bool {
			return ev.At.Equal(prev.At)
		}, false)},
		{"an opt-out without a time loses", "MissingTime", ruled(func(_ store.State, ev store.Event) bool {
			return ev.Status == store.OptedOut && ev.At.IsZero()
		}, false)},
		{"a receipt is not looked at", "UndatedOptOut", ruled(func(prev store.State, ev store.Event) bool {
			return ev.Source == store.SourceKeyword && prev.At.IsZero()
		}, true)},
		{"an agent's opt-in lifts an opt-out", "OthersOptIn", ruled(func(_ store.State, ev store.Event) bool {
			return ev.Source == store.SourceAgent
		}, true)},
		{"an agent's opt-in beats an earlier opt-out", "OthersOptInReplaced", ruled(func(prev store.State, ev store.Event) bool {
			return prev.Source == store.SourceAgent && prev.Status == store.OptedIn && ev.At.Before(prev.At)
		}, false)},
		{"an event without effect is lost", "LoserStays", func(s *naive) {
			s.lost = func(_ []store.Event, ev store.Event) bool { return !ev.Effective }
		}},
		{"the status depends on the order of arrival", "EveryOrder", ruled(func(prev store.State, ev store.Event) bool {
			return ev.Status == prev.Status // At does not move
		}, false)},
		{"an opt-out that the contact did not text is not applied", "RandomEvents", ruled(func(prev store.State, ev store.Event) bool {
			return ev.Status == store.OptedOut && ev.Source != store.SourceKeyword
		}, false)},

		{"case is folded", "KeyByteForByte", keyed(func(k store.Key) store.Key {
			return store.Key{Account: k.Account, Number: strings.ToLower(k.Number)}
		})},
		{"case of the account is folded", "KeyByteForByte", keyed(func(k store.Key) store.Key {
			return store.Key{Account: strings.ToLower(k.Account), Number: k.Number}
		})},
		{"trailing blanks are cut", "KeyByteForByte", keyed(func(k store.Key) store.Key {
			return store.Key{Account: k.Account, Number: strings.TrimRight(k.Number, " ")}
		})},
		{"accents are folded", "KeyByteForByte", keyed(func(k store.Key) store.Key {
			return store.Key{Account: k.Account, Number: strings.ReplaceAll(k.Number, "e\u0301", "é")}
		})},
		{"characters of four bytes are one", "KeyByteForByte", keyed(func(k store.Key) store.Key {
			return store.Key{Account: k.Account, Number: strings.Map(func(r rune) rune { return min(r, 0x10000) }, k.Number)}
		})},
		{"account and number are joined", "KeySplit", keyed(func(k store.Key) store.Key {
			return store.Key{Number: k.Account + ":" + k.Number}
		})},
		{"a key is cut at 250 bytes", "KeyLength", keyed(func(k store.Key) store.Key {
			return store.Key{Account: k.Account, Number: k.Number[:min(len(k.Number), 250)]}
		})},
		{"a key of 255 bytes is refused", "KeyLength", func(s *naive) {
			s.valid = func(k store.Key) error {
				if len(k.Account) == store.MaxKeyLen {
					return store.ErrInvalid
				}
				return k.Validate()
			}
		}},
		{"accounts are one", "Accounts", keyed(func(k store.Key) store.Key { return store.Key{Number: k.Number} })},
		{"accounts are one in List", "Accounts", func(s *naive) {
			s.filter = func(store.State, store.ListQuery) bool { return true }
		}},

		{"microseconds are dropped", "Times", kept(func(_ store.Event, kept *store.Event) {
			kept.At = kept.At.Truncate(time.Millisecond)
		})},
		{"the zone is dropped", "Times", kept(func(given store.Event, kept *store.Event) {
			at := given.At.Truncate(store.Precision)
			_, offset := at.Zone()
			if !at.IsZero() {
				kept.At = at.Add(time.Duration(offset) * time.Second)
			}
		})},
		{"the epoch is no time", "Times", kept(func(_ store.Event, kept *store.Event) {
			if kept.At.Unix() == 0 && kept.At.Nanosecond() == 0 {
				kept.At = time.Time{}
			}
		})},
		{"times are nanoseconds", "Times", kept(func(_ store.Event, kept *store.Event) {
			if !kept.At.IsZero() {
				kept.At = time.Unix(0, kept.At.UnixNano())
			}
		})},
		{"ReceivedAt is not kept", "Times", kept(func(_ store.Event, kept *store.Event) { kept.ReceivedAt = time.Time{} })},
		{"times are compared before they are cut", "TimesToMicrosecond", func(s *naive) {
			s.normalize = func(ev store.Event) (store.Event, error) {
				kept, err := ev.NormalizeAny()
				kept.At = ev.At
				return kept, err
			}
			s.finish = func(_, kept store.Event) store.Event {
				kept.At = kept.At.Truncate(store.Precision)
				return kept
			}
		}},
		{"evidence is made UTF-8", "Evidence", kept(func(_ store.Event, kept *store.Event) {
			kept.Note = strings.ToValidUTF8(kept.Note, "\ufffd")
		})},
		{"evidence ends at a NUL", "Evidence", kept(func(_ store.Event, kept *store.Event) {
			kept.Text, _, _ = strings.Cut(kept.Text, "\x00")
		})},
		{"evidence is trimmed", "Evidence", kept(func(_ store.Event, kept *store.Event) {
			kept.Actor = strings.TrimSpace(kept.Actor)
		})},
		{"evidence is cut", "Evidence", kept(func(_ store.Event, kept *store.Event) {
			kept.From = kept.From[:min(len(kept.From), 255)]
		})},
		{"two columns are swapped", "Evidence", kept(func(_ store.Event, kept *store.Event) {
			kept.From, kept.To = kept.To, kept.From
		})},
		{"a long text is cut without a mark", "LongText", kept(func(given store.Event, kept *store.Event) {
			kept.Text = given.Text[:min(len(given.Text), store.MaxTextLen)]
		})},
		{"a long text is kept", "LongText", kept(func(given store.Event, kept *store.Event) { kept.Text = given.Text })},

		{"a cancelled context is not looked at", "CancelledContext", func(s *naive) {
			s.alive = func(context.Context) error { return nil }
		}},
		{"a cancelled context writes, and fails", "CancelledContext", func(s *naive) {
			s.alive = func(context.Context) error { return nil }
			s.halfway = context.Context.Err
			s.before = func(context.Context) error { return nil }
		}},
		{"half is written where the context is cancelled", "CancelledMidway", func(s *naive) { s.halfway = context.Context.Err }},
		{"half is written where the context is cancelled late", "CancelledMidway", func(s *naive) {
			s.halfway = func(ctx context.Context) error {
				for range 15 {
					if err := ctx.Err(); err != nil {
						return err
					}
				}
				return nil
			}
		}},
		{"half is written where the context ends", "CancelledByTime", func(s *naive) {
			s.halfway = func(ctx context.Context) error {
				time.Sleep(time.Millisecond)
				return ctx.Err()
			}
		}},

		{"a cut answer is taken for a whole one", "CancelledRead", func(s *naive) {
			var cut bool
			s.alive = func(ctx context.Context) error {
				err := ctx.Err()
				cut = ctx.Err() != nil // as with rows.Err, not asked after the last row
				return err
			}
			s.page = func(events []store.Event) []store.Event {
				if cut {
					return nil
				}
				return slices.Clone(events)
			}
		}},

		{"the event is there before its state", "Atomic", func(s *naive) { s.halfway = yield(s) }},
		{"read, then written", "ConcurrentAppends", func(s *naive) { s.before = yield(s) }},
		{"an event is lost now and then", "ConcurrentAppends", func(s *naive) {
			s.lost = func(all []store.Event, _ store.Event) bool { return len(all) == 30 }
		}},
		{"a call panics", "ConcurrentCalls", func(s *naive) {
			s.limit = func(limit int) (int, error) {
				if limit == 50 {
					panic("planted")
				}
				return store.PageLimit(limit)
			}
		}},

		{"the newest comes first", "HistoryOrder", func(s *naive) {
			s.page = func(events []store.Event) []store.Event {
				events = slices.Clone(events)
				slices.Reverse(events)
				return events
			}
		}},
		{"the second event is lost", "HistoryOrder", func(s *naive) {
			s.lost = func(all []store.Event, _ store.Event) bool { return len(all) == 1 }
		}},
		{"the order is by the provider's time", "HistoryOrder", func(s *naive) {
			s.page = func(events []store.Event) []store.Event {
				events = slices.Clone(events)
				slices.SortStableFunc(events, func(a, b store.Event) int { return a.At.Compare(b.At) })
				return events
			}
		}},
		{"the limit is ignored", "HistoryLimit", func(s *naive) {
			s.limit = func(int) (int, error) { return 10_000, nil }
		}},
		{"a negative limit is taken", "HistoryLimit", func(s *naive) {
			s.limit = func(limit int) (int, error) { return store.PageLimit(max(limit, 0)) }
		}},
		{"there is no largest page", "HistoryThousand", func(s *naive) {
			s.limit = func(limit int) (int, error) { return cmp.Or(limit, store.DefaultLimit), nil }
		}},
		{"pages overlap", "HistoryLimit", func(s *naive) {
			s.open = func(c store.Cursor, query string) (int, error) {
				place, err := openCursor(c, query)
				return max(0, place-1), err
			}
			s.limit = func(limit int) (int, error) {
				limit, err := store.PageLimit(limit)
				return max(limit, 2), err
			}
		}},
		{"a page is counted from the end", "HistoryStable", func(s *naive) {
			s.open = func(c store.Cursor, query string) (int, error) {
				place, err := openCursor(c, query)
				for _, events := range s.events {
					if place > 0 && len(events) > 10 {
						place += len(events) - 10
					}
				}
				return place, err
			}
		}},
		{"an event shows up after a later one", "HistoryConcurrent", func(s *naive) {
			var pages int
			s.page = func(events []store.Event) []store.Event {
				events = slices.Clone(events)
				if pages++; pages%5 == 0 && len(events) > 1 {
					return slices.Delete(events, 0, 1)
				}
				return events
			}
		}},
		{"a foreign cursor is taken", "HistoryCursor", func(s *naive) {
			s.open = func(c store.Cursor, query string) (int, error) {
				place, err := openCursor(c, query)
				if well := regexp.MustCompile(`^\d-[0-9a-f]{8}$`); err != nil && well.MatchString(string(c)) {
					return int(c[0] - '0'), nil
				}
				return place, err
			}
		}},
		{"a broken cursor is the first page", "HistoryCursor", func(s *naive) {
			s.open = func(c store.Cursor, query string) (int, error) {
				place, err := openCursor(c, query)
				if err != nil {
					return 0, nil
				}
				return place, nil
			}
		}},
		{"a page is the store's own slice", "HistorySlice", func(s *naive) {
			s.page = func(events []store.Event) []store.Event { return events }
		}},

		{"GetBatch sorts", "BatchEqualsGets", func(s *naive) {
			s.batch = func(_ []string, states []store.State) []store.State {
				slices.SortFunc(states, func(a, b store.State) int { return strings.Compare(a.Key.Number, b.Key.Number) })
				return states
			}
		}},
		{"GetBatch drops duplicates", "BatchEqualsGets", func(s *naive) {
			s.batch = func(_ []string, states []store.State) []store.State { return slices.Compact(states) }
		}},
		{"GetBatch leaves out the unknown", "BatchEqualsGets", func(s *naive) {
			s.batch = func(_ []string, states []store.State) []store.State {
				return slices.DeleteFunc(states, func(state store.State) bool { return state.Status == store.Unknown })
			}
		}},
		{"GetBatch ends at 1,000", "BatchEqualsGets", func(s *naive) {
			s.batch = func(_ []string, states []store.State) []store.State {
				for i := 1_000; i < len(states); i++ {
					states[i] = store.State{Key: states[i].Key}
				}
				return states
			}
		}},
		{"GetBatch takes any key", "BatchInvalid", func(s *naive) { s.valid = func(store.Key) error { return nil } }},
		{"GetBatch does not look at the context", "BatchCancelled", func(s *naive) {
			s.alive = func(context.Context) error { return nil }
		}},
		{"ReadBatch leaves what was there of a number that was never seen", "ReadBatchEqualsGets", func(s *naive) {
			s.into = func(got, states []store.State) {
				for i := range got {
					if got[i].Status != store.Unknown {
						states[i] = got[i]
					}
				}
			}
		}},
		{"ReadBatch answers for a store that embeds it", "ReadBatchEqualsGets", func(s *naive) { s.bypassed = true }},
		{"GetBatch remembers its argument", "BatchSlice", func(s *naive) {
			cache := map[*string][]store.State{}
			s.batch = func(numbers []string, states []store.State) []store.State {
				if len(numbers) == 0 {
					return states
				}
				if cached, ok := cache[&numbers[0]]; ok {
					return slices.Clone(cached)
				}
				cache[&numbers[0]] = slices.Clone(states)
				return states
			}
		}},
		{"GetBatch writes to its argument", "BatchSlice", func(s *naive) {
			s.batch = func(numbers []string, states []store.State) []store.State {
				slices.Reverse(numbers)
				return states
			}
		}},

		{"List ignores the status", "ListEqualsGets", func(s *naive) {
			s.filter = func(state store.State, q store.ListQuery) bool { return state.Key.Account == q.Account }
		}},
		{"List folds case in its order", "ListEqualsGets", func(s *naive) {
			s.order = func(a, b string) int {
				return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(a, b))
			}
		}},
		{"List takes any account", "ListInvalid", func(s *naive) { s.valid = func(store.Key) error { return nil } }},
		{"List does not look at the context", "ListCancelled", func(s *naive) {
			s.alive = func(context.Context) error { return nil }
		}},
		{"List skips the first of a page", "ListLimit", func(s *naive) {
			s.statePage = func(states []store.State) []store.State { return slices.Clone(states[min(1, len(states)):]) }
		}},
		{"List has no largest page", "ListThousand", func(s *naive) {
			s.limit = func(limit int) (int, error) { return cmp.Or(limit, store.DefaultLimit), nil }
		}},
		{"List goes on by the place", "ListStable", func(s *naive) { s.byPlace = true }},
		{"List takes the cursor of another status", "ListCursor", func(s *naive) {
			s.open = func(c store.Cursor, query string) (int, error) {
				for _, status := range []store.Status{store.Unknown, store.OptedIn, store.OptedOut} {
					parts := strings.Split(query, "\x00")
					parts[2] = status.String()
					if _, err := openCursor(c, strings.Join(parts, "\x00")); err == nil {
						return 0, nil
					}
				}
				return 0, store.ErrBadCursor
			}
		}},
		{"a page of List is the store's own slice", "ListSlice", func(s *naive) {
			cache := map[int][]store.State{}
			s.statePage = func(states []store.State) []store.State {
				if page, ok := cache[len(states)]; ok {
					return page
				}
				cache[len(states)] = states
				return states
			}
		}},
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
	for _, m := range slices.Concat(mutants(), reviewMutants()) {
		t.Run(m.found+"/"+m.bug, func(t *testing.T) {
			err := storetest.Check(func() store.Store {
				s := newNaive()
				m.plant(s)
				return s
			}, only(m.found))
			require.ErrorContains(t, err, m.found+": "+promises[m.found]+": ")
			t.Log(err)
		})
	}
}

// TestEveryCaseFindsAPlantedBug keeps the table whole.
func TestEveryCaseFindsAPlantedBug(t *testing.T) {
	found := map[string]bool{"CheckerReady": true} // by TestAStoreThatIsNotReadyFails
	for _, m := range slices.Concat(mutants(), reviewMutants()) {
		found[m.found] = true
	}
	for name := range storetest.Cases() {
		require.True(t, found[name], "no planted bug for %s", name)
	}
}

// unready serves, and says that it does not.
type unready struct{ *naive }

func (unready) Check(context.Context) error { return errors.New("not ready") }

func TestAStoreThatIsNotReadyFails(t *testing.T) {
	err := storetest.Check(func() store.Store { return unready{newNaive()} }, only("CheckerReady"))
	require.EqualError(t, err, "CheckerReady: Check of a store that serves is nil: Check: not ready")
}

func TestCheckJoinsOneErrorACase(t *testing.T) {
	s := func() store.Store {
		s := newNaive()
		s.key = func(k store.Key) store.Key { return store.Key{Account: k.Account, Number: strings.ToLower(k.Number)} }
		s.page = func(events []store.Event) []store.Event { return events }
		return s
	}
	err := storetest.Check(s, nil)
	require.ErrorContains(t, err, "KeyByteForByte: ")
	require.ErrorContains(t, err, "HistorySlice: ")
	var joined interface{ Unwrap() []error }
	require.ErrorAs(t, err, &joined)
	for _, err := range joined.Unwrap() {
		name, _, _ := strings.Cut(err.Error(), ": ")
		require.Contains(t, []string{"KeyByteForByte", "HistorySlice", "BatchEqualsGets", "ReadBatchEqualsGets", "BatchSlice", "ListEqualsGets"}, name)
	}
}
