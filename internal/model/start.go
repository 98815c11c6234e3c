package model

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seed-f10031e4/consent/store"
)

// start handles the contact's own opt-in.
func (w *world) start(a arrival) error {
	failed, err := a.failed()
	if err != nil || a.step.cancelled {
		return err
	}
	keys := a.contact.keysOf(a.step.account, a.step.spelling, a.before.reading)
	a.event.bare = a.before.reading.abroad
	if handled, err := w.reused(a, keys); handled || err != nil {
		return err
	}
	if a.err != nil && !failed {
		return fmt.Errorf("an opt-in: %w", a.err)
	}
	asks, err := w.question(a, keys[0], failed)
	if err != nil || asks == yes {
		return err
	}
	return w.restart(a, keys, failed)
}

// reused handles a START whose id belongs to another action, and reports whether there is
// nothing more to do.
func (w *world) reused(a arrival, keys []*key) (handled bool, err error) {
	first, digits := keys[0], keys[len(keys)-1]
	used := first.idUsed(&a.event)
	before, _ := first.duplicate(&a.event, a.try.received)
	again, _ := digits.duplicate(&a.event, a.try.received)
	refused := errors.Is(a.err, store.ErrIDReused)
	switch {
	case refused && a.before.reading.noPlus && digits.idUsed(&a.event) != no:
		first.store(a.event, a.try, false) // the id is another action's under the digits alone
		return true, nil
	case a.err == nil && used == yes && (a.event.bare || a.before.reading.noPlus && (a.event.at.IsZero() || again != no)):
		digits.store(a.event, a.try, false) // it counts under the digits alone
		for _, k := range keys[:len(keys)-1] {
			back := a.event
			back.want = wantTakeBack
			k.store(back, a.try, false) // and may take back what the same digits caused
		}
		return true, nil
	case refused && used != no:
		return true, nil
	case used != yes || before != no:
		return false, nil
	case a.err != nil: // it failed, and would be refused
		return true, nil //nolint:nilerr // it is expected
	}
	opted, err := w.find(a, store.OptIn)
	if err != nil {
		return false, err
	}
	asked := slices.IndexFunc(first.events, func(e *event) bool { return e.id == a.event.id && e.want == wantAsk })
	switch {
	case asked >= 0 && len(opted) > 0: // the START that asked counts, if at all, from when it came first
		question := *first.events[asked]
		for _, t := range question.tries {
			first.store(a.event, t, false)
		}
		if !question.stored { // perhaps nobody was asked under this number
			first.store(a.event, a.try, false)
		}
	case asked >= 0:
	case !a.guard.options.ConfirmOptIn || len(opted) > 0:
		return false, errors.New("an opt-in with the id of another action is not refused")
	default: // a START that only asks may have any id
		w.askedWith(first, a, true)
	}
	return true, nil
}

// question handles a START that only asks, and returns yes if it does.
func (w *world) question(a arrival, first *key, failed bool) (answer, error) {
	before, _ := first.duplicate(&a.event, a.try.received)
	asks := no
	if a.guard.options.ConfirmOptIn {
		asks = w.asks(a)
		if before == yes {
			// The START before may have counted under the digits alone.
			asks = min(maybe, is(a.before.reading.noPlus))
		}
	}
	if !failed && (asks != no || before == no && first.idUsed(&a.event) != no) {
		opted, err := w.find(a, store.OptIn)
		switch {
		case err != nil:
			return no, err
		case asks == yes && len(opted) > 0 && !a.before.reading.noPlus: // under the digits alone it may be known
			return no, errors.New("START of an unknown contact counts unasked")
		case asks == no && len(opted) == 0: // the question was stored before, and its answer was lost
			return yes, nil
		case asks == maybe && len(opted) > 0 && a.before.reading.refused: // there is no reply that tells
		case asks == maybe && len(opted) > 0:
			asks = is(a.out.Reply == a.guard.Replies().Confirm)
		case asks == maybe:
			asks = yes
		}
	}
	if asks == no {
		return no, nil
	}
	question := a.event
	question.want = wantAsk
	askedBefore, _ := first.duplicate(&question, a.try.received)
	w.askedWith(first, a, !failed && asks == yes)
	if asks == maybe || failed {
		return asks, nil
	}
	return yes, a.reply("START that asks", a.guard.Replies().Confirm, max(not(askedBefore), maybe))
}

// restart handles a START that counts.
func (w *world) restart(a arrival, keys []*key, failed bool) error {
	account, r, first := a.step.account, a.before.reading, keys[0]
	before, earlier := first.duplicate(&a.event, a.try.received)
	known := slices.ContainsFunc(a.contact.names(account), func(name string) bool {
		found, _ := a.contact.keys[account][name].duplicate(&a.event, a.try.received)
		return found != no
	})
	sure := !failed && a.surelyCounts(first, before, known)
	optIn := w.add(a, keys[:1], sure)[0]
	if len(keys) > 1 {
		keys[len(keys)-1].store(a.event, a.try, false) // under the digits alone
	}
	for _, line := range r.lines[min(1, len(r.lines)):] {
		k, back := a.contact.key(account, line), a.event
		back.want = wantTakeBack
		// A START that counted here under other Options is the same START.
		if before, same := k.duplicate(&a.event, a.try.received); before == no || same.digits != a.event.digits {
			k.store(back, a.try, sure)
		}
	}
	if failed {
		return nil
	}
	after := w.view(account, a.contact, a.step.spelling, a.guard)
	switch {
	case before == yes && !a.out.Duplicate && !r.noPlus && !earlier.bare:
		return errors.New("a redelivered opt-in is no Duplicate")
	case before == no && a.out.Duplicate && !known:
		return errors.New("a new opt-in is a Duplicate")
	case before == no:
		optIn.changed = w.restarted(a, first, after)
	}
	if before == no && !(known && r.noPlus) {
		if err := w.recorded(a, store.OptIn); err != nil {
			return err
		}
		w.done[a.step.serial] = &sent{step: a.step, id: a.out.EventID, action: store.OptIn, stored: true}
	}
	expected := maybe
	if before == no && !(known && r.noPlus) || before == yes && !r.noPlus && a.step.guard == w.guardOf(optIn) {
		expected = min(optIn.changed, not(after.blocked()), after.in)
	}
	return a.reply("START", replyOptIn, expected)
}

// surelyCounts reports whether a START counts under its number. before tells whether the
// number knows it, known whether any key of the contact does.
func (a arrival) surelyCounts(first *key, before answer, known bool) bool {
	r := a.before.reading
	switch {
	case r.noPlus && (known && before != yes || a.knownAtAnotherTime()):
		return false // a START that other Options know under the digits may not count again
	case r.noPlus && a.guard.region == "" && a.contact.newer != "":
		// It is kept under its digits alone. Digits in the other spelling of the line do not
		// show it, so a START in these with its id counts, as a newer START of the contact.
		return false
	default: // if it was not stored before, its id may be another action's
		return first.idUsed(&a.event) == no || before == yes
	}
}

// knownAtAnotherTime reports whether the id of a START belongs to a START of another time,
// under any key of the contact. Then it need not count.
func (a arrival) knownAtAnotherTime() bool {
	for _, k := range a.contact.keys[a.step.account] {
		for _, e := range k.events {
			if e.want == wantIn && e.id == a.event.id && !e.at.Equal(a.event.at) {
				return true
			}
		}
	}
	return false
}

// restarted reports whether a START changed what is to be answered.
func (w *world) restarted(a arrival, first *key, after view) answer {
	changed := max(a.before.first.out, a.before.first.held, min(a.before.blocked(), maybe))
	if a.guard.options.RequireOptIn {
		changed = max(changed, a.before.unknown())
	}
	if after.blocked() == maybe {
		changed = maybe
	}
	if a.before.reading.noPlus && w.startedElsewhere(a, first) {
		changed = min(changed, maybe)
	}
	return min(changed, not(after.blocked()))
}

// startedElsewhere reports a START of the contact under another number than first.
func (w *world) startedElsewhere(a arrival, first *key) bool {
	for _, k := range a.contact.keys[a.step.account] {
		if k != first && slices.ContainsFunc(k.events, func(e *event) bool { return e.want == wantIn }) {
			return true
		}
	}
	return false
}

// guardOf returns the Guard that an event came to first, -1 if that failed.
func (w *world) guardOf(e *event) int {
	if s := w.done[e.serial]; s != nil {
		return s.step.guard
	}
	return -1
}

// regionOf returns the region of guardOf.
func (w *world) regionOf(e *event) string {
	if i := w.guardOf(e); i >= 0 {
		return w.guards[i].region
	}
	return "none"
}

// asks reports whether START only asks: of a contact of whom nothing is in force.
func (w *world) asks(a arrival) answer {
	known := min(a.before.blocked(), maybe) // of a second reading it is left open
	for i, line := range a.before.reading.lines {
		k := a.contact.key(a.step.account, line)
		if i == 0 {
			one := k.standing(nil)
			known = max(known, one.out, one.held, k.optedIn())
		}
	}
	if a.before.reading.refused {
		known = maybe
	}
	return not(known)
}

func (w *world) askedWith(k *key, a arrival, acknowledged bool) {
	a.event.want = wantAsk
	k.store(a.event, a.try, acknowledged)
}
