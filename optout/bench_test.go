package optout_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// The code that users write today, beside which the benchmarks stand.

var naiveWords = map[string]keywords.Intent{
	"STOP": keywords.OptOut, "STOPALL": keywords.OptOut, "UNSUBSCRIBE": keywords.OptOut, "CANCEL": keywords.OptOut, "END": keywords.OptOut,
	"QUIT": keywords.OptOut, "START": keywords.OptIn, "UNSTOP": keywords.OptIn, "HELP": keywords.Help, "INFO": keywords.Help,
}

func naiveMap(message string) keywords.Intent {
	return naiveWords[strings.ToUpper(strings.TrimSpace(message))]
}

var (
	naiveOut  = regexp.MustCompile(`(?i)^\s*(stop|stopall|unsubscribe|cancel|end|quit)\s*$`)
	naiveIn   = regexp.MustCompile(`(?i)^\s*(start|unstop)\s*$`)
	naiveHelp = regexp.MustCompile(`(?i)^\s*(help|info)\s*$`)
)

func naiveRegexps(message string) keywords.Intent {
	switch {
	case naiveOut.MatchString(message):
		return keywords.OptOut
	case naiveIn.MatchString(message):
		return keywords.OptIn
	case naiveHelp.MatchString(message):
		return keywords.Help
	default:
		return keywords.None
	}
}

// BenchmarkClassify compares Classify with a map and with regular expressions, on
// texts of every kind. Neither of those finds " stop. " or any later spelling, and
// both read a megabyte of blanks.
func BenchmarkClassify(b *testing.B) {
	ways := []struct {
		name     string
		classify func(string) keywords.Intent
	}{
		{"consent", func(m string) keywords.Intent {
			match := optout.Classify(m)
			return match.Intent
		}},
		{"map", naiveMap},
		{"regexps", naiveRegexps},
	}
	for _, text := range []struct{ name, message string }{
		{"empty", ""},
		{"one-letter", "k"},
		{"OK", "OK"},
		{"yes", "yes"},
		{"STOP", "STOP"},
		{"stop", "stop"},
		{"Unsubscribe", "Unsubscribe"},
		{"STOPP", "STOPP"},
		{"ok-thanks", "ok thanks"},
		{"stop-it", "Stop it"},
		{"stop-in-blanks-and-a-dot", " stop. "},
		{"160-characters", ("Hi Anna, this is Ben from the clinic. Your appointment is on Tuesday at 14:30; please bring your card, " +
			"and call us if you cannot make it. See you then, all the bes")[:160]},
		{"160-characters-from-stop", ("Stop by the clinic, Anna. Your appointment is on Tuesday at 14:30; please bring your card, " +
			"and call us if you cannot make it. See you then, all the best from Ben and")[:160]},
		{"160-marks", strings.Repeat("!?", 80)},
		{"one-emoji", "👍"},
		{"emoji-and-stop", "😡😡STOP😡😡"},
		{"stop-and-emoji", "STOP🛑"},
		{"emoji-and-text", "Stop calling me on Sundays please 😂😂"},
		{"full-width", "ＳＴＯＰ"},
		{"mathematical", "𝐒𝐓𝐎𝐏"},
		{"struck-through", "S\u0336T\u0336O\u0336P\u0336"},
		{"accent-apart", "STO\u0301P"},
		{"accent", "Stóp"},
		{"zero-width", "ST\u200dOP"},
		{"dotted-capital-i", "UNSUBSCRİBE"},
		{"quotes", "“Stop”"},
		{"not-utf8", "st\xffop"},
		{"cyrillic-stop", "СТОП"},
		{"cyrillic", "Привет, это Анна. Встреча во вторник в 14:30, пожалуйста, не опаздывай"},
		{"greek", "Καλημέρα, πότε ανοίγετε αύριο;"},
		{"chinese", "您好，明天下午三点在诊所见，请带上您的卡"},
		{"korean", "안녕하세요, 내일 오후 세 시에 뵙겠습니다"},
		{"hindi", "नमस्ते, कल तीन बजे मिलते हैं"},
		{"arabic", "مرحبا، نلتقي غدا في الساعة الثالثة"},
		{"4096-marks", strings.Repeat("\u0301", 2_048)},
		{"stop-and-4096-marks", "stop" + strings.Repeat("\u0301", 2_046)},
		{"4096-of-!", strings.Repeat("!", 4_096)},
		{"4096-of-!?", strings.Repeat("!?", 2_048)},
		{"stop-4096-of-!?-x", "stop" + strings.Repeat("!?", 2_045) + "x"},
		{"128KB-of-blanks", strings.Repeat(" ", 131_072)},
		{"128KB-of-CRLF", strings.Repeat("\r\n", 65_536)},
		{"128KB-of-blanks-and-stop", strings.Repeat(" ", 131_068) + "STOP"},
		{"128KB-of-U+00A0", strings.Repeat("\u00a0", 65_536)},
		{"128KB-of-a", strings.Repeat("a", 131_072)},
		{"1MB-of-blanks", strings.Repeat(" ", 1<<20)},
		{"1MB-of-a", strings.Repeat("a", 1<<20)},
		{"1MB-of-stop", strings.Repeat("stop", 1<<18)},
		{"1MB-of-emoji", strings.Repeat("😡", 1<<18)},
	} {
		for _, way := range ways {
			b.Run(text.name+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					way.classify(text.message)
				}
			})
		}
	}
	stream := mixedStream(b)
	for _, way := range ways {
		b.Run("mixed-stream/"+way.name, func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				way.classify(stream[i])
				if i++; i == len(stream) {
					i = 0
				}
			}
		})
	}
}

// mixedStream is 4,096 real texts, every tenth a keyword in some spelling.
func mixedStream(tb testing.TB) []string {
	tb.Helper()
	raw, err := os.ReadFile("../keywords/testdata/sms_uci.jsonl")
	require.NoError(tb, err)
	spellings := []string{"STOP", "stop", "Stop.", " STOP ", "HELP", "Start", "unsubscribe", "stop!!", "Cancel", "quit\n"}
	var stream []string
	for line := range strings.Lines(string(raw)) {
		if len(stream) == 4_096 {
			break
		}
		var row struct{ Text string }
		require.NoError(tb, json.Unmarshal([]byte(line), &row))
		if len(stream)%10 == 0 {
			row.Text = spellings[len(stream)/10%len(spellings)]
		}
		stream = append(stream, row.Text)
	}
	return stream
}

// optedOut fills a store with n numbers that opted out, and returns them.
func optedOut(tb testing.TB, n int) (*memstore.Store, []string) {
	tb.Helper()
	s := memstore.New()
	numbers := make([]string, n)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("+1%03d%03d%04d", 201+i/8_000_000, 200+i/10_000%800, i%10_000)
		_, err := s.Append(context.Background(), store.Event{
			ID: "m", Key: store.Key{Account: "acct", Number: numbers[i]}, Action: store.OptOut, Source: store.SourceKeyword,
			Keyword: "STOP", Text: "STOP",
		})
		require.NoError(tb, err)
	}
	return s, numbers
}

// BenchmarkGate asks for numbers that opted out and others, in memory.
func BenchmarkGate(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		if n > 10_000 && testing.Short() {
			continue
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, numbers := optedOut(b, n)
			g, err := optout.New(s, &optout.Options{DefaultRegion: "US"})
			require.NoError(b, err)
			ctx := context.Background()
			gate := func(name string, number func(i int) string) {
				b.Run(name, func(b *testing.B) {
					b.ReportAllocs()
					i := 0
					for b.Loop() {
						_, _ = g.Gate(ctx, "acct", number(i))
						i++
					}
				})
			}
			gate("hit-e164", func(i int) string { return numbers[i*7919%n] })
			gate("miss-e164", func(int) string { return "+14155552671" })
			gate("miss-formatted", func(int) string { return "(415) 555-2671" })
			b.Run("store-alone", func(b *testing.B) {
				i := 0
				for b.Loop() {
					_, _ = s.Get(ctx, store.Key{Account: "acct", Number: numbers[i*7919%n]})
					i++
				}
			})
			b.Run("map-alone", func(b *testing.B) { // the code users write: a string in a map, as it came
				blocked := make(map[[2]string]bool, n)
				for _, number := range numbers {
					blocked[[2]string{"acct", number}] = true
				}
				i, hits := 0, 0
				for b.Loop() {
					if blocked[[2]string{"acct", numbers[i*7919%n]}] {
						hits++
					}
					i++
				}
			})
			b.Run("batch-of-1000-e164", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_, _ = g.GateBatch(ctx, "acct", numbers[:1_000])
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1_000, "ns/number")
			})
		})
	}
}

// fixedStore has seen nobody, and costs nothing.
type fixedStore struct{ store.Store }

func (fixedStore) Get(_ context.Context, key store.Key) (store.State, error) {
	return store.State{Key: key}, nil
}

func (fixedStore) GetBatch(_ context.Context, account string, numbers []string) ([]store.State, error) {
	states := make([]store.State, len(numbers))
	for i, number := range numbers {
		states[i].Key = store.Key{Account: account, Number: number}
	}
	return states, nil
}

// BenchmarkGateAlone is what the gate costs apart from the store. A batch is
// beside the store's own part of it, the slice of states.
func BenchmarkGateAlone(b *testing.B) {
	g, err := optout.New(fixedStore{}, &optout.Options{DefaultRegion: "US"})
	require.NoError(b, err)
	ctx := context.Background()
	for _, number := range []string{"+14155552671", "(415) 555-2671"} {
		b.Run(number, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = g.Gate(ctx, "acct", number)
			}
		})
	}
	for _, n := range []int{1_000, 1_000_000} {
		numbers := make([]string, n)
		for i := range numbers {
			numbers[i] = fmt.Sprintf("+1415%07d", 2_000_000+i)
		}
		perNumber := func(name string, run func()) {
			b.Run(fmt.Sprint(name, "-of-", n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					run()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/number")
			})
		}
		perNumber("batch", func() { _, _ = g.GateBatch(ctx, "acct", numbers) })
		perNumber("store-batch", func() { _, _ = fixedStore{}.GetBatch(ctx, "acct", numbers) })
	}
}

// TestReadingAndGatingAllocateLittle limits the allocations of reading a number and of
// the gate over a store that allocates nothing.
func TestReadingAndGatingAllocateLittle(t *testing.T) {
	g, err := optout.New(fixedStore{}, &optout.Options{DefaultRegion: "US"})
	require.NoError(t, err)
	ctx := t.Context()
	for _, c := range []struct {
		number string
		reads  float64 // allocations
	}{
		{"+14155552671", 0},
		{"+447911123456", 0},
		{"whatsapp:+14155552671", 0},
		{" +14155552671 ", 0},
		{"(415) 555-2671", 1},
		{"4155552671", 1},
		{"+1 (415) 555-2671", 1},
		{"14155552671", 1},
		{"6562345678", 2}, // two readings
	} {
		require.LessOrEqual(t, testing.AllocsPerRun(100, func() { _, _ = g.Number(c.number) }), c.reads, c.number)
		require.LessOrEqual(t, testing.AllocsPerRun(100, func() { _, _ = g.Gate(ctx, "acct", c.number) }), c.reads+2, c.number)
		numbers := slices.Repeat([]string{c.number}, 1_000)
		require.LessOrEqual(t, testing.AllocsPerRun(10, func() { _, _ = g.GateBatch(ctx, "acct", numbers) }), 1_000*c.reads+30, c.number)
	}
}

// BenchmarkMemory reports the bytes that memstore keeps for a number that opted
// out once, with its history.
func BenchmarkMemory(b *testing.B) {
	const n = 100_000
	for b.Loop() {
		before := heap()
		s, numbers := optedOut(b, n)
		b.ReportMetric(float64(heap()-before)/n, "bytes/number")
		runtime.KeepAlive(s)
		runtime.KeepAlive(numbers)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
