package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/internal/bench/growth"
)

// measureAll runs the benchmarks of the sections, and keeps what they print.
func (o options) measureAll(ctx context.Context, log io.Writer) error {
	binaries, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err //nolint:wrapcheck // it names the folder
	}
	defer func() { _ = os.RemoveAll(binaries) }()
	for _, s := range sections() {
		if o.only != "" && s.name != o.only {
			continue
		}
		var raw bytes.Buffer
		fmt.Fprintf(&raw, "cores: %d\ngo: %s\ncount: %d\n", runtime.NumCPU(), runtime.Version(), o.count)
		if o.short {
			fmt.Fprintln(&raw, "sizes: small")
		}
		for _, suite := range s.suites {
			_, _ = fmt.Fprintln(log, s.name, suite.module, suite.pkg, suite.pattern)
			if err := o.runSuite(ctx, suite, filepath.Join(binaries, "suite.test"), &raw); err != nil {
				return fmt.Errorf("%s: %s: %w", s.name, suite.pkg, err)
			}
		}
		if err := os.MkdirAll(filepath.Dir(o.raw(s)), 0o750); err != nil {
			return err //nolint:wrapcheck // it names the folder
		}
		if err := os.WriteFile(o.raw(s), raw.Bytes(), 0o600); err != nil {
			return err //nolint:wrapcheck // it names the file
		}
	}
	return nil
}

// raw is the file that keeps what go test printed for a section.
func (o options) raw(s section) string { return filepath.Join(o.out, "bench", s.name+".txt") }

// runSuite builds the test of a package, and runs its benchmarks in its folder.
func (o options) runSuite(ctx context.Context, s suite, binary string, raw io.Writer) error {
	root, err := filepath.Abs(o.root)
	if err != nil {
		return err //nolint:wrapcheck // there is no more to say
	}
	build := exec.CommandContext(ctx, "go", "test", "-c", "-o", binary, "./"+s.pkg)
	build.Dir = filepath.Join(root, s.module)
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	runs, count := o.count, 1
	if s.together {
		runs, count = 1, o.count
	}
	benchtime := s.benchtime
	if o.benchtime != "" {
		benchtime = o.benchtime
	}
	for range runs {
		cmd := exec.CommandContext(ctx, binary, "-test.run=^$", "-test.bench="+s.pattern, "-test.benchtime="+benchtime,
			"-test.count="+strconv.Itoa(count), "-test.short="+strconv.FormatBool(o.short), "-test.timeout=2h")
		cmd.Dir = filepath.Join(root, s.module, s.pkg)
		cmd.Env = cmd.Environ()
		if o.large {
			cmd.Env = append(cmd.Env, growth.LargeEnv+"=1", "CONSENT_BENCH_LIST=1000000")
		}
		out, err := cmd.Output()
		if err != nil {
			if exit, ok := errors.AsType[*exec.ExitError](err); ok {
				err = fmt.Errorf("%w\n%s", err, exit.Stderr)
			}
			return fmt.Errorf("%w\n%s", err, out)
		}
		if _, err := io.WriteString(raw, results(string(out))); err != nil {
			return err //nolint:wrapcheck // it is a buffer
		}
	}
	return nil
}

// results are the lines that are configuration or a result: what a test prints of itself
// may name the machine.
func results(out string) string {
	var kept strings.Builder
	for line := range strings.Lines(out) {
		key, _, _ := strings.Cut(line, ": ")
		config := key == "goos" || key == "goarch" || key == "pkg" || key == "cpu"
		if config || strings.HasPrefix(line, "Benchmark") && strings.Contains(line, "\t") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
