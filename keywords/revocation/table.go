package revocation

import (
	"bytes"
	_ "embed"
	"slices"

	"github.com/seed-f10031e4/consent/internal/table"
)

//go:embed table.bin
var tableFile string

// hints are what the table needs to know of the rules.
type hints struct {
	table     table.Table
	languages []languages // in the order of table.Languages
	others    languages   // in which the table says nothing
}

// addHints lets the table read messages, too.
func (g *grammar) addHints(book *rulebook) error {
	weights, err := table.Parse(tableFile)
	if err != nil {
		return err
	}
	h := &hints{table: weights, languages: make([]languages, len(table.Languages()))}
	for _, text := range book.patterns {
		if place := slices.Index(table.Languages(), text.language); place >= 0 {
			h.languages[place] = text.speaks
		} else {
			h.others |= text.speaks
		}
	}
	g.hints = h
	return nil
}

// hint asks the table about a message in which no rule sees a request. The answer is None without
// the table if the message has no rare word, or a word of a language in which the table says
// nothing. It is also None if fewer than two words of the message speak for a request.
func (r *reader) hint(g *grammar, own string) Reading {
	h := g.hints
	if h == nil || r.refused || len(own) > maxCertain || r.foreign || !r.hasRare(g) || r.speaksOther(g, h.others) {
		return Reading{}
	}
	n := len(r.text)
	r.text = table.Fold(r.text, own)
	folded := r.text[n:]
	language, sum := 0, h.table.Sum(folded)
	if sum <= 0 {
		return Reading{}
	}
	for i, one := range h.languages {
		if r.speaksMore(g, one, h.languages[language]) {
			language = i
		}
	}
	if !h.table.Asks(folded, sum, language) {
		return Reading{}
	}
	words := h.table.Heaviest(folded)
	if words[1] == nil {
		return Reading{}
	}
	named := bytes.TrimSuffix(bytes.Join(words[:], []byte(", ")), []byte(", "))
	return Reading{
		Certainty: Possible, Rule: "table-hint", Language: table.Languages()[language],
		Reason: "no rule sees a request, but these words are more common in requests: " + string(named),
	}
}

// speaksOther reports whether the message has a word of these languages alone.
func (r *reader) speaksOther(g *grammar, others languages) bool {
	return slices.ContainsFunc(r.raw, func(t token) bool { return g.spoken[t.word] != 0 && g.spoken[t.word]&^others == 0 })
}
