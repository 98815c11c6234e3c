package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
)

// recorder is the testing.TB of a case of Check: it keeps what a *testing.T
// would print, and ends the goroutine where a *testing.T would.
type recorder struct {
	testing.TB // nil: it is there because TB cannot be implemented otherwise
	name       string
	logf       func(format string, args ...any)
	ctx        context.Context
	cancel     context.CancelFunc

	mu       sync.Mutex
	cleanups []func()
	failed   bool
	messages []string // of the failures
	skipped  bool
	reason   string
}

func newRecorder(name string, logf func(string, ...any)) *recorder {
	r := &recorder{name: name, logf: logf}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	return r
}

// do calls f, which may end its goroutine, and waits for it.
func (r *recorder) do(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if v := recover(); v != nil {
				r.fail(fmt.Sprintf("panic: %v\n%s", v, debug.Stack()))
			}
		}()
		f()
	}()
	<-done
}

// cleanup runs what was given to Cleanup, the last first.
func (r *recorder) cleanup() {
	r.cancel()
	for {
		r.mu.Lock()
		last := len(r.cleanups) - 1
		if last < 0 {
			r.mu.Unlock()
			return
		}
		f := r.cleanups[last]
		r.cleanups = r.cleanups[:last]
		r.mu.Unlock()
		r.do(f)
	}
}

// report returns why the case was skipped, and the failures as one error.
func (r *recorder) report() (skipped string, failure error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed {
		failure = errors.New(strings.Join(r.messages, "; "))
	}
	if r.skipped {
		skipped = r.reason
	}
	return skipped, failure
}

func (r *recorder) fail(message string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = true
	r.messages = append(r.messages, message)
}

func (r *recorder) skip(reason string) {
	r.mu.Lock()
	r.skipped, r.reason = true, reason
	r.mu.Unlock()
	runtime.Goexit()
}

// line is what fmt.Sprintln prints, without the end of the line.
func line(args ...any) string { return strings.TrimSuffix(fmt.Sprintln(args...), "\n") }

func (r *recorder) Helper()                           {}
func (r *recorder) Attr(string, string)               {}
func (r *recorder) Name() string                      { return r.name }
func (r *recorder) Context() context.Context          { return r.ctx }
func (r *recorder) Output() io.Writer                 { return io.Discard }
func (r *recorder) Log(args ...any)                   { r.logf("%s", line(args...)) }
func (r *recorder) Logf(format string, args ...any)   { r.logf(format, args...) }
func (r *recorder) Error(args ...any)                 { r.fail(line(args...)) }
func (r *recorder) Errorf(format string, args ...any) { r.fail(fmt.Sprintf(format, args...)) }
func (r *recorder) Fail()                             { r.fail("newStore called Fail") }
func (r *recorder) Fatal(args ...any)                 { r.Error(args...); runtime.Goexit() }
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); runtime.Goexit() }

func (r *recorder) FailNow()                         { r.fail("newStore called FailNow"); runtime.Goexit() }
func (r *recorder) Skip(args ...any)                 { r.skip(line(args...)) }
func (r *recorder) Skipf(format string, args ...any) { r.skip(fmt.Sprintf(format, args...)) }
func (r *recorder) SkipNow()                         { r.skip("newStore called SkipNow") }

func (r *recorder) Failed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

func (r *recorder) Skipped() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.skipped
}

func (r *recorder) Cleanup(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cleanups = append(r.cleanups, f)
}

func (r *recorder) TempDir() string {
	dir, err := os.MkdirTemp("", "storetest")
	if err != nil {
		r.Fatalf("TempDir: %v", err)
	}
	r.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			r.Errorf("TempDir: %v", err)
		}
	})
	return dir
}

func (r *recorder) ArtifactDir() string { return r.TempDir() }

func (r *recorder) Setenv(key, value string) {
	before, was := os.LookupEnv(key)
	if err := os.Setenv(key, value); err != nil {
		r.Fatalf("Setenv: %v", err)
	}
	r.Cleanup(func() {
		if was {
			_ = os.Setenv(key, before) // it was set before: the name is a valid one
		} else {
			_ = os.Unsetenv(key)
		}
	})
}

func (r *recorder) Chdir(dir string) {
	before, err := os.Getwd()
	if err == nil {
		err = os.Chdir(dir)
	}
	if err != nil {
		r.Fatalf("Chdir: %v", err)
	}
	r.Cleanup(func() {
		if err := os.Chdir(before); err != nil {
			r.Errorf("Chdir: %v", err)
		}
	})
}
