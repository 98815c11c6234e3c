package list

import (
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Reader reads UTF-16 as UTF-8. What is not UTF-16 becomes U+FFFD.
type utf16Reader struct {
	in  io.Reader
	big bool // the high byte comes first

	odd  []byte // what was read and is less than a character
	out  []byte // UTF-8 that is still to be given
	done error
}

func (r *utf16Reader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.done != nil {
			return 0, r.done
		}
		r.fill()
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

func (r *utf16Reader) fill() {
	buf := make([]byte, len(r.odd), 8<<10)
	copy(buf, r.odd)
	n, err := r.in.Read(buf[len(r.odd):cap(buf)])
	buf = buf[:len(r.odd)+n]
	r.done = err
	r.out = r.out[:0]
	for len(buf) >= 2 {
		first := r.unit(buf)
		size := 2
		c := first
		if utf16.IsSurrogate(first) {
			if len(buf) < 4 && err == nil {
				break
			}
			c = utf8.RuneError
			if len(buf) >= 4 {
				if c = utf16.DecodeRune(first, r.unit(buf[2:])); c != utf8.RuneError {
					size = 4
				}
			}
		}
		r.out = utf8.AppendRune(r.out, c)
		buf = buf[size:]
	}
	r.odd = append([]byte(nil), buf...)
	if err != nil && len(r.odd) > 0 {
		r.out = utf8.AppendRune(r.out, utf8.RuneError)
		r.odd = nil
	}
}

func (r *utf16Reader) unit(b []byte) rune {
	if r.big {
		return rune(b[0])<<8 | rune(b[1])
	}
	return rune(b[1])<<8 | rune(b[0])
}

// windows1252 are the characters from 0x80 to 0x9F. All others are those of Unicode with the
// same number. The five bytes that mean nothing are controls, as in browsers.
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"

// toUTF8 returns a text as it is if it is UTF-8, and otherwise reads it as Windows-1252,
// which is what spreadsheets in the west write. A number is the same in both.
func toUTF8(text []byte) string {
	if utf8.Valid(text) {
		return string(text)
	}
	high := []rune(windows1252)
	out := make([]byte, 0, len(text)+len(text)/4)
	for _, b := range text {
		c := rune(b)
		if b >= 0x80 && b < 0xa0 {
			c = high[b-0x80]
		}
		out = utf8.AppendRune(out, c)
	}
	return string(out)
}
