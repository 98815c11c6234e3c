package storetest_test

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// Count counts the states that tally leaves.
func (s *naive) Count(ctx context.Context, account string) (store.KeyCounts, error) {
	if err := cmp.Or(s.alive(ctx), s.valid(store.Key{Account: account, Number: "1"})); err != nil {
		return store.KeyCounts{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []store.State
	for key := range s.contacts {
		all = append(all, s.state(key))
	}
	tally := s.tally
	if tally == nil {
		tally = ofAccount
	}
	var counts store.KeyCounts
	for _, state := range tally(all, account) {
		counts.Add(state.Status, 1)
	}
	return counts, nil
}

func ofAccount(all []store.State, account string) []store.State {
	return slices.DeleteFunc(all, func(state store.State) bool { return state.Key.Account != account })
}

// tallies plants a bug in what Count counts of an account's states.
func tallies(change func(states []store.State) []store.State) func(*naive) {
	return func(s *naive) {
		s.tally = func(all []store.State, account string) []store.State { return change(ofAccount(all, account)) }
	}
}

func countMutants() []mutant {
	return []mutant{
		{"Count counts all accounts", "CountEqualsGets", func(s *naive) {
			s.tally = func(all []store.State, _ string) []store.State { return all }
		}},
		{"Count counts an account with a blank", "CountEqualsGets", func(s *naive) {
			s.tally = func(all []store.State, account string) []store.State {
				return slices.DeleteFunc(all, func(state store.State) bool { return strings.TrimSpace(state.Key.Account) != account })
			}
		}},
		{"Count counts who is Unknown", "CountEqualsGets", tallies(func(states []store.State) []store.State {
			for i := range states {
				states[i].Status = max(states[i].Status, store.OptedIn)
			}
			return states
		})},
		{"Count counts who is held as opted out", "CountEqualsGets", tallies(func(states []store.State) []store.State {
			for i := range states {
				states[i].Status = min(states[i].Status, store.OptedOut)
			}
			return states
		})},
		{"Count remembers what a number was first", "CountNow", func(s *naive) {
			first := map[store.Key]store.Status{}
			tallies(func(states []store.State) []store.State {
				for i := range states {
					if was, known := first[states[i].Key]; known {
						states[i].Status = was
					} else if states[i].Status != store.Unknown {
						first[states[i].Key] = states[i].Status
					}
				}
				return states
			})(s)
		}},
		{"Count counts one page", "CountThousand", tallies(func(states []store.State) []store.State {
			return states[:min(len(states), store.MaxLimit)]
		})},
		{"Count takes any account", "CountInvalid", anyKey},
		{"Count does not look at the context", "CountCancelled", deaf},
	}
}
