package storetest_test

import (
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

func ofIDs(s *naive) *func([]store.Record) []store.Record { return &s.idPage }

func idsMutants() []mutant {
	matches := func(match func(id, prefix string) bool) func(*naive) {
		return func(s *naive) { s.begins = match }
	}
	return []mutant{
		{"EventIDs takes a prefix for a pattern", "EventIDsOrder", matches(func(id, prefix string) bool {
			return strings.HasPrefix(id, prefix) || prefix == "%"
		})},
		{"EventIDs folds the case", "EventIDsOrder", matches(func(id, prefix string) bool {
			return strings.HasPrefix(strings.ToLower(id), strings.ToLower(prefix))
		})},
		{"EventIDs trims the prefix", "EventIDsOrder", matches(func(id, prefix string) bool {
			return strings.HasPrefix(id, strings.TrimSpace(prefix))
		})},
		{"EventIDs looks for the whole ID", "EventIDsOrder", matches(func(id, prefix string) bool { return prefix == "" || id == prefix })},
		{"EventIDs leaves out the prefix itself", "EventIDsOrder", matches(func(id, prefix string) bool {
			return strings.HasPrefix(id, prefix) && id != prefix
		})},
		{"EventIDs ends before the last rune", "EventIDsOrder", matches(func(id, prefix string) bool {
			return strings.HasPrefix(id, prefix) && id < prefix+"\U0010ffff"
		})},
		{"EventIDs is in the order of recording", "EventIDsOrder", func(s *naive) {
			s.idOrder = func(a, b store.Record) int { return a.RecordedAt.Compare(b.RecordedAt) }
		}},
		{"EventIDs sorts one ID by when it was recorded", "EventIDsOrder", func(s *naive) {
			s.idOrder = func(a, b store.Record) int {
				if order := strings.Compare(a.ID, b.ID); order != 0 {
					return order
				}
				return b.RecordedAt.Compare(a.RecordedAt)
			}
		}},
		{"EventIDs has one record of an ID and number", "EventIDsOrder", func(s *naive) {
			s.idPage = func(page []store.Record) []store.Record {
				return slices.CompactFunc(slices.Clone(page), func(a, b store.Record) bool { return a.ID == b.ID && a.Key == b.Key })
			}
		}},
		{"EventIDs leaves out what was voided", "EventIDsOrder", func(s *naive) {
			s.idPage = func(page []store.Record) []store.Record {
				return slices.DeleteFunc(slices.Clone(page), func(r store.Record) bool {
					voids := func(v store.Record) bool { return v.ID == store.VoidPrefix+r.ID && v.Action == store.Void }
					return slices.ContainsFunc(s.contacts[r.Key].records, voids)
				})
			}
		}},
		{"EventIDs has opt-outs only", "EventIDsOrder", func(s *naive) {
			s.idPage = func(page []store.Record) []store.Record {
				return slices.DeleteFunc(slices.Clone(page), func(r store.Record) bool { return r.Action != store.OptOut })
			}
		}},
		{"EventIDs of any account are taken", "EventIDsInvalid", anyKey},
		{"EventIDs takes any prefix", "EventIDsInvalid", func(s *naive) { s.validPrefix = func(string) error { return nil } }},
		{"EventIDs goes on without the caller", "EventIDsCancelled", deaf},
		{"a page of EventIDs is one too long", "EventIDsLimit", func(s *naive) {
			s.limit = func(limit int) (int, error) {
				limit, err := store.PageLimit(limit)
				return limit + 1, err
			}
		}},
		{"EventIDs has no largest page", "EventIDsThousand", boundless},
		{"EventIDs lists the last of a page again", "EventIDsStable", func(s *naive) {
			var last []store.Record
			s.idPage = func(page []store.Record) []store.Record {
				page, last = append(slices.Clone(last), page...), page[max(0, len(page)-1):]
				return page[:min(len(page), 2)]
			}
		}},
		{"EventIDs goes on by the place", "EventIDsStable", func(s *naive) { s.byPlace = true }},
		{"EventIDs goes on after the ID", "EventIDsStable", func(s *naive) {
			s.idOrder = func(a, b store.Record) int { return strings.Compare(a.ID, b.ID) }
			s.idAfterID = true
		}},
		{"EventIDs takes the cursor of another prefix", "EventIDsCursor", func(s *naive) {
			s.open = func(c store.Cursor, query string) (int, error) {
				if strings.HasPrefix(query, "ids\x00") && strings.Contains(string(c), "-") {
					return 0, nil
				}
				return openCursor(c, query)
			}
		}},
		{"a page of EventIDs is the store's own slice", "EventIDsSlice", ownSlice(ofIDs)},
	}
}
