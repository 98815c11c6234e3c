package wire

import (
	"cmp"
	"iter"
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Form is the parameters of a form or a query, each decoded, in the order in which they came.
type Form struct {
	pairs []pair
	err   error
}

type pair struct{ name, value string }

// ParseForm reads a form, or the query of a URL. contentType may name the charset of the
// form: UTF-8, or ISO-8859-1. A form that cannot be decoded is malformed.
func ParseForm(raw, contentType string) (*Form, error) {
	_, params, _ := mime.ParseMediaType(contentType)
	latin := false
	switch strings.ToLower(params["charset"]) {
	case "", "utf-8", "utf8", "us-ascii":
	case "iso-8859-1", "latin1", "iso8859-1":
		latin = true
	default:
		return nil, Malformed("the form has a charset that is not known")
	}
	f := &Form{pairs: make([]pair, 0, 1+strings.Count(raw, "&"))}
	for field := range strings.SplitSeq(raw, "&") {
		if field == "" {
			continue
		}
		name, value, _ := strings.Cut(field, "=")
		name, nameErr := url.QueryUnescape(name)
		value, valueErr := url.QueryUnescape(value)
		if nameErr != nil || valueErr != nil {
			return nil, Malformed("the form cannot be decoded")
		}
		if latin {
			name, value = fromLatin(name), fromLatin(value)
		}
		f.pairs = append(f.pairs, pair{name, value})
	}
	return f, nil
}

// fromLatin decodes ISO-8859-1, in which each byte is a rune.
func fromLatin(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteRune(rune(text[i]))
	}
	return b.String()
}

// Lower returns the form with its names in lower case, for a provider that writes them in
// several ways.
func (f *Form) Lower() *Form {
	lower := &Form{pairs: make([]pair, len(f.pairs))}
	for i, p := range f.pairs {
		lower.pairs[i] = pair{strings.ToLower(p.name), p.value}
	}
	return lower
}

// Sorted returns names and values, name by name, each with its values in order. A value that
// a name has twice comes once.
func (f *Form) Sorted() iter.Seq2[string, string] {
	sorted := slices.Clone(f.pairs)
	slices.SortFunc(sorted, func(a, b pair) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.value, b.value))
	})
	return func(yield func(string, string) bool) {
		for _, p := range slices.Compact(sorted) {
			if !yield(p.name, p.value) {
				return
			}
		}
	}
}

// Values returns the values by name.
func (f *Form) Values() url.Values {
	values := url.Values{}
	for _, p := range f.pairs {
		values.Add(p.name, p.value)
	}
	return values
}

// Get returns the value of the first of these names that is there and is not empty. If the
// name is there with two different values, the form is malformed: see Err.
func (f *Form) Get(names ...string) string {
	for _, name := range names {
		value, found := "", false
		for _, p := range f.pairs {
			if p.name != name {
				continue
			}
			if found && p.value != value {
				f.err = Malformed("a parameter is there twice")
			}
			value, found = p.value, true
		}
		if value != "" {
			return value
		}
	}
	return ""
}

// Count returns a number of things, and 0 for a text that is not a count.
func (f *Form) Count(name string) int {
	count, err := strconv.Atoi(f.Get(name))
	if err != nil {
		return 0
	}
	return max(count, 0)
}

// Has reports whether a name is there.
func (f *Form) Has(name string) bool {
	for _, p := range f.pairs {
		if p.name == name {
			return true
		}
	}
	return false
}

// Err returns why the form cannot be read, of what Get was asked for so far.
func (f *Form) Err() error { return f.err }
