package model

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// hosts reports an event that the host can take back: an opt-out from an agent or an import,
// or a consent that it recorded itself.
func (e *event) hosts() bool {
	switch e.want {
	case wantOut:
		return e.source == store.SourceAgent || e.source == store.SourceImport
	case wantConsent:
		return e.source != store.SourceConfirm
	default:
		return false
	}
}

// taken is an event that a Void may take back, and the key that has it.
type taken struct {
	*event

	key  *key
	sure bool // it is stored here, and here the Guard looks for it
}

// void takes back a request that was recorded.
func (w *world) void(s step) error {
	target := w.done[s.target]
	if target == nil {
		return nil // it was never recorded
	}
	c, g := w.contacts[s.contact], w.guards[s.guard]
	number, id := c.spell(s.spelling), target.id
	if s.hostsID && target.step.id != "" {
		id = target.step.id
	}
	all := w.takenBy(s, target.step.eventOf(c, target.step.now).id, c, g)
	sure := func(t taken) bool { return t.sure }
	fresh := func(t taken) bool { return t.voided != yes }
	var out optout.Outcome
	fired, err := w.call(s, func(ctx context.Context) (err error) {
		out, err = g.Void(ctx, optout.Correction{
			Account: w.accounts[s.account], Number: number, EventID: id, Actor: person, Note: fmt.Sprint("wrong, step ", s.serial),
		})
		return err
	})
	switch {
	case s.cancelled && err == nil:
		return errors.New("void: the context had ended, and the error is nil")
	case s.cancelled:
		return nil
	case fired && err != nil:
		w.takeBack(c, s.account, all, false)
		return nil //nolint:nilerr // it is expected
	case errors.Is(err, optout.ErrInvalidMessage) && (id != target.id || !slices.ContainsFunc(all, sure)):
		return nil // a message has the ID of the host too, or there is nothing that the host recorded
	case err != nil:
		return fmt.Errorf("void: %w", err)
	case len(all) == 0:
		return errors.New("void: what the host did not record is taken back")
	case out.Duplicate && slices.ContainsFunc(all, func(t taken) bool { return t.sure && t.voided == no }):
		return errors.New("a new Void is a Duplicate")
	case !out.Duplicate && !slices.ContainsFunc(all, fresh):
		return errors.New("a Void again is no Duplicate")
	}
	again := out.Duplicate || slices.ContainsFunc(all, func(t taken) bool { return t.voided != no })
	w.takeBack(c, s.account, all, true)
	if err := w.view(s.account, c, s.spelling, g).isIn(out.State.Status); err != nil {
		return fmt.Errorf("void: %w", err)
	}
	return w.hasVoid(s, c, g, out.EventID, again)
}

// takenBy returns what a Void of an id may take back.
func (w *world) takenBy(s step, id string, c *contact, g guard) (all []taken) {
	mine := c.keysOf(s.account, s.spelling, c.read(s.spelling, g.region))
	for _, name := range c.names(s.account) {
		k := c.keys[s.account][name]
		for _, e := range k.events {
			if e.id == id && e.hosts() {
				sure := e.stored && e.from == c.spell(s.spelling) && slices.Contains(mine, k)
				sure = sure && !e.erased   // else who sent it may not be known any more
				if e.want == wantConsent { // under one key, which other Options may not read first
					sure = sure && w.regionOf(e) == g.region
				}
				all = append(all, taken{e, k, sure})
			}
		}
	}
	return all
}

// takeBack notes that events were taken back, and that consents which had no effect beside
// them may have one now.
func (w *world) takeBack(c *contact, account int, all []taken, acknowledged bool) {
	for _, t := range all {
		if t.sure && acknowledged {
			t.voided = yes
		} else {
			t.voided = max(t.voided, maybe)
		}
	}
	for _, name := range c.names(account) {
		for _, e := range c.keys[account][name].events {
			if len(all) > 0 && e.want == wantConsent && e.counts == no {
				e.counts = maybe
			}
		}
	}
}

// hasVoid looks for the record of a Void in the history, with who made it and why. A Void that
// is made again may show the note of the first one.
func (w *world) hasVoid(s step, c *contact, g guard, id string, again bool) error {
	for r, err := range g.History(w.ctx, w.accounts[s.account], c.spell(s.spelling)) {
		if err != nil {
			return fmt.Errorf("History: %w", err)
		}
		mine := r.Note == fmt.Sprint("wrong, step ", s.serial)
		made := r.Actor == person && (mine || again) || r.Erased && r.Actor == "" && again
		if r.Action == store.Void && r.ID == id && made {
			return nil
		}
	}
	return errors.New("the history lacks a Void")
}
