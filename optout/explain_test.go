package optout_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func explain(t *testing.T, g *optout.Guard, number string) optout.Explanation {
	t.Helper()
	e, err := g.Explain(t.Context(), account, number)
	require.NoError(t, err)
	return e
}

func TestExplainSaysWhoWhenAndInWhichWords(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Keywords: keywords.UnitedStates()})
	require.Equal(t, optout.Explanation{
		Decision: optout.Decision{
			Allowed: true, Reason: optout.ReasonNotOptedOut, State: store.State{Key: store.Key{Account: account, Number: contact}},
		},
	}, explain(t, g, "(415) 555-2671"), "never seen")

	receive(t, g, text("m1", " Stop! ", at(1)))
	_, err := g.RecordConsent(t.Context(), optout.Request{Account: account, Number: contact, Actor: "anna"})
	require.ErrorIs(t, err, optout.ErrOptedOut)
	e := explain(t, g, "(415) 555-2671")
	require.Equal(t, optout.ReasonOptedOut, e.Decision.Reason)
	require.Len(t, e.Records, 1)
	r := e.Records[0]
	list := keywords.UnitedStates().Version()
	require.Equal(t, []any{"m1", store.OptOut, store.SourceKeyword, at(1), contact, ours, " Stop! ", "STOP", list},
		[]any{r.ID, r.Action, r.Source, r.At, r.From, r.To, r.Text, r.Keyword, r.KeywordSet})

	_, err = g.RecordOptOut(t.Context(), optout.Request{
		ID: "call", Account: account, Number: "+14155550100", Source: store.SourceAgent, Actor: "anna", Note: "by phone",
	})
	require.NoError(t, err)
	e = explain(t, g, "+14155550100")
	require.Equal(t, "anna", e.Records[0].Actor)
	require.Equal(t, "by phone", e.Records[0].Note)
}

func TestExplainOfAReviewHasTheTextThatWasRead(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold})
	receive(t, g, text("m1", "please stop texting me", at(1)))
	e := explain(t, g, contact)
	require.Equal(t, optout.ReasonHeld, e.Decision.Reason)
	require.Len(t, e.Records, 1)
	require.Equal(t, store.Hold, e.Records[0].Action)
	_, err := g.Resolve(t.Context(), optout.Resolution{
		Account: account, Review: e.Records[0], Verdict: optout.VerdictRequest, Actor: "anna", Note: "clear enough",
	})
	require.NoError(t, err)
	held := e.Records[0]
	e = explain(t, g, contact)
	require.Equal(t, optout.ReasonOptedOut, e.Decision.Reason)
	require.Len(t, e.Records, 2)
	require.Equal(t, store.Uphold, e.Records[0].Action)
	require.Equal(t, "anna", e.Records[0].Actor)
	require.Equal(t, held, e.Records[1])
}

func TestExplainNamesTheKeyThatDecides(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	m := text("m1", "STOP", at(1))
	m.From = singapore
	receive(t, g, m)
	e := explain(t, g, twoReadings)
	require.Equal(t, optout.ReasonOptedOut, e.Decision.Reason)
	require.Equal(t, singapore, e.Decision.State.Key.Number, "the digits are Florida's, and may be Singapore's")
	require.Equal(t, singapore, e.Records[0].Key.Number)
	require.Empty(t, explain(t, g, florida).Records)
}

func TestExplainHasTheErrorsOfTheGate(t *testing.T) {
	ctx := t.Context()
	failing := errors.New("no route")
	for kind, decided := range map[faultstore.OpKind]bool{faultstore.OpGet: false, faultstore.OpGetRecords: true} {
		outage := &faultstore.Toggle{Err: failing}
		s := faultstore.Wrap(memstore.New(), func(op faultstore.Op) error {
			if op.Kind != kind {
				return nil
			}
			return outage.Inject(op)
		})
		g := guardAt(t, s, optout.Options{})
		receive(t, g, text("m1", "STOP", at(1)))
		outage.On()
		e, err := g.Explain(ctx, account, contact)
		require.ErrorIs(t, err, failing)
		require.Empty(t, e.Records)
		require.False(t, e.Decision.Allowed)
		require.Equal(t, decided, e.Decision.Reason == optout.ReasonOptedOut)
	}
	g := newGuard(t, nil)
	e, err := g.Explain(ctx, account, "not a number")
	require.ErrorIs(t, err, optout.ErrInvalidNumber)
	require.Equal(t, optout.ReasonInvalidNumber, e.Decision.Reason)
	e, err = g.With(nil).Explain(ctx, account, contact)
	require.Error(t, err)
	require.Equal(t, optout.ReasonStoreError, e.Decision.Reason)
}

// foreign answers with the records of another key.
type foreign struct{ *memstore.Store }

func (f foreign) GetRecords(context.Context, store.Key, string) ([]store.Record, error) {
	return []store.Record{{Event: store.Event{ID: "m1", Key: store.Key{Account: "other", Number: contact}}}}, nil
}

func TestExplainAcceptsNoRecordsOfAnotherKey(t *testing.T) {
	g := guardAt(t, foreign{memstore.New()}, optout.Options{})
	receive(t, g, text("m1", "STOP", at(1)))
	e, err := g.Explain(t.Context(), account, contact)
	require.Error(t, err)
	require.Empty(t, e.Records)
}

// confused are spellings of numbers that can be confused, and of lines with two spellings.
var confused = append([]string{"+5511987654321", "+551187654321", "551187654321"}, contacts[0]...)

// play lets Guards of some regions record texts, requests and reviews of confused numbers.
func play(t *rapid.T, s store.Store, regions ...string) []*optout.Guard {
	ctx := t.Context()
	opts := optout.Options{Texts: optout.PolicyHold, Now: func() time.Time { return noon.Add(24 * time.Hour) }}
	var guards []*optout.Guard
	for _, region := range regions {
		opts.DefaultRegion = region
		g, err := optout.New(s, &opts)
		require.NoError(t, err)
		guards = append(guards, g)
	}
	for i := range rapid.IntRange(1, 12).Draw(t, "events") {
		g := rapid.SampledFrom(guards).Draw(t, "guard")
		number := rapid.SampledFrom(confused).Draw(t, "number")
		id := fmt.Sprint(rapid.IntRange(i/2, i).Draw(t, "id"))
		sent := at(rapid.IntRange(0, 20).Draw(t, "minute"))
		switch what := rapid.IntRange(0, 9).Draw(t, "what"); what {
		case 0, 1, 2, 3:
			m := text(id, []string{"STOP", "START", "please stop texting me", "STOP"}[what], sent)
			m.From = number
			_, err := g.Receive(ctx, m)
			if err != nil && !errors.Is(err, store.ErrIDReused) {
				require.NoError(t, err)
			}
		case 4:
			_, err := g.RecordOptOut(ctx, optout.Request{ID: id, Account: account, Number: number, At: sent})
			require.NoError(t, err)
		case 5:
			_, _ = g.RecordConsent(ctx, optout.Request{ID: id, Account: account, Number: number})
		case 8, 9: // under one key, as a Guard with an older table of lines has recorded it
			_, err := s.Append(ctx, store.Event{
				ID: "one key " + id, Key: store.Key{Account: account, Number: number}, At: sent, Text: "STOP",
				Action: []store.Action{store.OptOut, store.OptIn}[what-8], Source: store.SourceKeyword, From: number,
			})
			if !errors.Is(err, store.ErrIDReused) {
				require.NoError(t, err)
			}
		default:
			for review, err := range g.Reviews(ctx, account) {
				require.NoError(t, err)
				verdict := []optout.Verdict{optout.VerdictRequest, optout.VerdictNoRequest}[what-6]
				_, err := g.Resolve(ctx, optout.Resolution{Account: account, Review: review.Record, Verdict: verdict, Actor: "anna"})
				require.NoError(t, err)
				break
			}
		}
	}
	return guards
}

// TestExplainFindsWhatMadeTheState: after any texts, requests and reviews, in every spelling
// of numbers that can be confused, Explain decides as Gate does, and finds the record of the
// state's own event, through a RecordGetter and through the history.
func TestExplainFindsWhatMadeTheState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := memstore.New()
		ctx := t.Context()
		guards := play(t, s, "US", "SG", "")
		for _, number := range confused {
			for _, g := range append(guards, guards[0].With(bare{s})) {
				want, wantErr := g.Gate(ctx, account, number)
				e, err := g.Explain(ctx, account, number)
				require.Equal(t, wantErr, err)
				require.Equal(t, want, e.Decision)
				state := want.State
				if state.Status == store.Unknown {
					require.Empty(t, e.Records)
					continue
				}
				require.NotEmpty(t, e.Records, "%s: %+v", number, state)
				made := e.Records[0]
				require.Equal(t, []any{state.EventID, state.Action, state.Source, state.At, state.ReceivedAt, state.RecordedAt},
					[]any{made.ID, made.Action, made.Source, made.At, made.ReceivedAt, made.RecordedAt})
				for _, settled := range e.Records[1:] {
					require.True(t, made.Names(settled))
				}
			}
		}
	})
}
