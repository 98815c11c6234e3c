package storetest_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// stood plants a bug in the rule with holds.
func stood(change func(before, after store.Standing, ev store.Event) store.Standing) func(*naive) {
	return func(s *naive) {
		s.stand = func(before store.Standing, ev store.Event) (store.Standing, bool) {
			after, effective := before.Next(ev)
			return change(before, after, ev), effective
		}
	}
}

func reviewMutants() []mutant {
	return []mutant{
		{"the state of a held key is that of its consent", "HeldState", func(s *naive) {
			s.visible = func(standing store.Standing) store.State {
				state := standing.State()
				if state.Status == store.Held {
					state = standing.Consent
					state.Status = store.Held
				}
				return state
			}
		}},
		{"the state of a held key is that of its last hold", "HeldState", func(s *naive) {
			s.visible = func(standing store.Standing) store.State {
				slices.Reverse(standing.Holds)
				return standing.State()
			}
		}},
		{"List hides who is held", "HeldState", func(s *naive) {
			filter := s.filter
			s.filter = func(state store.State, q store.ListQuery) bool { return state.Status != store.Held && filter(state, q) }
		}},
		{"GetBatch answers a held key as Unknown", "HeldState", func(s *naive) {
			s.batch = func(_ []string, states []store.State) []store.State {
				for i := range states {
					if states[i].Status == store.Held {
						states[i] = store.State{Key: states[i].Key}
					}
				}
				return states
			}
		}},
		{"any START ends a hold", "HeldRule", stood(func(_, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.OptedIn && ev.Source == store.SourceKeyword {
				after.Holds = nil
			}
			return after
		})},
		{"an agent's opt-in ends a hold", "HeldRule", stood(func(_, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.OptedIn && ev.Source != "" {
				after.Holds = nil
			}
			return after
		})},
		{"a hold replaces an opt-out", "HeldBehindOptOut", stood(func(_, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.Held {
				after.Consent.Status = store.Unknown
			}
			return after
		})},
		{"a text holds though START is newer", "HeldRule", stood(func(before, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.Held && before.Consent.Status == store.OptedIn {
				after.Holds = append(slices.Clip(after.Holds), ev)
			}
			return after
		})},
		{"an opt-out ends a hold that is newer", "HeldRule", stood(func(_, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.OptedOut {
				after.Holds = nil
			}
			return after
		})},
		{"a release ends all holds", "HeldUndone", stood(func(_, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.Released {
				after.Holds = nil
			}
			return after
		})},
		{"a release opts in", "HeldUndone", stood(func(_, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.Released && after.Consent.Status == store.Unknown {
				after.Consent.Status = store.OptedIn
			}
			return after
		})},
		{"a release forgets the consent", "HeldUndone", stood(func(_, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.Released && after.Consent.Status == store.OptedIn {
				after.Consent = store.State{Key: ev.Key}
			}
			return after
		})},
		{"a release lifts an opt-out", "HeldBehindOptOut", stood(func(_, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.Released {
				after.Consent = store.State{Key: ev.Key}
			}
			return after
		})},
		{"an opt-out does not hide a hold", "HeldBehindOptOut", func(s *naive) {
			s.waits = func(standing store.Standing) []store.Event { return standing.Holds }
		}},
		{"a hold is forgotten while opted out", "HeldBehindOptOut", stood(func(before, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.Held && before.Consent.Status == store.OptedOut {
				return before
			}
			return after
		})},
		{"an opt-out leaves the hold with its id", "HeldBehindOptOut", func(s *naive) {
			s.waits = func(standing store.Standing) []store.Event {
				if standing.Consent.Status == store.OptedOut {
					return nil
				}
				return standing.Holds
			}
			stood(func(before, after store.Standing, ev store.Event) store.Standing {
				if ev.Status == store.OptedOut {
					after.Holds = before.Holds
				}
				if ev.Status == store.OptedIn && ev.At.After(before.Consent.At) && before.Consent.Source == store.SourceReview {
					after.Holds = before.Holds
				}
				return after
			})(s)
		}},
		{"any opt-out ends the hold with its id", "HeldResolved", stood(func(_, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.OptedOut {
				after.Holds = slices.DeleteFunc(slices.Clone(after.Holds), func(hold store.Event) bool { return hold.ID == ev.ID })
			}
			return after
		})},
		{"a START above a hold is above its review", "HeldResolved", stood(func(before, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.OptedOut && before.Consent.Status == store.OptedIn {
				after.Consent, _ = store.Next(before.Consent, ev)
			}
			return after
		})},
		{"a hold is recorded each time it is delivered", "HeldDuplicate", func(s *naive) {
			s.replay = func(now store.State, ev store.Event, same, other bool) (bool, error) {
				return store.Replay(now, ev, same && ev.Status != store.Held, other)
			}
		}},
		{"a release is recorded each time", "HeldDuplicate", func(s *naive) {
			s.replay = func(now store.State, ev store.Event, same, other bool) (bool, error) {
				return store.Replay(now, ev, same && ev.Status != store.Released, other)
			}
		}},
		{"a hold of a known id holds again", "HeldDuplicate", func(s *naive) {
			s.replay = func(now store.State, ev store.Event, same, other bool) (bool, error) {
				return store.Replay(now, ev, same && (ev.Status != store.Held || !ev.At.After(now.At)), other)
			}
		}},
		{"holds are lost between reading and writing", "HeldConcurrent", func(s *naive) {
			s.before = yield(s)
			s.lost = func(all []store.Event, ev store.Event) bool { return false }
		}},
		{"Prior of a hold is that of the consent", "HeldRandom", func(s *naive) {
			s.finish = func(_, kept store.Event) store.Event {
				if kept.Prior == store.Held {
					kept.Prior = store.Unknown
				}
				return kept
			}
		}},
		{"Asked opts in", "AskedChangesNothing", stood(func(_, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.Asked && after.Consent.Status == store.Unknown {
				after.Consent.Status = store.OptedIn
			}
			return after
		})},
		{"Asked ends a hold", "AskedChangesNothing", stood(func(_, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.Asked {
				after.Holds = nil
			}
			return after
		})},

		{"Reviews are sorted by when they were recorded", "ReviewsOrder", func(s *naive) {
			s.since = func(ev store.Event) time.Time { return ev.RecordedAt }
		}},
		{"Reviews have one of each key", "ReviewsOrder", func(s *naive) {
			waits := s.waits
			s.waits = func(standing store.Standing) []store.Event { return waits(standing)[:min(1, len(waits(standing)))] }
		}},
		{"what was released waits", "ReviewsOrder", stood(func(before, after store.Standing, ev store.Event) store.Standing {
			if ev.Status == store.Released {
				return before
			}
			return after
		})},
		{"Reviews of any account are taken", "ReviewsInvalid", func(s *naive) { s.valid = func(store.Key) error { return nil } }},
		{"Reviews goes on without the caller", "ReviewsCancelled", func(s *naive) { s.alive = func(context.Context) error { return nil } }},
		{"a page of Reviews is one too long", "ReviewsLimit", func(s *naive) {
			s.limit = func(limit int) (int, error) {
				limit, err := store.PageLimit(limit)
				return limit + 1, err
			}
		}},
		{"Reviews has no largest page", "ReviewsThousand", func(s *naive) {
			s.limit = func(limit int) (int, error) { return cmp.Or(limit, store.DefaultLimit), nil }
		}},
		{"Reviews lists the last of a page again", "ReviewsStable", func(s *naive) {
			var last []store.Event
			s.reviewed = func(page []store.Event) []store.Event {
				page, last = append(slices.Clone(last), page...), page[max(0, len(page)-1):]
				return page[:min(len(page), 3)]
			}
		}},
		{"Reviews counts the open holds of a key", "ReviewsStable", func(s *naive) {
			s.nth = func(all []store.Event, hold store.Event) int {
				return slices.IndexFunc(store.StandingOf(hold.Key, all).Holds, func(open store.Event) bool { return open.ID == hold.ID })
			}
		}},
		{"Reviews takes the cursor of another account", "ReviewsCursor", func(s *naive) {
			s.open = func(c store.Cursor, query string) (int, error) {
				if kind, _, _ := strings.Cut(query, "\x00"); kind == "reviews" && strings.Contains(string(c), "-") {
					return 0, nil
				}
				return openCursor(c, query)
			}
		}},
		{"a page of Reviews is the store's own slice", "ReviewsSlice", func(s *naive) {
			cache := map[int][]store.Event{}
			s.reviewed = func(events []store.Event) []store.Event {
				if page, ok := cache[len(events)]; ok {
					return page
				}
				cache[len(events)] = events
				return events
			}
		}},
	}
}
