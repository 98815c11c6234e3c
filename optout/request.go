package optout

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// Request records what a contact asked for by other means than a text message.
type Request struct {
	ID      string       // by which a repetition is recognised; an empty one gets a random id
	Account string       // as in Message
	Number  string       // the contact's
	At      time.Time    // when the contact acted; zero: not known
	Source  store.Source // where it came from; defaults to store.SourceAgent

	Actor string // who recorded it
	Note  string // how it was asked for
	Text  string // the words of the request, or those that were consented to
}

// OptOut records an opt-out by phone, mail, web, carrier, import: any reasonable
// means. Nothing was texted, so there is no reply. An error means that it is not
// known to be stored.
func (g *Guard) OptOut(ctx context.Context, r Request) (Outcome, error) {
	out, _, err := g.request(ctx, r, store.OptedOut)
	return out, err
}

// RecordConsent records the proof of a first opt-in, made elsewhere. It never
// lifts an opt-out, which only the contact can do, by texting START: then the
// error is [ErrOptedOut], and the history keeps the attempt.
func (g *Guard) RecordConsent(ctx context.Context, r Request) (Outcome, error) {
	if r.Source == store.SourceKeyword {
		return Outcome{}, fmt.Errorf("%w: Source: only Receive records the contact's own keyword", ErrInvalidMessage)
	}
	out, a, err := g.request(ctx, r, store.OptedIn)
	if err != nil {
		return out, err
	}
	if a.other != "" && out.State.Status != store.OptedOut {
		// The gate would block by the second reading; say so here as well.
		second, err := states(ctx, g.store, r.Account, []string{a.other})
		if err != nil {
			return out, err
		}
		if second[0].Status == store.OptedOut {
			out.State, out.Superseded = second[0], true
		}
	}
	if out.State.Status == store.OptedOut {
		return out, ErrOptedOut
	}
	return out, nil
}

func (g *Guard) request(ctx context.Context, r Request, status store.Status) (Outcome, address, error) {
	var out Outcome
	s, err := g.ready(r.Account)
	if err != nil {
		return out, address{}, err
	}
	a := g.address(r.Number)
	if a.key == "" || status == store.OptedIn && !a.valid {
		return out, a, fmt.Errorf("Number: %w", errNumber(r.Number))
	}
	if r.Source == "" {
		r.Source = store.SourceAgent
	}
	now := g.now()
	ev := store.Event{
		ID:         eventID(r.ID),
		Key:        store.Key{Account: r.Account, Number: a.key},
		Status:     status,
		At:         usableTime(r.At, now),
		ReceivedAt: now,
		Source:     r.Source,
		From:       r.Number,
		Text:       r.Text,
		Actor:      r.Actor,
		Note:       r.Note,
	}
	if _, err := ev.Normalize(); err != nil { // a Source that no store takes
		return out, a, fmt.Errorf("%w: %w", ErrInvalidMessage, err)
	}
	out.EventID = ev.ID
	done, err := record(ctx, s, ev, a)
	done.describe(&out)
	return out, a, err
}
