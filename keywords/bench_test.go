package keywords_test

import (
	"strings"
	"testing"

	"github.com/seed-f10031e4/consent/keywords"
)

// BenchmarkClassify is the cost of folding, by what the text is made of. Beside
// the code that users write today: see package optout.
func BenchmarkClassify(b *testing.B) {
	set := keywords.Default()
	for _, text := range []struct{ name, message string }{
		{"ascii", "Unsubscribe"},
		{"emoji", "STOP🛑"},
		{"full-width", "ＳＴＯＰ"},
		{"mathematical", "𝐒𝐓𝐎𝐏"},
		{"chinese", "您好，明天下午三点在诊所见，请带上您的卡"},
		{"4096-marks", strings.Repeat("\u0301", 2_048)},
		{"131072-blanks", strings.Repeat("\u00a0", 65_536)},
	} {
		b.Run(text.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				set.Classify(text.message)
			}
		})
	}
}
