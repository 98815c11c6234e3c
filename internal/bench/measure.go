package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/internal/bench/growth"
)

// measure runs the benchmarks of the sections, and keeps what they print.
func (o options) measure(ctx context.Context, logger *log.Logger) error {
	binaries, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err //nolint:wrapcheck // it names the folder
	}
	defer func() { _ = os.RemoveAll(binaries) }()
	for _, s := range sections() {
		if len(o.only) > 0 && !slices.Contains(o.only, s.name) {
			continue
		}
		var raw bytes.Buffer
		o.machine(ctx, &raw)
		for _, suite := range s.suites {
			logger.Printf("%s: %s %s", s.name, suite.folder(), suite.pattern)
			if err := o.runSuite(ctx, suite, binaries, &raw); err != nil {
				return fmt.Errorf("%s: %s: %w", s.name, suite.folder(), err)
			}
		}
		if err := os.MkdirAll(o.raw(""), 0o750); err != nil {
			return err //nolint:wrapcheck // it names the folder
		}
		if err := os.WriteFile(o.raw(s.name), raw.Bytes(), 0o600); err != nil {
			return err //nolint:wrapcheck // it names the file
		}
	}
	return nil
}

// raw is the file of a section, or the folder.
func (o options) raw(name string) string {
	if name != "" {
		name += ".txt"
	}
	return filepath.Join(o.out, "bench", name)
}

func (s suite) folder() string { return "./" + filepath.ToSlash(filepath.Join(s.module, s.pkg)) }

// machine writes what is measured on, as configuration in Go's benchmark format. The
// processor is named by go test.
func (o options) machine(ctx context.Context, raw *bytes.Buffer) {
	fmt.Fprintf(raw, "cores: %d\ngo: %s\n", runtime.NumCPU(), runtime.Version())
	git := exec.CommandContext(ctx, "git", "-C", o.root, "log", "-1", "--format=%cs")
	if date, err := git.Output(); err == nil {
		fmt.Fprintf(raw, "commit-date: %s\n", bytes.TrimSpace(date))
	}
	fmt.Fprintf(raw, "count: %d\n", o.count)
	if o.short {
		fmt.Fprintln(raw, "sizes: small")
	}
}

// runSuite builds the test of a package, and runs its benchmarks where it is.
func (o options) runSuite(ctx context.Context, s suite, binaries string, raw io.Writer) error {
	root, err := filepath.Abs(o.root)
	if err != nil {
		return err //nolint:wrapcheck // there is no more to say
	}
	folder := filepath.Join(root, s.module, s.pkg)
	binary := filepath.Join(binaries, "suite.test")
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
		cmd.Dir = folder
		cmd.Env = cmd.Environ()
		if o.large {
			cmd.Env = append(cmd.Env, growth.LargeEnv+"=1")
		}
		out, err := cmd.Output()
		if err != nil {
			if exit, ok := errors.AsType[*exec.ExitError](err); ok {
				err = fmt.Errorf("%w\n%s", err, exit.Stderr)
			}
			return fmt.Errorf("%w\n%s", err, out)
		}
		if err := keep(raw, out); err != nil {
			return err
		}
	}
	return nil
}

// keep writes the lines that are configuration or a result, and none that a test
// prints of itself.
func keep(raw io.Writer, out []byte) error {
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		line := lines.Text()
		key, _, isConfig := strings.Cut(line, ": ")
		isConfig = isConfig && slices.Contains([]string{"goos", "goarch", "pkg", "cpu"}, key)
		if isConfig || strings.HasPrefix(line, "Benchmark") && strings.Contains(line, "\t") {
			if _, err := fmt.Fprintln(raw, line); err != nil {
				return err //nolint:wrapcheck // it is a buffer
			}
		}
	}
	return lines.Err() //nolint:wrapcheck // it is a buffer
}
