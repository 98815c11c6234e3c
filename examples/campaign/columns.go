package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// What a column of phone numbers is called: the first line is surer than the second.
var numberNames = [][]string{
	{
		"phone", "phonenumber", "phoneno", "mobile", "mobilenumber", "mobilephone", "mobileno",
		"cell", "cellphone", "cellnumber", "telephone", "telephonenumber", "tel", "msisdn",
	},
	{"number", "to", "recipient", "e164"},
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
	for _, names := range numberNames {
		switch found := where(header, func(column string) bool { return slices.Contains(names, plain(column)) }); len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return 0, wrongUse("%d columns may be the one of phone numbers, name it with -column; there are %s", len(found), listed(header))
		}
	}
	return 0, wrongUse("no column is called phone, mobile or the like, name it with -column; there are %s", listed(header))
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

// plain is a name without case, blanks, hyphens and the like.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
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
