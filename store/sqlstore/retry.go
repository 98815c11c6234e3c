package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// defaultRetries is what Options.MaxRetries defaults to.
const defaultRetries = 8

// Between two tries it waits a random time of up to firstWait, doubled each time
// up to lastWait, so that two that collided do not collide again.
const (
	firstWait = 5 * time.Millisecond
	lastWait  = 250 * time.Millisecond
)

// run runs a call of the plain store, again where it lost against another transaction.
func (s *Store) run(ctx context.Context, call string, try func() error) error {
	if err := s.wouldWait(ctx); err != nil {
		return wrap(call, err)
	}
	return s.retry(ctx, call, func() error { return wrap(call, try()) })
}

// retry runs a transaction again that lost against another one.
func (s *Store) retry(ctx context.Context, call string, try func() error) error {
	most := cmp.Or(s.opts.MaxRetries, defaultRetries) // below zero: never
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
		if !s.conflict(err) {
			return err
		}
		lost = asConflict(err)
		if tries > most {
			return lost
		}
		if s.opts.Logger != nil {
			s.opts.Logger.DebugContext(ctx, "sqlstore: lost against another transaction, running again", "call", call, "tries", tries)
		}
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

// ended says that the context has ended, where a driver says something else of it.
func ended(ctx context.Context, err error) error {
	if errors.Is(err, ctx.Err()) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

func (s *Store) conflict(err error) bool {
	return errors.Is(err, store.ErrConflict) || codeOf(err).lost || s.opts.IsRetryable != nil && s.opts.IsRetryable(err)
}
