package optout_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/mock/gomock"

	"github.com/seed-f10031e4/consent/internal/mocks"
	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/keywords/revocation"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

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

func TestTimesThatNoContactCanHaveActedAtCountAsNotGiven(t *testing.T) {
	now, year2000 := noon.Add(24*time.Hour), time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		at, want time.Time
	}{
		"none":                   {},
		"1970":                   {at: time.Unix(0, 0)},
		"before 2000":            {at: year2000.Add(-time.Second)},
		"2000":                   {at: year2000, want: year2000},
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

func TestAMessageThatWaitedInAQueueTellsWhenItCame(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	stop := text("1", "STOP", time.Time{})
	stop.ReceivedAt = at(5)
	receive(t, g, stop)
	require.True(t, receive(t, g, text("2", "START", at(4))).Superseded, "sent before the STOP was received")
	require.NotEmpty(t, receive(t, g, text("3", "START", at(6))).Reply)

	stop.ID, stop.ReceivedAt = "4", at(99_999) // in the future: now
	receive(t, g, stop)
	for ev, err := range g.History(t.Context(), account, contact) {
		require.NoError(t, err)
		require.False(t, ev.ReceivedAt.After(noon.Add(24*time.Hour)))
	}
}

func TestIDs(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{})
	seen := map[string]bool{}
	long := strings.Repeat("x", 257)
	for _, id := range []string{"", "", long[:255], long[:256], long, "\xff", "\xfe", "a\x00b", "a"} {
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

// A queue that has an empty column for it gives the time 1970.
func TestAReceiptBefore2000CountsAsNotGiven(t *testing.T) {
	for _, received := range []time.Time{{}, time.Unix(0, 0), time.Date(1999, time.December, 31, 23, 59, 59, 0, time.UTC)} {
		now := at(0)
		g, err := optout.New(memstore.New(), &optout.Options{Now: func() time.Time { return now }})
		require.NoError(t, err)
		stop := text("1", "STOP", time.Time{})
		stop.ReceivedAt = received
		require.True(t, receive(t, g, stop).State.ReceivedAt.Equal(now))
		now = at(2)
		require.True(t, receive(t, g, text("2", "START", at(-1))).Superseded, "sent before the STOP was received")
		require.False(t, allowed(t, g, contact))
		receive(t, g, text("3", "START", at(1)))
		require.True(t, allowed(t, g, contact))
	}
}

func TestAClockThatIsWrongLosesNoOptOut(t *testing.T) {
	for _, now := range []time.Time{{}, time.Unix(0, 0), time.Unix(1<<40, 0)} {
		g, err := optout.New(memstore.New(), &optout.Options{Now: func() time.Time { return now }})
		require.NoError(t, err)
		receive(t, g, text("1", "STOP", noon))
		_, err = g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: singapore, At: noon})
		require.NoError(t, err)
		require.False(t, allowed(t, g, contact))
		require.False(t, allowed(t, g, singapore))
	}
}

func TestTheIDsOfMessagesAndOfRequestsNeverMeet(t *testing.T) {
	s := memstore.New()
	g := guardAt(t, s, optout.Options{})
	seen := map[string]bool{}
	for _, id := range []string{"1", "request:1", "request:request:1", "random:1", strings.Repeat("x", 250), strings.Repeat("x", 255)} {
		out := receive(t, g, text(id, "STOP", at(1)))
		again := receive(t, g, text(id, "STOP", at(1)))
		require.True(t, again.Duplicate, id)
		request, err := g.RecordOptOut(t.Context(), optout.Request{ID: id, Account: account, Number: contact})
		require.NoError(t, err)
		repeated, err := g.RecordOptOut(t.Context(), optout.Request{ID: id, Account: account, Number: contact})
		require.NoError(t, err)
		require.True(t, repeated.Duplicate, id)
		for _, eventID := range []string{out.EventID, request.EventID} {
			require.False(t, seen[eventID], eventID)
			require.LessOrEqual(t, len(eventID), store.MaxKeyLen)
			seen[eventID] = true
		}
		require.True(t, strings.HasPrefix(request.EventID, "request:"), request.EventID)
		require.False(t, strings.HasPrefix(out.EventID, "request:"), out.EventID)
	}
}

// The ids of these senders come round again.
func TestIDsThatAreNotUniqueSwallowNoOptOut(t *testing.T) {
	t.Run("STOP, and STOP again two hours later", func(t *testing.T) {
		g := guardAt(t, memstore.New(), optout.Options{})
		receive(t, g, text("1", "STOP", at(0)))
		require.False(t, receive(t, g, text("1", "STOP", at(120))).Duplicate)
		require.True(t, receive(t, g, text("2", "START", at(60))).Superseded)
		require.False(t, allowed(t, g, contact))
	})
	t.Run("an import, START, STOP", func(t *testing.T) {
		g := guardAt(t, memstore.New(), optout.Options{})
		_, err := g.RecordOptOut(t.Context(), optout.Request{ID: "1", Account: account, Number: contact, Source: store.SourceImport, At: at(0)})
		require.NoError(t, err)
		receive(t, g, text("2", "START", at(1)))
		require.NotEmpty(t, receive(t, g, text("1", "STOP", at(2))).Reply)
		require.False(t, allowed(t, g, contact))
	})
	t.Run("other words", func(t *testing.T) {
		for _, first := range []string{certain, possible, "STOP"} {
			g := guardAt(t, memstore.New(), optout.Options{Texts: optout.PolicyOptOut})
			receive(t, g, text("1", first, at(0)))
			receive(t, g, text("2", "START", at(1)))
			out := receive(t, g, text("1", "take me off your list", at(2)))
			require.Equal(t, revocation.Certain, out.Reading.Certainty)
			require.True(t, out.Changed)
			require.Equal(t, optout.ReasonOptedOut, reason(t, g), first)
		}
	})
	t.Run("the same words without a time, four days later", func(t *testing.T) {
		g := guardAt(t, memstore.New(), optout.Options{})
		stop := text("1", "STOP", time.Time{})
		stop.ReceivedAt = at(-4 * 24 * 60)
		receive(t, g, stop)
		receive(t, g, text("2", "START", at(-60)))
		stop.ReceivedAt = at(0)
		require.False(t, receive(t, g, stop).Duplicate)
		require.False(t, allowed(t, g, contact))
	})
}
