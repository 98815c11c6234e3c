package provider_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// TestAnAccountThatTheGuardRefusesIsDeliveredAgain: what Options.Account has returned is a
// mistake of the host. Once it is mended, the STOP must still come.
func TestAnAccountThatTheGuardRefusesIsDeliveredAgain(t *testing.T) {
	for name, refused := range map[string]string{"not listed": "Acme", "too long": strings.Repeat("a", 256)} {
		for _, inTx := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				s := newSite(t, memstore.New(), &optout.Options{Accounts: []string{"acme"}})
				if inTx {
					kept := memstore.New()
					s.guard = s.guard.With(kept)
					s.options.InTx = func(
						ctx context.Context, _ provider.Delivery, receive func(context.Context, store.Store) error,
					) error {
						return receive(ctx, kept)
					}
				}
				mended := s.options.Account
				s.options.Account = provider.OneAccount(refused)
				stop := text("1", "STOP")
				stop.At = time.Now()
				report := provider.Report{Kind: provider.KindOptedOut, Number: contact, Sender: ours, Code: "9"}
				for _, d := range []provider.Delivery{texts(stop), {Reports: []provider.Report{report}}} {
					status, answer := s.post(s.handler(), d)
					require.Equal(t, http.StatusServiceUnavailable, status)
					require.NotContains(t, answer, "unsubscribed")
					require.ErrorIs(t, s.events[0].Err, optout.ErrInvalidAccount)
				}
				s.requireBlocked(false)

				s.options.Account = mended
				status, answer := s.post(s.handler(), texts(stop))
				require.Equal(t, http.StatusOK, status)
				require.Equal(t, optout.DefaultReplies().OptOut, answer)
				s.requireBlocked(true)
			})
		}
	}
}

// TestAMessageOfAnUnknownAccountKeepsNoOtherFromBeingStored: of one delivery, also in a
// transaction that is rolled back after an error.
func TestAMessageOfAnUnknownAccountKeepsNoOtherFromBeingStored(t *testing.T) {
	for _, inTx := range []bool{false, true} {
		for _, unknown := range []string{"Acme", ""} {
			s := newSite(t, memstore.New(), &optout.Options{Accounts: []string{"acme"}})
			if inTx {
				s.options.InTx = func(ctx context.Context, _ provider.Delivery, receive func(context.Context, store.Store) error) error {
					if err := receive(ctx, memstore.New()); err != nil {
						return err // rolled back
					}
					return receive(ctx, s.guard.Store())
				}
			}
			known := s.options.Account
			s.options.Account = func(r *http.Request, number string) (string, error) {
				if number == "+12125550199" {
					return unknown, nil
				}
				return known(r, number)
			}
			other, stop := text("1", "STOP"), text("2", "STOP")
			other.To = "+12125550199"
			status, _ := s.post(s.handler(), texts(other, stop))
			require.Equal(t, http.StatusServiceUnavailable, status)
			s.requireBlocked(true)
		}
	}
}
