package optout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// Request is what a contact asked for by other means than a text message.
type Request struct {
	ID      string       // recognises a repeated Request; a Message with the same ID is another event
	Account string       // as in Message
	Number  string       // the contact's
	Source  store.Source // where it came from; defaults to store.SourceAgent

	// At is when the contact acted; zero means not known. A time counts as not known too
	// if it is before 2000, less than 5 minutes ago, or in the future. Without At the
	// order of arrival decides.
	At time.Time

	Actor string // who recorded it
	Note  string // how it was asked for
	Text  string // the words of the request, or those that were consented to
}

// RecordOptOut records an opt-out by phone, mail, web, carrier, import: any reasonable
// means. Nothing was texted, so there is no reply. An error means that it is not
// known to be stored.
//
// A text that is no phone number is recorded as it is, and Outcome.NoNumber reports it:
// an agent has mistyped the number, or the row of a list is a heading.
func (g *Guard) RecordOptOut(ctx context.Context, r Request) (Outcome, error) {
	s, err := g.ready(r.Account)
	if err != nil {
		return Outcome{}, err
	}
	n := g.r().numbers.Read(r.Number)
	ev, out, err := g.event(r, &n, store.OptOut)
	if err != nil {
		return out, err
	}
	done, err := g.record(ctx, s, ev, &n)
	done.describe(&out)
	return out, err
}

// RecordConsent records the proof of a first opt-in, made elsewhere. It never
// lifts an opt-out, which only the contact can do, by texting START: then the
// error is [ErrOptedOut], and the history keeps the attempt.
func (g *Guard) RecordConsent(ctx context.Context, r Request) (Outcome, error) {
	s, err := g.ready(r.Account)
	if err != nil {
		return Outcome{}, err
	}
	n := g.r().numbers.Read(r.Number)
	if !n.Valid && number.Twin(n.Key) == "" { // the older spelling of a line is no number today, and still names the contact
		return Outcome{}, invalidMessage("Number", errNumber(r.Number, &n))
	}
	ev, out, err := g.event(r, &n, store.Consent)
	if err != nil {
		return out, err
	}
	now, err := g.read(ctx, s, r.Account, &n)
	if err != nil {
		return out, err
	}
	if now.state.Status == store.OptedOut {
		if n.Other != "" && slices.Contains(spellings(n.Other), now.state.Key.Number) {
			out.State, out.Superseded = now.state, true // another contact's: the attempt is not kept there
			return out, ErrOptedOut
		}
		ev.Key = now.state.Key // the key by which the gate blocks: the attempt belongs there
	} else {
		ev.Key = now.number().Key // the spelling that is known
	}
	result, err := appendEvent(ctx, s, ev)
	if errors.Is(err, store.ErrIDReused) {
		now, readErr := g.read(ctx, s, r.Account, &n)
		if readErr == nil && now.state.Status == store.OptedOut {
			out.State, out.Superseded = now.state, true
			return out, fmt.Errorf("%w: %w", ErrOptedOut, err)
		}
	}
	if err != nil {
		return out, err
	}
	recorded{results: []store.Result{result}}.describe(&out)
	if out.State.Status == store.OptedOut {
		return out, ErrOptedOut
	}
	return out, nil
}

// event makes the event of a request.
func (g *Guard) event(r Request, n *number.Number, action store.Action) (store.Event, Outcome, error) {
	if n.Key == "" {
		return store.Event{}, Outcome{}, invalidMessage("Number", errNumber(r.Number, n))
	}
	if r.Source == "" {
		r.Source = store.SourceAgent
	}
	now := g.r().now()
	at := given(r.At, now)
	if at.After(now.Add(-clockSkew)) {
		at = time.Time{}
	}
	ev := store.Event{
		ID:         requestID(r.ID),
		Key:        store.Key{Account: r.Account, Number: n.Key},
		Action:     action,
		At:         at,
		ReceivedAt: receivedAt(time.Time{}, now),
		Source:     r.Source,
		From:       r.Number,
		Text:       r.Text,
		Actor:      r.Actor,
		Note:       r.Note,
	}
	out := Outcome{EventID: ev.ID, NoNumber: !n.Valid}
	if _, err := ev.Normalize(); err != nil { // a Source that no store takes
		return ev, out, fmt.Errorf("%w: %w", ErrInvalidMessage, err)
	}
	return ev, out, nil
}
