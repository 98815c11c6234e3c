package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// errWhich is about a list in which more than one column may have the numbers.
var errWhich = errors.New("which column has the phone numbers")

// role is what a column is for, by its name.
type role uint8

const (
	noRole   role = iota
	phone         // phone, mobile number, work_phone, Phone 1 - Value
	receiver      // to, recipient, number: less sure than phone
	sender        // from, caller number: of a log of messages, and never taken unasked
)

// The words of these names.
const (
	phoneWords    = " phone telephone tel mobile cell msisdn "
	receiverWords = " to recipient receiver destination callee "
	senderWords   = " from sender caller origin origination originator "
	numberWords   = " number e164 "          // alone: less sure
	endWords      = " number e164 no value " // at the end of a name they say nothing
	separators    = ",;\t|"
)

func roleOf(name string) role {
	if strings.ContainsAny(name, separators) { // it is several names, which are cut at another character
		return noRole
	}
	words := wordsOf(name)
	all := strings.Join(words, " ")
	for len(words) > 0 && in(endWords, words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	from := slices.ContainsFunc(words, func(word string) bool { return in(senderWords, word) })
	switch {
	case len(words) == 0 && in(numberWords, all):
		return receiver
	case len(words) == 0:
		return noRole
	case in(phoneWords, words[len(words)-1]) && from, len(words) == 1 && from:
		return sender
	case in(phoneWords, words[len(words)-1]):
		return phone
	case len(words) == 1 && in(receiverWords, words[0]):
		return receiver
	default:
		return noRole
	}
}

func in(words, word string) bool { return word != "" && strings.Contains(words, " "+word+" ") }

// wordsOf returns the words of a name in lower case, without the numbers between them:
// "Phone 2", "workPhone", "FROM_NUMBER", "phoneno".
func wordsOf(name string) []string {
	var cut strings.Builder
	lower := false
	for _, r := range name {
		if lower && unicode.IsUpper(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			cut.WriteByte(' ')
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			cut.WriteRune(unicode.ToLower(r))
		}
		lower = unicode.IsLower(r)
	}
	var words []string
	for word := range strings.FieldsSeq(cut.String()) {
		if !in(numberWords, word) {
			word = strings.TrimRightFunc(word, unicode.IsDigit)
		}
		for _, end := range []string{"number", "phone", "no"} {
			if first, ok := strings.CutSuffix(word, end); ok && in(phoneWords+receiverWords+senderWords, first) {
				words, word = append(words, first), end
			}
		}
		if word != "" {
			words = append(words, word)
		}
	}
	return words
}

// findColumn returns the column that is called name, or the one that can only be that
// of the numbers.
func findColumn(header []string, name string) (int, error) {
	if slices.ContainsFunc(header, looksLikeANumber) { // which no error may show
		return 0, wrongUse("the first line has a number in it, want the names of the columns, such as name,phone")
	}
	if name != "" {
		// As it is written, or else with another case and other blanks.
		for _, same := range []func(string) bool{
			func(column string) bool { return column == name },
			func(column string) bool { return strings.EqualFold(strings.TrimSpace(column), strings.TrimSpace(name)) },
		} {
			switch found := where(header, same); len(found) {
			case 0:
			case 1:
				return found[0], nil
			default:
				return 0, wrongUse("-column: %d columns are called %q", len(found), name)
			}
		}
		return 0, wrongUse("-column: no column is called %q; there are %s", name, listed(header))
	}
	candidates := make(map[role][]int)
	for i, column := range header {
		candidates[roleOf(column)] = append(candidates[roleOf(column)], i)
	}
	phones, receivers, senders := candidates[phone], candidates[receiver], candidates[sender]
	found := phones
	if len(senders) > 0 {
		found = slices.Concat(senders, phones, receivers)
	} else if len(phones) == 0 {
		found = receivers
	}
	switch {
	case len(phones)+len(receivers) == 0:
		return 0, wrongUse("no column is called phone, mobile or the like, name it with -column; there are %s", listed(header))
	case len(found) > 1:
		slices.Sort(found)
		var names []string
		for _, i := range found {
			names = append(names, header[i])
		}
		return 0, wrongUse("%w: %s? Name it with -column", errWhich, listed(names))
	default:
		return found[0], nil
	}
}

func where(header []string, is func(string) bool) []int {
	var found []int
	for i, column := range header {
		if is(column) {
			found = append(found, i)
		}
	}
	return found
}

func looksLikeANumber(cell string) bool {
	digits := 0
	for _, r := range cell {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits >= 7
}

// listed shows the names of columns, and not more of them than one can read.
func listed(header []string) string {
	const most = 30
	var names []string
	for _, column := range header[:min(len(header), most)] {
		if runes := []rune(column); len(runes) > most {
			column = string(runes[:most]) + "…"
		}
		names = append(names, fmt.Sprintf("%q", column))
	}
	if len(header) > most {
		names = append(names, fmt.Sprintf("and %d more", len(header)-most))
	}
	return strings.Join(names, ", ")
}

// unused is a name that no column has yet.
func unused(header []string, name string) string {
	for n, free := 2, name; ; n++ {
		if !slices.Contains(header, free) {
			return free
		}
		free = fmt.Sprintf("%s_%d", name, n)
	}
}
