package model

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// yes handles YES where it may confirm.
func (w *world) yes(a arrival) error {
	failed, err := a.failed()
	if a.step.cancelled && a.out.EventID == "" && a.err == nil {
		return nil
	}
	if err != nil || a.step.cancelled {
		return err
	}
	if a.err != nil && !failed {
		return fmt.Errorf("YES: %w", a.err)
	}
	first := a.contact.keysOf(a.step.account, a.step.spelling, a.before.reading)[0]
	var ask *event
	for _, e := range first.events {
		if e.want == wantAsk && (ask == nil || e.exists() >= ask.exists()) {
			ask = e
		}
	}
	unknown := w.asks(a)
	if failed {
		if ask != nil {
			a.event.counts = maybe
			first.store(a.event, a.try, false)
		}
		return nil
	}
	recorded, err := w.find(a, store.Consent)
	if err != nil {
		return err
	}
	known, _ := first.duplicate(&a.event, a.try.received)
	switch {
	case len(recorded) > 0 && ask == nil:
		return errors.New("YES counts, and nobody asked")
	case len(recorded) > 0 && known == no:
		a.event.counts = unknown
		first.store(a.event, a.try, true)
		return nil
	case len(recorded) > 0:
		first.store(a.event, a.try, true)
		return nil
	case ask == nil || !ask.stored || unknown != yes || a.event.id == ask.id || first.idUsed(&a.event) != no:
		return nil
	}
	sent, asked := a.event.at, ask.at
	if sent.IsZero() {
		sent = a.try.received
	}
	if asked.IsZero() {
		asked = ask.tries[len(ask.tries)-1].received
	}
	if passed := sent.Sub(asked); passed > 0 && passed < 29*24*time.Hour && len(ask.tries) == 1 {
		return errors.New("YES after the question does not count")
	}
	return nil
}

// consent handles a consent that the host recorded.
func (w *world) consent(a arrival) error {
	failed, err := a.failed()
	if err != nil || a.step.cancelled {
		return err
	}
	r := a.before.reading
	if len(r.lines) == 0 {
		if !failed && !errors.Is(a.err, optout.ErrInvalidNumber) {
			return fmt.Errorf("a consent of what is no phone number: %v", a.err) //nolint:errorlint // it may be nil
		}
		return nil
	}
	first := a.contact.keysOf(a.step.account, a.step.spelling, r)[0]
	a.event.counts = not(first.standing(nil).out)
	if a.event.counts == no && slices.ContainsFunc(first.events, func(e *event) bool { return e.want != wantHold && e.reviewed() }) {
		a.event.counts = maybe // a review may take back what blocks now
	}
	if r.sends != yes || a.before.out != no {
		// Where consent goes of digits that are not dialled here is left open.
		a.event.counts = min(a.event.counts, maybe)
	}
	used := first.idUsed(&a.event)
	switch {
	case failed:
		a.event.counts = min(a.event.counts, maybe)
		first.store(a.event, a.try, false)
		return nil
	case a.err == nil && a.before.out == yes:
		return errors.New("a consent of a contact who opted out: the error is nil")
	case errors.Is(a.err, optout.ErrOptedOut):
		if a.before.out == no {
			return fmt.Errorf("a consent: %w", a.err)
		}
		if used == no {
			first.store(a.event, a.try, false)
		}
		return nil
	case a.err == nil:
		if used == yes {
			if before, _ := first.duplicate(&a.event, a.try.received); before == no {
				return errors.New("a consent with the id of another action is not refused")
			}
		}
		first.store(a.event, a.try, r.sends == yes)
		w.done[a.step.serial] = &sent{step: a.step, id: a.out.EventID, action: store.Consent, source: a.event.source}
		return nil
	case errors.Is(a.err, store.ErrIDReused) && used != no:
		return nil
	case errors.Is(a.err, optout.ErrInvalidNumber) && r.sends != yes:
		return nil
	}
	return fmt.Errorf("a consent: %w", a.err)
}
