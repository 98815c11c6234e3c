package main

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// form is what a provider posts. A field that is malformed may be a STOP, so the form is
// not given up for it: url.ParseQuery drops such a field.
type form struct {
	values   url.Values
	unsure   map[string]bool // names of fields that are malformed, or there twice with two values
	nameless bool            // the name of a field is malformed: the field may be any that is missing
}

func parseForm(body string) form {
	f := form{values: url.Values{}, unsure: map[string]bool{}}
	for pair := range strings.SplitSeq(body, "&") {
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, nameOK := unescape(rawName)
		value, valueOK := unescape(rawValue)
		if f.values.Has(name) && f.values.Get(name) != value || !valueOK {
			f.unsure[name] = true
		}
		f.nameless = f.nameless || !nameOK
		f.values.Add(name, value)
	}
	return f
}

// malformed reports whether a field is not as it should be.
func (f form) malformed() bool { return f.nameless || len(f.unsure) > 0 }

// sure reports whether the fields are as the provider meant them.
func (f form) sure(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		return f.unsure[name] || f.nameless && !f.values.Has(name)
	})
}

// unescape decodes a name or a value. Of one that is malformed it decodes what can be
// decoded, and reports false.
func unescape(text string) (string, bool) {
	decoded, err := url.QueryUnescape(text)
	if err == nil {
		return decoded, true
	}
	escape := regexp.MustCompile(`%([0-9A-Fa-f]{2})?`)
	text = escape.ReplaceAllStringFunc(text, func(found string) string {
		if found == "%" {
			return "%25"
		}
		return found
	})
	decoded, _ = url.QueryUnescape(text)
	return decoded, false
}
