package memstore

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// FuzzRecord holds that an event is read as it was written, also where its record
// has another behind it, and where dictionaries are full.
func FuzzRecord(f *testing.F) {
	f.Add("+14155552671", "SM1", "keyword", "+14155552671", "Stop", "note", int64(1_772_366_400_000_000), int64(-3_000_000), int64(0), uint8(0), 0)
	f.Add("ACME", strings.Repeat("i", 255), "", "", "", strings.Repeat("n", 70_000), int64(-62_135_596_800_000_000+1), int64(1<<31), int64(-1<<31), uint8(7), 1)
	f.Add("+1", "é", "web", "x", "\x00\xff", strings.Repeat("n", 63), int64(0), int64(1-1<<31), int64(2-1<<31), uint8(13), 16_000)
	f.Fuzz(func(t *testing.T, number, id, source, from, text, note string, recorded, at, received int64, flags uint8, before int) {
		ev := store.Event{
			ID: id, Key: store.Key{Account: "acct", Number: number}, Status: statusOf(uint64(1 + flags&1 + flags>>5&3)), Source: store.Source(source),
			At: time.UnixMicro(recorded + at).UTC(), ReceivedAt: time.UnixMicro(recorded + received).UTC(),
			From: from, To: from, Text: text, Keyword: text, KeywordSet: source, Actor: note, Note: note,
		}
		ev, err := ev.NormalizeAny()
		if err != nil || recorded > 1<<54 || recorded < -1<<54 || before < 0 {
			t.Skip()
		}
		ev.RecordedAt = time.UnixMicro(recorded).UTC()
		ev.Prior, ev.Effective = statusOf(uint64(flags>>1&3)), flags&8 != 0
		var d dictionaries
		if flags&16 != 0 {
			fillUp(&d)
		}
		l := links{account: 77, packed: pack(number), before: before}
		if before > 0 {
			l.prev = 1_000_000
		}
		if !ev.Effective {
			l.current = 4_000_000_000
		}
		var a arena
		for range 3 { // the same again, behind one another
			_, err := a.add(d.appendRecord(nil, l, &ev))
			require.NoError(t, err)
		}
		for ref := range a.records(t, d.appendRecord(nil, l, &ev)) {
			r := a.at(ref)
			require.Equal(t, ev, d.event(r, ev.Key))
			state := store.State{Key: ev.Key}
			d.state(r, &state)
			require.Equal(t, store.State{
				Key: ev.Key, Status: ev.Status, At: ev.At, ReceivedAt: ev.ReceivedAt, RecordedAt: ev.RecordedAt, Source: ev.Source, EventID: ev.ID,
			}, state)
			account, _ := r.accountAndIDLen()
			rest := r.rest()
			got := links{account: account, packed: r.first() &^ flagBits, before: rest.before, prev: rest.prev, current: rest.current}
			require.Equal(t, l, got)
		}
	})
}

// records adds a record some times and yields their places.
func (a *arena) records(t *testing.T, r record) func(yield func(uint32) bool) {
	t.Helper()
	var refs []uint32
	for range 5 {
		ref, err := a.add(r)
		require.NoError(t, err)
		require.NotZero(t, ref)
		refs = append(refs, ref)
	}
	return func(yield func(uint32) bool) {
		for _, ref := range refs {
			if !yield(ref) {
				return
			}
		}
	}
}

func fillUp(d *dictionaries) {
	for i := range maxSources {
		d.sources.id(fmt.Sprint("source ", i), maxSources)
	}
	for i := range d.evidence {
		for n := range maxPhrases {
			d.evidence[i].id(fmt.Sprint("phrase ", n), maxPhrases)
		}
	}
}

func TestADictionaryIsNoLargerThanItsLimit(t *testing.T) {
	var d dictionary
	for range 2 {
		for i := range 100 {
			id := d.id(fmt.Sprint(i), 60)
			if i < 60 {
				require.Equal(t, fmt.Sprint(i), d.text(id))
				require.Equal(t, id, d.known(fmt.Sprint(i)))
			} else {
				require.Zero(t, id)
				require.Zero(t, d.known(fmt.Sprint(i)))
			}
		}
	}
}
