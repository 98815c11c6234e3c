package optout

import (
	"context"

	"github.com/seed-f10031e4/consent/store"
)

// recorded is what came of an event under each key that it concerns: one, or two
// where digits can be read in two ways.
type recorded []store.Result

// record appends ev under the keys of a number. On an error the part that was
// stored stays: redelivery completes it, and until then it blocks.
func record(ctx context.Context, s store.Store, ev store.Event, a address) (recorded, error) {
	var done recorded
	for i, number := range a.Readings() {
		ev.Key.Number = number
		if i > 0 {
			concerned, err := concernsOther(ctx, s, ev)
			if err != nil {
				return done, err
			}
			if !concerned {
				break
			}
		}
		result, err := appendEvent(ctx, s, ev)
		if err != nil {
			return done, err
		}
		done = append(done, result)
	}
	return done, nil
}

// concernsOther reports whether ev is recorded under the second reading too: an
// opt-out and a hold always, and the contact's own opt-in where that reading is known.
// Consent of someone unknown goes under the first alone, and RecordConsent names one.
func concernsOther(ctx context.Context, s store.Store, ev store.Event) (bool, error) {
	if ev.Status != store.OptedIn {
		return true, nil
	}
	states, err := states(ctx, s, ev.Key.Account, []string{ev.Key.Number})
	if err != nil {
		return false, err
	}
	return states[0].Status != store.Unknown, nil
}

// appendEvent appends, and takes no answer for a yes that is about something else.
func appendEvent(ctx context.Context, s store.Store, ev store.Event) (store.Result, error) {
	if err := ctx.Err(); err != nil {
		return store.Result{}, err
	}
	result, err := s.Append(ctx, ev)
	if err != nil {
		return store.Result{}, err
	}
	stored := result.Event
	consent := ev.Status == store.OptedIn || ev.Status == store.OptedOut
	if stored.Key != ev.Key || stored.ID != ev.ID || stored.Status != ev.Status || consent && result.State.Status == store.Unknown {
		return store.Result{}, errBadState
	}
	if err := validState(&result.State, ev.Key); err != nil {
		return store.Result{}, err
	}
	return result, nil
}

// describe fills in what an Outcome tells of the store.
func (r recorded) describe(out *Outcome) {
	if len(r) == 0 {
		return
	}
	asked := r[0].Event.Status
	out.State = r.state()
	out.Duplicate = true
	for _, result := range r {
		out.Changed = out.Changed || !result.Duplicate && result.Event.Prior != result.State.Status
		out.Duplicate = out.Duplicate && result.Duplicate
	}
	switch asked {
	case store.Released: // another text may be held
		out.Superseded = out.State.Status == store.OptedOut
	case store.Asked:
		out.Superseded = out.State.Status == store.OptedOut || out.State.Status == store.Held
	default:
		out.Superseded = out.State.Status != asked
	}
}

// state is what the gate decides by: an opt-out of either reading, or else a hold.
func (r recorded) state() store.State {
	for _, status := range []store.Status{store.OptedOut, store.Held} {
		for _, result := range r {
			if result.State.Status == status {
				return result.State
			}
		}
	}
	return r[0].State
}

// answers reports whether the event changed the status from one of these, and
// what it asked for is in force: then the contact is owed a reply, again if the
// message was delivered again.
func (r recorded) answers(asked store.Status, from ...store.Status) bool {
	if len(r) == 0 || r.state().Status != asked {
		return false
	}
	for _, result := range r {
		for _, prior := range from {
			if result.Event.Effective && result.Event.Prior == prior {
				return true
			}
		}
	}
	return false
}

// otherText reports a text to hold that has the id of another one that was held.
func (r recorded) otherText(ev store.Event) bool {
	if ev.Status != store.Held || len(r) == 0 || !r[0].Duplicate {
		return false
	}
	first, err := ev.NormalizeAny() // Text as it is kept
	stored := r[0].Event
	timed := !first.At.IsZero() && !stored.At.IsZero()
	return err == nil && (first.Text != stored.Text || timed && !first.At.Equal(stored.At))
}
