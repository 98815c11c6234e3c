package model

import (
	"errors"
	"fmt"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// optOut handles an opt-out, or a text that is held.
func (w *world) optOut(a arrival) error {
	failed, err := a.failed()
	if err != nil || a.step.cancelled {
		return err
	}
	if a.err != nil && !failed {
		return fmt.Errorf("an opt-out: %w", a.err)
	}
	keys := a.contact.keysOf(a.step.account, a.step.spelling, a.before.reading)
	all, some := yes, no
	for _, k := range keys {
		before, _ := k.duplicate(&a.event, a.try.received)
		all, some = min(all, before), max(some, before)
	}
	once := keys[0].mayBe(&a.event, a.try.received) == 1
	events := w.add(a, keys, !failed)
	if failed {
		return nil
	}
	action := store.OptOut
	if a.event.want == wantHold {
		action = store.Hold
	}
	w.done[a.step.serial] = &sent{step: a.step, id: a.out.EventID, action: action, source: a.event.source, stored: true}
	after := w.view(a.step.account, a.contact, a.step.spelling, a.guard)
	switch {
	case all == yes && !a.out.Duplicate && len(keys) == 1: // under a second key a newer START may have left it out
		return errors.New("a redelivered opt-out or text is no Duplicate")
	case some == no && a.out.Duplicate:
		return errors.New("a new opt-out or text is a Duplicate")
	}
	if err := after.isIn(a.out.State.Status); err != nil {
		return err
	}
	if some == no {
		for _, e := range events {
			e.changed = a.before.optedOutBy(after)
		}
	}
	if err := w.recorded(a, action); err != nil {
		return err
	}
	if a.step.kind != stepReceive || a.event.want == wantHold {
		if a.out.Reply != "" {
			return fmt.Errorf("answered with %q", a.out.Reply)
		}
		return nil
	}
	changed := maybe // whether this message, now or at its first delivery, opted out
	switch {
	case some == no:
		changed = events[0].changed
	case all == yes && len(keys) == 1 && once && w.regionOf(events[0]) == a.guard.region:
		changed = events[0].changed
	}
	known := some
	if all != yes || len(keys) > 1 || !once { // it may be one of several, or known under another key
		known = min(some, maybe)
	}
	return a.reply("STOP", replyOptOut, min(changed, after.out, not(a.late(known, events[0]))))
}

// late reports whether an opt-out came too long ago to be answered: more than 5 minutes
// after its receipt, which is that of its first delivery if it is known to have come before.
func (a arrival) late(known answer, first *event) answer {
	tooOld := func(t try) answer { return is(a.step.now.Sub(t.received) > 5*time.Minute) }
	late := tooOld(a.try)
	if known == no || late == yes {
		return late
	}
	if known == maybe {
		return maybe
	}
	var stored blend // any of these deliveries may be the one that is stored
	for _, t := range first.tries {
		stored.add(tooOld(t))
	}
	return max(late, stored.answer)
}

// isIn compares the status of an Outcome with what should be in force.
func (v view) isIn(status store.Status) error {
	closed := status == store.OptedOut || status == store.Held
	if v.out == yes && status != store.OptedOut || v.held == yes && !closed || v.blocked() == no && closed {
		return fmt.Errorf("State.Status is %v, out %v, held %v", status, v.out, v.held)
	}
	return nil
}

// optedOutBy reports whether the contact opted out between two views.
func (v view) optedOutBy(after view) answer {
	switch {
	case v.outAll == yes || after.out == no:
		return no
	case v.out == no && after.out == yes:
		return yes
	default:
		return maybe
	}
}
