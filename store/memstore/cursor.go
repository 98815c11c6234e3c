package memstore

import (
	"encoding/base64"
	"encoding/binary"
	"hash/maphash"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// A cursor is a place and a signature over the place, the query and the store's
// own seed, so that one from elsewhere is told from a good one.

const signature = 8 // bytes

func (s *Store) sign(place string, query ...string) store.Cursor {
	raw := binary.BigEndian.AppendUint64(nil, s.hash(place, query))
	return store.Cursor(base64.RawURLEncoding.EncodeToString(append(raw, place...)))
}

func (s *Store) place(c store.Cursor, query ...string) (string, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(c))
	if err != nil || len(raw) < signature || strings.ContainsAny(string(c), "\r\n") { // which base64 overlooks
		return "", store.ErrBadCursor
	}
	place := string(raw[signature:])
	if binary.BigEndian.Uint64(raw) != s.hash(place, query) {
		return "", store.ErrBadCursor
	}
	return place, nil
}

func (s *Store) hash(place string, query []string) uint64 {
	var h maphash.Hash
	h.SetSeed(s.keys().seed)
	for _, part := range query {
		h.WriteString(part) // hashes do not fail
		h.WriteByte(0)      // which no account and no number holds
	}
	h.WriteString(place)
	return h.Sum64()
}

func (s *Store) historyCursor(key store.Key, next int) store.Cursor {
	return s.sign(strconv.Itoa(next), "history", key.Account, key.Number)
}

// historyPlace returns the index of the page's first event.
func (s *Store) historyPlace(q store.HistoryQuery) (int, error) {
	if q.After == "" {
		return 0, nil
	}
	place, err := s.place(q.After, "history", q.Key.Account, q.Key.Number)
	if err != nil {
		return 0, err
	}
	next, err := strconv.Atoi(place)
	if err != nil || next < 0 {
		return 0, store.ErrBadCursor
	}
	return next, nil
}

func (s *Store) listCursor(q store.ListQuery, last string) store.Cursor {
	return s.sign(last, "list", q.Account, q.Status.String())
}

// listPlace returns the number behind which the page starts.
func (s *Store) listPlace(q store.ListQuery) (string, error) {
	if q.After == "" {
		return "", nil
	}
	return s.place(q.After, "list", q.Account, q.Status.String())
}
