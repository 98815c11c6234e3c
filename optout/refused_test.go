package optout_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

var errSDK = errors.New("the error of an SDK, with +14155550123 in it")

func refusal(optedOut bool) *optout.RefusedError {
	return &optout.RefusedError{Provider: "twilio", Reason: "opted-out", OptedOut: optedOut, Code: "21610", Err: errSDK}
}

func sendRefused(ctx context.Context, g *optout.Guard, err error) error {
	return g.Send(ctx, "acme", "+14155550123", func(context.Context, string) error { return fmt.Errorf("send: %w", err) })
}

func TestARefusalRecordsTheOptOutThatTheProviderKnows(t *testing.T) {
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	err = sendRefused(t.Context(), guard, refusal(true))
	require.ErrorIs(t, err, optout.ErrOptedOut)
	require.ErrorIs(t, err, errSDK)
	require.NotContains(t, err.Error(), "555")

	decision, err := guard.Gate(t.Context(), "acme", "+1 415 555 0123")
	require.NoError(t, err)
	require.False(t, decision.Allowed)
	for record, err := range guard.History(t.Context(), "acme", "+14155550123") {
		require.NoError(t, err)
		require.Equal(t, store.SourceCarrier, record.Source)
		require.Equal(t, "twilio", record.Actor)
		require.Contains(t, record.Note, "21610")
	}
	var blocked *optout.BlockedError
	require.ErrorAs(t, sendRefused(t.Context(), guard, refusal(true)), &blocked)
}

func TestARefusalIsRecordedAfterTheContextEnded(t *testing.T) {
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	err = guard.Send(ctx, "acme", "+14155550123", func(context.Context, string) error {
		cancel()
		return refusal(true)
	})
	require.ErrorIs(t, err, optout.ErrOptedOut)
	decision, err := guard.Gate(t.Context(), "acme", "+14155550123")
	require.NoError(t, err)
	require.False(t, decision.Allowed)
}

func TestARefusalThatCannotBeStoredGivesBothErrors(t *testing.T) {
	broken := faultstore.Wrap(memstore.New(), faultstore.OnKind(faultstore.OpAppend, nil))
	guard, err := optout.New(broken, nil)
	require.NoError(t, err)
	err = sendRefused(t.Context(), guard, refusal(true))
	require.ErrorIs(t, err, optout.ErrOptedOut)
	require.ErrorIs(t, err, faultstore.ErrInjected)
	require.ErrorIs(t, err, errSDK)
}

func TestARefusalThatIsNoOptOutIsNotRecorded(t *testing.T) {
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	for _, sent := range []error{refusal(false), errSDK} {
		err = sendRefused(t.Context(), guard, sent)
		require.ErrorIs(t, err, errSDK)
		require.NotErrorIs(t, err, optout.ErrOptedOut)
		decision, err := guard.Gate(t.Context(), "acme", "+14155550123")
		require.NoError(t, err)
		require.True(t, decision.Allowed)
	}
}

func TestANilRefusalDoesNotPanic(t *testing.T) {
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	err = guard.Send(t.Context(), "acme", "+14155550123", func(context.Context, string) error {
		var none *optout.RefusedError
		return none
	})
	require.Error(t, err)
}
