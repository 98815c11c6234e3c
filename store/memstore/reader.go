package memstore

import (
	"encoding/binary"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

func (r record) status() store.Status { return statusOf(r.first() & recordStatusMask) }

func (r record) first() uint64 { return binary.LittleEndian.Uint64(r) }

// recorded returns RecordedAt in microseconds, and the place of Source.
func (r record) recorded() (micros int64, source uint8) {
	v := binary.LittleEndian.Uint64(r[8:])
	return int64(v) >> 8, uint8(v & 0xff) //nolint:gosec // its bits
}

func (r record) accountAndIDLen() (account uint32, idLen int) {
	v := binary.LittleEndian.Uint32(r[24:])
	return v & (1<<24 - 1), int(v >> 24)
}

func (r record) id() string {
	_, n := r.accountAndIDLen()
	return text(r[recordHead : recordHead+n])
}

// state reads what a state has of an event; to has the key already.
func (d *dictionaries) state(r record, to *store.State) {
	_ = r[recordHead-1]
	recorded, source := r.recorded()
	at, received := binary.LittleEndian.Uint32(r[16:]), binary.LittleEndian.Uint32(r[20:])
	to.Status = r.status()
	to.RecordedAt = micros(recorded)
	if at > farTime {
		to.At = near(at, recorded)
	}
	if received > farTime {
		to.ReceivedAt = near(received, recorded)
	}
	to.EventID = r.id()
	if source != 0 && source != otherSource {
		to.Source = store.Source(d.sources.text(uint32(source)))
	}
	if at == farTime || received == farTime || source == otherSource {
		rest := r.rest()
		to.At, to.ReceivedAt = rest.at(to.At), rest.received(to.ReceivedAt)
		if source == otherSource {
			to.Source = store.Source(rest.source)
		}
	}
}

func micros(t int64) time.Time { return time.UnixMicro(t).UTC() }

func near(d uint32, from int64) time.Time { return micros(from + int64(d) - 1<<31) }

// rest is what stands behind the ID, up to the evidence.
type rest struct {
	prior                  store.Status
	before                 int    // how many events of the key are before
	prev                   uint32 // the last of them
	current                uint32 // as in links
	farAt, farReceived     int64
	isFarAt, isFarReceived bool
	number                 string // "" where it is packed
	source                 string // "" where it is in the dictionary
	evidence               reader
}

func (r record) rest() rest {
	_, idLen := r.accountAndIDLen()
	from := reader(r[recordHead+idLen:])
	first := r.first()
	v := from.uvarint()
	h := rest{prior: statusOf(v & recordStatusMask), before: int(v >> recordStatusBits)}
	if h.before > 0 {
		h.prev = from.uint32()
	}
	if first&isEffective == 0 {
		h.current = from.uint32()
	}
	if h.isFarAt = binary.LittleEndian.Uint32(r[16:]) == farTime; h.isFarAt {
		h.farAt = from.int64()
	}
	if h.isFarReceived = binary.LittleEndian.Uint32(r[20:]) == farTime; h.isFarReceived {
		h.farReceived = from.int64()
	}
	if first&^flagBits == 0 {
		h.number = from.text(from.uvarint())
	}
	if _, source := r.recorded(); source == otherSource {
		h.source = from.text(from.uvarint())
	}
	h.evidence = from
	return h
}

func (h *rest) at(near time.Time) time.Time {
	if h.isFarAt {
		return micros(h.farAt)
	}
	return near
}

func (h *rest) received(near time.Time) time.Time {
	if h.isFarReceived {
		return micros(h.farReceived)
	}
	return near
}

// event reads all of a record; the key is known.
func (d *dictionaries) event(r record, key store.Key) store.Event {
	var state store.State
	d.state(r, &state)
	rest := r.rest()
	ev := store.Event{
		ID: state.EventID, Key: key, Status: state.Status, At: state.At, Source: state.Source, ReceivedAt: state.ReceivedAt,
		RecordedAt: state.RecordedAt, Prior: rest.prior, Effective: r.first()&isEffective != 0,
	}
	from := rest.evidence
	mask := from[0]
	from = from[1:]
	if mask&isFromNumber != 0 {
		ev.From = key.Number
	}
	for i, to := range evidence(&ev) {
		if mask&(1<<i) != 0 {
			*to = from.phrase(&d.evidence[i])
		}
	}
	return ev
}

// reader is what is left of a record.
type reader []byte

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(*r)
	*r = (*r)[n:]
	return v
}

func (r *reader) uint32() uint32 {
	v := binary.LittleEndian.Uint32(*r)
	*r = (*r)[4:]
	return v
}

func (r *reader) int64() int64 {
	v := binary.LittleEndian.Uint64(*r)
	*r = (*r)[8:]
	return int64(v) //nolint:gosec // its bits
}

func (r *reader) text(n uint64) string {
	s := text((*r)[:n])
	*r = (*r)[n:]
	return s
}

func (r *reader) phrase(d *dictionary) string {
	v := r.uvarint()
	if v&1 == 1 {
		return d.text(uint32(v >> 1)) //nolint:gosec // it was one
	}
	return r.text(v >> 1)
}
