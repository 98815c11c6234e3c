package optout_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
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
