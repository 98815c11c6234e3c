package optout_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func TestSend(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	var sent []string
	refusal := errors.New("provider: no credit")
	send := func(_ context.Context, to string) error {
		sent = append(sent, to)
		return nil
	}
	require.NoError(t, g.Send(t.Context(), account, "(415) 555-2671", send))
	require.Equal(t, []string{contact}, sent, "the gated number")
	require.Equal(t, refusal, g.Send(t.Context(), account, contact, func(context.Context, string) error { return refusal }))

	receive(t, g, text("m1", "STOP", at(1)))
	err := g.Send(t.Context(), account, "(415) 555-2671", send)
	require.ErrorIs(t, err, optout.ErrOptedOut)
	require.EqualError(t, err, "optout: not sent: opted_out")
	var blocked *optout.BlockedError
	require.ErrorAs(t, err, &blocked)
	require.Equal(t, optout.ReasonOptedOut, blocked.Reason)
	require.Equal(t, "m1", blocked.State.EventID)

	err = g.Send(t.Context(), account, "MyBrand", send)
	require.ErrorIs(t, err, optout.ErrInvalidNumber)
	require.EqualError(t, err, "optout: not sent: invalid_number")
	err = g.Send(t.Context(), "", contact, send)
	require.ErrorIs(t, err, optout.ErrInvalidAccount)
	require.EqualError(t, err, "optout: not sent: invalid_account")
	require.Error(t, g.Send(t.Context(), account, contact, nil))

	strict := guardAt(t, memstore.New(), optout.Options{RequireOptIn: true})
	err = strict.Send(t.Context(), account, contact, send)
	require.EqualError(t, err, "optout: not sent: no_consent")
	require.NotErrorIs(t, err, optout.ErrOptedOut)
	require.Len(t, sent, 1)
}

func TestSendKeepsTheChannel(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Channels: []string{"messenger"}})
	for number, want := range map[string]string{
		contact:                              contact,
		"(415) 555-2671":                     contact,
		"tel:" + contact:                     contact,
		"sms:" + contact:                     contact,
		"whatsapp:" + contact:                "whatsapp:" + contact,
		"WhatsApp:" + contact:                "whatsapp:" + contact,
		" whatsapp:+1 415 555 2671 ":         "whatsapp:" + contact,
		"whatsapp:4155552671":                "whatsapp:" + contact,
		"\"whatsapp:" + contact + "\"":       "whatsapp:" + contact,
		"rcs:" + contact:                     "rcs:" + contact,
		"RCS:(415) 555-2671":                 "rcs:" + contact,
		"'whatsapp:" + contact + "'":         "whatsapp:" + contact,
		"sip:" + contact + "@rcs:5060":       contact,
		"sms:" + contact + "?body=whatsapp:": contact,
		"tel:" + contact + ";note=rcs:":      contact,
		"Messenger:Anna":                     "messenger:Anna",
		" messenger:whatsapp:1 ":             "messenger:whatsapp:1",
	} {
		var sent []string
		require.NoError(t, g.Send(t.Context(), account, number, func(_ context.Context, to string) error {
			sent = append(sent, to)
			return nil
		}))
		require.Equal(t, []string{want}, sent, "%q", number)
	}
	receive(t, g, text("m1", "STOP", at(1)))
	require.ErrorIs(t, g.Send(t.Context(), account, "whatsapp:"+contact, nobody(t)), optout.ErrOptedOut, "one contact on every channel")
}

// nobody is what a Send that is blocked must not call.
func nobody(t testing.TB) func(context.Context, string) error {
	t.Helper()
	return func(context.Context, string) error {
		t.Error("sent")
		return nil
	}
}

// TestEachBlockIsFoundByItsError also holds the texts of the errors to what a log may show.
func TestEachBlockIsFoundByItsError(t *testing.T) {
	policies := []error{optout.ErrOptedOut, optout.ErrHeld, optout.ErrNoConsent}
	s := memstore.New()
	g := guardAt(t, s, optout.Options{RequireOptIn: true, Texts: optout.PolicyHold})
	receive(t, g, optout.Message{Account: account, From: "+14155550101", Text: "STOP"})
	receive(t, g, optout.Message{Account: account, From: "+14155550102", Text: possible})
	down := errors.New("the database is away")
	for _, c := range []struct {
		guard           *optout.Guard
		account, number string
		reason          optout.Reason
		is              error
	}{
		{g, account, "+14155550101", optout.ReasonOptedOut, optout.ErrOptedOut},
		{g, account, "+14155550102", optout.ReasonHeld, optout.ErrHeld},
		{g, account, "+14155550103", optout.ReasonNoConsent, optout.ErrNoConsent},
		{g, account, "MyBrand", optout.ReasonInvalidNumber, optout.ErrInvalidNumber},
		{g, "", "+14155550101", optout.ReasonInvalidAccount, optout.ErrInvalidAccount},
		{g.With(faultstore.Wrap(s, faultstore.OnKind(faultstore.OpGet, down))), account, "+14155550101", optout.ReasonStoreError, down},
	} {
		err := c.guard.Send(t.Context(), c.account, c.number, nobody(t))
		require.EqualError(t, err, "optout: not sent: "+string(c.reason))
		require.ErrorIs(t, err, c.is)
		var blocked *optout.BlockedError
		require.ErrorAs(t, err, &blocked)
		require.Equal(t, c.reason, blocked.Reason)
		require.False(t, blocked.Allowed)
		for _, policy := range policies {
			require.Equal(t, errors.Is(c.is, policy), errors.Is(err, policy), "%v: %v", c.reason, policy)
		}
	}
}
