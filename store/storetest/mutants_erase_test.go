package storetest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// leaves plants a bug in what Erase leaves of each record: before is the record as it was.
func leaves(wrong func(before store.Record, left *store.Record)) func(*naive) {
	return func(s *naive) {
		s.left = func(before, after []store.Record) []store.Record {
			for i := range before {
				wrong(before[i], &after[i])
			}
			return after
		}
	}
}

// replays plants a Replay that compares with an erased record in another way.
func replays(change func(ev store.Event, old *store.Record)) func(*naive) {
	return func(s *naive) {
		s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
			seen := slices.Clone(same)
			for i := range seen {
				if seen[i].Erased {
					change(ev, &seen[i])
				}
			}
			return store.Replay(ev, seen)
		}
	}
}

// strips plants a bug in what is kept of an event beside erased ones.
func strips(strip func(ev store.Event, same []store.Record) (store.Event, bool)) func(*naive) {
	return func(s *naive) { s.strip = strip }
}

// blankOf is what Erase leaves if no text has to be told apart.
func blankOf(r *store.Record) {
	if r.Erased {
		r.From, r.Text = "", ""
	}
}

// erases plants an Erase of its own.
func erases(erase func(s *naive, right eraseKey) eraseKey) func(*naive) {
	return func(s *naive) { s.eraseKey = erase(s, s.eraseKey) }
}

type eraseKey = func(context.Context, store.Event) error

func eraseMutants() []mutant {
	return slices.Concat(erasedMutants(), afterEraseMutants(), eraseCallMutants())
}

func erasedMutants() []mutant {
	return []mutant{
		{"the sender stays", "EraseEvidence", leaves(func(before store.Record, left *store.Record) { left.From = before.From })},
		{"the recipient stays", "EraseEvidence", leaves(func(before store.Record, left *store.Record) { left.To = before.To })},
		{"the text stays", "EraseEvidence", leaves(func(before store.Record, left *store.Record) { left.Text = before.Text })},
		{"the actor stays", "EraseEvidence", leaves(func(before store.Record, left *store.Record) {
			if before.Action != store.Erase {
				left.Actor = before.Actor
			}
		})},
		{"the note stays", "EraseEvidence", leaves(func(before store.Record, left *store.Record) {
			if before.Action != store.Erase {
				left.Note = before.Note
			}
		})},
		{"a text that was cut stays", "EraseEvidence", leaves(func(before store.Record, left *store.Record) {
			if strings.Contains(before.Text, "[cut, ") {
				left.Text = before.Text
			}
		})},
		{"open holds stay", "EraseEvidence", leaves(func(before store.Record, left *store.Record) {
			if before.Action == store.Hold {
				*left = before
			}
		})},
		{"what a review has said stays", "EraseEvidence", leaves(func(before store.Record, left *store.Record) {
			if before.Action == store.Release {
				left.Note = before.Note
			}
		})},
		{"consent stays", "EraseEvidence", leaves(func(before store.Record, left *store.Record) {
			if before.Action == store.Consent {
				*left = before
			}
		})},
		{"what has come since the last Erase stays", "EraseEvidence", func(s *naive) {
			s.left = func(before, after []store.Record) []store.Record {
				if slices.ContainsFunc(before, func(r store.Record) bool { return r.Action == store.Erase }) {
					copy(after, before)
				}
				return after
			}
		}},
		{"nothing says that a record is erased", "EraseEvidence", leaves(func(_ store.Record, left *store.Record) { left.Erased = false })},

		{"the keyword goes", "EraseKeeps", leaves(func(_ store.Record, left *store.Record) { left.Keyword = "" })},
		{"the keyword set goes", "EraseKeeps", leaves(func(_ store.Record, left *store.Record) { left.KeywordSet = "" })},
		{"the source goes", "EraseKeeps", leaves(func(_ store.Record, left *store.Record) { left.Source = "" })},
		{"the id goes", "EraseKeeps", leaves(func(_ store.Record, left *store.Record) { left.ID = "erased" })},
		{"the time of receipt goes", "EraseKeeps", leaves(func(_ store.Record, left *store.Record) { left.ReceivedAt = time.Time{} })},
		{"the time of recording is that of the Erase", "EraseKeeps", leaves(func(_ store.Record, left *store.Record) {
			left.RecordedAt = left.RecordedAt.Add(time.Second)
		})},
		{"the records go", "EraseKeeps", func(s *naive) {
			s.left = func(before, after []store.Record) []store.Record { return after[len(before):] }
		}},
		{"the suppression goes", "EraseKeeps", erases(func(s *naive, right eraseKey) eraseKey {
			return func(ctx context.Context, ev store.Event) error {
				err := right(ctx, ev)
				s.mu.Lock()
				defer s.mu.Unlock()
				s.contact(ev.Key).state = store.State{Key: ev.Key}
				return err
			}
		})},

		{"nothing is recorded", "EraseRecorded", func(s *naive) {
			s.left = func(before, after []store.Record) []store.Record { return after[:len(before)] }
		}},
		{"who erased before goes", "EraseRecorded", leaves(func(before store.Record, left *store.Record) {
			if before.Action == store.Erase {
				left.Actor = ""
			}
		})},
		{"the note of an erasure goes", "EraseRecorded", func(s *naive) {
			s.erasure = func(key store.Key, actor, _ string, at time.Time) (store.Event, error) {
				return store.ErasureOf(key, actor, "", at)
			}
		}},
		{"Changes has no erasures", "EraseListed", func(s *naive) {
			right := s.changed
			s.changed = func(r store.Record, q store.ChangesQuery) bool { return r.Action != store.Erase && right(r, q) }
		}},
		{"EventIDs has no erasures", "EraseListed", func(s *naive) {
			s.begins = func(id, prefix string) bool { return strings.HasPrefix(id, prefix) && !strings.HasPrefix(id, "erase:") }
		}},
		{"GetRecords finds no erasure", "EraseListed", func(s *naive) {
			s.byID = func(records []store.Record, id string) []store.Record {
				return slices.DeleteFunc(slices.Clone(records), func(r store.Record) bool { return r.ID != id || r.Action == store.Erase })
			}
		}},
		{"only the first erasure is recorded", "EraseRecorded", func(s *naive) {
			s.left = func(before, after []store.Record) []store.Record {
				if slices.ContainsFunc(before, func(r store.Record) bool { return r.Action == store.Erase }) {
					return after[:len(before)]
				}
				return after
			}
		}},
	}
}

func afterEraseMutants() []mutant {
	return []mutant{
		{"an erased text is compared", "EraseDuplicate", replays(func(_ store.Event, old *store.Record) {
			old.Erased = old.Action == store.Hold
		})},
		{"a redelivery gives the evidence back", "EraseDuplicate", func(s *naive) {
			s.stored = func(ev store.Event, found store.Record) store.Record {
				if found.Erased {
					found.Event = ev
				}
				return found
			}
		}},
		{"an erased id is new", "EraseDuplicate", replays(func(_ store.Event, old *store.Record) { old.ID += "x"; old.Action = store.NoAction })},

		{"an erased id is a duplicate, whatever its time", "EraseOther", replays(func(ev store.Event, old *store.Record) { old.At = ev.At })},
		{"an erased id is a duplicate, whatever its source", "EraseOther", replays(func(ev store.Event, old *store.Record) {
			old.Source = ev.Source
		})},
		{"an erased id without a time never comes round", "EraseOther", replays(func(ev store.Event, old *store.Record) {
			old.ReceivedAt = ev.ReceivedAt
		})},
		{"all with an erased id is kept without evidence", "EraseOther", strips(func(ev store.Event, same []store.Record) (store.Event, bool) {
			if slices.ContainsFunc(same, func(r store.Record) bool { return r.Erased }) {
				ev.From, ev.To, ev.Text, ev.Actor, ev.Note = "", "", "", "", ""
				return ev, true
			}
			return ev, false
		})},

		{"another reading brings the text back", "EraseReading", strips(func(ev store.Event, same []store.Record) (store.Event, bool) {
			if ev.Action == store.OptOut {
				return ev, false
			}
			return store.Kept(ev, same)
		})},
		{"another reading is no Erased record", "EraseReading", strips(func(ev store.Event, same []store.Record) (store.Event, bool) {
			ev, _ = store.Kept(ev, same)
			return ev, false
		})},

		{"a review brings the text back", "EraseHold", strips(func(ev store.Event, _ []store.Record) (store.Event, bool) { return ev, false })},
		{"a review of an erased text has no Actor", "EraseHold", strips(func(ev store.Event, same []store.Record) (store.Event, bool) {
			ev, erased := store.Kept(ev, same)
			if erased {
				ev.Actor = ""
			}
			return ev, erased
		})},
		{"a review must have the words of an erased text", "EraseHold", replays(func(_ store.Event, old *store.Record) { old.Erased = false })},
		{"a review of an erased text names it by its id", "EraseHold", replays(func(ev store.Event, old *store.Record) {
			old.ReceivedAt = ev.ReceivedAt
		})},

		{"texts of one id are not told apart", "EraseApart", leaves(func(_ store.Record, left *store.Record) { blankOf(left) })},
		{"senders of one text are not told apart", "EraseApart", leaves(func(_ store.Record, left *store.Record) {
			if left.Erased {
				left.From = ""
			}
		})},

		{"a Void of an erased event must have its sender", "EraseVoid", func(s *naive) {
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				for _, old := range same {
					if ev.Action == store.Void && old.Erased && old.From != ev.From {
						return store.Record{}, false, store.ErrInvalid
					}
				}
				return store.Replay(ev, same)
			}
		}},
		{"a Void brings the sender back", "EraseVoid", strips(func(ev store.Event, same []store.Record) (store.Event, bool) {
			if ev.Action == store.Void {
				return ev, false
			}
			return store.Kept(ev, same)
		})},
		{"a Void of an erased event has no Actor", "EraseVoid", strips(func(ev store.Event, same []store.Record) (store.Event, bool) {
			ev, erased := store.Kept(ev, same)
			if erased && ev.Action == store.Void {
				ev.Actor = ""
			}
			return ev, erased
		})},
		{"an erased Void stays", "EraseVoid", leaves(func(before store.Record, left *store.Record) {
			if before.Action == store.Void {
				*left = before
			}
		})},
		{"an erased Void takes nothing back", "EraseVoid", leaves(func(_ store.Record, left *store.Record) {
			if left.Action == store.Void {
				left.From = "erased:" + left.RecordedAt.String()
			}
		})},
		{"an erased Void is not known again", "EraseVoid", replays(func(_ store.Event, old *store.Record) {
			if old.Action == store.Void {
				old.ID += "x"
			}
		})},
		{"a Void takes back an erased STOP", "EraseVoid", func(s *naive) {
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				if ev.Action == store.Void && len(same) == 1 && same[0].Erased {
					return store.Record{}, false, nil
				}
				return store.Replay(ev, same)
			}
		}},
		{"senders of one voided ID are not told apart", "EraseVoidOne", leaves(func(_ store.Record, left *store.Record) { blankOf(left) })},
		{"a Void takes back what erased senders have", "EraseVoidOne", leaves(func(before store.Record, left *store.Record) {
			if before.Action == store.OptOut && !before.Erased {
				left.From = ""
			}
		})},

		{"reviews are no longer about their texts", "EraseRandom", leaves(func(_ store.Record, left *store.Record) {
			if left.Action == store.Hold {
				left.Text = "erased:" + left.RecordedAt.String()
			}
		})},
		{"an action with an erased id is a duplicate", "EraseRandom", func(s *naive) {
			s.replay = func(ev store.Event, same []store.Record) (store.Record, bool, error) {
				if len(same) > 0 && same[0].Erased && same[0].Action == ev.Action {
					return same[0], true, nil
				}
				return store.Replay(ev, same)
			}
		}},
	}
}

func eraseCallMutants() []mutant {
	return []mutant{
		{"a key that was never seen gets a record", "EraseUnknown", erases(func(s *naive, right eraseKey) eraseKey {
			return func(ctx context.Context, ev store.Event) error {
				s.mu.Lock()
				if c := s.contact(ev.Key); len(c.records) == 0 {
					c.records = []store.Record{{Event: ev, RecordedAt: s.tick()}}
					s.contacts[ev.Key] = c
				}
				s.mu.Unlock()
				return right(ctx, ev)
			}
		})},
		{"a key that was never seen is blocked", "EraseUnknown", erases(func(s *naive, right eraseKey) eraseKey {
			return func(ctx context.Context, ev store.Event) error {
				s.mu.Lock()
				if c := s.contact(ev.Key); len(c.records) == 0 {
					c.state.Status = store.OptedOut
					s.contacts[ev.Key] = c
				}
				s.mu.Unlock()
				return right(ctx, ev)
			}
		})},
		{"an erasure needs no time", "EraseInvalid", func(s *naive) {
			s.erasure = func(key store.Key, actor, note string, at time.Time) (store.Event, error) {
				if at.IsZero() {
					at = time.Now()
				}
				return store.ErasureOf(key, actor, note, at)
			}
		}},
		{"a bad key is erased without an error", "EraseInvalid", func(s *naive) {
			s.erasure = func(key store.Key, actor, note string, at time.Time) (store.Event, error) {
				if err := key.Validate(); err != nil {
					key = store.Key{Account: "a", Number: "1"}
				}
				return store.ErasureOf(key, actor, note, at)
			}
		}},
		{"Append takes an erasure", "EraseInvalid", func(s *naive) {
			s.normalize = func(ev store.Event) (store.Event, error) {
				kept, err := ev.Normalize()
				if ev.Action == store.Erase {
					return ev, nil
				}
				return kept, err
			}
		}},
		{"the same number of every account is erased", "EraseOne", erases(func(s *naive, right eraseKey) eraseKey {
			return func(ctx context.Context, ev store.Event) error {
				err := right(ctx, ev)
				s.mu.Lock()
				defer s.mu.Unlock()
				for key, c := range s.contacts {
					if key.Number == ev.Key.Number && key != ev.Key {
						c.records[0].Text = ""
					}
				}
				return err
			}
		})},
		{"numbers that begin alike are erased", "EraseOne", erases(func(s *naive, right eraseKey) eraseKey {
			return func(ctx context.Context, ev store.Event) error {
				err := right(ctx, ev)
				s.mu.Lock()
				defer s.mu.Unlock()
				for key, c := range s.contacts {
					if strings.HasPrefix(key.Number, ev.Key.Number) && key != ev.Key {
						c.records[0].Text = ""
					}
				}
				return err
			}
		})},
		{"an Erase ends at 1,000 records", "EraseThousand", func(s *naive) {
			s.left = func(before, after []store.Record) []store.Record {
				if len(before) > 1_000 {
					copy(after[1_000:], before[1_000:])
				}
				return after
			}
		}},
		{"Erase does not look at the context", "EraseCancelled", erases(func(_ *naive, right eraseKey) eraseKey {
			return func(ctx context.Context, ev store.Event) error { return right(context.WithoutCancel(ctx), ev) }
		})},
		{"Erase looks at the context too late", "EraseCancelled", erases(func(_ *naive, right eraseKey) eraseKey {
			return func(ctx context.Context, ev store.Event) error {
				return errors.Join(right(context.WithoutCancel(ctx), ev), ctx.Err())
			}
		})},
		{"Erase leaves half of the records", "EraseMidway", erases(func(s *naive, right eraseKey) eraseKey {
			return func(ctx context.Context, ev store.Event) error {
				if err := ctx.Err(); err != nil {
					return err
				}
				s.mu.Lock()
				if c := s.contact(ev.Key); len(c.records) > 0 {
					first := c.records[0]
					c.records[0].Text, c.records[0].From, c.records[0].Erased = "", "", true
					if err := ctx.Err(); err != nil {
						s.mu.Unlock()
						return err
					}
					c.records[0] = first
				}
				s.mu.Unlock()
				return right(ctx, ev)
			}
		})},
		{"Erase is recorded before it is done", "EraseMidway", erases(func(s *naive, right eraseKey) eraseKey {
			return func(ctx context.Context, ev store.Event) error {
				if err := ctx.Err(); err != nil {
					return err
				}
				s.mu.Lock()
				c := s.contact(ev.Key)
				if before := c.records; len(before) > 0 {
					c.records = append(slices.Clone(before), store.Record{Event: ev, RecordedAt: s.tick(), Prior: c.state.Status})
					if err := ctx.Err(); err != nil {
						s.mu.Unlock()
						return err
					}
					c.records = before
				}
				s.mu.Unlock()
				return right(ctx, ev)
			}
		})},
		{"Erase writes back what it has read, without the last event", "EraseConcurrent", func(s *naive) {
			s.left = func(before, after []store.Record) []store.Record {
				return slices.Delete(after, len(before)-1, len(before))
			}
		}},
		{"Erase erases a part of the last event", "EraseConcurrent", func(s *naive) {
			s.left = func(before, after []store.Record) []store.Record {
				if last := len(before) - 1; before[last].Action != store.Erase {
					after[last].From = before[last].From
				}
				return after
			}
		}},
	}
}
