package optout_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

func TestAMessageThatIsNoKeywordOrHelpTouchesNoStore(t *testing.T) {
	s := mocks.NewMockStore(gomock.NewController(t)) // which fails the test on any call
	g, err := optout.New(s, nil)
	require.NoError(t, err)
	for _, body := range []string{"", "hello", "stop it!", "START NOW", "please stop", "\xff\xfe", strings.Repeat("STOP ", 30_000)} {
		out := receive(t, g, text("1", body, noon))
		require.Equal(t, optout.Outcome{}, out)
	}
	out := receive(t, g, text("1", "help", noon))
	require.Equal(t, keywords.Help, out.Match.Intent)
	require.Equal(t, g.Replies().Help, out.Reply)
	out = receive(t, g, optout.Message{Account: account, From: contact, Text: "INFO", ProviderReplied: true})
	require.Empty(t, out.Reply)
}

func TestStopAndStart(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	replies := g.Replies()

	out := receive(t, g, text("m1", " Stop! ", at(1)))
	require.Equal(t, keywords.Match{Intent: keywords.OptOut, Keyword: "STOP", Language: "en"}, out.Match)
	require.Equal(t, store.OptedOut, out.State.Status)
	require.True(t, out.State.At.Equal(at(1)))
	require.Equal(t, "m1", out.EventID)
	require.Equal(t, replies.OptOut, out.Reply)
	require.True(t, out.Changed)
	require.False(t, out.Duplicate || out.Superseded)
	require.False(t, allowed(t, g, contact))

	out = receive(t, g, text("m2", "QUIT", at(2)))
	require.Empty(t, out.Reply, "a second STOP is never answered")
	require.False(t, out.Changed || out.Duplicate || out.Superseded)

	out = receive(t, g, text("m1", " Stop! ", at(1)))
	require.Equal(t, replies.OptOut, out.Reply, "redelivered: the first answer may not have left")
	require.True(t, out.Duplicate)
	require.False(t, out.Changed)
	require.Empty(t, receive(t, g, text("m2", "QUIT", at(2))).Reply, "it had no answer")

	out = receive(t, g, text("m3", "UNSTOP", at(3)))
	require.Equal(t, replies.OptIn, out.Reply)
	require.True(t, out.Changed)
	require.True(t, allowed(t, g, contact))
	require.Equal(t, replies.OptIn, receive(t, g, text("m3", "UNSTOP", at(3))).Reply)
	require.Empty(t, receive(t, g, text("m4", "START", at(4))).Reply, "a second START is never answered")

	out = receive(t, g, text("m1", " Stop! ", at(1)))
	require.True(t, out.Duplicate && out.Superseded)
	require.Empty(t, out.Reply, "what it asked for is no longer in force")
	require.True(t, allowed(t, g, contact))

	out = receive(t, g, text("m0", "STOP", at(2)))
	require.True(t, out.Superseded, "older than the START")
	require.False(t, out.Changed || out.Duplicate)
	require.Empty(t, out.Reply)
}

func TestStartFromAPersonUnknown(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	out := receive(t, g, text("m1", "START", at(1)))
	require.True(t, out.Changed)
	require.Empty(t, out.Reply, "nothing was lifted")

	g = guardAt(t, memstore.New(), optout.Options{RequireOptIn: true})
	d, err := g.Gate(t.Context(), account, contact)
	require.NoError(t, err)
	require.Equal(t, optout.Decision{Reason: optout.ReasonNoConsent, State: store.State{Key: store.Key{Account: account, Number: contact}}}, d)
	out = receive(t, g, text("m1", "START", at(1)))
	require.Equal(t, g.Replies().OptIn, out.Reply)
	require.Equal(t, g.Replies().OptIn, receive(t, g, text("m1", "START", at(1))).Reply, "redelivered")
	require.Empty(t, receive(t, g, text("m2", "START", at(2))).Reply)
	require.True(t, allowed(t, g, contact))
}

func TestNothingIsRepliedWhereTheProviderHas(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	for _, body := range []string{"STOP", "START", "HELP"} {
		m := text(body, body, time.Time{})
		m.ProviderReplied = true
		out := receive(t, g, m)
		require.Empty(t, out.Reply)
		require.Equal(t, body != "HELP", out.Changed)
	}
}

func TestTheEvidenceIsKept(t *testing.T) {
	s := memstore.New()
	set, err := keywords.Default().With(keywords.Keyword{Text: "BAJA", Intent: keywords.OptOut, Language: "es"})
	require.NoError(t, err)
	g := guardAt(t, s, optout.Options{Keywords: set})
	receive(t, g, optout.Message{ID: "m1", Account: account, From: "whatsapp:" + contact, To: "12345", Text: "\xff baja!\x00", At: at(1)})
	_, err = g.RecordOptOut(t.Context(), optout.Request{
		ID: "r1", Account: account, Number: contact, At: at(2), Source: store.SourceAgent,
		Actor: "agent:7", Note: "by phone", Text: "take me off",
	})
	require.NoError(t, err)
	var records []store.Record
	for r, err := range g.History(t.Context(), account, contact) {
		require.NoError(t, err)
		require.False(t, r.RecordedAt.IsZero())
		r.RecordedAt = time.Time{}
		records = append(records, r)
	}
	key, received := store.Key{Account: account, Number: contact}, noon.Add(24*time.Hour)
	require.Equal(t, []store.Record{
		{
			Event: store.Event{
				ID: "m1", Key: key, Action: store.OptOut, At: at(1), ReceivedAt: received, Source: store.SourceKeyword,
				From: "whatsapp:" + contact, To: "12345", Text: "\xff baja!\x00", Keyword: "BAJA", KeywordSet: set.Version(),
			},
			Effective: true,
		},
		{
			Event: store.Event{
				ID: "request:r1", Key: key, Action: store.OptOut, At: at(2), ReceivedAt: received, Source: store.SourceAgent,
				From: contact, Text: "take me off", Actor: "agent:7", Note: "by phone",
			},
			Effective: true, Prior: store.OptedOut,
		},
	}, records)
}

func TestAnOptOutThatIsNotStoredIsAnErrorAndIsNotAnswered(t *testing.T) {
	down := errors.New("the database is away")
	ctrl := gomock.NewController(t)
	s := mocks.NewMockStore(ctrl)
	s.EXPECT().Append(gomock.Any(), gomock.Any()).Return(store.Result{}, down)
	g, err := optout.New(s, nil)
	require.NoError(t, err)
	out, err := g.Receive(t.Context(), text("m1", "STOP", noon))
	require.ErrorIs(t, err, down)
	require.Equal(t, keywords.OptOut, out.Match.Intent)
	require.Empty(t, out.Reply)
	require.False(t, out.Changed)

	key := store.Key{Account: account, Number: contact}
	recorded := func(id string, action store.Action) store.Record {
		return store.Record{Event: store.Event{ID: id, Key: key, Action: action}}
	}
	optedOut, other := store.State{Key: key, Status: store.OptedOut}, store.Key{Account: "b", Number: contact}
	for name, lie := range map[string]store.Result{
		"nothing":        {},
		"another key":    {State: store.State{Key: other, Status: store.OptedOut}, Record: recorded("m1", store.OptOut)},
		"another event":  {State: optedOut, Record: recorded("m1", store.OptIn)},
		"another id":     {State: optedOut, Record: recorded("m2", store.OptOut)},
		"no state":       {State: store.State{Key: key}, Record: recorded("m1", store.OptOut)},
		"unknown status": {State: store.State{Key: key, Status: 9}, Record: recorded("m1", store.OptOut)},
	} {
		s.EXPECT().Append(gomock.Any(), gomock.Any()).Return(lie, nil)
		out, err := g.Receive(t.Context(), text("m1", "STOP", noon))
		require.Error(t, err, name)
		require.Empty(t, out.Reply)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = g.Receive(ctx, text("m1", "STOP", noon))
	require.ErrorIs(t, err, context.Canceled)
}

func TestPermanentErrorsAreThoseThatNoRedeliveryHelps(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	for _, m := range []optout.Message{
		{Account: "", From: contact, Text: "STOP"},
		{Account: account, From: "", Text: "STOP"},
		{Account: account, From: contact, To: contact, Text: "STOP"},
	} {
		_, err := g.Receive(t.Context(), m)
		require.True(t, optout.Permanent(err), err)
	}
	receive(t, g, text("1", "STOP", at(1)))
	_, err := g.Receive(t.Context(), text("1", "START", at(2)))
	require.True(t, optout.Permanent(err), err)
	_, err = g.With(nil).Receive(t.Context(), text("1", "STOP", at(2)))
	require.Error(t, err)
	require.False(t, optout.Permanent(err))
	require.False(t, optout.Permanent(nil))
	require.False(t, optout.Permanent(store.ErrConflict))
}

func TestAnOutcomeInALogIsReadable(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyOptOut})
	out := receive(t, g, text("m1", certain, at(1)))
	out.State.RecordedAt = at(2)
	raw, err := json.Marshal(out)
	require.NoError(t, err)
	reading := out.Reading
	require.JSONEq(t, fmt.Sprintf(`{
		"reading": {"certainty": "certain", "rule": %q, "reason": %q, "language": %q},
		"state": {
			"key": {"account": "acct_a", "number": "+14155552671"}, "status": "opted-out", "action": "opt-out", "source": "text", "event_id": "m1",
			"at": "2026-03-01T12:01:00Z", "received_at": "2026-03-02T12:00:00Z", "recorded_at": "2026-03-01T12:02:00Z"
		},
		"changed": true,
		"reply": %q, "event_id": "m1"
	}`, reading.Rule, reading.Reason, reading.Language, optout.DefaultReplies().OptOut), string(raw))
	var read optout.Outcome
	require.NoError(t, json.Unmarshal(raw, &read))
	require.Equal(t, out, read)
}

// Two machines that answer each other would not stop.
func TestWhatIsNoPhoneNumberIsNeverAnswered(t *testing.T) {
	for _, from := range []string{"12345", "ACME", "555-2671"} {
		g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", RequireOptIn: true})
		for i, body := range []string{"START", "STOP", "STOP", "HELP", "START", "STOP"} {
			m := text(fmt.Sprint(i), body, at(i))
			m.From = from
			out := receive(t, g, m)
			require.Empty(t, out.Reply, "%s from %s", body, from)
			require.Equal(t, body != "HELP", out.NoNumber)
		}
		d, err := g.Gate(t.Context(), account, from)
		require.NoError(t, err)
		require.Equal(t, optout.ReasonOptedOut, d.Reason)
	}
}

func TestTheProvidersReadingOptsOutAndDoesNothingElse(t *testing.T) {
	read := func(id, body string, intent keywords.Intent, minute int) optout.Message {
		m := text(id, body, at(minute))
		m.ProviderIntent = intent
		return m
	}
	for _, body := range []string{"no gracias", "", "START", "yes", possible} {
		g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyHold, ConfirmOptIn: true})
		out := receive(t, g, read("m1", body, keywords.OptOut, 1))
		require.True(t, out.Changed, body)
		require.Equal(t, optout.DefaultReplies().OptOut, out.Reply)
		require.Equal(t, store.SourceCarrier, out.State.Source)
		record := history(t, g, contact)[0]
		require.Equal(t, body, record.Text)
		require.Empty(t, record.Keyword)
		require.NotEmpty(t, record.Note)
		require.Equal(t, optout.ReasonOptedOut, reason(t, g))
		require.Equal(t, g.Classify(body), out.Match)
	}
	g := guardAt(t, memstore.New(), optout.Options{})
	out := receive(t, g, read("m1", "STOP", keywords.OptOut, 1))
	require.Equal(t, store.SourceKeyword, out.State.Source, "the keyword is found here too")
	for i, intent := range []keywords.Intent{keywords.OptIn, keywords.Help, keywords.None} {
		out := receive(t, g, read(fmt.Sprint("h", i), "hello", intent, 2))
		require.Equal(t, optout.Outcome{}, out, "it never opts in, and is no request for help")
	}
	require.Equal(t, optout.ReasonOptedOut, reason(t, g))
	require.False(t, receive(t, g, read("m2", "STOP", keywords.OptIn, 3)).Superseded)
	receive(t, g, read("m3", "START", keywords.Help, 4))
	require.Equal(t, optout.ReasonOptedIn, reason(t, g), "the contact's own keyword counts")
	require.Equal(t, g.Replies().Help, receive(t, g, read("m4", "HELP", keywords.OptIn, 5)).Reply)
}

func TestHELPTouchesNoStoreWhateverTheProviderRead(t *testing.T) {
	g, err := optout.New(mocks.NewMockStore(gomock.NewController(t)), nil)
	require.NoError(t, err)
	m := text("m1", "HELP", noon)
	m.ProviderIntent = keywords.OptOut
	require.Equal(t, g.Replies().Help, receive(t, g, m).Reply)
}
