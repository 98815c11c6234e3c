package optout_test

import (
	"context"
	"errors"
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

func TestAnOptOutIsAccountWideAndNoWider(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	receive(t, g, text("m1", "STOP", at(1)))
	for _, spelling := range []string{contact, "(415) 555-2671", "4155552671", "14155552671", "whatsapp:+14155552671", "\u202a+1 415 555 2671\u202c"} {
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

func TestTheEvidenceIsKept(t *testing.T) {
	s := memstore.New()
	set, err := keywords.Default().With(keywords.Keyword{Text: "BAJA", Intent: keywords.OptOut, Language: "es"})
	require.NoError(t, err)
	g := guardAt(t, s, optout.Options{Keywords: set})
	receive(t, g, optout.Message{ID: "m1", Account: account, From: "whatsapp:" + contact, To: "12345", Text: "\xff baja!\x00", At: at(1)})
	_, err = g.RecordOptOut(t.Context(), optout.Request{ID: "r1", Account: account, Number: contact, Source: store.SourceAgent, Actor: "agent:7", Note: "by phone", Text: "take me off", At: at(2)})
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

func TestTimesThatNoContactCanHaveActedAtCountAsNotGiven(t *testing.T) {
	now := noon.Add(24 * time.Hour)
	for name, c := range map[string]struct {
		at, want time.Time
	}{
		"none":                   {},
		"1970":                   {at: time.Unix(0, 0)},
		"before 2000":            {at: time.Date(1999, time.December, 31, 23, 59, 59, 0, time.UTC)},
		"2000":                   {at: time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC), want: time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)},
		"5 minutes ahead":        {at: now.Add(5 * time.Minute), want: now.Add(5 * time.Minute)},
		"more than 5 minutes":    {at: now.Add(5*time.Minute + time.Microsecond)},
		"in another zone":        {at: at(1).In(time.FixedZone("x", 3600)), want: at(1)},
		"far beyond every store": {at: time.Unix(1<<60, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			out := receive(t, guardAt(t, memstore.New(), optout.Options{}), text("m1", "STOP", c.at))
			require.True(t, out.State.At.Equal(c.want), out.State.At)
		})
	}
}

func TestIDs(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	seen := map[string]bool{}
	for _, id := range []string{"", "", strings.Repeat("x", 255), strings.Repeat("x", 256), strings.Repeat("x", 257), "\xff", "\xfe", "a\x00b", "a"} {
		out := receive(t, g, text(id, "STOP", time.Time{}))
		require.False(t, seen[out.EventID], "%q", out.EventID)
		require.False(t, out.Duplicate)
		seen[out.EventID] = true
		require.LessOrEqual(t, len(out.EventID), 255)
		if id != "" {
			require.Equal(t, out.EventID, receive(t, g, text(id, "STOP", time.Time{})).EventID, "a redelivery is recognised")
		}
	}
}

func TestAReusedIDNeverSwallowsAnOptOut(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	receive(t, g, text("17", "START", at(1)))
	out := receive(t, g, text("17", "STOP", at(2)))
	require.True(t, out.Changed)
	require.NotEmpty(t, out.Reply)
	require.False(t, allowed(t, g, contact))

	receive(t, g, text("18", "STOP", at(3)))
	out, err := g.Receive(t.Context(), text("18", "START", at(4)))
	require.ErrorIs(t, err, store.ErrIDReused)
	require.Equal(t, keywords.OptIn, out.Match.Intent)
	require.Empty(t, out.Reply)
	require.False(t, allowed(t, g, contact))

	receive(t, g, text("19", "START", at(5)))
	out = receive(t, g, text("18", "STOP", at(6)))
	require.True(t, out.Changed, "newer than the opt-in in force: not the old one again")
	require.NotEmpty(t, out.Reply)
	require.False(t, allowed(t, g, contact))
}

func TestBadMessagesAreErrorsThatNameTheField(t *testing.T) {
	s := mocks.NewMockStore(gomock.NewController(t))
	g, err := optout.New(s, &optout.Options{DefaultRegion: "US"})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		change func(*optout.Message)
		is     error
		says   string
	}{
		"no account":             {func(m *optout.Message) { m.Account = "" }, optout.ErrInvalidAccount, "ccount"},
		"long account":           {func(m *optout.Message) { m.Account = strings.Repeat("a", 256) }, optout.ErrInvalidAccount, "255"},
		"account not UTF-8":      {func(m *optout.Message) { m.Account = "\xff" }, optout.ErrInvalidAccount, "UTF-8"},
		"account with NUL":       {func(m *optout.Message) { m.Account = "a\x00" }, optout.ErrInvalidAccount, "NUL"},
		"no From":                {func(m *optout.Message) { m.From = "" }, optout.ErrInvalidMessage, "From"},
		"From not UTF-8":         {func(m *optout.Message) { m.From = "+1415555\xff2671" }, optout.ErrInvalidMessage, "From"},
		"long From":              {func(m *optout.Message) { m.From = strings.Repeat("x", 256) }, optout.ErrInvalidMessage, "From"},
		"From is To":             {func(m *optout.Message) { m.To = m.From }, optout.ErrInvalidMessage, "From"},
		"From is To, respelled":  {func(m *optout.Message) { m.To = "(415) 555-2671" }, optout.ErrInvalidMessage, "From"},
		"From is To, short code": {func(m *optout.Message) { m.From, m.To = "12345", " 12345" }, optout.ErrInvalidMessage, "From"},
	} {
		for _, body := range []string{"STOP", "START", "HELP"} {
			t.Run(name+" "+body, func(t *testing.T) {
				m := text("m1", body, noon)
				c.change(&m)
				out, err := g.Receive(t.Context(), m)
				require.ErrorIs(t, err, c.is)
				require.ErrorContains(t, err, c.says)
				require.NotContains(t, err.Error(), contact)
				out.NoNumber = false
				require.Equal(t, optout.Outcome{Match: optout.Classify(body)}, out, "the class comes beside the error")
			})
		}
	}
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
	recorded := func(key store.Key, action store.Action) store.Record {
		return store.Record{Event: store.Event{ID: "m1", Key: key, Action: action}}
	}
	for name, lie := range map[string]store.Result{
		"nothing":        {},
		"another key":    {State: store.State{Key: store.Key{Account: "b", Number: contact}, Status: store.OptedOut}, Record: recorded(key, store.OptOut)},
		"another event":  {State: store.State{Key: key, Status: store.OptedOut}, Record: recorded(key, store.OptIn)},
		"another id":     {State: store.State{Key: key, Status: store.OptedOut}, Record: store.Record{Event: store.Event{ID: "m2", Key: key, Action: store.OptOut}}},
		"no state":       {State: store.State{Key: key}, Record: recorded(key, store.OptOut)},
		"unknown status": {State: store.State{Key: key, Status: 9}, Record: recorded(key, store.OptOut)},
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
