package azure

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// verify checks the secret, and what Config.Verify checks.
// https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
func (p *Provider) verify(r *http.Request) error {
	if err := p.verifySecret(r); err != nil {
		return err
	}
	if p.check == nil {
		return nil
	}
	err := p.check(r)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, provider.ErrRetry):
		return fmt.Errorf("azure: Config.Verify: %w", err)
	default:
		return fmt.Errorf("%w: Config.Verify: %w", provider.ErrSignature, err)
	}
}

// verifySecret compares hashes, so that the time that it takes does not tell how long a
// secret is.
func (p *Provider) verifySecret(r *http.Request) error {
	if len(p.secrets) == 0 {
		return nil
	}
	var sent string
	if p.header != "" {
		values := r.Header.Values(p.header)
		if len(values) != 1 {
			return wire.Unproved("Config.Header is not there once")
		}
		sent = values[0]
	} else {
		query, err := wire.ParseForm(r.URL.RawQuery, "")
		if err != nil {
			return wire.Unproved("the query cannot be decoded")
		}
		sent = query.Get(p.parameter)
		if query.Err() != nil || sent == "" {
			return wire.Unproved("Config.Parameter is not in the query once")
		}
	}
	if !p.secrets.Match(digest(sent), digest) {
		return wire.Unproved("the secret does not fit")
	}
	return nil
}

func digest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}
