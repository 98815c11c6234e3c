package optout

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// Erasure is a contact's request that what is kept as evidence of them is erased.
type Erasure struct {
	Account string `json:"account"`
	Number  string `json:"number"` // the contact's

	Actor string `json:"actor"` // who erases; kept
	Note  string `json:"note"`  // why; kept
}

// Erased is what an Erase found of a number. A record that is kept under several keys counts
// under each.
type Erased struct {
	Records int `json:"records"` // their evidence was erased
	Before  int `json:"before"`  // their evidence had been erased before
}

// Erase erases the evidence that is recorded of a number: the words of the texts, the
// senders and recipients, and the actors and notes of requests and reviews. What is in
// force stays as it is, so an opt-out goes on blocking. The history keeps the ids, times,
// sources and keywords of the records, and a record of the erasure with its Actor and Note.
//
// A message that is delivered again after that is a duplicate, and brings nothing back. A
// message that is new is recorded with its evidence. A text that is held stays held:
// [Guard.Reviews] yields it without its words, once for each number under which it is kept,
// and [Guard.Resolve] settles each of them.
//
// Erase erases all keys of the number: the spellings of its line, the digits without a plus
// sign under which its texts came, and the second number that these digits can be read as.
// The second number may belong to another contact, of whose texts the words are erased too;
// what is in force for them stays as it is. If digits came while the Options were others,
// erase the digits too.
//
// What was voided stays voided, and [Guard.Void] takes back an erased request by its ID as
// before. If the host has given one ID to requests of several numbers or spellings under one
// key, an erasure leaves nothing that tells them apart, and Void refuses them.
//
// The ids of messages stay, since a message that is delivered again is recognised by its id.
// An id that holds personal data keeps it. If nothing is recorded of a number, there is
// nothing to erase, and nothing is recorded: Erased is then zero, which can mean that the number
// or the account is mistyped.
//
// Erase counts the records of each key before it erases that key. A record that is appended
// in between is erased, too, and is not in the count. After an error Erased has the keys that
// were done.
//
// If Actor or Note is missing, the error is [ErrInvalidMessage]. If the store is no
// [store.Eraser], the error is errors.ErrUnsupported. After any other error call Erase
// again: it finishes what was not done. What a store can erase, its documentation says.
func (g *Guard) Erase(ctx context.Context, e Erasure) (done Erased, err error) {
	_, err = observed(ctx, g, OperationErase, e.Account, e, func(g *Guard, ctx context.Context, e Erasure) (Outcome, error) {
		return Outcome{}, g.erase(ctx, e, &done)
	})
	return done, err
}

func (g *Guard) erase(ctx context.Context, e Erasure, done *Erased) error {
	s, err := g.ready(e.Account)
	if err != nil {
		return err
	}
	if e.Actor == "" {
		return fmt.Errorf("%w: Actor is empty", ErrInvalidMessage)
	}
	if e.Note == "" {
		return fmt.Errorf("%w: Note is empty", ErrInvalidMessage)
	}
	n := g.r().numbers.Read(e.Number)
	if n.Key == "" {
		return errNumber(e.Number, &n)
	}
	keys, err := g.erasable(ctx, s, e.Account, &n)
	if err != nil {
		return err
	}
	now := g.r().now()
	for _, key := range keys {
		key := store.Key{Account: e.Account, Number: key}
		found, err := g.erasedOf(ctx, s, key)
		if err != nil {
			return err
		}
		if err := store.EraseKey(ctx, s, key, e.Actor, e.Note, now); err != nil {
			return err
		}
		done.Records += found.Records
		done.Before += found.Before
	}
	return nil
}

// erasedOf counts what an Erase of a key finds.
func (g *Guard) erasedOf(ctx context.Context, s store.Store, key store.Key) (found Erased, err error) {
	for r, err := range g.historyOf(ctx, s, key) {
		switch {
		case err != nil:
			return Erased{}, err
		case r.Action == store.Erase: // who erased, and why, is kept
		case r.Erased:
			found.Before++
		default:
			found.Records++
		}
	}
	return found, nil
}

// erasable returns the keys under which the texts of a number are kept. The spellings of its
// line are the last: their records say from which digits the texts came, and a second Erase
// must find that if this one fails before it has erased the others.
func (g *Guard) erasable(ctx context.Context, s store.Store, account string, n *number.Number) ([]string, error) {
	line := spellings(n.Key)
	others := n.AppendKeys(nil)
	for _, key := range line {
		for r, err := range g.historyOf(ctx, s, store.Key{Account: account, Number: key}) {
			if err != nil {
				return nil, err
			}
			if from := g.r().numbers.Read(r.From); slices.Contains(line, from.Key) {
				for _, other := range from.AppendKeys(nil) {
					if !slices.Contains(others, other) {
						others = append(others, other)
					}
				}
			}
		}
	}
	others = slices.DeleteFunc(others, func(key string) bool { return slices.Contains(line, key) })
	return append(others, line...), nil
}

// traceOf returns what an Erase leaves of an event, under each of its keys.
func traceOf(r store.Record) store.Event {
	return store.Event{ID: r.ID, Action: r.Action, At: r.At, ReceivedAt: r.ReceivedAt, Source: r.Source}
}

// senderOf returns the sender of a text, or of an erased one the number under which it is
// kept.
func senderOf(text store.Record) string {
	if text.Erased {
		return text.Key.Number
	}
	return text.From
}

// isApart reports whether an opt-out or a hold, which the store takes for a second delivery of
// an erased one, is of another contact. An erased record has lost its sender. If bare digits
// caused it under their second reading, it has a copy under the digits, and only a text from the
// same digits is its second delivery.
func isApart(ctx context.Context, s store.Store, result *store.Result, ev *store.Event) (bool, error) {
	if !result.Duplicate || !result.Record.Erased || ev.Action != store.OptOut && ev.Action != store.Hold {
		return false, nil
	}
	digits, isNumber := strings.CutPrefix(ev.Key.Number, "+")
	reader, err := number.New("") // the digits of a text are the same in every region
	if err != nil {
		return false, err
	}
	if !isNumber || reader.Read(ev.From).Digits == digits {
		return false, nil
	}
	copies, err := store.GetRecords(ctx, s, store.Key{Account: ev.Key.Account, Number: digits}, ev.ID)
	if err != nil {
		return false, err
	}
	isCopy := func(r store.Record) bool { return r.Erased && traceOf(r) == traceOf(result.Record) }
	return slices.ContainsFunc(copies, isCopy), nil
}

// apartID is the ID of an event whose own ID an erased event of another contact has.
func apartID(id string) string {
	if id = apartPrefix + id; storable(store.VoidPrefix + id) {
		return id
	}
	return apartPrefix + hashed(id)
}
