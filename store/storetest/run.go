package storetest

import "testing"

// Run makes each case a subtest of t. See [Factory] for what newStore can be.
func Run[F RunFactory](t *testing.T, newStore F, opts *Options) {
	t.Helper()
	o, err := opts.settings()
	if err != nil {
		t.Error(err)
	}
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) {
			if reason := o.Skip[c.name]; reason != "" {
				t.Skip(reason)
			}
			s, err := open(t, newStore)
			if err != nil {
				t.Fatal(err)
			}
			out := c.try(t.Context(), s, o)
			if out.err != nil {
				t.Errorf("%s: %v", c.promise, out.err)
			}
			if out.skipped != "" {
				t.Skip(out.skipped)
			}
		})
	}
}
