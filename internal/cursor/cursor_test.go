package cursor

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

func TestAPlaceSurvivesItsCursor(t *testing.T) {
	q := store.ReviewQuery{Account: "acme", Limit: 7}
	first, err := Reviews(t.Context(), "teststore", q)
	require.NoError(t, err)
	require.Equal(t, 7, first.Limit)
	for _, place := range []Place{{}, {Since: -5, Number: "+1 415 555 0100", Seq: 3}, {Since: math.MaxInt64, Seq: math.MaxInt64}} {
		require.Negative(t, first.After.Compare(place), "the first page begins before every place")
		q.After = first.Cursor(place)
		next, err := Reviews(t.Context(), "teststore", q)
		require.NoError(t, err)
		require.Equal(t, place, next.After)
		_, err = Reviews(t.Context(), "another store", q)
		require.ErrorIs(t, err, store.ErrBadCursor)
	}
}

func TestAPlaceOfAnIDSurvivesItsCursor(t *testing.T) {
	q := store.IDsQuery{Account: "acme", Prefix: "a/"}
	first, err := EventIDs(t.Context(), "teststore", q)
	require.NoError(t, err)
	require.Equal(t, "a/", first.After.ID, "the first page begins at the prefix")
	for _, place := range []Place{{ID: "a/ b", Number: "+1 415", Seq: 3}, {ID: "a/", Number: "x", Seq: math.MaxInt64}} {
		require.Negative(t, first.After.CompareIDs(place))
		q.After = first.Cursor(place)
		next, err := EventIDs(t.Context(), "teststore", q)
		require.NoError(t, err)
		place.Since = 0
		require.Equal(t, place, next.After)
		other := q
		other.Prefix = "a"
		_, err = EventIDs(t.Context(), "teststore", other)
		require.ErrorIs(t, err, store.ErrBadCursor)
	}
	for _, place := range []Place{{}, {Number: "+1"}, {ID: "a\x00b"}, {ID: "\xff"}, {ID: "a", Seq: -1}} {
		q.After = first.Cursor(place)
		_, err = EventIDs(t.Context(), "teststore", q)
		require.ErrorIs(t, err, store.ErrBadCursor)
	}
}

// A cursor is no secret: whoever knows how can make one of any text.
func TestAPlaceThatNoListingHasIsABadCursor(t *testing.T) {
	key := store.Key{Account: "acme", Number: "+14155550100"}
	l, err := History(t.Context(), "teststore", store.HistoryQuery{Key: key})
	require.NoError(t, err)
	for _, place := range []Place{{Seq: -1}, {Number: "a\x00b"}, {ID: "a"}, {Number: "\xff"}, {Number: strings.Repeat("1", 256)}} {
		_, err = History(t.Context(), "teststore", store.HistoryQuery{Key: key, After: l.Cursor(place)})
		require.ErrorIs(t, err, store.ErrBadCursor)
	}
}
