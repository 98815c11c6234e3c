package storetest_test

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// GetRecords returns the records that have the id by byID.
func (s *naive) GetRecords(ctx context.Context, key store.Key, id string) ([]store.Record, error) {
	if err := cmp.Or(s.alive(ctx), s.valid(key), s.validID(id)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	byID := s.byID
	if byID == nil {
		byID = withID
	}
	return byID(s.contact(s.lookup(s.key(key))).records, id), nil
}

// validID takes any id where any key is taken.
func (s *naive) validID(id string) error {
	if s.valid(store.Key{}) == nil {
		return nil
	}
	return store.ValidateID(id)
}

func withID(records []store.Record, id string) []store.Record {
	return slices.DeleteFunc(slices.Clone(records), func(r store.Record) bool { return r.ID != id })
}

// recordsOf plants a bug in what GetRecords returns of a key's records.
func recordsOf(byID func(records []store.Record, id string) []store.Record) func(*naive) {
	return func(s *naive) { s.byID = byID }
}

func recordsMutants() []mutant {
	return []mutant{
		{"GetRecords returns the first record with the id", "RecordsEqualHistory", recordsOf(func(all []store.Record, id string) []store.Record {
			found := withID(all, id)
			return found[:min(1, len(found))]
		})},
		{"GetRecords returns the newest first", "RecordsEqualHistory", recordsOf(func(all []store.Record, id string) []store.Record {
			found := withID(all, id)
			slices.Reverse(found)
			return found
		})},
		{"GetRecords leaves out reviews", "RecordsEqualHistory", recordsOf(func(all []store.Record, id string) []store.Record {
			return slices.DeleteFunc(withID(all, id), func(r store.Record) bool { return r.Action == store.Release })
		})},
		{"GetRecords folds case", "RecordsEqualHistory", recordsOf(func(all []store.Record, id string) []store.Record {
			return slices.DeleteFunc(slices.Clone(all), func(r store.Record) bool { return !strings.EqualFold(r.ID, id) })
		})},
		{"GetRecords trims the id", "RecordsEqualHistory", recordsOf(func(all []store.Record, id string) []store.Record {
			return withID(all, strings.TrimSpace(id))
		})},
		{"GetRecords looks for ids that begin so", "RecordsEqualHistory", recordsOf(func(all []store.Record, id string) []store.Record {
			return slices.DeleteFunc(slices.Clone(all), func(r store.Record) bool { return !strings.HasPrefix(r.ID, id) })
		})},
		{"GetRecords looks into one page", "RecordsThousand", recordsOf(func(all []store.Record, id string) []store.Record {
			return withID(all[:min(len(all), store.MaxLimit)], id)
		})},
		{"GetRecords takes any key and id", "RecordsInvalid", anyKey},
		{"GetRecords does not look at the context", "RecordsCancelled", deaf},
		{"GetRecords returns the store's own slice", "RecordsSlice", func(s *naive) {
			kept := map[string][]store.Record{}
			s.byID = func(all []store.Record, id string) []store.Record {
				if kept[id] == nil {
					kept[id] = withID(all, id)
				}
				return kept[id]
			}
		}},
	}
}
