package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
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

func (r retry) run(ctx context.Context, call string, try func() error) error {
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
			r.logger.DebugContext(ctx, "sqlstore: lost against another transaction, running again", "call", call, "tries", tries)
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

// ended says that the context has ended, where a driver says something else of it.
func ended(ctx context.Context, err error) error {
	if errors.Is(err, ctx.Err()) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

func (r retry) conflict(err error) bool {
	return errors.Is(err, store.ErrConflict) || codeOf(err).lost || r.isRetryable != nil && r.isRetryable(err)
}
