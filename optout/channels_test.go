package optout_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// person is the contact of these tests that has no phone number.
const person = "messenger:2489176354201234"

// texting returns a text of an address.
func texting(from, id, words string, minute int) optout.Message {
	m := text(id, words, at(minute))
	m.From = from
	return m
}

func TestAnAddressOfAListedChannelIsAContact(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Channels: []string{"Messenger", "line", "LINE"}})
	number, err := g.Number(person)
	require.Empty(t, number)
	require.ErrorContains(t, err, "other channel", "an address is no phone number")
	d, err := g.Gate(t.Context(), account, person)
	require.NoError(t, err)
	require.True(t, d.Allowed)
	require.Equal(t, optout.ReasonNotOptedOut, d.Reason)
	require.Equal(t, optout.FaultNone, d.Fault)

	require.Equal(t, g.Replies().Help, receive(t, g, texting(person, "m0", "HELP", 0)).Reply)
	out := receive(t, g, texting(" 'MESSENGER:2489176354201234' ", "m1", "STOP", 1))
	require.Equal(t, g.Replies().OptOut, out.Reply)
	require.True(t, out.Changed)
	require.False(t, out.NoNumber)
	require.Equal(t, optout.FaultNone, out.Fault)
	require.Equal(t, person, out.State.Key.Number)
	require.Empty(t, receive(t, g, texting(person, "m2", "STOP", 2)).Reply, "a second STOP")
	for _, spelling := range []string{person, "Messenger:2489176354201234", " " + person, "\"" + person + "\""} {
		d, err := g.Gate(t.Context(), account, spelling)
		require.NoError(t, err, spelling)
		require.Equal(t, optout.ReasonOptedOut, d.Reason, spelling)
		require.ErrorIs(t, g.Send(t.Context(), account, spelling, nobody(t)), optout.ErrOptedOut)
	}
	require.Equal(t, []string{person}, slices.Collect(listedNumbers(t, g)))
	require.Len(t, history(t, g, "Messenger:2489176354201234"), 2)
	for _, other := range []string{"messenger:248917635420123", "line:2489176354201234", "messenger:U1", "messenger:u1"} {
		require.True(t, allowed(t, g, other), other)
	}
	require.Equal(t, g.Replies().OptIn, receive(t, g, texting(person, "m3", "START", 3)).Reply)
	require.True(t, allowed(t, g, person))
	require.Empty(t, slices.Collect(listedNumbers(t, g)))

	m := texting(person, "m4", "STOP", 4)
	m.To = "Messenger:2489176354201234"
	_, err = g.Receive(t.Context(), m)
	require.ErrorIs(t, err, optout.ErrInvalidMessage, "From is To")
}

func TestTheValueOfAnAddressIsExact(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Channels: []string{"line", "messenger"}})
	for i, from := range []string{"line:U4af", "messenger:4155552671", "messenger:+14155550199", "line:Ü"} {
		receive(t, g, texting(from, fmt.Sprint(i), "STOP", i))
	}
	for _, other := range []string{
		"line:u4af", "line:U4AF", "line:U4af0", "line:\u0075\u0308", "line:U\u0308",
		"+14155552671", "4155552671", "messenger:14155552671", "messenger:+14155552671", "messenger:(415) 555-2671",
		"+14155550199", "messenger:14155550199",
	} {
		require.True(t, allowed(t, g, other), other)
	}
}

func TestAddressesInABatchAndInACampaign(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Channels: []string{"messenger"}})
	receive(t, g, texting(person, "m1", "STOP", 1))
	receive(t, g, texting("viber:2", "m2", "STOP", 2))
	numbers := []string{
		contact, "Messenger:2489176354201234", "messenger:1", "viber:1", "viber:2", "messenger:",
		"4155552671.0", "555-2671", "",
	}
	want := []optout.Decision{
		{Allowed: true, Reason: optout.ReasonNotOptedOut},
		{Reason: optout.ReasonOptedOut},
		{Allowed: true, Reason: optout.ReasonNotOptedOut},
		{Reason: optout.ReasonInvalidNumber, Fault: optout.FaultChannel},
		{Reason: optout.ReasonOptedOut, Fault: optout.FaultChannel},
		{Reason: optout.ReasonInvalidNumber, Fault: optout.FaultChannel},
		{Reason: optout.ReasonInvalidNumber, Fault: optout.FaultSpreadsheet},
		{Reason: optout.ReasonInvalidNumber, Fault: optout.FaultLocal},
		{Reason: optout.ReasonInvalidNumber, Fault: optout.FaultEmpty},
	}
	batch, err := g.GateBatch(t.Context(), account, numbers)
	require.NoError(t, err)
	i := 0
	for gated, err := range optout.GateSeq(t.Context(), g, account, slices.Values(numbers), func(s string) string { return s }) {
		require.NoError(t, err)
		require.Equal(t, batch[i], gated.Decision, numbers[i])
		alone, err := g.Gate(t.Context(), account, numbers[i])
		require.Equal(t, batch[i], alone, numbers[i])
		var fault *optout.NumberError
		if alone.Reason == optout.ReasonInvalidNumber {
			require.ErrorAs(t, err, &fault, numbers[i])
			require.Equal(t, alone.Fault, fault.Fault, numbers[i])
		} else {
			require.NoError(t, err, numbers[i])
		}
		alone.State = store.State{}
		require.Equal(t, want[i], alone, numbers[i])
		i++
	}
	require.Equal(t, len(numbers), i)
}

func TestConsentAndReviewsOfAddresses(t *testing.T) {
	s := memstore.New()
	opts := optout.Options{Channels: []string{"messenger"}, RequireOptIn: true, Texts: optout.PolicyHold, ConfirmOptIn: true}
	g := guardAt(t, s, opts)
	require.ErrorIs(t, g.Send(t.Context(), account, person, nobody(t)), optout.ErrNoConsent)
	_, err := g.RecordConsent(t.Context(), optout.Request{Account: account, Number: "viber:1"})
	require.ErrorIs(t, err, optout.ErrInvalidNumber)
	out, err := g.RecordConsent(t.Context(), optout.Request{Account: account, Number: "Messenger:2489176354201234"})
	require.NoError(t, err)
	require.False(t, out.NoNumber)
	require.True(t, allowed(t, g, person))

	held := receive(t, g, texting(person, "m1", possible, 1))
	require.Equal(t, store.Held, held.State.Status)
	require.False(t, allowed(t, g, person))
	waiting := reviews(t, g)
	require.Len(t, waiting, 1)
	require.Equal(t, person, waiting[0].Key.Number)
	resolve(t, g, waiting[0], optout.VerdictNoRequest)
	require.True(t, allowed(t, g, person))

	out, err = g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: person})
	require.NoError(t, err)
	require.True(t, out.Changed)
	require.False(t, out.NoNumber)
	_, err = g.RecordConsent(t.Context(), optout.Request{Account: account, Number: person})
	require.ErrorIs(t, err, optout.ErrOptedOut)

	const unknown = "messenger:7"
	require.Equal(t, g.Replies().Confirm, receive(t, g, texting(unknown, "m2", "START", 2)).Reply)
	require.False(t, allowed(t, g, unknown))
	require.Equal(t, g.Replies().OptIn, receive(t, g, texting(unknown, "m3", "YES", 3)).Reply)
	require.True(t, allowed(t, g, unknown))
}

// Two machines that answer each other would not stop.
func TestAnAddressOfAnotherChannelIsNeverAnswered(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Channels: []string{"messenger"}, RequireOptIn: true})
	for _, from := range []string{
		"viber:1", "messengers:1", "messenger:", "messenger:a\nb", "whatsapp:messenger:1", "whatsapp:US.1", "160958@lid",
	} {
		for i, words := range []string{"START", "STOP", "HELP"} {
			out := receive(t, g, texting(from, fmt.Sprint(i), words, i))
			require.Empty(t, out.Reply, "%s from %s", words, from)
			require.Equal(t, words != "HELP", out.NoNumber, "%s from %s", words, from)
			require.Equal(t, out.NoNumber, out.Fault != optout.FaultNone, "%s from %s", words, from)
		}
		d, err := g.Gate(t.Context(), account, from)
		require.NoError(t, err)
		require.Equal(t, optout.ReasonOptedOut, d.Reason, from)
	}
}

func TestAnOutcomeSaysWhyATextIsNoNumber(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	for raw, want := range map[string]optout.NumberFault{
		contact: optout.FaultNone, "(415) 555-2671": optout.FaultNone, "12345": optout.FaultShortCode, "555-2671": optout.FaultLocal,
		"MyBrand": optout.FaultLetters, "4155552671.0": optout.FaultSpreadsheet, "415-555-XXXX": optout.FaultMask, person: optout.FaultChannel,
	} {
		requested, err := g.RecordOptOut(t.Context(), optout.Request{ID: raw, Account: account, Number: raw})
		require.NoError(t, err, raw)
		stopped, started := receive(t, g, texting(raw, raw, "STOP", 1)), receive(t, g, texting(raw, raw+"2", "START", 2))
		for _, out := range []optout.Outcome{requested, stopped, started} {
			require.Equal(t, want, out.Fault, raw)
			require.Equal(t, want != optout.FaultNone, out.NoNumber, raw)
		}
	}
}

// TestASTOPOfAnAddressWithANumberBlocksTheNumber sends STOP from every kind of address that
// carries a number.
func TestASTOPOfAnAddressWithANumberBlocksTheNumber(t *testing.T) {
	for _, from := range []string{
		"sip:+14155552671@host.example;user=phone", "SIPS:+14155552671@HOST.example:5061", "14155552671@s.whatsapp.net",
		"14155552671:12@s.whatsapp.net", "14155552671@C.US", "+14155552671/TYPE=PLMN", "14155552671/type=plmn", "tel:+1-415-555-2671;ext=12",
		"tel:415-555-2671;phone-context=+1", "sms:+14155552671?body=Hi", "smsto:+14155552671", "mms:+14155552671", "WhatsApp:+14155552671",
		"rcs:4155552671", " '+14155552671' ", "(415) 555-2671.",
	} {
		g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
		require.Equal(t, g.Replies().OptOut, receive(t, g, texting(from, "m1", "STOP", 1)).Reply, from)
		for _, number := range []string{contact, "(415) 555-2671", "4155552671", from} {
			d, err := g.Gate(t.Context(), account, number)
			require.NoError(t, err)
			require.Equal(t, optout.ReasonOptedOut, d.Reason, "%s after STOP from %s", number, from)
		}
		receive(t, g, texting(contact, "m2", "START", 2))
		require.True(t, allowed(t, g, from), from)
	}
}

// spellingsOf are contacts, each with ways to write it. Which of the contacts a Guard takes
// depends on its channels. The last three never count as contacts.
var spellingsOf = map[string][]string{
	"messenger:Ab1":          {"messenger:Ab1", "Messenger:Ab1", " MESSENGER:Ab1\t", "'messenger:Ab1'", "\u202amessenger:Ab1\u202c"},
	"messenger:ab1":          {"messenger:ab1", "messengeR:ab1"},
	"line:Ab1":               {"line:Ab1", "Line:Ab1"},
	"messenger:+14155552671": {"messenger:+14155552671", "MESSENGER:+14155552671"},
	"messenger:4155552671":   {"messenger:4155552671", "“messenger:4155552671”"},
	contact:                  {contact, "(415) 555-2671", "whatsapp:+14155552671", "sip:+14155552671@messenger"},
	"viber:Ab1":              {"viber:Ab1", "Viber:Ab1"},
	"messenger: Ab1":         {"messenger: Ab1", "Messenger: Ab1"},
	"US.1349":                {"US.1349", "us.1349", "whatsapp:us.1349"},
}

// TestAnOptOutOfAnAddressIsFoundWhateverChannelsAreListed plays texts and requests over one
// store, each under Options of its own. Then each gate answers by what was said last.
func TestAnOptOutOfAnAddressIsFoundWhateverChannelsAreListed(t *testing.T) {
	names := slices.Sorted(maps.Keys(spellingsOf))
	lists := [][]string{nil, {"messenger"}, {"Messenger", "LINE"}, {"line"}}
	takes := func(channels []string, name string) bool {
		scheme, value, isAddress := strings.Cut(name, ":")
		listed := slices.ContainsFunc(channels, func(c string) bool { return strings.EqualFold(c, scheme) })
		return name == contact || isAddress && listed && value[0] != ' '
	}
	rapid.Check(t, func(t *rapid.T) {
		s, now := memstore.New(), noon
		guard := func(channels []string) *optout.Guard {
			g, err := optout.New(s, &optout.Options{
				DefaultRegion: "US", Channels: channels, Texts: optout.PolicyHold, Now: func() time.Time { return now },
			})
			require.NoError(t, err)
			return g
		}
		closed, said := map[string]string{}, []string(nil)
		for i := range rapid.IntRange(1, 9).Draw(t, "deeds") {
			now = now.Add(time.Minute)
			name := rapid.SampledFrom(names).Draw(t, "contact")
			from := rapid.SampledFrom(spellingsOf[name]).Draw(t, "spelling")
			channels := rapid.SampledFrom(lists).Draw(t, "channels")
			words := rapid.SampledFrom([]string{"STOP", "START", certain, "by phone", "consent"}).Draw(t, "words")
			said = append(said, fmt.Sprintf("%q from %q with %q", words, from, channels))
			g, request := guard(channels), optout.Request{Account: account, Number: from}
			var out optout.Outcome
			var err error
			switch words {
			case "by phone":
				out, err = g.RecordOptOut(t.Context(), request)
			case "consent":
				out, err = g.RecordConsent(t.Context(), request)
				switch {
				case !takes(channels, name):
					require.ErrorIs(t, err, optout.ErrInvalidNumber, said)
					continue
				case closed[name] == "opted-out":
					require.ErrorIs(t, err, optout.ErrOptedOut, said)
					err = nil
				}
			default:
				m := optout.Message{ID: fmt.Sprint(i), Account: account, From: from, Text: words}
				out, err = g.Receive(t.Context(), m)
				answers := words == "STOP" && closed[name] != "opted-out" || words == "START" && closed[name] != ""
				require.Equal(t, takes(channels, name) && answers, out.Reply != "", said)
			}
			require.NoError(t, err, said)
			require.Equal(t, takes(channels, name), !out.NoNumber, said)
			require.Equal(t, out.NoNumber, out.Fault != optout.FaultNone, said)
			switch {
			case words == "START":
				delete(closed, name)
			case words == "STOP", words == "by phone":
				closed[name] = "opted-out"
			case words == certain && closed[name] == "":
				closed[name] = "held"
			}
		}
		for _, channels := range lists {
			g := guard(channels)
			for name, spellings := range spellingsOf {
				for _, to := range spellings {
					d, err := g.Gate(t.Context(), account, to)
					switch {
					case closed[name] != "":
						require.NoError(t, err, said)
						require.Equal(t, closed[name], strings.ReplaceAll(string(d.Reason), "_", "-"), "%q with %q after %q", to, channels, said)
					case takes(channels, name):
						require.NoError(t, err, said)
						require.True(t, d.Allowed, "%q with %q after %q", to, channels, said)
					default:
						require.ErrorIs(t, err, optout.ErrInvalidNumber, "%q with %q after %q", to, channels, said)
					}
				}
			}
			var listed []string
			for state, err := range g.OptedOut(t.Context(), account) {
				require.NoError(t, err)
				listed = append(listed, state.Key.Number)
			}
			var want []string
			for name, how := range closed {
				if how == "opted-out" {
					want = append(want, name)
				}
			}
			require.ElementsMatch(t, want, listed, "with %q after %q", channels, said)
		}
	})
}
