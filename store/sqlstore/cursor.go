package sqlstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// A cursor is a place behind a hash of the query and the place, so that one of
// another query, or a broken one, is told from a good one. It holds no secret and
// works in every process.

const hashed = 8 // bytes

func sign(place string, query ...string) store.Cursor {
	return store.Cursor(base64.RawURLEncoding.EncodeToString(append(hash(place, query), place...)))
}

func placeOf(c store.Cursor, query ...string) (string, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(c))
	if err != nil || len(raw) < hashed || strings.ContainsAny(string(c), "\r\n") {
		return "", store.ErrBadCursor
	}
	place := string(raw[hashed:])
	if !bytes.Equal(hash(place, query), raw[:hashed]) {
		return "", store.ErrBadCursor
	}
	return place, nil
}

func hash(place string, query []string) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "consent sqlstore %q %q", query, place))
	return sum[:hashed]
}

func historyCursor(key store.Key, last int64) store.Cursor {
	return sign(strconv.FormatInt(last, 10), "history", key.Account, key.Number)
}

func historyPlace(q store.HistoryQuery) (int64, error) {
	if q.After == "" {
		return 0, nil
	}
	place, err := placeOf(q.After, "history", q.Key.Account, q.Key.Number)
	if err != nil {
		return 0, err
	}
	last, err := strconv.ParseInt(place, 10, 64)
	if err != nil {
		return 0, store.ErrBadCursor
	}
	return last, nil
}

func listCursor(q store.ListQuery, last string) store.Cursor {
	return sign(last, "list", q.Account, q.Status.String())
}

func listPlace(q store.ListQuery) (string, error) {
	if q.After == "" {
		return "", nil
	}
	return placeOf(q.After, "list", q.Account, q.Status.String())
}
