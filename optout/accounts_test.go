package optout_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// accountCalls are the calls of a Guard that concern an account, by the method.
func accountCalls(g *optout.Guard, account string) map[string]func(ctx context.Context) error {
	one := func(_ any, err error) error { return err }
	return map[string]func(ctx context.Context) error{
		"Receive": func(ctx context.Context) error {
			return one(g.Receive(ctx, optout.Message{ID: "m", Account: account, From: contact, Text: "hello"}))
		},
		"Gate": func(ctx context.Context) error {
			d, err := g.Gate(ctx, account, contact)
			if err != nil && (d.Allowed || d.Reason != optout.ReasonInvalidAccount) {
				panic(d)
			}
			return err
		},
		"GateBatch": func(ctx context.Context) error {
			ds, err := g.GateBatch(ctx, account, []string{contact, ours})
			for _, d := range ds {
				if err != nil && (d.Allowed || d.Reason != optout.ReasonInvalidAccount) {
					panic(d)
				}
			}
			return err
		},
		"Send": func(ctx context.Context) error {
			sent := false
			err := g.Send(ctx, account, contact, func(context.Context, string) error { sent = true; return nil })
			if sent == (err != nil) {
				panic("sent")
			}
			return err
		},
		"RecordOptOut": func(ctx context.Context) error {
			return one(g.RecordOptOut(ctx, optout.Request{Account: account, Number: "+14155550123"}))
		},
		"RecordConsent": func(ctx context.Context) error {
			return one(g.RecordConsent(ctx, optout.Request{Account: account, Number: contact}))
		},
		"RecordOptOuts": func(ctx context.Context) error {
			outs, err := g.RecordOptOuts(ctx, []optout.Request{{Account: account, Number: "+14155550123"}})
			if err == nil {
				err = outs[0].Err // of the row
			}
			return err
		},
		"RecordConsents": func(ctx context.Context) error {
			outs, err := g.RecordConsents(ctx, []optout.Request{{Account: account, Number: contact}})
			if err == nil {
				err = outs[0].Err
			}
			return err
		},
		"Void": func(ctx context.Context) error {
			return one(g.Void(ctx, optout.Correction{Account: account, Number: contact, EventID: "x", Actor: "anna", Note: "wrong"}))
		},
		"VoidAll": func(ctx context.Context) error {
			outs, err := g.VoidAll(ctx, []optout.Correction{{Account: account, Number: contact, EventID: "x", Actor: "anna", Note: "wrong"}})
			if err == nil {
				err = outs[0].Err
			}
			return err
		},
		"Erase": func(ctx context.Context) error {
			_, err := g.Erase(ctx, optout.Erasure{Account: account, Number: "+14155550123", Actor: "anna", Note: "letter"})
			return err
		},
		"OptedOut": func(ctx context.Context) error {
			for _, err := range g.OptedOut(ctx, account) {
				return err
			}
			return nil
		},
		"Count":        func(ctx context.Context) error { return one(g.Count(ctx, account)) },
		"OptedOutPage": func(ctx context.Context) error { return one(g.OptedOutPage(ctx, account, "", 0)) },
		"ReviewsPage":  func(ctx context.Context) error { return one(g.ReviewsPage(ctx, account, "", 0)) },
		"Search": func(ctx context.Context) error {
			return one(g.Search(ctx, store.SearchQuery{Account: account, Prefix: "+"}))
		},
		"Explain": func(ctx context.Context) error {
			e, err := g.Explain(ctx, account, contact)
			if err != nil && (e.Decision.Allowed || e.Decision.Reason != optout.ReasonInvalidAccount) {
				panic(e)
			}
			return err
		},
		"History": func(ctx context.Context) error {
			for _, err := range g.History(ctx, account, contact) {
				return err
			}
			return nil
		},
		"Changes": func(ctx context.Context) error {
			for _, err := range g.Changes(ctx, store.ChangesQuery{Account: account}) {
				return err
			}
			return nil
		},
		"Reviews": func(ctx context.Context) error {
			for _, err := range g.Reviews(ctx, account) {
				return err
			}
			return nil
		},
		"Resolve": func(ctx context.Context) error {
			text := store.Record{Event: store.Event{ID: "hold", Key: store.Key{Account: account, Number: contact}, At: noon, Text: "enough"}}
			return one(g.Resolve(ctx, optout.Resolution{Account: account, Review: text, Verdict: optout.VerdictNoRequest, Actor: "anna"}))
		},
	}
}

// accountless are the methods of a Guard that concern no account.
var accountless = []string{"Classify", "For", "Lint", "Number", "Registration", "Replies", "RepliesIn", "Store", "With"}

func TestEveryMethodThatConcernsAnAccountIsTried(t *testing.T) {
	tried := accountCalls(newGuard(t, nil), account)
	for method := range reflect.TypeFor[*optout.Guard]().Methods() {
		_, known := tried[method.Name]
		require.NotEqual(t, known, slices.Contains(accountless, method.Name), "%s", method.Name)
	}
}

func TestAnAccountThatIsNotListedIsRefused(t *testing.T) {
	for _, listed := range [][]string{{"acme"}, {"acme", "other", "acme"}} {
		s := faultstore.Wrap(memstore.New(), nil)
		g, err := optout.New(s, &optout.Options{Accounts: listed, Texts: optout.PolicyHold})
		require.NoError(t, err)
		hold := store.Event{
			ID: "hold", Key: store.Key{Account: "acme", Number: contact}, Action: store.Hold, At: noon, Text: "enough", Source: store.SourceText,
		}
		_, err = s.Append(t.Context(), hold)
		require.NoError(t, err)
		for _, refused := range []string{"Acme", "acme ", "acm", "acmé", "", "other\x00", strings.Repeat("a", 256)} {
			before := s.Calls()
			for _, guard := range []*optout.Guard{g, g.With(s)} {
				for name, call := range accountCalls(guard, refused) {
					err := call(t.Context())
					require.ErrorIs(t, err, optout.ErrInvalidAccount, "%s of %q", name, refused)
					require.NotContains(t, err.Error(), "Acme", "%s", name)
				}
			}
			for gated, err := range optout.GateSeq(t.Context(), g, refused, func(yield func(string) bool) { yield(contact) },
				func(number string) string { return number }) {
				require.ErrorIs(t, err, optout.ErrInvalidAccount)
				require.False(t, gated.Decision.Allowed)
			}
			require.Equal(t, before, s.Calls(), "%q: the store was asked", refused)
		}
		for name, call := range accountCalls(g.With(s), "acme") {
			require.NotErrorIs(t, call(t.Context()), optout.ErrInvalidAccount, "%s", name)
		}
	}
}

func TestAKeywordOfAnAccountThatIsNotListed(t *testing.T) {
	g := newGuard(t, &optout.Options{Accounts: []string{"acme"}})
	for _, body := range []string{"STOP", "START", "HELP", "hello"} {
		m := text("m", body, noon)
		m.Account = "Acme"
		out, err := g.Receive(t.Context(), m)
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		require.Equal(t, optout.Classify(body), out.Match)
		require.Empty(t, out.Reply)
	}
}

func TestARowOfAnAccountThatIsNotListedIsRefusedAlone(t *testing.T) {
	g := newGuard(t, &optout.Options{Accounts: []string{"acme", "other"}})
	for _, record := range []func(context.Context, []optout.Request) ([]optout.Outcome, error){g.RecordConsents, g.RecordOptOuts} {
		outs, err := record(t.Context(), []optout.Request{
			{Account: "acme", Number: contact}, {Account: "Acme", Number: contact}, {Account: "other", Number: ours},
		})
		require.NoError(t, err)
		require.ErrorIs(t, outs[1].Err, optout.ErrInvalidAccount)
		require.Empty(t, outs[1].EventID)
		require.NoError(t, outs[0].Err)
		require.NoError(t, outs[2].Err)
	}
}

func TestAnEmptyListMeansAnyAccount(t *testing.T) {
	for _, none := range [][]string{nil, {}} {
		g := newGuard(t, &optout.Options{Accounts: none})
		for name, call := range accountCalls(g, "whoever") {
			require.NotErrorIs(t, call(t.Context()), optout.ErrInvalidAccount, "%s", name)
		}
	}
}

func TestAccountsAreCopied(t *testing.T) {
	accounts := []string{"acme", "other"}
	g := newGuard(t, &optout.Options{Accounts: accounts})
	accounts[0], accounts[1] = "Acme", "Other"
	_, err := g.Gate(t.Context(), "acme", contact)
	require.NoError(t, err)
	_, err = g.Gate(t.Context(), "Acme", contact)
	require.ErrorIs(t, err, optout.ErrInvalidAccount)
}

func TestNewRefusesAnAccountThatNoStoreTakes(t *testing.T) {
	for _, bad := range []string{"", "a\x00", "\xff", strings.Repeat("a", 256)} {
		_, err := optout.New(memstore.New(), &optout.Options{Accounts: []string{"acme", bad}})
		require.ErrorIs(t, err, store.ErrInvalid, "%q", bad)
		require.ErrorContains(t, err, "optout: Accounts[1]: ")
	}
}
