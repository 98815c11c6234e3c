package plan

// Spelling is a number as it is written.
type Spelling struct {
	text [room + MaxDigits]byte // the digits, after room for a plus sign and a calling code
	end  int                    // where they end
	seen uint64                 // the characters that were read
}

const room = 1 + maxCode

// Digits are read without regard to separators if there are at least minSpelled of
// them. maxSpelled is the longest text, which is also the limit of [Module].
const (
	minSpelled = 3
	maxSpelled = 100
)

// Sets of the characters below '@', a bit for each.
const (
	decimals   = uint64(1<<10-1) << '0'
	plus       = uint64(1) << '+'
	stops      = uint64(1)<<'.' | 1<<'/'
	brackets   = uint64(1)<<'(' | 1<<')'
	separators = uint64(1)<<' ' | 1<<'-' | brackets | stops
)

// Read takes the digits out of a text that has nothing but them, a plus sign before
// them, and separators. It reports false for any other text, and for more than
// MaxDigits digits.
func (s *Spelling) Read(text string) bool {
	if len(text) > maxSpelled {
		return false
	}
	end, seen := room, uint64(0)
	for i := range len(text) {
		c := text[i]
		if c == '[' || c == ']' {
			c = '('
		}
		if c >= '@' || c == '+' && seen&(plus|decimals) != 0 || end == len(s.text) {
			return false
		}
		s.text[end] = c // the next digit overwrites any other character
		end += int(decimals >> (c & 63) & 1)
		seen |= 1 << (c & 63)
	}
	s.end, s.seen = end, seen
	return end >= room+minSpelled && seen&^(decimals|plus|separators) == 0
}

// Plus reports whether a plus sign precedes the digits.
func (s *Spelling) Plus() bool { return s.seen&plus != 0 }

// Separated reports whether the text has separators.
func (s *Spelling) Separated() bool { return s.seen&separators != 0 }

// Grouped reports whether brackets, full stops or slashes are among the separators.
func (s *Spelling) Grouped() bool { return s.seen&(brackets|stops) != 0 }

// Len returns the number of digits.
func (s *Spelling) Len() int { return s.end - room }

// At returns the digit at a place, which must be less than Len.
func (s *Spelling) At(i int) byte { return s.text[room+i] }

// HasPrefix reports whether the digits start with others.
func (s *Spelling) HasPrefix(digits string) bool {
	for i := range len(digits) {
		if i >= s.Len() || s.text[room+i] != digits[i] {
			return false
		}
	}
	return true
}

// Digits returns the digits.
func (s *Spelling) Digits() string { return string(s.text[room:s.end]) }

// DigitsOf returns the digits. If one of the texts ends with them, DigitsOf returns that
// part of the text and makes no copy.
func (s *Spelling) DigitsOf(texts ...string) string {
	digits := s.text[room:s.end]
	for _, text := range texts {
		if from := len(text) - len(digits); from >= 0 && text[from:] == string(digits) {
			return text[from:]
		}
	}
	return string(digits)
}

// Reading is one way to read a Spelling.
type Reading struct {
	Class Class

	by   Class  // how the digits were read: with which prefix
	code string // the calling code, if the digits have none
}

// International reads the digits as if a plus sign preceded them.
func (s *Spelling) International() Reading {
	digits := s.text[room:s.end]
	c := international(digits)
	if c.kind() != drop {
		return Reading{Class: c}
	}
	var number [MaxDigits]byte
	n := copy(number[:], digits[:c.code()])
	n += copy(number[n:], digits[c.code()+c.prefix():])
	return Reading{Class: international(number[:n]).resolved(), by: c}
}

// National reads digits without a plus sign as a caller in the region dials them.
func (s *Spelling) National(region *Region) Reading {
	digits := s.text[room:s.end]
	c := follow(region.dialled, digits)
	switch c.kind() {
	case home:
		return Reading{Class: follow(region.home, digits[c.prefix():]).resolved(), by: c, code: region.code}
	case abroad:
		r := Reading{Class: international(digits[c.prefix():]), by: c}
		if r.Class == NoCode {
			r.Class = NoNumber
		}
		r.Class = r.Class.resolved()
		return r
	default:
		return Reading{Class: c.resolved()}
	}
}

// E164 returns the number of a Reading, which must be a number. If it equals known,
// E164 returns known and makes no copy.
func (s *Spelling) E164(r Reading, known string) string {
	text := s.text // a copy, in which the calling code overwrites the prefix
	start := room + r.by.code() + r.by.prefix()
	for i := r.by.code() - 1; i >= 0; i-- {
		start--
		text[start] = s.text[room+i]
	}
	for i := len(r.code) - 1; i >= 0; i-- {
		start--
		text[start] = r.code[i]
	}
	start--
	text[start] = '+'
	number := text[start:s.end]
	if string(number) == known {
		return known
	}
	return string(number)
}
