package store

import "time"

// Next is the transition rule: the state after ev, and whether ev made it. It
// is pure, and every backend uses it.
//
//   - The first event of a key is its state.
//   - An opt-in whose Source is not "keyword" takes effect only on Unknown; and
//     any opt-out, whatever its At, replaces it, as does the contact's own opt-in.
//   - Where both the state's event and the new one carry the provider's time, the
//     newer At wins, on a tie the opt-out. A newer event of the same status moves
//     At; an equal one keeps the first.
//   - Where one of them does not, the order of arrival decides: the new one wins;
//     except an opt-in that was sent before an opt-out without a time was
//     received.
//
// With times on all events, every order of arrival ends in the same status.
// What does not win stays in the history with Effective false.
//
// Times are compared as given: events come from [Event.Normalize].
func Next(prev State, ev Event) (State, bool) {
	if !wins(prev, ev) {
		return prev, false
	}
	return State{
		Key:        ev.Key,
		Status:     ev.Status,
		At:         ev.At,
		ReceivedAt: ev.ReceivedAt,
		RecordedAt: ev.RecordedAt,
		Source:     ev.Source,
		EventID:    ev.ID,
	}, true
}

func wins(prev State, ev Event) bool {
	switch {
	case prev.Status == Unknown:
		return true
	case ev.Status == OptedIn && ev.Source != SourceKeyword:
		return false
	case prev.Status == OptedIn && prev.Source != SourceKeyword:
		return true
	case prev.At.IsZero() && ev.Status == OptedIn && prev.Status == OptedOut && !ev.At.IsZero():
		return !ev.At.Before(prev.ReceivedAt.Truncate(time.Second)) // many providers' times have no fractions
	case prev.At.IsZero() || ev.At.IsZero():
		return true
	case ev.At.Equal(prev.At):
		return ev.Status == OptedOut && prev.Status == OptedIn
	default:
		return ev.At.After(prev.At)
	}
}

// Replay decides what an Append does with an event whose ID its key has seen
// before. sameStatus tells whether an event with the same ID and Status is
// stored, otherStatus whether one with the same ID and another Status is.
//
// It returns true for a duplicate, which changes nothing; an error that wraps
// [ErrIDReused] for an opt-in with the id of an opt-out, or of what only a [Reviewer]
// keeps; and otherwise false: the event is to be recorded as a new one.
func Replay(now State, ev Event, sameStatus, otherStatus bool) (duplicate bool, err error) {
	switch {
	case sameStatus:
		return !reopens(now, ev), nil
	case otherStatus && ev.Status == OptedIn:
		return false, ErrIDReused
	default:
		return false, nil
	}
}

// reopens reports an opt-out that is newer than the opt-in in force: with a known
// ID it comes from a sender that reuses ids, and must not be taken for the old one.
func reopens(now State, ev Event) bool {
	since := now.At
	if since.IsZero() {
		since = now.ReceivedAt // the contact acted at the latest then
	}
	return ev.Status == OptedOut && now.Status == OptedIn &&
		!ev.At.IsZero() && !since.IsZero() && ev.At.After(since)
}
