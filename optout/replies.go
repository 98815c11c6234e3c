package optout

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/keywords"
)

// Footer is what the first message to a contact should carry.
const Footer = "Reply STOP to unsubscribe"

// Replies are the texts that contacts get. An empty one is the default.
//
// Law and industry want the opt-out reply to confirm and nothing more: no offer,
// no question, no second one (47 CFR 64.1200(a)(12)). See [Segments] for what a
// text costs; each default is one part.
type Replies struct {
	OptOut  string `json:"opt_out,omitzero"` // to STOP, once: see [Options.ReplyWithin]
	OptIn   string `json:"opt_in,omitzero"`  // to START after a STOP
	Help    string `json:"help,omitzero"`    // to HELP, opted out or not: see [Options.HelpLimit]
	Confirm string `json:"confirm,omitzero"` // the question that answers START: see [Options.ConfirmOptIn]
}

func (r Replies) optOut() string  { return r.OptOut }
func (r Replies) optIn() string   { return r.OptIn }
func (r Replies) help() string    { return r.Help }
func (r Replies) confirm() string { return r.Confirm }

// DefaultReplies returns the texts that are used unless others are chosen.
func DefaultReplies() Replies { return shipped()[0].replies }

// LanguageReplies returns the texts that are used for keywords of a language
// unless others are chosen, and whether there are any: for "en", "fr", "es", "pt", "de",
// "it", "nl", "pl", "ru" and "no". It looks at the language of a tag ("fr-CA") only.
func LanguageReplies(language string) (Replies, bool) {
	base, _, _ := strings.Cut(normalTag(language), "-")
	for _, l := range shipped() {
		if slices.Contains(l.tags, base) {
			return l.replies, true
		}
	}
	return Replies{}, false
}

// Replies returns the texts that this Guard answers with, unless the keyword is in a
// language that has its own: see [Guard.RepliesIn].
func (g *Guard) Replies() Replies { return g.r().replies }

// RepliesIn returns the texts that this Guard answers a keyword of a language with. The
// language is written as in its keywords ("fr-CA"); for any other the texts are those of
// [Guard.Replies].
func (g *Guard) RepliesIn(language string) Replies {
	if replies, ok := g.r().byLanguage[language]; ok {
		return replies
	}
	return g.Replies()
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

// translations returns the texts for each language that a keyword of the set has, and for
// more languages: those given, else those shipped, else the standard.
func translations(set *keywords.Set, more []string, standard Replies, given map[string]Replies) (map[string]Replies, error) {
	byTag := make(map[string]Replies, len(given))
	for _, language := range slices.Sorted(maps.Keys(given)) {
		tag := normalTag(language)
		if !isTag(tag) {
			return nil, fmt.Errorf("%.40q is no language tag such as fr or es-MX (BCP 47)", language)
		}
		if _, twice := byTag[tag]; twice {
			return nil, fmt.Errorf("%.40q is given twice, in two spellings", language)
		}
		if err := given[language].valid(); err != nil {
			return nil, fmt.Errorf("%s: %w", language, err)
		}
		byTag[tag] = given[language]
	}

	used := map[string]bool{}
	byLanguage := map[string]Replies{}
	languages := slices.Clone(more)
	for word := range set.All() {
		languages = append(languages, word.Language)
	}
	for _, language := range languages {
		if _, done := byLanguage[language]; done {
			continue
		}
		var replies Replies
		for tag := normalTag(language); tag != ""; tag = parentTag(tag) {
			used[tag] = true
			replies = replies.or(byTag[tag])
			if shipped, ok := LanguageReplies(tag); ok && tag != "en" && !strings.Contains(tag, "-") {
				replies = replies.or(shipped)
			}
		}
		byLanguage[language] = replies.or(standard)
	}
	for _, language := range slices.Sorted(maps.Keys(given)) {
		if !used[normalTag(language)] {
			return nil, fmt.Errorf("no keyword of Keywords is in %q", language)
		}
	}
	return byLanguage, nil
}

// normalTag writes a language tag in one way: "fr_CA" as "fr-ca".
func normalTag(language string) string {
	return strings.ReplaceAll(strings.ToLower(language), "_", "-")
}

// parentTag cuts the last subtag: "fr-ca" is followed by "fr", and that by "".
func parentTag(tag string) string {
	return tag[:max(strings.LastIndexByte(tag, '-'), 0)]
}

// isTag reports whether a normal tag has the form of BCP 47: a language of two or
// more letters, then subtags of up to eight letters and digits.
func isTag(tag string) bool {
	for i, subtag := range strings.Split(tag, "-") {
		if subtag == "" || len(subtag) > 8 || i == 0 && len(subtag) < 2 {
			return false
		}
		for _, r := range subtag {
			letter := 'a' <= r && r <= 'z'
			digit := '0' <= r && r <= '9'
			if !letter && (i == 0 || !digit) {
				return false
			}
		}
	}
	return true
}
