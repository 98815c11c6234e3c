package store

import (
	"context"
	"errors"
	"fmt"
)

// KeyCounts is how many keys of an account have each status. A contact can have several keys: the
// digits of a sender without a plus sign are a key beside the number that they are read as, and so
// is each spelling of a line. A key that is Unknown is not counted.
type KeyCounts struct {
	OptedIn  int64 `json:"opted_in"`
	OptedOut int64 `json:"opted_out"`
	Held     int64 `json:"held"`
}

// Add counts n keys with a status.
func (c *KeyCounts) Add(status Status, n int64) {
	switch status {
	case OptedIn:
		c.OptedIn += n
	case OptedOut:
		c.OptedOut += n
	case Held:
		c.Held += n
	case Unknown: // is not counted
	}
}

// Counter is a store that counts.
type Counter interface {
	// Count returns how many keys of an account have each status now: as many as List
	// lists. It may read as much as a row for each key.
	Count(ctx context.Context, account string) (KeyCounts, error)
}

var errEndlessList = errors.New("store: the pages of List do not end")

// Count counts the keys of an account through s's Counter, or by listing them. A store
// that has no Lister either cannot count: errors.ErrUnsupported.
func Count(ctx context.Context, s Store, account string) (KeyCounts, error) {
	if c, ok := As[Counter](s); ok {
		return c.Count(ctx, account)
	}
	l, ok := As[Lister](s)
	if !ok {
		return KeyCounts{}, fmt.Errorf("store: Count: %w: the store is neither a Counter nor a Lister", errors.ErrUnsupported)
	}
	var counts KeyCounts
	q := ListQuery{Account: account, Limit: MaxLimit}
	for {
		page, err := l.List(ctx, q)
		if err != nil {
			return KeyCounts{}, err
		}
		for i := range page.States {
			counts.Add(page.States[i].Status, 1)
		}
		switch page.Next {
		case "":
			return counts, nil
		case q.After:
			return KeyCounts{}, errEndlessList
		}
		q.After = page.Next
	}
}
