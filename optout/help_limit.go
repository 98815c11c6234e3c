package optout

import (
	"strings"
	"sync"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

const (
	defaultHelpLimit = 3
	helpWindow       = time.Hour
	helpNumbers      = 65_536 // how many numbers a helpCount has room for
)

// helpCount counts the replies to HELP of the last hour, so that two machines that answer
// each other do so a few times only. The nil helpCount allows nothing.
//
// When the count is full, a number that is not in the count gets no reply. No number is
// dropped before its hour is over: a loop with more machines than the count has room for
// would never end.
type helpCount struct {
	limit int // negative: no limit

	mu      sync.Mutex
	clock   time.Time         // the latest time that counts
	passed  time.Duration     // the count's own time, which never goes back
	replies []helpReply       // of the last hour, the oldest first
	numbers map[store.Key]int // the replies that each number got in the last hour
}

type helpReply struct {
	at time.Duration
	to store.Key
}

// newHelpCount returns the count for [Options.HelpLimit].
func newHelpCount(limit int) *helpCount {
	if limit == 0 {
		limit = defaultHelpLimit
	}
	return &helpCount{limit: limit, numbers: map[store.Key]int{}}
}

// take reports whether a number may get another reply now, and counts the reply.
func (c *helpCount) take(to store.Key, now time.Time) bool {
	switch {
	case c == nil:
		return false
	case c.limit < 0:
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pass(now)
	c.forget()
	given := c.numbers[to]
	if given >= c.limit || given == 0 && len(c.numbers) >= helpNumbers {
		return false
	}
	to.Account, to.Number = strings.Clone(to.Account), strings.Clone(to.Number) // they may be part of a request's body
	c.numbers[to] = given + 1
	c.replies = append(c.replies, helpReply{at: c.passed, to: to})
	return true
}

// pass lets the count's time pass with the clock. If the clock was set back by up to an
// hour, no time passes until the clock has caught up. If the clock was set back by more,
// time passes from there: nobody waits for a clock that was years ahead.
func (c *helpCount) pass(now time.Time) {
	switch since := now.Sub(c.clock); {
	case since > 0:
		c.passed += min(since, helpWindow)
		c.clock = now
	case since < -helpWindow:
		c.clock = now
	}
}

// forget drops the replies that are an hour old.
func (c *helpCount) forget() {
	for len(c.replies) > 0 && c.passed-c.replies[0].at >= helpWindow {
		old := c.replies[0]
		c.replies = c.replies[1:]
		if c.numbers[old.to]--; c.numbers[old.to] == 0 {
			delete(c.numbers, old.to)
		}
	}
}

// help answers HELP, at most Options.HelpLimit times an hour.
func (r *reception) help() {
	rules := r.guard.r()
	r.reply(r.out.Match.Language, Replies.help)
	line := newest(r.from.Key) // both spellings share a count
	if r.out.Reply != "" && !rules.help.take(store.Key{Account: r.message.Account, Number: line}, rules.now()) {
		r.out.Reply = ""
	}
}
