package optout

import (
	"context"

	"github.com/seed-f10031e4/consent/store"
)

// Count returns how many numbers of an account have each status in the store, for a
// dashboard. A contact whose number is kept under more than one key is counted under each:
// so OptedOut can be more than [Guard.OptedOut] yields. No gate looks at a count.
//
// The error is errors.ErrUnsupported if the store can neither count nor list. The time that
// a count takes grows with the account.
func (g *Guard) Count(ctx context.Context, account string) (store.Counts, error) {
	s, err := g.ready(account)
	if err != nil {
		return store.Counts{}, err
	}
	return store.Count(ctx, s, account)
}
