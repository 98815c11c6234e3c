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
			return errors.Join(err, lost)
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
			return asConflict(err)
		case <-timer.C:
		}
		wait = min(2*wait, lastWait)
	}
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
	lockWaitTimeout      = 1205    // MySQL
	deadlockFound        = 1213    // MySQL
	sqliteBusy           = 5       // and SQLITE_BUSY_SNAPSHOT, 517
	sqliteLocked         = 6
)

// lostWrite knows the errors of the drivers without importing one: by their
// methods, and where a driver's error has none, by its fields.
func lostWrite(err error) bool {
	if pg, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok {
		return pg.SQLState() == serializationFailure || pg.SQLState() == deadlockDetected
	}
	if lite, ok := errors.AsType[interface {
		error
		Code() int
	}](err); ok {
		code := lite.Code() & 0xff
		return code == sqliteBusy || code == sqliteLocked
	}
	for ; err != nil; err = errors.Unwrap(err) {
		many, ok := err.(interface{ Unwrap() []error })
		if ok && slices.ContainsFunc(many.Unwrap(), lostWrite) || lostByFields(err) {
			return true
		}
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
	if n := v.FieldByName("Number"); n.IsValid() && n.CanUint() && v.FieldByName("SQLState").IsValid() {
		return n.Uint() == lockWaitTimeout || n.Uint() == deadlockFound
	}
	if c := v.FieldByName("Code"); c.IsValid() && c.CanInt() && v.FieldByName("ExtendedCode").IsValid() {
		return c.Int() == sqliteBusy || c.Int() == sqliteLocked
	}
	return false
}
