package optout_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// The digits of the first spelling are two valid numbers in the United States: one of
// Florida, and one of Singapore with the plus sign left out.
const (
	twoReadings = "6562345678"
	florida     = "+16562345678"
	singapore   = "+6562345678"
)

// contacts are spellings of numbers that can be confused with each other.
var contacts = [][]string{
	{twoReadings, florida, "(656) 234-5678", "16562345678", singapore, "+65 6234 5678"},
	{"4155552671", contact, "(415) 555-2671", "+41555552671", "0555552671"},
	{"6581234567", "+6581234567", "+916581234567", "06581234567"},
	{"12345", "MyBrand", "555-2671"},
}

var regions = []string{"", "US", "IN", "SG", "CH", "GB"}

func readers(t testing.TB) map[string]*number.Reader {
	t.Helper()
	all := map[string]*number.Reader{}
	for _, region := range regions {
		reader, err := number.New(region)
		require.NoError(t, err)
		all[region] = reader
	}
	return all
}

// said is a text of a contact, as a Guard of some region received it.
type said struct {
	from, region string
	word         string // START closes nothing and opens; any other text closes
	minute       int    // when it was sent
	read         number.Number
}

func (s said) String() string {
	return fmt.Sprintf("%q from %s in %q, sent at %d", s.word, s.from, s.region, s.minute)
}

func (s said) opens() bool { return s.word == "START" }

func (s said) message() optout.Message {
	return optout.Message{ID: fmt.Sprint("m", s.minute), Account: account, From: s.from, To: ours, Text: s.word, At: at(s.minute)}
}

// closedUnder reports whether a number must not be texted, by what was said under it. A
// START opens its own number, and the digits that it came as. A START in bare digits takes
// back what the same digits closed under their second reading, and nothing else there.
func closedUnder(key string, all []said) bool {
	return slices.ContainsFunc(all, func(stop said) bool {
		if stop.opens() || !slices.Contains(stop.read.AppendKeys(nil), key) {
			return false
		}
		return !slices.ContainsFunc(all, func(start said) bool {
			own := start.read.Key == key || start.read.Digits == key
			sameDigits := start.read.Other == key && start.read.Digits == stop.read.Digits
			return start.opens() && start.minute > stop.minute && (own || sameDigits)
		})
	})
}

// closed reports whether the gate must block a spelling that is read so today: by what was
// said under its number, by what the same digits said, however they were read then, and by
// what somebody else said under their second reading. A START of the number opens what the
// digits closed.
func closed(today number.Number, all []said) bool {
	ofDigits := func(s said) bool { return today.Digits != "" && s.read.Digits == today.Digits }
	for _, stop := range all {
		opened := slices.ContainsFunc(all, func(start said) bool {
			return start.opens() && start.minute > stop.minute && (start.read.Key == today.Key || ofDigits(start))
		})
		if !stop.opens() && ofDigits(stop) && !opened {
			return true
		}
	}
	others := slices.DeleteFunc(slices.Clone(all), func(s said) bool { return !s.opens() && ofDigits(s) })
	return closedUnder(today.Key, all) || today.Other != "" && closedUnder(today.Other, others)
}

// TestTheGateAnswersByWhatWasSaidInWhateverOrderItArrives plays every sequence of up to
// three texts from three numbers that can be confused, in every order of arrival.
func TestTheGateAnswersByWhatWasSaidInWhateverOrderItArrives(t *testing.T) {
	reader := readers(t)["US"]
	numbers, words := []string{twoReadings, florida, singapore}, []string{"STOP", "START", certain}
	rules := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
	var play func(all []said)
	play = func(all []said) {
		for _, order := range orders(all) {
			g := rules.With(memstore.New())
			for _, s := range order {
				receive(t, g, s.message())
			}
			for _, to := range numbers {
				require.Equal(t, !closed(reader.Read(to), all), allowed(t, g, to), "%s after %v", to, order)
			}
		}
		if len(all) == 3 {
			return
		}
		for _, from := range numbers {
			for _, word := range words {
				next := said{from: from, region: "US", word: word, minute: len(all), read: reader.Read(from)}
				play(append(slices.Clone(all), next))
			}
		}
	}
	play(nil)
}

func orders(all []said) [][]said {
	if len(all) == 0 {
		return [][]said{nil}
	}
	var longer [][]said
	for _, order := range orders(all[1:]) {
		for i := range all {
			longer = append(longer, slices.Insert(slices.Clone(order), i, all[0]))
		}
	}
	return longer
}

// isMixed reports whether a number is the second reading of bare digits that came with
// separators too.
func isMixed(key string, all []said) bool {
	return slices.ContainsFunc(all, func(bare said) bool {
		return bare.read.Other == key && slices.ContainsFunc(all, func(s said) bool {
			return s.read.Digits == bare.read.Digits && s.read.Other == ""
		})
	})
}

// TestTheGateAnswersByWhatWasSaid does the same for more texts, spellings and regions. Where
// the region changes between the texts, or digits come with separators and without, the gate
// may block more than it must.
func TestTheGateAnswersByWhatWasSaid(t *testing.T) {
	readers := readers(t)
	rapid.Check(t, func(t *rapid.T) {
		asked := []string{rapid.SampledFrom(regions).Draw(t, "region")}
		if rapid.Bool().Draw(t, "the region changes") {
			asked = regions
		}
		guards, s := map[string]*optout.Guard{}, memstore.New()
		for _, region := range asked {
			g, err := optout.New(s, &optout.Options{DefaultRegion: region, Texts: optout.PolicyHold, Now: func() time.Time { return at(24 * 60) }})
			require.NoError(t, err)
			guards[region] = g
		}
		spellings := rapid.SampledFrom(contacts).Draw(t, "contacts")
		var all []said
		for i := range rapid.IntRange(1, 7).Draw(t, "texts") {
			s := said{
				from:   rapid.SampledFrom(spellings).Draw(t, "from"),
				region: rapid.SampledFrom(asked).Draw(t, "in"),
				word:   rapid.SampledFrom([]string{"STOP", "START", certain}).Draw(t, "word"),
				minute: i,
			}
			s.read = readers[s.region].Read(s.from)
			all = append(all, s)
		}
		order := rapid.Permutation(all).Draw(t, "order of arrival")
		for _, s := range order {
			_, err := guards[s.region].Receive(t.Context(), s.message())
			require.NoError(t, err)
		}
		for _, region := range asked {
			for _, to := range spellings {
				today := readers[region].Read(to)
				d, err := guards[region].Gate(t.Context(), account, to)
				switch {
				case closed(today, all):
					require.NoError(t, err)
					require.Contains(t, []optout.Reason{optout.ReasonOptedOut, optout.ReasonHeld}, d.Reason, "%s in %q after %v", to, region, order)
				case len(asked) == 1 && !isMixed(today.Key, all):
					require.Equal(t, today.Valid, d.Allowed, "%s in %q after %v", to, region, order)
				}
			}
		}
	})
}

// TestAnOptOutIsFoundWhateverOptionsRecordedIt plays texts under Options that change, the
// last of which closes the gate of some digits. Today's gate of the same digits blocks. Then
// a START of any spelling opens every spelling of the same number.
func TestAnOptOutIsFoundWhateverOptionsRecordedIt(t *testing.T) {
	readers := readers(t)
	more, err := keywords.Default().With(keywords.Keyword{Text: "BASTA", Intent: keywords.OptOut, Language: "it"})
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		s, now := memstore.New(), noon
		guard := func(opts optout.Options) *optout.Guard {
			opts.Now = func() time.Time { return now }
			g, err := optout.New(s, &opts)
			require.NoError(t, err)
			return g
		}
		spellings := rapid.SampledFrom(contacts).Draw(t, "contacts")
		var all []said
		play := func(words ...string) said {
			now = now.Add(time.Minute)
			said := said{
				from: rapid.SampledFrom(spellings).Draw(t, "from"), region: rapid.SampledFrom(regions).Draw(t, "region"),
				word: rapid.SampledFrom(words).Draw(t, "word"), minute: len(all),
			}
			said.read = readers[said.region].Read(said.from)
			all = append(all, said)
			opts := optout.Options{DefaultRegion: said.region}
			switch said.word {
			case "by phone":
				_, err := guard(opts).RecordOptOut(t.Context(), optout.Request{Account: account, Number: said.from})
				require.NoError(t, err)
				return said
			case "BASTA":
				opts.Keywords = more
			case certain:
				opts.Texts = rapid.SampledFrom([]optout.Policy{optout.PolicyHold, optout.PolicyOptOut}).Draw(t, "policy")
			}
			m := said.message()
			m.At = time.Time{}
			if rapid.Bool().Draw(t, "with a time") {
				m.At = now.Add(-time.Second)
			}
			_, err := guard(opts).Receive(t.Context(), m)
			require.NoError(t, err)
			return said
		}

		closing := []string{"STOP", "BASTA", certain, "by phone"}
		for range rapid.IntRange(0, 5).Draw(t, "before") {
			play(append([]string{"START"}, closing...)...)
		}
		last := play(closing...)
		for range rapid.IntRange(0, 2).Draw(t, "after") {
			play(closing...)
		}
		for _, region := range regions {
			d, err := guard(optout.Options{DefaultRegion: region}).Gate(t.Context(), account, last.from)
			require.NoError(t, err)
			require.Contains(t, []optout.Reason{optout.ReasonOptedOut, optout.ReasonHeld}, d.Reason, "in %q after %v", region, all)
		}

		start := play("START")
		today := guard(optout.Options{DefaultRegion: start.region})
		for _, to := range spellings {
			n := readers[start.region].Read(to)
			if n.Key != start.read.Key || !n.Valid || closed(n, all) { // another contact closed the second reading
				continue
			}
			d, err := today.Gate(t.Context(), account, to)
			require.NoError(t, err)
			require.True(t, d.Allowed, "%s in %q after %v", to, start.region, all)
		}
	})
}

// TestASTARTInBareDigitsLeavesTheOptOutsOfTheOtherNumber plays texts of the digits and of the
// number that they are in Singapore, with and without times, in any order. As long as that
// number itself does not text START, what it opted out stays.
func TestASTARTInBareDigitsLeavesTheOptOutsOfTheOtherNumber(t *testing.T) {
	rules := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
	rapid.Check(t, func(t *rapid.T) {
		g := rules.With(memstore.New())
		texts := rapid.IntRange(1, 6).Draw(t, "texts")
		own := rapid.IntRange(0, texts-1).Draw(t, "the place of the other number's opt-out")
		for i := range texts {
			m := optout.Message{ID: fmt.Sprint(i), Account: account, ReceivedAt: at(i)}
			m.From = rapid.SampledFrom([]string{twoReadings, "(656) 234-5678", florida}).Draw(t, "from")
			m.Text = rapid.SampledFrom([]string{"STOP", "START", certain}).Draw(t, "word")
			if i == own {
				m.From, m.Text = singapore, rapid.SampledFrom([]string{"STOP", certain}).Draw(t, "word of its own")
			}
			if rapid.Bool().Draw(t, "with a time") {
				m.At = at(rapid.IntRange(-9, 9).Draw(t, "time"))
			}
			_, err := g.Receive(t.Context(), m)
			require.NoError(t, err)
		}
		for _, to := range []string{singapore, "+65 6234 5678", twoReadings} {
			d, err := g.Gate(t.Context(), account, to)
			require.NoError(t, err)
			require.False(t, d.Allowed, to)
		}
	})
}

// deed is one thing that a Guard records.
type deed struct {
	id, from, region string
	what             string // a text, or one of the words of playDeeds
	sent, received   int    // minutes; -1: not known
	text             string // of a review: the id of the text
}

// TestAnOptOutOrAHoldNeverOpensTheGate plays a random sequence of all that a Guard records,
// each with an id of its own, and plays it again with one more opt-out or hold: nobody is
// allowed who was not.
func TestAnOptOutOrAHoldNeverOpensTheGate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spellings := rapid.SampledFrom(contacts[:3]).Draw(t, "contacts")
		asked := rapid.SampledFrom([][]string{{"US"}, {"", "US", "IN"}}).Draw(t, "regions")
		opts := optout.Options{
			Texts:        rapid.SampledFrom([]optout.Policy{optout.PolicyHold, optout.PolicyOptOut}).Draw(t, "policy"),
			RequireOptIn: rapid.Bool().Draw(t, "require opt-in"),
		}
		draw := func(id string, what ...string) deed {
			return deed{
				id: id, from: rapid.SampledFrom(spellings).Draw(t, "from"), region: rapid.SampledFrom(asked).Draw(t, "region"),
				what: rapid.SampledFrom(what).Draw(t, "what"),
				sent: rapid.IntRange(-1, 20).Draw(t, "sent"), received: rapid.IntRange(-1, 20).Draw(t, "received"),
				text: fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "text")),
			}
		}
		var deeds []deed
		for i := range rapid.IntRange(1, 6).Draw(t, "deeds") {
			deeds = append(deeds, draw(fmt.Sprint(i), "STOP", "START", certain, possible, "by phone", "consent", "a request", "no request"))
		}
		more := draw("more", "STOP", certain, possible, "by phone")
		place := rapid.IntRange(0, len(deeds)).Draw(t, "place")
		before := playDeeds(t, deeds, opts)
		after := playDeeds(t, slices.Insert(slices.Clone(deeds), place, more), opts)
		for _, region := range asked {
			for _, to := range spellings {
				was, _ := before(region).Gate(t.Context(), account, to)
				is, _ := after(region).Gate(t.Context(), account, to)
				require.False(t, is.Allowed && !was.Allowed,
					"%s is %s, and %s with %+v at place %d of %+v", to, was.Reason, is.Reason, more, place, deeds)
			}
		}
	})
}

// playDeeds plays a sequence over an empty store, and returns the Guards over it.
func playDeeds(t *rapid.T, deeds []deed, opts optout.Options) func(region string) *optout.Guard {
	s := memstore.New()
	guard := func(region string) *optout.Guard {
		opts.DefaultRegion, opts.Now = region, func() time.Time { return at(24 * 60) }
		g, err := optout.New(s, &opts)
		require.NoError(t, err)
		return g
	}
	minute := func(minute int) time.Time {
		if minute < 0 {
			return time.Time{}
		}
		return at(minute)
	}
	texts := map[string]string{} // the senders of texts, by id
	for _, d := range deeds {
		g := guard(d.region)
		request := optout.Request{ID: d.id, Account: account, Number: d.from, At: minute(d.sent)}
		var err error
		switch d.what {
		case "by phone":
			_, err = g.RecordOptOut(t.Context(), request)
		case "consent":
			_, _ = g.RecordConsent(t.Context(), request) // refused after an opt-out
		case "a request", "no request":
			verdict := optout.VerdictNoRequest
			if d.what == "a request" {
				verdict = optout.VerdictRequest
			}
			for text, historyErr := range g.History(t.Context(), account, texts[d.text]) {
				if historyErr == nil && text.ID == d.text && text.Source == store.SourceText {
					_, err = g.Resolve(t.Context(), optout.Resolution{Account: account, Review: text, Verdict: verdict, Actor: "anna"})
					break
				}
			}
		default:
			texts[d.id] = d.from
			_, err = g.Receive(t.Context(), optout.Message{
				ID: d.id, Account: account, From: d.from, Text: d.what, At: minute(d.sent), ReceivedAt: minute(d.received),
			})
		}
		require.NoError(t, err)
	}
	return guard
}
