package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/internal/rulebook"
	"github.com/seed-f10031e4/consent/store"
)

// TestALedgerAgreesWithTheRulebook compares with the rule as it is written a second time,
// in another way.
func TestALedgerAgreesWithTheRulebook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: every, ids: rapid.SampledFrom([]int{0, 3, 6}).Draw(t, "ids"), reviews: true}.draw(t, 40)
		ledger, book := store.NewLedger(key, nil), rulebook.New(key)
		for place, ev := range events {
			want, wantErr := book.Append(ev, recorded(place))
			got, err := ledger.Append(ev, recorded(place))
			if !errors.Is(err, wantErr) || (err == nil) != (wantErr == nil) {
				t.Fatalf("error %v, want %v, after%s", err, wantErr, describe(events[:place+1]))
			}
			if got != want {
				t.Fatalf("after%s\ngot  %+v\nwant %+v", describe(events[:place+1]), got, want)
			}
			if ledger.State() != book.State() {
				t.Fatalf("after%s\ngot  %+v\nwant %+v", describe(events[:place+1]), ledger.State(), book.State())
			}
			if open := openOf(ledger); !slices.Equal(open, book.Open()) {
				t.Fatalf("open after%s\ngot  %+v\nwant %+v", describe(events[:place+1]), open, book.Open())
			}
			for i := range book.Records() {
				if ledger.Released(i) != book.Released(i) {
					t.Fatalf("record %d was released: %t, after%s", i+1, ledger.Released(i), describe(events[:place+1]))
				}
			}
		}
	})
}

// openOf returns the open holds of a ledger in the order of recording.
func openOf(ledger *store.Ledger) []store.Record {
	var open []store.Record
	for _, place := range slices.Sorted(slices.Values(ledger.Open())) {
		open = append(open, ledger.Records()[place])
	}
	return open
}

// TestALedgerIsWhatItsRecordsSay: a store may keep a ledger, or make it of its records.
func TestALedgerIsWhatItsRecordsSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: every, ids: rapid.SampledFrom([]int{0, 4}).Draw(t, "ids"), reviews: true}.draw(t, 40)
		kept := store.NewLedger(key, nil)
		for place, ev := range events {
			_, _ = kept.Append(ev, recorded(place))
			made := store.NewLedger(key, slices.Clone(kept.Records()))
			if made.Standing() != kept.Standing() || !slices.Equal(made.Open(), kept.Open()) {
				t.Fatalf("after%s\nkept %+v, open %v\nmade %+v, open %v",
					describe(events[:place+1]), kept.Standing(), kept.Open(), made.Standing(), made.Open())
			}
			for i := range kept.Records() {
				if made.Released(i) != kept.Released(i) {
					t.Fatalf("after%s\nrecord %d was released: kept %t, made %t", describe(events[:place+1]), i, kept.Released(i), made.Released(i))
				}
			}
		}
	})
}

// TestNextFollowsALedger: what Next needs to know of a text is all that a store has to
// keep of the holds.
func TestNextFollowsALedger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ledger := follow(sequence{actions: every}.draw(t, 12))
		ev := sequence{actions: every}.event(t, 99)
		before := ledger.Standing()
		next, effective := before.Next(store.Record{Event: ev, RecordedAt: recorded(99)}, store.Text{})
		if before != ledger.Standing() {
			t.Fatal("Next changed what it was called on")
		}
		res, err := ledger.Append(ev, recorded(99))
		if err != nil || next != ledger.Standing() || effective != res.Record.Effective || next.InForce() != res.State {
			t.Fatalf("%v by Next %+v, %t; by the ledger %+v, %+v, %v", ev, next, effective, ledger.Standing(), res, err)
		}
	})
}

func TestAnAddedOptOutOrHoldNeverOpensTheGate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: every, ids: rapid.SampledFrom([]int{0, 5}).Draw(t, "ids"), reviews: true}.draw(t, 12)
		added := sequence{actions: []store.Action{store.OptOut, store.Hold}}.event(t, 99)
		place := rapid.IntRange(0, len(events)).Draw(t, "place")
		without, with := store.NewLedger(key, nil), store.NewLedger(key, nil)
		for i := 0; i <= len(events); i++ {
			if i == place {
				if res, err := with.Append(added, recorded(i)); err != nil || res.Duplicate {
					t.Fatalf("added: %+v, %v", res, err)
				}
			}
			if i < len(events) {
				_, _ = without.Append(events[i], recorded(i))
				_, _ = with.Append(events[i], recorded(i))
			}
			was, is := without.State().Status, with.State().Status
			if was == store.OptedOut && is != was || was == store.Held && is != was && is != store.OptedOut {
				t.Fatalf("%v, and %v with%s\nadded before event %d of%s",
					was, is, describe([]store.Event{added}), place+1, describe(events[:min(i+1, len(events))]))
			}
		}
	})
}

func TestEveryOrderOfArrivalEndsInTheSameStatus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: plain, dated: true}.draw(t, 8)
		want := newest(events)
		for range 4 {
			if got := status(events); got != want {
				t.Fatalf("%v, want %v, after%s", got, want, describe(events))
			}
			events = rapid.Permutation(events).Draw(t, "order")
		}
	})
}

// newest is the status of events that all carry a time, told of all of them at once.
func newest(events []store.Event) store.Status {
	latest := func(action store.Action) (at time.Time) {
		for _, ev := range events {
			if ev.Action == action && ev.At.After(at) {
				at = ev.At
			}
		}
		return at
	}
	start, yes := latest(store.OptIn), latest(store.Consent)
	switch stop, hold := latest(store.OptOut), latest(store.Hold); {
	case !stop.IsZero() && !start.After(stop):
		return store.OptedOut
	case !hold.IsZero() && !start.After(hold):
		return store.Held
	case !start.IsZero() || !yes.IsZero():
		return store.OptedIn
	default:
		return store.Unknown
	}
}

func TestOnlyTheContactLiftsAnOptOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: every, ids: rapid.SampledFrom([]int{0, 5}).Draw(t, "ids"), reviews: true}.draw(t, 16)
		ledger := store.NewLedger(key, nil)
		for place, ev := range events {
			before := ledger.Standing()
			res, err := ledger.Append(ev, recorded(place))
			after := ledger.Standing()
			if (err != nil || res.Duplicate) && before != after {
				t.Fatalf("refused or a duplicate, and it changed the standing: %s", describe(events[:place+1]))
			}
			lifted := ev.Action == store.OptIn && after.InForce().Status == store.Held // an opt-out, and a hold is left
			if err == nil && !res.Duplicate && !res.Record.Effective && before.InForce() != after.InForce() && !lifted {
				t.Fatalf("without effect, and it changed the state: %s", describe(events[:place+1]))
			}
			if before.State.Status != store.OptedOut || after.State.Status == store.OptedOut {
				continue
			}
			old := before.State
			switch ev.Action {
			case store.OptIn:
				sent := old.At
				if sent.IsZero() {
					sent = old.ReceivedAt.Truncate(time.Second).Add(-1)
				}
				if !ev.At.IsZero() && !ev.At.After(sent) {
					t.Fatalf("lifted by an older opt-in: %s", describe(events[:place+1]))
				}
			case store.Release, store.Retract, store.Void: // of what the contact is not opted out without
				without := slices.DeleteFunc(slices.Clone(ledger.Records()), ev.Names)
				if rulebook.Of(key, without).State().Status == store.OptedOut {
					t.Fatalf("lifted by the review of another text: %s", describe(events[:place+1]))
				}
			default:
				t.Fatalf("lifted by %v: %s", ev.Action, describe(events[:place+1]))
			}
		}
	})
}

// TestTakingBackIsAsIfTheTextHadNotCome is of a Release of any text, which may have closed
// the gate to other events.
func TestTakingBackIsAsIfTheTextHadNotCome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: every}.draw(t, 12)
		place := rapid.IntRange(0, len(events)-1).Draw(t, "place")
		text := sequence{actions: []store.Action{store.OptOut, store.Hold}}.event(t, 99)
		text.Source = store.SourceText
		with := slices.Insert(slices.Clone(events), place, text)
		ledger := store.NewLedger(key, nil)
		for i, ev := range with {
			at := i
			if i > place {
				at--
			}
			if _, err := ledger.Append(ev, recorded(at)); err != nil {
				t.Fatal(err)
			}
		}
		before := ledger.State()
		action := rapid.SampledFrom([]store.Action{store.Release, store.Retract}).Draw(t, "action")
		res, err := ledger.Append(review(action, text), recorded(len(events)))
		if err != nil {
			t.Fatal(err)
		}
		want := follow(events).State()
		if !res.Record.Effective {
			want = before
		}
		if res.State != want {
			t.Fatalf("effective: %t, got %+v, want %+v after%s\nof which it takes back %s",
				res.Record.Effective, res.State, want, describe(with), text.ID)
		}
	})
}

// TestAfterAVoidTheStandingIsThatWithoutTheVoided compares with the rule as it is written a
// second time, in the history without what was voided and without the Voids.
func TestAfterAVoidTheStandingIsThatWithoutTheVoided(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: every, ids: rapid.SampledFrom([]int{0, 4}).Draw(t, "ids"), reviews: true}.draw(t, 24)
		ledger := store.NewLedger(key, nil)
		for place, ev := range events {
			eraseSometimes(t, ledger, place)
			_, _ = ledger.Append(ev, recorded(place))
			var left, gone []store.Record
			for i, r := range ledger.Records() {
				later := ledger.Records()[i:]
				names := func(v store.Record) bool {
					return v.Action == store.Void && v.ID == "void:"+r.ID && v.From == r.From
				}
				voided := hostMade(r) && slices.ContainsFunc(later, names)
				switch {
				case voided:
					gone = append(gone, r)
				case r.Action != store.Void:
					left = append(left, r)
				}
			}
			if namesOneOf(left, gone) {
				return // without what is gone, the review is of another sender's text
			}
			if want := rulebook.Of(key, left); ledger.State() != want.State() || !slices.Equal(openOf(ledger), want.Open()) {
				t.Fatalf("after%s\ngot  %+v\nwant %+v", describe(events[:place+1]), ledger.State(), want.State())
			}
		}
	})
}

// eraseSometimes erases a ledger before one of ten events.
func eraseSometimes(t *rapid.T, ledger *store.Ledger, place int) {
	if rapid.IntRange(0, 9).Draw(t, "erase") == 0 {
		if err := ledger.Erase(erasure(t, minute(50+place)), recorded(place)); err != nil {
			t.Fatal(err)
		}
	}
}

// namesOneOf reports whether a review among the records is of one of the texts.
func namesOneOf(records, texts []store.Record) bool {
	return slices.ContainsFunc(records, func(r store.Record) bool { return slices.ContainsFunc(texts, r.Names) })
}

// hostMade reports whether a record is one that a Void can take back.
func hostMade(r store.Record) bool {
	switch r.Source {
	case store.SourceAgent, store.SourceImport:
		return r.Action == store.OptOut || r.Action == store.Consent
	default:
		return r.Action == store.Consent && r.Source != store.SourceConfirm
	}
}

// TestAVoidNeverOpensTheGatePastWhatCannotBeVoided: what the host did not record keeps the
// gate as closed as it does alone.
func TestAVoidNeverOpensTheGatePastWhatCannotBeVoided(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: every, ids: rapid.SampledFrom([]int{0, 4}).Draw(t, "ids"), reviews: true}.draw(t, 24)
		ledger := store.NewLedger(key, nil)
		for place, ev := range events {
			eraseSometimes(t, ledger, place)
			_, _ = ledger.Append(ev, recorded(place))
			if ev.Action != store.Void {
				continue
			}
			alone := slices.DeleteFunc(slices.Clone(ledger.Records()), func(r store.Record) bool {
				return hostMade(r) || r.Action == store.Void
			})
			is, least := ledger.State().Status, rulebook.Of(key, alone).State().Status
			if least == store.OptedOut && is != least || least == store.Held && is != least && is != store.OptedOut {
				t.Fatalf("%v, and %v without what the host recorded, after%s", is, least, describe(events[:place+1]))
			}
		}
	})
}

func TestAReviewNamesItsTextInAllFour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: every, reviews: true}.draw(t, 10)
		ledger := follow(events)
		ev := review(rapid.SampledFrom([]store.Action{store.Release, store.Uphold, store.Retract}).Draw(t, "action"),
			rapid.SampledFrom(events).Draw(t, "text"))
		switch rapid.IntRange(0, 3).Draw(t, "field") {
		case 0:
			ev.ID += "x"
		case 1:
			ev.At = ev.At.Add(time.Microsecond)
		case 2:
			ev.ReceivedAt = ev.ReceivedAt.Add(time.Microsecond)
		default:
			ev.Text += " "
		}
		before, records := ledger.Standing(), len(ledger.Records())
		_, err := ledger.Append(ev, recorded(len(events)))
		if !errors.Is(err, store.ErrInvalid) || ledger.Standing() != before || len(ledger.Records()) != records {
			t.Fatalf("%v: error %v", ev, err)
		}
	})
}

// TestAHoldEndsOnlyByTheContactOrByWhoReadIt: never by time, by the host, or by another
// text's review.
func TestAHoldEndsOnlyByTheContactOrByWhoReadIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: every, reviews: true}.draw(t, 12)
		ledger := store.NewLedger(key, nil)
		for place, ev := range events {
			before := slices.Clone(ledger.Open())
			_, _ = ledger.Append(ev, recorded(place))
			for _, hold := range before {
				if slices.Contains(ledger.Open(), hold) {
					continue
				}
				text := ledger.Records()[hold]
				held := store.State{Status: store.Held, Action: store.Hold, At: text.At, ReceivedAt: text.ReceivedAt}
				read := ev.Action == store.Release || ev.Action == store.Uphold || ev.Action == store.Retract
				switch {
				case ev.Action == store.OptIn && ev.Lifts(held):
				case read && ev.ID == text.ID:
				case (read || ev.Action == store.Void) && takesBack(ledger, ev): // the opt-in that it had hidden ends holds
				default:
					t.Fatalf("%s is ended by%s\nafter%s", text.ID, describe(events[place:place+1]), describe(events[:place]))
				}
			}
		}
	})
}

// takesBack reports whether an event takes back an opt-out.
func takesBack(ledger *store.Ledger, ev store.Event) bool {
	return slices.ContainsFunc(ledger.Records(), func(r store.Record) bool { return r.Action == store.OptOut && ev.Names(r) })
}

// TestASecondOptOutIsLiftedByNothingElse: what lifts both lifts the first alone.
func TestASecondOptOutIsLiftedByNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := append(sequence{actions: every}.draw(t, 8), sequence{actions: []store.Action{store.OptOut}}.event(t, 50))
		if status(events) != store.OptedOut {
			t.Skip("a newer opt-in is in force")
		}
		more := append(slices.Clone(events), sequence{actions: []store.Action{store.OptOut}}.event(t, 51))
		if status(more) != store.OptedOut {
			t.Fatalf("a second opt-out lifts the first:%s", describe(more))
		}
		for n := range 10 {
			for _, part := range []time.Duration{-250 * time.Millisecond, -time.Microsecond, 0, time.Microsecond} {
				start := event("start", store.OptIn, minute(n).Add(part))
				one := status(append(slices.Clone(events), start))
				both := status(append(slices.Clone(more), start))
				if one == store.OptedOut && both != store.OptedOut {
					t.Fatalf("lifted at %s:%s", start.At.Format("15:04:05.000000"), describe(more))
				}
			}
		}
	})
}

func TestALongHistoryIsSearchedLikeAShortOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: every, ids: 8, reviews: true}.draw(t, 14)
		short := follow(events)
		long := store.NewLedger(key, nil)
		for n := range 40 { // what changes nothing: it is over before the events begin
			_, _ = long.Append(event(fmt.Sprint("before ", n), store.Ask, time.Time{}), minute(-100))
		}
		for place, ev := range events {
			_, _ = long.Append(ev, recorded(place))
		}
		if short.Standing() != long.Standing() || !slices.Equal(short.Records(), long.Records()[40:]) {
			t.Fatalf("short %+v\nlong %+v, after%s", short.Standing(), long.Standing(), describe(events))
		}
	})
}
