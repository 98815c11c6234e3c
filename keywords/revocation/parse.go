package revocation

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/internal/outline"
)

// parser reads files into a rulebook.
type parser struct {
	origin

	book     *rulebook
	at       outline.Place
	class    string
	hasSure  bool                    // the line of the rule's certainties was there
	isPhrase bool                    // the lines are parts of one pattern
	under    func(text string) error // reads a line under the one at the margin
}

// parse reads a file, up to the first line that is wrong.
func (p *parser) parse(file, content string) error {
	p.origin, p.at, p.under = origin{}, outline.Place{}, nil
	if err := outline.Read("revocation: rules/"+file, content, p); err != nil {
		return err
	}
	if err := p.end(); err != nil {
		return p.at.Errorf("%w", err)
	}
	return nil
}

// GoesOn implements [outline.Reader].
func (p *parser) GoesOn(text string) bool {
	return !isExample(text) && strings.ContainsAny(text[len(text)-1:], "|,>")
}

// Under implements [outline.Reader].
func (p *parser) Under(at outline.Place, text string) error {
	p.at = at
	if p.under == nil {
		return fmt.Errorf("%q is under no line at the margin that takes it", text)
	}
	return p.under(text)
}

// Margin implements [outline.Reader].
func (p *parser) Margin(at outline.Place, text string) error {
	if err := p.end(); err != nil {
		return err
	}
	p.at, p.rule, p.isPhrase, p.under = at, nil, false, nil
	kind, name, _ := strings.Cut(text, " ")
	isName := name != "" && !strings.Contains(name, " ")
	switch {
	case kind == "language":
		return p.beginLanguage(name)
	case kind == "class" && isName && isClass(strings.TrimPrefix(name, "+")):
		return p.beginClass(name)
	case text == "pairs":
		p.under = p.pairs
	case kind == "rule" && isName:
		p.rule, p.hasSure = &rule{id: name}, false
		p.book.rules = append(p.book.rules, p.rule)
		p.under = p.header
	case kind == "more" && p.findRule(name):
		p.under = p.pattern
	case kind == "parts" && p.findRule(name):
		p.under, p.isPhrase = p.pattern, true
		return p.addPattern()
	case kind == "typos" && (name == "inside" || name == "alone" || name == "fitting"):
		p.under = func(text string) error { return p.typo(name, text) }
	case text == "endings":
		p.under = p.ending
	case text == "symbols":
		p.under = p.symbol
	case text == "reactions":
		p.under = p.reactions
	default:
		return fmt.Errorf("%q may not be at the margin here", text)
	}
	return nil
}

// end refuses a rule that does not say all it must.
func (p *parser) end() error {
	if r := p.rule; r != nil && (r.reason == "" || r.source == "" || !p.hasSure) {
		return fmt.Errorf("before its patterns, the rule %s needs a reason, a source and its certainties", r.id)
	}
	return nil
}

// beginLanguage reads "de certain": a language, and the most that its patterns say.
func (p *parser) beginLanguage(text string) error {
	name, most, _ := strings.Cut(text, " ")
	if name == "" || p.most.UnmarshalText([]byte(most)) != nil || p.most == None {
		return fmt.Errorf("%q is not a language, and certain or possible", text)
	}
	p.language, p.speaks = name, p.book.next
	p.book.next <<= 1
	return nil
}

// beginClass reads the name of a class. One called "+NAME" adds its words to a class
// that was there before.
func (p *parser) beginClass(name string) error {
	bare, adds := strings.CutPrefix(name, "+")
	if _, isThere := p.book.classes[bare]; isThere != adds {
		return fmt.Errorf("class %s: %s is there twice, or not before this line", name, bare)
	}
	p.class, p.under = bare, p.words
	return nil
}

func (p *parser) words(text string) error {
	words := strings.Fields(text)
	p.book.classes[p.class] = append(p.book.classes[p.class], words...)
	p.speak(words...)
	return nil
}

// speak notes that the language has these words.
func (p *parser) speak(words ...string) {
	for _, word := range words {
		p.book.spoken[word] |= p.speaks
	}
}

// findRule makes the last rule of this id the rule of the patterns that follow.
func (p *parser) findRule(id string) bool {
	for _, r := range p.book.rules {
		if r.id == id {
			p.rule, p.hasSure = r, true
		}
	}
	return p.rule != nil
}

// header reads a line between the id of a rule and its first pattern.
func (p *parser) header(text string) error {
	switch name, value, _ := strings.Cut(text, ": "); name {
	case "reason":
		p.rule.reason = value
	case "source":
		p.rule.source = value
	case "whole":
		return p.sure(strings.Fields(text))
	case "does":
		for word := range strings.FieldsSeq(value) {
			flag := saysNamed(word)
			if flag == 0 {
				return fmt.Errorf("no rule does %q", word)
			}
			p.rule.does |= flag
		}
	default:
		p.under = p.pattern
		return p.pattern(text)
	}
	return nil
}

// sure reads the certainties: "whole: certain clause: possible within: none".
func (p *parser) sure(fields []string) error {
	if len(fields) != 6 || fields[2] != "clause:" || fields[4] != "within:" {
		return fmt.Errorf("%q are not the certainties of whole, clause and within", fields)
	}
	for i, to := range [...]*Certainty{&p.rule.whole, &p.rule.clause, &p.rule.within} {
		if err := to.UnmarshalText([]byte(fields[2*i+1])); err != nil {
			return err
		}
	}
	p.hasSure = true
	return nil
}

// pattern reads a pattern of words, a part of a phrase, or an example of the pattern
// before it.
func (p *parser) pattern(text string) error {
	last := &patternText{}
	if n := len(p.book.patterns); n > 0 && p.book.patterns[n-1].rule == p.rule {
		last = &p.book.patterns[n-1]
	}
	switch {
	case isExample(text) && last.rule == nil:
		return fmt.Errorf("%q comes before the pattern", text)
	case strings.HasPrefix(text, "+ "):
		last.yes = append(last.yes, text[2:])
	case isExample(text):
		last.no = append(last.no, text[2:])
	case p.isPhrase:
		last.parts = append(last.parts, text)
	default:
		return p.addPattern(text)
	}
	return nil
}

func isExample(text string) bool {
	return strings.HasPrefix(text, "+ ") || strings.HasPrefix(text, "- ")
}

func (p *parser) addPattern(parts ...string) error {
	if p.language == "" {
		return errors.New("a pattern before the language")
	}
	p.book.patterns = append(p.book.patterns, patternText{
		Place: p.at, origin: p.origin, isPhrase: p.isPhrase, parts: parts,
	})
	return nil
}

// pairs reads "dont = do not, do no".
func (p *parser) pairs(text string) error {
	one, all, _ := strings.Cut(text, " = ")
	for pair := range strings.SplitSeq(all, ",") {
		words := strings.Fields(pair)
		if len(words) != 2 || len(strings.Fields(one)) != 1 {
			return fmt.Errorf("%q is not a word, and the pairs of words that count as it", text)
		}
		two := [2]string(words)
		if other := p.book.pairs[two]; other != "" && other != one {
			return fmt.Errorf("%q counts as %q, too", two, other)
		}
		p.book.pairs[two] = one
		p.speak(one, two[0], two[1])
	}
	return nil
}

// typo reads "messages 1 not massages".
func (p *parser) typo(kind, text string) error {
	word, rest, _ := strings.Cut(text, " ")
	most, not, _ := strings.Cut(rest, " not ")
	n, err := strconv.Atoi(most)
	if err != nil || n < 1 || n > maxTypos || len(word) < minTypo {
		return fmt.Errorf("%q is not a word of %d letters, 1 to %d errors, and words that are others", text, minTypo, maxTypos)
	}
	p.book.typos[kind] = append(p.book.typos[kind], typoTarget{
		word: word, letters: lettersOf(word), most: n, not: strings.Fields(not),
	})
	return nil
}

// ending reads "werbung not bewerbung": a word, and longer words that end with it and are others.
func (p *parser) ending(text string) error {
	word, not, _ := strings.Cut(text, " not ")
	if len(word) < minEnding || strings.Contains(word, " ") || p.book.spoken[word] == 0 {
		return fmt.Errorf("%q is not a word of %d letters that is there before, and words that are others", text, minEnding)
	}
	p.book.typos["endings"] = append(p.book.typos["endings"], typoTarget{word: word, not: strings.Fields(not)})
	return nil
}

// symbol reads "and &": a word, and the characters that count as it.
func (p *parser) symbol(text string) error {
	word, characters, _ := strings.Cut(text, " ")
	if characters == "" {
		return fmt.Errorf("%q has no characters", word)
	}
	for _, c := range characters {
		p.book.symbols[c] = word
	}
	return nil
}

// reactions reads "liked, loved".
func (p *parser) reactions(text string) error {
	for words := range strings.SplitSeq(text, ",") {
		p.book.reactions = append(p.book.reactions, []byte(strings.TrimSpace(words)+" "))
	}
	return nil
}
