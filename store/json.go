package store

import (
	"errors"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/internal/rawtext"
)

// plainEvent is an Event without its methods.
type plainEvent Event

// MarshalJSON writes an event, without fields that are empty. Evidence that is not UTF-8 is
// written twice: for people as text, with U+FFFD in the place of what is not UTF-8, and
// exactly as base64, beside "text" as "text_b64".
//
// A struct that embeds an Event, a [Record] or a [Result] has this method too, which leaves
// out the other fields of the struct: give the struct a MarshalJSON of its own.
func (ev Event) MarshalJSON() ([]byte, error) { return rawtext.Marshal(plainEvent(ev)) }

// UnmarshalJSON reads what MarshalJSON wrote. Where there is base64, the base64 counts. A
// field that is missing is zero. After an error the event is zero.
func (ev *Event) UnmarshalJSON(data []byte) error {
	var read plainEvent
	err := rawtext.Unmarshal(data, &read)
	if err != nil {
		read = plainEvent{}
	}
	*ev = Event(read)
	return err
}

// recorded is what a Record has beside its Event: the same fields, with the same tags.
type recorded struct {
	RecordedAt time.Time `json:"recorded_at,omitzero"`
	Prior      Status    `json:"prior"`
	Effective  bool      `json:"effective,omitzero"`
	Erased     bool      `json:"erased,omitzero"`
}

// MarshalJSON writes a record as one object, as Event.MarshalJSON does.
func (r Record) MarshalJSON() ([]byte, error) {
	return rawtext.Join(r.Event, recorded{r.RecordedAt, r.Prior, r.Effective, r.Erased})
}

// UnmarshalJSON reads what MarshalJSON wrote. A field that is missing is zero. After an
// error the record is zero.
func (r *Record) UnmarshalJSON(data []byte) error {
	*r = Record{}
	var ev Event
	var read recorded
	if err := ev.UnmarshalJSON(data); err != nil {
		return err
	}
	if err := rawtext.Unmarshal(data, &read); err != nil {
		return err
	}
	*r = Record{Event: ev, RecordedAt: read.RecordedAt, Prior: read.Prior, Effective: read.Effective, Erased: read.Erased}
	return nil
}

// plainState is a State without its methods.
type plainState State

// UnmarshalJSON reads a state. A field that is missing is zero. A status that no event with
// this action makes is an error: also no status beside "action": "opt-out". After an error the
// state is zero.
func (s *State) UnmarshalJSON(data []byte) error {
	*s = State{}
	var read plainState
	if err := rawtext.Unmarshal(data, &read); err != nil {
		return err
	}
	switch {
	case read.Action == NoAction: // the status says all
	case !read.Action.makesState(), read.Status != statusBy(read.Action):
		return rawtext.Refuse("status: no event with this action makes it")
	}
	*s = State(read)
	return nil
}

// makesState reports whether an event with this action can be what is in force.
func (a Action) makesState() bool {
	return a == OptOut || a == OptIn || a == Consent || a == Hold || a == Uphold
}

// errRefused replaces an error of another package, whose text could hold anything.
var errRefused = errors.New("store: refused")

// errorInJSON returns the error of this package that err wraps. It returns errRefused for any
// other error.
func errorInJSON(matches func(error) bool) error {
	known := []error{ErrIDReused, ErrInvalid, ErrConflict, ErrBadCursor}
	if i := slices.IndexFunc(known, matches); i >= 0 {
		return known[i]
	}
	return errRefused
}

// plainResult is a Result without its methods.
type plainResult Result

type resultJSON struct {
	plainResult

	Error string `json:"error,omitzero"`
}

// MarshalJSON writes a result. Err is written as "error": the text of the error of this
// package that it wraps, such as "store: id reused", or "store: refused".
func (r Result) MarshalJSON() ([]byte, error) {
	written := resultJSON{plainResult: plainResult(r)}
	if r.Err != nil {
		written.Error = errorInJSON(func(known error) bool { return errors.Is(r.Err, known) }).Error()
	}
	return rawtext.Marshal(written)
}

// UnmarshalJSON reads what MarshalJSON wrote. Err is the error of this package with the text
// of "error", and another error for any other text. A field that is missing is zero. After
// an error the result is zero.
func (r *Result) UnmarshalJSON(data []byte) error {
	*r = Result{}
	var read resultJSON
	if err := rawtext.Unmarshal(data, &read); err != nil {
		return err
	}
	*r = Result(read.plainResult)
	if read.Error != "" {
		r.Err = errorInJSON(func(known error) bool { return known.Error() == read.Error })
	}
	return nil
}
