package memstore_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// anyNumber draws numbers that are packed and others, some alike.
func anyNumber() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`\+[0-9]{1,3}`),
		rapid.StringMatching(`\+1415555[0-9]{2,9}`),
		rapid.SampledFrom([]string{
			"+", "+0", "0", "+1 ", "+1x", "ACME", "acme", "1", "+١", "é", "e\u0301", "*", ",", "+999999999999999", "+9999999999999999",
			strings.Repeat("é", 127), strings.Repeat("1", 255), "+" + strings.Repeat("1", 254),
		}),
	)
}

// TestManyKeysAgreeWithTheModel adds keys of all kinds, so that the store grows,
// between reads of all of them in every way.
func TestManyKeysAgreeWithTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := memstore.New()
		models := map[store.Key]*model{}
		accounts := []string{"a", "acct_4f9a1c", "acct_4f9a1d", strings.Repeat("ä", 100)}
		for round := range rapid.IntRange(1, 4).Draw(t, "rounds") {
			for n := range rapid.IntRange(1, 300).Draw(t, "events") {
				ev := store.Event{
					ID:     fmt.Sprint(round, n%7),
					Key:    store.Key{Account: rapid.SampledFrom(accounts).Draw(t, "account"), Number: anyNumber().Draw(t, "number")},
					Status: anyStatus().Draw(t, "status"),
					Source: rapid.SampledFrom([]store.Source{store.SourceKeyword, store.SourceAgent, ""}).Draw(t, "source"),
				}
				m := models[ev.Key]
				if m == nil {
					m = &model{state: store.State{Key: ev.Key}}
					models[ev.Key] = m
				}
				want, wantErr := m.append(ev)
				got, err := s.Append(t.Context(), ev)
				if err != wantErr || withoutClock(got) != want { //nolint:errorlint // the very one
					t.Fatalf("got %+v, %v\nwant %+v, %v", got, err, want, wantErr)
				}
			}
			for _, account := range accounts {
				agree(t, s, account, models)
			}
		}
	})
}

// agree compares all reads of an account.
func agree(t *rapid.T, s *memstore.Store, account string, models map[store.Key]*model) {
	numbers := []string{"+14155550000000", "nobody", "+2", "+"} // some of which are not there
	for key := range models {
		if key.Account == account {
			numbers = append(numbers, key.Number)
		}
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	states, err := s.GetBatch(t.Context(), account, numbers)
	if err != nil {
		t.Fatal(err)
	}
	var all []store.State
	for i, number := range numbers {
		key := store.Key{Account: account, Number: number}
		state, err := s.Get(t.Context(), key)
		if err != nil || state != states[i] {
			t.Fatalf("Get %+v, %v\nGetBatch %+v", state, err, states[i])
		}
		want := store.State{Key: key}
		if m := models[key]; m != nil && m.state.Status != store.Unknown {
			want = m.state
			all = append(all, state)
		}
		recorded := state.RecordedAt
		if want.RecordedAt = recorded; state != want || recorded.IsZero() != (want.Status == store.Unknown) {
			t.Fatalf("got %+v\nwant %+v", state, want)
		}
	}
	for _, status := range []store.Status{store.Unknown, store.OptedIn, store.OptedOut, store.Held} {
		want := slices.DeleteFunc(slices.Clone(all), func(state store.State) bool { return status != store.Unknown && state.Status != status })
		q := store.ListQuery{Account: account, Status: status, Limit: rapid.IntRange(1, 40).Draw(t, "limit")}
		var got []store.State
		for {
			page, err := s.List(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, page.States...)
			if q.After = page.Next; q.After == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%v: %d states are listed, want %d:\n%+v\n%+v", status, len(got), len(want), got, want)
		}
	}
	for key, m := range maps.All(models) {
		if key.Account != account {
			continue
		}
		page, err := s.History(t.Context(), store.HistoryQuery{Key: key, Limit: 1_000})
		if err != nil || len(page.Events) != len(m.events) {
			t.Fatalf("%d events, %v, want %d", len(page.Events), err, len(m.events))
		}
	}
}
