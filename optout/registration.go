package optout

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/keywords"
)

// Registration is the part of a 10DLC campaign registration that is about
// keywords and the messages that answer them, as The Campaign Registry (TCR) and
// most providers' interfaces name it in JSON. Lists of keywords are separated by
// commas, without blanks.
type Registration struct {
	SubscriberOptin  bool `json:"subscriberOptin"`
	SubscriberOptout bool `json:"subscriberOptout"`
	SubscriberHelp   bool `json:"subscriberHelp"`

	OptinKeywords  string `json:"optinKeywords"`
	OptoutKeywords string `json:"optoutKeywords"`
	HelpKeywords   string `json:"helpKeywords"`

	OptinMessage  string `json:"optinMessage"`
	OptoutMessage string `json:"optoutMessage"`
	HelpMessage   string `json:"helpMessage"`
}

// The limits of the form, in characters. Some providers take no message of more
// than 255.
const (
	minRegistered         = 20
	maxRegistered         = 320
	maxRegisteredKeywords = 255
)

// Registration returns the keywords and the messages of this Guard, those of
// [Guard.Replies], for the registration of a 10DLC campaign. Keywords that the form
// does not take are left out: those of several words (OPT OUT; OPTOUT is there) and
// those with letters other than A to Z. The flags tell whether there is a keyword.
//
// The default messages have the length that is asked for, yet reviewers want to see
// the brand in each, and a phone number or an address in the help message: set
// [Options].Replies.
func (g *Guard) Registration() Registration {
	replies := g.Replies()
	r := Registration{
		OptinKeywords:  registered(g.r().keywords, keywords.OptIn),
		OptoutKeywords: registered(g.r().keywords, keywords.OptOut),
		HelpKeywords:   registered(g.r().keywords, keywords.Help),
		OptinMessage:   replies.OptIn,
		OptoutMessage:  replies.OptOut,
		HelpMessage:    replies.Help,
	}
	r.SubscriberOptin = r.OptinKeywords != ""
	r.SubscriberOptout = r.OptoutKeywords != ""
	r.SubscriberHelp = r.HelpKeywords != ""
	return r
}

func registered(set *keywords.Set, intent keywords.Intent) string {
	var texts []string
	seen := map[string]bool{}
	for word := range set.All() {
		text := strings.ToUpper(word.Text)
		if word.Intent != intent || seen[text] || strings.ContainsFunc(text, notOfForm) {
			continue
		}
		seen[text] = true
		texts = append(texts, text)
	}
	return strings.Join(texts, ",")
}

func notOfForm(r rune) bool {
	return (r < 'A' || r > 'Z') && (r < '0' || r > '9')
}

// Validate returns all that the form would refuse, each with the name of its
// field: no keyword, over 255 characters of them, a keyword with other characters
// than letters and digits, a message of less than 20 characters or of more than 320.
func (r Registration) Validate() error {
	var faults []error
	for _, list := range r.lists() {
		switch {
		case list.texts == "":
			faults = append(faults, fmt.Errorf("optout: %s: none", list.field))
		case len(list.texts) > maxRegisteredKeywords:
			faults = append(faults, fmt.Errorf("optout: %s: %d characters, over %d",
				list.field, utf8.RuneCountInString(list.texts), maxRegisteredKeywords))
		}
		for text := range strings.SplitSeq(list.texts, ",") {
			if list.texts != "" && (text == "" || strings.ContainsFunc(strings.ToUpper(text), notOfForm)) {
				faults = append(faults, fmt.Errorf("optout: %s: %.70q is not of letters and digits", list.field, text))
			}
		}
	}
	for _, message := range []struct{ field, text string }{
		{"optinMessage", r.OptinMessage}, {"optoutMessage", r.OptoutMessage}, {"helpMessage", r.HelpMessage},
	} {
		switch n := utf8.RuneCountInString(message.text); {
		case n < minRegistered:
			faults = append(faults, fmt.Errorf("optout: %s: %d characters, less than %d", message.field, n, minRegistered))
		case n > maxRegistered:
			faults = append(faults, fmt.Errorf("optout: %s: %d characters, over %d", message.field, n, maxRegistered))
		}
	}
	return errors.Join(faults...)
}

// Check returns an error that names each registered keyword that the Guard does not
// take for what it is registered as. Call it when the program starts, with what was
// registered: every registered keyword must work.
func (r Registration) Check(g *Guard) error {
	var faults []error
	for _, list := range r.lists() {
		for text := range strings.SplitSeq(list.texts, ",") {
			text = strings.TrimSpace(text)
			if text == "" {
				continue
			}
			if got := g.Classify(text).Intent; got != list.intent {
				faults = append(faults, fmt.Errorf("optout: %s: the keyword %.70q is registered as %v, and is %v here",
					list.field, text, list.intent, got))
			}
		}
	}
	return errors.Join(faults...)
}

type registeredList struct {
	field, texts string
	intent       keywords.Intent
}

func (r Registration) lists() []registeredList {
	return []registeredList{
		{"optinKeywords", r.OptinKeywords, keywords.OptIn},
		{"optoutKeywords", r.OptoutKeywords, keywords.OptOut},
		{"helpKeywords", r.HelpKeywords, keywords.Help},
	}
}
