package storetest_test

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// anyKey, deaf, endless and boundless are stores that do not look at the key, the context,
// the limit, or the largest limit.

func anyKey(s *naive) { s.valid = func(store.Key) error { return nil } }

func deaf(s *naive) { s.alive = func(context.Context) error { return nil } }

func endless(s *naive) { s.limit = func(int) (int, error) { return 10_000, nil } }

func boundless(s *naive) {
	s.limit = func(limit int) (int, error) { return cmp.Or(limit, store.DefaultLimit), nil }
}

// opens plants a bug in how a cursor is read.
func opens(change func(c store.Cursor, query string, place int, err error) (int, error)) func(*naive) {
	return func(s *naive) {
		s.open = func(c store.Cursor, query string) (int, error) {
			place, err := openCursor(c, query)
			return change(c, query, place, err)
		}
	}
}

// The pages of a store.

func ofHistory(s *naive) *func([]store.Record) []store.Record { return &s.page }

func ofList(s *naive) *func([]store.State) []store.State { return &s.statePage }

func ofChanges(s *naive) *func([]store.Record) []store.Record { return &s.changes }

func ofReviews(s *naive) *func([]store.Record) []store.Record { return &s.reviewed }

// ownSlice returns pages of the same length as the same slice.
func ownSlice[T any](page func(s *naive) *func([]T) []T) func(*naive) {
	return func(s *naive) {
		cache := map[int][]T{}
		*page(s) = func(entries []T) []T {
			if page, ok := cache[len(entries)]; ok {
				return page
			}
			cache[len(entries)] = entries
			return entries
		}
	}
}

// paged plants a bug in what a page of History has.
func paged(change func(page []store.Record) []store.Record) func(*naive) {
	return func(s *naive) {
		s.page = func(page []store.Record) []store.Record { return change(slices.Clone(page)) }
	}
}

// batched plants a bug in what GetBatch returns.
func batched(change func(states []store.State) []store.State) func(*naive) {
	return func(s *naive) {
		s.batch = func(_ []string, states []store.State) []store.State { return change(states) }
	}
}

// waiting plants a bug in which holds wait.
func waiting(change func(c *contact, places []int) []int) func(*naive) {
	return func(s *naive) {
		waits := s.waits
		s.waits = func(c *contact) []int { return change(c, slices.Clone(waits(c))) }
	}
}

func historyMutants() []mutant {
	return []mutant{
		{"the newest comes first", "HistoryOrder", paged(func(page []store.Record) []store.Record {
			slices.Reverse(page)
			return page
		})},
		{"the second event is lost", "HistoryOrder", func(s *naive) {
			s.lost = func(all []store.Record, _ store.Record) bool { return len(all) == 1 }
		}},
		{"the order is by the provider's time", "HistoryOrder", paged(func(page []store.Record) []store.Record {
			slices.SortStableFunc(page, func(a, b store.Record) int { return a.At.Compare(b.At) })
			return page
		})},
		{"the limit is ignored", "HistoryLimit", endless},
		{"a negative limit is taken", "HistoryLimit", func(s *naive) {
			s.limit = func(limit int) (int, error) { return store.PageLimit(max(limit, 0)) }
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
		{"the last page is not reached", "HistoryLimit", opens(func(_ store.Cursor, _ string, place int, err error) (int, error) {
			if place == 11 {
				place++
			}
			return place, err
		})},
		{"there is no largest page", "HistoryThousand", boundless},
		{"the 1,001st event of a key is lost", "HistoryThousand", loses(1_001)},
		{"the first of more than 1,000 events is lost", "HistoryThousand", func(s *naive) {
			s.page = func(records []store.Record) []store.Record {
				if len(records) == store.MaxLimit {
					records[0] = store.Record{}
				}
				return slices.Clone(records)
			}
		}},
		{"places are sorted as texts", "HistoryThousand", opens(func(_ store.Cursor, _ string, place int, err error) (int, error) {
			if place == 1_000 {
				place = 2
			}
			return place, err
		})},
		{"a page is counted from the end", "HistoryStable", func(s *naive) {
			s.open = func(c store.Cursor, query string) (int, error) {
				place, err := openCursor(c, query)
				for _, contact := range s.contacts {
					if place > 0 && len(contact.records) > 10 {
						place += len(contact.records) - 10
					}
				}
				return place, err
			}
		}},
		{"a record shows up after a later one", "HistoryConcurrent", func(s *naive) {
			var pages int
			s.page = func(records []store.Record) []store.Record {
				records = slices.Clone(records)
				if pages++; pages%5 == 0 && len(records) > 1 {
					return slices.Delete(records, 0, 1)
				}
				return records
			}
		}},
		{"a foreign cursor is taken", "HistoryCursor", opens(func(c store.Cursor, _ string, place int, err error) (int, error) {
			if err != nil && regexp.MustCompile(`^\d-[0-9a-f]{8}$`).MatchString(string(c)) {
				return int(c[0] - '0'), nil
			}
			return place, err
		})},
		{"a broken cursor is the first page", "HistoryCursor", opens(func(_ store.Cursor, _ string, place int, _ error) (int, error) {
			return place, nil
		})},
		{"a cursor is trimmed", "HistoryCursor", func(s *naive) {
			s.open = func(c store.Cursor, query string) (int, error) {
				return openCursor(store.Cursor(strings.TrimSpace(string(c))), query)
			}
		}},
		{"a page is the store's own slice", "HistorySlice", func(s *naive) {
			s.page = func(records []store.Record) []store.Record { return records }
		}},
	}
}

func batchMutants() []mutant {
	return []mutant{
		{"GetBatch sorts", "BatchEqualsGets", batched(func(states []store.State) []store.State {
			slices.SortFunc(states, func(a, b store.State) int { return strings.Compare(a.Key.Number, b.Key.Number) })
			return states
		})},
		{"GetBatch drops duplicates", "BatchEqualsGets", batched(slices.Compact[[]store.State])},
		{"GetBatch leaves out the unknown", "BatchEqualsGets", batched(func(states []store.State) []store.State {
			return slices.DeleteFunc(states, func(state store.State) bool { return state.Status == store.Unknown })
		})},
		{"GetBatch answers the second of two equal numbers as Unknown", "BatchEqualsGets", batched(func(states []store.State) []store.State {
			for i := 1; i < len(states); i++ {
				if states[i] == states[i-1] {
					states[i] = store.State{Key: states[i].Key}
				}
			}
			return states
		})},
		{"GetBatch ends at 1,000", "BatchEqualsGets", batchEnds(1_000)},
		{"GetBatch ends at 2,499", "BatchEqualsGets", batchEnds(2_499)},
		{"GetBatch takes any key", "BatchInvalid", anyKey},
		{"GetBatch does not look at the context", "BatchCancelled", deaf},
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
	}
}

func listMutants() []mutant {
	return []mutant{
		{"List ignores the status", "ListEqualsGets", func(s *naive) {
			s.filter = func(state store.State, q store.ListQuery) bool {
				return state.Key.Account == q.Account && state.Status != store.Unknown
			}
		}},
		{"List has who is Unknown", "ListEqualsGets", func(s *naive) {
			s.filter = func(state store.State, q store.ListQuery) bool {
				return state.Key.Account == q.Account && (q.Status == store.Unknown || q.Status == state.Status)
			}
		}},
		{"List folds case in its order", "ListEqualsGets", func(s *naive) {
			s.order = func(a, b string) int {
				return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(a, b))
			}
		}},
		{"List sorts by the length of a number", "ListEqualsGets", func(s *naive) {
			s.order = func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
		}},
		{"List takes any account", "ListInvalid", anyKey},
		{"List does not look at the context", "ListCancelled", deaf},
		{"List skips the first of a page", "ListLimit", func(s *naive) {
			s.statePage = func(states []store.State) []store.State { return slices.Clone(states[min(1, len(states)):]) }
		}},
		{"List has no largest page", "ListThousand", boundless},
		{"List ends at 1,000", "ListThousand", func(s *naive) { listEnds(s, 1_000) }},
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
		{"a page of List is the store's own slice", "ListSlice", ownSlice(ofList)},
	}
}

func reviewsMutants() []mutant {
	since := func(change func(time.Time) time.Time) func(*naive) {
		return func(s *naive) {
			s.since = func(r store.Record) time.Time { return change(r.ReceivedOrRecorded()) }
		}
	}
	return []mutant{
		{"Reviews are sorted by when they were recorded", "ReviewsOrder", func(s *naive) {
			s.since = func(r store.Record) time.Time { return r.RecordedAt }
		}},
		{"Reviews are sorted by the provider's time", "ReviewsOrder", func(s *naive) {
			s.since = func(r store.Record) time.Time { return r.At }
		}},
		{"Reviews are sorted in seconds", "ReviewsOrder", since(func(t time.Time) time.Time { return t.Truncate(time.Second) })},
		{"Reviews are sorted in 32 bits", "ReviewsOrder", since(func(t time.Time) time.Time {
			return time.Unix(int64(int32(t.Unix())), int64(t.Nanosecond()))
		})},
		{"Reviews have one of each key", "ReviewsOrder", waiting(func(_ *contact, places []int) []int { return places[:min(1, len(places))] })},
		{"what was released waits", "ReviewsOrder", func(s *naive) {
			s.waits = func(c *contact) []int {
				var holds []int
				for place, r := range c.records {
					if r.Action == store.Hold && c.state.Status != store.OptedIn {
						holds = append(holds, place)
					}
				}
				return holds
			}
		}},
		{"Reviews of an opted-out key wait", "ReviewsHidden", func(s *naive) {
			s.waits = func(c *contact) []int { return c.ledger().Open() }
		}},
		{"Reviews of a key that was opted out do not wait again", "ReviewsHidden", waiting(func(c *contact, places []int) []int {
			if after(c.records, store.OptOut) {
				return nil
			}
			return places
		})},
		{"Reviews forget a hold that came while opted out", "ReviewsRandom", waiting(func(c *contact, places []int) []int {
			return slices.DeleteFunc(places, func(place int) bool { return c.records[place].Prior == store.OptedOut })
		})},
		{"Reviews forget a hold whose id another event has", "ReviewsRandom", waiting(func(c *contact, places []int) []int {
			return slices.DeleteFunc(places, func(place int) bool {
				return slices.ContainsFunc(c.records[place+1:], func(r store.Record) bool { return r.ID == c.records[place].ID })
			})
		})},
		{"Reviews of any account are taken", "ReviewsInvalid", anyKey},
		{"Reviews goes on without the caller", "ReviewsCancelled", deaf},
		{"a page of Reviews is one too long", "ReviewsLimit", func(s *naive) {
			s.limit = func(limit int) (int, error) {
				limit, err := store.PageLimit(limit)
				return limit + 1, err
			}
		}},
		{"Reviews has no largest page", "ReviewsThousand", boundless},
		{"Reviews has at most 100 of one key", "ReviewsThousand", waiting(func(_ *contact, places []int) []int {
			return places[:min(100, len(places))]
		})},
		{"Reviews lists the last of a page again", "ReviewsStable", func(s *naive) {
			var last []store.Record
			s.reviewed = func(page []store.Record) []store.Record {
				page, last = append(slices.Clone(last), page...), page[max(0, len(page)-1):]
				return page[:min(len(page), 3)]
			}
		}},
		{"Reviews counts the open holds of a key", "ReviewsStable", func(s *naive) {
			s.nth = func(c *contact, place int) int {
				return slices.Index(slices.Sorted(slices.Values(c.ledger().Open())), place)
			}
		}},
		{"Reviews takes the cursor of another account", "ReviewsCursor", func(s *naive) {
			s.open = func(c store.Cursor, query string) (int, error) {
				if strings.HasPrefix(query, "reviews\x00") && strings.Contains(string(c), "-") {
					return 0, nil
				}
				return openCursor(c, query)
			}
		}},
		{"a page of Reviews is the store's own slice", "ReviewsSlice", ownSlice(ofReviews)},
	}
}

func changesMutants() []mutant {
	lists := func(change func(r store.Record, q store.ChangesQuery, right bool) bool) func(*naive) {
		return func(s *naive) {
			right := s.changed
			s.changed = func(r store.Record, q store.ChangesQuery) bool { return change(r, q, right(r, q)) }
		}
	}
	return []mutant{
		{"Changes is sorted by the provider's time", "ChangesOrder", func(s *naive) {
			s.recorded = func(r store.Record) time.Time { return r.At }
		}},
		{"the newest of a page of Changes comes first", "ChangesOrder", func(s *naive) {
			s.changes = func(page []store.Record) []store.Record {
				page = slices.Clone(page)
				slices.Reverse(page)
				return page
			}
		}},
		{"Changes is sorted by number", "ChangesOrder", func(s *naive) {
			s.changes = func(page []store.Record) []store.Record {
				return slices.SortedStableFunc(slices.Values(page), func(a, b store.Record) int { return cmp.Compare(a.Key.Number, b.Key.Number) })
			}
		}},
		{"Changes has what is recorded in other accounts", "ChangesOrder", lists(func(r store.Record, q store.ChangesQuery, _ bool) bool {
			return strings.HasPrefix(r.Key.Account, q.Account)
		})},
		{"Changes leaves out what had no effect", "ChangesOrder", lists(func(r store.Record, _ store.ChangesQuery, right bool) bool {
			return right && r.Effective
		})},
		{"Changes has the last record of a number alone", "ChangesOrder", func(s *naive) {
			lists(func(r store.Record, _ store.ChangesQuery, right bool) bool {
				all := s.contact(r.Key).records
				return right && all[len(all)-1].RecordedAt.Equal(r.RecordedAt)
			})(s)
		}},
		{"Changes forgets the second event of a batch", "ChangesBatch", func(s *naive) {
			hidden := map[string]bool{}
			right := s.appendAll
			s.appendAll = func(ctx context.Context, events []store.Event) ([]store.Result, error) {
				if len(events) > 1 {
					hidden[events[1].ID] = true
				}
				return right(ctx, events)
			}
			lists(func(r store.Record, _ store.ChangesQuery, right bool) bool { return right && !hidden[r.ID] })(s)
		}},
		{"the last page of Changes has no cursor", "ChangesGoOn", func(s *naive) {
			s.lastNext = func(next store.Cursor, more bool) store.Cursor {
				if more {
					return next
				}
				return ""
			}
		}},
		{"Changes lists the last record again", "ChangesGoOn", func(s *naive) {
			last := store.Record{}
			s.changes = func(page []store.Record) []store.Record {
				page = slices.Clone(page)
				if len(page) > 0 && last.Key.Account == page[0].Key.Account {
					page = append([]store.Record{last}, page...)
				}
				if len(page) > 0 {
					last = page[len(page)-1]
				}
				return page
			}
		}},
		{"a cursor of Changes is a second", "ChangesGoOn", func(s *naive) {
			s.recorded = func(r store.Record) time.Time { return r.RecordedAt.Truncate(time.Second) }
		}},
		{"Changes reads past what is not there yet", "ChangesMissNone", func(s *naive) {
			late := map[string]bool{} // what was there for one more read, and hidden
			lists(func(r store.Record, _ store.ChangesQuery, right bool) bool {
				if right && !late[r.ID] && r.Action == store.OptIn {
					late[r.ID] = true
					return false
				}
				return right
			})(s)
		}},
		{"Changes lists what came late after what came next", "ChangesMissNone", func(s *naive) {
			s.recorded = func(r store.Record) time.Time {
				if r.Action == store.OptIn {
					return r.RecordedAt.Add(time.Hour)
				}
				return r.RecordedAt
			}
		}},
		{"Since is ignored", "ChangesSince", lists(func(r store.Record, q store.ChangesQuery, _ bool) bool {
			return r.Key.Account == q.Account
		})},
		{"Since is a time before the first", "ChangesSince", lists(func(r store.Record, q store.ChangesQuery, right bool) bool {
			return right && !r.RecordedAt.Equal(q.Since)
		})},
		{"Since is cut to a microsecond", "ChangesSince", lists(func(r store.Record, q store.ChangesQuery, _ bool) bool {
			return r.Key.Account == q.Account && !r.RecordedAt.Before(q.Since.Truncate(time.Microsecond))
		})},
		{"Since is the provider's time", "ChangesSince", lists(func(r store.Record, q store.ChangesQuery, _ bool) bool {
			return r.Key.Account == q.Account && !r.At.Before(q.Since)
		})},
		{"Since is compared in 32 bits", "ChangesSince", lists(func(r store.Record, q store.ChangesQuery, right bool) bool {
			return right || r.Key.Account == q.Account && int32(r.RecordedAt.Unix()) >= int32(q.Since.Unix()) && q.Since.Year() > 2_100
		})},
		{"Changes of any account is taken", "ChangesInvalid", anyKey},
		{"Changes goes on without the caller", "ChangesCancelled", deaf},
		{"a page of Changes is one too long", "ChangesLimit", func(s *naive) {
			s.limit = func(limit int) (int, error) {
				limit, err := store.PageLimit(limit)
				return limit + 1, err
			}
		}},
		{"Changes skips a record after a page", "ChangesLimit", func(s *naive) { s.changes = skips(6) }},
		{"Changes has no largest page", "ChangesThousand", boundless},
		{"Changes takes the cursor of another account", "ChangesCursor", func(s *naive) {
			s.open = func(c store.Cursor, query string) (int, error) {
				if strings.HasPrefix(query, "changes\x00") && strings.Contains(string(c), "-") {
					return 0, nil
				}
				return openCursor(c, query)
			}
		}},
		{"a page of Changes is the store's own slice", "ChangesSlice", ownSlice(ofChanges)},
	}
}

// skips leaves the last record of a page of some length out.
func skips(length int) func([]store.Record) []store.Record {
	return func(page []store.Record) []store.Record {
		page = slices.Clone(page)
		if len(page) == length {
			page = page[:length-1]
		}
		return page
	}
}
