// Package rawtext writes structs whose strings may hold any bytes as JSON, and reads them
// back.
//
// encoding/json puts U+FFFD in the place of what is not UTF-8, and says nothing. Beside such
// a string Marshal writes its bytes in base64: beside "text" it writes "text_b64". Unmarshal
// reads the bytes, whatever the string beside them says.
package rawtext

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// suffix ends the name of a member that holds the bytes of a string.
const suffix = "_b64"

// Marshal writes a struct. It looks at the strings of the struct itself and of the structs
// that are embedded in it, each with a name in its tag. These types have no MarshalJSON.
func Marshal(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	each(reflect.ValueOf(v), func(name string, field reflect.Value) {
		if text := field.String(); !utf8.ValidString(text) {
			encoded := base64.StdEncoding.EncodeToString([]byte(text))
			data = fmt.Appendf(data[:len(data)-1], ",%q:%q}", name+suffix, encoded)
		}
	})
	return data, nil
}

// Join writes several structs, with or without a MarshalJSON of their own, as one object. It
// is for a struct that embeds another one with a MarshalJSON, which would be its own too.
func Join(parts ...any) ([]byte, error) {
	joined := []byte{'{'}
	for _, part := range parts {
		var data []byte
		var err error
		if own, ok := part.(json.Marshaler); ok {
			data, err = own.MarshalJSON()
		} else {
			data, err = Marshal(part)
		}
		if err != nil {
			return nil, err
		}
		if len(data) > len("{}") && len(joined) > 1 {
			joined = append(joined, ',')
		}
		joined = append(joined, data[1:len(data)-1]...)
	}
	return append(joined, '}'), nil
}

// Unmarshal reads what Marshal wrote into the struct that v points to, which is zero. A member
// that is there twice is an error. Every error is an [*Error].
func Unmarshal(data []byte, v any) error {
	members, err := membersOf(data)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return faultIn(members, reflect.TypeOf(v).Elem())
	}
	var first error
	each(reflect.ValueOf(v).Elem(), func(name string, field reflect.Value) {
		encoded, ok := members[name+suffix]
		if !ok || string(encoded) == "null" {
			return
		}
		var text []byte
		if err := json.Unmarshal(encoded, &text); err != nil && first == nil {
			first = &Error{field: name + suffix, why: "want base64"}
		}
		field.SetString(string(text))
	})
	return first
}

// each calls do for each string of a struct, with its name in JSON.
func each(v reflect.Value, do func(name string, field reflect.Value)) {
	for i := range v.NumField() {
		field, of := v.Field(i), v.Type().Field(i)
		name, _, _ := strings.Cut(of.Tag.Get("json"), ",")
		switch {
		case of.Anonymous && field.Kind() == reflect.Struct:
			each(field, do)
		case field.Kind() == reflect.String && name != "" && name != "-":
			do(name, field)
		}
	}
}
