package storetest

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// diff names the fields in which got is not want; "" if they are the same.
func diff[T store.State | store.Record | store.Event](want, got T) string {
	if want == got {
		return ""
	}
	fields := diffFields("", reflect.ValueOf(want), reflect.ValueOf(got))
	const most = 4 // tell what went wrong
	if more := len(fields) - most; more > 0 {
		return fmt.Sprintf("%s, and %d more", strings.Join(fields[:most], ", "), more)
	}
	return strings.Join(fields, ", ")
}

// diffs compares two histories or listings.
func diffs[T store.State | store.Record](want, got []T) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d entries, want %d", len(got), len(want))
	}
	for i := range want {
		if d := diff(want[i], got[i]); d != "" {
			return fmt.Sprintf("entry %d: %s", i+1, d)
		}
	}
	return ""
}

// diffFields compares two structs, whose fields' names begin with a prefix.
func diffFields(prefix string, want, got reflect.Value) []string {
	var fields []string
	for i := range want.NumField() {
		field, w, g := want.Type().Field(i), want.Field(i), got.Field(i)
		name := prefix + field.Name
		wantAt, isTime := reflect.TypeAssert[time.Time](w)
		gotAt, _ := reflect.TypeAssert[time.Time](g)
		switch {
		case w.Equal(g), isTime && wantAt.Equal(gotAt): // in any zone
		case isTime, w.Kind() != reflect.Struct:
			fields = append(fields, fmt.Sprintf("%s is %s, want %s", name, show(g), show(w)))
		case field.Anonymous:
			fields = append(fields, diffFields(prefix, w, g)...)
		default:
			fields = append(fields, diffFields(name+".", w, g)...)
		}
	}
	return fields
}

func show(field reflect.Value) string {
	if field.Kind() == reflect.String {
		return quote(field.String())
	}
	if at, ok := reflect.TypeAssert[time.Time](field); ok {
		return showTime(at)
	}
	return fmt.Sprint(field.Interface())
}

func showKey(key store.Key) string { return quote(key.Account) + " " + quote(key.Number) }

func showEvent(ev store.Event) string {
	return fmt.Sprintf("id %s, %v, at %s, received at %s, source %s",
		quote(ev.ID), ev.Action, showTime(ev.At), showTime(ev.ReceivedAt), quote(string(ev.Source)))
}

func showTime(t time.Time) string {
	if t.IsZero() {
		return "zero"
	}
	return t.Format(time.RFC3339Nano)
}

// quote shows the ends of a text: the rest of a long one helps nobody.
func quote(text string) string {
	const head, tail = 60, 20
	if len(text) <= head+tail {
		return strconv.Quote(text)
	}
	return fmt.Sprintf("%q…%q (%d bytes)", text[:head], text[len(text)-tail:], len(text))
}
