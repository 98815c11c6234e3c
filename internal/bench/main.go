// Bench measures the project beside the plain code that a user would write, and writes
// docs/performance.md.
//
//	make bench                                  # from the root: all of it
//	go -C internal/bench run . -only numbers    # one section, the others as they are
//	go -C internal/bench run . -measure=false   # the document from what was measured
//
// The benchmarks are those of the tree, run by go test. What go test prints is kept in
// docs/bench, a file for each section, which benchstat reads too. The document has the
// rows of sections.go. It is a module of its own, so that no user inherits the plotting
// library.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are what the flags say.
type options struct {
	root, out, only, benchtime string
	count                      int
	short, large, measure      bool
}

func run(ctx context.Context, args []string, log io.Writer) error {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(log)
	flags.StringVar(&o.root, "root", "../..", "the `folder` of the repository")
	flags.StringVar(&o.out, "out", "", "the `folder` of the document; without it docs of the repository")
	flags.StringVar(&o.only, "only", "", "measure this `section` alone")
	flags.StringVar(&o.benchtime, "benchtime", "", "how `long` each benchmark runs; without it as its section says")
	flags.IntVar(&o.count, "count", 6, "how `often` each benchmark is run")
	flags.BoolVar(&o.short, "short", false, "small sizes: to see that it works, not to measure")
	flags.BoolVar(&o.large, "large", false, "growth up to 10^7 opt-outs, lists of 10^6 rows")
	flags.BoolVar(&o.measure, "measure", true, "measure; else write the document alone")
	if err := flags.Parse(args); err != nil {
		return err //nolint:wrapcheck // it names the flag
	}
	if o.out == "" {
		o.out = filepath.Join(o.root, "docs")
	}
	known := o.only == ""
	for _, s := range sections() {
		known = known || s.name == o.only
	}
	if !known || flags.NArg() > 0 {
		return fmt.Errorf("no section %q, or an argument too many", o.only)
	}
	if o.measure {
		if err := o.measureAll(ctx, log); err != nil {
			return err
		}
	}
	return o.write()
}
