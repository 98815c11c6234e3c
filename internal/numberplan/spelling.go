package numberplan

// Spelling is a number as it is written.
type Spelling struct {
	digits [MaxDigits]byte
	len    int

	Plus      bool // a plus sign stands before the digits
	Separated bool // something else stands between or around them
	Stop      bool // a full stop or a slash does
}

// minSpelled is from how many digits on separators change nothing, and maxSpelled
// how long a text may be, which the library limits too.
const (
	minSpelled = 3
	maxSpelled = 100
)

// Spelled takes a text apart of which the digits and a plus sign before them are
// all that counts. It reports false for any other, and for more than MaxDigits.
func Spelled(text string) (s Spelling, ok bool) {
	if len(text) > maxSpelled {
		return s, false
	}
	for i := range len(text) {
		switch c := text[i]; c {
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			if s.len == MaxDigits {
				return s, false
			}
			s.digits[s.len] = c
			s.len++
		case ' ', '-', '(', ')', '[', ']':
			s.Separated = true
		case '.', '/':
			s.Separated, s.Stop = true, true
		case '+':
			if s.Plus || s.len > 0 {
				return s, false
			}
			s.Plus = true
		default:
			return s, false
		}
	}
	return s, s.len >= minSpelled
}

// Digits returns the digits.
func (s *Spelling) Digits() []byte { return s.digits[:s.len] }
