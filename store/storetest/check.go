package storetest

import (
	"errors"
	"fmt"
)

// Check runs each case and returns nil where every promise was kept, else
// errors.Join of one error a failed case, with the case's name, its promise and
// what was seen. See [Factory] for what newStore can be.
//
// A newStore that takes a testing.TB gets one that makes an error of what it
// reports. A panic of the store is an error too.
func Check[F Factory](newStore F, opts *Options) error {
	o, err := opts.settings()
	errs := []error{err}
	for _, c := range cases() {
		if reason := o.Skip[c.name]; reason != "" {
			o.Logf("storetest: %s skipped: %s", c.name, reason)
			continue
		}
		out := checkCase(c, newStore, o)
		if out.err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c.name, out.err))
		}
		if out.skipped != "" {
			o.Logf("storetest: %s skipped: %s", c.name, out.skipped)
		}
	}
	return errors.Join(errs...)
}

// checkCase runs one case where there is no *testing.T.
func checkCase(c testCase, newStore any, o Options) outcome {
	rec := newRecorder(c.name, o.Logf)
	var out outcome
	rec.do(func() {
		s, err := open(rec, newStore)
		if err != nil {
			rec.Fatal(err)
		}
		out = c.try(rec.Context(), s, o)
	})
	rec.cleanup()
	if out.err != nil {
		out.err = fmt.Errorf("%s: %w", c.promise, out.err)
	}
	skipped, reported := rec.report()
	out.err = errors.Join(reported, out.err)
	if skipped != "" {
		out.skipped = skipped
	}
	return out
}
