package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// appender appends inside a transaction. It starts with a write, since SQLite
// gives a transaction that has read before it writes no second chance.
type appender struct {
	q   querier
	d   Dialect
	sql statements
	end string // of the look for an event: statements.current in a host's transaction
}

// statement is one that writes.
type statement struct {
	text string
	args []any
}

var errNoRow = errors.New("the row that was locked is not there")

func (a appender) append(ctx context.Context, ev store.Event) (store.Result, error) {
	if err := ctx.Err(); err != nil {
		return store.Result{}, err
	}
	now, events, err := a.lock(ctx, ev.Key)
	if err != nil {
		return store.Result{}, err
	}
	before, err := a.standing(ctx, now, ev)
	if err != nil {
		return store.Result{}, err
	}
	if events > 0 {
		stored, duplicate, err := a.replay(ctx, before.Consent, ev)
		if err != nil {
			return store.Result{}, err
		}
		if duplicate {
			return store.Result{State: now, Event: stored, Duplicate: true}, nil
		}
	}

	ev.RecordedAt = time.Now().UTC().Truncate(store.Precision)
	ev.Prior = now.Status
	after, effective := before.Next(ev)
	ev.Effective = effective
	if effective && ev.Status == store.Held {
		after.Holds[len(after.Holds)-1] = ev
	}
	was := now
	now = after.State()
	opens, ends := a.reviews(before, after, ev, events+1)
	if err := a.write(ctx, was, now, ev, events+1, opens, ends); err != nil {
		return store.Result{}, err
	}
	return store.Result{State: now, Event: ev}, nil
}

// write writes an event and the state now. A host may commit although a statement of
// these failed, against the rule: so the event's place is taken first, an opt-out or
// a hold is the state before it is an event, and an opt-in after; and a review is there
// before what waits for it. What is half written then leaves the gate closed, and an
// opt-out or a hold that is delivered again is no duplicate.
func (a appender) write(ctx context.Context, was, now store.State, ev store.Event, seq int64, opens, ends []statement) error {
	key := []any{a.d.text(ev.Key.Account), a.d.text(ev.Key.Number)}
	insert := statement{a.sql.insert, slices.Concat(key, []any{seq}, eventArgs(a.d, ev))}
	count := statement{a.sql.count, slices.Concat([]any{seq}, key)}
	recorded := int64(0) // of no event
	if now.Status != store.Unknown {
		recorded = now.RecordedAt.UnixMicro()
	}
	update := statement{a.sql.update, slices.Concat([]any{
		int64(now.Status), micros(now.At), micros(now.ReceivedAt), recorded,
		a.d.text(string(now.Source)), a.d.text(now.EventID), seq,
	}, key)}
	var all []statement
	switch {
	case !ev.Effective && was == now: // an opt-in may end a hold, and not be the state
		all = []statement{count, insert}
	case ev.Status == store.OptedOut, ev.Status == store.Held:
		all = slices.Concat([]statement{update}, opens, []statement{insert})
	default:
		all = slices.Concat([]statement{count, insert}, opens, []statement{update})
	}
	for _, st := range append(all, ends...) {
		if _, err := a.q.ExecContext(ctx, st.text, st.args...); err != nil {
			return err
		}
	}
	return nil
}

// lock locks the key's row until the transaction ends, and returns its state and
// number of events.
func (a appender) lock(ctx context.Context, key store.Key) (state store.State, events int64, err error) {
	args := []any{a.d.text(key.Account), a.d.text(key.Number)}
	text := a.sql.lock
	if a.sql.locked != "" {
		if _, err := a.q.ExecContext(ctx, text, args...); err != nil {
			return store.State{}, 0, err
		}
		text = a.sql.locked
	}
	found := false
	scanner := newStateScanner(nil, []any{&events})
	err = query(ctx, a.q, text, args, func(row row) error {
		found = true
		return scanner.scan(row, &state)
	})
	if err == nil && !found {
		err = errNoRow
	}
	state.Key = key
	return state, events, err
}

// replay looks for events with the same id, and decides by them.
func (a appender) replay(ctx context.Context, now store.State, ev store.Event) (stored store.Event, duplicate bool, err error) {
	var same, other bool
	args := []any{a.d.text(ev.Key.Account), a.d.text(ev.Key.Number), a.d.text(ev.ID)}
	err = query(ctx, a.q, a.sql.sameID+a.end, args, func(row row) error {
		old, err := scanEvent(row, ev.Key)
		if err != nil {
			return err
		}
		if old.Status == ev.Status {
			stored, same = old, true
		} else {
			other = true
		}
		return nil
	})
	if err != nil {
		return store.Event{}, false, err
	}
	duplicate, err = store.Replay(now, ev, same, other)
	return stored, duplicate, err
}

// inTx runs fn in a transaction, and commits it where fn returns nil.
func inTx(ctx context.Context, db *sql.DB, opts *sql.TxOptions, fn func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	// Also where fn panics, and somebody above recovers: the connection goes back to
	// the pool without the transaction, or not at all. What Rollback says adds
	// nothing to why it is called, and after a Commit it does nothing.
	defer func() { _ = tx.Rollback() }()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}
