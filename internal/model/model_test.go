package model

import (
	"flag"
	"testing"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

var (
	stress = flag.Bool("stress", false, "make 1,000,000 random steps")
	seed   = flag.Uint64("seed", 1, "the seed of the random steps")
)

func memory() store.Store { return memstore.New() }

func TestNoRandomStepBreaksAPromise(t *testing.T) {
	for _, faults := range []bool{false, true} {
		opts := Options{Steps: 10_000, Seed: *seed, Faults: faults}
		if *stress {
			opts.Steps = 500_000
		}
		Run(t, memory, opts)
	}
}
