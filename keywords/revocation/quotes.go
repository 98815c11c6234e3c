package revocation

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/internal/textfold"
)

const (
	closingQuotes = "”“»\"‟」"
	maxReaction   = 64 // bytes before the quotation
)

func isOpening(c rune) bool {
	switch c {
	case '"', '“', '„', '«', '‟', '「':
		return true
	}
	return false
}

// isReaction reports a text that tells of a reaction: a few words that say so, and
// then the quoted text, to the end. An ellipsis may replace the closing mark.
func (g *grammar) isReaction(message string) bool {
	open := strings.IndexFunc(message[:min(len(message), maxReaction+utf8.UTFMax)], isOpening)
	if open <= 0 || open > maxReaction || !g.saysReaction(message[:open]) {
		return false
	}
	_, first := utf8.DecodeRuneInString(message[open:])
	last := strings.LastIndexAny(message, closingQuotes)
	if last < open+first {
		return true // cut off by the carrier
	}
	_, size := utf8.DecodeRuneInString(message[last:])
	tail := message[last+size:]
	// German and Dutch end with the verb: Hat „…“ geliebt. The sender's own words may ask to stop.
	return len(strings.Fields(tail)) <= 2 && g.read(tail).Certainty == None
}

// saysReaction reports that a text begins with words of a reaction, or is an emoji
// and "to", as Google's Messages writes it.
func (g *grammar) saysReaction(prefix string) bool {
	r := getReader()
	defer putReader(r)
	r.cut(g, prefix)
	return slices.ContainsFunc(g.reactions, func(words []byte) bool { return bytes.HasPrefix(r.text, words) })
}

// ownWords cuts away what a mail program or a person has quoted: lines that begin
// with ">", what follows "On … wrote:", and the line after "Re:". It reports whether a
// "Re:" is left, after which the words may be another person's.
func ownWords(message string) (own string, reply bool) {
	for strings.HasPrefix(message, ">") {
		_, rest, more := strings.Cut(message, "\n")
		if !more {
			return "", false
		}
		message = strings.TrimLeftFunc(rest, textfold.IsBlank)
	}
	if at := strings.Index(message, "\n>"); at >= 0 {
		message = message[:at]
	}
	const signature = "Sent from my " // Contains is many times as fast as LastIndex
	if strings.Contains(message, signature) {
		if at := strings.LastIndex(message, signature); at > 0 {
			message = message[:at]
		}
	}
	if at := strings.Index(message, "wrote:"); at >= 0 {
		if on := strings.LastIndex(message[:at], "On "); on >= 0 {
			message = message[:on]
		}
	}
	if len(message) > 3 && strings.EqualFold(message[:3], "re:") {
		if _, rest, more := strings.Cut(message, "\n"); more {
			return rest, false
		}
		return message[3:], true
	}
	return message, false
}

// inFooter reports a sentence that tells how to opt out, as our own messages do:
// "Reply STOP to end".
func (r *reader) inFooter(g *grammar, at int) bool {
	if !r.hasFooter {
		return false
	}
	first := at
	for first > max(0, at-2*maxReach) && r.core[first].marks&sentence == 0 {
		first--
		r.steps++
	}
	if len(r.core) == 2 || r.core[first].word != 0 && (r.core[first].word == g.what || r.core[first].word == g.how) {
		return false // "Reply stop", typed as it was read; "what do I text to stop"
	}
	for i := first; i < min(len(r.core), at+2*maxReach) && (i == first || r.core[i].marks&sentence == 0); i++ {
		r.steps++
		if !g.is(r.core[i].word, g.footer) {
			continue
		}
		next := i + 1
		for next < len(r.core) && next < i+4 && !r.isKeyword(g, next) && g.is(r.core[next].word, g.around) {
			next++
		}
		if next >= len(r.core) || !r.isKeyword(g, next) || r.core[next].marks&phrase != 0 {
			continue
		}
		if r.isOwnText(g, first, i) {
			continue
		}
		if next+1 < len(r.core) && r.core[next+1].marks&phrase == 0 && g.is(r.core[next+1].word, g.around) || i > first || next+1 == len(r.core) {
			return true
		}
	}
	return false
}

// isOwnText reports that core[i], a word with which a footer tells to text, is in words of the
// sender: "I text STOP", "you text me stop". A firm writes "us".
func (r *reader) isOwnText(g *grammar, first, i int) bool {
	return i > first && g.is(r.core[i-1].word, g.starter) || r.core[i+1].word == g.words["me"]
}
