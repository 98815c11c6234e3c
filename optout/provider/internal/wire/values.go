package wire

import (
	"encoding/json"
	"net/http"
)

// Header returns the value of a header that is there once. A header that is there twice has
// no value: a proxy and Read could each take another one.
func Header(h http.Header, name string) string {
	if values := h.Values(name); len(values) == 1 {
		return values[0]
	}
	return ""
}

// Scalar returns a JSON text or number as a text: some providers send their codes as either.
// Anything else is "".
func Scalar(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return ""
}
