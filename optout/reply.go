package optout

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Footer is what the first message to a contact should carry.
const Footer = "Reply STOP to unsubscribe"

// Replies are the texts that contacts get. An empty one is the default.
//
// Law and industry want the opt-out reply to confirm and nothing more: no offer,
// no question, no second one (47 CFR 64.1200(a)(12)). See [Segments] for what a
// text costs; each default is one part.
type Replies struct {
	OptOut  string // to STOP, once
	OptIn   string // to START after a STOP
	Help    string // to HELP, always
	Confirm string // to START, where YES is to confirm it: see [Options.ConfirmOptIn]; the default is that of ConfirmReply
}

// DefaultReplies returns the texts that are used unless others are chosen.
func DefaultReplies() Replies {
	return Replies{
		OptOut: "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.",
		OptIn:  "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
		Help:   "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
	}
}

// maxParts is how many parts one SMS can have.
const maxParts = 255

// or returns the texts of r, and those of standard where r has none.
func (r Replies) or(standard Replies) Replies {
	return Replies{
		OptOut:  cmp.Or(r.OptOut, standard.OptOut),
		OptIn:   cmp.Or(r.OptIn, standard.OptIn),
		Help:    cmp.Or(r.Help, standard.Help),
		Confirm: cmp.Or(r.Confirm, standard.Confirm),
	}
}

// valid refuses what cannot be sent, and names the field. What is missing is no fault.
func (r Replies) valid() error {
	for _, reply := range []struct{ field, text string }{{"OptOut", r.OptOut}, {"OptIn", r.OptIn}, {"Help", r.Help}, {"Confirm", r.Confirm}} {
		if reply.text == "" {
			continue
		}
		if err := validReply(reply.text); err != nil {
			return fmt.Errorf("%s: %w", reply.field, err)
		}
	}
	return nil
}

func validReply(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("not UTF-8")
	}
	if strings.TrimSpace(text) == "" {
		return errors.New("blank")
	}
	if sms := Segments(text); sms.Parts > maxParts {
		return fmt.Errorf("%d parts of %s, over %d", sms.Parts, sms.Encoding, maxParts)
	}
	return nil
}
