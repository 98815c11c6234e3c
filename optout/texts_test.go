package optout_test

import (
	"context"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords/revocation"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// One text that certainly asks to stop though it is no keyword, and one that may.
const (
	certain  = "STOP PLEASE"
	possible = "I think you have the wrong number"
)

func TestThePolicyDecidesWhatBecomesOfWords(t *testing.T) {
	require.Equal(t, revocation.Certain, revocation.Read(certain).Certainty)
	require.Equal(t, revocation.Possible, revocation.Read(possible).Certainty)
	for _, c := range []struct {
		policy optout.Policy
		text   string
		reason optout.Reason
		reply  string
	}{
		{optout.PolicyIgnore, certain, optout.ReasonNotOptedOut, ""},
		{optout.PolicyIgnore, possible, optout.ReasonNotOptedOut, ""},
		{optout.PolicyHold, certain, optout.ReasonHeld, ""},
		{optout.PolicyHold, possible, optout.ReasonHeld, ""},
		{optout.PolicyOptOut, certain, optout.ReasonOptedOut, optout.DefaultReplies().OptOut},
		{optout.PolicyOptOut, possible, optout.ReasonHeld, ""},
		{optout.PolicyOptOut, "See you at the bus stop", optout.ReasonNotOptedOut, ""},
		{optout.PolicyHold, "STOP", optout.ReasonOptedOut, optout.DefaultReplies().OptOut},
		{optout.PolicyHold, "HELP", optout.ReasonNotOptedOut, optout.DefaultReplies().Help},
	} {
		t.Run(c.policy.String()+"/"+c.text, func(t *testing.T) {
			g := guardAt(t, memstore.New(), optout.Options{Texts: c.policy})
			out := receive(t, g, text("m1", c.text, at(1)))
			require.Equal(t, c.reply, out.Reply)
			require.Equal(t, c.reason, reason(t, g))
			err := g.Send(t.Context(), account, contact, func(context.Context, string) error { return nil })
			require.Equal(t, c.reason == optout.ReasonHeld, errors.Is(err, optout.ErrHeld))
			require.Equal(t, c.reason == optout.ReasonOptedOut, errors.Is(err, optout.ErrOptedOut))
			require.Equal(t, c.reason == optout.ReasonHeld, out.State.Status == store.Held && out.Changed)
			require.Len(t, reviews(t, g), map[bool]int{true: 1}[c.reason == optout.ReasonHeld])
		})
	}
}

func TestAHeldTextIsKeptWithWhyItIsHeld(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	m := text("m1", possible, at(1))
	out := receive(t, g, m)
	reading := revocation.Read(possible)
	require.Equal(t, reading, out.Reading)
	review := reviews(t, g)[0]
	require.Equal(t, possible, review.Text)
	require.Equal(t, reading.Rule, review.Keyword)
	require.Equal(t, reading.Reason, review.Note)
	require.Equal(t, revocation.Version(), review.KeywordSet)
	require.Equal(t, store.SourceText, review.Source)
	require.NotEmpty(t, reading.Rule)
	require.NotEmpty(t, reading.Reason)

	again := receive(t, g, m)
	require.True(t, again.Duplicate)
	require.False(t, again.Changed)
	require.Len(t, reviews(t, g), 1)
}

func TestAHoldNeverEndsByWaiting(t *testing.T) {
	now := noon
	g, err := optout.New(memstore.New(), &optout.Options{Texts: optout.PolicyHold, Now: func() time.Time { return now }})
	require.NoError(t, err)
	receive(t, g, text("m1", possible, now))
	now = now.AddDate(20, 0, 0)
	require.Equal(t, optout.ReasonHeld, reason(t, g))
	require.Len(t, reviews(t, g), 1)
}

func TestAHoldIsAccountWideAndNoWider(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	m := text("m1", possible, at(1))
	m.To = "+18885550199"
	receive(t, g, m)
	require.Equal(t, optout.ReasonHeld, reason(t, g))
	d, err := g.Gate(t.Context(), "another", contact)
	require.NoError(t, err)
	require.True(t, d.Allowed)
}

// A Guard that knows of no policy meets what another one has held.
func TestAHeldNumberIsHeldForEveryGuard(t *testing.T) {
	s := memstore.New()
	receive(t, guardAt(t, s, optout.Options{Texts: optout.PolicyHold}), text("m1", possible, at(1)))
	strict := guardAt(t, s, optout.Options{})
	require.Equal(t, optout.ReasonHeld, reason(t, strict))
	batch, err := strict.GateBatch(t.Context(), account, []string{contact, "+14155550199"})
	require.NoError(t, err)
	require.Equal(t, []bool{false, true}, []bool{batch[0].Allowed, batch[1].Allowed})
	require.NotContains(t, slices.Collect(listedNumbers(t, strict)), contact)
}

func TestOnlyTheContactOrWhoReadsItEndsAHold(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	receive(t, g, text("m1", possible, at(10)))
	out := receive(t, g, text("m2", "START", at(5)))
	require.Empty(t, out.Reply)
	require.True(t, out.Superseded)
	require.Equal(t, optout.ReasonHeld, reason(t, g), "START was sent before the text")
	_, err := g.RecordConsent(t.Context(), optout.Request{ID: "r", Account: account, Number: contact, Source: store.SourceWeb, At: at(20)})
	require.NoError(t, err)
	require.Equal(t, optout.ReasonHeld, reason(t, g), "somebody else's consent")
	out = receive(t, g, text("m3", "START", at(11)))
	require.Equal(t, optout.DefaultReplies().OptIn, out.Reply)
	require.Equal(t, optout.ReasonOptedIn, reason(t, g))
	require.Empty(t, reviews(t, g))
}

// Ids that are not unique: STOP has that of the text, and is older.
func TestASTOPWithTheIDOfAHeldTextEndsNoHold(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	receive(t, g, text("m1", possible, at(5)))
	receive(t, g, text("m1", "STOP", at(1)))
	receive(t, g, text("m2", "START", at(3)))
	require.Equal(t, optout.ReasonHeld, reason(t, g))
}

func TestASTARTThatEndsAHoldAlwaysTellsSo(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	receive(t, g, text("m1", "START", at(9)))
	m := text("m2", possible, time.Time{})
	m.ReceivedAt = at(5)
	receive(t, g, m)
	require.Equal(t, optout.ReasonHeld, reason(t, g))
	out := receive(t, g, text("m3", "START", at(6)))
	require.Equal(t, store.OptedIn, out.State.Status)
	require.True(t, out.Changed)
}

func TestAHoldThatIsNotStoredIsAnError(t *testing.T) {
	s := memstore.New()
	g := guardAt(t, s, optout.Options{Texts: optout.PolicyHold})
	out, err := g.With(faultstore.Wrap(s, faultstore.OnKind(faultstore.OpAppend, nil))).Receive(t.Context(), text("m1", possible, at(1)))
	require.ErrorIs(t, err, faultstore.ErrInjected)
	require.False(t, optout.Permanent(err), "let the provider deliver it again")
	require.Equal(t, revocation.Possible, out.Reading.Certainty)
	require.True(t, allowed(t, g, contact))
}

func TestTheConfirmationOfWordsIsInTheirLanguage(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyOptOut})
	reading := revocation.Read("por favor no me envíen más mensajes")
	if reading.Certainty != revocation.Certain {
		t.Fatalf("read as %+v", reading)
	}
	spanish, ok := optout.LanguageReplies("es")
	require.True(t, ok)
	require.Equal(t, spanish.OptOut, receive(t, g, text("m1", "por favor no me envíen más mensajes", at(1))).Reply)
}

// requireWords holds an enum to the words of its values, which are numbered from 0.
func requireWords[T interface {
	~uint8
	fmt.Stringer
	encoding.TextMarshaler
}, P interface {
	*T
	encoding.TextUnmarshaler
}](t *testing.T, words ...string,
) {
	t.Helper()
	unknown := T(len(words))
	for i, word := range words {
		value, read := T(i), unknown
		require.Equal(t, word, value.String())
		written, err := value.MarshalText()
		require.NoError(t, err)
		require.Equal(t, word, string(written))
		require.NoError(t, P(&read).UnmarshalText(written))
		require.Equal(t, value, read)
	}
	_, err := unknown.MarshalText()
	require.Error(t, err)
	require.Contains(t, unknown.String(), "("+strconv.Itoa(len(words))+")")
	for _, bad := range []string{"", "0", strings.ToUpper(words[1]), words[1] + " ", unknown.String(), strings.Repeat("x", 1<<20)} {
		read := T(1)
		err := P(&read).UnmarshalText([]byte(bad))
		require.Error(t, err, "%.20q", bad)
		require.Less(t, len(err.Error()), 100)
		require.Equal(t, T(1), read, "a word that is not known changes nothing")
	}
}

func TestAPolicyIsAWord(t *testing.T) {
	requireWords[optout.Policy](t, "ignore", "hold", "opt-out")
	require.Zero(t, optout.PolicyIgnore)
	require.Equal(t, "opt-out", optout.PolicyOptOut.String())
	var config struct{ Texts optout.Policy }
	require.NoError(t, json.Unmarshal([]byte(`{"texts": "hold"}`), &config))
	require.Equal(t, optout.PolicyHold, config.Texts)
	require.Error(t, json.Unmarshal([]byte(`{"texts": 1}`), &config))
}
