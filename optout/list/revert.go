package list

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// Reversal says which import is taken back.
type Reversal struct {
	ID    string // Options.ID of the import
	Actor string // who takes it back; never empty
	Note  string // why; never empty

	// Each is called with each record that was looked at: its number as the list has it, and
	// what came of it. A record that is kept under several keys is one. nil: not called.
	Each func(number string, out optout.Outcome)

	// Progress is called after each batch with what was done so far. nil: not called.
	Progress func(Reverted)
}

// Reverted counts what Revert did.
type Reverted struct {
	ID      string `json:"id"`
	Voided  int    `json:"voided"`           // rows that were taken back
	Known   int    `json:"known,omitzero"`   // rows that were taken back before
	Closed  int    `json:"closed,omitzero"`  // of both: the contact is opted out all the same, by another record
	Refused int    `json:"refused,omitzero"` // rows that cannot be taken back; see Reversal.Each
}

// ErrNoImport says that no record of an import is in the account.
var ErrNoImport = errors.New("list: no such import")

// Revert takes back all that an import has recorded in an account, by [optout.Guard.VoidAll]:
// what is in force then is what it was without the import. What the contacts sent themselves
// stays, and so does what other imports recorded.
//
// The ids stay used: to import a corrected list use another ID. Revert works in batches, with
// one transaction each. After an error call it again: it goes on. To take back an import that was
// taken back already changes nothing, and is no error. If the account has no record of an import
// with this ID, also none that was taken back, the error is [ErrNoImport]. The store must be a
// store.IDLister, as memstore and sqlstore are, else the error is errors.ErrUnsupported.
func Revert(ctx context.Context, guard *optout.Guard, account string, r Reversal) (Reverted, error) {
	done := Reverted{ID: r.ID}
	if err := validID("Reversal.ID", r.ID); err != nil {
		return done, err
	}
	if r.Actor == "" || r.Note == "" {
		return done, errors.New("list: Reversal: Actor and Note say who takes the import back, and why: want both")
	}
	if guard.Store() == nil {
		return done, errNoStore
	}
	if err := checkAccount(ctx, guard, account); err != nil {
		return done, err
	}
	var last optout.Correction
	found := false
	q := store.IDsQuery{Account: account, Prefix: idPrefix(r.ID), Limit: batchSize}
	for {
		page, err := store.EventIDs(ctx, guard.Store(), q)
		if err == nil {
			all := corrections(page.Records, account, r, last)
			if len(all) > 0 {
				last = all[len(all)-1]
			}
			err = done.void(ctx, guard, all, r.Each)
		}
		if err != nil {
			return done, err
		}
		if r.Progress != nil && len(page.Records) > 0 {
			r.Progress(done)
		}
		found = found || len(page.Records) > 0
		if page.Next == "" || page.Next == q.After {
			if !found {
				return done, fmt.Errorf("%w: the account has no record of an import with this Reversal.ID", ErrNoImport)
			}
			return done, nil
		}
		q.After = page.Next
	}
}

// idPrefix begins the ids of the records of an import.
func idPrefix(id string) string { return "request:" + id + "/" }

// corrections takes each record back once, under however many keys it is. The last one of the
// page before may go on in this page.
func corrections(records []store.Record, account string, r Reversal, last optout.Correction) []optout.Correction {
	var all []optout.Correction
	seen := map[optout.Correction]bool{last: true}
	for _, record := range records {
		c := optout.Correction{Account: account, Number: record.From, EventID: record.ID, Actor: r.Actor, Note: r.Note}
		if c.Number == "" {
			c.Number = numberIn(record, idPrefix(r.ID))
		}
		if !seen[c] {
			seen[c] = true
			all = append(all, c)
		}
	}
	return all
}

// numberIn returns the number of a record that was erased. The ID has it as the list wrote it.
func numberIn(record store.Record, prefix string) string {
	number := strings.TrimPrefix(strings.TrimPrefix(record.ID, prefix), consentPart)
	if strings.HasPrefix(number, hashedPart) {
		return record.Key.Number
	}
	return number
}

func (r *Reverted) void(ctx context.Context, guard *optout.Guard, all []optout.Correction, each func(string, optout.Outcome)) error {
	outcomes, err := guard.VoidAll(ctx, all)
	if err != nil {
		return fmt.Errorf("list: %w", err)
	}
	for i, out := range outcomes {
		switch {
		case out.Err != nil:
			r.Refused++
		case out.Duplicate:
			r.Known++
		default:
			r.Voided++
		}
		if out.Err == nil && out.State.Status == store.OptedOut {
			r.Closed++
		}
		if each != nil {
			each(all[i].Number, out)
		}
	}
	return nil
}
