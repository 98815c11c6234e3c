package model

import "fmt"

// family is a contact with all spellings of its number. Its digits are a number of the
// United States, and where they are ambiguous one of Singapore with a plus put before. Or
// it is a line in Brazil or Argentina, whose number has two spellings.
type family struct {
	digits       string // ten
	ambiguous    bool
	newer, older string // of a line
}

// contactsOfWorld is how many contacts a world has.
const contactsOfWorld = 5

func newFamily(n int) family {
	switch n {
	case 0, 1:
		return family{digits: fmt.Sprintf("656234%04d", n), ambiguous: true} // +1 656 and +65 are both in use
	case 2:
		return family{digits: fmt.Sprintf("415200%04d", n)} // +41 has no numbers of this length
	case 3:
		return family{newer: fmt.Sprintf("+55719887700%02d", n), older: fmt.Sprintf("+5571887700%02d", n)} // mobile: with a 9, or without
	default:
		return family{newer: fmt.Sprintf("+54935155500%02d", n), older: fmt.Sprintf("+5435155500%02d", n)} // the same after +54
	}
}

// line returns the number of a line in the spelling in which the model keeps it.
func (f family) line(number string) string {
	if number == f.older {
		return f.newer
	}
	return number
}

// spelling is a way to write the number of a contact.
type spelling uint8

const (
	spellPlus      spelling = iota // +16562340001
	spellAbroad                    // +6562340001
	spellBare                      // 6562340001
	spellBrackets                  // (656) 234-0001
	spellLong                      // 16562340001, or 5571988770003
	spellOlder                     // +557188770003
	spellWhatsApp                  // whatsapp:+557188770003
	spellOlderBare                 // 557188770003
)

var allSpellings = [...]spelling{
	spellPlus, spellAbroad, spellBare, spellBrackets, spellLong, spellOlder, spellWhatsApp, spellOlderBare,
}

func (f family) spell(s spelling) string {
	switch {
	case f.newer == "":
	case s == spellPlus:
		return f.newer
	case s == spellOlder:
		return f.older
	case s == spellWhatsApp:
		return "whatsapp:" + f.older
	case s == spellOlderBare:
		return f.older[1:]
	default:
		return f.newer[1:]
	}
	switch s {
	case spellPlus:
		return f.home()
	case spellAbroad:
		return f.abroad()
	case spellBare:
		return f.digits
	case spellBrackets:
		return "(" + f.digits[:3] + ") " + f.digits[3:6] + "-" + f.digits[6:]
	default:
		return "1" + f.digits
	}
}

// has reports whether a contact can be written so.
func (f family) has(s spelling) bool {
	if f.newer != "" {
		return s == spellPlus || s == spellLong || s >= spellOlder
	}
	switch s {
	case spellOlder, spellWhatsApp, spellOlderBare:
		return false
	case spellAbroad:
		return f.ambiguous
	case spellBrackets:
		return !f.ambiguous || separatorsAreDialled
	default:
		return true
	}
}

func (f family) home() string   { return "+1" + f.digits }
func (f family) abroad() string { return "+" + f.digits }

// reading is what a Guard makes of a spelling.
type reading struct {
	lines   []string // the numbers, the one that is meant first; none: no phone number
	sends   answer   // to the first line
	to      string   // as Send hands it on, if it is not the first line
	abroad  bool     // bare digits, read with a plus put before: nobody dialled them
	noPlus  bool     // no plus sign
	refused bool
}

// read tells what a Guard with a DefaultRegion makes of a spelling.
func (f family) read(s spelling, region string) reading {
	home, abroad := f.home(), f.abroad()
	american := region == "US"
	switch {
	case s == spellOlderBare && region != "":
		return reading{lines: []string{f.newer}, sends: yes, to: f.older, noPlus: true, abroad: true}
	case f.newer != "" && region == "" && (s == spellLong || s == spellOlderBare):
		return reading{lines: []string{f.newer}, sends: maybe, noPlus: true, abroad: true}
	case f.newer != "" && s == spellLong: // longer than a national number of the United States or Denmark
		return reading{lines: []string{f.newer}, sends: yes, noPlus: true, abroad: true}
	case s == spellOlder:
		return reading{lines: []string{f.newer}, sends: yes, to: f.older}
	case s == spellWhatsApp:
		return reading{lines: []string{f.newer}, sends: yes, to: "whatsapp:" + f.older}
	case f.newer != "":
		return reading{lines: []string{f.newer}, sends: yes}
	case s == spellPlus:
		return reading{lines: []string{home}, sends: yes}
	case s == spellAbroad:
		return reading{lines: []string{abroad}, sends: yes}
	case s == spellBare && american && f.ambiguous:
		return reading{lines: []string{home, abroad}, sends: yes, noPlus: true}
	case american:
		return reading{lines: []string{home}, sends: yes, noPlus: true}
	case s == spellLong && region == "":
		return reading{lines: []string{home}, sends: maybe, noPlus: true, abroad: true} // sending without a region is left open
	case s == spellLong: // longer than a national number of Denmark
		return reading{lines: []string{home}, sends: yes, noPlus: true, abroad: true}
	case s == spellBare && f.ambiguous && region == "":
		return reading{lines: []string{abroad}, sends: maybe, noPlus: true, abroad: true}
	case s == spellBare && f.ambiguous:
		return reading{lines: []string{abroad}, sends: yes, noPlus: true, abroad: true}
	case s == spellBrackets && f.ambiguous && region != "": // kept as written: the digits alone would be another number
		return reading{lines: []string{f.spell(s)}, sends: no, noPlus: true, refused: true}
	default:
		return reading{sends: no, noPlus: true, refused: true}
	}
}
