package store

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// MaxKeyLen is the longest account, number and id, in bytes.
	MaxKeyLen = 255
	// MaxTextLen is the longest Text that is kept whole, in bytes.
	MaxTextLen = 4_096
	// Precision is the precision of the times that a store keeps.
	Precision = time.Microsecond
)

// Validate returns an error that wraps [ErrInvalid] and names the field, if no store
// takes the key.
func (k Key) Validate() error {
	if err := ValidateAccount(k.Account); err != nil {
		return err
	}
	return validText("Number", k.Number)
}

// ValidateAccount is [Key.Validate] for calls that concern all numbers of an account.
func ValidateAccount(account string) error { return validText("Account", account) }

// Normalize returns the event as every store keeps it: times in UTC and of
// microsecond [Precision], a Text over 4,096 bytes cut and marked so. It returns an error
// that wraps [ErrInvalid] and names the field, if no store takes the event. An event with the
// Action [Erase] is recorded by an [Eraser], and no Append takes it.
func (ev Event) Normalize() (Event, error) {
	if err := validText("ID", ev.ID); err != nil {
		return Event{}, err
	}
	if err := ev.Key.Validate(); err != nil {
		return Event{}, err
	}
	if ev.Action == NoAction || int(ev.Action) >= len(actions.Words) || ev.Action == Erase {
		return Event{}, fmt.Errorf("%w: Action is %v", ErrInvalid, ev.Action)
	}
	if id, ok := ev.voids(); ev.Action == Void && (!ok || id == "") {
		return Event{}, fmt.Errorf("%w: ID of a Void: want %q and the ID of what it takes back", ErrInvalid, VoidPrefix)
	}
	if ev.Source != "" {
		if err := validText("Source", string(ev.Source)); err != nil {
			return Event{}, err
		}
	}
	var err error
	if ev.At, err = normalTime("At", ev.At); err != nil {
		return Event{}, err
	}
	if ev.ReceivedAt, err = normalTime("ReceivedAt", ev.ReceivedAt); err != nil {
		return Event{}, err
	}
	ev.Text = cutText(ev.Text)
	return ev, nil
}

// NormalizeAll returns the events of a batch as every store keeps them, in a new slice. If
// no store takes one of them, the error names its index: see [Event.Normalize].
func NormalizeAll(events []Event) ([]Event, error) {
	normal := make([]Event, len(events))
	for i, ev := range events {
		var err error
		if normal[i], err = ev.Normalize(); err != nil {
			return nil, fmt.Errorf("events[%d]: %w", i, err)
		}
	}
	return normal, nil
}

// PageLimit returns the size of a page for a query's Limit: 100 for 0, at most
// 1,000. A negative Limit is an error that wraps [ErrInvalid].
func PageLimit(limit int) (int, error) {
	switch {
	case limit < 0:
		return 0, fmt.Errorf("%w: Limit is negative", ErrInvalid)
	case limit == 0:
		return DefaultLimit, nil
	default:
		return min(limit, MaxLimit), nil
	}
}

func validText(field, text string) error {
	switch {
	case text == "":
		return fmt.Errorf("%w: %s is empty", ErrInvalid, field)
	case len(text) > MaxKeyLen:
		return fmt.Errorf("%w: %s has %d bytes, over %d", ErrInvalid, field, len(text), MaxKeyLen)
	case isPlain(text):
		return nil
	case !utf8.ValidString(text):
		return fmt.Errorf("%w: %s is not UTF-8", ErrInvalid, field)
	case strings.IndexByte(text, 0) >= 0:
		return fmt.Errorf("%w: %s holds a NUL", ErrInvalid, field)
	}
	return nil
}

// isPlain reports whether a text is ASCII without NUL, as nearly every account and number
// is. It halves the time of Validate, of which a gate over memstore needs two.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] == 0 || text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// normalTime refuses what microseconds since 1970 in 64 bits, or a date of four
// digits, cannot hold. The year 1 is the zero time's.
func normalTime(field string, t time.Time) (time.Time, error) {
	if t.IsZero() {
		return time.Time{}, nil
	}
	t = t.UTC().Truncate(Precision)
	if y := t.Year(); y < 2 || y > 9_999 {
		return time.Time{}, fmt.Errorf("%w: %s is in the year %d", ErrInvalid, field, y)
	}
	return t, nil
}

// cutText keeps the first bytes of a long text and says at its end how long it
// was. What is cut stays as it is when cut again.
func cutText(text string) string {
	if len(text) <= MaxTextLen {
		return text
	}
	mark := fmt.Sprintf(" …[cut, was %d bytes]", len(text))
	end := MaxTextLen - len(mark)
	for i := range utf8.UTFMax { // not inside a character, where there are any
		if utf8.RuneStart(text[end-i]) {
			end -= i
			break
		}
	}
	return strings.Clone(text[:end]) + mark
}
