package model

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// erase erases what is recorded of a contact. It changes no answer of the model: what is in
// force stays as it is.
func (w *world) erase(s step) error {
	c, g := w.contacts[s.contact], w.guards[s.guard]
	number := c.spell(s.spelling)
	fired, err := w.call(s, func(ctx context.Context) error {
		_, err := g.Erase(ctx, optout.Erasure{Account: w.accounts[s.account], Number: number, Actor: person, Note: "a letter"})
		return err
	})
	for _, name := range c.names(s.account) {
		for _, e := range c.keys[s.account][name].events {
			e.erased, e.half = true, e.half || err != nil
		}
	}
	switch {
	case s.cancelled && err == nil:
		return errors.New("erase: the context had ended, and the error is nil")
	case s.cancelled:
		return nil
	case err != nil && !fired:
		return fmt.Errorf("erase: %w", err)
	case err != nil:
		return nil
	}
	for r, err := range g.History(w.ctx, w.accounts[s.account], number) {
		if err != nil {
			return fmt.Errorf("History: %w", err)
		}
		if r.Action != store.Erase && !isWord(r) {
			return fmt.Errorf("History has a %v with evidence after an Erase", r.Action)
		}
	}
	return nil
}

// isWord reports an erased record of which random words tell it apart from others.
func isWord(r store.Record) bool {
	random := func(text string) bool { return text == "" || len(text) > 7 && text[:7] == "erased:" }
	return r.Erased && random(r.From) && random(r.Text) && r.To+r.Actor+r.Note == ""
}

// mayBeErased reports whether the words of a text may be erased under one of its keys.
func (c *contact) mayBeErased(account int, id string) bool {
	for _, name := range c.names(account) {
		for _, e := range c.keys[account][name].events {
			if e.erased && e.id == id {
				return true
			}
		}
	}
	return false
}
