package optout_test

import (
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
