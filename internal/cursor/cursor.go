// Package cursor checks what a read of a store asks for, and makes and reads cursors. A
// cursor is a place in a listing, and a hash: by the hash a broken cursor, or a cursor of
// another query, is recognised.
//
// A cursor holds no secret, and one process can read what another process made.
package cursor

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// Place is a place in a listing. Each listing uses the fields that its order needs.
type Place struct {
	Since  int64  // microseconds; of a text that waits
	Number string // of a contact
	Seq    int64  // of a record of the contact
	ID     string // of an event
	Count  int64  // of the records that a listing may have to list again
}

// Compare compares places in the order of the reviews.
func (p Place) Compare(other Place) int {
	return cmp.Or(cmp.Compare(p.Since, other.Since), strings.Compare(p.Number, other.Number), cmp.Compare(p.Seq, other.Seq))
}

// CompareIDs compares places in the order of the IDs.
func (p Place) CompareIDs(other Place) int {
	return cmp.Or(strings.Compare(p.ID, other.ID), strings.Compare(p.Number, other.Number), cmp.Compare(p.Seq, other.Seq))
}

// CheckKey checks the arguments of Get.
func CheckKey(ctx context.Context, key store.Key) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return key.Validate()
}

// CheckRecords checks the arguments of GetRecords.
func CheckRecords(ctx context.Context, key store.Key, id string) error {
	if err := CheckKey(ctx, key); err != nil {
		return err
	}
	return store.ValidateID(id)
}

// CheckBatch checks the arguments of GetBatch.
func CheckBatch(ctx context.Context, account string, numbers []string) error {
	if err := CheckAccount(ctx, account); err != nil {
		return err
	}
	for _, number := range numbers {
		if err := (store.Key{Account: account, Number: number}).Validate(); err != nil {
			return err
		}
	}
	return nil
}

// CheckAccount checks the arguments of a call for an account.
func CheckAccount(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return store.ValidateAccount(account)
}

// Listing is what a query asks for.
type Listing struct {
	Limit int   // the size of the page
	After Place // the page begins after it; for the first page the lowest place

	query []string // what a cursor must not be used across
}

// History checks a query. kind is the kind of store, as for the functions below.
func History(ctx context.Context, kind string, q store.HistoryQuery) (Listing, error) {
	if err := CheckKey(ctx, q.Key); err != nil {
		return Listing{}, err
	}
	return read(q.Limit, q.After, kind+" history", q.Key.Account, q.Key.Number)
}

// List checks a query.
func List(ctx context.Context, kind string, q store.ListQuery) (Listing, error) {
	if err := CheckAccount(ctx, q.Account); err != nil {
		return Listing{}, err
	}
	return read(q.Limit, q.After, kind+" list", q.Account, q.Status.String())
}

// Reviews checks a query.
func Reviews(ctx context.Context, kind string, q store.ReviewQuery) (Listing, error) {
	if err := CheckAccount(ctx, q.Account); err != nil {
		return Listing{}, err
	}
	return read(q.Limit, q.After, kind+" reviews", q.Account)
}

// EventIDs checks a query. The lowest place of its first page is that of the prefix.
func EventIDs(ctx context.Context, kind string, q store.IDsQuery) (Listing, error) {
	if err := CheckAccount(ctx, q.Account); err != nil {
		return Listing{}, err
	}
	if q.Prefix != "" && (store.Key{Account: "-", Number: q.Prefix}).Validate() != nil {
		return Listing{}, fmt.Errorf("%w: Prefix begins no ID", store.ErrInvalid)
	}
	l, err := read(q.Limit, q.After, kind+ofIDs, q.Account, q.Prefix)
	if err == nil && l.After.ID == "" {
		l.After.ID = q.Prefix
	}
	return l, err
}

// Changes checks a query. Since is no part of what a cursor must not be used across.
func Changes(ctx context.Context, kind string, q store.ChangesQuery) (Listing, error) {
	if err := CheckAccount(ctx, q.Account); err != nil {
		return Listing{}, err
	}
	return read(q.Limit, q.After, kind+" changes", q.Account)
}

const (
	hashed = 8 // bytes
	ofIDs  = " ids"
)

// Cursor returns the cursor of a place in the listing.
func (l Listing) Cursor(p Place) store.Cursor {
	place := fmt.Sprintf("%d %d %d %s", p.Since, p.Seq, p.Count, p.Number)
	if p.ID != "" { // neither has a NUL
		place += "\x00" + p.ID
	}
	return store.Cursor(base64.RawURLEncoding.EncodeToString(append(hash(place, l.query), place...)))
}

func read(limit int, after store.Cursor, query ...string) (l Listing, err error) {
	l = Listing{After: Place{Since: math.MinInt64}, query: query}
	if l.Limit, err = store.PageLimit(limit); err != nil || after == "" {
		return l, err
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(after))
	if err != nil || len(raw) < hashed || strings.ContainsAny(string(after), "\r\n") { // which base64 ignores
		return l, store.ErrBadCursor
	}
	place := string(raw[hashed:])
	if !bytes.Equal(hash(place, query), raw[:hashed]) {
		return l, store.ErrBadCursor
	}
	since, rest, _ := strings.Cut(place, " ")
	seq, rest, _ := strings.Cut(rest, " ")
	count, number, _ := strings.Cut(rest, " ")
	number, id, ofID := strings.Cut(number, "\x00")
	if ofID != strings.HasSuffix(query[0], ofIDs) || ofID && (store.Key{Account: "-", Number: id}).Validate() != nil {
		return l, store.ErrBadCursor
	}
	if number != "" && (store.Key{Account: "-", Number: number}).Validate() != nil {
		return l, store.ErrBadCursor // a database would refuse it with an error of its own
	}
	l.After.Number, l.After.ID = number, id
	if l.After.Since, err = strconv.ParseInt(since, 10, 64); err != nil {
		return l, store.ErrBadCursor
	}
	if l.After.Seq, err = strconv.ParseInt(seq, 10, 64); err != nil || l.After.Seq < 0 {
		return l, store.ErrBadCursor
	}
	if l.After.Count, err = strconv.ParseInt(count, 10, 64); err != nil || l.After.Count < 0 {
		return l, store.ErrBadCursor
	}
	return l, nil
}

func hash(place string, query []string) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "consent cursor %q %q", query, place))
	return sum[:hashed]
}
