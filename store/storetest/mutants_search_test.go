package storetest_test

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// searching are the steps of a Search that can be replaced by wrong ones.
type searching struct {
	matches func(number string, q store.SearchQuery) bool
	order   func(q store.SearchQuery) func(a, b string) int
	query   func(q store.SearchQuery) string // what a cursor must not be used across
	byPlace bool                             // it goes on by the place, not by the number
}

func rightSearching() searching {
	return searching{
		matches: func(number string, q store.SearchQuery) bool {
			return strings.HasPrefix(number, q.Prefix) && strings.HasSuffix(number, q.Suffix)
		},
		order: func(q store.SearchQuery) func(a, b string) int {
			if q.Suffix == "" {
				return strings.Compare
			}
			return func(a, b string) int { return strings.Compare(reversed(a), reversed(b)) }
		},
		query: func(q store.SearchQuery) string {
			return strings.Join([]string{"search", q.Account, q.Prefix, q.Suffix, q.Status.String(), ""}, "\x00")
		},
	}
}

func reversed(text string) string {
	chars := []rune(text)
	slices.Reverse(chars)
	return string(chars)
}

// Search sorts the account each time. Its cursor is the last number.
func (s *naive) Search(ctx context.Context, q store.SearchQuery) (store.StatePage, error) {
	how := rightSearching()
	if s.searching != nil {
		s.searching(&how)
	}
	limit, err := s.limit(q.Limit)
	if err := cmp.Or(s.alive(ctx), err); err != nil {
		return store.StatePage{}, err
	}
	if s.valid(store.Key{}) != nil { // else any is taken
		if err := q.Validate(); err != nil {
			return store.StatePage{}, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	place, last, err := s.resume(q.After, how.query(q))
	if err != nil {
		return store.StatePage{}, err
	}
	order := how.order(q)
	var states []store.State
	for key := range s.contacts {
		state := s.state(key)
		if !s.filter(state, store.ListQuery{Account: q.Account, Status: q.Status}) || !how.matches(key.Number, q) {
			continue
		}
		if q.After == "" || how.byPlace || order(key.Number, last) > 0 {
			states = append(states, state)
		}
	}
	slices.SortFunc(states, func(a, b store.State) int { return order(a.Key.Number, b.Key.Number) })
	if how.byPlace {
		states = states[min(place, len(states)):]
	}
	to := min(limit, len(states))
	page := store.StatePage{States: s.statePage(states[:to])}
	if to < len(states) || s.openEnd && to > 0 {
		page.Next = next(place+to, states[to-1].Key.Number, how.query(q))
	}
	return page, nil
}

// searches plants a bug in a Search.
func searches(change func(how *searching)) func(*naive) {
	return func(s *naive) { s.searching = change }
}

// matching plants a bug in which numbers a Search finds.
func matching(matches func(number string, q store.SearchQuery) bool) func(*naive) {
	return searches(func(how *searching) { how.matches = matches })
}

func searchMutants() []mutant {
	return []mutant{
		{"Search takes wildcards", "SearchEqualsGets", matching(func(number string, q store.SearchQuery) bool {
			like := strings.NewReplacer("%", ".*", "_", ".").Replace(regexp.QuoteMeta(q.Prefix) + "%" + regexp.QuoteMeta(q.Suffix))
			return regexp.MustCompile("^(?s:" + like + ")$").MatchString(number)
		})},
		{"Search folds case", "SearchEqualsGets", matching(func(number string, q store.SearchQuery) bool {
			number = strings.ToLower(number)
			return strings.HasPrefix(number, strings.ToLower(q.Prefix)) && strings.HasSuffix(number, strings.ToLower(q.Suffix))
		})},
		{"Search finds a text inside", "SearchEqualsGets", matching(func(number string, q store.SearchQuery) bool {
			return strings.Contains(number, q.Prefix) && strings.Contains(number, q.Suffix)
		})},
		{"Search leaves out the number itself", "SearchEqualsGets", matching(func(number string, q store.SearchQuery) bool {
			return strings.HasPrefix(number, q.Prefix) && strings.HasSuffix(number, q.Suffix) && number != q.Prefix+q.Suffix
		})},
		{"Search ends its range at U+FFFF", "SearchEqualsGets", matching(func(number string, q store.SearchQuery) bool {
			rest, is := strings.CutPrefix(number, q.Prefix)
			return is && strings.HasSuffix(number, q.Suffix) && (q.Prefix == "" || rest <= "\uffff")
		})},
		{"Search trims blanks", "SearchEqualsGets", matching(func(number string, q store.SearchQuery) bool {
			return strings.HasPrefix(number, q.Prefix) && strings.HasSuffix(number, strings.TrimSpace(q.Suffix))
		})},
		{"Search for an end is in the order of the numbers", "SearchEqualsGets", searches(func(how *searching) {
			how.order = func(store.SearchQuery) func(a, b string) int { return strings.Compare }
		})},
		{"Search writes numbers backwards byte by byte", "SearchEqualsGets", searches(func(how *searching) {
			bytewise := func(text string) string {
				bytes := []byte(text)
				slices.Reverse(bytes)
				return string(bytes)
			}
			right := how.order
			how.order = func(q store.SearchQuery) func(a, b string) int {
				if q.Suffix == "" {
					return right(q)
				}
				return func(a, b string) int { return strings.Compare(bytewise(a), bytewise(b)) }
			}
		})},
		{"Search has who is Unknown", "SearchEqualsGets", func(s *naive) {
			s.filter = func(state store.State, q store.ListQuery) bool {
				return state.Key.Account == q.Account && (q.Status == store.Unknown || q.Status == state.Status)
			}
		}},
		{"Search finds who was opted out once", "SearchNow", func(s *naive) {
			s.filter = func(state store.State, q store.ListQuery) bool {
				out := q.Status == store.OptedOut && after(s.contact(state.Key).records, store.OptOut)
				return state.Key.Account == q.Account && state.Status != store.Unknown &&
					(q.Status == store.Unknown || q.Status == state.Status || out)
			}
		}},
		{"Search takes any account and text", "SearchInvalid", anyKey},
		{"Search does not look at the context", "SearchCancelled", deaf},
		{"Search skips the first of a page", "SearchLimit", func(s *naive) {
			s.statePage = func(states []store.State) []store.State { return slices.Clone(states[min(1, len(states)):]) }
		}},
		{"Search has no largest page", "SearchThousand", boundless},
		{"Search looks at 1,000 numbers", "SearchThousand", func(s *naive) { listEnds(s, 1_000) }},
		{"Search goes on by the place", "SearchStable", searches(func(how *searching) { how.byPlace = true })},
		{"Search takes the cursor of a List", "SearchCursor", searches(func(how *searching) {
			how.query = func(q store.SearchQuery) string { return "list\x00" + q.Account + "\x00" + q.Status.String() + "\x00" }
		})},
		{"Search takes the cursor of another Prefix", "SearchCursor", searches(func(how *searching) {
			how.query = func(q store.SearchQuery) string { return "search" + q.Account + q.Suffix + q.Status.String() }
		})},
		{"Search takes the cursor of another status", "SearchCursor", searches(func(how *searching) {
			how.query = func(q store.SearchQuery) string { return "search" + q.Account + "\x00" + q.Prefix + "\x00" + q.Suffix }
		})},
		{"Search does not tell a Prefix from a Suffix", "SearchCursor", searches(func(how *searching) {
			how.query = func(q store.SearchQuery) string {
				return "search" + q.Account + q.Prefix + q.Suffix + q.Status.String()
			}
		})},
		{"a page of Search is the store's own slice", "SearchSlice", ownSlice(ofList)},
	}
}
