package keywords

import (
	"bytes"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/seed-f10031e4/consent/internal/textfold"
)

// maxPasses is the number of times that fold repeats its steps. FuzzFold fails for a
// text that needs more.
const maxPasses = 8

// folder holds the buffers of one folding.
type folder struct {
	before, norm, after []byte
	iter                norm.Iter // kept, since norm.Form.Append allocates one each time
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

// fold returns the folded text, valid until the next call. It is steps 2 to 8 of the
// package comment; step 1 is withinLimits. It repeats steps 5 to 8 until they change
// nothing: step 7 may drop the mark that kept a letter and its accent apart.
func (f *folder) fold(text string) ([]byte, bool) {
	f.after = appendVisible(f.after[:0], text)
	for range maxPasses {
		f.before, f.after = f.after, f.before
		f.norm = f.appendNFKC(f.norm[:0], f.before)
		f.after = appendFolded(f.after[:0], f.norm)
		if isASCII(f.after) || bytes.Equal(f.after, f.before) {
			return f.after, true
		}
	}
	return nil, false
}

func isASCII[bytes string | []byte](s bytes) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// appendVisible is steps 2 to 4: bytes that are not UTF-8 become U+FFFD, a
// symbol; blanks become ' '; what cannot be seen is dropped. A character that step
// 5 turns into one of ASCII is turned here, which is faster.
func appendVisible(dst []byte, text string) []byte {
	for i, r := range text {
		switch {
		case textfold.IsBlank(r):
			dst = append(dst, ' ')
		case textfold.IsInvisible(r):
		case r < utf8.RuneSelf:
			dst = append(dst, byte(r))
		default:
			if parts := norm.NFKC.PropertiesString(text[i:]).Decomposition(); len(parts) == 1 {
				dst = append(dst, parts[0])
			} else {
				dst = utf8.AppendRune(dst, r)
			}
		}
	}
	return dst
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

// appendFolded is steps 6 to 8. It makes each run of blanks, hyphens and low lines
// one blank. dst is empty.
func appendFolded(dst, s []byte) []byte {
	end := 0 // of dst, up to the last letter or number
	for len(s) > 0 {
		r, size := utf8.DecodeRune(s)
		s = s[size:]
		folded := foldCase(r)
		switch last := len(dst) - 1; {
		case unicode.IsLetter(folded) || unicode.IsNumber(folded):
			dst = utf8.AppendRune(dst, folded)
			end = len(dst)
		case last < 0, isStrike(r), r == '\u0307' && dst[last] == 'i':
			// dropped
		case r == '\u034f':
			// appendNFKC puts one after every 30 marks
		case !isSeparator(r):
			dst = utf8.AppendRune(dst, folded)
		case dst[last] != ' ':
			dst = append(dst, ' ')
		}
	}
	return dst[:end]
}

// foldCase goes through the capital letter, since ı, ſ and ς have a capital letter in
// common with i, s and σ. It turns the mark U+0345 into the letter ι.
func foldCase(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }

// isStrike reports the marks of step 7.
func isStrike(r rune) bool {
	return r == '\u0332' || '\u0335' <= r && r <= '\u0338' || unicode.Is(unicode.Me, r)
}

// isSeparator reports the characters that divide the words of a keyword.
func isSeparator(r rune) bool {
	return r == ' ' || r == '_' || r == '\u2212' || unicode.Is(unicode.Pd, r)
}
