package memstore

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// A record is an event in an arena. What a state has of it is in places that are
// known beforehand, so that a processor need not wait for one to find the next:
//
//	 0  8 bytes   the packed number, and in its free bits the status and isEffective
//	 8  8 bytes   RecordedAt, and in the lowest byte the place of Source in its dictionary
//	16  4 bytes   At, as its distance from RecordedAt
//	20  4 bytes   ReceivedAt, the same
//	24  3 bytes   the account
//	27  1 byte    length of the ID
//	28            the ID
//
// Behind it:
//
//	number    how many events of the key came before, and the prior status
//	4 bytes   ref of the event before, where there is one
//	4 bytes   ref of the event in force, where this one is not effective; 0: none. Not
//	          of a key that stands aside
//	8 bytes   At, ReceivedAt, each where it is far from RecordedAt
//	text      the number, where it is not packed
//	text      Source, where it is not in the dictionary
//	1 byte    which of the evidence there is; isFromNumber
//	phrase    each of it
//
// A number is a uvarint, a text its length and its bytes, a phrase that or its
// place in a dictionary.
type record []byte

const (
	recordHead = 28

	recordStatusBits = 3
	recordStatusMask = 1<<recordStatusBits - 1
	isEffective      = 1 << recordStatusBits

	noTime  = 0
	farTime = 1

	otherSource = math.MaxUint8

	isFromNumber = 1 << evidences // From is the number
)

// codeOf is a status in three bits; those of a state take two.
func codeOf(status store.Status) uint64 {
	if status >= store.Held {
		return uint64(status - store.Held + 3)
	}
	return uint64(status)
}

func statusOf(code uint64) store.Status {
	if code >= 3 {
		return store.Held + store.Status(code-3) //nolint:gosec // it is of three bits
	}
	return store.Status(code)
}

// evidences is how many strings of evidence an event has.
const evidences = 7

// evidence returns the strings of evidence; From is the first.
func evidence(ev *store.Event) [evidences]*string {
	return [...]*string{&ev.From, &ev.To, &ev.Text, &ev.Keyword, &ev.KeywordSet, &ev.Actor, &ev.Note}
}

// A dictionary is for what many events have in common. Where all are different, it
// is soon full, and no larger than this.
const (
	maxPhrases  = 1 << 13
	maxPhrase   = 64 // bytes
	maxSources  = otherSource - 1
	maxAccounts = 1<<24 - 1
)

// dictionaries are those of a store.
type dictionaries struct {
	accounts, sources dictionary
	evidence          [evidences]dictionary
}

// links are the parts of a record that lead to others.
type links struct {
	account uint32
	packed  uint64 // 0: the number stands in the record
	before  int    // how many events of the key are before
	prev    uint32 // the last of them
	current uint32 // the event in force, where this one is not effective; 0: there is none
}

func (d *dictionaries) appendRecord(to record, l links, ev *store.Event) record {
	first := l.packed | codeOf(ev.Status)
	if ev.Effective {
		first |= isEffective
	}
	recorded := ev.RecordedAt.UnixMicro()
	at, received := distance(ev.At, recorded), distance(ev.ReceivedAt, recorded)
	source := d.source(ev.Source)

	to = binary.LittleEndian.AppendUint64(to, first)
	to = binary.LittleEndian.AppendUint64(to, uint64(recorded)<<8|uint64(source)) // until the year 3111
	to = binary.LittleEndian.AppendUint32(to, at)
	to = binary.LittleEndian.AppendUint32(to, received)
	to = binary.LittleEndian.AppendUint32(to, l.account|uint32(len(ev.ID))<<24) //nolint:gosec // at most 255
	to = append(to, ev.ID...)

	to = binary.AppendUvarint(to, uint64(l.before)<<recordStatusBits|codeOf(ev.Prior)) //nolint:gosec // not negative
	if l.before > 0 {
		to = binary.LittleEndian.AppendUint32(to, l.prev)
	}
	if !ev.Effective {
		to = binary.LittleEndian.AppendUint32(to, l.current)
	}
	if at == farTime {
		to = binary.LittleEndian.AppendUint64(to, uint64(ev.At.UnixMicro()))
	}
	if received == farTime {
		to = binary.LittleEndian.AppendUint64(to, uint64(ev.ReceivedAt.UnixMicro()))
	}
	if l.packed == 0 {
		to = appendText(to, ev.Key.Number)
	}
	if source == otherSource {
		to = appendText(to, string(ev.Source))
	}
	to = append(to, 0)
	mask := len(to) - 1
	for i, s := range evidence(ev) {
		switch {
		case i == 0 && *s == ev.Key.Number:
			to[mask] |= isFromNumber
		case *s != "":
			to[mask] |= 1 << i
			to = d.evidence[i].appendPhrase(to, *s)
		}
	}
	return to
}

// distance fits half an hour in microseconds into 32 bits.
func distance(t time.Time, from int64) uint32 {
	if t.IsZero() {
		return noTime
	}
	const zero = 1 << 31
	if d := t.UnixMicro() - from + zero; d > farTime && d <= math.MaxUint32 {
		return uint32(d)
	}
	return farTime
}

// source returns the place of a source, 0 for none.
func (d *dictionaries) source(source store.Source) uint8 {
	if source == "" {
		return 0
	}
	if id := d.sources.id(string(source), maxSources); id != 0 {
		return uint8(id) //nolint:gosec // at most maxSources
	}
	return otherSource
}

func appendText(to []byte, s string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(s))), s...)
}

func (d *dictionary) appendPhrase(to []byte, s string) []byte {
	if len(s) <= maxPhrase {
		if id := d.id(s, maxPhrases); id != 0 {
			return binary.AppendUvarint(to, uint64(id)<<1|1)
		}
	}
	return append(binary.AppendUvarint(to, uint64(len(s))<<1), s...)
}
