package optout

import (
	"fmt"
	"time"
)

// defaultReplyWithin is how long 47 CFR 64.1200(a)(12) presumes that the contact agreed to
// a confirmation.
const defaultReplyWithin = 5 * time.Minute

// replyWithin returns what [Options.ReplyWithin] means; negative: no limit.
func replyWithin(given time.Duration) (time.Duration, error) {
	switch {
	case given == 0:
		return defaultReplyWithin, nil
	case given > 0 && given < time.Second:
		return 0, fmt.Errorf("optout: ReplyWithin: %v is less than a second", given)
	default:
		return given, nil
	}
}

// late reports whether an opt-out came too long ago to be answered. The first receipt
// counts: what the stored records say, and what a second delivery says of itself.
func (r *reception) late(done recorded) bool {
	rules := r.guard.r()
	if rules.replyWithin < 0 {
		return false
	}
	first := r.event.ReceivedAt
	for _, result := range done.each {
		at := result.Record.ReceivedOrRecorded()
		if first.IsZero() || !at.IsZero() && at.Before(first) {
			first = at
		}
	}
	return !first.IsZero() && rules.now().Sub(first) > rules.replyWithin
}
