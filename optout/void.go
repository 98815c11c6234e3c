package optout

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// Correction is a mistake of the host: an opt-out or a consent that should not be recorded.
type Correction struct {
	Account string `json:"account"` // as in Request
	Number  string `json:"number"`  // the contact's, as in Request

	// EventID is Request.ID of what was recorded, Outcome.EventID, or the ID that
	// [Guard.History] shows.
	EventID string `json:"event_id"`

	Actor string `json:"actor"` // who takes it back; never empty
	Note  string `json:"note"`  // why; never empty
}

// Void takes back what the host has recorded by mistake: an opt-out from an agent or an
// import ([store.SourceAgent], [store.SourceImport]), or a consent. It takes back nothing that
// the contact sent, by text or by a form on the web, and no carrier's report or review: a STOP
// of the contact stays in force.
//
// What is in force then is what the history leads to without the event: an older opt-out, a
// START or a consent that had no effect beside the event counts again. Outcome.State says
// what that is, and Outcome.Superseded that the contact is opted out all the same. The history
// keeps the event, and the Void with Actor and Note. The ID stays used: the same Request
// again is a duplicate, and stays voided.
//
// If the event is recorded under several keys of the number, Void takes it back under all of
// them. If several events have the ID, such as two opt-outs of different days, Void takes back
// those that are recorded already. A second Void of the same event is a duplicate; it also
// completes a Void that failed halfway. Of an event that [Guard.Erase] has erased, give the
// number as it was given then: nothing else tells its keys. A Void cannot be taken back: record the opt-out again,
// with another ID.
//
// If Actor, Note or EventID is missing, if the number has no such event, if the host did not
// record it, or if it is a Void, the error wraps [ErrInvalidMessage] and names the field. After
// any other error, call Void again.
//
// Void reads the whole history of the number. While the store takes the event back, it
// reads it again under a lock of the number.
func (g *Guard) Void(ctx context.Context, c Correction) (Outcome, error) {
	return observed(ctx, g, OperationVoid, c.Account, c, (*Guard).void)
}

func (g *Guard) void(ctx context.Context, c Correction) (Outcome, error) {
	outcomes, err := g.voidAll(ctx, []Correction{c})
	if err != nil {
		return Outcome{}, err
	}
	out := outcomes[0]
	err, out.Err = out.Err, nil
	return out, err
}

// VoidAll takes back many events as Void would, one after the other, and returns the
// outcomes in the order of the corrections. A correction that Void would refuse with
// [ErrInvalidMessage] or [ErrInvalidAccount] has the error in its own Outcome.Err, and the
// others are made.
//
// With a store that is a [store.BatchAppender], as memstore and sqlstore are, they are one
// transaction. If one contact is among them more than once, Outcome.State is that after the
// later corrections. Any other error is returned, without outcomes: make all corrections again.
// Those that were made are duplicates then. Of a long list give about 1,000 at a time.
func (g *Guard) VoidAll(ctx context.Context, cs []Correction) ([]Outcome, error) {
	return observedAll(ctx, g, OperationVoidAll, cs, func(c *Correction) string { return c.Account }, (*Guard).voidAll)
}

func (g *Guard) voidAll(ctx context.Context, cs []Correction) ([]Outcome, error) {
	if g == nil || g.store == nil {
		return nil, errNoStore
	}
	outcomes, voids := make([]Outcome, len(cs)), make([]voiding, len(cs))
	var events []store.Event
	for i, c := range cs {
		var err error
		voids[i], err = g.voiding(ctx, c, &outcomes[i])
		switch {
		case errors.Is(err, ErrInvalidMessage), errors.Is(err, ErrInvalidAccount):
			outcomes[i].Err = err
		case err != nil:
			return nil, err
		default:
			events = append(events, voids[i].events...)
		}
	}
	results, err := appendBatch(ctx, g.store, events)
	if err != nil {
		return nil, err
	}
	for i := range voids {
		if outcomes[i].Err != nil {
			continue
		}
		var done recorded
		done.results, results = results[:len(voids[i].events)], results[len(voids[i].events):]
		if err := g.stateOf(ctx, g.store, cs[i].Account, &voids[i].number, &done.state); err != nil {
			return nil, err
		}
		done.describe(&outcomes[i])
	}
	return outcomes, nil
}

var (
	errMissing  = errors.New("it is empty")
	errNoEvent  = errors.New("the number has no event with this ID")
	errNotHosts = errors.New("it is not an opt-out from an agent or an import, and not a consent: it cannot be taken back")
	errVoid     = errors.New("it is a Void, which cannot be taken back: record the event again with another ID")
	errTwoIDs   = errors.New("one event has this ID in the history, and another one was given it as Request.ID")
	errErased   = errors.New("several senders have events with this ID, and who sent which is erased: none of them can be taken back")
	errOfOther  = errors.New("the event was recorded for another number: give the number as the From of the record has it")
)

// voiding is a correction that can be made.
type voiding struct {
	number number.Number
	events []store.Event // under the keys where the store has what they take back
}

// voiding finds what a correction takes back: the host's records with its id under the keys
// of the number, and then the copies of each under all keys where its request was recorded.
func (g *Guard) voiding(ctx context.Context, c Correction, out *Outcome) (v voiding, err error) {
	if err := g.r().validAccount(c.Account); err != nil {
		return v, err
	}
	v.number = g.r().numbers.Read(c.Number)
	if v.number.Key == "" {
		return v, invalidMessage("Number", errNumber(c.Number, &v.number))
	}
	out.setContact(&v.number)
	for _, field := range [...]struct{ name, text string }{{"EventID", c.EventID}, {"Actor", c.Actor}, {"Note", c.Note}} {
		if field.text == "" {
			return v, invalidMessage(field.name, errMissing)
		}
	}
	keys := ownKeys(&v.number)
	var known []store.Record
	for _, key := range keys {
		if known, err = g.withIDs(ctx, store.Key{Account: c.Account, Number: key}, known, c.EventID, requestID(c.EventID)); err != nil {
			return v, err
		}
	}
	if err := g.tellErased(ctx, &v.number, known); err != nil {
		return v, err
	}
	spelled, err := g.hostsOf(&v.number, known)
	if err != nil {
		return v, invalidMessage("EventID", err)
	}
	id := known[0].ID
	erased, err := g.erasedCopies(ctx, &v.number, known)
	if err != nil {
		return v, err
	}
	if known, err = g.spelledCopies(ctx, spelled, keys, known); err != nil {
		return v, err
	}
	now := receivedAt(time.Time{}, g.r().now())
	isOf := func(r store.Record) bool { return r.Voidable() && slices.Contains(spelled, r.From) }
	for _, r := range append(erased, slices.DeleteFunc(known, func(r store.Record) bool { return !isOf(r) })...) {
		ev := store.Event{
			ID: store.VoidPrefix + id, Key: r.Key, Action: store.Void, ReceivedAt: now, Source: store.SourceAgent,
			From: r.From, Actor: c.Actor, Note: c.Note,
		}
		if !slices.Contains(v.events, ev) {
			v.events = append(v.events, ev)
		}
	}
	out.EventID = store.VoidPrefix + id
	if _, err := v.events[0].Normalize(); err != nil { // an ID that is not the Guard's, and too long
		return v, invalidMessage("EventID", err)
	}
	return v, nil
}

// spelledCopies adds the records under the keys that only another spelling of the number has.
func (g *Guard) spelledCopies(ctx context.Context, spelled, keys []string, known []store.Record) ([]store.Record, error) {
	account, id := known[0].Key.Account, known[0].ID
	for _, from := range spelled {
		n := g.r().numbers.Read(from)
		for _, key := range keysOf(&n) {
			if n.Key == "" || slices.Contains(keys, key) {
				continue
			}
			keys = append(keys, key)
			var err error
			if known, err = g.withIDs(ctx, store.Key{Account: account, Number: key}, known, id); err != nil {
				return nil, err
			}
		}
	}
	return known, nil
}

// withIDs adds the records of a key that have one of the ids.
func (g *Guard) withIDs(ctx context.Context, key store.Key, known []store.Record, ids ...string) ([]store.Record, error) {
	for _, id := range ids {
		if store.ValidateID(id) != nil { // no event has it
			continue
		}
		records, err := store.GetRecords(ctx, g.store, key, id)
		if err != nil {
			return nil, err
		}
		known = append(known, records...)
	}
	return known, nil
}

// hostsOf returns how the number is spelled in what the host recorded of a contact, of the
// records with an id under the keys of the contact's number, or why none of them can be taken
// back. Under these keys may also be what bare digits of another contact caused under their
// second reading.
func (g *Guard) hostsOf(n *number.Number, known []store.Record) (spelled []string, err error) {
	err = errNoEvent
	for _, r := range known {
		switch {
		case r.ID != known[0].ID:
			return nil, errTwoIDs
		case r.Action == store.Void:
			err = errVoid
		case !r.Voidable():
			err = errNotHosts
		case slices.Contains(spelled, r.From):
		case r.Erased && r.From != "": // a word that tells it apart
			err = errErased
		case r.From != "" && newest(g.r().numbers.Read(r.From).Key) != newest(n.Key):
			err = errOfOther
		default:
			spelled = append(spelled, r.From)
		}
	}
	if len(spelled) > 0 {
		err = nil
	}
	return spelled, err
}

// tellErased finds out of erased records whether bare digits caused them under their second
// reading, which n is: then the same event is recorded under the first. Their From is the
// number of the first reading from then on.
func (g *Guard) tellErased(ctx context.Context, n *number.Number, known []store.Record) error {
	digits := g.r().numbers.Read(strings.TrimPrefix(n.Key, "+"))
	if digits.Other == "" || newest(digits.Other) != newest(n.Key) {
		return nil
	}
	for i := range known {
		r := &known[i]
		if !isUntold(*r) {
			continue
		}
		first, err := g.withIDs(ctx, store.Key{Account: r.Key.Account, Number: digits.Key}, nil, r.ID)
		if err != nil {
			return err
		}
		if hasTrace(first, *r) {
			r.From = digits.Key
		}
	}
	return nil
}

// erasedCopies returns the erased copies of records under the second reading of digits.
func (g *Guard) erasedCopies(ctx context.Context, n *number.Number, known []store.Record) (copies []store.Record, err error) {
	own := slices.DeleteFunc(slices.Clone(known), func(r store.Record) bool { return !r.Voidable() })
	if len(own) == 0 {
		return nil, nil
	}
	for _, key := range otherKeys(n) {
		others, err := g.withIDs(ctx, store.Key{Account: own[0].Key.Account, Number: key}, nil, own[0].ID)
		if err != nil {
			return nil, err
		}
		for _, r := range others {
			if isUntold(r) && hasTrace(own, r) {
				copies = append(copies, r)
			}
		}
	}
	return copies, nil
}

// isUntold reports a record that a Void can take back, of which no sender is known.
func isUntold(r store.Record) bool { return r.Erased && r.From == "" && r.Voidable() }

// hasTrace reports whether an event is among the records, as far as an Erase leaves it.
func hasTrace(records []store.Record, of store.Record) bool {
	return slices.ContainsFunc(records, func(r store.Record) bool { return traceOf(r) == traceOf(of) })
}
