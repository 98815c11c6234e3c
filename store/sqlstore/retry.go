package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// retry runs a transaction again that lost against another one.
type retry struct {
	most        int
	isRetryable func(error) bool
	logger      *slog.Logger
}

func newRetry(o Options) retry {
	r := retry{most: o.MaxRetries, isRetryable: o.IsRetryable, logger: o.Logger}
	switch {
	case r.most == 0:
		r.most = defaultRetries
	case r.most < 0:
		r.most = 0
	}
	return r
}

// Between two tries it waits a random time of up to firstWait, doubled each time
// up to lastWait, so that two that collided do not collide again.
const (
	firstWait = 5 * time.Millisecond
	lastWait  = 250 * time.Millisecond
)

func (r retry) run(ctx context.Context, what string, try func() error) error {
	wait := firstWait
	var lost error // the conflict before, which tells why time ran out
	for tries := 1; ; tries++ {
		err := try()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ended(ctx, errors.Join(err, lost))
		}
		if !r.conflict(err) {
			return err
		}
		if tries > r.most {
			return asConflict(err)
		}
		if r.logger != nil {
			r.logger.DebugContext(ctx, "sqlstore: lost against another transaction, running again", "call", what, "tries", tries)
		}
		lost = asConflict(err)
		timer := time.NewTimer(rand.N(wait)) //nolint:gosec // no secret: two that collided are to wait for different times
		select {
		case <-ctx.Done():
			timer.Stop()
			return ended(ctx, lost)
		case <-timer.C:
		}
		wait = min(2*wait, lastWait)
	}
}

// ended says that the context has, where a driver says something else of it.
func ended(ctx context.Context, err error) error {
	if errors.Is(err, ctx.Err()) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

func (r retry) conflict(err error) bool {
	return errors.Is(err, store.ErrConflict) || lostWrite(err) || r.isRetryable != nil && r.isRetryable(err)
}

// wrap says where an error of the database came from, and adds store.ErrConflict
// to those that mean it. The errors of package store say it themselves.
func wrap(err error) error {
	switch {
	case err == nil, errors.Is(err, store.ErrIDReused), errors.Is(err, store.ErrConflict):
		return err
	case lostWrite(err):
		return asConflict(err)
	default:
		return fmt.Errorf("sqlstore: %w", err)
	}
}

func asConflict(err error) error {
	if errors.Is(err, store.ErrConflict) {
		return err
	}
	return fmt.Errorf("%w: %w", store.ErrConflict, err)
}

// What databases call a write that lost.
const (
	serializationFailure = "40001" // SQLSTATE
	deadlockDetected     = "40P01" // SQLSTATE, PostgreSQL
	recordChanged        = 1020    // MariaDB, whose innodb_snapshot_isolation is the default from 11.6 on
	lockWaitTimeout      = 1205    // MySQL
	deadlockFound        = 1213    // MySQL
	sqliteBusy           = 5       // and SQLITE_BUSY_SNAPSHOT, 517
	sqliteLocked         = 6
)

// lostWrite knows the errors of the drivers without importing one, wherever they are
// in a chain: what a host has wrapped around them may look like another driver's.
func lostWrite(err error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if lostByMethods(err) || lostByFields(err) {
			return true
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			return slices.ContainsFunc(many.Unwrap(), lostWrite)
		}
	}
	return false
}

// lostByMethods asks the errors of pgx and lib/pq, which have an SQLState, and
// modernc's sqlite.Error, which has a Code.
func lostByMethods(err error) bool {
	if pg, ok := err.(interface{ SQLState() string }); ok {
		return pg.SQLState() == serializationFailure || pg.SQLState() == deadlockDetected
	}
	if lite, ok := err.(interface{ Code() int }); ok {
		code := lite.Code() & 0xff
		return code == sqliteBusy || code == sqliteLocked
	}
	return false
}

// lostByFields reads mysql.MySQLError, which has a Number, and mattn's
// sqlite3.Error, which has a Code and an ExtendedCode.
func lostByFields(err error) bool {
	v := reflect.Indirect(reflect.ValueOf(err))
	if v.Kind() != reflect.Struct {
		return false
	}
	field := func(name string) reflect.Value {
		f, ok := v.Type().FieldByName(name)
		if !ok {
			return reflect.Value{}
		}
		value, err := v.FieldByIndexErr(f.Index)
		if err != nil { // of an embedded pointer that is nil
			return reflect.Value{}
		}
		return value
	}
	if n := field("Number"); n.IsValid() && n.CanUint() && field("SQLState").IsValid() {
		return n.Uint() == recordChanged || n.Uint() == lockWaitTimeout || n.Uint() == deadlockFound
	}
	if c := field("Code"); c.IsValid() && c.CanInt() && field("ExtendedCode").IsValid() {
		return c.Int() == sqliteBusy || c.Int() == sqliteLocked
	}
	return false
}
