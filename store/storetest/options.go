package storetest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// Options of a run of the suite. A nil *Options means the defaults.
type Options struct {
	// Skip names the cases that are not run, each with the reason, which is printed. A
	// name that no case has, and an empty reason, are failures.
	Skip map[string]string

	// Reopen opens the data of a store a second time, as another process would, while
	// the first store is still in use. If it is nil, the cases that need it are skipped.
	Reopen func(store.Store) (store.Store, error)

	// Long runs the cases that look for the limits of a store with several thousand
	// events, which takes long on a slow server. False means about a thousand events.
	Long bool

	// Brief runs what shows by chance, such as a race of Appends, a third as often. It is
	// for the run of each day, if another run is without it.
	Brief bool

	// Timeout is how long a case may take: its context ends then. A slow server needs
	// longer for the cases that write a thousand events. Defaults to 30 seconds.
	Timeout time.Duration

	// Late is how long Changes may hold a record back: the longest time that another
	// program writes in one transaction. Zero means that Changes lists each at once.
	Late time.Duration

	// Concurrency is the number of goroutines that call the store at the same time, in
	// the cases that do so. Defaults to 8, and is at least 2.
	Concurrency int

	// Seed repeats a failure of a case with random input: set it to the seed that the
	// failure printed. Zero means another seed in each run.
	Seed uint64

	// Logf receives from Check what is skipped and why; Run skips the subtest instead.
	// Defaults to silence.
	Logf func(format string, args ...any)
}

const (
	defaultTimeout     = 30 * time.Second
	defaultConcurrency = 8
	minConcurrency     = 2
)

// settings returns the options with the defaults filled in. An option that makes no sense
// is set to its default as well, and named in the error.
func (o *Options) settings() (Options, error) {
	var s Options
	if o != nil {
		s = *o
	}
	var errs []error
	if s.Timeout < 0 {
		errs = append(errs, errors.New("storetest: Options.Timeout is negative"))
	}
	if s.Timeout <= 0 {
		s.Timeout = defaultTimeout
	}
	if s.Late < 0 {
		errs = append(errs, errors.New("storetest: Options.Late is negative"))
	}
	if s.Concurrency < 0 {
		errs = append(errs, errors.New("storetest: Options.Concurrency is negative"))
	}
	if s.Concurrency <= 0 {
		s.Concurrency = defaultConcurrency
	}
	s.Concurrency = max(s.Concurrency, minConcurrency)
	for s.Seed == 0 {
		s.Seed = rand.Uint64()
	}
	if s.Logf == nil {
		s.Logf = func(string, ...any) {}
	}
	s.Skip = maps.Clone(s.Skip)
	known := maps.Collect(Cases())
	for _, name := range slices.Sorted(maps.Keys(s.Skip)) {
		switch {
		case known[name] == "":
			errs = append(errs, fmt.Errorf("storetest: Options.Skip: there is no case %q", name))
		case strings.TrimSpace(s.Skip[name]) == "":
			errs = append(errs, fmt.Errorf("storetest: Options.Skip: %s has no reason", name))
			delete(s.Skip, name)
		}
	}
	return s, errors.Join(errs...)
}
