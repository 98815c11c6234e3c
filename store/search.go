package store

import (
	"context"
	"errors"
	"fmt"
)

// SearchQuery asks for a page of an account's states whose numbers begin with a text, or end
// with one. Prefix and Suffix are compared byte for byte, and are no patterns: a number is
// kept in E.164, so a Prefix is "+1415", and a Suffix "2671".
type SearchQuery struct {
	Account string
	Prefix  string // how the numbers begin; or
	Suffix  string // how they end: one of the two, 1 to 255 bytes of UTF-8 without NUL
	Status  Status // Unknown: any
	After   Cursor // "": from the first
	Limit   int    // 0: 100, at most 1,000
}

// Searcher is a store that finds numbers by a part of them. A search is for people who look
// for a contact. A gate must never use one: it asks for the whole number.
type Searcher interface {
	// Search returns a page of the account's states that the query asks for, stable under
	// concurrent appends as the pages of List are: with a Prefix in the byte order of the
	// numbers, with a Suffix in the byte order of the numbers written backwards, character
	// by character. If Prefix and Suffix are both given, or both empty, the error wraps
	// [ErrInvalid]. A cursor that is broken, or of another query or store, is [ErrBadCursor].
	Search(ctx context.Context, q SearchQuery) (StatePage, error)
}

// Validate returns an error that wraps [ErrInvalid] and names the field, if no store takes
// the query. It does not look at After and Limit.
func (q SearchQuery) Validate() error {
	if err := ValidateAccount(q.Account); err != nil {
		return err
	}
	switch {
	case q.Suffix == "":
		return validText("Prefix", q.Prefix)
	case q.Prefix == "":
		return validText("Suffix", q.Suffix)
	default:
		return fmt.Errorf("%w: want either Prefix or Suffix", ErrInvalid)
	}
}

// Search searches through s's Searcher. A store that has none cannot search:
// errors.ErrUnsupported.
func Search(ctx context.Context, s Store, q SearchQuery) (StatePage, error) {
	searcher, ok := As[Searcher](s)
	if !ok {
		return StatePage{}, fmt.Errorf("store: Search: %w: the store is no Searcher", errors.ErrUnsupported)
	}
	return searcher.Search(ctx, q)
}
