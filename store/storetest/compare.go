package storetest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// diff collects the fields in which two values differ.
type diff struct{ fields []string }

// String names the first few, which tell what went wrong.
func (d *diff) String() string {
	const most = 4
	if more := len(d.fields) - most; more > 0 {
		return fmt.Sprintf("%s, and %d more", strings.Join(d.fields[:most], ", "), more)
	}
	return strings.Join(d.fields, ", ")
}

func (d *diff) add(same bool, field, want, got string) {
	if !same {
		d.fields = append(d.fields, fmt.Sprintf("%s is %s, want %s", field, got, want))
	}
}

func (d *diff) text(field, want, got string) {
	d.add(want == got, field, quote(want), quote(got))
}

func (d *diff) time(field string, want, got time.Time) {
	d.add(want.Equal(got), field, showTime(want), showTime(got))
}

// word compares an Action or a Status.
func (d *diff) word(field string, want, got fmt.Stringer) {
	d.add(want == got, field, want.String(), got.String())
}

func (d *diff) key(want, got store.Key) {
	d.text("Key.Account", want.Account, got.Account)
	d.text("Key.Number", want.Number, got.Number)
}

// diffState names the fields in which got is not want; "" if they are the same.
func diffState(want, got store.State) string {
	var d diff
	d.key(want.Key, got.Key)
	d.word("Status", want.Status, got.Status)
	d.word("Action", want.Action, got.Action)
	d.time("At", want.At, got.At)
	d.time("ReceivedAt", want.ReceivedAt, got.ReceivedAt)
	d.time("RecordedAt", want.RecordedAt, got.RecordedAt)
	d.text("Source", string(want.Source), string(got.Source))
	d.text("EventID", want.EventID, got.EventID)
	return d.String()
}

// diffRecord names the fields in which got is not want; "" if they are the same.
func diffRecord(want, got store.Record) string {
	var d diff
	d.text("ID", want.ID, got.ID)
	d.key(want.Key, got.Key)
	d.word("Action", want.Action, got.Action)
	d.time("At", want.At, got.At)
	d.time("ReceivedAt", want.ReceivedAt, got.ReceivedAt)
	d.text("Source", string(want.Source), string(got.Source))
	d.text("From", want.From, got.From)
	d.text("To", want.To, got.To)
	d.text("Text", want.Text, got.Text)
	d.text("Keyword", want.Keyword, got.Keyword)
	d.text("KeywordSet", want.KeywordSet, got.KeywordSet)
	d.text("Actor", want.Actor, got.Actor)
	d.text("Note", want.Note, got.Note)
	d.time("RecordedAt", want.RecordedAt, got.RecordedAt)
	d.word("Prior", want.Prior, got.Prior)
	d.add(want.Effective == got.Effective, "Effective", strconv.FormatBool(want.Effective), strconv.FormatBool(got.Effective))
	return d.String()
}

// diffEvent compares an event with a record of it.
func diffEvent(want store.Event, got store.Record) string {
	return diffRecord(store.Record{Event: want, RecordedAt: got.RecordedAt, Prior: got.Prior, Effective: got.Effective}, got)
}

// diffRecords compares two histories.
func diffRecords(want, got []store.Record) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d records, want %d", len(got), len(want))
	}
	for i := range want {
		if d := diffRecord(want[i], got[i]); d != "" {
			return fmt.Sprintf("record %d: %s", i+1, d)
		}
	}
	return ""
}

// diffStates compares two listings.
func diffStates(want, got []store.State) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d states, want %d", len(got), len(want))
	}
	for i := range want {
		if d := diffState(want[i], got[i]); d != "" {
			return fmt.Sprintf("state %d: %s", i+1, d)
		}
	}
	return ""
}

func showKey(key store.Key) string { return quote(key.Account) + " " + quote(key.Number) }

func showEvent(ev store.Event) string {
	return fmt.Sprintf("id %s, %v, at %s, source %s", quote(ev.ID), ev.Action, showTime(ev.At), quote(string(ev.Source)))
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
