package model

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// Options are those of [Run].
type Options struct {
	Steps  int    // how many; 0: 20,000
	Seed   uint64 // what the steps follow from; the same seed makes the same steps
	Faults bool   // some calls of the store fail, before or after their work
	Plain  bool   // every number has a plus sign
}

// stepsOfWorld is how many steps two accounts see.
const stepsOfWorld = 60

// Run makes random steps over a store that is empty, or that has no accounts named
// shop-1, Shop-1, shop-2 and so on. It fails the test at the first step whose result
// the model does not agree with, and prints the steps that lead there.
func Run(tb testing.TB, open func() store.Store, opts Options) {
	tb.Helper()
	if opts.Steps == 0 {
		opts.Steps = 20_000
	}
	tb.Logf("model: seed %d, %d steps, faults %v", opts.Seed, opts.Steps, opts.Faults)
	if err := run(tb.Context(), open(), opts); err != nil {
		tb.Fatal(err)
	}
}

// run is Run that returns what it found, nil for nothing.
func run(ctx context.Context, s store.Store, opts Options) error {
	b := newBench(ctx, s)
	for n := 0; n < opts.Steps; n += stepsOfWorld {
		source := rand.NewPCG(opts.Seed, uint64(n)) //nolint:gosec // no secret, and no negative number
		m := &maker{Rand: rand.New(source), faults: opts.Faults, plain: opts.Plain, now: start}
		var steps []step
		err := b.inWorld(min(stepsOfWorld, opts.Steps-n), func() (step, bool) { //nolint:contextcheck // it has the context
			s := m.next()
			steps = append(steps, s)
			return s, true
		})
		if err != nil {
			steps, err = b.shrink(steps, err) //nolint:contextcheck // it has the context
			return fmt.Errorf("seed %d, after %d steps: %w\nthe steps:\n%s", opts.Seed, n+len(steps), err, trace(steps))
		}
	}
	return nil
}

// start is on a quarter of a second, so that no time meets it by chance.
var start = time.Date(2026, time.March, 2, 12, 0, 0, 250_000_000, time.UTC)

// inWorld makes up to n steps in a world of their own.
func (b *bench) inWorld(n int, next func() (step, bool)) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	w, err := b.newWorld(rand.New(rand.NewPCG(1, 1))) //nolint:gosec // no secret
	if err != nil {
		return err
	}
	for range n {
		s, more := next()
		if !more {
			break
		}
		if err := w.play(s); err != nil {
			return fmt.Errorf("step #%d: %w", s.serial, err)
		}
	}
	return w.checkAll()
}

// shrink leaves out steps as long as anything fails. Each try has a world of its own.
func (b *bench) shrink(steps []step, failure error) ([]step, error) {
	for again := true; again; {
		again = false
		for i := range slices.Backward(steps) {
			fewer := slices.Concat(steps[:i], steps[i+1:])
			if err := b.replay(fewer); err != nil && kindOf(err) == kindOf(failure) {
				steps, failure, again = fewer, err, true
			}
		}
	}
	return steps, failure
}

var detail = regexp.MustCompile(`\d.*|reason.*`)

// kindOf is what an error says before its first detail.
func kindOf(err error) string {
	cause := err
	for errors.Unwrap(cause) != nil {
		cause = errors.Unwrap(cause)
	}
	return detail.ReplaceAllString(cause.Error(), "")
}

func (b *bench) replay(steps []step) error {
	i := 0
	return b.inWorld(len(steps), func() (step, bool) {
		i++
		return steps[i-1], true
	})
}

func trace(steps []step) string {
	var lines []string
	for _, s := range steps {
		lines = append(lines, s.String())
	}
	return strings.Join(lines, "\n")
}
