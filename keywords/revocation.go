package keywords

import (
	"strconv"
	"strings"
)

// Certainty is how sure it is that a message asks for no more messages.
type Certainty uint8

// The certainties, in their order. The zero value is an ordinary text.
const (
	No       Certainty = iota // nothing asks to stop
	Possible                  // a person should read it
	Certain                   // no reasonable person would read it otherwise
)

// String returns "no", "possible" or "certain".
func (c Certainty) String() string {
	switch c {
	case No:
		return "no"
	case Possible:
		return "possible"
	case Certain:
		return "certain"
	default:
		return "Certainty(" + strconv.Itoa(int(c)) + ")"
	}
}

// Reading is what [Revocation] made of a message. The zero value is an ordinary
// text.
type Reading struct {
	Certainty Certainty
	Rule      string // the rule that decided: "stop-sending"; "" when No
	Reason    string // why, for the person who reviews it
	Language  string // BCP 47, of the rule; "und" for emoji; "" when No

	// WrongNumber says that the sender claims not to be who was meant, whichever
	// rule decided: whoever gave the consent, it was not this person.
	WrongNumber bool
}

// maxCertain is the length in bytes over which a request counts as certain only
// in the first or the last sentence. People who ask to stop are brief.
const maxCertain = 300

// revocationVersion changes with every change of a rule or of how rules are
// applied.
const revocationVersion = "1"

// RevocationVersion names the rules that [Revocation] applies. It goes into the
// record of what they decided.
func RevocationVersion() string { return revocationVersion }

// Revocation reads a message that is no keyword, and says whether it asks to stop
// all the same: "please take me off your list", "STOP PLEASE", "deje de mandarme
// mensajes". 47 CFR 64.1200(a)(10) gives effect to any words that a reasonable
// person would understand so.
//
// It knows nothing of what was sent before. It is pure, needs no model and no
// network, and does not allocate.
//
// A message that is an opt-out keyword of [Default] is Certain, by the rule
// "keyword"; one that is another of its keywords is No. [Set.Classify] comes
// first, and is what decides about keywords.
//
// A reaction to a message, which phones send as a text that quotes it (Liked
// “… Reply STOP to end”), is No.
func Revocation(message string) Reading {
	if len(message) > maxMessage {
		return Reading{}
	}
	g := grammarOnce()
	if !g.mayRevoke(message) {
		return Reading{}
	}
	return g.read(message)
}

// read is Revocation without the quick way out. A very long text is read at both
// ends only, where a request may stand; in its middle it would not be certain.
func (g *grammar) read(message string) Reading {
	switch Default().Classify(message).Intent {
	case OptOut:
		return Reading{Certainty: Certain, Rule: "keyword", Reason: "the whole message is an opt-out keyword", Language: "en"}
	case OptIn, Help:
		return Reading{}
	case None:
	}
	message = strings.TrimFunc(message, isBlank)
	if isReaction(message) {
		return Reading{}
	}
	if len(message) <= maxTrimmed {
		return g.readAll(message)
	}
	head, tail := g.readAll(message[:maxTrimmed/2]), g.readAll(message[len(message)-maxTrimmed/2:])
	if head.Certainty >= tail.Certainty {
		return head
	}
	return tail
}

func (g *grammar) readAll(message string) Reading {
	own, reply := ownWords(message)
	r := getReader()
	defer putReader(r)
	r.split(g, own)
	r.reply = reply
	if len(r.core) == 0 {
		return r.onlyEmoji(g)
	}
	return r.judge(g)
}
