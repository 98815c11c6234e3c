// Bench measures what the project promises beside the plain code that a user would
// write, and writes docs/performance.md of it, with a chart.
//
//	make bench                                  # from the root: all of it
//	go -C internal/bench run . -only numbers    # one section, the others as they are
//	go -C internal/bench run . -large           # growth up to 10^7 opt-outs
//	go -C internal/bench run . -measure=false   # the document from what was measured
//
// The benchmarks are those of the tree, run by go test. What they print is kept in
// docs/bench, a file for each section in Go's benchmark format, which benchstat reads
// too. A benchmark that is named Goal/case/way is put beside the ways of the same
// case that are plain code: see plainWays.
//
// It is a module of its own, so that no user inherits the plotting library.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stderr)
	stop()
	os.Exit(status)
}

// options are what the flags say.
type options struct {
	root, out string
	only      []string
	benchtime string
	count     int
	short     bool
	large     bool
}

// run returns the exit status: 0, 1 for what went wrong, 2 for a wrong use.
func run(ctx context.Context, args []string, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.root, "root", "../..", "the `folder` of the repository")
	flags.StringVar(&o.out, "out", "", "the `folder` of the document; without it docs of the repository")
	only := flags.String("only", "", "measure these `sections` alone: "+strings.Join(sectionNames(), ","))
	flags.StringVar(&o.benchtime, "benchtime", "", "how `long` each benchmark runs; without it as the section says")
	flags.IntVar(&o.count, "count", 6, "how `often` each benchmark is run; fewer than 6 give no interval of 95 %")
	flags.BoolVar(&o.short, "short", false, "small sizes: to see that it works, not to measure")
	flags.BoolVar(&o.large, "large", false, "growth up to 10^7 opt-outs")
	measure := flags.Bool("measure", true, "measure; else write the document alone")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	logger := log.New(stderr, "bench: ", 0)
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	if err := o.validate(flags.Args()); err != nil {
		logger.Print(err)
		return 2
	}
	if o.out == "" {
		o.out = filepath.Join(o.root, "docs")
	}
	if *measure {
		if err := o.measure(ctx, logger); err != nil {
			logger.Print(err)
			return 1
		}
	}
	if err := o.write(); err != nil {
		logger.Print(err)
		return 1
	}
	return 0
}

func (o options) validate(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("unexpected argument %q", args[0])
	}
	for _, name := range o.only {
		if !slices.Contains(sectionNames(), name) {
			return fmt.Errorf("-only: no section %q, want %s", name, strings.Join(sectionNames(), ", "))
		}
	}
	if o.count < 1 {
		return fmt.Errorf("-count is %d, want 1 or more", o.count)
	}
	return nil
}
