package keywords

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/seed-f10031e4/consent/internal/textfold"
)

// Classify returns the keyword that the whole message is, or the zero Match if it is
// none. Classify is pure and does not allocate.
func (s *Set) Classify(message string) Match {
	if found := s.find(message); found != nil {
		return *found
	}
	return Match{}
}

// find returns nil for a message that is no keyword.
func (s *Set) find(message string) *Match {
	if s == nil {
		return nil
	}
	text, ok := withinLimits(message)
	if !ok {
		return nil
	}
	if found, ok := s.findASCII(text); ok {
		return found
	}
	if text = s.middle(text); text == "" {
		return nil
	}
	f := getFolder()
	defer putFolder(f)
	folded, ok := f.fold(text)
	if !ok {
		return nil
	}
	return s.byFold[string(folded)]
}

// findASCII is find for a text of ASCII. It follows the text from letter to letter
// through the tree of keywords. It reports false for a text that has other
// characters, unless what comes before them is already no keyword.
func (s *Set) findASCII(text string) (*Match, bool) {
	i := 0
	for i < len(text) && asciiClass[text[i]] < kept {
		i++
	}
	if i == len(text) {
		return nil, true
	}
	if text[i] >= utf8.RuneSelf {
		return nil, false
	}
	node := s.tree.first[text[i]] // nil: no keyword begins like the text so far
	end := node                   // the same, up to the last letter
	for i++; i < len(text); i++ {
		c := text[i]
		switch class := asciiClass[c]; {
		case class == kept:
			if node == nil {
				return nil, true
			}
			node = node.next(c | 0x20) // a small letter, or the same digit
			end = node
		case class == dropped:
		case class == notASCII:
			return nil, false
		case end == nil:
			return nil, true // not earlier: an accent could have followed the letter
		case node == nil:
			for i+1 < len(text) && asciiClass[text[i+1]] < kept {
				i++
			}
		case class == edge:
			node = node.next(c)
		case node.char != ' ': // a separator
			node = node.next(' ')
		}
	}
	if end == nil {
		return nil, true
	}
	return end.match, true
}

// keywordTree holds the folded keywords byte by byte: STOP and STOPALL share four
// bytes.
type keywordTree struct {
	first [256]*treeNode // by the first byte, small or capital
}

// add adds a keyword, folded.
func (t *keywordTree) add(folded string, match *Match) {
	c := folded[0]
	if t.first[c] == nil {
		t.first[c] = &treeNode{char: c}
	}
	node := t.first[c]
	for _, char := range []byte(folded[1:]) {
		child := node.next(char)
		if child == nil {
			child = &treeNode{char: char, sibling: node.child}
			node.child = child
		}
		node = child
	}
	node.match = match
	if 'a' <= c && c <= 'z' {
		t.first[c-'a'+'A'] = t.first[c]
	}
}

// treeNode is a byte of a keyword.
type treeNode struct {
	char           byte
	child, sibling *treeNode // one that may follow, and one that may be here instead
	match          *Match    // of the keyword that ends here
}

// next returns the node of a byte that follows, or nil.
func (n *treeNode) next(char byte) *treeNode {
	child := n.child
	for child != nil && child.char != char {
		child = child.sibling
	}
	return child
}

// The classes of bytes.
const (
	edge      = iota // punctuation or symbol: cut at the ends, kept inside
	separator        // blank, hyphen or low line: a run of them is one blank
	dropped          // control character
	kept             // letter or digit
	notASCII         // part of any other character
)

// asciiClass is read only.
var asciiClass = func() (class [256]uint8) {
	for i := range class {
		c := byte(i)
		switch {
		case c >= utf8.RuneSelf:
			class[c] = notASCII
		case textfold.IsWord(c):
			class[c] = kept
		case textfold.IsBlank(rune(c)), c == '-', c == '_':
			class[c] = separator
		case textfold.IsControl(c):
			class[c] = dropped
		}
	}
	return class
}()

// middle returns a text without the symbols at both ends. It returns "" for a text
// that has a letter which no keyword has, or more letters than the longest keyword
// has bytes. Most texts that are no keyword have one.
func (s *Set) middle(text string) string {
	letters, first, end := 0, len(text), 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !isSymbol(r) {
			first, end = min(first, i), i+size
			if letter := bareLetter(r, text[i:]); letter != 0 {
				letters++
				if letters > s.longest || !s.letters[letter] {
					return ""
				}
			}
		}
		i += size
	}
	return text[min(first, end):end]
}

// isSymbol reports whether r is one of the many characters that are cut at the
// ends of a text whatever is beside them: ASCII signs, punctuation, arrows, emoji.
func isSymbol(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return asciiClass[r] < kept
	case r < 0x2000:
		return false
	case r < 0x2070:
		return true // punctuation
	case r < 0x2190:
		return false
	case r < 0x2460:
		return true // arrows, signs of mathematics
	case r < 0x2500:
		return false
	case r < 0x2776, 0x2794 <= r && r < 0x2c00:
		return true // shapes, dingbats
	default:
		return 0xfe00 <= r && r < 0xfe10 || 0x1f1e6 <= r && r < 0x1f200 || 0x1f300 <= r && r < 0x1fb00
	}
}

// bareLetter returns the small letter without marks, or the number, that text begins
// with: e for É, s for Ｓ, the first letter for a Hangul syllable. Folding keeps this
// letter, whatever is beside it. bareLetter returns 0 for other characters, and for
// the few letters that join the letter before them. r is the first character of text.
func bareLetter(r rune, text string) rune {
	if r < utf8.RuneSelf {
		if asciiClass[r] == kept {
			return r | 0x20
		}
		return 0
	}
	properties := norm.NFKC.PropertiesString(text)
	if parts := properties.Decomposition(); len(parts) > 0 {
		r, _ = utf8.DecodeRune(parts)
	}
	r = foldCase(r)
	switch {
	case !properties.BoundaryBefore(), '\u115f' <= r && r < '\u1200', !unicode.IsLetter(r) && !unicode.IsNumber(r):
		return 0
	case '\uac00' <= r && r < '\ud7a4':
		return '\u1100' + (r-'\uac00')/588
	default:
		return r
	}
}
