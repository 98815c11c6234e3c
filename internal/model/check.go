package model

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// check compares what can be asked with the model after a step.
func (w *world) check(s step) error {
	c := w.contacts[s.contact]
	for i := range w.guards {
		if err := w.checkBatch(s.account, c, i); err != nil {
			return err
		}
	}
	// One Gate and one Send, each of any contact, account and spelling.
	for range 2 {
		account, other := w.checks.IntN(2), w.contacts[w.checks.IntN(len(w.contacts))]
		if w.checks.IntN(2) == 0 {
			account, other = s.account, c
		}
		if err := w.checkGate(account, other, w.anySpelling(other), w.checks.IntN(len(w.guards))); err != nil {
			return err
		}
	}
	if w.checks.IntN(8) > 0 {
		return nil
	}
	account := w.checks.IntN(2)
	if err := w.checkBatch(account^1, w.contacts[w.checks.IntN(len(w.contacts))], w.checks.IntN(len(w.guards))); err != nil {
		return err
	}
	if err := w.checkFault(s.account, c); err != nil {
		return err
	}
	return w.checkLists(account)
}

// checkAll compares everything, at the end of a world.
func (w *world) checkAll() error {
	for account := range w.accounts {
		for _, c := range w.contacts {
			for i := range w.guards {
				if err := w.checkBatch(account, c, i); err != nil {
					return err
				}
			}
			for range allSpellings {
				sp := w.anySpelling(c)
				if err := w.checkGate(account, c, sp, w.checks.IntN(len(w.guards))); err != nil {
					return err
				}
			}
			if err := w.checkHistory(account, c); err != nil {
				return err
			}
		}
		if err := w.checkLists(account); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) anySpelling(c *contact) spelling {
	for {
		if s := allSpellings[w.checks.IntN(len(allSpellings))]; c.has(s) {
			return s
		}
	}
}

// checkBatch asks for all spellings of a contact at once, some of them twice.
func (w *world) checkBatch(account int, c *contact, guard int) error {
	var spelled []spelling
	var numbers []string
	for _, s := range allSpellings {
		if c.has(s) {
			spelled, numbers = append(spelled, s), append(numbers, c.spell(s))
		}
	}
	spelled, numbers = append(spelled, spelled[0]), append(numbers, numbers[0])
	w.checks.Shuffle(len(spelled), func(i, j int) {
		spelled[i], spelled[j] = spelled[j], spelled[i]
		numbers[i], numbers[j] = numbers[j], numbers[i]
	})
	decisions, err := w.guards[guard].GateBatch(w.ctx, w.accounts[account], numbers)
	if err != nil {
		return fmt.Errorf("GateBatch: %w", err)
	}
	if len(decisions) != len(numbers) {
		return fmt.Errorf("GateBatch answers %d of %d numbers", len(decisions), len(numbers))
	}
	for i, d := range decisions {
		v := w.view(account, c, spelled[i], w.guards[guard])
		if err := v.agrees(d, w.guards[guard].options.RequireOptIn); err != nil {
			return fmt.Errorf("GateBatch, guard %d, account %d, %s: %w", guard, account, numbers[i], err)
		}
	}
	return nil
}

// checkGate asks Gate and Send.
func (w *world) checkGate(account int, c *contact, sp spelling, guard int) error {
	g, number := w.guards[guard], c.spell(sp)
	v := w.view(account, c, sp, g)
	where := fmt.Sprintf("guard %d, account %d, %s", guard, account, number)
	d, err := g.Gate(w.ctx, w.accounts[account], number)
	if err != nil && !errors.Is(err, optout.ErrInvalidNumber) {
		return fmt.Errorf("gate of %s: %w", where, err)
	}
	if err := v.agrees(d, g.options.RequireOptIn); err != nil {
		return fmt.Errorf("gate of %s: %w", where, err)
	}
	if (d.Reason == optout.ReasonInvalidNumber) != (err != nil) {
		return fmt.Errorf("gate of %s: reason %s, error %v", where, d.Reason, err) //nolint:errorlint // it may be nil
	}
	sent := ""
	err = g.Send(w.ctx, w.accounts[account], number, func(_ context.Context, to string) error {
		sent = to
		return nil
	})
	switch {
	case (sent != "") != d.Allowed, (err == nil) != d.Allowed:
		return fmt.Errorf("send to %s: sent %v, error %v, allowed %v", where, sent != "", err, d.Allowed) //nolint:errorlint // it may be nil
	case d.Allowed && sent != cmp.Or(v.reading.to, v.reading.lines[0]):
		return fmt.Errorf("send to %s: sent to %s", where, sent)
	case d.Reason == optout.ReasonOptedOut && !errors.Is(err, optout.ErrOptedOut),
		d.Reason == optout.ReasonHeld && !errors.Is(err, optout.ErrHeld),
		d.Reason == optout.ReasonNoConsent && !errors.Is(err, optout.ErrNoConsent):
		return fmt.Errorf("send to %s: %s: error %w", where, d.Reason, err)
	}
	return nil
}

// agrees compares a Decision with the model.
func (v view) agrees(d optout.Decision, requireOptIn bool) error {
	var wrong string
	switch allowed := d.Reason == optout.ReasonOptedIn || d.Reason == optout.ReasonNotOptedOut; {
	case allowed != d.Allowed:
		wrong = "Allowed and Reason differ"
	case v.blocked() == yes && d.Allowed:
		wrong = "the gate is open"
	case v.reading.sends == maybe && d.Reason == optout.ReasonInvalidNumber:
		return nil // whether the digits are a number is left open, and the gate is closed
	case v.out == yes && d.Reason != optout.ReasonOptedOut:
		wrong = "opted out"
	case v.out == no && v.held == yes && d.Reason != optout.ReasonHeld:
		wrong = "held"
	case v.out == no && d.Reason == optout.ReasonOptedOut, v.held == no && d.Reason == optout.ReasonHeld:
		wrong = "nothing blocks"
	case v.reading.sends == no && d.Allowed:
		wrong = "nobody can be sent to"
	case v.reading.sends == yes && d.Reason == optout.ReasonInvalidNumber:
		wrong = "it is a number"
	case requireOptIn && d.Reason == optout.ReasonNotOptedOut, requireOptIn && v.in == no && d.Allowed:
		wrong = "nobody opted in"
	case requireOptIn && v.in == yes && d.Reason == optout.ReasonNoConsent:
		wrong = "the contact opted in"
	case !requireOptIn && d.Reason == optout.ReasonNoConsent:
		wrong = "nobody asks for consent"
	case d.Reason == optout.ReasonStoreError || d.Reason == optout.ReasonInvalidAccount:
		wrong = "no error was there"
	default:
		return nil
	}
	return fmt.Errorf("%s: reason %q; the model says out %v, held %v, in %v", wrong, d.Reason, v.out, v.held, v.in)
}

// checkFault asks the gate while the store fails.
func (w *world) checkFault(account int, c *contact) error {
	numbers := []string{c.spell(w.anySpelling(c)), c.spell(w.anySpelling(c))}
	g := w.guards[w.checks.IntN(len(w.guards))]
	w.store.arm(fault{call: 1, after: w.checks.IntN(2) == 0})
	d, err := g.Gate(w.ctx, w.accounts[account], numbers[0])
	if fired := w.store.disarm(); d.Allowed && fired || fired && err == nil {
		return fmt.Errorf("the store fails: Gate answers %v, error %v", d.Reason, err) //nolint:errorlint // it may be nil
	}
	w.store.arm(fault{call: 1, after: w.checks.IntN(2) == 0})
	decisions, err := g.GateBatch(w.ctx, w.accounts[account], numbers)
	if fired := w.store.disarm(); fired && (err == nil || slices.ContainsFunc(decisions, func(d optout.Decision) bool { return d.Allowed })) {
		return fmt.Errorf("the store fails: GateBatch answers %v, error %v", decisions, err) //nolint:errorlint // it may be nil
	}
	return nil
}

// checkLists compares the opt-out list and the reviews of an account.
func (w *world) checkLists(account int) error {
	g := w.guards[w.checks.IntN(len(w.guards))]
	listed, err := w.listed(g, account)
	if err != nil {
		return err
	}
	waiting, err := w.waiting(g, account)
	if err != nil {
		return err
	}
	for _, c := range w.contacts {
		if err := c.checkListed(account, listed); err != nil {
			return err
		}
		if err := c.checkWaiting(account, waiting); err != nil {
			return err
		}
	}
	return nil
}

// listed returns the numbers of the opt-out list.
func (w *world) listed(g guard, account int) (map[string]bool, error) {
	listed := make(map[string]bool)
	for state, err := range g.OptedOut(w.ctx, w.accounts[account]) {
		switch number := state.Key.Number; {
		case err != nil:
			return nil, fmt.Errorf("list: %w", err)
		case state.Key.Account != w.accounts[account] || state.Status != store.OptedOut:
			return nil, fmt.Errorf("the list has a state of account %s that is %v", state.Key.Account, state.Status)
		case listed[number]:
			return nil, fmt.Errorf("the list has %s twice", number)
		default:
			listed[number] = true
		}
	}
	return listed, nil
}

// text is a text that waits for a person.
type text struct{ from, text, at string }

func (w *world) waiting(g guard, account int) (map[text]bool, error) {
	waiting := make(map[text]bool)
	for review, err := range g.Reviews(w.ctx, w.accounts[account]) {
		switch {
		case err != nil:
			return nil, fmt.Errorf("reviews: %w", err)
		case review.Key.Account != w.accounts[account] || review.Action != store.Hold:
			return nil, fmt.Errorf("the reviews have a record of account %s that is %v", review.Key.Account, review.Action)
		}
		waiting[text{review.From, review.Text, review.At.String()}] = true
	}
	return waiting, nil
}

func (c *contact) checkListed(account int, listed map[string]bool) error {
	for _, name := range c.names(account) {
		out := c.keys[account][name].standing(nil).out
		if c.older != "" && listed[c.newer] && listed[c.older] {
			return fmt.Errorf("the list has %s in two spellings", name)
		}
		if c.older != "" && name == c.newer && listed[c.older] { // a write that failed has left it under one spelling
			listed[c.newer] = true
			delete(listed, c.older)
		}
		if name[0] != '#' && (out == yes && !listed[name] || out == no && listed[name]) {
			return fmt.Errorf("the list has %s: %v; the model says out %v", name, listed[name], out)
		}
	}
	return nil
}

func (c *contact) checkWaiting(account int, waiting map[text]bool) error {
	may := make(map[text]bool)
	for _, name := range c.names(account) {
		k := c.keys[account][name]
		out, number := k.standing(nil).out, name[0] != '#'
		for _, e := range k.events {
			if e.want != wantHold {
				continue
			}
			one := stands(e, k.ins(e), k.events)
			if !number { // it may wait here after it has ended elsewhere
				one, out = stands(e, nil, nil), no
			}
			if out == yes || one.held == no {
				continue
			}
			t := text{e.from, e.text, e.at.String()}
			may[t] = true
			blank := text{"", "", e.at.String()}
			if number && out == no && one.held == yes && !waiting[t] && !(e.erased && waiting[blank]) {
				return fmt.Errorf("the reviews lack %q from %s", e.text, e.from)
			}
		}
	}
	for t := range waiting {
		if c.isFrom(t.from) && !may[t] {
			return fmt.Errorf("the reviews have %q from %s, which does not wait", t.text, t.from)
		}
	}
	return nil
}

func (c *contact) isFrom(raw string) bool {
	for _, s := range allSpellings {
		if c.has(s) && c.spell(s) == raw {
			return true
		}
	}
	return false
}

// checkHistory looks for every acknowledged message and request in the history.
func (w *world) checkHistory(account int, c *contact) error {
	for _, done := range w.done {
		s := done.step
		if s.account != account || w.contacts[s.contact] != c || !done.stored {
			continue
		}
		a := arrival{step: s, contact: c, guard: w.guards[s.guard], out: optout.Outcome{EventID: done.id}, event: s.eventOf(c, s.now)}
		if err := w.recorded(a, done.action); err != nil {
			return fmt.Errorf("at the end, of step #%d: %w", s.serial, err)
		}
	}
	return nil
}
