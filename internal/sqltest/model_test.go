package sqltest_test

import (
	"flag"
	"testing"

	"github.com/seed-f10031e4/consent/internal/model"
	"github.com/seed-f10031e4/consent/store"
)

var (
	stepsFlag = flag.Int("steps", 0, "random steps of the model on each database; 0: 200, and 3,000 with -stress")
	seedFlag  = flag.Uint64("seed", 1, "of the model's random steps")
)

// TestTheRandomModelOnDatabases plays the model of all features together on each database,
// with faults before and after the calls of the store.
//
//nolint:tparallel // not beside other tests: some kill the servers
func TestTheRandomModelOnDatabases(t *testing.T) {
	steps := *stepsFlag
	switch {
	case steps > 0:
	case *stressFlag:
		steps = 3_000
	default:
		steps = 200
	}
	tested := engineVariants() // the drivers of one database do not differ here
	if *stressFlag {
		tested = append(tested, named(nativePostgres)...)
	}
	for _, v := range tested {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			st, _ := v.ready(t)
			model.Run(t, func() store.Store { return st }, model.Options{Steps: steps, Seed: *seedFlag, Faults: true})
		})
	}
}
