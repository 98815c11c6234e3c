package checks

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// strangeValues are values that no member has, with a text and a phone number in them.
var strangeValues = []string{
	`"STOP it, +14155552671"`, `"2026-03-01 14155552671"`, `14155552671999999999999`, `14155552671.5`, `["STOP"]`, `{"4155552671":"STOP"}`,
	`true`,
}

// TestNoErrorOfReadingJSONQuotes puts strange values into each member of each struct. A struct
// of counts alone has no method that reads it, and encoding/json quotes a number that is no count.
func TestNoErrorOfReadingJSONQuotes(t *testing.T) {
	for _, zero := range inJSON() {
		t.Run(nameOf(zero), func(t *testing.T) {
			full := reflect.New(reflect.TypeOf(zero)).Elem()
			fill(t, full, "")
			data, err := json.Marshal(full.Interface())
			require.NoError(t, err)
			var tree any
			require.NoError(t, json.Unmarshal(data, &tree))
			eachMember(tree, func(name string, set func(any)) {
				for _, value := range strangeValues {
					set(json.RawMessage(value))
					data, err := json.Marshal(tree)
					require.NoError(t, err)
					read := reflect.New(reflect.TypeOf(zero))
					err = json.Unmarshal(data, read.Interface())
					if err == nil {
						continue
					}
					_, reads := reflect.TypeAssert[json.Unmarshaler](read)
					if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
						require.False(t, reads, "%s", err)
						continue
					}
					for _, part := range []string{"4155552671", "STOP", "2026-03-01 ", "it,"} {
						require.NotContains(t, err.Error(), part, "%s: %s", name, value)
					}
					if reads {
						if !strings.HasPrefix(name, "the ") { // the key of a map, which is not shown
							require.Contains(t, err.Error(), name, "the error names the field")
						}
						require.Zero(t, read.Elem().Interface(), "after an error nothing is left")
					}
				}
			})
		})
	}
}

// eachMember calls do for each member of an object, and of the objects in it.
func eachMember(tree any, do func(name string, set func(any))) {
	switch tree := tree.(type) {
	case map[string]any:
		for name, value := range tree {
			eachMember(value, do)
			do(name, func(other any) { tree[name] = other })
			tree[name] = value
		}
	case []any:
		for _, value := range tree {
			eachMember(value, do)
		}
	}
}
