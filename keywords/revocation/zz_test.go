package revocation
import ("testing";"fmt")
func TestZZ(t *testing.T) {
	book := rulesOf(t)
	c := newCompiler(book)
	_ = c.addAll(book)
	for _, text := range book.patterns {
		for _, message := range text.yes {
			if !matches(t, c, text, message) { fmt.Printf("%s:%d: must match %q\n", text.File, text.Line, message) }
		}
		for _, message := range text.no {
			if matches(t, c, text, message) { fmt.Printf("%s:%d: must NOT match %q\n", text.File, text.Line, message) }
			if c.read(message).Certainty==Certain { fmt.Printf("%s:%d: certain %q\n", text.File, text.Line, message) }
		}
	}
}
