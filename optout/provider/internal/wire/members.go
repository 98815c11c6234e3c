package wire

import (
	"bytes"
	"encoding/json"
	"io"
)

// member is a member of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

// members decodes the members of a JSON object in their order. Unlike JSON it tells names
// by case, and keeps a member that is there twice.
func members(object []byte) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, Malformed("the body is not a JSON object")
	}
	var all []member
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, Malformed("the body is not a JSON object")
		}
		m := member{}
		m.name, _ = name.(string)
		if d.Decode(&m.value) != nil {
			return nil, Malformed("the body is not a JSON object")
		}
		all = append(all, m)
	}
	if _, err := d.Token(); err != nil {
		return nil, Malformed("the body is not a JSON object")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, Malformed("the body is more than a JSON object")
	}
	return all, nil
}

// Names returns the names in a JSON object. An object with a name that is there twice is
// malformed: of two values, two readers take different ones.
func Names(object []byte) (map[string]bool, error) {
	all, err := members(object)
	if err != nil {
		return nil, err
	}
	names := make(map[string]bool, len(all))
	for _, m := range all {
		if names[m.name] {
			return nil, Malformed("a parameter is there twice")
		}
		names[m.name] = true
	}
	return names, nil
}

// ParseJSON reads a JSON object as a form, of a provider that sends the same parameters
// either way. A number and a bool count as they are written, null as "". A value that is an
// object or an array is malformed.
func ParseJSON(object []byte) (*Form, error) {
	all, err := members(object)
	if err != nil {
		return nil, err
	}
	f := &Form{}
	for _, m := range all {
		p := pair{name: m.name}
		switch m.value[0] {
		case '{', '[':
			return nil, Malformed("a parameter is not a text")
		case '"':
			if json.Unmarshal(m.value, &p.value) != nil {
				return nil, Malformed("a parameter is not a text")
			}
		case 'n': // null
		default:
			p.value = string(m.value)
		}
		f.pairs = append(f.pairs, p)
	}
	return f, nil
}

// Text is a text that a provider sends as a number at times.
type Text string

// UnmarshalJSON reads a text or a number. It takes nothing else, and never fails.
func (t *Text) UnmarshalJSON(raw []byte) error {
	var number json.Number
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*t = Text(s)
	} else if json.Unmarshal(raw, &number) == nil {
		*t = Text(number)
	}
	return nil
}
