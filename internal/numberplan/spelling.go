package numberplan

// Spelling is a number as it is written.
type Spelling struct {
	text [room + MaxDigits]byte // the digits, behind room for a plus sign and a calling code
	end  int
	seen uint64
}

const room = 1 + maxCode

// minSpelled is from how many digits on separators change nothing, and maxSpelled
// how long a text may be, which the library limits too.
const (
	minSpelled = 3
	maxSpelled = 100
)

// Sets of the characters below '@', a bit for each.
const (
	digits     = uint64(1<<10-1) << '0'
	plus       = uint64(1) << '+'
	stops      = uint64(1)<<'.' | 1<<'/'
	separators = uint64(1)<<' ' | 1<<'-' | 1<<'(' | 1<<')' | stops
)

// Read takes a text apart of which the digits, and a plus sign before them, are
// all that counts. It reports false for any other, and for more than MaxDigits.
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
		if c >= '@' || c == '+' && seen&(plus|digits) != 0 || end == len(s.text) {
			return false
		}
		s.text[end] = c // until a digit comes
		end += int(digits >> (c & 63) & 1)
		seen |= 1 << (c & 63)
	}
	s.end, s.seen = end, seen
	return end >= room+minSpelled && seen&^(digits|plus|separators) == 0
}

// Plus reports a plus sign before the digits.
func (s *Spelling) Plus() bool { return s.seen&plus != 0 }

// Separated reports separators between or around the digits.
func (s *Spelling) Separated() bool { return s.seen&separators != 0 }

// Stop reports a full stop or a slash among them.
func (s *Spelling) Stop() bool { return s.seen&stops != 0 }

// Digits returns the digits.
func (s *Spelling) Digits() string { return string(s.text[room:s.end]) }

// Reading is one way to read a Spelling.
type Reading struct {
	Class Class

	by   Class  // how the digits were read: with which prefix
	code string // the calling code where the digits have none
}

// International reads the digits as if a plus sign stood before them.
func (s *Spelling) International() Reading {
	c := international(s.text[room:s.end])
	if c.kind() != drop {
		return Reading{Class: c}
	}
	var number [MaxDigits]byte
	n := s.without(c, &number)
	return Reading{Class: international(number[:n]).answer(), by: c}
}

// without copies the digits but for a trunk prefix.
func (s *Spelling) without(dropped Class, to *[MaxDigits]byte) int {
	behind := room + dropped.code()
	n := copy(to[:], s.text[room:behind])
	return n + copy(to[n:], s.text[behind+dropped.prefix():s.end])
}

// National reads digits without a plus sign as they are dialled in a region.
func (s *Spelling) National(region *Region) Reading {
	digits := s.text[room:s.end]
	c := follow(region.dialled, digits)
	switch c.kind() {
	case home:
		return Reading{Class: follow(region.home, digits[c.prefix():]).answer(), by: c, code: region.code}
	case abroad:
		r := Reading{Class: international(digits[c.prefix():]), by: c}
		if r.Class == NoCode {
			r.Class = NoNumber
		}
		r.Class = r.Class.answer()
		return r
	default:
		return Reading{Class: c.answer()}
	}
}

// E164 returns the number of a Reading that is one, or known where that is the
// same, which saves a copy. The number of a national Reading is written over the
// digits before it, so it is the last that can be asked.
func (s *Spelling) E164(r Reading, known string) string {
	if r.by.kind() == drop {
		var number [MaxDigits]byte
		n := s.without(r.by, &number)
		return "+" + string(number[:n])
	}
	start := room + r.by.prefix()
	for i := len(r.code) - 1; i >= 0; i-- {
		start--
		s.text[start] = r.code[i]
	}
	start--
	s.text[start] = '+'
	number := s.text[start:s.end]
	if string(number) == known {
		return known
	}
	return string(number)
}
