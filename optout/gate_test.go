package optout_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/mock/gomock"

	"github.com/seed-f10031e4/consent/internal/mocks"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func TestTheGateFailsClosed(t *testing.T) {
	key := store.Key{Account: account, Number: contact}
	down := errors.New("the database is away")
	for name, c := range map[string]struct {
		state store.State
		err   error
	}{
		"an error":                  {store.State{Key: key}, down},
		"a timeout":                 {store.State{Key: key}, context.DeadlineExceeded},
		"the state of another key":  {store.State{Key: store.Key{Account: account, Number: contact + "0"}}, nil},
		"another account's":         {store.State{Key: store.Key{Account: "b", Number: contact}}, nil},
		"no key":                    {store.State{}, nil},
		"a status not known here":   {store.State{Key: key, Status: 4}, nil},
		"the last status":           {store.State{Key: key, Status: 255}, nil},
		"an opt-in of another key":  {store.State{Key: store.Key{Account: account, Number: "+1"}, Status: store.OptedIn}, nil},
		"an error beside an opt-in": {store.State{Key: key, Status: store.OptedIn}, down},
	} {
		t.Run(name, func(t *testing.T) {
			s := mocks.NewMockStore(gomock.NewController(t))
			s.EXPECT().Get(gomock.Any(), gomock.Any()).Return(c.state, c.err).AnyTimes()
			g, err := optout.New(s, nil)
			require.NoError(t, err)
			d, err := g.Gate(t.Context(), account, contact)
			require.Error(t, err)
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
			}
			require.Equal(t, optout.Decision{Reason: optout.ReasonStoreError}, d)

			batch, err := g.GateBatch(t.Context(), account, []string{contact, contact, "MyBrand"})
			require.Error(t, err)
			require.Equal(t, slices.Repeat([]optout.Decision{{Reason: optout.ReasonStoreError}}, 3), batch)

			err = g.Send(t.Context(), account, contact, func(context.Context, string) error {
				t.Error("sent")
				return nil
			})
			var blocked *optout.BlockedError
			require.ErrorAs(t, err, &blocked)
			require.Equal(t, optout.ReasonStoreError, blocked.Reason)
			require.NotErrorIs(t, err, optout.ErrOptedOut)
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
			}
			require.EqualError(t, err, "optout: not sent: store_error")
		})
	}
}

func TestACancelledContextIsNotAllowed(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := mocks.NewMockStore(gomock.NewController(t))
	g, err := optout.New(s, nil)
	require.NoError(t, err)
	d, err := g.Gate(ctx, account, contact)
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, d.Allowed)
}

func TestReasonsAreTheseWords(t *testing.T) {
	require.Equal(t, "opted_out held no_consent invalid_number invalid_account store_error not_opted_out opted_in",
		fmt.Sprint(optout.ReasonOptedOut, " ", optout.ReasonHeld, " ", optout.ReasonNoConsent, " ", optout.ReasonInvalidNumber, " ",
			optout.ReasonInvalidAccount, " ", optout.ReasonStoreError, " ",
			optout.ReasonNotOptedOut, " ", optout.ReasonOptedIn))
}

func TestAnOptOutIsAccountWideAndNoWider(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	receive(t, g, text("m1", "STOP", at(1)))
	for _, spelling := range []string{
		contact, "(415) 555-2671", "4155552671", "14155552671", "whatsapp:+14155552671", "\u202a+1 415 555 2671\u202c",
	} {
		require.False(t, allowed(t, g, spelling), spelling)
	}
	d, err := g.Gate(t.Context(), "acct_b", contact)
	require.NoError(t, err)
	require.Equal(t, optout.ReasonNotOptedOut, d.Reason)
	require.True(t, d.Allowed)
	d, err = g.Gate(t.Context(), "ACCT_A", contact)
	require.NoError(t, err)
	require.True(t, d.Allowed)
}

func TestAnOptOutNeverExpires(t *testing.T) {
	s := memstore.New()
	now := time.Date(2019, time.January, 1, 0, 0, 0, 0, time.UTC)
	g, err := optout.New(s, &optout.Options{Now: func() time.Time { return now }})
	require.NoError(t, err)
	receive(t, g, text("m1", "STOP", now))
	now = time.Date(2099, time.January, 1, 0, 0, 0, 0, time.UTC)
	require.False(t, allowed(t, g, contact))
}

func TestADecisionInALogIsReadable(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	receive(t, g, text("m1", possible, at(1)))
	d, err := g.Gate(t.Context(), account, contact)
	require.NoError(t, err)
	d.State.RecordedAt = at(2)
	raw, err := json.Marshal(d)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"allowed": false,
		"reason": "held",
		"state": {
			"key": {"account": "acct_a", "number": "+14155552671"}, "status": "held", "action": "hold", "source": "text", "event_id": "m1",
			"at": "2026-03-01T12:01:00Z", "received_at": "2026-03-02T12:00:00Z", "recorded_at": "2026-03-01T12:02:00Z"
		}
	}`, string(raw))
	var read optout.Decision
	require.NoError(t, json.Unmarshal(raw, &read))
	require.Equal(t, d, read)

	raw, err = json.Marshal(optout.Decision{})
	require.NoError(t, err)
	require.JSONEq(t, `{"allowed": false}`, string(raw))
}
