package observe

import (
	"errors"
	"strconv"

	"github.com/seed-f10031e4/consent/optout"
)

// region helpers

// reasons returns how many numbers were gated with which reason.
func reasons(o optout.Observation) map[optout.Reason]int {
	if o.Reason == "" {
		return o.Reasons // of a batch, or nil
	}
	return map[optout.Reason]int{o.Reason: o.Count}
}

// isFailure reports whether something went wrong: that a contact opted out is not wrong.
func isFailure(err error) bool {
	for _, answer := range []error{optout.ErrOptedOut, optout.ErrHeld, optout.ErrNoConsent} {
		if errors.Is(err, answer) {
			return false
		}
	}
	return err != nil
}

func failed(o optout.Observation) string { return strconv.FormatBool(isFailure(o.Err)) }

// endregion helpers
