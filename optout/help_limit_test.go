package optout_test

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// helpFrom reports whether HELP from a number is answered.
func helpFrom(t testing.TB, g *optout.Guard, account, number string) bool {
	t.Helper()
	return receive(t, g, optout.Message{Account: account, From: number, Text: "HELP"}).Reply != ""
}

// texter returns the i-th of a few million numbers.
func texter(i int) string { return fmt.Sprintf("+1415%07d", 2_000_000+i) }

func TestHelpIsAnsweredAFewTimesAnHour(t *testing.T) {
	for limit, want := range map[int]int{0: 3, 1: 1, 3: 3, 10: 10, 100: 100, -1: 200, math.MinInt: 200, math.MaxInt: 200} {
		now, opts := clockOf(optout.Options{HelpLimit: limit})
		g, err := optout.New(memstore.New(), opts)
		require.NoError(t, err)
		for hour := range 3 {
			answered := 0
			for range 200 {
				if helpFrom(t, g, account, contact) {
					answered++
				}
			}
			require.Equal(t, want, answered, "limit %d, hour %d", limit, hour)
			*now = now.Add(time.Hour)
		}
	}
}

func TestHelpIsCountedForEachNumberOfEachAccount(t *testing.T) {
	_, opts := clockOf(optout.Options{HelpLimit: 1, DefaultRegion: "US"})
	g, err := optout.New(memstore.New(), opts)
	require.NoError(t, err)
	for _, first := range [][2]string{{account, contact}, {account, singapore}, {"acct_b", contact}, {"Acct_b", contact}} {
		require.True(t, helpFrom(t, g, first[0], first[1]), first)
		require.False(t, helpFrom(t, g, first[0], first[1]), first)
	}
	for _, spelled := range []string{"(415) 555-2671", "4155552671", " +1 415 555 2671", "whatsapp:" + contact} {
		require.False(t, helpFrom(t, g, account, spelled), spelled)
	}
}

func TestHelpIsAnsweredOptedOutOrNot(t *testing.T) {
	now, opts := clockOf(optout.Options{HelpLimit: 1})
	g, err := optout.New(memstore.New(), opts)
	require.NoError(t, err)
	for _, body := range []string{"STOP", "START"} {
		require.NotEmpty(t, receive(t, g, text(body, body, time.Time{})).Reply)
		require.True(t, helpFrom(t, g, account, contact))
		require.False(t, helpFrom(t, g, account, contact))
		*now = now.Add(time.Hour)
	}
	// The other replies are not counted, and HELP does not hinder them.
	require.True(t, helpFrom(t, g, account, contact))
	for i, body := range []string{"STOP", "START", "STOP", "START"} {
		require.NotEmpty(t, receive(t, g, text(fmt.Sprint(i), body, time.Time{})).Reply)
	}
}

// What has no reply is not counted; a text that is delivered again is counted again.
func TestTheRepliesAreCounted(t *testing.T) {
	g, err := optout.New(memstore.New(), &optout.Options{HelpLimit: 2})
	require.NoError(t, err)
	for range 10 {
		replied := text("1", "HELP", noon)
		replied.ProviderReplied = true
		require.Empty(t, receive(t, g, replied).Reply)
		require.False(t, helpFrom(t, g, account, "12345"), "a short code")
		self := text("1", "HELP", noon)
		self.From = ours
		_, err := g.Receive(t.Context(), self)
		require.ErrorIs(t, err, optout.ErrInvalidMessage)
	}
	for _, want := range []bool{true, true, false} {
		require.Equal(t, want, receive(t, g, text("1", "HELP", noon)).Reply != "")
	}
}

// A Guard that is made for a transaction shares the count, and another Guard does not.
func TestGuardsOfOneNewShareTheCountOfHelp(t *testing.T) {
	s := memstore.New()
	g, err := optout.New(s, nil)
	require.NoError(t, err)
	other, err := optout.New(s, nil)
	require.NoError(t, err)
	for range 3 {
		require.True(t, helpFrom(t, g.With(memstore.New()), account, contact))
	}
	require.False(t, helpFrom(t, g.With(s).With(nil), account, contact))
	require.False(t, helpFrom(t, g, account, contact))
	require.True(t, helpFrom(t, other, account, contact))
}

// A Guard that New did not make has no count, and nobody can tell when a loop ends.
func TestAGuardWithoutRulesDoesNotAnswerHelp(t *testing.T) {
	for _, g := range []*optout.Guard{nil, {}, (&optout.Guard{}).With(memstore.New())} {
		require.False(t, helpFrom(t, g, account, contact))
	}
}

// TestMachinesThatAnswerHelpWithHelpStop lets machines answer each reply with HELP: all of
// an account that fit into the count, and one that does not.
func TestMachinesThatAnswerHelpWithHelpStop(t *testing.T) {
	for _, machines := range []int{1, 1_000, 1<<16 + 1_000} {
		_, opts := clockOf(optout.Options{})
		g, err := optout.New(memstore.New(), opts)
		require.NoError(t, err)
		texts := make([]string, machines)
		for i := range texts {
			texts[i] = texter(i)
		}
		replies := 0
		for len(texts) > 0 {
			answered := texts[:0]
			for _, from := range texts {
				if helpFrom(t, g, account, from) {
					answered = append(answered, from)
				}
			}
			texts = answered
			replies += len(answered)
			require.LessOrEqual(t, replies, 3*machines)
		}
		require.Equal(t, 3*min(machines, 1<<16), replies)
	}
}

func TestAFullCountForgetsNobody(t *testing.T) {
	now, opts := clockOf(optout.Options{HelpLimit: 2})
	g, err := optout.New(memstore.New(), opts)
	require.NoError(t, err)
	fill := func(account string, atMost int) (answered int) {
		for answered < atMost && helpFrom(t, g, account, texter(answered)) {
			answered++
		}
		return answered
	}
	require.Equal(t, 1<<15, fill("acct_0", 1<<15))
	require.Equal(t, 1<<15, fill("acct_1", 1<<16))

	*now = now.Add(30 * time.Minute)
	for range 1_000 {
		require.False(t, helpFrom(t, g, account, contact), "a number that is not in the full count")
	}
	require.True(t, helpFrom(t, g, "acct_0", texter(0)), "the second reply to a number in the count")
	require.False(t, helpFrom(t, g, "acct_0", texter(0)))
	require.False(t, helpFrom(t, g, "acct_b", contact))
	require.NotEmpty(t, receive(t, g, text("1", "STOP", time.Time{})).Reply, "STOP does not depend on the count")

	*now = now.Add(30 * time.Minute)
	require.True(t, helpFrom(t, g, account, contact), "an hour later there is room")
	require.True(t, helpFrom(t, g, "acct_0", texter(0)))
	require.False(t, helpFrom(t, g, "acct_0", texter(0)), "one reply is half an hour old")
	require.Equal(t, 1<<16-2, fill("acct_1", 1<<17))
}

// helpModel is what a count must do, written down as the list of all replies.
type helpModel struct {
	limit   int
	real    time.Time              // which the clock follows, until it is set back
	replies map[string][]time.Time // in real time
	back    bool                   // the clock was set back
	seen    time.Time              // when HELP came first after that, in real time
}

// inTheHour returns how many replies a number got in the hour before now.
func (m *helpModel) inTheHour(number string) (n int) {
	for _, at := range m.replies[number] {
		if m.real.Sub(at) < time.Hour {
			n++
		}
	}
	return n
}

// TestNoHourHasMoreRepliesThanTheLimit makes random texts at random times. In no 60
// minutes, wherever they start, does a number get more replies than the limit, and that is
// true of real time if the clock is set back. With a clock that is right every other HELP
// is answered, and so it is two hours after the first HELP that finds the clock set back.
func TestNoHourHasMoreRepliesThanTheLimit(t *testing.T) {
	steps := []time.Duration{
		0, 1, time.Second, time.Minute, 19 * time.Minute, 20 * time.Minute, 59 * time.Minute,
		time.Hour - 1, time.Hour, time.Hour + 1, 5 * time.Hour,
	}
	rapid.Check(t, func(t *rapid.T) {
		m := helpModel{limit: rapid.IntRange(1, 4).Draw(t, "limit"), real: noon, replies: map[string][]time.Time{}}
		clock := noon
		g, err := optout.New(memstore.New(), &optout.Options{HelpLimit: m.limit, Now: func() time.Time { return clock }})
		require.NoError(t, err)
		pass := func(by time.Duration) {
			m.real, clock = m.real.Add(by), clock.Add(by)
		}
		t.Repeat(map[string]func(*rapid.T){
			"time passes": func(t *rapid.T) { pass(rapid.SampledFrom(steps).Draw(t, "by")) },
			"a moment passes": func(t *rapid.T) {
				pass(time.Duration(rapid.Int64Range(0, int64(40*time.Minute)).Draw(t, "by")))
			},
			"the clock is set back": func(t *rapid.T) {
				by := rapid.SampledFrom(append(steps, 365*24*time.Hour)).Draw(t, "by")
				clock, m.back, m.seen = clock.Add(-by), true, time.Time{}
			},
			"help": func(t *rapid.T) {
				from := rapid.SampledFrom([]string{contact, singapore, texter(1)}).Draw(t, "from")
				if m.seen.IsZero() {
					m.seen = m.real
				}
				for range rapid.IntRange(1, 5).Draw(t, "times") {
					out, err := g.Receive(context.Background(), optout.Message{Account: account, From: from, Text: "HELP"})
					require.NoError(t, err)
					switch n := m.inTheHour(from); {
					case out.Reply != "":
						require.Less(t, n, m.limit, "more than the limit")
						m.replies[from] = append(m.replies[from], m.real)
					case !m.back:
						require.GreaterOrEqual(t, n, m.limit, "not answered, and the limit is not reached")
					default:
						lately := slices.ContainsFunc(m.replies[from], func(at time.Time) bool { return m.real.Sub(at) < 2*time.Hour })
						require.True(t, lately || m.real.Sub(m.seen) < 2*time.Hour, "not answered, and all was long ago")
					}
				}
			},
		})
	})
}

// A clock that was years ahead, or that has no time, silences nobody for long.
func TestHelpWithAClockThatWasWrong(t *testing.T) {
	for _, wrong := range []time.Time{{}, time.Unix(0, 0), noon.AddDate(30, 0, 0), noon.AddDate(3_000, 0, 0), time.Unix(1<<40, 0)} {
		now, opts := clockOf(optout.Options{})
		g, err := optout.New(memstore.New(), opts)
		require.NoError(t, err)
		for range 5 {
			*now = wrong
			for range 3 {
				helpFrom(t, g, account, contact)
			}
			require.False(t, helpFrom(t, g, account, contact))
			*now = noon
			helpFrom(t, g, account, contact)
			*now = at(60)
			require.True(t, helpFrom(t, g, account, contact))
		}
	}
}

// A clock that swings by less than an hour, as clocks of several machines do, makes no time.
func TestHelpWithAClockThatSwings(t *testing.T) {
	now, opts := clockOf(optout.Options{})
	g, err := optout.New(memstore.New(), opts)
	require.NoError(t, err)
	replies := 0
	for i := range 1_000 {
		*now = at(59 * (i % 2))
		if helpFrom(t, g, account, contact) {
			replies++
		}
	}
	require.Equal(t, 3, replies)
}

func TestTheCountOfHelpIsSharedByGoroutines(t *testing.T) {
	g, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	var replies [4]atomic.Int64
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			for range 50 {
				out, err := g.With(memstore.New()).Receive(context.Background(), optout.Message{Account: account, From: texter(i % 4), Text: "HELP"})
				if err == nil && out.Reply != "" {
					replies[i%4].Add(1)
				}
			}
		})
	}
	wg.Wait()
	for i := range replies {
		require.EqualValues(t, 3, replies[i].Load())
	}
}

// TestHelpAllocatesNothing asks from a number that has had its replies.
func TestHelpAllocatesNothing(t *testing.T) {
	g, err := optout.New(fixedStore{}, nil)
	require.NoError(t, err)
	m := optout.Message{Account: account, From: contact, Text: "HELP"}
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = g.Receive(context.Background(), m) }))
}

// BenchmarkHelp is HELP from one number and from many, ten texts a second, and what a full
// count keeps in memory.
func BenchmarkHelp(b *testing.B) {
	run := func(name string, from func(i int) string) {
		b.Run(name, func(b *testing.B) {
			now, opts := clockOf(optout.Options{})
			g, err := optout.New(fixedStore{}, opts)
			require.NoError(b, err)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				_, _ = g.Receive(context.Background(), optout.Message{Account: account, From: from(i), Text: "HELP"})
				*now = now.Add(100 * time.Millisecond)
				i++
			}
		})
	}
	numbers := make([]string, 60_000)
	for i := range numbers {
		numbers[i] = texter(i)
	}
	run("one", func(int) string { return contact })
	run("many", func(i int) string { return numbers[i%len(numbers)] })
	b.Run("memory", func(b *testing.B) {
		for b.Loop() {
			before := heap()
			_, opts := clockOf(optout.Options{})
			g, err := optout.New(fixedStore{}, opts)
			require.NoError(b, err)
			for a := range 17 {
				for i := 0; helpFrom(b, g, fmt.Sprint(a), texter(i)); i++ {
					helpFrom(b, g, fmt.Sprint(a), texter(i))
					helpFrom(b, g, fmt.Sprint(a), texter(i))
				}
			}
			b.ReportMetric(float64(heap()-before), "bytes")
			runtime.KeepAlive(g)
		}
	})
}
