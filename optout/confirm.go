package optout

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/store"
)

// confirmWithin is how long YES counts after it was asked for.
const confirmWithin = 30 * 24 * time.Hour

// yes is the one word that confirms, in whatever spelling.
var yes = sync.OnceValue(func() *keywords.Set {
	set, err := keywords.New(keywords.Keyword{Text: "YES", Intent: keywords.OptIn, Language: "en", Source: "double opt-in"})
	if err != nil {
		return nil // not reachable: TestYESConfirmsWhatSTARTAskedFor builds it; a nil Set confirms nothing
	}
	return set
})

// ask records that an unknown contact must confirm a START. It reports false if
// the START counts at once, as it does for a contact who opted out, is held, or opted in
// before.
func (r *reception) ask(ctx context.Context) (asked bool, err error) {
	now, err := r.guard.readDigits(ctx, r.store, r.event.Key.Account, &r.from)
	if err != nil || !now.unknown() {
		return false, err
	}
	ev := r.event
	ev.Action = store.Ask
	result, err := appendEvent(ctx, r.store, ev)
	if err != nil {
		return true, err
	}
	done := recorded{results: []store.Result{result}}
	done.describe(&r.out)
	if done.now().Status == store.Unknown {
		r.reply(r.out.Match.Language, Replies.confirm)
	}
	return true, nil
}

// askedBefore reports whether a START is one that was asked to be confirmed, and comes
// again when there is nothing left to ask.
func (r *reception) askedBefore(ctx context.Context) (bool, error) {
	ev := r.event
	asked, found, err := r.find(ctx, func(old store.Record) bool { return old.ID == ev.ID && old.Action == store.Ask })
	if err != nil || !found {
		return false, err
	}
	now, err := r.guard.read(ctx, r.store, ev.Key.Account, &r.from)
	if err != nil {
		return false, err
	}
	recorded{results: []store.Result{{State: now.state, Record: asked, Duplicate: true}}}.describe(&r.out)
	return true, nil
}

// confirm records YES if it was asked for, as consent that lifts no opt-out. Otherwise
// YES is an ordinary text.
func (r *reception) confirm(ctx context.Context) error {
	match := yes().Classify(r.message.Text)
	ev := &r.event
	ev.Action, ev.Source, ev.Keyword, ev.KeywordSet = store.Consent, store.SourceConfirm, match.Keyword, yes().Version()
	now, err := r.guard.readDigits(ctx, r.store, ev.Key.Account, &r.from)
	if err != nil {
		return err
	}
	number := now.number()
	again := number.Action == store.Consent && number.EventID == ev.ID
	if !now.unknown() && !again {
		return nil
	}
	ev.Key = number.Key
	_, asked, err := r.find(ctx, func(old store.Record) bool { return old.Action == store.Ask && inTime(old, *ev) })
	if err != nil || !asked {
		return err
	}
	result, err := appendEvent(ctx, r.store, *ev)
	if errors.Is(err, store.ErrIDReused) {
		return nil // the id of the START itself: it is no other message
	}
	r.out.Match, r.out.EventID = match, ev.ID
	r.out.setContact(&r.from)
	if err != nil {
		return err
	}
	done := recorded{results: []store.Result{result}}
	done.describe(&r.out)
	if done.answers(store.OptedIn, store.Unknown) {
		r.reply(match.Language, Replies.optIn)
	}
	return nil
}

// find returns the first record of the sender's number that is wanted, in either spelling.
func (r *reception) find(ctx context.Context, wanted func(store.Record) bool) (store.Record, bool, error) {
	for _, key := range spellings(r.from.Key) {
		for old, err := range r.guard.historyOf(ctx, r.store, store.Key{Account: r.event.Key.Account, Number: key}) {
			if err != nil || wanted(old) {
				return old, err == nil, err
			}
		}
	}
	return store.Record{}, false, nil
}

// inTime compares by the provider's clock if it told both times, and otherwise allows
// for clocks that differ.
func inTime(asked store.Record, answer store.Event) bool {
	then, at, skew := asked.At, answer.At, time.Duration(0)
	if at.IsZero() || then.IsZero() {
		if at.IsZero() {
			at = answer.ReceivedAt
		}
		if then.IsZero() {
			then = asked.ReceivedOrRecorded()
		}
		skew = clockSkew
	}
	after := at.Sub(then)
	return after >= -skew && after <= confirmWithin
}
