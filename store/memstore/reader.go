package memstore

import (
	"encoding/binary"
	"math/bits"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// A reader reads a record from its beginning to its end, as far as one wants.
type reader struct {
	b  []byte
	at int
}

// number reads what appendUint wrote, without a branch on its length. It looks at
// eight bytes, which is right up to the length of the ID: what is behind the record
// may be written at this moment.
func (r *reader) number() uint64 {
	word := binary.LittleEndian.Uint64(r.b[r.at:])
	n := bits.TrailingZeros64(word) + 1
	if n > 8 {
		return r.longNumber()
	}
	r.at += n
	return word << (64 - 8*n) >> (64 - 7*n)
}

func (r *reader) longNumber() uint64 {
	r.at += 9
	return binary.LittleEndian.Uint64(r.b[r.at-8:])
}

func (r *reader) uint32() uint32 {
	r.at += 4
	return binary.LittleEndian.Uint32(r.b[r.at-4:])
}

func (r *reader) uint64() uint64 {
	r.at += 8
	return binary.LittleEndian.Uint64(r.b[r.at-8:])
}

// late is number for what is behind the ID.
func (r *reader) late() uint64 {
	first := r.b[r.at]
	if n := bits.TrailingZeros8(first) + 1; n <= 8 {
		var word uint64
		for i := range n {
			word |= uint64(r.b[r.at+i]) << (8 * i)
		}
		r.at += n
		return word >> n
	}
	return r.longNumber()
}

func (r *reader) text() string { return r.bytes(r.number()) }

func (r *reader) bytes(n uint64) string {
	from := r.at
	r.at += int(n) //nolint:gosec // it was an int
	return text(r.b[from:r.at])
}

func (r *reader) time(from int64) time.Time {
	v := r.number()
	if v == 0 {
		return time.Time{}
	}
	v--
	return time.UnixMicro(from + (int64(v>>1) ^ -int64(v&1))).UTC() //nolint:gosec // zigzag
}

// phrase reads one that begins with v.
func (r *reader) phrase(d *dictionary, v uint64) string {
	if v&1 == 1 {
		return d.text(uint32(v >> 1))
	}
	return r.bytes(v >> 1)
}

// id reads the number of a text in a dictionary.
func (r *reader) id() uint32 { return uint32(r.number()) } //nolint:gosec // it was one

// head is what leads a record to others.
type head struct {
	status, prior store.Status
	effective     bool
	before        int    // how many events of the key are before
	prev          uint32 // the last of them
	current       uint32 // the event in force; 0: this one
}

// open reads the key and the head of the record at ref.
func (sh *shard) open(ref uint32) (reader, head) {
	r := reader{b: sh.arena.at(ref)}
	first := r.uint64()
	r.id()
	if first&^flagBits == 0 {
		r.text()
	}
	return r, r.head(first)
}

func (r *reader) head(first uint64) head {
	v := r.number()
	h := head{
		status:    store.Status(first & statusMask),
		prior:     store.Status(v & statusMask),
		effective: first&isEffective != 0,
		before:    int(v >> statusBits), //nolint:gosec // it was an int
	}
	if h.before > 0 {
		h.prev = r.uint32()
	}
	if !h.effective {
		h.current = r.uint32()
	}
	return h
}

// body is what a state has of an event. It is behind the head.
func (s *Store) body(r *reader, to *store.State) {
	recorded := int64(r.uint64()) //nolint:gosec // its bits
	to.RecordedAt = time.UnixMicro(recorded).UTC()
	to.At = r.time(recorded)
	to.ReceivedAt = r.time(recorded)
	to.Source = store.Source(r.phrase(&s.phrases[evidences], r.number()))
	to.EventID = r.text()
}

// state is what the record that was found puts in force; to has the key already.
func (s *Store) state(sh *shard, f *found, to *store.State) {
	r := &f.reader
	h := r.head(f.first)
	if h.current != 0 {
		f.reader, h = sh.open(h.current)
	}
	to.Status = h.status
	s.body(r, to)
}

// event reads all of the record at ref.
func (s *Store) event(sh *shard, ref uint32, key store.Key) store.Event {
	r, h := sh.open(ref)
	var state store.State
	s.body(&r, &state)
	ev := store.Event{
		ID: state.EventID, Key: key, Status: h.status, At: state.At, Source: state.Source, ReceivedAt: state.ReceivedAt,
		RecordedAt: state.RecordedAt, Prior: h.prior, Effective: h.effective,
	}
	mask := r.b[r.at]
	r.at++
	if mask&isFromNumber != 0 {
		ev.From = key.Number
	}
	for i, to := range evidence(&ev) {
		if mask&(1<<i) != 0 {
			*to = r.phrase(&s.phrases[i], r.late())
		}
	}
	return ev
}

// named reports the id and the status of the record at ref, and what was before.
func (s *Store) named(sh *shard, ref uint32) (name idStatus, prev uint32) {
	r, h := sh.open(ref)
	var state store.State
	s.body(&r, &state)
	return idStatus{state.EventID, h.status}, h.prev
}
