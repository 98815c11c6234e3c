package optout_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// clockOf returns Options with a clock that the test sets.
func clockOf(opts optout.Options) (*time.Time, *optout.Options) {
	now := noon
	opts.Now = func() time.Time { return now }
	return &now, &opts
}

func TestAnOptOutIsAnsweredWithinReplyWithinOfItsReceipt(t *testing.T) {
	const never = 1_000_000 * time.Hour
	for name, c := range map[string]struct {
		within, limit time.Duration
	}{
		"by default":   {0, 5 * time.Minute},
		"a second":     {time.Second, time.Second},
		"two minutes":  {2 * time.Minute, 2 * time.Minute},
		"three hours":  {3 * time.Hour, 3 * time.Hour},
		"no limit":     {-1, never},
		"no limit too": {-time.Hour, never},
	} {
		t.Run(name, func(t *testing.T) {
			for _, age := range []time.Duration{
				-5 * time.Minute, 0, time.Second, time.Second + 1_000, c.limit - 1_000, c.limit, c.limit + 1_000, 24 * time.Hour, 70 * time.Hour,
			} {
				if age > 100*time.Hour {
					continue
				}
				for what, play := range map[string]func(now *time.Time, g *optout.Guard) optout.Outcome{
					"it waited in a queue": func(_ *time.Time, g *optout.Guard) optout.Outcome {
						m := text("1", "STOP", time.Time{})
						m.ReceivedAt = noon.Add(-age)
						return receive(t, g, m)
					},
					"it comes again": func(now *time.Time, g *optout.Guard) optout.Outcome {
						require.NotEmpty(t, receive(t, g, text("1", "STOP", noon.Add(-time.Minute))).Reply)
						*now = now.Add(age)
						return receive(t, g, text("1", "STOP", noon.Add(-time.Minute)))
					},
					"it comes again, and says when": func(now *time.Time, g *optout.Guard) optout.Outcome {
						m := text("1", "STOP", time.Time{})
						m.ReceivedAt = noon
						require.NotEmpty(t, receive(t, g, m).Reply)
						*now = now.Add(age)
						m.ReceivedAt = *now
						return receive(t, g, m)
					},
				} {
					now, opts := clockOf(optout.Options{ReplyWithin: c.within})
					g, err := optout.New(memstore.New(), opts)
					require.NoError(t, err)
					out := play(now, g)
					require.Equal(t, store.OptedOut, out.State.Status)
					require.Equal(t, age <= c.limit, out.Reply != "", "%s, after %v", what, age)
				}
			}
		})
	}
}

// A later delivery does not make a message younger, under whatever key of its number.
func TestTheFirstReceiptCounts(t *testing.T) {
	s := memstore.New()
	now, opts := clockOf(optout.Options{})
	abroad, err := optout.New(s, opts)
	require.NoError(t, err)
	opts.DefaultRegion = "US"
	here, err := optout.New(s, opts)
	require.NoError(t, err)
	stop := optout.Message{ID: "1", Account: account, From: "(415) 555-2671", Text: "STOP", At: noon}
	receive(t, abroad, stop) // kept under the digits alone
	*now = at(4)
	require.NotEmpty(t, receive(t, here, stop).Reply)
	*now = at(6)
	require.Empty(t, receive(t, here, stop).Reply)

	// What was received before the record says so was received then.
	stop = text("2", "STOP", noon)
	stop.From = singapore
	receive(t, here, stop)
	stop.ReceivedAt = at(0)
	require.Empty(t, receive(t, here, stop).Reply)
}

func TestOnlyAnOptOutHasALimitOfTime(t *testing.T) {
	for _, opts := range []optout.Options{{RequireOptIn: true}, {ConfirmOptIn: true}} {
		now, o := clockOf(opts)
		g, err := optout.New(memstore.New(), o)
		require.NoError(t, err)
		for _, body := range []string{"START", "HELP"} {
			m := text(body, body, time.Time{})
			m.ReceivedAt = at(-60)
			first := receive(t, g, m).Reply
			require.NotEmpty(t, first)
			*now = now.Add(time.Hour)
			require.Equal(t, first, receive(t, g, m).Reply)
		}
	}
}

// An opt-out in other words, and one that the provider read, are opt-outs.
func TestEveryOptOutHasTheLimit(t *testing.T) {
	read := text("1", "no more", noon)
	read.ProviderIntent = keywords.OptOut
	for _, m := range []optout.Message{text("1", "STOP", noon), text("1", certain, noon), read} {
		now, opts := clockOf(optout.Options{Texts: optout.PolicyOptOut})
		g, err := optout.New(memstore.New(), opts)
		require.NoError(t, err)
		require.NotEmpty(t, receive(t, g, m).Reply)
		*now = at(5)
		require.NotEmpty(t, receive(t, g, m).Reply)
		*now = at(6)
		require.Empty(t, receive(t, g, m).Reply)
	}
}

// slow is a store in which an Append takes six minutes.
type slow struct {
	*memstore.Store

	now *time.Time
}

func (s slow) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	*s.now = s.now.Add(6 * time.Minute)
	return s.Store.Append(ctx, ev)
}

// A store that takes minutes makes the reply late.
func TestTheTimeInTheStoreCounts(t *testing.T) {
	now, opts := clockOf(optout.Options{})
	g, err := optout.New(slow{memstore.New(), now}, opts)
	require.NoError(t, err)
	out := receive(t, g, text("1", "STOP", time.Time{}))
	require.Equal(t, store.OptedOut, out.State.Status)
	require.Empty(t, out.Reply)
}
