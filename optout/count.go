package optout

import (
	"context"

	"github.com/seed-f10031e4/consent/store"
)

// Count returns how many keys of an account have each status in the store, for a dashboard: keys,
// and not contacts. A sender without a plus sign is kept under two or three keys, and a line with
// two spellings under two, and digits that gave way to a START of their number are still opted out
// in the store. So KeyCounts.OptedOut is at least as much as [Guard.OptedOut] yields, and as much
// if all numbers came with a plus sign and are of lines with one spelling. To count contacts, count what OptedOut yields, which
// reads all of them. No gate looks at a count.
//
// The error is errors.ErrUnsupported if the store can neither count nor list. The time that
// a count takes grows with the account.
func (g *Guard) Count(ctx context.Context, account string) (store.KeyCounts, error) {
	s, err := g.ready(account)
	if err != nil {
		return store.KeyCounts{}, err
	}
	return store.Count(ctx, s, account)
}
