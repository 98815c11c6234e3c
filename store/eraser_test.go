package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/internal/rulebook"
	"github.com/seed-f10031e4/consent/store"
)

func erasure(t require.TestingT, at time.Time) store.Event {
	ev, err := store.ErasureOf(key, "anna", "letter of 1 March", at)
	require.NoError(t, err)
	return ev
}

// TestErasingChangesNoLaterStatus: what is erased anywhere in a sequence decides as before,
// and all that comes after it is decided as before.
func TestErasingChangesNoLaterStatus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: every, reviews: true}.draw(t, 16)
		if at, wrong := erasesBadly(events, rapid.IntRange(0, len(events)).Draw(t, "place"), (*store.Ledger).Erase); wrong != "" {
			t.Fatalf("%s, erased in%s", wrong, describe(events[:at]))
		}
	})
}

// erasesBadly erases a ledger before an event, and compares it with one that is not erased.
func erasesBadly(events []store.Event, place int, erase func(*store.Ledger, store.Event, time.Time) error) (at int, wrong string) {
	kept, erased := store.NewLedger(key, nil), store.NewLedger(key, nil)
	for i := 0; i <= len(events); i++ {
		if i == place {
			ev, err := store.ErasureOf(key, "anna", "letter", minute(50))
			if err == nil {
				err = erase(erased, ev, recorded(i))
			}
			if err != nil {
				return i, err.Error()
			}
		}
		if i < len(events) && namesErasedAndOther(erased, events[i]) {
			return 0, "" // whether the erased text was meant is not known: it stays
		}
		if i < len(events) {
			_, wantErr := kept.Append(events[i], recorded(i))
			if _, err := erased.Append(events[i], recorded(i)); (err == nil) != (wantErr == nil) {
				return i, "an event is refused, or another one"
			}
		}
		made := store.NewLedger(key, slices.Clone(erased.Records()))
		switch {
		case kept.State() != erased.State():
			return i, "another state"
		case kept.State() != made.State():
			return i, "another state, made of the records"
		case len(kept.Open()) != len(erased.Open()) || len(kept.Open()) != len(made.Open()):
			return i, "other holds"
		}
	}
	return 0, ""
}

// namesErasedAndOther reports whether a review is of a text that is erased and of one that
// has come since, in the same words.
func namesErasedAndOther(l *store.Ledger, review store.Event) bool {
	named := slices.DeleteFunc(slices.Clone(l.Records()), func(r store.Record) bool { return !review.Names(r) })
	isErased := func(r store.Record) bool { return r.Erased }
	return slices.ContainsFunc(named, isErased) && slices.ContainsFunc(named, func(r store.Record) bool { return !r.Erased })
}

// TestBadErasuresAreFound plants mistakes in what TestErasingChangesNoLaterStatus tests.
func TestBadErasuresAreFound(t *testing.T) {
	for name, plant := range map[string]func(ledger *store.Ledger){
		"the first record goes":      func(l *store.Ledger) { *l = *store.NewLedger(key, l.Records()[min(1, len(l.Records())):]) },
		"the time goes":              func(l *store.Ledger) { l.Records()[0].At = time.Time{} },
		"the time of receipt goes":   func(l *store.Ledger) { l.Records()[0].ReceivedAt = time.Time{} },
		"the id goes":                func(l *store.Ledger) { l.Records()[0].ID = "erased" },
		"the source goes":            func(l *store.Ledger) { l.Records()[0].Source = "" },
		"nothing says that it is so": func(l *store.Ledger) { l.Records()[0].Erased = false },
	} {
		t.Run(name, func(t *testing.T) {
			found := false
			for seed := 0; seed < 500 && !found; seed++ {
				events := rapid.Custom(func(t *rapid.T) []store.Event { return sequence{actions: every, reviews: true}.draw(t, 16) }).Example(seed)
				_, wrong := erasesBadly(events, 1, func(l *store.Ledger, ev store.Event, now time.Time) error {
					err := l.Erase(ev, now)
					plant(l)
					return err
				})
				found = wrong != ""
			}
			require.True(t, found)
		})
	}
}

// TestAnErasedLedgerAgreesWithTheRulebook is of ids and words that repeat, too.
func TestAnErasedLedgerAgreesWithTheRulebook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := sequence{actions: every, ids: rapid.SampledFrom([]int{0, 3, 6}).Draw(t, "ids"), reviews: true}.draw(t, 40)
		ledger, book := store.NewLedger(key, nil), rulebook.New(key)
		for place, ev := range events {
			if place > 0 && rapid.IntRange(0, 9).Draw(t, "erase") == 0 {
				ev := erasure(t, minute(50+place))
				require.NoError(t, ledger.Erase(ev, recorded(place)))
				book.Erase(ledger.Records())
				_, err := book.Append(ev, recorded(place))
				require.NoError(t, err)
			}
			if rapid.IntRange(0, 3).Draw(t, "words") == 0 && len(ledger.Records()) > 0 { // of a review, as it is read now
				ev.Text = rapid.SampledFrom(ledger.Records()).Draw(t, "text").Text
			}
			want, wantErr := book.Append(ev, recorded(place))
			got, err := ledger.Append(ev, recorded(place))
			if !errors.Is(err, wantErr) || (err == nil) != (wantErr == nil) {
				t.Fatalf("error %v, want %v, after%s", err, wantErr, describe(events[:place+1]))
			}
			if got != want {
				t.Fatalf("after%s\ngot  %+v\nwant %+v", describe(events[:place+1]), got, want)
			}
			if open := openOf(ledger); !slices.Equal(open, book.Open()) {
				t.Fatalf("open after%s\ngot  %+v\nwant %+v", describe(events[:place+1]), open, book.Open())
			}
			made := store.NewLedger(key, slices.Clone(ledger.Records()))
			if made.Standing() != ledger.Standing() || !slices.Equal(made.Open(), ledger.Open()) {
				t.Fatalf("made of the records %+v, open %v, kept %+v, open %v, of%s",
					made.Standing(), made.Open(), ledger.Standing(), ledger.Open(), recordsOf(ledger))
			}
		}
	})
}

// recordsOf shows the records of a ledger, for the failures.
func recordsOf(ledger *store.Ledger) string {
	var lines strings.Builder
	for _, r := range ledger.Records() {
		fmt.Fprintf(&lines, "%s erased %t effective %t", describe([]store.Event{r.Event}), r.Erased, r.Effective)
	}
	return lines.String()
}

const secret = "KILROY was here"

// evident is an event with evidence in each field that can have it.
func evident(id string, action store.Action, n int) store.Event {
	ev := event(id, action, minute(n))
	ev.Source, ev.ReceivedAt = store.SourceText, minute(n+1)
	ev.From, ev.To, ev.Text, ev.Actor, ev.Note = secret+" 1", secret+" 2", secret+" 3", secret+" 4", secret+" 5"
	ev.Keyword, ev.KeywordSet = "STOP", "v1"
	return ev
}

func TestAnErasedLedgerHasNoEvidence(t *testing.T) {
	long := evident("3", store.OptOut, 3)
	long.Text = strings.Repeat(secret, 1_000)
	long, err := long.Normalize()
	require.NoError(t, err)
	require.Len(t, long.Text, store.MaxTextLen)
	events := []store.Event{
		evident("1", store.Hold, 1), evident("2", store.OptIn, 2), long, evident("4", store.Ask, 4), evident("5", store.Hold, 5),
	}
	ledger := store.NewLedger(key, nil)
	for i, ev := range events {
		_, err := ledger.Append(ev, recorded(i))
		require.NoError(t, err)
	}
	before, records := ledger.Standing(), slices.Clone(ledger.Records())
	require.NoError(t, ledger.Erase(erasure(t, minute(20)), recorded(20)))
	require.Equal(t, before, ledger.Standing())
	for i, r := range ledger.Records()[:len(events)] {
		want := records[i]
		want.From, want.To, want.Text, want.Actor, want.Note, want.Erased = "", "", "", "", "", true
		require.Equal(t, want, r)
	}
	last := ledger.Records()[len(events)]
	require.Equal(t, store.Record{
		Event: store.Event{
			ID: "erase:2026-03-01T12:20:00.25Z", Key: key, Action: store.Erase, At: minute(20), Actor: "anna", Note: "letter of 1 March",
		},
		RecordedAt: recorded(20), Prior: store.OptedOut,
	}, last)
	shown, err := json.Marshal(ledger.Records())
	require.NoError(t, err)
	require.NotContains(t, string(shown), "KILROY")

	for i, ev := range events { // delivered again
		res, err := ledger.Append(ev, recorded(30+i))
		require.NoError(t, err)
		require.True(t, res.Duplicate)
		require.True(t, res.Record.Erased)
	}
	require.NoError(t, ledger.Erase(erasure(t, minute(21)), recorded(21)))
	require.Equal(t, "anna", ledger.Records()[len(events)].Actor, "the host's person stays")
	require.Len(t, ledger.Records(), len(events)+2)
	require.NoError(t, ledger.Erase(erasure(t, minute(21)), recorded(22)))
	require.Len(t, ledger.Records(), len(events)+2, "the same erasure again")
}

func TestWhatComesAgainBringsNothingBack(t *testing.T) {
	ledger := store.NewLedger(key, nil)
	text := evident("1", store.Hold, 1)
	_, err := ledger.Append(text, recorded(1))
	require.NoError(t, err)
	require.NoError(t, ledger.Erase(erasure(t, minute(20)), recorded(20)))

	// As another policy reads it.
	again := text
	again.Action = store.OptOut
	res, err := ledger.Append(again, recorded(21))
	require.NoError(t, err)
	require.False(t, res.Duplicate)
	require.Equal(t, store.OptedOut, res.State.Status)
	require.True(t, res.Record.Erased)
	require.Empty(t, res.Record.From+res.Record.To+res.Record.Text+res.Record.Actor+res.Record.Note)
	require.Equal(t, "STOP", res.Record.Keyword)

	// A review of somebody who has read the text before it was erased.
	reviewed := review(store.Release, text)
	reviewed.From, reviewed.To, reviewed.Actor, reviewed.Note = text.From, text.To, "bert", "no request"
	for _, duplicate := range []bool{false, true} {
		res, err = ledger.Append(reviewed, recorded(22))
		require.NoError(t, err)
		require.Equal(t, duplicate, res.Duplicate)
		require.True(t, res.Record.Erased)
		require.Empty(t, res.Record.From+res.Record.To+res.Record.Text)
		require.Equal(t, "bert", res.Record.Actor)
		require.Equal(t, store.Unknown, res.State.Status)
	}

	// Another message with the same id.
	other := text
	other.At = minute(2)
	res, err = ledger.Append(other, recorded(23))
	require.NoError(t, err)
	require.False(t, res.Duplicate)
	require.Equal(t, store.Record{Event: other, RecordedAt: recorded(23), Effective: true}, res.Record)
}

// TestAnUndatedIDComesRoundAfterAnErasure: an opt-out is not lost to an id that is used again.
func TestAnUndatedIDComesRoundAfterAnErasure(t *testing.T) {
	ledger := store.NewLedger(key, nil)
	stop := evident("1", store.OptOut, 0)
	stop.At = time.Time{}
	_, err := ledger.Append(stop, recorded(1))
	require.NoError(t, err)
	require.NoError(t, ledger.Erase(erasure(t, minute(2)), recorded(2)))
	_, err = ledger.Append(event("2", store.OptIn, time.Time{}), recorded(3))
	require.NoError(t, err)

	res, err := ledger.Append(stop, recorded(4))
	require.NoError(t, err)
	require.True(t, res.Duplicate)
	stop.ReceivedAt = stop.ReceivedAt.Add(73 * time.Hour)
	res, err = ledger.Append(stop, recorded(5))
	require.NoError(t, err)
	require.False(t, res.Duplicate)
	require.Equal(t, store.OptedOut, res.State.Status)
	require.Equal(t, stop, res.Record.Event, "its evidence is its own")
}

// TestAReviewStaysThatOfItsText: texts of one id and one time, of which one was released.
func TestAReviewStaysThatOfItsText(t *testing.T) {
	ledger := store.NewLedger(key, nil)
	first, second := evident("1", store.Hold, 1), evident("1", store.Hold, 1)
	second.Text += " and there"
	verdict := review(store.Release, first)
	verdict.From = first.From
	for i, ev := range []store.Event{first, second, verdict} {
		_, err := ledger.Append(ev, recorded(i))
		require.NoError(t, err)
	}
	require.Equal(t, store.Held, ledger.State().Status)
	require.NoError(t, ledger.Erase(erasure(t, minute(20)), recorded(20)))
	made := store.NewLedger(key, slices.Clone(ledger.Records()))
	require.Equal(t, []int{1}, made.Open())
	shown, err := json.Marshal(made.Records())
	require.NoError(t, err)
	require.NotContains(t, string(shown), "KILROY")

	res, err := ledger.Append(review(store.Release, ledger.Records()[1].Event), recorded(21))
	require.NoError(t, err)
	require.Equal(t, store.Unknown, res.State.Status, "as Reviews lists it, it can be settled")
}

func TestAnErasureNeedsAKeyAndATime(t *testing.T) {
	for field, err := range map[string]error{
		"Account": func() error { _, err := store.ErasureOf(store.Key{Number: "1"}, "a", "b", minute(1)); return err }(),
		"Number":  func() error { _, err := store.ErasureOf(store.Key{Account: "1"}, "a", "b", minute(1)); return err }(),
		"At":      func() error { _, err := store.ErasureOf(key, "a", "b", time.Time{}); return err }(),
		"year":    func() error { _, err := store.ErasureOf(key, "a", "b", minute(1).AddDate(9_000, 0, 0)); return err }(),
	} {
		require.ErrorIs(t, err, store.ErrInvalid)
		require.ErrorContains(t, err, field)
	}
	_, err := erasure(t, minute(1)).Normalize()
	require.ErrorIs(t, err, store.ErrInvalid, "no Append takes it")
}

func TestAStoreThatCannotEraseSaysSo(t *testing.T) {
	err := store.EraseKey(t.Context(), bare{}, key, "anna", "letter", minute(1))
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.ErrorContains(t, err, "Eraser")
}

// TestNoErasureLetsAVoidTakeBackMore is of host records of several senders with few ids. An
// Erase changes nothing that is in force, and a Void after it opens no gate that it would not
// have opened before.
func TestNoErasureLetsAVoidTakeBackMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kept, erased := store.NewLedger(key, nil), store.NewLedger(key, nil)
		for place := range rapid.IntRange(1, 16).Draw(t, "steps") {
			ev := event(rapid.SampledFrom([]string{"row 1", "row 2", "void:row 1"}).Draw(t, "id"), store.OptOut, minute(place))
			ev.Source = rapid.SampledFrom([]store.Source{store.SourceImport, store.SourceAgent, store.SourceKeyword}).Draw(t, "source")
			ev.From = rapid.SampledFrom([]string{secret + " 1", secret + " 2"}).Draw(t, "from")
			switch rapid.SampledFrom([]string{"import", "void", "erase"}).Draw(t, "step") {
			case "erase":
				before := erased.Standing()
				require.NoError(t, erased.Erase(erasure(t, minute(50+place)), recorded(place)))
				require.Equal(t, before, erased.Standing())
				for _, r := range erased.Records() {
					require.NotContains(t, r.From, secret)
				}
			case "void":
				want, err := kept.Append(void(ev), recorded(place))
				if err != nil {
					continue
				}
				got, err := erased.Append(void(ev), recorded(place))
				if err != nil {
					require.ErrorIs(t, err, store.ErrInvalid)
				}
				require.False(t, want.Duplicate && err == nil && !got.Duplicate && got.Record.Effective, "a Void again has an effect")
			default:
				_, err := kept.Append(ev, recorded(place))
				_, gotErr := erased.Append(ev, recorded(place))
				require.NoError(t, errors.Join(err, gotErr))
			}
			made := store.NewLedger(key, slices.Clone(erased.Records()))
			if made.Standing() != erased.Standing() {
				t.Fatalf("%v, made of the records %v: %s", erased.Standing(), made.Standing(), recordsOf(erased))
			}
			if kept.State().Status == store.OptedOut && erased.State().Status != store.OptedOut {
				t.Fatalf("%v, and opted out without the Erase: %s", erased.State().Status, recordsOf(erased))
			}
		}
	})
}

// TestSendersOfOneIDStayApart: of two that the host recorded with one ID one was voided.
func TestSendersOfOneIDStayApart(t *testing.T) {
	ledger := store.NewLedger(key, nil)
	one, other := evident("1", store.OptOut, 1), evident("1", store.OptOut, 1)
	one.Source, other.Source, other.From = store.SourceImport, store.SourceImport, secret+" 9"
	for i, ev := range []store.Event{one, other, void(one)} {
		_, err := ledger.Append(ev, recorded(i))
		require.NoError(t, err)
	}
	for n := range 2 {
		require.NoError(t, ledger.Erase(erasure(t, minute(20+n)), recorded(20+n)))
		made := store.NewLedger(key, slices.Clone(ledger.Records()))
		require.Equal(t, store.OptedOut, made.State().Status)
		require.Equal(t, ledger.Standing(), made.Standing())
		shown, err := json.Marshal(made.Records())
		require.NoError(t, err)
		require.NotContains(t, string(shown), "KILROY")
		res, err := ledger.Append(void(one), recorded(22))
		require.NoError(t, err)
		require.True(t, res.Duplicate)
		require.Equal(t, store.OptedOut, res.State.Status)
	}
}
