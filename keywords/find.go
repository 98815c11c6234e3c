package keywords

import "unicode/utf8"

// Classify returns the keyword that the whole message is, or the zero Match.
// It is pure, and does not allocate.
func (s *Set) Classify(message string) Match {
	// Go inlines this, and [Default], into its callers. Handed up through calls, a Match is written to
	// memory and read back for each, which takes longer than to find it.
	return *s.find(message)
}

// noMatch is no keyword. Read only.
var noMatch = &Match{}

// find is Classify.
func (s *Set) find(message string) *Match {
	if s == nil || message == "" {
		return noMatch
	}
	var first uint32
	if len(message) >= prefix {
		first = load32(message)
	} else {
		first = padded(message)
	}
	switch {
	case isPlain(first):
	case first&highBits4 != 0 && len(message) <= maxTrimmed:
		return s.findWide(message)
	default:
		return s.findTrimmed(message)
	}
	if !s.index.mayStart(first) {
		return noMatch
	}
	return s.findStarted(message)
}

// isPlain reports that the first bytes of a text are visible ASCII characters, the
// first a letter or digit.
func isPlain(first uint32) bool {
	return (first|(first-0x20*eachByte4)|(first+eachByte4))&highBits4 == 0 && asciiClass[first&0xff] == kept
}

// padded returns the bytes of a text of less than four, and blanks.
func padded(text string) uint32 {
	first := uint32(0x20 * eachByte4)
	for i := range len(text) {
		first = first&^(0xff<<(8*i)) | uint32(text[i])<<(8*i)
	}
	return first
}

// mayStart reports whether a text with these first bytes may be a keyword.
func (x *index) mayStart(first uint32) bool {
	return x.starts[0][first&0x7f]&x.starts[1][first>>8&0x7f]&x.starts[2][first>>16&0x7f]&x.starts[3][first>>24&0x7f] != 0
}

// findTrimmed is find for a text that starts with something other than a few
// ASCII letters.
func (s *Set) findTrimmed(text string) *Match {
	text, ok := withinLimits(text)
	if !ok || s.index.longest == 0 {
		return noMatch
	}
	if text == "" || asciiClass[text[0]] < kept {
		if text = text[edgesBefore(text):]; text == "" {
			return noMatch
		}
	}
	if text[0] >= utf8.RuneSelf {
		return s.findWide(text)
	}
	if len(text) >= prefix {
		switch first := load32(text); {
		case first&highBits4 != 0:
			return s.findWide(text)
		case isPlain(first) && !s.index.mayStart(first):
			return noMatch
		}
	}
	return s.findStarted(text)
}

// edgesBefore returns the number of bytes before the first that is a letter, a
// digit or not ASCII.
func edgesBefore(text string) int {
	n := 0
	for ; len(text)-n >= 8; n += 8 {
		if w := load64(text[n:]); (w|keptBits(w))&highBits != 0 {
			break
		}
	}
	for n < len(text) && asciiClass[text[n]] < kept {
		n++
	}
	return n
}

// edgesBehind is the same from the end.
func edgesBehind(text string) int {
	end := len(text)
	for ; end >= 8; end -= 8 {
		if w := load64(text[end-8:]); (w|keptBits(w))&highBits != 0 {
			break
		}
	}
	for end > 0 && asciiClass[text[end-1]] < kept {
		end--
	}
	return len(text) - end
}

// findStarted is find for a text that starts with an ASCII letter or digit.
func (s *Set) findStarted(text string) *Match {
	if len(text) > maxTrimmed {
		var ok bool
		if text, ok = withinLimits(text); !ok {
			return noMatch
		}
	}
	if last := asciiClass[text[len(text)-1]]; last < kept {
		text = text[:len(text)-edgesBehind(text)]
	}
	x := &s.index
	if len(text) <= maxShort {
		a, b := twoWords(text)
		if (a|b)&highBits != 0 {
			return s.findWide(text)
		}
		if found := x.findShort(a, b); found != noMatch {
			return found
		}
		if onlyLetters(a, b, len(text)) {
			return noMatch // each in the folded text, in its place
		}
	} else if text[len(text)-1] >= utf8.RuneSelf {
		return s.findWide(text)
	}
	var ascii [maxKeyword]byte
	if folded, ok := foldASCII(ascii[:0:x.longest], text); ok {
		return s.match(folded)
	}
	return s.findWide(text)
}

// match returns the keyword that a folded text is.
func (s *Set) match(folded []byte) *Match {
	switch {
	case s == nil || len(folded) == 0 || len(folded) > s.index.longest:
		return noMatch
	case len(folded) > maxShort:
		if found, ok := s.byFold[string(folded)]; ok {
			return found
		}
		return noMatch
	default:
		a, b := twoWords(folded)
		return s.index.findShort(a, b)
	}
}
