package optout_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// line is a line with two spellings, as people and providers write each of them.
type line struct {
	region       string // where the forms without a plus sign are dialled
	newer, older []string
	isNumber     bool // in the older spelling too
}

var linesTwice = []line{
	{
		"BR",
		[]string{"+5571988776655", "whatsapp:+5571988776655", "(71) 98877-6655", "71988776655", "5571988776655", "071 98877-6655"},
		[]string{"+557188776655", "whatsapp:+557188776655", "557188776655@s.whatsapp.net", "557188776655"},
		true,
	},
	{
		"AR",
		[]string{"+5491166773399", "whatsapp:+5491166773399", "011 15 6677-3399", "5491166773399", "9 11 6677-3399"},
		[]string{"+541166773399", "011 6677-3399", "1166773399", "541166773399"},
		true,
	},
	{"AR", []string{"+5493515551234", "0351 15 555-1234"}, []string{"+543515551234", "0351 555-1234"}, true},
	{"VN", []string{"+84791234567", "0791 234 567", "0791234567", "84791234567"}, []string{"+841211234567", "tel:+84-121-1234567"}, true},
	{
		"CI",
		[]string{"+2250707123456", "07 07 12 34 56", "0707123456", "2250707123456"},
		[]string{"+22507123456", "whatsapp:+22507123456", "07 12 34 56", "07123456"},
		false,
	},
	{"CI", []string{"+2252720212223", "27 20 21 22 23"}, []string{"+22520212223"}, false},
	{"BJ", []string{"+2290197123456", "01 97 12 34 56", "2290197123456"}, []string{"+22997123456"}, false},
}

// eachPair calls f for each form of one spelling and each form of the other, both ways round.
func eachPair(t *testing.T, f func(t *testing.T, g func(optout.Options) *optout.Guard, l line, one, other string)) {
	t.Helper()
	for _, l := range linesTwice {
		for _, newer := range l.newer {
			for _, older := range l.older {
				for _, pair := range [][2]string{{newer, older}, {older, newer}} {
					t.Run(fmt.Sprintf("%s, then %s", pair[0], pair[1]), func(t *testing.T) {
						f(t, func(opts optout.Options) *optout.Guard {
							opts.DefaultRegion = l.region
							return guardAt(t, memstore.New(), opts)
						}, l, pair[0], pair[1])
					})
				}
			}
		}
	}
}

func gatedAs(t testing.TB, g *optout.Guard, number string) optout.Reason {
	t.Helper()
	d, _ := g.Gate(t.Context(), account, number)
	batch, err := g.GateBatch(t.Context(), account, []string{number, contact, number})
	require.NoError(t, err)
	require.Equal(t, d.Reason, batch[0].Reason)
	require.Equal(t, d.Reason, batch[2].Reason)
	for gated, err := range optout.GateSeq(t.Context(), g, account, slices.Values([]string{number}), func(s string) string { return s }) {
		require.NoError(t, err)
		require.Equal(t, d, gated.Decision)
	}
	return d.Reason
}

func TestASTOPOfOneSpellingBlocksTheOther(t *testing.T) {
	eachPair(t, func(t *testing.T, guard func(optout.Options) *optout.Guard, l line, one, other string) {
		t.Helper()
		g := guard(optout.Options{})
		first, err := texted(t, g, "1", one, "STOP")
		require.NoError(t, err)
		require.True(t, first.Changed)
		require.Equal(t, optout.ReasonOptedOut, gatedAs(t, g, other))
		require.Equal(t, optout.ReasonOptedOut, gatedAs(t, g, one))
		for _, number := range slices.Concat(l.newer, l.older) {
			require.ErrorIs(t, g.Send(t.Context(), account, number, notToBeSent), optout.ErrOptedOut, number)
		}

		second, err := texted(t, g, "2", other, "STOP")
		require.NoError(t, err)
		require.Empty(t, second.Reply, "it is answered already")
		require.False(t, second.Changed)
		again, err := texted(t, g, "1", one, "STOP")
		require.NoError(t, err)
		require.True(t, again.Duplicate)
		require.Equal(t, first.Reply, again.Reply)
		require.Equal(t, first.NoNumber, first.Reply == "")

		_, err = g.RecordConsent(t.Context(), optout.Request{ID: "form", Account: account, Number: other})
		require.ErrorIs(t, err, optout.ErrOptedOut)
		require.Len(t, history(t, g, one), 3)
		require.Len(t, history(t, g, other), 3)

		var listed []string
		for state, err := range g.OptedOut(t.Context(), account) {
			require.NoError(t, err)
			listed = append(listed, state.Key.Number)
		}
		require.Equal(t, []string{l.newer[0]}, listed)

		start, err := texted(t, g, "3", other, "START")
		require.NoError(t, err)
		require.Equal(t, start.NoNumber, start.Reply == "")
		require.True(t, start.Changed)
		for _, number := range slices.Concat(l.newer, l.older) {
			require.Contains(t, []optout.Reason{optout.ReasonOptedIn, optout.ReasonInvalidNumber}, gatedAs(t, g, number), number)
			if l.isNumber {
				require.Equal(t, optout.ReasonOptedIn, gatedAs(t, g, number), number)
			}
		}
		for range g.OptedOut(t.Context(), account) {
			t.Error("the list is not empty")
		}
	})
}

func notToBeSent(context.Context, string) error { return errors.New("it was sent") }

func TestAnImportOfOneSpellingBlocksTheOther(t *testing.T) {
	eachPair(t, func(t *testing.T, guard func(optout.Options) *optout.Guard, _ line, one, other string) {
		t.Helper()
		g := guard(optout.Options{})
		_, err := g.RecordOptOut(t.Context(), optout.Request{ID: "row", Account: account, Number: one, Source: store.SourceImport})
		require.NoError(t, err)
		require.Equal(t, optout.ReasonOptedOut, gatedAs(t, g, other))
		_, err = texted(t, g, "1", one, "START")
		require.NoError(t, err)
		require.NotEqual(t, optout.ReasonOptedOut, gatedAs(t, g, other))
	})
}

func TestAHoldOfOneSpellingIsOneText(t *testing.T) {
	for _, verdict := range []optout.Verdict{optout.VerdictRequest, optout.VerdictNoRequest} {
		eachPair(t, func(t *testing.T, guard func(optout.Options) *optout.Guard, _ line, one, other string) {
			t.Helper()
			g := guard(optout.Options{Texts: optout.PolicyHold})
			_, err := texted(t, g, "1", one, possible)
			require.NoError(t, err)
			require.Equal(t, optout.ReasonHeld, gatedAs(t, g, other))
			require.Len(t, reviews(t, g), 1)
			require.Len(t, history(t, g, other), 1)
			resolve(t, g, optout.Review{Record: history(t, g, other)[0]}, verdict)
			require.Empty(t, reviews(t, g))
			require.Equal(t, verdict == optout.VerdictRequest, gatedAs(t, g, one) == optout.ReasonOptedOut)
			require.Equal(t, gatedAs(t, g, one) == optout.ReasonOptedOut, gatedAs(t, g, other) == optout.ReasonOptedOut)
			require.NotEqual(t, optout.ReasonHeld, gatedAs(t, g, one))
			require.NotEqual(t, optout.ReasonHeld, gatedAs(t, g, other))
		})
	}
}

func TestConsentOfOneSpellingCountsForTheOther(t *testing.T) {
	eachPair(t, func(t *testing.T, guard func(optout.Options) *optout.Guard, l line, one, other string) {
		t.Helper()
		g := guard(optout.Options{RequireOptIn: true})
		for _, number := range []string{one, other} {
			out, err := g.RecordConsent(t.Context(), optout.Request{ID: "form", Account: account, Number: number})
			require.NoError(t, err)
			require.Equal(t, number == one, out.Changed)
		}
		require.Len(t, history(t, g, one), 1)
		require.Equal(t, optout.ReasonOptedIn, gatedAs(t, g, l.newer[0]))
		require.Contains(t, []optout.Reason{optout.ReasonOptedIn, optout.ReasonInvalidNumber}, gatedAs(t, g, l.older[0]))
		start, err := texted(t, g, "1", other, "START")
		require.NoError(t, err)
		require.False(t, start.Changed)
		require.Empty(t, start.Reply)
		stop, err := texted(t, g, "2", other, "STOP")
		require.NoError(t, err)
		require.Equal(t, stop.NoNumber, stop.Reply == "")
		require.Equal(t, optout.ReasonOptedOut, gatedAs(t, g, one))
	})
}

func TestYESConfirmsASTARTOfTheOtherSpelling(t *testing.T) {
	eachPair(t, func(t *testing.T, guard func(optout.Options) *optout.Guard, l line, one, other string) {
		t.Helper()
		g := guard(optout.Options{RequireOptIn: true, ConfirmOptIn: true})
		_, err := texted(t, g, "1", one, "START")
		require.NoError(t, err)
		require.NotEqual(t, optout.ReasonOptedIn, gatedAs(t, g, l.newer[0]))
		for range 2 { // delivered again
			out, err := texted(t, g, "2", other, "YES")
			require.NoError(t, err)
			require.Equal(t, keywords.OptIn, out.Match.Intent)
			require.Equal(t, out.NoNumber, out.Reply == "")
		}
		require.Equal(t, optout.ReasonOptedIn, gatedAs(t, g, l.newer[0]))
		again, err := texted(t, g, "1", one, "START") // it was asked, and asks no more
		require.NoError(t, err)
		require.Empty(t, again.Reply)
		_, err = texted(t, g, "3", other, "STOP")
		require.NoError(t, err)
		_, err = texted(t, g, "1", one, "START")
		require.NoError(t, err)
		require.Equal(t, optout.ReasonOptedOut, gatedAs(t, g, one), "that START was before the STOP")
	})
}

func TestNumberAndSendKeepTheSpelling(t *testing.T) {
	for _, l := range linesTwice {
		g := newGuard(t, &optout.Options{DefaultRegion: l.region})
		for _, spelling := range slices.Concat(l.newer[:1], l.older[:1]) {
			number, err := g.Number(spelling)
			if spelling == l.older[0] && !l.isNumber {
				require.ErrorIs(t, err, optout.ErrInvalidNumber)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, spelling, number)
			require.NoError(t, g.Send(t.Context(), account, spelling, func(_ context.Context, to string) error {
				require.Equal(t, spelling, to)
				return nil
			}))
		}
	}
}

// TestDigitsInTheOlderSpellingBlock has texts that are no number in any region.
func TestDigitsInTheOlderSpellingBlock(t *testing.T) {
	for _, c := range []struct{ region, text, number string }{
		{"BR", "(71) 8877-6655", "+5571988776655"},
		{"BR", "7188776655", "+5571988776655"},
		{"BR", "557188776655", "+5571988776655"},
		{"US", "557188776655", "+5571988776655"},
		{"", "557188776655", "+5571988776655"},
		{"", "541166773399", "+5491166773399"},
		{"VN", "0121 123 4567", "+84791234567"},
		{"VN", "841211234567", "+84791234567"},
		{"CI", "07 12 34 56", "+2250707123456"},
		{"CI", "07123456", "+2250707123456"},
		{"BJ", "97 12 34 56", "+2290197123456"},
		{"", "22997123456", "+2290197123456"},
		{"", "5571988776655", "+557188776655"},
		{"US", "5571988776655", "+557188776655"},
	} {
		g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: c.region})
		_, err := texted(t, g, "1", c.text, "STOP")
		require.NoError(t, err)
		require.Equal(t, optout.ReasonOptedOut, gatedAs(t, g, c.number), c)
		_, err = texted(t, g, "2", c.text, "START")
		require.NoError(t, err)
		require.True(t, allowed(t, g, c.number), c)

		_, err = texted(t, g, "3", c.number, "STOP")
		require.NoError(t, err)
		require.Equal(t, optout.ReasonOptedOut, gatedAs(t, g, c.text), c)
		_, err = texted(t, g, "4", c.number, "START")
		require.NoError(t, err)
		require.True(t, allowed(t, g, c.number), c)
		require.NotEqual(t, optout.ReasonOptedOut, gatedAs(t, g, c.text), c)
	}
}

func TestLandlinesStayApart(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "BR"})
	for _, number := range []string{"+551123456789", "+5511923456789", "(11) 2345-6789"} {
		_, err := texted(t, g, "stop "+number, number, "STOP")
		require.NoError(t, err)
		other := "+5511923456789"
		if other == number {
			other = "+551123456789"
		}
		require.True(t, allowed(t, g, other), other)
		_, err = texted(t, g, "start "+number, number, "START")
		require.NoError(t, err)
	}
}

// The store of an SDK from before a row was in the table has each event under one spelling.
func TestWhatIsStoredUnderOneSpellingCounts(t *testing.T) {
	const newer, older = "+5571988776655", "+557188776655"
	s := memstore.New()
	put := func(number, id string, action store.Action) {
		key := store.Key{Account: account, Number: number}
		_, err := s.Append(t.Context(), store.Event{ID: id, Key: key, Action: action, Source: store.SourceKeyword})
		require.NoError(t, err)
	}
	for _, numbers := range [][]string{{newer, older}, {older, newer}} {
		one, other := numbers[0], numbers[1]
		s = memstore.New()
		g := guardAt(t, s, optout.Options{Texts: optout.PolicyHold})
		put(one, "m1", store.OptOut)
		require.False(t, allowed(t, g, other))
		out, err := texted(t, g, "2", other, "STOP")
		require.NoError(t, err)
		require.Empty(t, out.Reply, "the contact had opted out")
		require.Equal(t, store.OptedOut, out.State.Status)

		s = memstore.New()
		g = g.With(s)
		put(one, "m1", store.OptOut)
		put(other, "m2", store.OptIn)
		require.True(t, allowed(t, g, one))
		require.True(t, allowed(t, g, other))
		for range g.OptedOut(t.Context(), account) {
			t.Error("nobody is opted out")
		}
		put(one, "m3", store.OptOut)
		require.False(t, allowed(t, g, other))
		for _, number := range numbers { // delivered again, after the STOP
			again, err := texted(t, g, "m2", number, "START")
			require.NoError(t, err)
			require.True(t, again.Superseded)
		}
		require.False(t, allowed(t, g, one))
		require.False(t, allowed(t, g, other))

		s = memstore.New()
		g = g.With(s)
		put(one, "m1", store.Hold)
		require.Len(t, reviews(t, g), 1)
		put(other, "m2", store.OptIn)
		require.Empty(t, reviews(t, g))
		require.True(t, allowed(t, g, one))
	}
}

// doing is something that a Guard does, in one of the spellings.
type doing struct {
	id, what   string
	spelling   int
	sent, when int // minutes; sent -1: not known
}

// do does it with a number, and returns what the contact gets.
func (d doing) do(ctx context.Context, g *optout.Guard, number string) (optout.Outcome, error) {
	sent := time.Time{}
	if d.sent >= 0 {
		sent = at(d.sent)
	}
	r := optout.Request{ID: d.id, Account: account, Number: number, At: sent}
	switch d.what {
	case "by phone":
		return g.RecordOptOut(ctx, r)
	case "consent":
		out, err := g.RecordConsent(ctx, r)
		if errors.Is(err, optout.ErrOptedOut) {
			err = nil
		}
		return out, err
	case "a request", "no request":
		for review, err := range g.Reviews(ctx, account) {
			if err != nil {
				return optout.Outcome{}, err
			}
			verdict := optout.VerdictNoRequest
			if d.what == "a request" {
				verdict = optout.VerdictRequest
			}
			return g.Resolve(ctx, optout.Resolution{Account: account, Review: review.Record, Verdict: verdict, Actor: "anna"})
		}
		return optout.Outcome{}, nil
	default:
		return g.Receive(ctx, optout.Message{ID: d.id, Account: account, From: number, Text: d.what, At: sent, ReceivedAt: at(d.when)})
	}
}

// TestTwoSpellingsAreOneContact plays a random sequence in the two spellings of a line, and
// the same in the one spelling of another number: the gate, the replies and the outcomes are
// the same. With faults each call is made again until it succeeds.
func TestTwoSpellingsAreOneContact(t *testing.T) {
	for name, faults := range map[string]bool{"": false, "with faults": true} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { twoSpellings(t, faults) })
		})
	}
}

var everything = []string{"STOP", "START", "YES", certain, possible, "by phone", "consent", "a request", "no request"}

func twoSpellings(t *rapid.T, faults bool) {
	const single = "+14155550142"
	pair := rapid.SampledFrom([][]string{
		{"+5571988776655", "whatsapp:+557188776655"}, {"+5491166773399", "+541166773399"}, {"+84791234567", "+841211234567"},
	}).Draw(t, "line")
	opts := optout.Options{
		Texts:        rapid.SampledFrom([]optout.Policy{optout.PolicyHold, optout.PolicyOptOut}).Draw(t, "policy"),
		RequireOptIn: rapid.Bool().Draw(t, "require opt-in"), ConfirmOptIn: rapid.Bool().Draw(t, "confirm"),
		Now: func() time.Time { return at(24 * 60) },
	}
	fails := 0
	twice, err := optout.New(faultstore.Wrap(memstore.New(), func(faultstore.Op) error {
		if fails--; fails == 0 {
			return errors.New("it failed")
		}
		return nil
	}), &opts)
	require.NoError(t, err)
	once, err := optout.New(memstore.New(), &opts)
	require.NoError(t, err)
	var all []doing
	for i := range rapid.IntRange(1, 8).Draw(t, "doings") {
		d := doing{
			id: fmt.Sprint(i), spelling: rapid.IntRange(0, 1).Draw(t, "spelling"), when: i,
			what: rapid.SampledFrom(everything).Draw(t, "what"),
			sent: rapid.IntRange(-1, 20).Draw(t, "sent"),
		}
		if len(all) > 0 && rapid.IntRange(0, 4).Draw(t, "again") == 0 {
			d = rapid.SampledFrom(all).Draw(t, "which")
		}
		all = append(all, d)
		if faults {
			fails = rapid.IntRange(0, 5).Draw(t, "the call that fails")
		}
		got, err := d.do(t.Context(), twice, pair[d.spelling])
		if failed := fails <= 0 && err != nil && faults; failed {
			for range 2 {
				requireOneAnswer(t, twice, pair)
			}
			got, err = d.do(t.Context(), twice, pair[d.spelling])
		}
		fails = 0
		want, wantErr := d.do(t.Context(), once, single)
		require.Equal(t, errors.Unwrap(wantErr), errors.Unwrap(err), "%+v", all)
		want.State.Key, got.State.Key = store.Key{}, store.Key{}
		require.Equal(t, want.State.Status, got.State.Status, "%+v", all)
		if !faults {
			require.Equal(t, want.Reply, got.Reply, "%+v", all)
			require.Equal(t, want.Changed, got.Changed, "%+v", all)
			require.Equal(t, want.Superseded, got.Superseded, "%+v", all)
		}
		decision, err := once.Gate(t.Context(), account, single)
		require.NoError(t, err)
		for _, number := range pair {
			d, err := twice.Gate(t.Context(), account, number)
			require.NoError(t, err)
			require.Equal(t, decision.Reason, d.Reason, "%s after %+v", number, all)
		}
		require.Equal(t, count(once.Reviews(t.Context(), account)), count(twice.Reviews(t.Context(), account)), "%+v", all)
		require.Equal(t, count(once.OptedOut(t.Context(), account)), count(twice.OptedOut(t.Context(), account)), "%+v", all)
		for _, number := range pair {
			require.Equal(t, count(once.History(t.Context(), account, single)), count(twice.History(t.Context(), account, number)), "%+v", all)
		}
	}
}

func requireOneAnswer(t *rapid.T, g *optout.Guard, numbers []string) {
	var first optout.Decision
	for i, number := range numbers {
		d, err := g.Gate(t.Context(), account, number)
		require.NoError(t, err)
		if i == 0 {
			first = d
		}
		require.Equal(t, first.Reason, d.Reason, "%s", number)
	}
}

func count[T any](seq func(func(T, error) bool)) (n int) {
	for range seq {
		n++
	}
	return n
}

// TestAnOlderStoreIsReadAsOneContact plays a random sequence that an SDK without the table
// has stored, each event under the spelling in which it came, and then texts of today. Both
// spellings are answered as one number is that has the same history.
func TestAnOlderStoreIsReadAsOneContact(t *testing.T) {
	const single = "+14155550142"
	pair := []string{"+5571988776655", "+557188776655"}
	rapid.Check(t, func(t *rapid.T) {
		opts := optout.Options{Texts: optout.PolicyHold, Now: func() time.Time { return at(24 * 60) }}
		stores := []*memstore.Store{memstore.New(), memstore.New()}
		var guards []*optout.Guard
		for _, s := range stores {
			g, err := optout.New(s, &opts)
			require.NoError(t, err)
			guards = append(guards, g)
		}
		dated := rapid.Bool().Draw(t, "dated")
		today := rapid.IntRange(1, 7).Draw(t, "of the old SDK")
		var all []doing
		for i := range today + rapid.IntRange(0, 3).Draw(t, "of today") {
			d := doing{
				id: fmt.Sprint(i), spelling: rapid.IntRange(0, 1).Draw(t, "spelling"), when: i, sent: -1,
				what: rapid.SampledFrom([]string{"STOP", "START", possible}).Draw(t, "what"),
			}
			if dated {
				d.sent = rapid.IntRange(0, 9).Draw(t, "sent")
			}
			all = append(all, d)
			for j, number := range []string{pair[d.spelling], single} {
				if i >= today || j == 1 {
					_, err := d.do(t.Context(), guards[j], number)
					require.NoError(t, err)
					continue
				}
				other, err := optout.New(memstore.New(), &opts) // what it would store
				require.NoError(t, err)
				_, err = d.do(t.Context(), other, number)
				require.NoError(t, err)
				for r, err := range other.History(t.Context(), account, number) {
					require.NoError(t, err)
					_, err = stores[0].Append(t.Context(), r.Event)
					require.NoError(t, err)
				}
			}
			want, err := guards[1].Gate(t.Context(), account, single)
			require.NoError(t, err)
			for _, number := range pair {
				got, err := guards[0].Gate(t.Context(), account, number)
				require.NoError(t, err)
				require.Equal(t, want.Reason, got.Reason, "%s after %+v", number, all)
			}
			require.Equal(t, count(guards[1].OptedOut(t.Context(), account)), count(guards[0].OptedOut(t.Context(), account)), "%+v", all)
		}
	})
}

// TestAHalfWrittenSTOPBlocks fails each call of the store in turn.
func TestAHalfWrittenSTOPBlocks(t *testing.T) {
	for _, l := range linesTwice {
		for _, from := range []string{l.newer[0], l.older[0]} {
			for call := 1; ; call++ {
				s := faultstore.Wrap(memstore.New(), faultstore.After(faultstore.OnIndex(call, nil)))
				g := guardAt(t, s, optout.Options{})
				if _, err := texted(t, g, "1", from, "STOP"); err == nil {
					require.Greater(t, call, 2)
					break
				}
				require.Equal(t, optout.ReasonOptedOut, gatedAs(t, g, l.newer[0]))
				require.Equal(t, optout.ReasonOptedOut, gatedAs(t, g, l.older[0]))
				again, againErr := texted(t, g, "1", from, "STOP")
				require.NoError(t, againErr)
				require.Equal(t, again.NoNumber, again.Reply == "")
			}
		}
	}
}

func TestLinesAsOf(t *testing.T) {
	newest := time.Date(2024, time.November, 30, 0, 0, 0, 0, time.UTC) // Benin
	require.True(t, optout.LinesAsOf().After(newest))
	require.Equal(t, optout.LinesAsOf(), optout.LinesAsOf().UTC().Truncate(24*time.Hour), "a day")
}
