package keywords

import (
	"slices"
	"sync"
)

// UnitedStates returns [Default] with the words of the pack "united-states": the
// seven with which 47 CFR 64.1200(a)(10) has consent definitively revoked (stop,
// quit, end, revoke, opt out, cancel, unsubscribe), also as OPTOUT and OPT-OUT, and
// STOP ALL. None of them can be removed from a Set that is made from it. It is
// built once.
//
// The same rule wants every wording honoured that a reasonable person would
// understand; a keyword list cannot do that.
func UnitedStates() *Set { return unitedStatesSet() }

var unitedStatesSet = sync.OnceValue(func() *Set { return ofPack(unitedStates().Name) })

func unitedStates() Pack {
	const (
		rule      = "47 CFR 64.1200(a)(10)"
		providers = "lists of Plivo, AWS, Salesforce and others"
	)
	return Pack{
		Name: "united-states", Title: "United States", Version: 1, Date: drawnUp,
		Effective: "2025-04-11", // FR 2024-04587, for (a)(10); its revoke-all part follows on 2027-01-31
		Source:    rule,
		mandatory: slices.Concat(
			// OPT-OUT and OPT_OUT fold to OPT OUT. Telnyx and Plivo act on STOP ALL too.
			list(OptOut, "en", rule, "STOP", "QUIT", "END", "REVOKE", "OPT OUT", "OPTOUT", "CANCEL", "UNSUBSCRIBE"),
			list(OptOut, "en", rule+", as a spelling of STOP", "STOP ALL", "STOPALL"),
		),
		optional: slices.Concat(
			// REMOVE and TERMINATE are texted about other things; the rest is on the
			// lists of few.
			list(OptOut, "en", providers, "UNSUB", "REMOVE", "TERMINATE", "STOP2QUIT", "STOP TO QUIT"),
			// Nothing but START and UNSTOP should lift an opt-out by chance.
			list(OptIn, "en", "lists of Adobe, HubSpot and RingCentral", "SUBSCRIBE", "RESUBSCRIBE", "RESUME"),
		),
	}
}
