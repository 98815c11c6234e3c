package optout_test

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"os"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// A line in a log for each operation, without a phone number and a text.
func ExampleOptions_observe() {
	ctx := context.Background()
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "duration" { // another one each time
				return slog.Attr{}
			}
			return a
		},
	}))
	outage := new(faultstore.Toggle)
	outage.Err = errors.New("pq: duplicate key (acme, +14155550123)")
	// region slog
	observe := func(ctx context.Context, o optout.Observation) {
		level := slog.LevelInfo
		blocked := errors.Is(o.Err, optout.ErrOptedOut) || errors.Is(o.Err, optout.ErrHeld) || errors.Is(o.Err, optout.ErrNoConsent)
		if o.Err != nil && !blocked {
			level = slog.LevelError
		}
		logger.LogAttrs(ctx, level, "consent", slog.String("operation", o.Operation.String()),
			slog.String("account", o.Account), slog.String("status", o.Status.String()), slog.String("reason", string(o.Reason)),
			slog.Int("count", o.Count), slog.Int("changed", o.Changed),
			slog.Duration("duration", o.Duration), slog.Any("error", o.Err))
	}
	guard, err := optout.New(faultstore.Wrap(memstore.New(), outage.Inject), &optout.Options{Observe: observe})
	// endregion slog
	if err != nil {
		log.Fatal(err)
	}
	_, _ = guard.Receive(ctx, optout.Message{ID: "SM1", Account: "acme", From: "+14155550123", Text: "STOP"})
	_ = guard.Send(ctx, "acme", "+14155550123", func(context.Context, string) error { return nil })
	outage.On()
	_, _ = guard.Gate(ctx, "acme", "+14155550123")

	// Output:
	// level=INFO msg=consent operation=receive account=acme status=opted-out reason="" count=1 changed=1 error=<nil>
	// level=INFO msg=consent operation=send account=acme status=opted-out reason=opted_out count=1 changed=0 error="optout: opted out"
	// level=ERROR msg=consent operation=gate account=acme status=unknown reason=store_error count=1 changed=0 error="optout: the store failed"
}
