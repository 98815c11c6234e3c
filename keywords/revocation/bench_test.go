package revocation_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/keywords/revocation"
)

// BenchmarkRead is the cost of reading a message, beside Classify. Ordinary
// texts of 160 characters are what nearly all messages are: without a word of a
// request, and with one. Hostile texts repeat what costs most.
func BenchmarkRead(b *testing.B) {
	set := keywords.Default()
	revocation.Read("stop it") // the rules are compiled once
	for _, text := range []struct{ name, message string }{
		{"ordinary-160", strings.Repeat("All work and no play makes a dull boy. ", 5)[:160]},
		{"ordinary-160-with-a-rare-word", "Hi, this is Anna. I got your message about the appointment on Thursday at ten, and that " +
			"works for me. " +
			"Should I bring the papers along or mail them to you first?"},
		{"emoji-160", "Happy birthday 🎉🎉 hope you have a lovely day with everybody, we are thinking of you ❤️ " +
			"and will see you on Sunday for the cake 🎂 bring the kids and grandma too"},
		{"spanish-ordinary", "¿Mañana a qué hora abren? Quería pasar por la tarde con mi mamá para ver los precios " +
			"y después comer algo por allí, ¿está bien?"},
		{"keyword", "STOP"},
		{"keyword-first", "Stop. Thank you"},
		{"request", "Please take me off your list"},
		{"spanish-request", "Por favor no me envíen más mensajes"},
		{"long-request", strings.Repeat("I never gave you this number and I have told you so before. ", 10) + "Stop texting me."},
		{"hostile-letters-4096", strings.Repeat("a ", 2048)},
		{"hostile-request-4096", strings.Repeat("no more texts or calls from your list ", 108)[:4096]},
	} {
		b.Run(text.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				revocation.Read(text.message)
			}
		})
		b.Run(text.name+"/classify", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				set.Classify(text.message)
			}
		})
	}
}

// BenchmarkMedian is the cost of the median of the ordinary English texts of the tree. It is
// beside "plain": the least that a reader of words does, to cut the text into words and to
// look up each.
func BenchmarkMedian(b *testing.B) {
	var all []string
	for _, row := range readCases(b, "../testdata/sms_uci.jsonl") {
		if row.Label == "ham" {
			all = append(all, row.Text)
		}
	}
	costs := costsOf(all, 0, 5)
	benchmarkBesidePlain(b, "english", costs[len(costs)/2].text)
}

// BenchmarkWorst searches the text of a length that costs most, and names what it repeats: a
// word of the rules, a text of a pattern, or two of the words that cost most.
func BenchmarkWorst(b *testing.B) {
	const most = 40 // of each kind
	words, texts := revocation.Vocabulary(), revocation.PatternTexts()
	for _, length := range []int{160, 4_096} {
		worst := costsOf(words, length, 2)[:most]
		pairs := make([]string, 0, most*most)
		for _, first := range worst {
			for _, second := range worst {
				pairs = append(pairs, first.unit+" "+second.unit)
			}
		}
		worst = slices.Concat(worst, costsOf(pairs, length, 2)[:most], costsOf(texts, length, 2)[:most])
		units := make([]string, 0, len(worst))
		for _, c := range worst {
			units = append(units, c.unit)
		}
		c := costsOf(units, length, 50)[0]
		benchmarkBesidePlain(b, fmt.Sprintf("%d/%s", length, c.unit), c.text)
	}
}

func benchmarkBesidePlain(b *testing.B, name, text string) {
	b.Helper()
	words := map[string]int{}
	for i, word := range revocation.Vocabulary() {
		words[word] = i
	}
	known := 0
	for _, code := range []struct {
		name string
		run  func()
	}{
		{name, func() { revocation.Read(text) }},
		{name + "/plain", func() {
			for word := range strings.FieldsSeq(strings.ToLower(text)) {
				known += words[word]
			}
		}},
	} {
		b.Run(code.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				code.run()
			}
			b.ReportMetric(float64(leastTime(code.run, 1_000)), "least-ns")
		})
	}
}

// leastTime returns the least time of some rounds, which a busy machine changes least.
func leastTime(run func(), rounds int) time.Duration {
	least := time.Hour
	for range rounds {
		begun := time.Now()
		run()
		least = min(least, time.Since(begun))
	}
	return least
}

// cost is the time to read a text that repeats a unit.
type cost struct {
	unit, text string
	time       time.Duration
}

// costsOf returns the costs of units, repeated up to a length or once if it is 0, the
// greatest first. A cost is the least of some rounds.
func costsOf(units []string, length, rounds int) []cost {
	costs := make([]cost, 0, len(units))
	for _, unit := range units {
		c := cost{unit: unit, text: unit}
		if length > 0 {
			c.text = strings.Repeat(unit+" ", length/(len(unit)+1)+1)[:length]
		}
		c.time = leastTime(func() { revocation.Read(c.text) }, rounds)
		costs = append(costs, c)
	}
	slices.SortStableFunc(costs, func(a, b cost) int { return cmp.Compare(b.time, a.time) })
	return costs
}
