package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func TestASearchWantsOnePart(t *testing.T) {
	for _, good := range []store.SearchQuery{
		{Account: "acme", Prefix: "+1415"},
		{Account: "acme", Suffix: "2671"},
		{Account: "acme", Suffix: "%"},
		{Account: "acme", Prefix: strings.Repeat("1", store.MaxKeyLen), Status: store.Held},
	} {
		require.NoError(t, good.Validate(), "%+v", good)
	}
	for field, bad := range map[string]store.SearchQuery{
		"Account is empty":                    {Prefix: "+1"},
		"Prefix is empty":                     {Account: "acme"},
		"want either Prefix or Suffix":        {Account: "acme", Prefix: "+1", Suffix: "2671"},
		"Prefix is not UTF-8":                 {Account: "acme", Prefix: "\xc3"},
		"Suffix holds a NUL":                  {Account: "acme", Suffix: "1\x00"},
		"Suffix has 256 bytes, over 255":      {Account: "acme", Suffix: strings.Repeat("1", 256)},
		"Account has 256 bytes, over 255":     {Account: strings.Repeat("a", 256), Suffix: "1"},
		"Suffix is not UTF-8":                 {Account: "acme", Suffix: "\xa9"}, // the second half of é
		"Account is not UTF-8":                {Account: "\xff", Suffix: "1"},
		"Prefix has 1000 bytes, over 255":     {Account: "acme", Prefix: strings.Repeat("é", 500)},
		"Prefix holds a NUL":                  {Account: "acme", Prefix: "\x00"},
		"store: invalid: Account holds a NUL": {Account: "\x00", Prefix: "+"},
	} {
		err := bad.Validate()
		require.ErrorIs(t, err, store.ErrInvalid)
		require.ErrorContains(t, err, field)
	}
}

func TestSearchNeedsASearcher(t *testing.T) {
	s := memstore.New()
	_, err := s.Append(t.Context(), stop("1", minute(1)))
	require.NoError(t, err)
	q := store.SearchQuery{Account: key.Account, Suffix: key.Number[len(key.Number)-4:]}
	for _, of := range []store.Store{s, wrapper{s}, wrapper{wrapper{s}}} {
		page, err := store.Search(t.Context(), of, q)
		require.NoError(t, err)
		require.Len(t, page.States, 1)
	}
	for _, of := range []store.Store{bare{s}, wrapper{bare{s}}} {
		_, err := store.Search(t.Context(), of, q)
		require.ErrorIs(t, err, errors.ErrUnsupported)
	}
}
