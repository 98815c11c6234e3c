package optout_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// pagesOf puts pages of a limit together, of which all but the last are full.
func pagesOf[T any](t require.TestingT, limit int, page func(after store.Cursor) ([]T, store.Cursor, error)) []T {
	var all []T
	var after store.Cursor
	for {
		items, next, err := page(after)
		require.NoError(t, err)
		all = append(all, items...)
		if next == "" {
			require.LessOrEqual(t, len(items), limit)
			return all
		}
		require.Len(t, items, limit, "a page that is not the last is full")
		after = next
	}
}

func optedOutPages(ctx context.Context, t require.TestingT, g *optout.Guard, limit int) []store.State {
	return pagesOf(t, limit, func(after store.Cursor) ([]store.State, store.Cursor, error) {
		page, err := g.OptedOutPage(ctx, account, after, limit)
		return page.States, page.Next, err
	})
}

func reviewsPages(ctx context.Context, t require.TestingT, g *optout.Guard, limit int) []optout.Review {
	return pagesOf(t, limit, func(after store.Cursor) ([]optout.Review, store.Cursor, error) {
		page, err := g.ReviewsPage(ctx, account, after, limit)
		return page.Reviews, page.Next, err
	})
}

// TestPagesHaveWhatTheIteratorsYield, in the same order and each once, also where a contact
// has several keys, which may be on different pages.
func TestPagesHaveWhatTheIteratorsYield(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx := t.Context()
		s := memstore.New()
		region := rapid.SampledFrom([]string{"US", "SG", ""}).Draw(t, "region")
		g := play(t, s, region)[0]
		var out []store.State
		for state, err := range g.OptedOut(ctx, account) {
			require.NoError(t, err)
			out = append(out, state)
		}
		var waiting []optout.Review
		for review, err := range g.Reviews(ctx, account) {
			require.NoError(t, err)
			waiting = append(waiting, review)
		}
		for _, limit := range []int{1, 2, 3, 1_000} {
			require.Equal(t, out, optedOutPages(ctx, t, g, limit), "in pages of %d", limit)
			require.Equal(t, waiting, reviewsPages(ctx, t, g, limit), "in pages of %d", limit)
		}
	})
}

func TestATextUnderTwoKeysIsOnOnePage(t *testing.T) {
	s := memstore.New()
	g := guardAt(t, s, optout.Options{Texts: optout.PolicyHold})
	for i := range 3 {
		m := text(fmt.Sprint(i), "please stop texting me", at(i))
		m.From, m.ReceivedAt = "+551198765432"+strconv.Itoa(i), at(10)
		receive(t, g, m)
	}
	for _, limit := range []int{1, 2, 100} {
		require.Len(t, reviewsPages(t.Context(), t, g, limit), 3)
	}
	text := reviewsPages(t.Context(), t, g, 100)[0]
	release := text.Event // of one of the copies: the host failed before the other
	release.Action, release.Source, release.Actor = store.Release, store.SourceReview, "anna"
	_, err := s.Append(t.Context(), release)
	require.NoError(t, err)
	for _, limit := range []int{1, 2, 100} {
		reviews := reviewsPages(t.Context(), t, g, limit)
		require.Len(t, reviews, 3)
		require.NotContains(t, reviews, text, "the other copy waits")
	}
}

func TestPagesRefuseACursorOfAnotherList(t *testing.T) {
	ctx := t.Context()
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	for i, body := range []string{"STOP", "STOP", "please stop texting me", "please stop texting me"} {
		m := text(fmt.Sprint(i), body, at(i))
		m.From = "+1415555010" + strconv.Itoa(i)
		receive(t, g, m)
	}
	out, err := g.OptedOutPage(ctx, account, "", 1)
	require.NoError(t, err)
	waiting, err := g.ReviewsPage(ctx, account, "", 1)
	require.NoError(t, err)
	found, err := g.Search(ctx, store.SearchQuery{Account: account, Prefix: "+1", Limit: 1})
	require.NoError(t, err)
	cursors := map[string]store.Cursor{"broken": "x", "OptedOutPage": out.Next, "ReviewsPage": waiting.Next, "Search": found.Next}
	for of, after := range cursors {
		require.NotEmpty(t, after)
		for name, page := range map[string]func(account string) error{
			"OptedOutPage": func(account string) error {
				_, err := g.OptedOutPage(ctx, account, after, 1)
				return err
			},
			"ReviewsPage": func(account string) error {
				_, err := g.ReviewsPage(ctx, account, after, 1)
				return err
			},
			"Search": func(account string) error {
				_, err := g.Search(ctx, store.SearchQuery{Account: account, Prefix: "+1", After: after, Limit: 1})
				return err
			},
		} {
			require.ErrorIs(t, page("other"), store.ErrBadCursor, "%s after %s", name, of)
			if name == of {
				require.NoError(t, page(account))
			} else {
				require.ErrorIs(t, page(account), store.ErrBadCursor, "%s after %s", name, of)
			}
		}
	}
}

func TestPagesHaveALimit(t *testing.T) {
	g := newGuard(t, nil)
	var rows []optout.Request
	for i := range 1_002 {
		rows = append(rows, optout.Request{Account: account, Number: fmt.Sprintf("+1415%07d", 5_550_100+i), ID: strconv.Itoa(i)})
	}
	_, err := g.RecordOptOuts(t.Context(), rows)
	require.NoError(t, err)
	for limit, want := range map[int]int{0: 100, 1: 1, 1_000: 1_000, 1_001: 1_000, 5_000: 1_000} {
		page, err := g.OptedOutPage(t.Context(), account, "", limit)
		require.NoError(t, err)
		require.Len(t, page.States, want)
		require.NotEmpty(t, page.Next)
		found, err := g.Search(t.Context(), store.SearchQuery{Account: account, Prefix: "+1415", Limit: limit})
		require.NoError(t, err)
		require.Equal(t, page.States, found.States)
	}
	_, err = g.OptedOutPage(t.Context(), account, "", -1)
	require.ErrorIs(t, err, store.ErrInvalid)
	_, err = g.ReviewsPage(t.Context(), account, "", -1)
	require.ErrorIs(t, err, store.ErrInvalid)
}

func TestPagesFailWithTheStore(t *testing.T) {
	ctx := t.Context()
	failing := errors.New("no route")
	s := memstore.New()
	for kind, page := range map[faultstore.OpKind]func(g *optout.Guard) (int, error){
		faultstore.OpList: func(g *optout.Guard) (int, error) {
			page, err := g.OptedOutPage(ctx, account, "", 0)
			return len(page.States) + len(page.Next), err
		},
		faultstore.OpReviews: func(g *optout.Guard) (int, error) {
			page, err := g.ReviewsPage(ctx, account, "", 0)
			return len(page.Reviews) + len(page.Next), err
		},
		faultstore.OpSearch: func(g *optout.Guard) (int, error) {
			page, err := g.Search(ctx, store.SearchQuery{Account: account, Suffix: "1"})
			return len(page.States) + len(page.Next), err
		},
	} {
		g, err := optout.New(faultstore.Wrap(s, faultstore.OnKind(kind, failing)), nil)
		require.NoError(t, err)
		got, err := page(g)
		require.ErrorIs(t, err, failing)
		require.Zero(t, got)
		_, err = page(g.With(bare{s}))
		require.ErrorIs(t, err, errors.ErrUnsupported)
		_, err = page(g.With(nil))
		require.Error(t, err)
	}
	g, err := optout.New(roundabout{bare{s}}, nil)
	require.NoError(t, err)
	_, err = g.OptedOutPage(ctx, account, "", 0)
	require.ErrorContains(t, err, "do not end")
}

// roundabout has pages without end, and nothing in them.
type roundabout struct{ store.Store }

func (roundabout) List(context.Context, store.ListQuery) (store.StatePage, error) {
	return store.StatePage{Next: "again"}, nil
}

// strangers finds numbers of another account.
type strangers struct{ *memstore.Store }

func (strangers) Search(context.Context, store.SearchQuery) (store.StatePage, error) {
	return store.StatePage{States: []store.State{{Key: store.Key{Account: "other", Number: contact}, Status: store.OptedOut}}}, nil
}

func TestASearchAcceptsNoOtherAccount(t *testing.T) {
	g, err := optout.New(strangers{memstore.New()}, nil)
	require.NoError(t, err)
	page, err := g.Search(t.Context(), store.SearchQuery{Account: account, Prefix: "+"})
	require.Error(t, err)
	require.Empty(t, page)
}

// counting counts the calls of List.
type counting struct {
	*memstore.Store

	lists int
}

func (c *counting) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	c.lists++
	return c.Store.List(ctx, q)
}

// TestAPageSkipsWhatIsListedElsewhereInFewQueries: each contact of 4,000 is also kept under its
// digits, which come first in the order of the keys.
func TestAPageSkipsWhatIsListedElsewhereInFewQueries(t *testing.T) {
	const contacts = 4_000
	s := &counting{Store: memstore.New()}
	g := guardAt(t, s, optout.Options{DefaultRegion: "US"})
	requests := make([]optout.Request, contacts)
	for i := range requests {
		requests[i] = optout.Request{Account: account, Number: fmt.Sprintf("415%07d", 2_000_000+i)}
	}
	_, err := g.RecordOptOuts(t.Context(), requests)
	require.NoError(t, err)
	listed, after := 0, store.Cursor("")
	for {
		page, err := g.OptedOutPage(t.Context(), account, after, 100)
		require.NoError(t, err)
		listed += len(page.States)
		if after = page.Next; after == "" {
			break
		}
		require.Len(t, page.States, 100)
	}
	require.Equal(t, contacts, listed)
	require.Less(t, s.lists, 2*contacts/100)
}

// TestTheCostOfAPageOfReviews counts the calls of the store. They grow with what a page returns and
// with what it leaves out, and no page reads again what the page before has left out: all pages
// together cost as much as there are texts, however small the pages are.
func TestTheCostOfAPageOfReviews(t *testing.T) {
	const each, most = 40, 6                                         // texts, and calls for each
	for _, from := range []string{"+1415555", "415555", "6562345"} { // of one key, two and three
		s := memstore.New()
		g := guardAt(t, s, optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
		for i := range 2 * each {
			m := text(strconv.Itoa(i), possible, at(0))
			m.From, m.ReceivedAt = fmt.Sprintf("%s%0*d", from, 11-len(strings.TrimPrefix(from, "+1"))-1, i), at(-600+i)
			receive(t, g, m)
			if i < each { // a START of the number ends the hold of the number, and not that of its digits
				start := text(strconv.Itoa(i)+" START", "START", at(100))
				start.From = "+1" + strings.TrimPrefix(m.From, "+1")
				receive(t, g, start)
			}
		}
		for _, limit := range []int{1, 7, 1_000} {
			calls, pages := 0, 0
			counted := g.With(faultstore.Wrap(s, func(faultstore.Op) error { calls++; return nil }))
			reviews := pagesOf(t, limit, func(after store.Cursor) ([]optout.Review, store.Cursor, error) {
				before := calls
				page, err := counted.ReviewsPage(t.Context(), account, after, limit)
				if pages++; pages > 1 { // what is left out comes first
					require.LessOrEqual(t, calls-before, most*max(1, len(page.Reviews)), "%s: page %d of %d", from, pages, limit)
				}
				return page.Reviews, page.Next, err
			})
			require.GreaterOrEqual(t, len(reviews), each)
			require.LessOrEqual(t, calls, most*2*each+pages, "%s in pages of %d", from, limit)
		}
	}
}
