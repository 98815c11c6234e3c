package storetest_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

func TestEveryCaseHasANameAndAPromise(t *testing.T) {
	var names, promises []string
	for name, promise := range storetest.Cases() {
		require.Regexp(t, `^[A-Z][A-Za-z]+$`, name)
		require.Regexp(t, `^[A-Z].+[^.]$`, promise)
		names, promises = append(names, name), append(promises, promise)
	}
	require.Greater(t, len(names), 50)
	for _, list := range [][]string{names, promises} {
		slices.Sort(list)
		require.Len(t, slices.Compact(list), len(names), "each is there once")
	}
}

func TestOptionsThatMakeNoSenseFail(t *testing.T) {
	opts := only("UnknownKey")
	opts.Skip["NoSuchCase"] = "a reason"
	opts.Skip["Times"] = " "
	opts.Timeout, opts.Late, opts.Concurrency = -1, -1, -1
	err := storetest.Check(t.Context(), memstore.New(), opts)
	require.EqualError(t, err, strings.Join([]string{
		"storetest: Options.Timeout is negative",
		"storetest: Options.Late is negative",
		"storetest: Options.Concurrency is negative",
		`storetest: Options.Skip: there is no case "NoSuchCase"`,
		"storetest: Options.Skip: Times has no reason",
	}, "\n"))
}

// TestACaseWithoutAReasonIsRun: the exception does not hold.
func TestACaseWithoutAReasonIsRun(t *testing.T) {
	opts := only("UnknownKey")
	opts.Skip["SetByStore"] = ""
	s := newNaive()
	s.clock = func() time.Time { return time.Unix(0, 0) }
	err := storetest.Check(t.Context(), s, opts)
	require.ErrorContains(t, err, "SetByStore has no reason")
	require.ErrorContains(t, err, "SetByStore: RecordedAt, Prior and Effective are set by the store")
}

func TestASkippedCaseIsNamedWithItsReason(t *testing.T) {
	var lines []string
	opts := only("LongText")
	opts.Skip["LongText"] = "the column is short"
	opts.Logf = func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	s := newNaive()
	kept(func(given store.Event, kept *store.Event) { kept.Text = given.Text })(s)
	err := storetest.Check(t.Context(), s, opts)
	require.NoError(t, err)
	require.Contains(t, lines, "storetest: LongText skipped: the column is short")
}

func TestTheSeedRepeatsAFailure(t *testing.T) {
	opts := only("RandomEvents")
	opts.Seed = 42
	failure := func() string {
		s := newNaive()
		each(func(before []store.Record, r *store.Record) {
			if r.At.IsZero() && len(before) > 0 {
				none(r)
			}
		})(s)
		err := storetest.Check(t.Context(), s, opts)
		require.Error(t, err)
		return err.Error()
	}
	first := failure()
	require.Contains(t, first, "(Options.Seed 42)")
	require.Equal(t, first, failure())
}

func TestACallThatNeverReturnsFailsItsCase(t *testing.T) {
	opts := only("UnknownKey")
	opts.Timeout = 20 * time.Millisecond
	s := newNaive()
	release := make(chan struct{})
	s.valid = func(store.Key) error { <-release; return store.ErrInvalid }
	err := storetest.Check(t.Context(), s, opts)
	close(release)
	require.ErrorContains(t, err, "a call does not return, though its context ended after 20ms")
}

func TestATimeoutIsNamed(t *testing.T) {
	opts := only("UnknownKey")
	opts.Timeout = 500 * time.Millisecond // also the time that a case has to end after it, on a busy machine
	s := newNaive()
	s.alive = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	err := storetest.Check(t.Context(), s, opts)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "(the case ran longer than Options.Timeout, 500ms)")
}

// broken is the environment variable that makes TestBrokenStore one that fails.
const broken = "STORETEST_BROKEN"

func TestBrokenStore(t *testing.T) {
	if os.Getenv(broken) == "" {
		t.Skip("for TestRunFailsTheSubtest")
	}
	opts := only("Evidence")
	delete(opts.Skip, "UnknownKey")
	delete(opts.Skip, "ListSlice")
	opts.Skip["Times"] = "a reason of its own"
	opts.Skip["NoSuchCase"] = "a reason"
	storetest.Run(t, func(t testing.TB) store.Store {
		s := newNaive()
		kept(func(_ store.Event, kept *store.Event) { kept.Note = strings.TrimSpace(kept.Note) })(s)
		t.Cleanup(func() { t.Log("closed", t.Name()) })
		return bare{s}
	}, opts)
}

// TestRunFailsTheSubtest looks at a test that fails, from outside.
func TestRunFailsTheSubtest(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBrokenStore$", "-test.v")
	cmd.Env = append(os.Environ(), broken+"=1")
	raw, err := cmd.CombinedOutput()
	out := string(raw)
	require.Error(t, err, out)
	for _, want := range []string{
		"--- FAIL: TestBrokenStore ",
		"--- PASS: TestBrokenStore/UnknownKey ",
		"--- FAIL: TestBrokenStore/Evidence ",
		`: Evidence survives byte for byte: Append: Note is "", want " "`,
		"closed TestBrokenStore/Evidence",
		"--- SKIP: TestBrokenStore/Times ",
		": a reason of its own",
		"--- SKIP: TestBrokenStore/ListSlice ",
		": the store has no Lister",
		`storetest: Options.Skip: there is no case "NoSuchCase"`,
	} {
		require.Contains(t, out, want)
	}
}
