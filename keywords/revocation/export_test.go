package revocation

import (
	"slices"
	"sync"
)

// uncappedOnce has the rules as if every language could say Certain.
var uncappedOnce = sync.OnceValue(func() *grammar {
	book := mustRules()
	for i := range book.patterns {
		book.patterns[i].most = Certain
	}
	g, err := compile(book)
	if err != nil {
		panic(err)
	}
	return g
})

// ReadUncapped is Read if every language could say Certain.
func ReadUncapped(text string) Reading { return uncappedOnce().read(text) }

// Vocabulary returns the words of the rules.
func Vocabulary() []string { return newCompiler(mustRules()).spelling[1:] }

// PatternTexts returns the texts that patterns must match, and those that they must not match.
func PatternTexts() (examples []string) {
	for _, text := range mustRules().patterns {
		examples = slices.Concat(examples, text.yes, text.no)
	}
	return examples
}

func mustRules() *rulebook {
	book, err := readRules()
	if err != nil {
		panic(err)
	}
	return book
}
