package cursor

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/store"
)

// Search checks a query.
func Search(ctx context.Context, kind string, q store.SearchQuery) (Listing, error) {
	if err := ctx.Err(); err != nil {
		return Listing{}, err
	}
	if err := q.Validate(); err != nil {
		return Listing{}, err
	}
	return read(q.Limit, q.After, kind+" search", q.Account, q.Prefix, q.Suffix, q.Status.String())
}

// Backwards returns a text of UTF-8 with its characters in the opposite order.
func Backwards(text string) string {
	backwards := make([]byte, 0, len(text))
	for text != "" {
		_, size := utf8.DecodeLastRuneInString(text)
		backwards = append(backwards, text[len(text)-size:]...)
		text = text[:len(text)-size]
	}
	return string(backwards)
}

// Between returns the bounds of the texts that begin with a prefix and come after one of
// them, if that is not empty. No text holds a NUL, and no text is longer than the last one.
func Between(prefix, after string) (first, last string) {
	const lowest, highest = "\x01", "\U0010ffff"
	if first = prefix; after != "" {
		first = after + lowest
	}
	return first, prefix + strings.Repeat(highest, store.MaxKeyLen/len(highest)+1)
}
