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
	// its text. If opt-outs or consents that a Void can take back have one ID and differ in
	// From, From becomes random words: what was voided stays voided, and nothing else. A later
	// Void of these is refused, since nothing tells which of the senders it means.
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
//
// A Void has the From of what it takes back. If this was erased, the Void is recorded without
// its From, and with its Actor and Note.
func Kept(ev Event, same []Record) (kept Event, erased bool) {
	if ev.Action == Void {
		return keptVoid(ev, same)
	}
	if !ev.Action.settles() {
		for _, old := range same {
			if old.Erased && old.Action != Erase && old.Action != Void && ev.Source == old.Source && ev.At.Equal(old.At) && !receivedAnew(ev, old) {
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

// keptVoid is Kept of a Void.
func keptVoid(ev Event, same []Record) (kept Event, erased bool) {
	from, known := ev.voidsFrom(same)
	if !known {
		return ev, false // Replay refuses it
	}
	ev.From = from
	for _, old := range same {
		if ev.Names(old) && !old.Erased {
			return ev, false
		}
	}
	ev.To, ev.Text = "", ""
	return ev, true
}

// eraseAll erases the evidence of records, but not that of erasures.
func eraseAll(records []Record) {
	byID := make(map[string][]int)
	for place := range records {
		id := records[place].ID
		if voided, ok := records[place].voids(); ok {
			id = voided
		}
		byID[id] = append(byID[id], place)
	}
	for _, places := range byID {
		same := make([]*Record, len(places))
		for i, place := range places {
			same[i] = &records[place]
		}
		EraseSame(same)
	}
}

// EraseSame erases the evidence of a key's records that have the same ID, and of the Voids of
// this ID, as [Eraser] says. A backend needs it only if a review has settled one of several
// texts that differ in nothing but From and Text, or if events that a Void can take back
// differ in From. Otherwise From and Text become empty.
func EraseSame(same []*Record) {
	var texts, senders words
	if settledApart(same) {
		texts = words{}
		senders = texts
	} else if recordedApart(same) {
		senders = words{}
	}
	for _, r := range same {
		if r.Action == Erase {
			continue
		}
		if !r.Erased {
			r.Text = texts.of(r.Text)
			if r.From != "" { // an empty From has nothing to erase, and stays alike
				r.From = senders.of(r.From)
			}
		}
		r.To, r.Actor, r.Note, r.Erased = "", "", "", true
	}
}

// recordedApart reports whether a Void may take back some of the records with its ID, and not
// those of another sender.
func recordedApart(same []*Record) bool {
	var first *Record
	for _, r := range same {
		switch {
		case !r.Voidable():
		case first == nil:
			first = r
		case r.From != first.From:
			return true
		}
	}
	return false
}

// settledApart reports whether a review may have settled some of the texts with its ID and
// times, and not the others.
func settledApart(same []*Record) bool {
	for _, review := range same {
		if !review.Action.settles() || review.Action == Void {
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
