package model

import (
	"flag"
	"testing"

	"github.com/seed-f10031e4/consent/internal/chance"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

var (
	stress = flag.Bool("stress", false, "make 100,000 random steps of each kind")
	steps  = flag.Int("steps", 0, "the number of random steps of each kind")
	seed   = flag.Uint64("seed", 1, "the seed of the random steps")
)

func memory() store.Store { return memstore.New() }

func TestNoRandomStepBreaksAPromise(t *testing.T) {
	for name, opts := range map[string]Options{
		"numbers with a plus sign":            {Plain: true},
		"numbers with a plus sign and faults": {Plain: true, Faults: true},
		"every spelling":                      {},
		"every spelling and faults":           {Faults: true},
	} {
		t.Run(name, func(t *testing.T) {
			opts.Steps, opts.Seed = chance.Rounds(4_000), *seed
			switch {
			case *steps > 0:
				opts.Steps = *steps
			case *stress:
				opts.Steps = 100_000
			}
			Run(t, memory, opts)
		})
	}
}
