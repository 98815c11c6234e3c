package memstore

import (
	"encoding/binary"
	"math/bits"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// A record is an event in an arena:
//
//	8 bytes   the packed number, and in its free bits the status and isEffective
//	number    the account
//	text      the number, where it is not packed
//	number    how many events of the key came before, and the prior status
//	4 bytes   ref of the event before, where there is one
//	4 bytes   ref of the event in force, where it is not this one
//	8 bytes   RecordedAt
//	number    At, ReceivedAt: from RecordedAt, or zero
//	phrase    Source
//	text      ID
//	1 byte    which of the evidence there is; isFromNumber
//	phrase    each of it
//
// A number is as short as it can be, see appendUint. A text is its length and its bytes, a phrase that or its place in a
// dictionary.
const (
	statusMask  = 1<<statusBits - 1
	isEffective = 1 << statusBits // in the first word; one bit is free

	isFromNumber = 1 << evidences // From is the number
)

// evidences is how many strings of evidence an event has; Source has a dictionary
// as they have.
const evidences = 7

// evidence returns the strings of evidence; From is the first.
func evidence(ev *store.Event) [evidences]*string {
	return [...]*string{&ev.From, &ev.To, &ev.Text, &ev.Keyword, &ev.KeywordSet, &ev.Actor, &ev.Note}
}

// A dictionary is for what many events have in common. Where all are different, it
// is soon full, and no larger than this.
const (
	maxPhrases = 1 << 13
	maxPhrase  = 64 // bytes
)

// dictionaries are those of a store: Source's is the last.
type dictionaries [evidences + 1]dictionary

// links are the parts of a record that lead to others.
type links struct {
	account uint32
	packed  uint64 // 0: the number stands in the record
	before  int    // how many events of the key are before
	prev    uint32 // the last of them
	current uint32 // the event in force; 0: this one
}

func (d *dictionaries) appendRecord(to []byte, l links, ev *store.Event) []byte {
	first := l.packed | uint64(ev.Status)
	if ev.Effective {
		first |= isEffective
	}
	to = binary.LittleEndian.AppendUint64(to, first)
	to = appendUint(to, uint64(l.account))
	if l.packed == 0 {
		to = appendText(to, ev.Key.Number)
	}
	to = appendUint(to, uint64(l.before)<<statusBits|uint64(ev.Prior))
	if l.before > 0 {
		to = binary.LittleEndian.AppendUint32(to, l.prev)
	}
	if !ev.Effective {
		to = binary.LittleEndian.AppendUint32(to, l.current)
	}
	recorded := ev.RecordedAt.UnixMicro()
	to = binary.LittleEndian.AppendUint64(to, uint64(recorded)) //nolint:gosec // its bits
	to = appendTime(to, ev.At, recorded)
	to = appendTime(to, ev.ReceivedAt, recorded)
	to = d[evidences].appendPhrase(to, string(ev.Source))
	id := len(to)
	to = appendText(to, ev.ID)
	to = append(to, 0)
	mask := len(to) - 1
	for i, s := range evidence(ev) {
		switch {
		case i == 0 && *s == ev.Key.Number:
			to[mask] |= isFromNumber
		case *s != "":
			to[mask] |= 1 << i
			to = d[i].appendPhrase(to, *s)
		}
	}
	for len(to) < id+8 { // see reader.number
		to = append(to, 0)
	}
	return to
}

// appendUint appends 7 bits a byte. The zeros at the end of the first byte tell how
// many bytes follow it.
func appendUint(to []byte, v uint64) []byte {
	n := max(1, (bits.Len64(v)+6)/7)
	if n > 8 {
		return binary.LittleEndian.AppendUint64(append(to, 0), v)
	}
	word := (v<<1 | 1) << (n - 1)
	for range n {
		to = append(to, byte(word)) //nolint:gosec // the lowest byte
		word >>= 8
	}
	return to
}

func appendText(to []byte, s string) []byte {
	return append(appendUint(to, uint64(len(s))), s...)
}

// appendTime keeps a time by its distance, to a few bytes where it is close.
func appendTime(to []byte, t time.Time, from int64) []byte {
	if t.IsZero() {
		return appendUint(to, 0)
	}
	d := t.UnixMicro() - from
	return appendUint(to, uint64(d)<<1^uint64(d>>63)+1) //nolint:gosec // zigzag
}

func (d *dictionary) appendPhrase(to []byte, s string) []byte {
	if s != "" && len(s) <= maxPhrase {
		if id := d.id(s, maxPhrases); id != 0 {
			return appendUint(to, uint64(id)<<1|1)
		}
	}
	return append(appendUint(to, uint64(len(s))<<1), s...)
}
