package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// recordGetter skips the case if the store has no RecordGetter.
func (p *probe) recordGetter() {
	_, ok := store.As[store.RecordGetter](p.store)
	if ok {
		_, err := store.GetRecords(p.ctx, p.store, p.key(), "never stored")
		ok = !errors.Is(err, errors.ErrUnsupported)
	}
	if !ok {
		p.skip("the store has no RecordGetter")
	}
}

func (p *probe) getRecords(key store.Key, id string) []store.Record {
	records, err := store.GetRecords(p.ctx, p.store, key, id)
	p.mustf(err, "GetRecords of %s, id %s", showKey(key), quote(id))
	return records
}

// recordsf fails if GetRecords does not return the records of a key's history with an id.
func (p *probe) recordsf(key store.Key, id, what string) {
	want := slices.DeleteFunc(p.history(key), func(r store.Record) bool { return r.ID != id })
	p.samef(diffs(want, p.getRecords(key, id)), "%s, id %s", what, quote(id))
}

func recordsEqualHistory(p *probe) {
	p.recordGetter()
	key, twin := p.key(), store.Key{Account: p.otherAccount(), Number: "+1"}
	p.recordsf(key, "m", "of a key that was never seen")
	hold := p.event(key, held(3))
	hold.ID, hold.Text, hold.Note = "Ab", nasty()[12], strings.Join(nasty(), "")
	p.appendNew(hold)
	for i, id := range alike(hold.ID) {
		ev := p.event(key, turn(i))
		if ev.ID = id; id == hold.ID {
			ev.Action, ev.At = store.OptOut, minute(5) // the id of two events
		}
		p.appendNew(ev)
	}
	release := hold
	release.Action, release.Actor = store.Release, "anna"
	p.appendNew(release)
	for _, other := range []store.Key{{Account: key.Account, Number: key.Number + "1"}, {Account: twin.Account, Number: key.Number}, twin} {
		ev := p.event(other, out(1))
		ev.ID = hold.ID
		p.appendNew(ev)
		p.recordsf(other, hold.ID, "of another key")
	}
	p.checkf(len(p.getRecords(key, hold.ID)) == 3, "a hold, an opt-out and a review have the same ID, and GetRecords returns %d records",
		len(p.getRecords(key, hold.ID)))
	for _, id := range append(alike(hold.ID), "never stored", hold.ID[:len(hold.ID)-1]) {
		p.recordsf(key, id, "of one key")
	}
}

func recordsThousand(p *probe) {
	p.recordGetter()
	key := p.key()
	events := make([]store.Event, p.thousand())
	for i := range events {
		events[i] = p.event(key, turn(i))
	}
	last := p.atOnce(events)[len(events)-1].Record
	p.samef(diffs([]store.Record{last}, p.getRecords(key, last.ID)), "of the last of many records")
}

func recordsInvalid(p *probe) {
	p.recordGetter()
	good := p.add(p.key(), out(1)).Record
	for _, text := range badTexts() {
		for _, key := range []store.Key{{Account: text, Number: good.Key.Number}, {Account: p.account, Number: text}} {
			_, err := store.GetRecords(p.ctx, p.store, key, good.ID)
			p.invalidf(err, "GetRecords of %s", showKey(key))
		}
		_, err := store.GetRecords(p.ctx, p.store, good.Key, text)
		p.invalidf(err, "GetRecords of the id %s", quote(text))
	}
}

func recordsCancelled(p *probe) {
	p.recordGetter()
	record := p.add(p.key(), out(1)).Record
	p.needsContext("GetRecords", func(ctx context.Context) error {
		_, err := store.GetRecords(ctx, p.store, record.Key, record.ID)
		return err
	})
	p.withFuses(func(ctx context.Context, look int) {
		got, err := store.GetRecords(ctx, p.store, record.Key, record.ID)
		difference := diffs([]store.Record{record}, got)
		p.checkf(err != nil || difference == "", "GetRecords, cancelled at look %d at its context: no error, and %s", look, difference)
	})
}

func recordsSlice(p *probe) {
	p.recordGetter()
	record := p.add(p.key(), out(1)).Record
	for range 3 { // what the second call returns may be kept as well
		got := p.getRecords(record.Key, record.ID)
		p.samef(diffs([]store.Record{record}, got), "what was returned before was written to")
		scribble(got)
	}
	p.samef(diffs([]store.Record{record}, p.history(record.Key)), "what was returned was written to, and History has it")
}
