package revocation

import (
	"errors"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/internal/enum"
	"github.com/seed-f10031e4/consent/internal/textfold"
	"github.com/seed-f10031e4/consent/keywords"
)

// Certainty says how sure it is that a message asks for no more messages.
type Certainty uint8

// The certainties, in their order. The zero value means an ordinary text.
const (
	None     Certainty = iota // nothing asks to stop
	Possible                  // a person should read the message
	Certain                   // no reasonable person would read the message otherwise
)

var certainties = enum.Words[Certainty]{
	Err: errors.New("revocation"), Kind: "Certainty", Words: []string{"none", "possible", "certain"},
}

// String returns "none", "possible" or "certain".
func (c Certainty) String() string { return certainties.String(c) }

// MarshalText returns the word of String. An unknown Certainty is an error.
func (c Certainty) MarshalText() ([]byte, error) { return certainties.Marshal(c) }

// UnmarshalText reads a word of String. Any other text is an error, and leaves c as it is.
func (c *Certainty) UnmarshalText(text []byte) error { return certainties.Unmarshal(text, c) }

// Reading is what [Read] makes of a message. The zero value means an ordinary
// text.
type Reading struct {
	Certainty Certainty `json:"certainty"`
	Rule      string    `json:"rule,omitzero"`     // the rule that decided: "stop-sending"; empty for None
	Reason    string    `json:"reason,omitzero"`   // why, for the person who reviews the message; empty for None
	Language  string    `json:"language,omitzero"` // BCP 47, of the rule; "und" for emoji; empty for None

	// WrongNumber reports whether the sender says that the message was meant for
	// somebody else. Whoever gave the consent, it was not this person.
	WrongNumber bool `json:"wrong_number,omitzero"`
}

// rulesVersion changes with every change of a rule or of the table, and of how they apply.
const rulesVersion = "7"

// Version names the rules and the table that [Read] applies. Store the version with the record
// of each decision.
func Version() string { return rulesVersion }

// Read reads a message that is no keyword, and says whether it asks to stop all
// the same: "please take me off your list", "STOP PLEASE", "deje de mandarme
// mensajes". 47 CFR 64.1200(a)(10) gives effect to any words that a reasonable
// person would understand as a request to stop.
//
// A message that [keywords.Default] reads as an opt-out is Certain, by the rule
// "keyword". A message that it reads as an opt-in or as help is None. Call
// [keywords.Set.Classify] first: it decides about keywords.
//
// Phones send a reaction to a message as a text that quotes the message (Liked
// “… Reply STOP to end”). Such a text is None.
//
// Read is pure. It does not know what was sent before. It needs no network, and
// does not allocate on ordinary texts.
func Read(text string) Reading {
	if len(text) > textfold.MaxMessage {
		return Reading{}
	}
	if g := grammarOnce(); g != nil {
		return g.read(text)
	}
	return Reading{}
}

// read reads any text that is not too long. Of a very long text it reads both
// ends only, since a request in the middle would not be certain.
func (g *grammar) read(text string) Reading {
	switch keywords.Default().Classify(text).Intent {
	case keywords.OptOut:
		return Reading{Certainty: Certain, Rule: "keyword", Reason: "the whole message is an opt-out keyword", Language: "en"}
	case keywords.OptIn, keywords.Help:
		return Reading{}
	case keywords.None:
	}
	text = strings.TrimFunc(text, textfold.IsBlank)
	if g.isReaction(text) {
		return Reading{}
	}
	if len(text) <= textfold.MaxTrimmed {
		return g.readAll(text)
	}
	head, tail := g.readAll(text[:textfold.MaxTrimmed/2]), g.readAll(text[len(text)-textfold.MaxTrimmed/2:])
	return surer(head, tail)
}

// shortMessage is the length in bytes up to which a request may consist of common words.
const shortMessage = 100

// hasRare reports whether a message has a word by which a long one may ask to stop, or
// letters that are not Latin.
func (r *reader) hasRare(g *grammar) bool {
	return r.foreign || slices.ContainsFunc(r.raw, func(t token) bool { return g.is(t.word, g.rare) })
}

// readAll reads the sender's own words in a text.
func (g *grammar) readAll(text string) Reading {
	r := getReader()
	defer putReader(r)
	return r.readAll(g, text)
}

func (r *reader) readAll(g *grammar, text string) Reading {
	own, reply := ownWords(text)
	r.split(g, own)
	r.reply = reply
	if len(text) > shortMessage && !r.hasRare(g) {
		return Reading{}
	}
	if len(r.core) == 0 {
		return r.onlyEmoji(g)
	}
	reading := r.judge(g)
	if reading.Certainty < Certain && r.correct(g) {
		reading = surer(reading, r.judgeCorrected(g))
	}
	if reading.Certainty == None {
		return r.hint(g, own)
	}
	return reading
}

func surer(a, b Reading) Reading {
	if b.Certainty > a.Certainty {
		return b
	}
	return a
}
