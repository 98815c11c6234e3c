package list

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ErrColumn says that more than one column may have the numbers, the dates or the statuses,
// or that CSVOptions name a column that is not there.
var ErrColumn = errors.New("list: which column")

// role is what a column is for.
type role uint8

const (
	noRole      role = iota
	numberRole       // the phone number
	weakRole         // the phone number, if no other column has a name of one
	outDateRole      // when the contact opted out
	inDateRole       // when the contact agreed
	dateRole         // when the row was made true: at, date, day
	statusRole       // a word: opted-out, subscribed
	outRole          // yes: opted out
	inRole           // yes: agreed
	sourceRole
	reasonRole
	providerRole
	eventRole  // the event_id of an export
	senderRole // of a log of messages, in which the contact may be the sender or the receiver
	roles
)

// The fields of CSVOptions that an error names.
const (
	dateOption   = "DateColumn"
	statusOption = "StatusColumn"
)

// columns are the places of the columns of a list. -1: the list has no such column.
type columns [roles]int

// finder knows the names of columns.
type finder struct {
	exact map[string]role
	words map[string]wordKind // of names
}

// wordKind is what a word in a name says of a column.
type wordKind uint8

const (
	phoneWord wordKind = iota + 1 // a column of numbers, wherever the word is in its name
	otherWord                     // a column of something else
)

func newFinder() *finder {
	f := &finder{exact: make(map[string]role), words: make(map[string]wordKind)}
	for word, kind := range wordList("number-word", "other-word") {
		f.words[word] = phoneWord
		if kind == 1 {
			f.words[word] = otherWord
		}
	}
	for name, i := range wordList(roleKinds()...) {
		f.exact[name] = numberRole + role(i) //nolint:gosec // there are a dozen
	}
	return f
}

// roleKinds are the kinds in words.txt, in the order of the roles.
func roleKinds() []string {
	return []string{
		"number", "maybe-number", "opted-out-at", "opted-in-at", "at", "status", "opted-out", "opted-in", "source", "reason", "provider",
		"event", "sender",
	}
}

// roleOf returns what a column is for by its name.
func (f *finder) roleOf(name string) role {
	key := plain(name)
	if r := f.exact[key]; r != noRole {
		return r
	}
	if r := f.exact[trimNumberWord(key)]; r != noRole && r != weakRole {
		return r
	}
	found := noRole
	for word := range strings.FieldsSeq(key) {
		switch f.words[word] {
		case phoneWord:
			found = numberRole
		case otherWord:
			return noRole
		default:
		}
	}
	if found == numberRole && strings.Count(key, " ") < maxNameWords {
		return numberRole
	}
	return noRole
}

// maxNameWords is how many blanks the name of a column has at most. A title has more.
const maxNameWords = 6

// trimNumberWord cuts "number" and a count off the end of a name.
func trimNumberWord(key string) string {
	key = strings.TrimRight(key, "0123456789 ")
	for _, end := range []string{" number", " no", " nr"} {
		key = strings.TrimSuffix(key, end)
	}
	return strings.TrimSpace(key)
}

// plain returns the words of a name in lower case, without marks, with one blank between
// them: "OptedOut_At" and "opted-out at" are one.
func plain(name string) string {
	var out strings.Builder
	lower, gap := false, false
	for _, r := range norm.NFKD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r) && out.Len() > 0 && isFolded(r):
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if out.Len() > 0 && (gap || lower && unicode.IsUpper(r)) {
				out.WriteByte(' ')
			}
			lower, gap = unicode.IsLower(r), false
			out.WriteRune(unicode.ToLower(foldLetter(r)))
		default:
			lower, gap = false, true
		}
	}
	return norm.NFC.String(out.String())
}

// isFolded reports the marks of Latin, Greek and Cyrillic letters. Marks of other scripts are
// vowels.
func isFolded(r rune) bool { return r >= 0x300 && r < 0x370 }

// foldLetter returns the plain letter for those that Unicode does not take apart.
func foldLetter(r rune) rune {
	switch r {
	case 'ł', 'Ł':
		return 'l'
	case 'ø', 'Ø':
		return 'o'
	case 'đ', 'Đ':
		return 'd'
	case 'ı', 'İ':
		return 'i'
	default:
		return r
	}
}

// find returns the places of the columns. ok is false if the line is no header: no column has
// the name of one with numbers.
func (f *finder) find(header []string, opts *CSVOptions) (found columns, ok bool, err error) {
	for i := range found {
		found[i] = -1
	}
	candidates := f.candidates(header)
	if opts.Column != "" {
		place, err := named(header, opts.Column)
		if err != nil {
			return found, false, fmt.Errorf("%w: Column: %w", ErrColumn, err)
		}
		candidates[numberRole] = []int{place}
	}
	if senders := candidates[senderRole]; opts.Column == "" && len(senders) > 0 {
		both := slices.Sorted(slices.Values(slices.Concat(senders, candidates[numberRole])))
		return found, true, fmt.Errorf("%w: %s? Name it with CSVOptions.Column", ErrColumn, listed(header, both))
	}
	if len(candidates[numberRole]) == 0 {
		return found, false, nil
	}
	for _, o := range [...]struct {
		name, option string
		role         role
		instead      [2]role
	}{
		{opts.DateColumn, dateOption, dateRole, [2]role{outDateRole, inDateRole}},
		{opts.StatusColumn, statusOption, statusRole, [2]role{outRole, inRole}},
	} {
		if o.name == "" {
			continue
		}
		place, err := named(header, o.name)
		if err != nil {
			return found, true, fmt.Errorf("%w: %s: %w", ErrColumn, o.option, err)
		}
		is := o.role
		if r := f.roleOf(header[place]); slices.Contains(o.instead[:], r) {
			is = r
		}
		for _, r := range [...]role{o.role, o.instead[0], o.instead[1]} {
			delete(candidates, r)
		}
		candidates[is] = []int{place}
	}
	err = choose(header, candidates, &found)
	return found, true, err
}

// candidates returns the columns that may be for something, by their names.
func (f *finder) candidates(header []string) map[role][]int {
	all := make(map[role][]int)
	for i, name := range header {
		r := f.roleOf(name)
		all[r] = append(all[r], i)
	}
	if len(all[numberRole]) == 0 {
		all[numberRole] = all[weakRole]
	}
	return all
}

// choose takes the one candidate of each role.
func choose(header []string, candidates map[role][]int, found *columns) error {
	if len(candidates[outDateRole]) > 0 || len(candidates[inDateRole]) > 0 {
		delete(candidates, dateRole) // the others say more
	}
	if len(candidates[outRole]) > 0 || len(candidates[inRole]) > 0 {
		delete(candidates, statusRole)
	}
	for _, r := range []struct {
		role   role
		option string
	}{
		{numberRole, "Column"},
		{outDateRole, dateOption},
		{inDateRole, dateOption},
		{dateRole, dateOption},
		{statusRole, statusOption},
		{outRole, statusOption},
		{inRole, statusOption},
		{sourceRole, ""},
		{reasonRole, ""},
		{providerRole, ""},
		{eventRole, ""},
	} {
		places := candidates[r.role]
		if len(places) > 1 && r.option != "" {
			return fmt.Errorf("%w: %s? Name it with CSVOptions.%s", ErrColumn, listed(header, places), r.option)
		}
		if len(places) > 0 {
			found[r.role] = places[0]
		}
	}
	return nil
}

var errNoColumn = errors.New("there is no such column")

// named returns the place of the column with a name, or with a number from 1.
func named(header []string, name string) (int, error) {
	if i := slices.Index(header, name); i >= 0 {
		return i, nil
	}
	if key := plain(name); key != "" {
		if i := slices.IndexFunc(header, func(column string) bool { return plain(column) == key }); i >= 0 {
			return i, nil
		}
	}
	if n := position(name); n > 0 && n <= len(header) && strings.TrimSpace(header[n-1]) != "" {
		return n - 1, nil
	}
	return 0, errNoColumn
}

// position reads the number of a column: 0 if the name is not a number.
func position(name string) int {
	n, err := strconv.Atoi(name)
	if err != nil || n < 1 || n > 10_000 {
		return 0
	}
	return n
}

// listed names columns, and not more of them than one can read. A name with as many digits
// as a phone number is not shown.
func listed(header []string, places []int) string {
	const most = 10
	var all []string
	for _, i := range places[:min(len(places), most)] {
		name := strconv.Quote(cutText(header[i], 40))
		if digitsIn(header[i]) >= 7 {
			name = fmt.Sprintf("column %d", i+1)
		}
		all = append(all, name)
	}
	if len(places) > most {
		all = append(all, fmt.Sprintf("and %d more", len(places)-most))
	}
	return strings.Join(all, ", ")
}

func digitsIn(text string) (n int) {
	for _, r := range text {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
