// Package cursor makes and reads the cursors of the stores: a place in a listing, and a
// hash by which a cursor that is broken, or belongs to another query, is recognised.
//
// A cursor holds no secret, and one process can read what another process made.
package cursor

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

const hashed = 8 // bytes

// New returns a cursor for a place in the listing that a query names. The query holds
// all that a cursor must not be used across, with the kind of store first.
func New(place string, query ...string) store.Cursor {
	return store.Cursor(base64.RawURLEncoding.EncodeToString(append(hash(place, query), place...)))
}

// Place returns the place of a cursor, or store.ErrBadCursor if New did not make the
// cursor for this query.
func Place(c store.Cursor, query ...string) (string, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(c))
	if err != nil || len(raw) < hashed || strings.ContainsAny(string(c), "\r\n") { // which base64 ignores
		return "", store.ErrBadCursor
	}
	place := string(raw[hashed:])
	if !bytes.Equal(hash(place, query), raw[:hashed]) {
		return "", store.ErrBadCursor
	}
	return place, nil
}

func hash(place string, query []string) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "consent cursor %q %q", query, place))
	return sum[:hashed]
}
