package model

import "fmt"

// family is a contact with all spellings of its number. Its digits are a number of the
// United States, and where they are ambiguous one of Singapore with a plus put before.
type family struct {
	digits    string // ten
	ambiguous bool
}

func newFamily(n int, ambiguous bool) family {
	if ambiguous {
		return family{digits: fmt.Sprintf("656234%04d", n), ambiguous: true} // +1 656 and +65 are both in use
	}
	return family{digits: fmt.Sprintf("415200%04d", n)} // +41 has no numbers of this length
}

// spelling is a way to write the number of a contact.
type spelling uint8

const (
	spellPlus     spelling = iota // +16562340001
	spellAbroad                   // +6562340001
	spellBare                     // 6562340001
	spellBrackets                 // (656) 234-0001
	spellLong                     // 16562340001
)

var allSpellings = [...]spelling{spellPlus, spellAbroad, spellBare, spellBrackets, spellLong}

func (f family) spell(s spelling) string {
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
	switch s {
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
	abroad  bool     // bare digits, read with a plus put before: nobody dialled them
	noPlus  bool     // no plus sign
	refused bool
}

// read tells what a Guard with a DefaultRegion makes of a spelling.
func (f family) read(s spelling, region string) reading {
	home, abroad := f.home(), f.abroad()
	american := region == "US"
	switch {
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
