package sqlstore

import (
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
	var o AuditOptions
	if opts != nil {
		o = *opts
	}
	return func(yield func(Finding, error) bool) {
		if err := s.audit(ctx, o, func(found Finding) bool { return yield(found, nil) }); err != nil {
			yield(Finding{}, err)
		}
	}
}

func (s *Store) audit(ctx context.Context, o AuditOptions, yield func(Finding) bool) error {
	for after := (store.Key{Account: o.Account}); ; {
		keys, err := s.nextKeys(ctx, after, o.Account == "")
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

// nextKeys returns the next keys in either table, of the same account or, if all are asked
// for, of the one after it.
func (s *Store) nextKeys(ctx context.Context, after store.Key, all bool) (keys []store.Key, err error) {
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
func (s *Store) nextAccount(ctx context.Context, after string) (next string, err error) {
	err = s.run(ctx, "Audit", func() error {
		next = ""
		for _, st := range []*statement{s.sql.stateAccount, s.sql.eventsAccount} {
			err := s.session().query(ctx, st, []any{after}, func(row *row) error {
				var account string
				err := row.scan(&account)
				if account != "" && (next == "" || account < next) {
					next = account
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return next, err
}

// nextOfAccount returns the next keys of an account, in order.
func (s *Store) nextOfAccount(ctx context.Context, after store.Key) (keys []store.Key, err error) {
	err = s.run(ctx, "Audit", func() error {
		var numbers, ends []string // ends are those of full pages: what comes after one is for the next page
		for _, st := range []*statement{s.sql.stateNumbers, s.sql.eventsNumbers} {
			rows, number := 0, ""
			err := s.session().query(ctx, st, []any{after, pageSize}, func(row *row) error {
				err := row.scan(&number)
				numbers, rows = append(numbers, number), rows+1
				return err
			})
			if err != nil {
				return err
			}
			if rows == pageSize {
				ends = append(ends, number)
			}
		}
		slices.Sort(numbers)
		keys = nil
		for _, number := range slices.Compact(numbers) {
			if len(ends) == 0 || number <= slices.Min(ends) {
				keys = append(keys, store.Key{Account: after.Account, Number: number})
			}
		}
		return nil
	})
	return keys, err
}

// auditKey compares one key, at first without a lock.
func (s *Store) auditKey(ctx context.Context, key store.Key, repair bool) (*Finding, error) {
	var e examined
	err := s.run(ctx, "Audit", func() error {
		k, err := s.session().row(ctx, key)
		if err == nil {
			e, err = s.session().examine(ctx, k)
		}
		return err
	})
	if err == nil && e.found != nil {
		err = s.run(ctx, "Audit", func() (err error) {
			e, err = s.confirm(ctx, key, repair)
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

var errUnchanged = errors.New("an audit that changes nothing")

// confirm compares a key under its lock, and mends it.
func (s *Store) confirm(ctx context.Context, key store.Key, repair bool) (e examined, err error) {
	err = s.inTx(ctx, func(tx session) error {
		k, err := tx.lock(ctx, key)
		if err == nil {
			e, err = tx.examine(ctx, k)
		}
		if err != nil {
			return err
		}
		if e.found == nil || !repair || !e.mends {
			return errUnchanged // the lock may have made a row
		}
		e.found.Repaired = true
		return tx.write(ctx, e.change)
	})
	if errors.Is(err, errUnchanged) {
		err = nil
	}
	return e, err
}

// row returns the key's row, without a lock.
func (s session) row(ctx context.Context, key store.Key) (k keyRow, err error) {
	k.standing.State.Key = key
	err = s.query(ctx, s.sql.row, []any{key, key}, func(row *row) (err error) {
		k, err = scanRow(row, key)
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
	wrongHolds := len(holds.rows) > 0 || len(holds.strays) > 0 || holds.hidden || holds.shown && !was.untidy
	e.mends = state || was.events < was.last || wrongHolds
	damage := DamageHolds
	switch {
	case was.events == 0 && was.last > 0:
		damage = DamageMissing
	case state:
		damage = DamageState
	case len(was.unexplained(h.records.records)) > 0:
		damage = DamageUnexplained
	case was.events < was.last:
		damage = DamageCount
	case !wrongHolds:
		return e, nil
	}
	want := store.NewLedger(was.key(), h.records.records).State()
	e.found = &Finding{Key: was.key(), Damage: damage, Stored: was.standing.InForce(), Want: want}
	return e, nil
}
