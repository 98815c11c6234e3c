package sqlstore

import (
	"context"
	"database/sql"
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
		err := s.auditAll(ctx, o, func(found Finding) bool { return yield(found, nil) })
		if err != nil && !errors.Is(err, errStopped) {
			yield(Finding{}, err)
		}
	}
}

var errStopped = errors.New("the loop over an audit has ended")

func (s *Store) auditAll(ctx context.Context, o AuditOptions, yield func(Finding) bool) error {
	if o.Account != "" {
		return s.auditAccount(ctx, o.Account, o.Repair, yield)
	}
	for account := ""; ; {
		next, err := s.nextAccount(ctx, account)
		if err != nil || next == "" {
			return err
		}
		if err := s.auditAccount(ctx, next, o.Repair, yield); err != nil {
			return err
		}
		account = next
	}
}

func (s *Store) auditAccount(ctx context.Context, account string, repair bool, yield func(Finding) bool) error {
	for number := ""; ; {
		numbers, err := s.nextNumbers(ctx, account, number)
		if err != nil || len(numbers) == 0 {
			return err
		}
		for _, number = range numbers {
			found, err := s.auditKey(ctx, store.Key{Account: account, Number: number}, repair)
			if err != nil {
				return err
			}
			if found != nil && !yield(*found) {
				return errStopped
			}
		}
	}
}

// nextAccount returns the account after another one, or "".
func (s *Store) nextAccount(ctx context.Context, after string) (next string, err error) {
	err = s.run(ctx, "Audit", func() error {
		next = ""
		for _, st := range []statement{s.sql.stateAccount, s.sql.eventsAccount} {
			err := query(ctx, s.pool(), st, []any{s.dialect.text(after)}, func(row *row) error {
				var account sql.NullString
				err := row.scan(&account)
				if account.String != "" && (next == "" || account.String < next) {
					next = account.String
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

// nextNumbers returns the next numbers of an account in either table, in order.
func (s *Store) nextNumbers(ctx context.Context, account, after string) (numbers []string, err error) {
	err = s.run(ctx, "Audit", func() error {
		numbers = nil
		last := "" // where a full page ends, what comes after it is for the next one
		for _, st := range []statement{s.sql.stateNumbers, s.sql.eventsNumbers} {
			var page []string
			args := []any{s.dialect.text(account), s.dialect.text(after), int64(pageSize)}
			err := query(ctx, s.pool(), st, args, func(row *row) error {
				var number string
				err := row.scan(&number)
				page = append(page, number)
				return err
			})
			if err != nil {
				return err
			}
			if len(page) == pageSize && (last == "" || page[pageSize-1] < last) {
				last = page[pageSize-1]
			}
			numbers = append(numbers, page...)
		}
		slices.Sort(numbers)
		numbers = slices.Compact(numbers)
		if last != "" {
			end, _ := slices.BinarySearch(numbers, last)
			numbers = numbers[:end+1]
		}
		return nil
	})
	return numbers, err
}

// auditKey compares one key, at first without a lock.
func (s *Store) auditKey(ctx context.Context, key store.Key, repair bool) (*Finding, error) {
	var e examined
	err := s.run(ctx, "Audit", func() error {
		if err := s.prepare(ctx); err != nil {
			return err
		}
		a := appender{q: s.pool(), d: s.dialect, sql: s.sql}
		k, err := a.row(ctx, key)
		if err == nil {
			e, err = a.examine(ctx, k)
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
	err = inTx(ctx, s.db, s.dialect.isolation, func(tx *sql.Tx) error {
		a := s.appender(tx)
		k, err := a.lock(ctx, key)
		if err == nil {
			e, err = a.examine(ctx, k)
		}
		if err != nil {
			return err
		}
		if e.found == nil || !repair || !e.mends {
			return errUnchanged // the lock may have made a row
		}
		e.found.Repaired = true
		return a.write(ctx, e.change)
	})
	if errors.Is(err, errUnchanged) {
		err = nil
	}
	return e, err
}

// row returns the key's row, without a lock.
func (a appender) row(ctx context.Context, key store.Key) (k keyRow, err error) {
	account, number := a.d.text(key.Account), a.d.text(key.Number)
	k.standing.State.Key = key
	err = query(ctx, a.q, a.sql.row, []any{account, number, account, number}, func(row *row) (err error) {
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
func (a appender) examine(ctx context.Context, was keyRow) (e examined, err error) {
	key := was.standing.State.Key
	h, err := a.history(ctx, key)
	if err != nil {
		return examined{}, err
	}
	c, ledger, err := a.remake(was, h, nil, time.Time{})
	if err != nil {
		return examined{}, err
	}
	e.change = c
	wrong := map[Damage]bool{
		DamageMissing: was.events == 0 && was.last > 0,
		DamageState:   was.standing != c.now.standing,
		DamageCount:   was.events < was.last,
		DamageHolds:   wrongHolds(was, wantedHolds(ledger, h.seqs, was.held()), h.holds),
	}
	e.mends = wrong[DamageMissing] || wrong[DamageState] || wrong[DamageCount] || wrong[DamageHolds]
	wrong[DamageUnexplained] = len(was.unexplained(h.records.records)) > 0
	for _, damage := range []Damage{DamageMissing, DamageState, DamageUnexplained, DamageCount, DamageHolds} {
		if wrong[damage] {
			e.found = &Finding{Key: key, Damage: damage, Stored: was.standing.InForce(), Want: store.NewLedger(key, h.records.records).State()}
			break
		}
	}
	return e, nil
}

// wrongHolds reports whether rows of the table of holds are wrong, beside the key's row.
func wrongHolds(k keyRow, want, rows []holdRow) bool {
	wanted := make(map[int64]holdRow, len(want))
	for _, w := range want {
		wanted[w.seq] = w
	}
	for _, row := range rows {
		w, known := wanted[row.seq]
		delete(wanted, row.seq)
		if !known {
			w = holdRow{seq: row.seq, fate: fateEnded}
		}
		if row.differs(w, k.holdsFrom) || w.waits && !row.waits || !k.untidy && row.stale(w.waits, k.holdsFrom) && row.waits {
			return true
		}
	}
	for _, w := range wanted {
		if w.fate != fateEnded {
			return true
		}
	}
	return false
}
