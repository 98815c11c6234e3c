package rawtext

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/internal/enum"
)

// Error says which member of an object cannot be read, and why. It holds nothing that was
// read: encoding/json and time quote what they cannot read, which may be a message or a phone
// number.
type Error struct {
	field string // as "state.at"; "" for all of the value
	why   string
	cause error // of this module; may be nil
}

// Refuse returns the error for a value whose members contradict each other. why quotes none of
// them.
func Refuse(why string) error { return &Error{why: why} }

// Error names the member.
func (e *Error) Error() string {
	if e.field == "" {
		return "read JSON: " + e.why
	}
	return "read JSON: " + e.field + ": " + e.why
}

// Unwrap returns the error of the enumeration that has no such word, or nil.
func (e *Error) Unwrap() error { return e.cause }

// membersOf returns the members of an object. encoding/json finds the field of a member in
// upper case too, so members whose names differ in case alone are two of one name. JSON's null
// has no members.
func membersOf(data []byte) (map[string]json.RawMessage, error) {
	if !json.Valid(data) {
		return nil, Refuse("not JSON")
	}
	members := make(map[string]json.RawMessage)
	decoder := json.NewDecoder(bytes.NewReader(data))
	switch start, _ := decoder.Token(); start {
	case nil:
		return members, nil
	case json.Delim('{'):
	default:
		return nil, Refuse("want an object")
	}
	seen := make(map[string]bool)
	for decoder.More() {
		token, err := decoder.Token()
		name, ok := token.(string)
		var value json.RawMessage
		if err != nil || !ok || decoder.Decode(&value) != nil {
			return nil, Refuse("not JSON")
		}
		folded := strings.ToLower(strings.ToUpper(name)) // as encoding/json does, "ſtate" is "state"
		if seen[folded] {
			return nil, Refuse("a member is there twice")
		}
		seen[folded] = true
		members[name] = value
	}
	return members, nil
}

// faultIn returns the error of the first field of a struct whose member cannot be read.
func faultIn(members map[string]json.RawMessage, of reflect.Type) *Error {
	for field := range of.Fields() {
		if field.Anonymous && field.Type.Kind() == reflect.Struct {
			if e := faultIn(members, field.Type); e.field != "" {
				return e
			}
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		for member, value := range members {
			if name == "" || !strings.EqualFold(name, member) {
				continue
			}
			if err := json.Unmarshal(value, reflect.New(field.Type).Interface()); err != nil {
				return faultOf(name, value, field.Type, err)
			}
		}
	}
	return &Error{why: "a member cannot be read"}
}

// faultOf says why a member cannot be read into a field of this type.
func faultOf(name string, value json.RawMessage, of reflect.Type, err error) *Error {
	if below, ok := errors.AsType[*Error](err); ok {
		return below.under(name)
	}
	if of.Kind() == reflect.Struct && of != reflect.TypeFor[time.Time]() {
		members, err := membersOf(value)
		if below, ok := errors.AsType[*Error](err); ok {
			return below.under(name)
		}
		return faultIn(members, of).under(name)
	}
	if unknown, ok := errors.AsType[*enum.UnknownError](err); ok {
		return &Error{field: name, why: unknown.Error(), cause: unknown}
	}
	switch of.Kind() {
	case reflect.Struct:
		return &Error{field: name, why: "want a time such as 2026-03-01T12:00:00Z"}
	case reflect.String:
		return &Error{field: name, why: "want a string"}
	case reflect.Bool:
		return &Error{field: name, why: "want true or false"}
	case reflect.Int, reflect.Int64:
		return &Error{field: name, why: "want a whole number"}
	default:
		return &Error{field: name, why: "want another kind of value"}
	}
}

// under returns the error as that of a member in the member with this name.
func (e *Error) under(name string) *Error {
	if e.field != "" {
		name += "." + e.field
	}
	return &Error{field: name, why: e.why, cause: e.cause}
}
