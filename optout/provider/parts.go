package provider

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed-f10031e4/consent/optout"
)

// parts joins the parts of longer messages. They are in the memory of this process: a
// request that only the whole message shows is lost with the process. A part that stays
// alone is found when a later request comes.
type parts struct {
	within time.Duration

	mu    sync.Mutex
	open  map[partKey]*joining
	queue []*joining // the oldest first; a joining that was replaced is not in open
	size  int        // of all that is in queue

	failed     []lonePart // parts that stayed alone and could not be stored
	failedSize int
}

// partKey is what the parts of one message have in common.
type partKey struct {
	account, from, to, ref string
	of                     int
}

// joining is a longer message of which parts have come.
type joining struct {
	key   partKey
	since time.Time
	until time.Time
	parts []Message // in the order of arrival
	done  bool      // the whole message is stored: only the ids of the parts are kept
}

// lonePart is a part whose other parts did not come in time.
type lonePart struct {
	message Message
	since   time.Time // when the first part of its message came
	until   time.Time // it is not tried before; of one that failed
}

const (
	maxPartsOf = 255            // the number is one byte
	maxHeld    = 8 << 20        // bytes of all parts that wait
	maxFailed  = 1 << 20        // bytes of all lone parts that wait for another try
	maxLone    = 64             // parts that are taken up after one request, and the rest of a message
	keepFailed = 24 * time.Hour // as long as providers deliver again
	partWeight = 1 << 10        // bytes of a part besides its text
)

// possible reports whether there can be such a part.
func (p Part) possible() bool {
	return p.Of <= maxPartsOf && 1 <= p.Number && p.Number <= p.Of && p.Ref != ""
}

// add takes a part. If a message is complete with it, add returns the whole message and its
// joining, which is nil otherwise. It also returns parts that stay alone: they give way.
func (p *parts) add(m Message, now time.Time) (whole Message, complete *joining, lone []lonePart) {
	if m.ReceivedAt.IsZero() {
		m.ReceivedAt = now
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == nil {
		p.open = map[partKey]*joining{}
	}
	key := partKey{m.Account, m.From, m.To, m.Part.Ref, m.Part.Of}
	j := p.open[key]
	if j != nil && !j.fits(m) { // a new message with the same reference
		lone = p.drop(j)
		j = nil
	}
	if j == nil {
		j = &joining{key: key, since: now, until: now.Add(p.within)}
		p.open[key] = j
		p.queue = append(p.queue, j)
	}
	if j.done {
		return m, nil, lone // delivered again
	}
	if i := j.index(m.Part.Number); i < 0 {
		j.parts = append(j.parts, m)
		p.size += weight(m)
	}
	for p.size > maxHeld && len(p.queue) > 1 {
		oldest := p.queue[0]
		p.queue = p.queue[1:]
		if oldest != j {
			lone = append(lone, p.drop(oldest)...)
			continue
		}
		p.queue = append(p.queue, j)
	}
	if len(j.parts) < m.Part.Of {
		return m, nil, lone
	}
	whole = j.message()
	return whole, j, lone
}

// expired returns parts that stayed alone, also those that are due for another try.
func (p *parts) expired(now time.Time) (lone []lonePart) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.failed) > 0 && len(lone) < maxLone && !now.Before(p.failed[0].until) {
		lone = append(lone, p.failed[0])
		p.failedSize -= weight(p.failed[0].message)
		p.failed = p.failed[1:]
	}
	for len(p.queue) > 0 && len(lone) < maxLone && !now.Before(p.queue[0].until) {
		j := p.queue[0]
		p.queue = p.queue[1:]
		failed := p.open[j.key] == j && !j.done && len(j.parts) == j.key.of
		if failed && now.Before(j.since.Add(keepFailed)) {
			j.until = now.Add(p.within) // its last part comes again
			p.queue = append(p.queue, j)
			continue
		}
		lone = append(lone, p.drop(j)...)
	}
	return lone
}

// finish forgets the texts of a message that is stored, and keeps the ids: its parts may be
// delivered again.
func (p *parts) finish(j *joining) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if j.done || p.open[j.key] != j {
		return
	}
	j.done = true
	for i := range j.parts {
		p.size -= weight(j.parts[i]) - partWeight
		j.parts[i] = Message{Message: optout.Message{ID: j.parts[i].ID}, Part: j.parts[i].Part}
	}
}

// keep keeps a part that stayed alone for another try. It reports false if the part is too
// old, or there is no room.
func (p *parts) keep(part lonePart, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	size := p.failedSize + weight(part.message)
	if size > maxFailed || now.Sub(part.since) >= keepFailed {
		return false
	}
	part.until = now.Add(p.within)
	p.failed, p.failedSize = append(p.failed, part), size
	return true
}

// drop forgets a joining, and returns its parts if they were not taken.
func (p *parts) drop(j *joining) (lone []lonePart) {
	if p.open[j.key] != j {
		return nil // dropped before
	}
	delete(p.open, j.key)
	for i := range j.parts {
		p.size -= weight(j.parts[i])
	}
	if j.done {
		return nil
	}
	for _, m := range j.parts {
		m.Incomplete = true
		lone = append(lone, lonePart{message: m, since: j.since})
	}
	return lone
}

// fits reports whether a part may be of this message.
func (j *joining) fits(m Message) bool {
	i := j.index(m.Part.Number)
	return i < 0 || j.parts[i].ID == m.ID
}

func (j *joining) index(number int) int {
	return slices.IndexFunc(j.parts, func(m Message) bool { return m.Part.Number == number })
}

// message returns the whole message. It has the id and the time of its first part, and was
// received with the last one that came.
func (j *joining) message() Message {
	all := slices.SortedFunc(slices.Values(j.parts), func(a, b Message) int { return cmp.Compare(a.Part.Number, b.Part.Number) })
	whole := all[0]
	var text strings.Builder
	whole.Media = 0
	for _, part := range all {
		text.WriteString(part.Text)
		whole.Media += part.Media
	}
	whole.ReceivedAt = j.parts[len(j.parts)-1].ReceivedAt
	whole.Text, whole.Part, whole.AnsweredByDefault = text.String(), Part{}, false
	return whole
}

func weight(m Message) int { return partWeight + len(m.Text) }
