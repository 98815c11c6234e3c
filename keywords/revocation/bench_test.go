package revocation_test

import (
	"strings"
	"testing"

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
