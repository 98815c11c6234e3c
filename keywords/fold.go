package keywords

import (
	"bytes"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	maxMessage = 131_072 // bytes; more than 255 SMS parts can carry
	maxTrimmed = 4_096   // bytes between the outer blanks
	maxPasses  = 8       // of folding until nothing changes; FuzzFold fails where 4 do not do
)

// What an ASCII byte is to folding. Every other byte is notASCII.
const (
	edge      = iota // punctuation or symbol: cut at the ends, kept inside
	separator        // blank, hyphen or low line: a run of them is one blank
	dropped          // control character
	kept             // letter or digit
	notASCII
)

// asciiClass is read only.
var asciiClass = func() (class [256]uint8) {
	for c := range class {
		switch {
		case c >= utf8.RuneSelf:
			class[c] = notASCII
		case '0' <= c && c <= '9', 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z':
			class[c] = kept
		case c == ' ', '\t' <= c && c <= '\r', c == '-', c == '_':
			class[c] = separator
		case c < ' ', c == 0x7f:
			class[c] = dropped
		}
	}
	return class
}()

// foldASCII folds an ASCII message into dst, which has room for a keyword and
// is not grown. It reports false where the message needs the long way: it holds
// other characters, or may be over a limit. What is longer than any keyword
// comes back empty, as no keyword: nothing behind it could shorten it.
func foldASCII(dst []byte, message string) ([]byte, bool) {
	if len(message) > maxTrimmed {
		return nil, false
	}
	end := 0 // behind the last letter or digit
	for i := range len(message) {
		c := message[i]
		switch asciiClass[c] {
		case notASCII:
			return nil, false
		case kept:
			if len(dst) == cap(dst) {
				return nil, true
			}
			dst = append(dst, lower(c))
			end = len(dst)
		case separator:
			if end > 0 && len(dst) < cap(dst) && dst[len(dst)-1] != ' ' {
				dst = append(dst, ' ')
			}
		case edge:
			if end > 0 && len(dst) < cap(dst) {
				dst = append(dst, c)
			}
		}
	}
	return dst[:end], true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// folder holds the buffers of one folding.
type folder struct {
	raw, norm, out []byte
	iter           norm.Iter // kept, since norm.Form.Append allocates one each time
}

var folders = sync.Pool{New: func() any { return new(folder) }}

func getFolder() *folder {
	f, ok := folders.Get().(*folder)
	if !ok {
		return new(folder)
	}
	return f
}

func putFolder(f *folder) { folders.Put(f) }

// fold returns the folded message, valid until the next call, and false for a
// message that is not read because it is over a limit.
func (f *folder) fold(message string) ([]byte, bool) {
	if len(message) > maxMessage {
		return nil, false
	}
	message = strings.TrimFunc(message, isBlank)
	if len(message) > maxTrimmed {
		return nil, false
	}
	f.out = append(f.out[:0], message...)
	f.raw = appendVisible(f.raw[:0], f.out)
	for range maxPasses {
		f.norm = f.appendNFKC(f.norm[:0], f.raw)
		f.out = appendFolded(f.out[:0], f.norm)
		f.norm = appendVisible(f.norm[:0], cutEdges(f.out))
		f.norm = joinWords(f.norm)
		if bytes.Equal(f.norm, f.raw) {
			return f.norm, true
		}
		f.raw, f.norm = f.norm, f.raw
	}
	return nil, false
}

// findLong is find by folding the text: what all quicker ways are held to.
func (s *Set) findLong(text string) *Match {
	f := getFolder()
	defer putFolder(f)
	folded, ok := f.fold(text)
	if !ok {
		return noMatch
	}
	return s.match(folded)
}

// appendNFKC is step 5.
func (f *folder) appendNFKC(dst, s []byte) []byte {
	if norm.NFKC.QuickSpan(s) == len(s) {
		return append(dst, s...)
	}
	for f.iter.Init(norm.NFKC, s); !f.iter.Done(); {
		dst = append(dst, f.iter.Next()...)
	}
	return dst
}

// appendVisible is steps 2 to 4: bytes that are not UTF-8 become U+FFFD, a
// symbol; blanks become ' '; what cannot be seen is dropped.
func appendVisible(dst, s []byte) []byte {
	for len(s) > 0 {
		r, size := utf8.DecodeRune(s)
		s = s[size:]
		switch {
		case isBlank(r):
			dst = append(dst, ' ')
		case isInvisible(r):
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// appendFolded is steps 6 and 7.
func appendFolded(dst, s []byte) []byte {
	for len(s) > 0 {
		r, size := utf8.DecodeRune(s)
		s = s[size:]
		switch {
		case r < utf8.RuneSelf:
			dst = append(dst, lower(byte(r)))
		case r == '\u0307' && len(dst) > 0 && dst[len(dst)-1] == 'i':
		case r == '\u0332', '\u0335' <= r && r <= '\u0338', unicode.Is(unicode.Me, r):
		default:
			dst = utf8.AppendRune(dst, foldCase(r))
		}
	}
	return dst
}

// foldCase is upper case first: ı, ſ and ς have one lower case with I, S and Σ.
func foldCase(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }

// cutEdges is step 8.
func cutEdges(s []byte) []byte {
	return bytes.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// joinWords makes each run of blanks, hyphens and low lines one blank, in place.
func joinWords(s []byte) []byte {
	out := s[:0]
	inRun := false
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRune(s[i:])
		if isSeparator(r) {
			if !inRun {
				out = append(out, ' ')
			}
			inRun = true
		} else {
			out = append(out, s[i:i+size]...)
			inRun = false
		}
		i += size
	}
	return out
}

// isBlank reports what is read as a space: white space, and what looks like it.
func isBlank(r rune) bool {
	switch r {
	case '\u180e', '\u3164', '\u2800', '\u115f', '\u1160', '\uffa0', '\ufffc':
		return true
	}
	return unicode.IsSpace(r)
}

func isInvisible(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r < ' ' || r == 0x7f
	case r < '\u0300':
		return r < '\u00a0' || r == '\u00ad'
	case isPlainLetter(r):
		return false
	}
	return r == '\u034f' ||
		unicode.In(r, unicode.Cf, unicode.Cc, unicode.Co, unicode.Cn, unicode.Variation_Selector)
}

// isPlainLetter reports letters of which each leaves a byte or more in the folded
// text, whatever is around it: Latin and Cyrillic. (Hangul letters are joined.)
func isPlainLetter(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return asciiClass[r] == kept
	case r < '\u0300':
		return unicode.IsLetter(r)
	default:
		return isCyrillic(r)
	}
}

func isCyrillic(r rune) bool { return '\u0400' <= r && r <= '\u0481' }

func isSeparator(r rune) bool {
	return r == ' ' || r == '_' || r == '\u2212' || unicode.Is(unicode.Pd, r)
}
