package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

// Eraser is a store that erases what it keeps as evidence of a contact.
type Eraser interface {
	// Erase erases the evidence of a key's records: From, To, Text, Actor and Note become
	// empty, and Record.Erased reports it. What is in force stays as it is. So do the ids,
	// times, actions, sources, keywords and keyword sets of the records. An id that holds
	// personal data keeps it.
	//
	// Erase records who erased, why and when, as an event with the Action [Erase]: see
	// [ErasureOf]. The event has no effect on what is in force, and a later Erase keeps its
	// Actor and Note. A key that was never seen gets no record, since there is nothing to
	// erase. If it is erased again, a second event is recorded, unless at, actor and note are
	// the same.
	//
	// Erase is atomic, and an Append at the same time comes before it or after it: the event
	// is applied in both cases, and its evidence is erased or not, never a part of it.
	//
	// An erased opt-out or hold is compared by ID, Action, Source and At alone, and an erased
	// text is named by ID, At and ReceivedAt: see [Replay] and [Event.Names]. So a message
	// that is delivered again is a Duplicate, and an open hold can be settled without its
	// words. What comes again of an erased message in another way is recorded without its
	// evidence: see [Kept].
	//
	// If texts of one ID, At and ReceivedAt differ, and a review has settled one of them, From
	// and Text become random words instead of empty ones, so that the review stays that of
	// its text.
	//
	// A zero at, or one that no store keeps, is an error that wraps [ErrInvalid].
	Erase(ctx context.Context, key Key, actor, note string, at time.Time) error
}

// EraseKey erases the evidence of a key through s's Eraser. A store that has none cannot
// erase: errors.ErrUnsupported.
func EraseKey(ctx context.Context, s Store, key Key, actor, note string, at time.Time) error {
	e, ok := As[Eraser](s)
	if !ok {
		return fmt.Errorf("store: Erase: %w: the store is no Eraser", errors.ErrUnsupported)
	}
	return e.Erase(ctx, key, actor, note, at)
}

// ErasureOf returns the event that an Erase records. Its ID follows from at, so the
// events of one erasure have one ID under all keys of a contact. If no store takes the
// event, the error wraps [ErrInvalid] and names the field.
func ErasureOf(key Key, actor, note string, at time.Time) (Event, error) {
	if err := key.Validate(); err != nil {
		return Event{}, err
	}
	if at.IsZero() {
		return Event{}, fmt.Errorf("%w: At is zero", ErrInvalid)
	}
	at, err := normalTime("At", at)
	if err != nil {
		return Event{}, err
	}
	return Event{ID: "erase:" + at.Format(time.RFC3339Nano), Key: key, Action: Erase, At: at, Actor: actor, Note: note}, nil
}

// Kept returns a new event as a store records it beside the key's records with its ID, and
// whether the record is Erased. A message that was erased, and comes again as something
// else (another policy reads it), is recorded without evidence. A review of an erased text
// is recorded with its own Actor and Note, and without the text. Every other event is
// recorded as it is.
func Kept(ev Event, same []Record) (kept Event, erased bool) {
	if !ev.Action.settles() {
		for _, old := range same {
			if old.Erased && old.Action != Erase && ev.Source == old.Source && ev.At.Equal(old.At) && !receivedAnew(ev, old) {
				ev.From, ev.To, ev.Text, ev.Actor, ev.Note = "", "", "", "", ""
				return ev, true
			}
		}
		return ev, false
	}
	var from, words string
	for _, old := range same {
		if !ev.Names(old) {
			continue
		}
		if !old.Erased {
			return ev, false // the text that it names is not erased
		}
		erased = true
		if ev.From == old.From {
			from = ev.From
		}
		if ev.Text == old.Text {
			words = ev.Text
		}
	}
	if erased {
		ev.From, ev.To, ev.Text = from, "", words
	}
	return ev, erased
}

// eraseAll erases the evidence of records, but not that of erasures.
func eraseAll(records []Record) {
	byID := make(map[string][]int)
	for place := range records {
		byID[records[place].ID] = append(byID[records[place].ID], place)
	}
	for _, places := range byID {
		same := make([]*Record, len(places))
		for i, place := range places {
			same[i] = &records[place]
		}
		EraseSame(same)
	}
}

// EraseSame erases the evidence of a key's records that have the same ID, as [Eraser]
// says. A backend needs it only if a review has settled one of several texts that differ
// in nothing but From and Text; otherwise these become empty.
func EraseSame(same []*Record) {
	words := words{}
	if !settledApart(same) {
		words = nil
	}
	for _, r := range same {
		if r.Action == Erase {
			continue
		}
		if !r.Erased {
			r.Text = words.of(r.Text)
			if r.From != "" { // an empty From has nothing to erase, and stays alike
				r.From = words.of(r.From)
			}
		}
		r.To, r.Actor, r.Note, r.Erased = "", "", "", true
	}
}

// settledApart reports whether a review may have settled some of the texts with its ID and
// times, and not the others.
func settledApart(same []*Record) bool {
	for _, review := range same {
		if !review.Action.settles() {
			continue
		}
		for _, r := range same {
			isText := (r.Action == Hold || r.Action == OptOut) && r.At.Equal(review.At) && r.ReceivedAt.Equal(review.ReceivedAt)
			if isText && (r.Erased != review.Erased || !r.Erased && (r.Text != review.Text || r.From != review.From)) {
				return true
			}
		}
	}
	return false
}

// words has a random word for each text; nil has none.
type words map[string]string

func (w words) of(text string) string {
	if w == nil {
		return ""
	}
	if w[text] == "" {
		w[text] = "erased:" + rand.Text()
	}
	return w[text]
}
