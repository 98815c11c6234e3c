// Package wire reads what SMS providers send: forms, times, numbers, signatures.
package wire

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/channel"
)

// Malformed returns an error that wraps provider.ErrMalformed. The text names what is
// wrong, and quotes nothing of the request.
func Malformed(what string) error { return fmt.Errorf("%w: %s", provider.ErrMalformed, what) }

// Unproved returns an error that wraps provider.ErrSignature.
func Unproved(what string) error { return fmt.Errorf("%w: %s", provider.ErrSignature, what) }

// URL returns the URL that the provider called, byte for byte where the request has it:
// scheme and host of r.URL, else those of the connection.
func URL(r *http.Request) string {
	scheme, host, user := r.URL.Scheme, r.URL.Host, ""
	if scheme == "" {
		scheme = "http"
		if r.TLS != nil {
			scheme = "https"
		}
	}
	if host == "" {
		host = r.Host
	}
	if r.URL.User != nil {
		user = r.URL.User.String() + "@"
	}
	return scheme + "://" + user + host + Target(r)
}

// Target returns path and query as they were sent.
func Target(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI // also where a mux has cut the path
	}
	return r.URL.RequestURI()
}

// JSON decodes a body, and ignores fields that are not known. Its error quotes nothing.
func JSON(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return Malformed("the body is not the JSON that is expected")
	}
	return nil
}

// Number puts a plus sign before a number of a provider that leaves it out: before 8 digits
// or more. A short code, an alphanumeric sender and a number with a plus sign stay as they are.
func Number(raw string) string {
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	if len(raw) < 8 || strings.ContainsFunc(raw, notDigit) {
		return raw
	}
	return "+" + raw
}

// Contact is Number on the channels whose addresses are phone numbers. On the others an
// address is an id, of which digits make no number.
func Contact(name, raw string) string {
	if channel.IsPhone(name) {
		return Number(raw)
	}
	return raw
}

// Time reads a time in one of these layouts; without a zone it is UTC. A text that is no
// such time is no time.
func Time(text string, layouts ...string) time.Time {
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	return time.Time{}
}

// IsWord reports whether a text is one of these words, blanks around it and case aside: by
// this the providers tell the words that they reply to by themselves.
func IsWord(text string, words []string) bool {
	text = strings.TrimSpace(text)
	return slices.ContainsFunc(words, func(word string) bool { return strings.EqualFold(word, text) })
}

// Words returns the words of a Config, or those that count by default if it has none.
func Words(given, byDefault []string) []string {
	if given == nil {
		return byDefault
	}
	return slices.Clone(given)
}

// Intent returns how a provider has read a text, by its flag: STOP, START, HELP.
func Intent(flag string) keywords.Intent {
	switch strings.ToUpper(flag) {
	case "STOP":
		return keywords.OptOut
	case "START":
		return keywords.OptIn
	case "HELP":
		return keywords.Help
	default:
		return keywords.None
	}
}

// Button returns the text of a button that was pressed: its payload, which the host chose, if
// the payload is an opt-out keyword, and otherwise what is written on the button.
func Button(text, payload string) string {
	if optout.Classify(payload).Intent == keywords.OptOut {
		return payload
	}
	return text
}
