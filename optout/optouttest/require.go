package optouttest

import (
	"context"
	"fmt"
	"strings"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// RequireBlocked ends a test if a message to the number may be sent, or may not for another
// reason than the given one. A mistyped number is blocked too, as ReasonInvalidNumber, and
// shows nothing about an opt-out.
func RequireBlocked(t TB, g *optout.Guard, account, number string, reason optout.Reason) {
	t.Helper()
	decision, err := g.Gate(context.WithoutCancel(t.Context()), account, number)
	switch {
	case decision.Allowed:
		t.Fatalf("optouttest: a message to %s in %s is allowed (%s), want blocked: %s", number, account, decision.Reason, reason)
	case decision.Reason != reason:
		t.Fatalf("optouttest: %s in %s is blocked: %s, want: %s%s", number, account, decision.Reason, reason, because(err))
	}
}

// RequireAllowed ends a test if no message to the number may be sent.
func RequireAllowed(t TB, g *optout.Guard, account, number string) {
	t.Helper()
	if decision, err := g.Gate(context.WithoutCancel(t.Context()), account, number); err != nil || !decision.Allowed {
		t.Fatalf("optouttest: %s in %s is blocked: %s, want allowed%s", number, account, decision.Reason, because(err))
	}
}

func because(err error) string {
	if err == nil {
		return ""
	}
	return ": " + err.Error()
}

// RequireRecorded returns the record of the number that has the fields of want, of which it
// compares those that are not zero. It ends a test if no record has them, or more than one:
// a message that was delivered again is recorded once.
//
//	optouttest.RequireRecorded(t, guard, "acme", "+14155550123", store.Event{Action: store.OptOut, Text: "Stop!"})
//
// The ID of a record is [optout.Outcome.EventID]. Of a Message it is the ID of the Message,
// of a Request "request:" and the ID of the Request.
func RequireRecorded(t TB, g *optout.Guard, account, number string, want store.Event) store.Record {
	t.Helper()
	records, err := history(context.WithoutCancel(t.Context()), g, account, number)
	if err != nil {
		t.Fatalf("optouttest: the history of %s in %s cannot be read: %v", number, account, err)
		return store.Record{}
	}
	var found []store.Record
	for _, record := range records {
		if has(record.Event, want) {
			found = append(found, record)
		}
	}
	if len(found) != 1 {
		t.Fatalf("optouttest: %d records of %s in %s are as wanted, want 1; recorded:%s", len(found), number, account, list(records))
		return store.Record{}
	}
	return found[0]
}

// has reports whether an event has the fields of another one that are not zero.
func has(ev, want store.Event) bool {
	if !want.At.IsZero() && !want.At.Truncate(store.Precision).Equal(ev.At) {
		return false
	}
	if !want.ReceivedAt.IsZero() && !want.ReceivedAt.Truncate(store.Precision).Equal(ev.ReceivedAt) {
		return false
	}
	if want.Action != store.NoAction && want.Action != ev.Action {
		return false
	}
	for _, text := range [...]struct{ want, got string }{
		{want.ID, ev.ID},
		{want.Key.Account, ev.Key.Account},
		{want.Key.Number, ev.Key.Number},
		{string(want.Source), string(ev.Source)},
		{want.From, ev.From},
		{want.To, ev.To},
		{want.Text, ev.Text},
		{want.Keyword, ev.Keyword},
		{want.KeywordSet, ev.KeywordSet},
		{want.Actor, ev.Actor},
		{want.Note, ev.Note},
	} {
		if text.want != "" && text.want != text.got {
			return false
		}
	}
	return true
}

// list is for the text of a failure.
func list(records []store.Record) string {
	if len(records) == 0 {
		return " nothing"
	}
	var text strings.Builder
	for _, r := range records {
		fmt.Fprintf(&text, "\n\t%v %q from %q, text %q, source %q", r.Action, r.ID, r.From, r.Text, r.Source)
	}
	return text.String()
}
