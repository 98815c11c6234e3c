package optout

import (
	"fmt"

	"github.com/seed-f10031e4/consent/store"
)

// accountSet reads Options.Accounts.
func accountSet(accounts []string) (map[string]bool, error) {
	known := make(map[string]bool, len(accounts))
	for i, account := range accounts {
		if err := store.ValidateAccount(account); err != nil {
			return nil, fmt.Errorf("optout: Accounts[%d]: %w", i, err)
		}
		known[account] = true
	}
	return known, nil
}

// validAccount returns why an account is refused, or nil. The error does not quote the
// account: a caller may have swapped it with a phone number.
func (r *rules) validAccount(account string) error {
	if err := store.ValidateAccount(account); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidAccount, err)
	}
	if len(r.accounts) > 0 && !r.accounts[account] {
		return fmt.Errorf("%w: Options.Accounts does not list it", ErrInvalidAccount)
	}
	return nil
}
