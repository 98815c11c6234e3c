package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// AuditOptions of an audit. The zero value, and nil, report on all accounts and change
// nothing.
type AuditOptions struct {
	Account string // "": all
	Repair  bool   // mend what is found
}

// Finding is a key whose tables do not agree.
type Finding struct {
	Key      store.Key
	Damage   Damage
	Stored   store.State // what Get answers, before a repair
	Want     store.State // what the events say
	Repaired bool
}

// Damage is what an audit found wrong with a key.
type Damage string

// The kinds of damage, the worst first; a finding names the worst.
const (
	// DamageMissing is a key with events that has no state.
	DamageMissing Damage = "the state is missing"

	// DamageState is a state that is not what the events say.
	DamageState Damage = "the state is not what the events say"

	// DamageUnexplained is an opt-out or a hold that no event explains: the events were
	// lost, or a host committed after an error of Append. A repair keeps it in force; a
	// START lifts it.
	DamageUnexplained Damage = "no event explains the state"

	// DamageCount is a number of events that is too small.
	DamageCount Damage = "the number of events is too small"

	// DamageHolds is a table of holds that is not what the events say.
	DamageHolds Damage = "the holds are not what the events say"
)

// Audit compares the state of each key with its events, and yields the keys whose state and
// events do not agree. Run it after a backup was restored. Append repairs a lost state too,
// but only when the next event of the key comes. Until then the gate reads the wrong state.
//
// Audit reads all events, a key at a time, and can run while the app runs. Before it yields
// a Finding, it locks the key and compares again, in a short transaction of its own.
// opts.Repair repairs the key in this transaction. Nothing is held open while the loop body
// runs. An error is yielded once, last.
func (s *Store) Audit(ctx context.Context, opts *AuditOptions) iter.Seq2[Finding, error] {
	o := *cmp.Or(opts, new(AuditOptions)) // as it is now
	return func(yield func(Finding, error) bool) {
		if err := s.audit(ctx, o, func(found Finding) bool { return yield(found, nil) }); err != nil {
			yield(Finding{}, err)
		}
	}
}

func (s *Store) audit(ctx context.Context, o AuditOptions, yield func(Finding) bool) error {
	for after := (store.Key{Account: o.Account}); ; {
		keys, err := read(ctx, s, "Audit", func(r session) ([]store.Key, error) { return r.nextKeys(ctx, after, o.Account == "") })
		if err != nil || len(keys) == 0 {
			return err
		}
		for _, after = range keys {
			found, err := s.auditKey(ctx, after, o.Repair)
			if err != nil {
				return err
			}
			if found != nil && !yield(*found) {
				return nil
			}
		}
	}
}

// auditKey compares one key, at first without a lock.
func (s *Store) auditKey(ctx context.Context, key store.Key, repair bool) (*Finding, error) {
	e, err := read(ctx, s, "Audit", func(r session) (examined, error) {
		k, err := r.row(ctx, key)
		if err != nil {
			return examined{}, err
		}
		return r.examine(ctx, k)
	})
	if err == nil && e.found != nil {
		err = s.run(ctx, "Audit", func() error {
			err := s.inTx(ctx, func(tx session) (err error) {
				e, err = tx.confirm(ctx, key, repair)
				return err
			})
			if errors.Is(err, errUnchanged) {
				return nil
			}
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	if repair && e.change.now.untidy {
		s.tidy(ctx, key)
	}
	return e.found, nil
}

// nextKeys returns the next keys in either table, of the same account or, if all are asked
// for, of the one after it.
func (s session) nextKeys(ctx context.Context, after store.Key, all bool) (keys []store.Key, err error) {
	for {
		if after.Account != "" {
			keys, err = s.nextOfAccount(ctx, after)
			if err != nil || len(keys) > 0 || !all {
				return keys, err
			}
		}
		after.Account, err = s.nextAccount(ctx, after.Account)
		if err != nil || after.Account == "" {
			return nil, err
		}
		after.Number = ""
	}
}

// nextAccount returns the account after another one, or "".
func (s session) nextAccount(ctx context.Context, after string) (next string, err error) {
	for _, st := range []*statement{s.sql.stateAccount, s.sql.eventsAccount} {
		err := s.query(ctx, st, []any{after}, func(row *row) error {
			var account string
			err := row.scan(&account)
			if account != "" && (next == "" || account < next) {
				next = account
			}
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return next, nil
}

// nextOfAccount returns the next keys of an account, in order.
func (s session) nextOfAccount(ctx context.Context, after store.Key) (keys []store.Key, err error) {
	var numbers, ends []string // ends are those of full pages: what comes after one is for the next page
	for _, st := range []*statement{s.sql.stateNumbers, s.sql.eventsNumbers} {
		rows, number := 0, ""
		err := s.query(ctx, st, []any{after, pageSize}, func(row *row) error {
			err := row.scan(&number)
			numbers, rows = append(numbers, number), rows+1
			return err
		})
		if err != nil {
			return nil, err
		}
		if rows == pageSize {
			ends = append(ends, number)
		}
	}
	slices.Sort(numbers)
	for _, number := range slices.Compact(numbers) {
		if len(ends) == 0 || number <= slices.Min(ends) {
			keys = append(keys, store.Key{Account: after.Account, Number: number})
		}
	}
	return keys, nil
}

var errUnchanged = errors.New("an audit that changes nothing")

// confirm compares a key under its lock, and mends it.
func (s session) confirm(ctx context.Context, key store.Key, repair bool) (examined, error) {
	k, err := s.lock(ctx, key)
	if err != nil {
		return examined{}, err
	}
	e, err := s.examine(ctx, k)
	switch {
	case err != nil:
		return examined{}, err
	case e.found == nil || !repair || !e.mends:
		return e, errUnchanged // the lock may have made a row
	}
	e.found.Repaired = true
	return e, s.write(ctx, e.change)
}

// row returns the key's row, without a lock.
func (s session) row(ctx context.Context, key store.Key) (k keyRow, err error) {
	k.standing.State.Key = key
	err = s.query(ctx, s.sql.row, []any{key, key}, func(row *row) (err error) {
		k, err = scanRow(row, &key)
		return err
	})
	return k, err
}

// examined is what an audit knows of a key.
type examined struct {
	found  *Finding // nil: nothing is wrong
	change change   // what a repair writes
	mends  bool     // it changes something
}

// examine compares a key's row and its holds with its events.
func (s session) examine(ctx context.Context, was keyRow) (e examined, err error) {
	h, err := s.keyHistory(ctx, was.key())
	if err != nil {
		return examined{}, err
	}
	e.change, err = s.remake(was, h, nil, time.Time{})
	if err != nil {
		return examined{}, err
	}
	state := was.standing != e.change.now.standing
	holds := compareHolds(was, e.change.want, h.holds)
	wrongHolds := len(holds.rows) > 0 || holds.hidden || holds.shown && !was.untidy
	e.mends = state || was.events < was.last || wrongHolds
	damage := DamageHolds
	switch {
	case was.events == 0 && was.last > 0:
		damage = DamageMissing
	case state:
		damage = DamageState
	case len(was.unexplained(h.records)) > 0:
		damage = DamageUnexplained
	case was.events < was.last:
		damage = DamageCount
	case !wrongHolds:
		return e, nil
	}
	want := store.NewLedger(was.key(), h.records).State()
	e.found = &Finding{Key: was.key(), Damage: damage, Stored: was.standing.InForce(), Want: want}
	return e, nil
}
