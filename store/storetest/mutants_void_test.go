package storetest_test

import (
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func voidMutants() []mutant {
	// voiding plants a bug in what the rule sees of a Void and of what came before.
	voiding := func(change func(before []store.Record, r, voided *store.Record)) func(*naive) {
		return each(func(before []store.Record, r *store.Record) {
			if voided := textOf(before, *r); r.Action == store.Void && voided != nil {
				change(before, r, voided)
			}
		})
	}
	takenBack := func(r *store.Record) { // whatever its action
		r.Action, r.ID = store.Ask, r.ID+"x"
	}
	sources := func(before []store.Record, sources ...store.Source) {
		for i := range before {
			if before[i].Action == store.OptOut && slices.Contains(sources, before[i].Source) {
				none(&before[i])
			}
		}
	}
	// answers is Replay with another answer to a Void.
	answers := func(answer func(ev store.Event, same []store.Record, err error) (store.Record, bool, error)) func(*naive) {
		return func(s *naive) {
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				stored, duplicate, err := store.Replay(ev, same)
				if ev.Action == store.Void && (duplicate || err != nil) {
					return answer(ev, same, err)
				}
				return stored, duplicate, err
			}
		}
	}
	ofSource := func(source store.Source) func(*naive) {
		return answers(func(_ store.Event, same []store.Record, err error) (store.Record, bool, error) {
			if slices.ContainsFunc(same, func(r store.Record) bool { return r.Source == source && r.Action != store.Void }) {
				return store.Record{}, false, nil
			}
			return store.Record{}, false, err
		})
	}
	return []mutant{
		{"a Void is recorded, and does nothing", "Voids", voiding(func(_ []store.Record, r, _ *store.Record) { none(r) })},
		{"a Void of a consent does nothing", "Voids", voiding(func(_ []store.Record, r, voided *store.Record) {
			if voided.Action == store.Consent {
				none(r)
			}
		})},
		{"a Void of an agent's opt-out does nothing", "Voids", voiding(func(_ []store.Record, r, voided *store.Record) {
			if voided.Action == store.OptOut && voided.Source == store.SourceAgent {
				none(r)
			}
		})},
		{"a Void is a START", "Voids", voiding(func(_ []store.Record, r, _ *store.Record) { r.Action, r.At = store.OptIn, time.Time{} })},
		{"a Void takes back what came since", "Voids", voiding(func(before []store.Record, _, voided *store.Record) {
			for i := range before {
				if before[i].RecordedAt.After(voided.RecordedAt) {
					none(&before[i])
				}
			}
		})},
		{"a Void takes back what came before", "Voids", voiding(func(before []store.Record, _, voided *store.Record) {
			for i := range before {
				if before[i].RecordedAt.Before(voided.RecordedAt) {
					none(&before[i])
				}
			}
		})},
		{"a Void takes back all that the host recorded", "Voids", voiding(func(before []store.Record, _, _ *store.Record) {
			sources(before, store.SourceAgent, store.SourceImport)
		})},
		{"a Void forgets what had no effect", "Voids", voiding(func(before []store.Record, _, _ *store.Record) {
			for i := range before {
				if !before[i].Effective {
					none(&before[i])
				}
			}
		})},

		{"a Void lifts a STOP", "VoidNotPastOthers", voiding(func(before []store.Record, _, _ *store.Record) {
			sources(before, store.SourceKeyword)
		})},
		{"a Void lifts a request in words", "VoidNotPastOthers", voiding(func(before []store.Record, _, _ *store.Record) {
			sources(before, store.SourceText)
		})},
		{"a Void lifts what a carrier reported", "VoidNotPastOthers", voiding(func(before []store.Record, _, _ *store.Record) {
			sources(before, store.SourceCarrier)
		})},
		{"a Void lifts what came by the web", "VoidNotPastOthers", voiding(func(before []store.Record, _, _ *store.Record) {
			sources(before, store.SourceWeb)
		})},
		{"a Void ends holds", "VoidNotPastOthers", voiding(func(before []store.Record, _, _ *store.Record) { noneOf(before, store.Hold) })},
		{"a Void undoes an Uphold", "VoidNotPastOthers", voiding(func(before []store.Record, _, _ *store.Record) {
			noneOf(before, store.Uphold)
		})},

		{"a Void of nothing is recorded", "VoidNames", answers(func(_ store.Event, same []store.Record, err error) (store.Record, bool, error) {
			if len(same) == 0 {
				return store.Record{}, false, nil
			}
			return store.Record{}, false, err
		})},
		{"a Void of a Void is recorded", "VoidNames", answers(func(ev store.Event, same []store.Record, err error) (store.Record, bool, error) {
			isVoid := func(r store.Record) bool { return r.Action == store.Void && store.VoidPrefix+r.ID == ev.ID }
			if slices.ContainsFunc(same, isVoid) {
				return store.Record{}, false, nil
			}
			return store.Record{}, false, err
		})},
		{"a Void of a STOP is recorded", "VoidNames", ofSource(store.SourceKeyword)},
		{"a Void of a form on the web is recorded", "VoidNames", ofSource(store.SourceWeb)},
		{"a Void of a carrier's report is recorded", "VoidNames", ofSource(store.SourceCarrier)},
		{"a Void of YES is recorded", "VoidNames", ofSource(store.SourceConfirm)},
		{"a Void of a review is recorded", "VoidNames", ofSource(store.SourceReview)},
		{"a Void takes back what another sender has", "VoidNames", func(s *naive) {
			s.match = func(ev store.Event, same []store.Record) store.Event {
				if ev.Action == store.Void && len(same) > 0 {
					ev.From = same[0].From
				}
				return ev
			}
		}},
		{"a Void without its prefix is taken", "VoidNames", takes(func(ev store.Event) (store.Event, error) {
			if _, err := ev.Normalize(); ev.Action == store.Void && err != nil {
				ev.ID = store.VoidPrefix + ev.ID
			}
			return ev.Normalize()
		})},

		{"a Void is recorded each time", "VoidAgain", answers(func(_ store.Event, _ []store.Record, err error) (store.Record, bool, error) {
			return store.Record{}, false, err
		})},
		{"what was voided can be recorded again", "VoidAgain", func(s *naive) {
			s.known = func(all []store.Record, place int, ev *store.Event) bool {
				voids := func(r store.Record) bool { return r.Action == store.Void && r.ID == store.VoidPrefix+all[place].ID }
				if ev.Action != store.Void && slices.ContainsFunc(all[place:], voids) {
					return false
				}
				return slices.Contains(ev.IDs(), all[place].ID)
			}
		}},
		{"a START lets a Void be recorded again", "VoidAgain", func(s *naive) {
			s.known = func(all []store.Record, place int, ev *store.Event) bool {
				if all[place].Action == store.Void && after(all[place:], store.OptIn) {
					return false
				}
				return slices.Contains(ev.IDs(), all[place].ID)
			}
		}},

		{"a Void takes back what comes later", "VoidBefore", each(func(before []store.Record, r *store.Record) {
			voids := func(v store.Record) bool { return v.Action == store.Void && v.ID == store.VoidPrefix+r.ID }
			if slices.ContainsFunc(before, voids) {
				takenBack(r)
			}
		})},
		{"a Void takes back one record of its ID", "VoidBefore", voiding(func(before []store.Record, r, voided *store.Record) {
			for i := range before {
				if r.Names(before[i]) && before[i].RecordedAt.After(voided.RecordedAt) {
					before[i].ID += "x"
				}
			}
		})},
		{"a second Void is always a duplicate", "VoidBefore", func(s *naive) {
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				for _, old := range same {
					if ev.Action == store.Void && old.ID == ev.ID && old.Action == store.Void {
						return old, true, nil
					}
				}
				return store.Replay(ev, same)
			}
		}},

		{"looked for, voided by another, then voided", "VoidConcurrent", func(s *naive) { s.before = yield(s) }},
	}
}
