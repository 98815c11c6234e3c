package revocation

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// stepsOf returns how many words the engine looks at to read a text of any length.
func stepsOf(text string) int {
	var r reader
	r.readAll(grammarOnce(), text)
	return r.steps
}

// requireLinear holds the steps for a repeated text to at most linear growth: twice as many
// repeats more take at most twice as many steps more. Quadratic growth would take four
// times as many.
func requireLinear(t require.TestingT, unit string) {
	const n = 100 // repeats, after which the limits of short messages are past
	var steps [4]int
	for i := range steps {
		steps[i] = stepsOf(strings.Repeat(unit, n<<i))
	}
	before, last := steps[2]-steps[1], steps[3]-steps[2]
	require.LessOrEqual(t, last, before*21/10+2*n, "%q is read in %v steps", unit, steps)
}

// TestReadingIsLinear repeats what looks at many words for each word.
func TestReadingIsLinear(t *testing.T) {
	for _, unit := range []string{
		"a ", "1 ", "12345 ", "555 ", "stop ", "stop, ", "stop? ", "o stop, ", "o, stop, ", "o, pare, ", "el, parar. ", "stop sms stopp sms ",
		"please ", "don't ", "“ ", "„", "« a ",
		"reply stop to ", "no more texts or calls from your list ", "stop sending me invoices and ", "stop stopp parar pare basta ",
		"will you stop texting me ", "不要再发短信", "取消不发", "把我从名单", "стоп смс ", "\n> a", "re: ", "wrote: On ", "s t o p ",
		"🛑", "unsubscribeeee ",
		"remove me from " + strings.Repeat("any ", 6), "el la los não stop ",
		"hör auf, mir ", "werbenachrichten ", "ich bin nicht jasmin ", "bitte nicht mehr ",
		"schicken sie mir keine ", "von der liste ",
	} {
		requireLinear(t, unit)
	}
	require.Greater(t, stepsOf(strings.Repeat("stop texting me ", 800)), 800, "steps are counted")
}

// TestReadingIsLinearInAnyRepeat repeats words of the rules with any marks between.
func TestReadingIsLinearInAnyRepeat(t *testing.T) {
	words := newCompiler(rulesOf(t)).spelling[1:]
	between := []string{" ", " ", " ", ", ", ". ", "? ", "\n", " - ", " “", "” ", "/", " 1 ", " 🛑 "}
	rapid.Check(t, func(t *rapid.T) {
		var unit strings.Builder
		for range rapid.IntRange(1, 6).Draw(t, "words") {
			unit.WriteString(rapid.SampledFrom(words).Draw(t, "word"))
			unit.WriteString(rapid.SampledFrom(between).Draw(t, "mark"))
		}
		requireLinear(t, unit.String())
	})
}
