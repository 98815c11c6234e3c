package list

import "errors"

var (
	errStatus   = errors.New("status: not known, want a word such as opted-out or subscribed")
	errNoStatus = errors.New("status: empty")
	errBoth     = errors.New("status: a consent, and a date of an opt-out")
	errNotOut   = errors.New("status: the contact did not opt out, which is not a consent")
)

// verdicts are the words of statuses.
type verdicts map[string]verdict

type verdict uint8

const (
	noVerdict verdict = iota
	out
	in
	yes
	no
)

func newVerdicts() verdicts {
	v := make(verdicts)
	for word, i := range wordList("says-out", "says-in", "says-yes", "says-no") {
		v[word] = out + verdict(i) //nolint:gosec // there are four
	}
	return v
}

// consent reports what a cell of a column says: a consent, or else an opt-out.
func (v verdicts) consent(text string, column role) (bool, error) {
	said := v[plain(text)]
	switch {
	case said == out, said == yes && column == outRole, said == no && column == inRole:
		return false, nil
	case said == in, said == yes && column == inRole:
		return true, nil
	case said == no && column == outRole:
		return false, errNotOut
	case text == "":
		return false, errNoStatus
	default:
		return false, errStatus
	}
}
