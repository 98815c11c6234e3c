package revocation

import "sync"

// uncappedOnce has the rules as if every language could say Certain.
var uncappedOnce = sync.OnceValue(func() *grammar {
	book, err := readRules()
	if err != nil {
		panic(err)
	}
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
