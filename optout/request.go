package optout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// Request records what a contact asked for by other means than a text message.
type Request struct {
	ID      string       // by which a repetition is recognised; as in Message
	Account string       // as in Message
	Number  string       // the contact's
	At      time.Time    // when the contact acted; as in Message
	Source  store.Source // where it came from; defaults to store.SourceAgent

	Actor string // who recorded it
	Note  string // how it was asked for
	Text  string // the words of the request, or those that were consented to
}

// OptOut records an opt-out by phone, mail, web, carrier, import: any reasonable
// means. Nothing was texted, so there is no reply. An error means that it is not
// known to be stored.
//
// What is no phone number is recorded as it is, and Outcome.NoNumber tells: an
// agent has mistyped it, or the row of a list is a heading.
func (g *Guard) OptOut(ctx context.Context, r Request) (Outcome, error) {
	s, err := g.ready(r.Account)
	if err != nil {
		return Outcome{}, err
	}
	a := g.address(r.Number)
	if a.Key == "" {
		return Outcome{}, invalidMessage("Number", errNumber(r.Number))
	}
	return g.request(ctx, s, r, a, store.OptedOut)
}

// RecordConsent records the proof of a first opt-in, made elsewhere. It never
// lifts an opt-out, which only the contact can do, by texting START: then the
// error is [ErrOptedOut], and the history keeps the attempt.
func (g *Guard) RecordConsent(ctx context.Context, r Request) (Outcome, error) {
	if r.Source == store.SourceKeyword {
		return Outcome{}, fmt.Errorf("%w: Source: only Receive records the contact's own keyword", ErrInvalidMessage)
	}
	s, err := g.ready(r.Account)
	if err != nil {
		return Outcome{}, err
	}
	a := g.address(r.Number)
	if !a.Valid {
		return Outcome{}, invalidMessage("Number", errNumber(r.Number))
	}
	if a.Other != "" {
		other, err := states(ctx, s, r.Account, []string{a.Other})
		if err != nil {
			return Outcome{}, err
		}
		if other[0].Status == store.OptedOut {
			a.Key = a.Other // the reading by which the gate blocks: the attempt belongs there
		}
		a.Other = "" // consent goes under one reading
	}
	out, err := g.request(ctx, s, r, a, store.OptedIn)
	if errors.Is(err, store.ErrIDReused) {
		now, readErr := states(ctx, s, r.Account, a.Readings())
		if readErr == nil && now[0].Status == store.OptedOut {
			out.State, out.Superseded = now[0], true
			return out, fmt.Errorf("%w: %w", ErrOptedOut, err)
		}
	}
	if err == nil && out.State.Status == store.OptedOut {
		return out, ErrOptedOut
	}
	return out, err
}

func (g *Guard) request(ctx context.Context, s store.Store, r Request, a address, status store.Status) (Outcome, error) {
	var out Outcome
	if r.Source == "" {
		r.Source = store.SourceAgent
	}
	now := g.now()
	ev := store.Event{
		ID:         eventID(r.ID),
		Key:        store.Key{Account: r.Account, Number: a.Key},
		Status:     status,
		At:         usableTime(r.At, now),
		ReceivedAt: receivedAt(time.Time{}, now),
		Source:     r.Source,
		From:       r.Number,
		Text:       r.Text,
		Actor:      r.Actor,
		Note:       r.Note,
	}
	if _, err := ev.Normalize(); err != nil { // a Source that no store takes
		return out, fmt.Errorf("%w: %w", ErrInvalidMessage, err)
	}
	out.EventID, out.NoNumber = ev.ID, !a.Valid
	done, err := record(ctx, s, ev, a)
	done.describe(&out)
	return out, err
}
