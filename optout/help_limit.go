package optout

import (
	"hash/maphash"
	"sync"
	"time"
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
// would never end. An account gets another place while it has fewer places than are free.
// So one account fills at most half of the count, and the other accounts stay answered.
//
// Numbers are kept as keyed hashes. If two numbers have the same hash, they share a count.
type helpCount struct {
	limit int // negative: no limit
	seed  maphash.Seed

	mu       sync.Mutex
	clock    time.Time      // the latest time that counts
	passed   time.Duration  // the count's own time, which never goes back
	replies  []helpReply    // of the last hour, the oldest first
	numbers  map[uint64]int // the replies that each number got in the last hour
	accounts map[uint64]int // how many numbers of each account are in numbers
}

type helpReply struct {
	at              time.Duration
	account, number uint64
}

// newHelpCount returns the count for [Options.HelpLimit].
func newHelpCount(limit int) *helpCount {
	if limit == 0 {
		limit = defaultHelpLimit
	}
	return &helpCount{limit: limit, seed: maphash.MakeSeed(), numbers: map[uint64]int{}, accounts: map[uint64]int{}}
}

// take reports whether a number may get another reply now, and counts the reply.
func (c *helpCount) take(account, number string, now time.Time) bool {
	switch {
	case c == nil:
		return false
	case c.limit < 0:
		return true
	}
	reply := helpReply{account: maphash.String(c.seed, account), number: c.hash(account, number)}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pass(now)
	c.forget()
	switch given := c.numbers[reply.number]; {
	case given >= c.limit:
		return false
	case given > 0:
	case c.accounts[reply.account] >= helpNumbers-len(c.numbers):
		return false
	default:
		c.accounts[reply.account]++
	}
	reply.at = c.passed
	c.numbers[reply.number]++
	c.replies = append(c.replies, reply)
	return true
}

// hash returns the hash of a number of an account. No account has a NUL.
func (c *helpCount) hash(account, number string) uint64 {
	var h maphash.Hash
	h.SetSeed(c.seed)
	_, _ = h.WriteString(account)
	_ = h.WriteByte(0)
	_, _ = h.WriteString(number)
	return h.Sum64()
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
		if c.numbers[old.number]--; c.numbers[old.number] > 0 {
			continue
		}
		delete(c.numbers, old.number)
		if c.accounts[old.account]--; c.accounts[old.account] == 0 {
			delete(c.accounts, old.account)
		}
	}
}

// help answers HELP, at most Options.HelpLimit times an hour.
func (r *reception) help() {
	rules := r.guard.r()
	r.reply(r.out.Match.Language, Replies.help)
	if r.out.Reply != "" && !rules.help.take(r.message.Account, r.from.Key, rules.now()) {
		r.out.Reply = ""
	}
}
