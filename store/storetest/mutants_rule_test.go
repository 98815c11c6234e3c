package storetest_test

import (
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func duplicateMutants() []mutant {
	// swallows compares fewer fields than Replay does.
	swallows := func(same func(ev store.Event, old store.Record) bool) func(*naive) {
		return func(s *naive) {
			s.replay = func(ev store.Event, stored []store.Record) (store.Record, bool, error) {
				for _, old := range stored {
					if old.Action == ev.Action && (ev.Action == store.OptOut || ev.Action == store.Hold) && same(ev, old) {
						return old, true, nil
					}
				}
				return store.Replay(ev, stored)
			}
		}
	}
	// except is Replay without duplicates of some events.
	except := func(action store.Action, when func(store.Event, []store.Record) bool) func(*naive) {
		return func(s *naive) {
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				if ev.Action == action && when(ev, same) {
					return store.Record{}, false, nil
				}
				return store.Replay(ev, same)
			}
		}
	}
	always := func(store.Event, []store.Record) bool { return true }
	return []mutant{
		{"duplicates are forgotten", "Duplicate", func(s *naive) {
			s.replay = func(store.Event, []store.Record) (store.Record, bool, error) { return store.Record{}, false, nil }
		}},
		{"a redelivered opt-in lifts an opt-out", "Duplicate", except(store.OptIn, func(ev store.Event, same []store.Record) bool {
			return len(same) > 0 && ev.At.After(same[0].At)
		})},
		{"the record of a duplicate is the new one", "Duplicate", func(s *naive) {
			s.stored = func(ev store.Event, found store.Record) store.Record {
				found.Event = ev
				return found
			}
		}},
		{"a redelivery with another receipt is new", "Duplicate", except(store.OptOut, func(ev store.Event, same []store.Record) bool {
			return !slices.ContainsFunc(same, func(r store.Record) bool { return r.ReceivedAt.Equal(ev.ReceivedAt) })
		})},
		{"a hold is recorded each time it is delivered", "DuplicateReview", except(store.Hold, always)},
		{"a release is recorded each time", "DuplicateReview", except(store.Release, always)},
		{"an uphold is recorded each time", "DuplicateReview", except(store.Uphold, always)},
		{"a question is recorded each time", "DuplicateReview", except(store.Ask, always)},
		{"a hold that was released holds again", "DuplicateReview", except(store.Hold, func(_ store.Event, same []store.Record) bool {
			return after(same, store.Release)
		})},
		{"an id is forgotten after 100 more events", "DuplicateLater", forgets(100)},
		{"ids are looked for among the first 64", "DuplicateLater", func(s *naive) {
			s.known = func(all []store.Record, place int, ev *store.Event) bool {
				return all[place].ID == ev.ID && (len(all) < 64 || place > 0)
			}
		}},
		{"looked for, then written", "ConcurrentDuplicates", func(s *naive) { s.before = yield(s) }},

		{"a used id swallows an opt-out of another time", "ReusedID", swallows(func(ev store.Event, old store.Record) bool {
			return ev.Source == old.Source && ev.Text == old.Text
		})},
		{"a used id swallows an opt-out in other words", "ReusedID", swallows(func(ev store.Event, old store.Record) bool {
			return ev.Source == old.Source && ev.At.Equal(old.At)
		})},
		{"a used id swallows an opt-out from elsewhere", "ReusedID", swallows(func(ev store.Event, old store.Record) bool {
			return ev.At.Equal(old.At) && ev.Text == old.Text
		})},
		{"a used id swallows an opt-out of another sender", "ReusedID", swallows(func(ev store.Event, old store.Record) bool {
			return ev.Source == old.Source && ev.At.Equal(old.At) && ev.Text == old.Text && ev.ReceivedAt.Equal(old.ReceivedAt)
		})},
		{"a used id swallows an opt-out of the same second", "ReusedID", swallows(func(ev store.Event, old store.Record) bool {
			return ev.Source == old.Source && ev.At.Truncate(time.Second).Equal(old.At.Truncate(time.Second)) && ev.Text == old.Text
		})},
		{"a used id swallows an opt-out that differs in case", "ReusedID", swallows(func(ev store.Event, old store.Record) bool {
			return ev.Source == old.Source && ev.At.Equal(old.At) && strings.EqualFold(ev.Text, old.Text)
		})},
		{"a used id swallows a hold", "ReusedID", swallows(func(ev store.Event, _ store.Record) bool { return ev.Action == store.Hold })},
		{"a time is compared before it is cut", "SameAsStored", func(s *naive) {
			kept(func(given store.Event, kept *store.Event) { kept.At = given.At })(s)
			set(func(_ store.Event, kept *store.Record) { kept.At = kept.At.Truncate(store.Precision).UTC() })(s)
		}},
		{"a text is compared before it is cut", "SameAsStored", func(s *naive) {
			var given store.Event
			s.normalize = func(ev store.Event) (store.Event, error) {
				given = ev
				return ev.Normalize()
			}
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				ev.Text = given.Text
				return store.Replay(ev, same)
			}
		}},
		{"an undated redelivery after 73 hours is swallowed", "UndatedAgain", swallows(func(ev store.Event, old store.Record) bool {
			return ev.Source == old.Source && ev.At.Equal(old.At) && ev.Text == old.Text
		})},
		{"an undated redelivery is always new", "UndatedAgain", except(store.OptOut, func(ev store.Event, same []store.Record) bool {
			return ev.At.IsZero() && !slices.ContainsFunc(same, func(r store.Record) bool { return r.ReceivedAt.Equal(ev.ReceivedAt) })
		})},
		{"a redelivery after 24 hours is new", "UndatedAgain", except(store.Hold, func(ev store.Event, same []store.Record) bool {
			return !ev.ReceivedAt.IsZero() && !slices.ContainsFunc(same, func(r store.Record) bool {
				return ev.ReceivedAt.Sub(r.ReceivedAt).Abs() < 24*time.Hour
			})
		})},
		{"a dated redelivery after 72 hours is new", "UndatedAgain", except(store.OptOut, func(ev store.Event, same []store.Record) bool {
			return !slices.ContainsFunc(same, func(r store.Record) bool { return ev.ReceivedAt.Sub(r.ReceivedAt) <= 72*time.Hour })
		})},
		{"a used id swallows any opt-out", "ReusedIDOptOut", func(s *naive) {
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				if ev.Action == store.OptOut && len(same) > 0 {
					return same[0], true, nil
				}
				return store.Replay(ev, same)
			}
		}},
		{"an opt-out with the id of an opt-in is refused", "ReusedIDOptOut", func(s *naive) {
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				if ev.Action == store.OptOut && after(same, store.OptIn) {
					return store.Record{}, false, store.ErrIDReused
				}
				return store.Replay(ev, same)
			}
		}},
		{"a used id lifts an opt-out", "ReusedIDOptIn", func(s *naive) {
			s.known = func(all []store.Record, place int, ev *store.Event) bool {
				return all[place].ID == ev.ID && all[place].Action == ev.Action
			}
		}},
		{"a consent takes a used id", "ReusedIDOptIn", except(store.Consent, func(_ store.Event, same []store.Record) bool {
			return !after(same, store.Consent)
		})},
		{"one id for two numbers", "IDPerKey", func(s *naive) {
			s.known = func([]store.Record, int, *store.Event) bool { return false }
			ids := map[string]store.Record{}
			s.replay = func(ev store.Event, _ []store.Record) (store.Record, bool, error) {
				first, same := ids[ev.ID]
				if !same {
					ids[ev.ID] = store.Record{Event: ev}
				}
				return first, same && first.Action == ev.Action, nil
			}
		}},
		{"ids are folded", "IDByteForByte", func(s *naive) {
			s.known = func(all []store.Record, place int, ev *store.Event) bool {
				return strings.EqualFold(all[place].ID, ev.ID)
			}
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				if len(same) > 0 {
					return same[0], true, nil
				}
				return store.Record{}, false, nil
			}
		}},
		{"ids are trimmed", "IDByteForByte", kept(func(_ store.Event, kept *store.Event) { kept.ID = strings.TrimRight(kept.ID, " ") })},
	}
}

// undoes plants a rule by which a record of one action undoes those of another.
func undoes(action, before store.Action) func(*naive) {
	return each(func(all []store.Record, r *store.Record) {
		if r.Action == action {
			noneOf(all, before)
		}
	})
}

// ignores plants a rule by which a record of one action does nothing after another.
func ignores(action, before store.Action) func(*naive) {
	return each(func(all []store.Record, r *store.Record) {
		if r.Action == action && after(all, before) {
			none(r)
		}
	})
}

func ruleMutants() []mutant {
	optedIn := func(before []store.Record, when func(store.Record) bool) bool {
		return slices.ContainsFunc(before, func(r store.Record) bool { return r.Action == store.OptIn && when(r) })
	}
	return []mutant{
		{"the last arrival wins", "NewerWins", each(func(_ []store.Record, r *store.Record) { r.At, r.ReceivedAt = time.Time{}, time.Time{} })},
		{"the first arrival wins", "NewerWins", each(func(before []store.Record, r *store.Record) {
			if len(before) > 0 {
				none(r)
			}
		})},
		{"an older opt-in moves the time back", "NewerWins", undoes(store.OptIn, store.OptIn)},
		{"an opt-in wins a tie", "TieIsOptOut", each(func(_ []store.Record, r *store.Record) {
			if r.Action == store.OptIn && !r.At.IsZero() {
				r.At = r.At.Add(time.Microsecond)
			}
		})},
		{"ties are ignored", "TieIsOptOut", each(func(before []store.Record, r *store.Record) {
			if r.Action == store.OptOut && optedIn(before, func(start store.Record) bool { return start.At.Equal(r.At) }) {
				none(r)
			}
		})},
		{"the second of two equal opt-outs is the state", "TieIsOptOut", undoes(store.OptOut, store.OptOut)},
		{"an opt-out without a time loses", "MissingTime", each(func(before []store.Record, r *store.Record) {
			if r.Action == store.OptOut && r.At.IsZero() && len(before) > 0 {
				none(r)
			}
		})},
		{"an opt-in without a time loses", "MissingTime", each(func(before []store.Record, r *store.Record) {
			if r.Action == store.OptIn && r.At.IsZero() && len(before) > 0 {
				none(r)
			}
		})},
		{"an opt-in without a time leaves the time before", "MissingTime", each(func(before []store.Record, r *store.Record) {
			if r.Action == store.OptIn && r.At.IsZero() && optedIn(before, func(start store.Record) bool { return !start.At.IsZero() }) {
				none(r)
			}
		})},
		{"a receipt is not looked at", "UndatedOptOut", each(func(_ []store.Record, r *store.Record) { r.ReceivedAt = time.Time{} })},
		{"a receipt is compared to the microsecond", "UndatedOptOut", each(func(_ []store.Record, r *store.Record) {
			if r.At.IsZero() && !r.ReceivedAt.IsZero() && r.Action != store.OptIn {
				r.At = r.ReceivedAt.Add(-time.Microsecond)
			}
		})},
		{"a receipt guards an opt-out with a time too", "UndatedOptOut", each(func(_ []store.Record, r *store.Record) {
			if !r.At.IsZero() && !r.ReceivedAt.IsZero() && r.Action == store.OptOut {
				r.At = r.ReceivedAt
			}
		})},
		{"the weaker second opt-out wins", "HarderOptOut", undoes(store.OptOut, store.OptOut)},
		{"an undated second opt-out wins", "HarderOptOut", each(func(before []store.Record, r *store.Record) {
			if r.Action == store.OptOut && r.At.IsZero() {
				noneOf(before, store.OptOut)
			}
		})},
		{"a dated second opt-out replaces an undated one", "HarderOptOut", each(func(before []store.Record, r *store.Record) {
			for i := range before {
				if r.Action == store.OptOut && !r.At.IsZero() && before[i].Action == store.OptOut && before[i].At.IsZero() {
					none(&before[i])
				}
			}
		})},
		{"the first opt-out stays, however old", "HarderOptOut", each(func(before []store.Record, r *store.Record) {
			if r.Action == store.OptOut && len(before) > 0 && before[len(before)-1].Action == store.OptOut {
				none(r)
			}
		})},
		{"a consent lifts an opt-out", "ConsentOnlyOnUnknown", each(func(_ []store.Record, r *store.Record) {
			if r.Action == store.Consent {
				r.Action = store.OptIn
			}
		})},
		{"an undated consent lifts an opt-out", "ConsentOnlyOnUnknown", each(func(_ []store.Record, r *store.Record) {
			if r.Action == store.Consent && r.At.IsZero() && r.ReceivedAt.IsZero() {
				r.Action = store.OptIn
			}
		})},
		{"a second consent is the state", "ConsentOnlyOnUnknown", undoes(store.Consent, store.Consent)},
		{"a hold keeps a consent out", "ConsentOnlyOnUnknown", ignores(store.Consent, store.Hold)},
		{"a consent beats an older opt-out", "ConsentReplaced", each(func(before []store.Record, r *store.Record) {
			for _, yes := range before {
				if r.Action == store.OptOut && yes.Action == store.Consent && !r.At.IsZero() && r.At.Before(yes.At) {
					none(r)
				}
			}
		})},
		{"a consent beats an older hold", "ConsentReplaced", ignores(store.Hold, store.Consent)},
		{"an opt-in does not replace a consent", "ConsentReplaced", ignores(store.OptIn, store.Consent)},
		{"a consent from a keyword lifts", "SourceIsALabel", each(func(_ []store.Record, r *store.Record) {
			if r.Action == store.Consent && r.Source == store.SourceKeyword {
				r.Action = store.OptIn
			}
		})},
		{"an agent's opt-in does not lift", "SourceIsALabel", each(func(_ []store.Record, r *store.Record) {
			if r.Action == store.OptIn && r.Source == store.SourceAgent {
				r.Action = store.Consent
			}
		})},
		{"an import opts nobody out", "SourceIsALabel", each(func(_ []store.Record, r *store.Record) {
			if r.Action == store.OptOut && r.Source == store.SourceImport {
				none(r)
			}
		})},
		{"an event without effect is lost", "LoserStays", func(s *naive) {
			s.lost = func(_ []store.Record, r store.Record) bool { return !r.Effective }
		}},
		{"what does not win is Effective", "LoserStays", set(func(_ store.Event, kept *store.Record) {
			kept.Effective = kept.Effective || kept.Action == store.Consent
		})},
		{"the status depends on the order of arrival", "EveryOrder", ignores(store.OptIn, store.OptIn)},
		{"a hold depends on the order of arrival", "EveryOrder", each(func(before []store.Record, r *store.Record) {
			if r.Action == store.Hold && after(before, store.OptIn) {
				r.At = time.Time{}
			}
		})},
		{"an opt-out ends the holds before it", "Added", undoes(store.OptOut, store.Hold)},
		{"a hold makes a consent an opt-in", "Added", each(func(before []store.Record, r *store.Record) {
			if r.Action == store.Consent && after(before, store.Hold) {
				r.Action = store.OptIn
			}
		})},
		{"an opt-out that the contact did not text is not applied", "RandomEvents", each(func(_ []store.Record, r *store.Record) {
			if r.Action == store.OptOut && r.Source != store.SourceKeyword {
				none(r)
			}
		})},
		{"Prior of a hold that waits unseen is Held", "RandomEvents", set(func(_ store.Event, kept *store.Record) {
			if kept.Action == store.Hold && kept.Prior == store.OptedOut {
				kept.Prior = store.Held
			}
		})},
	}
}

func holdMutants() []mutant {
	// held shows another state of a key that is Held.
	held := func(change func(c *contact, state *store.State)) func(*naive) {
		return shows(func(c *contact, state *store.State) {
			if state.Status == store.Held {
				change(c, state)
			}
		})
	}
	of := func(r store.Record, state *store.State) {
		state.At, state.ReceivedAt, state.RecordedAt, state.Source, state.EventID = r.At, r.ReceivedAt, r.RecordedAt, r.Source, r.ID
	}
	return []mutant{
		{"the state of a held key is that of its consent", "HeldState", held(func(c *contact, state *store.State) {
			*state = c.ledger().Standing().State
			state.Key, state.Status = c.records[0].Key, store.Held
		})},
		{"the state of a held key is that of its last hold", "HeldState", held(func(c *contact, state *store.State) {
			of(c.records[slices.Max(c.ledger().Open())], state)
		})},
		{"the state of a held key is that of its first hold", "HeldState", held(func(c *contact, state *store.State) {
			of(c.records[slices.Min(c.ledger().Open())], state)
		})},
		{"List hides who is held", "HeldState", func(s *naive) {
			filter := s.filter
			s.filter = func(state store.State, q store.ListQuery) bool { return state.Status != store.Held && filter(state, q) }
		}},
		{"GetBatch answers a held key as Unknown", "HeldState", batched(func(states []store.State) []store.State {
			for i := range states {
				if states[i].Status == store.Held {
					states[i] = store.State{Key: states[i].Key}
				}
			}
			return states
		})},

		{"a hold replaces an opt-out", "HoldOpens", undoes(store.Hold, store.OptOut)},
		{"a text holds though an opt-in is newer", "HoldOpens", each(func(before []store.Record, r *store.Record) {
			if r.Action == store.Hold && after(before, store.OptIn) {
				r.At = time.Time{}
			}
		})},
		{"a text without a time does not hold after an opt-in", "HoldOpens", each(func(before []store.Record, r *store.Record) {
			if r.Action == store.Hold && r.At.IsZero() && after(before, store.OptIn) {
				none(r)
			}
		})},
		{"an opt-out ends a hold that is newer", "HoldOpens", undoes(store.OptOut, store.Hold)},
		{"a hold is forgotten while opted out", "HoldOpens", ignores(store.Hold, store.OptOut)},

		{"any opt-in ends a hold", "HoldEnds", undoes(store.OptIn, store.Hold)},
		{"an opt-in ends the hold that came last", "HoldEnds", undoes(store.Hold, store.Hold)},
		{"a consent ends a hold", "HoldEnds", undoes(store.Consent, store.Hold)},
		{"an opt-in does not end an undated hold", "HoldEnds", each(func(_ []store.Record, r *store.Record) {
			if r.Action == store.Hold && r.At.IsZero() && !r.ReceivedAt.IsZero() {
				r.At = r.ReceivedAt.Add(time.Hour)
			}
		})},
		{"an undated opt-in does not end a hold", "HoldEnds", each(func(before []store.Record, r *store.Record) {
			if r.Action == store.OptIn && r.At.IsZero() && after(before, store.Hold) {
				none(r)
			}
		})},

		{"a hold ends after ten years", "HoldWaits", held(func(_ *contact, state *store.State) {
			if time.Since(state.ReceivedAt) > 10*365*24*time.Hour {
				*state = store.State{Key: state.Key}
			}
		})},
		{"a hold from before 1970 is forgotten", "HoldWaits", held(func(_ *contact, state *store.State) {
			if state.ReceivedAt.Unix() < 0 {
				*state = store.State{Key: state.Key}
			}
		})},
		{"a hold ends when it is looked at", "HoldWaits", func(s *naive) {
			looks := map[string]int{}
			held(func(_ *contact, state *store.State) {
				if looks[state.EventID]++; looks[state.EventID] > 3 {
					*state = store.State{Key: state.Key}
				}
			})(s)
		}},
		{"a question ends a hold", "HoldWaits", undoes(store.Ask, store.Hold)},
		{"an old hold does not wait for a review", "HoldWaits", waiting(func(c *contact, places []int) []int {
			return slices.DeleteFunc(places, func(place int) bool { return c.records[place].At.Year() < 2000 })
		})},
		{"holds are lost between reading and writing", "HoldConcurrent", func(s *naive) { s.before = yield(s) }},
		{"a question opts in", "AskChangesNothing", each(func(_ []store.Record, r *store.Record) {
			if r.Action == store.Ask {
				r.Action = store.Consent
			}
		})},
		{"a question lifts", "AskChangesNothing", each(func(before []store.Record, r *store.Record) {
			if r.Action == store.Ask && after(before, store.OptOut) {
				r.Action = store.OptIn
			}
		})},
	}
}

// settlesOne plants a review that settles one of the records of its text.
func settlesOne(which func(places []int) int) func(*naive) {
	return each(func(before []store.Record, r *store.Record) {
		var places []int
		for i := range before {
			if r.Names(before[i]) {
				places = append(places, i)
			}
		}
		for _, i := range places {
			if i != which(places) {
				before[i].ID += "x"
			}
		}
	})
}

func reviewMutants() []mutant {
	// named lets a review name a text by fewer fields.
	named := func(change func(ev *store.Event, text store.Record)) func(*naive) {
		return func(s *naive) {
			s.match = func(ev store.Event, same []store.Record) store.Event {
				for _, r := range same {
					if (ev.Action == store.Release || ev.Action == store.Uphold) && (r.Action == store.Hold || r.Source == store.SourceText) {
						change(&ev, r)
					}
				}
				return ev
			}
		}
	}
	type change = func(before []store.Record, r, text *store.Record)
	verdict := func(action store.Action, change change) func(*naive) {
		return each(func(before []store.Record, r *store.Record) {
			if text := textOf(before, *r); r.Action == action && text != nil {
				change(before, r, text)
			}
		})
	}
	return []mutant{
		{"a release ends all holds", "ReleaseEndsOne", verdict(store.Release, func(before []store.Record, _, _ *store.Record) {
			noneOf(before, store.Hold)
		})},
		{"a release opts in", "ReleaseEndsOne", verdict(store.Release, func(_ []store.Record, r, text *store.Record) {
			r.Action, r.At = store.OptIn, time.Time{}
		})},
		{"a release forgets the consent", "ReleaseEndsOne", verdict(store.Release, func(before []store.Record, _, _ *store.Record) {
			noneOf(before, store.Consent)
		})},
		{"a release has no effect", "ReleaseEndsOne", verdict(store.Release, func(_ []store.Record, r, _ *store.Record) { none(r) })},
		{"a release of a hold that has ended is Effective", "ReleaseEndsOne", set(func(_ store.Event, kept *store.Record) {
			kept.Effective = kept.Effective || kept.Action == store.Release
		})},

		{"a review names its text by the ID alone", "ReviewNamesAll", named(func(ev *store.Event, text store.Record) {
			ev.At, ev.ReceivedAt, ev.Text = text.At, text.ReceivedAt, text.Text
		})},
		{"a review names its text without At", "ReviewNamesAll", named(func(ev *store.Event, text store.Record) { ev.At = text.At })},
		{"a review names its text without ReceivedAt", "ReviewNamesAll", named(func(ev *store.Event, text store.Record) {
			ev.ReceivedAt = text.ReceivedAt
		})},
		{"a review names its text without the words", "ReviewNamesAll", named(func(ev *store.Event, text store.Record) { ev.Text = text.Text })},
		{"a review names its text to the second", "ReviewNamesAll", named(func(ev *store.Event, text store.Record) {
			if ev.At.Truncate(time.Second).Equal(text.At.Truncate(time.Second)) {
				ev.At = text.At
			}
		})},
		{"a review of nothing is recorded", "ReviewNamesAll", func(s *naive) {
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				if r, duplicate, err := store.Replay(ev, same); ev.Action != store.Release || err == nil {
					return r, duplicate, err
				}
				return store.Record{}, false, nil
			}
		}},
		{"a review of nothing is a duplicate", "ReviewNamesAll", func(s *naive) {
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				r, duplicate, err := store.Replay(ev, same)
				if ev.Action == store.Uphold && err != nil {
					return store.Record{Event: ev}, true, nil
				}
				return r, duplicate, err
			}
		}},

		{"a review settles the latest record of its text", "ReviewSettlesAll", settlesOne(slices.Max[[]int])},
		{"a review settles the first record of its text", "ReviewSettlesAll", settlesOne(slices.Min[[]int])},
		{"a review settles the holds of its text only", "ReviewSettlesAll", each(func(before []store.Record, r *store.Record) {
			for i := range before {
				if r.Action == store.Release && before[i].Action == store.OptOut && r.Names(before[i]) {
					before[i].ID += "x"
				}
			}
		})},

		{"a review settles alike texts of every sender", "ReviewOfSender", each(func(before []store.Record, r *store.Record) {
			for i := range before {
				if r.Names(before[i]) {
					before[i].From = r.From
				}
			}
		})},
		{"a review without a sender settles no text of a sender", "ReviewOfSender", each(func(before []store.Record, r *store.Record) {
			for i := range before {
				if r.Names(before[i]) && before[i].From != r.From {
					before[i].ID += "x"
				}
			}
		})},
		{"a review of another sender's text is a duplicate", "ReviewOfSender", func(s *naive) {
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				for _, old := range same {
					if old.Action == ev.Action && old.At.Equal(ev.At) && old.ReceivedAt.Equal(ev.ReceivedAt) && old.Text == ev.Text {
						ev.From = old.From
					}
				}
				return store.Replay(ev, same)
			}
		}},

		{"a release lifts an opt-out", "ReviewNotPastOptOut", verdict(store.Release, func(before []store.Record, _, _ *store.Record) {
			noneOf(before, store.OptOut)
		})},
		{"a release of a text lifts a STOP", "ReviewNotPastOptOut", verdict(store.Release, func(before []store.Record, _, text *store.Record) {
			if text.Action == store.OptOut {
				noneOf(before, store.OptOut)
			}
		})},
		{"a retract lifts all opt-outs", "ReviewNotPastOptOut", verdict(store.Retract, func(before []store.Record, _, text *store.Record) {
			noneOf(before, store.OptOut)
		})},

		{"an uphold ends the hold only", "UpholdOptsOut", verdict(store.Uphold, func(_ []store.Record, r, _ *store.Record) {
			r.Action = store.Release
		})},
		{"an uphold leaves the hold", "UpholdOptsOut", verdict(store.Uphold, func(_ []store.Record, r, _ *store.Record) { none(r) })},
		{"an uphold has the time of the review", "UpholdOptsOut", verdict(store.Uphold, func(_ []store.Record, r, _ *store.Record) {
			r.Action, r.At, r.ReceivedAt = store.OptOut, time.Time{}, time.Time{}
		})},
		{"an opt-in in force keeps a review out", "UpholdOptsOut", verdict(store.Uphold, func(before []store.Record, r, _ *store.Record) {
			if after(before, store.OptIn) {
				r.Action = store.Release
			}
		})},
		{"an uphold weakens an opt-out", "UpholdOptsOut", verdict(store.Uphold, func(before []store.Record, _, _ *store.Record) {
			noneOf(before, store.OptOut)
		})},
		{"an uphold after a START wins", "UpholdAfterStart", verdict(store.Uphold, func(_ []store.Record, r, _ *store.Record) {
			r.Action, r.At = store.OptOut, time.Time{}
		})},
		{"an uphold of an unopened hold wins", "UpholdAfterStart", verdict(store.Uphold, func(before []store.Record, r, text *store.Record) {
			if before[0].Action == store.OptIn {
				r.Action, r.At = store.OptOut, time.Time{}
			}
		})},
		{"an uphold after a release has no effect", "UpholdAfterRelease", verdict(store.Uphold, func(before []store.Record, r, _ *store.Record) {
			if after(before, store.Release) {
				none(r)
			}
		})},
		{"an uphold wins over a START since", "UpholdAfterRelease", verdict(store.Uphold, func(before []store.Record, r, _ *store.Record) {
			if after(before, store.Release) {
				r.Action, r.At = store.OptOut, time.Time{}
			}
		})},
		{"a START of before the receipt counts", "UpholdAfterRelease", each(func(_ []store.Record, r *store.Record) {
			if !r.At.IsZero() {
				r.ReceivedAt = r.At
			}
		})},
		{"a START without a time never counts", "UpholdAfterRelease", verdict(store.Uphold, func(before []store.Record, r, _ *store.Record) {
			for i := range before {
				if before[i].Action == store.OptIn && before[i].At.IsZero() {
					before[i].ReceivedAt = time.Date(1999, time.January, 1, 0, 0, 0, 0, time.UTC)
				}
			}
		})},
		{"a consent counts like a START", "UpholdAfterRelease", verdict(store.Uphold, func(before []store.Record, r, _ *store.Record) {
			if after(before, store.Consent) {
				none(r)
			}
		})},
		{"a text that opted out is not released", "TextTakenBack", verdict(store.Release, func(_ []store.Record, r, text *store.Record) {
			if text.Action == store.OptOut {
				none(r)
			}
		})},
		{"a release undoes what came since", "TextTakenBack", verdict(store.Release, func(before []store.Record, _, text *store.Record) {
			for i := range before {
				if text.Action == store.OptOut && before[i].RecordedAt.After(text.RecordedAt) {
					none(&before[i])
				}
			}
		})},
		{"a release of a text opts in", "TextTakenBack", verdict(store.Release, func(_ []store.Record, r, text *store.Record) {
			if text.Action == store.OptOut {
				r.Action, r.At = store.OptIn, time.Time{}
			}
		})},
		{"what was upheld can be released", "TextTakenBack", verdict(store.Uphold, func(_ []store.Record, r, text *store.Record) {
			if text.Action == store.OptOut {
				none(r)
			}
		})},
		{"a retract takes back all opt-outs", "Retracts", verdict(store.Retract, func(before []store.Record, _, _ *store.Record) {
			noneOf(before, store.OptOut)
		})},
		{"a retract leaves what a review made", "Retracts", verdict(store.Retract, func(before []store.Record, r, text *store.Record) {
			for i := range before {
				if before[i].Action == store.Uphold && before[i].ID == r.ID && before[i].At.Equal(r.At) {
					before[i].Action, before[i].ID = store.OptOut, r.ID+"x"
				}
			}
		})},
		{"what was retracted can be upheld", "Retracts", verdict(store.Uphold, func(before []store.Record, r, text *store.Record) {
			if after(before, store.Retract) {
				r.Action, r.ID = store.OptOut, r.ID+"x"
			}
		})},
		{"a retract takes back holds only", "Retracts", verdict(store.Retract, func(_ []store.Record, r, text *store.Record) {
			if text.Action == store.OptOut {
				none(r)
			}
		})},
		{"a retract takes back opt-outs only", "Retracts", verdict(store.Retract, func(_ []store.Record, r, text *store.Record) {
			if text.Action == store.Hold {
				none(r)
			}
		})},
	}
}
