package storetest

import (
	"errors"
	"strconv"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// model is what a store has to hold: the rule of the package store, on a map.
type model map[store.Key][]store.Event

func (m model) standing(key store.Key) store.Standing { return store.StandingOf(key, m[key]) }

// expect returns whether the event is a duplicate, or the error.
func (m model) expect(ev store.Event) (duplicate bool, err error) {
	var same, other bool
	for _, stored := range m[ev.Key] {
		if stored.ID == ev.ID {
			same = same || stored.Status == ev.Status
			other = other || stored.Status != ev.Status
		}
	}
	return store.Replay(m.standing(ev.Key).Consent, ev, same, other)
}

// record applies a new event, with what the store's clock said.
func (m model) record(ev store.Event, recorded time.Time) store.Event {
	now := m.standing(ev.Key)
	ev.RecordedAt, ev.Prior = recorded, now.State().Status
	_, ev.Effective = now.Next(ev)
	m[ev.Key] = append(m[ev.Key], ev)
	return ev
}

// holds reports whether a duplicate is as one of the stored events.
func (m model) holds(ev store.Event) bool {
	for _, stored := range m[ev.Key] {
		if diffEvent(stored, ev) == "" {
			return true
		}
	}
	return false
}

// randomEvents appends events whose ids, times and keys repeat, to the store and
// to a model of it.
func randomEvents(p *probe) {
	p.random(func(*store.Event) {})
}

// random appends 200 events, changed by change, and returns what they lead to.
func (p *probe) random(change func(*store.Event)) model {
	m := model{}
	keys := []store.Key{p.key(), p.key(), {Account: p.otherAccount(), Number: p.key().Number}}
	keys[2].Number = keys[0].Number
	for step := range 200 {
		ev := p.arrive(keys[p.rand.IntN(len(keys))], p.anyArrival())
		ev.ID = "id-" + strconv.Itoa(p.rand.IntN(40))
		ev.Note = strconv.Itoa(step)
		switch {
		case ev.At.IsZero():
		case p.rand.IntN(4) == 0: // as many providers give it
			ev.At = ev.At.Truncate(time.Second)
		default: // below a microsecond: cut before it is compared
			ev.At = ev.At.Add(time.Duration(p.rand.IntN(4)) * 400 * time.Nanosecond)
		}
		change(&ev)
		p.agrees(m, ev, step+1)
	}
	for _, key := range keys {
		events, state := p.settled(key)
		if d := diffEvents(m[key], events); d != "" {
			p.failf("History at the end: %s", d)
		}
		if d := diffState(m.standing(key).State(), state); d != "" {
			p.failf("Get at the end: %s", d)
		}
	}
	return m
}

// agrees appends one event to both, and compares.
func (p *probe) agrees(m model, ev store.Event, step int) {
	kept, err := ev.NormalizeAny()
	if err != nil {
		p.failf("step %d: Normalize: %w", step, err)
	}
	duplicate, wantErr := m.expect(kept)
	res, err := p.tryAppend(p.ctx, ev)
	switch {
	case wantErr != nil:
		if !errors.Is(err, wantErr) {
			p.failf("step %d (%s): error is %v, want %w", step, showEvent(ev), err, wantErr)
		}
		return
	case err != nil:
		p.failf("step %d (%s): %w", step, showEvent(ev), err)
	case res.Duplicate != duplicate:
		p.failf("step %d (%s): Duplicate is %t", step, showEvent(ev), res.Duplicate)
	case duplicate && !m.holds(res.Event):
		p.failf("step %d (%s): the event returned is not a stored one", step, showEvent(ev))
	case !duplicate:
		if d := diffEvent(m.record(kept, res.Event.RecordedAt), res.Event); d != "" {
			p.failf("step %d: the event returned: %s", step, d)
		}
	}
	if d := diffState(m.standing(ev.Key).State(), res.State); d != "" {
		p.failf("step %d (%s): the state returned: %s", step, showEvent(ev), d)
	}
}
