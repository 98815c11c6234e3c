package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// resolve settles a text that was recorded.
func (w *world) resolve(s step) error {
	target := w.done[s.target]
	if target == nil || target.source != store.SourceText {
		return nil // it was never recorded
	}
	c, g := w.contacts[s.contact], w.guards[s.guard]
	if target.record == nil || s.serial%3 == 0 {
		a := arrival{step: target.step, contact: c, guard: w.guards[target.step.guard], out: optout.Outcome{EventID: target.id}}
		a.event = target.step.eventOf(c, target.step.now)
		a.event.source = target.source
		found, err := w.find(a, target.action)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return errors.New("an acknowledged text is not in the history")
		}
		target.record = &found[s.serial%len(found)]
	}
	record := *target.record
	if s.forged {
		model := target.step.eventOf(c, target.step.now)
		switch {
		case s.serial%3 == 0:
			record.ID += "?"
		case s.serial%3 == 1, c.mayBeErased(s.account, model.id):
			record.At = record.At.Add(time.Second)
		default:
			record.Text += "!"
		}
	}
	verdict := optout.VerdictNoRequest
	if s.request {
		verdict = optout.VerdictRequest
	}
	fired, err := w.call(s, func(ctx context.Context) error {
		_, err := g.Resolve(ctx, optout.Resolution{
			Account: w.accounts[s.account], Review: record, Verdict: verdict, Actor: person,
		})
		return err
	})
	switch {
	case s.forged && err == nil, s.cancelled && err == nil:
		return errors.New("resolve: the error is nil")
	case s.forged || s.cancelled:
		return nil
	case err != nil && !fired:
		return fmt.Errorf("resolve: %w", err)
	}
	w.settle(s, target, record, c, g, err == nil)
	return nil
}

// is reports an event of the same text.
func (e *event) is(text event) bool {
	return e.id == text.id && e.reviewed() && e.text == text.text && e.at.Equal(text.at)
}

// settle notes a verdict at each event that the review settles.
func (w *world) settle(s step, target *sent, record store.Record, c *contact, g guard, acknowledged bool) {
	model := target.step.eventOf(c, target.step.now)
	if target.step.id == "" {
		model.id = fmt.Sprintf("none %d", target.step.serial)
	}
	mine := c.keysOf(s.account, target.step.spelling, c.read(target.step.spelling, g.region))
	for _, name := range c.names(s.account) {
		k := c.keys[s.account][name]
		for _, e := range k.events {
			if !e.is(model) {
				continue
			}
			// A text that was held and read as a request, by two policies, is one text. What
			// becomes of each reading of it is left open.
			twice := slices.ContainsFunc(k.events, func(other *event) bool { return other.is(model) && other.want != e.want }) ||
				(e.want == wantHold) != (target.action == store.Hold)
			same, all := e.receivedAt(record.ReceivedAt)
			// A text that was perhaps not stored here may be stored later, and wait again.
			sure := acknowledged && e.stored && all && !twice && (name == c.line(record.Key.Number) || slices.Contains(mine, k))
			if e.half || e.erased && name != c.line(record.Key.Number) { // nobody can tell that it is the same text
				sure = false
			}
			if same || len(e.tries) > 1 {
				e.reviews = append(e.reviews, review{request: s.request, sure: sure, order: w.order})
			}
		}
	}
}

// receivedAt reports whether one try of an event, and whether each, was received at t.
func (e *event) receivedAt(t time.Time) (one, all bool) {
	all = true
	for _, try := range e.tries {
		same := try.received.Truncate(store.Precision).Equal(t)
		one, all = one || same, all && same
	}
	return one, all
}
