package number

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp/syntax"
	"strconv"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers/v2"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/number/plan"
)

// sample is a text, and the region in which it is read.
type sample struct{ region, raw string }

// samplesOfThePlan returns digits that use each edge of the automaton of package plan,
// and each end: a range that phonenumbers has lost is among them.
func samplesOfThePlan(tb testing.TB, random *rand.Rand) []sample {
	tb.Helper()
	raw, err := os.ReadFile("plan/nodes.bin")
	require.NoError(tb, err)
	index, err := os.ReadFile("plan/index.txt")
	require.NoError(tb, err)

	a := automaton{words: make([]uint16, len(raw)/2), random: random, seen: map[plan.Node]bool{}}
	for i := range a.words {
		a.words[i] = binary.LittleEndian.Uint16(raw[2*i:])
	}
	for start := range plan.Starts {
		a.cover(plan.Node(a.words[start]), fmt.Sprintf("+%0*d", plan.StartDigits, start))
	}
	for _, line := range strings.Split(strings.TrimSpace(string(index)), "\n")[1:] {
		field := strings.Fields(line)
		dialled, err := strconv.ParseUint(field[3], 10, 16)
		require.NoError(tb, err)
		a.region = field[0]
		a.cover(plan.Node(dialled), "")
	}
	return a.samples
}

type automaton struct {
	words   []uint16
	random  *rand.Rand
	region  string
	seen    map[plan.Node]bool
	samples []sample
}

func (a *automaton) next(n plan.Node, digit int) plan.Node {
	return plan.Node(a.words[plan.Starts+int(n)*plan.RowWords+digit])
}

// cover adds samples for a node that was not seen before, and for all that follow it.
func (a *automaton) cover(n plan.Node, text string) {
	if a.seen[n] || len(text) > plan.MaxDigits {
		return
	}
	a.seen[n] = true
	a.add(text)
	if n >= plan.Tail {
		for more := 1; more < plan.RowWords; more++ {
			a.add(text + digits(a.random, more))
		}
		return
	}
	for digit := range 10 {
		to, text := a.next(n, digit), text+strconv.Itoa(digit)
		a.add(a.longer(to, text))
		a.cover(to, text)
	}
}

// longer follows random digits to where only their number decides, and adds some.
func (a *automaton) longer(n plan.Node, text string) string {
	for n < plan.Tail && len(text) < plan.MaxDigits {
		digit := a.random.IntN(10)
		n, text = a.next(n, digit), text+strconv.Itoa(digit)
	}
	return text + digits(a.random, a.random.IntN(9))
}

func (a *automaton) add(raw string) { a.samples = append(a.samples, sample{a.region, raw}) }

// samplesOfTheLibrary returns numbers that match each alternative of each pattern of
// phonenumbers: a range that the plan lacks is among them.
func samplesOfTheLibrary(tb testing.TB, random *rand.Rand) (samples []sample) {
	tb.Helper()
	collection, err := phonenumbers.MetadataCollection()
	require.NoError(tb, err)
	for _, m := range collection.GetMetadata() {
		for _, kind := range []*phonenumbers.PhoneNumberDesc{
			m.GetGeneralDesc(), m.GetFixedLine(), m.GetMobile(), m.GetTollFree(), m.GetPremiumRate(), m.GetSharedCost(),
			m.GetPersonalNumber(), m.GetVoip(), m.GetPager(), m.GetUan(), m.GetVoicemail(),
		} {
			if kind.GetNationalNumberPattern() == "" {
				continue
			}
			re, err := syntax.Parse(kind.GetNationalNumberPattern(), syntax.Perl)
			require.NoError(tb, err)
			p := pattern{random: random, visits: map[*syntax.Regexp]int{}}
			for again := 0; again < 8 || again < p.branches/2; again++ {
				samples = append(samples, sample{m.GetId(), fmt.Sprintf("+%d%s", m.GetCountryCode(), p.text(re))})
			}
		}
	}
	return samples
}

// pattern writes texts that match a regular expression, and takes the alternatives and
// characters of each place in turn.
type pattern struct {
	random   *rand.Rand
	visits   map[*syntax.Regexp]int
	branches int
}

func (p *pattern) text(re *syntax.Regexp) string {
	var b strings.Builder
	turn := func(n int) int {
		if p.visits[re] == 0 {
			p.visits[re] = 1 + p.random.IntN(n)
			p.branches += n
		}
		p.visits[re]++
		return (p.visits[re] - 1) % n
	}
	repeat := func(least, most int) {
		for range least + turn(most-least+1) {
			b.WriteString(p.text(re.Sub[0]))
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		var all []rune
		for i := 0; i < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				all = append(all, r)
			}
		}
		b.WriteRune(all[turn(len(all))])
	case syntax.OpAlternate:
		b.WriteString(p.text(re.Sub[turn(len(re.Sub))]))
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			b.WriteString(p.text(sub))
		}
	case syntax.OpQuest:
		repeat(0, 1)
	case syntax.OpRepeat:
		repeat(re.Min, max(re.Min, re.Max))
	case syntax.OpStar:
		repeat(0, 3)
	case syntax.OpPlus:
		repeat(1, 3)
	case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpEndText:
	default:
		panic("a pattern of phonenumbers has an operator that this test does not know: " + re.String())
	}
	return b.String()
}
