package memstore_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/internal/rulebook"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// model is what a store has to hold, by the rule written a second time.
type model map[store.Key]*rulebook.Book

func bookOf(records []store.Record) *rulebook.Book { return rulebook.Of(key, records) }

// TestMemstoreAgreesWithTheModel appends events of all kinds to keys of all kinds, between
// reads of all of them in every way. rapid prints the seed of a sequence that fails.
func TestMemstoreAgreesWithTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, m := memstore.New(), model{}
		accounts := []string{"a", "acct_4f9a1c", "acct_4f9a1d", strings.Repeat("ä", 100)}
		for range rapid.IntRange(1, 3).Draw(t, "rounds") {
			for range rapid.IntRange(1, 60).Draw(t, "events") {
				m.append(t, s, anyEvent(t, m, accounts))
			}
			for _, account := range accounts {
				m.agrees(t, s, account)
			}
		}
	})
}

func anyEvent(t *rapid.T, m model, accounts []string) store.Event {
	k := store.Key{
		Account: rapid.SampledFrom(accounts).Draw(t, "account"),
		Number:  rapid.SampledFrom([]string{"+1", "+2", "+", "ACME", "acme", "é", "e\u0301", strings.Repeat("1", 255)}).Draw(t, "number"),
	}
	moment := func(name string) time.Time {
		if n := rapid.IntRange(0, 6).Draw(t, name); n > 0 {
			return noon.Add(time.Duration(n) * time.Minute)
		}
		return time.Time{}
	}
	if book := m[k]; book != nil && rapid.IntRange(0, 3).Draw(t, "review") == 0 {
		text := rapid.SampledFrom(book.Records()).Draw(t, "text")
		return store.Event{
			ID: text.ID, Key: k, At: text.At, ReceivedAt: text.ReceivedAt, Text: text.Text, Source: store.SourceReview,
			Action: rapid.SampledFrom([]store.Action{store.Release, store.Uphold, store.Retract}).Draw(t, "verdict"),
		}
	}
	return store.Event{
		ID: fmt.Sprint(rapid.IntRange(1, 9).Draw(t, "id")), Key: k, At: moment("at"), ReceivedAt: moment("received"),
		Action: rapid.SampledFrom([]store.Action{
			store.OptOut, store.OptIn, store.Consent, store.Hold, store.Hold, store.Ask,
		}).Draw(t, "action"),
		Source: rapid.SampledFrom([]store.Source{store.SourceKeyword, store.SourceText, ""}).Draw(t, "source"),
	}
}

func (m model) append(t *rapid.T, s *memstore.Store, ev store.Event) {
	if m[ev.Key] == nil {
		m[ev.Key] = rulebook.New(ev.Key)
	}
	got, err := s.Append(t.Context(), ev)
	want, wantErr := m[ev.Key].Append(ev, got.Record.RecordedAt)
	if !errors.Is(err, wantErr) || (err == nil) != (wantErr == nil) || err == nil && got != want {
		t.Fatalf("got  %+v, %v\nwant %+v, %v", got, err, want, wantErr)
	}
}

// agrees compares all reads of an account.
func (m model) agrees(t *rapid.T, s *memstore.Store, account string) {
	var numbers []string
	var waiting []store.Record
	for k, book := range m {
		if k.Account != account {
			continue
		}
		numbers = append(numbers, k.Number)
		if book.State().Status == store.Held {
			waiting = append(waiting, book.Open()...)
		}
		page, err := s.History(t.Context(), store.HistoryQuery{Key: k, Limit: store.MaxLimit})
		if err != nil || !slices.Equal(page.Records, book.Records()) {
			t.Fatalf("History, %v:\n%+v\nwant\n%+v", err, page.Records, book.Records())
		}
	}
	slices.Sort(numbers)
	m.sameStates(t, s, account, numbers)

	slices.SortStableFunc(waiting, func(a, b store.Record) int {
		return cmp.Or(a.ReceivedOrRecorded().Compare(b.ReceivedOrRecorded()), strings.Compare(a.Key.Number, b.Key.Number))
	})
	var got []store.Record
	q := store.ReviewQuery{Account: account, Limit: rapid.IntRange(0, 5).Draw(t, "reviews")}
	for more := true; more; more = q.After != "" {
		page, err := s.Reviews(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		got, q.After = append(got, page.Records...), page.Next
	}
	if !slices.Equal(got, waiting) {
		t.Fatalf("Reviews:\n%+v\nwant\n%+v", got, waiting)
	}
}

func (m model) sameStates(t *rapid.T, s *memstore.Store, account string, numbers []string) {
	all := append(slices.Clone(numbers), "nobody")
	states, err := s.GetBatch(t.Context(), account, all)
	if err != nil {
		t.Fatal(err)
	}
	for i, number := range all {
		k := store.Key{Account: account, Number: number}
		want := store.State{Key: k}
		if m[k] != nil {
			want = m[k].State()
		}
		state, err := s.Get(t.Context(), k)
		if err != nil || state != want || states[i] != want {
			t.Fatalf("Get %+v, %v\nGetBatch %+v\nwant %+v", state, err, states[i], want)
		}
	}
	for _, status := range []store.Status{store.Unknown, store.OptedIn, store.OptedOut, store.Held} {
		want := slices.DeleteFunc(slices.Clone(states), func(state store.State) bool {
			return state.Status == store.Unknown || status != store.Unknown && state.Status != status
		})
		var got []store.State
		q := store.ListQuery{Account: account, Status: status, Limit: rapid.IntRange(0, 5).Draw(t, "list")}
		for more := true; more; more = q.After != "" {
			page, err := s.List(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			got, q.After = append(got, page.States...), page.Next
		}
		if !slices.Equal(got, want) {
			t.Fatalf("List of %v:\n%+v\nwant\n%+v", status, got, want)
		}
	}
}
