package optout_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/mock/gomock"

	"github.com/seed-f10031e4/consent/internal/mocks"
	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const (
	account = "acct_a"
	contact = "+14155552671"
	ours    = "+18885550100"
)

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

func text(id, body string, at time.Time) optout.Message {
	return optout.Message{ID: id, Account: account, From: contact, To: ours, Text: body, At: at}
}

func newGuard(t testing.TB, opts *optout.Options) *optout.Guard {
	t.Helper()
	g, err := optout.New(memstore.New(), opts)
	require.NoError(t, err)
	return g
}

// guardAt returns a Guard over a store, whose clock is the day after noon, so that
// every at is in the past.
func guardAt(t testing.TB, s store.Store, opts optout.Options) *optout.Guard {
	t.Helper()
	opts.Now = func() time.Time { return noon.Add(24 * time.Hour) }
	g, err := optout.New(s, &opts)
	require.NoError(t, err)
	return g
}

func receive(t testing.TB, g *optout.Guard, m optout.Message) optout.Outcome {
	t.Helper()
	out, err := g.Receive(t.Context(), m)
	require.NoError(t, err)
	return out
}

func allowed(t testing.TB, g *optout.Guard, number string) bool {
	t.Helper()
	d, err := g.Gate(t.Context(), account, number)
	require.NoError(t, err)
	return d.Allowed
}

func reason(t testing.TB, g *optout.Guard) optout.Reason {
	t.Helper()
	d, err := g.Gate(t.Context(), account, contact)
	require.NoError(t, err)
	return d.Reason
}

func history(t testing.TB, g *optout.Guard, number string) []store.Record {
	t.Helper()
	var records []store.Record
	for r, err := range g.History(t.Context(), account, number) {
		require.NoError(t, err)
		records = append(records, r)
	}
	return records
}

func listedNumbers(t testing.TB, g *optout.Guard) func(func(string) bool) {
	t.Helper()
	return func(yield func(string) bool) {
		for state, err := range g.OptedOut(t.Context(), account) {
			require.NoError(t, err)
			if !yield(state.Key.Number) {
				return
			}
		}
	}
}

func TestAGuardWithoutAStoreFailsClosed(t *testing.T) {
	made, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	var typedNil *memstore.Store
	for name, g := range map[string]*optout.Guard{
		"With(nil)": made.With(nil), "With a nil pointer": made.With(typedNil), "the zero Guard": {}, "a nil Guard": nil,
		"the zero Guard's With(nil)": (&optout.Guard{}).With(nil),
	} {
		t.Run(name, func(t *testing.T) {
			d, err := g.Gate(t.Context(), account, contact)
			require.Error(t, err)
			require.False(t, d.Allowed)
			batch, err := g.GateBatch(t.Context(), account, []string{contact})
			require.Error(t, err)
			require.False(t, batch[0].Allowed)
			out, err := g.Receive(t.Context(), text("m1", "STOP", noon))
			require.Error(t, err)
			require.Equal(t, keywords.OptOut, out.Match.Intent)
			require.Empty(t, out.Reply)
			_, err = g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: contact})
			require.Error(t, err)
			_, err = g.RecordConsent(t.Context(), optout.Request{Account: account, Number: contact})
			require.Error(t, err)
			for _, err := range g.OptedOut(t.Context(), account) {
				require.Error(t, err)
			}
			for _, err := range g.History(t.Context(), account, contact) {
				require.Error(t, err)
			}
			require.Error(t, g.Send(t.Context(), account, contact, func(context.Context, string) error {
				t.Error("sent")
				return nil
			}))
			require.NotEmpty(t, g.Replies().Help)
			require.Equal(t, keywords.Help, g.Classify("HELP").Intent)
		})
	}
	d, err := (&optout.Guard{}).With(memstore.New()).Gate(t.Context(), account, contact)
	require.NoError(t, err)
	require.False(t, d.Allowed, "a Guard that New did not make has no rules, and allows nothing")
}

func TestNewNamesTheFieldThatIsWrong(t *testing.T) {
	noStop, err := keywords.Default().Without("STOP")
	require.NoError(t, err)
	helpStop, err := keywords.New(keywords.Keyword{Text: "STOP", Intent: keywords.Help})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		opts optout.Options
		says []string
	}{
		"STOP is missing":  {optout.Options{Keywords: noStop}, []string{"Keywords", "STOP"}},
		"STOP is help":     {optout.Options{Keywords: helpStop}, []string{"Keywords", "STOP"}},
		"an empty set":     {optout.Options{Keywords: &keywords.Set{}}, []string{"Keywords", "STOP"}},
		"UK for GB":        {optout.Options{DefaultRegion: "UK"}, []string{"DefaultRegion", `"UK"`}},
		"three letters":    {optout.Options{DefaultRegion: "USA"}, []string{"DefaultRegion", `"USA"`}},
		"a calling code":   {optout.Options{DefaultRegion: "+34"}, []string{"DefaultRegion"}},
		"an empty channel": {optout.Options{Channels: []string{"line", ""}}, []string{"Channels", `""`}},
		"no scheme":        {optout.Options{Channels: []string{"my_app"}}, []string{"Channels", `"my_app"`}},
		"numbers' scheme":  {optout.Options{Channels: []string{"WhatsApp"}}, []string{"Channels", "whatsapp", "phone numbers"}},
		"blank reply":      {optout.Options{Replies: optout.Replies{OptOut: " \n"}}, []string{"Replies.OptOut", "blank"}},
		"not UTF-8":        {optout.Options{Replies: optout.Replies{OptIn: "ok\xff"}}, []string{"Replies.OptIn", "UTF-8"}},
		"longer than SMS":  {optout.Options{Replies: optout.Replies{Help: strings.Repeat("a", 153*255+1)}}, []string{"Help", "256 parts"}},
		"a bare number":    {optout.Options{ReplyWithin: 5}, []string{"ReplyWithin", "5ns"}},
		"under a second":   {optout.Options{ReplyWithin: time.Second - 1}, []string{"ReplyWithin"}},
		"longer, in UCS-2": {optout.Options{Replies: optout.Replies{Help: strings.Repeat("ж", 67*255+1)}}, []string{"Replies.Help", "UCS-2"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := optout.New(memstore.New(), &c.opts)
			require.Error(t, err)
			for _, says := range c.says {
				require.ErrorContains(t, err, says)
			}
		})
	}
	var typedNil *memstore.Store
	for _, s := range []store.Store{nil, typedNil} {
		_, err := optout.New(s, nil)
		require.ErrorContains(t, err, "store is nil")
	}
	g, err := optout.New(memstore.New(), &optout.Options{Replies: optout.Replies{Help: "Call 555"}, DefaultRegion: " us "})
	require.NoError(t, err)
	require.Equal(t, "Call 555", g.Replies().Help)
	require.Equal(t, optout.DefaultReplies().OptOut, g.Replies().OptOut)
	key, err := g.Number("415 555 2671")
	require.NoError(t, err)
	require.Equal(t, contact, key)
}

func TestNewRefusesAPolicyThatTheStoreCannotKeep(t *testing.T) {
	for name, c := range map[string]struct {
		store store.Store
		opts  optout.Options
		says  string
	}{
		"hold":              {bare{memstore.New()}, optout.Options{Texts: optout.PolicyHold}, "Texts: hold"},
		"opt-out":           {bare{memstore.New()}, optout.Options{Texts: optout.PolicyOptOut}, "Texts: opt-out"},
		"no such policy":    {memstore.New(), optout.Options{Texts: 9}, "Texts: no policy Policy(9)"},
		"YES is on already": {memstore.New(), optout.Options{ConfirmOptIn: true, Keywords: withYes(t)}, "ConfirmOptIn: YES"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := optout.New(c.store, &c.opts)
			require.ErrorContains(t, err, c.says)
		})
	}
	for _, opts := range []*optout.Options{nil, {ConfirmOptIn: true}} {
		_, err := optout.New(bare{memstore.New()}, opts)
		require.NoError(t, err)
	}
}

// bare is a store without the optional interfaces.
type bare struct{ store.Store }

func withYes(t testing.TB) *keywords.Set {
	t.Helper()
	set, err := keywords.Default().With(keywords.Keyword{Text: "Yes", Intent: keywords.OptIn})
	require.NoError(t, err)
	return set
}

func TestCodesThatNoCountryHasAreNoRegion(t *testing.T) {
	for _, region := range []string{"", " ", "XX", "zz", "AA", "QM"} {
		g, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: region})
		require.NoError(t, err, region)
		_, err = g.Number("4155552671")
		require.ErrorIs(t, err, optout.ErrInvalidNumber, region)
	}
}

func TestOptionsAreCopied(t *testing.T) {
	opts := &optout.Options{Replies: optout.Replies{Help: "one"}, Channels: []string{"Line", "line"}}
	g, err := optout.New(memstore.New(), opts)
	require.NoError(t, err)
	require.Equal(t, []string{"Line", "line"}, opts.Channels)
	opts.Replies.Help, opts.RequireOptIn, opts.Channels[0], opts.Channels[1] = "two", true, "a", "b"
	require.Equal(t, "one", g.Replies().Help)
	require.True(t, allowed(t, g, contact))
	require.True(t, allowed(t, g, "line:1"))
}

func TestBadAccounts(t *testing.T) {
	g, err := optout.New(mocks.NewMockStore(gomock.NewController(t)), nil)
	require.NoError(t, err)
	for _, bad := range []string{"", strings.Repeat("a", 256), "\xff", "a\x00b"} {
		d, err := g.Gate(t.Context(), bad, contact)
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		require.Equal(t, optout.Decision{Reason: optout.ReasonInvalidAccount}, d)
		batch, err := g.GateBatch(t.Context(), bad, []string{contact})
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		require.Equal(t, []optout.Decision{d}, batch)
		_, err = g.RecordOptOut(t.Context(), optout.Request{Account: bad, Number: contact})
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		_, err = g.RecordConsent(t.Context(), optout.Request{Account: bad, Number: contact})
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		for _, err := range g.OptedOut(t.Context(), bad) {
			require.ErrorIs(t, err, optout.ErrInvalidAccount)
		}
		for _, err := range g.History(t.Context(), bad, contact) {
			require.ErrorIs(t, err, optout.ErrInvalidAccount)
		}
	}
}
