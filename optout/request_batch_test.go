package optout_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// bareStore is a store without the optional interfaces.
type bareStore struct{ store.Store }

// recordAll records requests one by one.
func recordAll(
	t require.TestingT, one func(context.Context, optout.Request) (optout.Outcome, error), rs []optout.Request,
) []optout.Outcome {
	outs := make([]optout.Outcome, len(rs))
	for i, r := range rs {
		outs[i], outs[i].Err = one(context.Background(), r)
		if outs[i].Err != nil {
			require.True(t, optout.Permanent(outs[i].Err) || errors.Is(outs[i].Err, optout.ErrOptedOut), "%v", outs[i].Err)
		}
	}
	return outs
}

// alike makes outcomes comparable: of times of recording and of errors only their text.
func alike(outs []optout.Outcome) []string {
	var all []string
	for _, out := range outs {
		err := fmt.Sprint(out.Err)
		out.State.RecordedAt, out.Err = time.Time{}, nil
		all = append(all, fmt.Sprintf("%+v %s", out, err))
	}
	return all
}

// records returns all that a store has of some numbers, in the order of recording.
func records(t require.TestingT, s store.Store, numbers []string) []store.Record {
	var all []store.Record
	for _, number := range numbers {
		q := store.HistoryQuery{Key: store.Key{Account: account, Number: number}, Limit: store.MaxLimit}
		page, err := s.History(context.Background(), q)
		require.NoError(t, err)
		all = append(all, page.Records...)
	}
	slices.SortFunc(all, func(a, b store.Record) int { return a.RecordedAt.Compare(b.RecordedAt) })
	return all
}

// kept is records of each number, without the times of recording.
func kept(t require.TestingT, s store.Store, numbers []string) map[string][]string {
	all := map[string][]string{}
	for _, r := range records(t, s, numbers) {
		r.RecordedAt = time.Time{}
		all[r.Key.Number] = append(all[r.Key.Number], fmt.Sprintf("%+v", r))
	}
	return all
}

// TestABatchOfRequestsIsThatOfALoop compares RecordOptOuts and RecordConsents with
// RecordOptOut and RecordConsent, one by one, after any messages.
func TestABatchOfRequestsIsThatOfALoop(t *testing.T) {
	spellings := append([]string{""}, slices.Concat(contacts...)...) // no message is from nobody
	spellings = append(spellings, "nobody", "+16581234567", "whatsapp:"+contact)
	rapid.Check(t, func(t *rapid.T) {
		opts := optout.Options{
			DefaultRegion: rapid.SampledFrom(regions).Draw(t, "region"), Texts: optout.PolicyHold,
			Now: func() time.Time { return noon.Add(24 * time.Hour) },
		}
		stores := []store.Store{memstore.New(), memstore.New(), memstore.New()}
		guards := make([]*optout.Guard, 3)
		for i, s := range stores {
			var err error
			guards[i], err = optout.New(s, &opts)
			require.NoError(t, err)
		}
		guards[2] = guards[2].With(bareStore{stores[2]})
		reader, err := number.New(opts.DefaultRegion)
		require.NoError(t, err)
		var keys []string
		for _, spelling := range spellings {
			n := reader.Read(spelling)
			keys = n.AppendKeys(keys)
		}
		slices.Sort(keys)
		keys = slices.Compact(keys)
		for n := range rapid.IntRange(0, 8).Draw(t, "messages") {
			m := optout.Message{
				ID: fmt.Sprint("m", n), Account: account, From: rapid.SampledFrom(spellings[1:]).Draw(t, "from"), To: ours,
				Text: rapid.SampledFrom([]string{"START", "START", "STOP", "please stop texting me"}).Draw(t, "text"),
			}
			if minute := rapid.IntRange(-1, 9).Draw(t, "sent"); minute >= 0 {
				m.At = at(minute)
			}
			_, err := guards[0].Receive(context.Background(), m)
			require.NoError(t, err)
		}
		for _, r := range records(t, stores[0], keys) { // a START takes back several texts in any order
			for _, s := range stores[1:] {
				_, err := s.Append(context.Background(), r.Event)
				require.NoError(t, err)
			}
		}
		for range 3 {
			rs := make([]optout.Request, rapid.IntRange(0, 8).Draw(t, "requests"))
			for i := range rs {
				rs[i] = optout.Request{
					ID:      fmt.Sprint(rapid.IntRange(0, 12).Draw(t, "id")),
					Account: rapid.SampledFrom([]string{account, account, account, account, ""}).Draw(t, "account"),
					Number:  rapid.SampledFrom(spellings).Draw(t, "number"), Source: store.SourceImport,
				}
				switch minute := rapid.IntRange(-2, 9).Draw(t, "acted"); minute {
				case -2:
					rs[i].Day = rapid.SampledFrom([]string{"2024-01-31", "31.1.2024"}).Draw(t, "day")
				case -1:
				default:
					rs[i].At = at(minute)
				}
			}
			var want []optout.Outcome
			consents := rapid.Bool().Draw(t, "consents")
			for i, g := range guards {
				one, many := g.RecordOptOut, g.RecordOptOuts
				if consents {
					one, many = g.RecordConsent, g.RecordConsents
				}
				if i == 0 {
					want = recordAll(t, one, rs)
					continue
				}
				got, err := many(context.Background(), rs)
				require.NoError(t, err)
				for n := range got { // what a later opt-out of the same contact has done may be told already
					same := func(r optout.Request) bool { return sameContact(reader, r, rs[n]) }
					if got[n].State != want[n].State && slices.ContainsFunc(rs[n+1:], same) {
						got[n].State, got[n].Superseded = want[n].State, want[n].Superseded
					}
				}
				require.Equal(t, alike(want), alike(got), "%+v", rs)
				require.Equal(t, kept(t, stores[0], keys), kept(t, stores[i], keys), "%+v", rs)
			}
		}
	})
}

// sameContact reports whether the numbers of two requests can be confused with each other.
func sameContact(reader *number.Reader, a, b optout.Request) bool {
	first, second := reader.Read(a.Number), reader.Read(b.Number)
	return slices.ContainsFunc(first.AppendKeys(nil), func(key string) bool { return slices.Contains(second.AppendKeys(nil), key) })
}

func TestABatchOfRequestsRefusesEachForItself(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", RequireOptIn: true})
	outs, err := g.RecordOptOuts(t.Context(), []optout.Request{
		{Account: account, Number: contact, Day: "04/03/2025"},
		{Account: "", Number: contact},
		{Account: account, Number: strings.Repeat("x", 300)},
		{Account: account, Number: "(415) 555-2671", Source: "list\x00"},
		{Account: account, Number: "Number", ID: "row 1"},
		{Account: account, Number: "(415) 555-2672", ID: "row 2"},
	})
	require.NoError(t, err)
	invalid := optout.ErrInvalidMessage
	for i, want := range []error{invalid, optout.ErrInvalidAccount, invalid, invalid, nil, nil} {
		require.ErrorIs(t, outs[i].Err, want, "request %d", i)
		require.Equal(t, want == nil, outs[i].Changed, "request %d", i)
	}
	require.True(t, outs[4].NoNumber)

	outs, err = g.RecordConsents(t.Context(), []optout.Request{
		{Account: account, Number: "+14155552672"}, {Account: account, Number: contact}, {Account: account, Number: "Number"},
	})
	require.NoError(t, err)
	require.ErrorIs(t, outs[0].Err, optout.ErrOptedOut)
	require.NoError(t, outs[1].Err)
	require.ErrorIs(t, outs[2].Err, optout.ErrInvalidNumber)
	require.True(t, allowed(t, g, contact))
}

func TestABatchOfRequestsThatFailsRecordsNothing(t *testing.T) {
	rs := []optout.Request{
		{Account: account, Number: contact, ID: "row 1"},
		{Account: account, Number: twoReadings, ID: "row 2"},
		{Account: account, Number: "+14155552672", ID: "row 3"},
	}
	s := memstore.New()
	for n := 1; n <= 2; n++ {
		g := guardAt(t, faultstore.Wrap(s, faultstore.OnIndex(n, nil)), optout.Options{DefaultRegion: "US"})
		outs, err := g.RecordOptOuts(t.Context(), rs)
		require.ErrorIs(t, err, faultstore.ErrInjected)
		require.Empty(t, outs)
		outs, err = g.With(faultstore.Wrap(s, faultstore.OnIndex(n, nil))).RecordConsents(t.Context(), rs)
		require.ErrorIs(t, err, faultstore.ErrInjected)
		require.Empty(t, outs)
		page, err := s.List(t.Context(), store.ListQuery{Account: account})
		require.NoError(t, err)
		require.Empty(t, page.States)
	}
	lost := faultstore.Wrap(s, faultstore.After(faultstore.OnKind(faultstore.OpAppendBatch, nil)))
	g := guardAt(t, lost, optout.Options{DefaultRegion: "US"})
	_, err := g.RecordOptOuts(t.Context(), rs)
	require.ErrorIs(t, err, faultstore.ErrInjected, "recorded, and the reply is lost")
	outs, err := g.With(s).RecordOptOuts(t.Context(), rs)
	require.NoError(t, err)
	for _, out := range outs {
		require.True(t, out.Duplicate)
		require.False(t, out.Changed)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, many := range []func(context.Context, []optout.Request) ([]optout.Outcome, error){g.RecordOptOuts, g.RecordConsents} {
		_, err = many(ctx, nil)
		require.ErrorIs(t, err, context.Canceled)
	}
	for _, closed := range []*optout.Guard{nil, new(optout.Guard), g.With(nil)} {
		_, err = closed.RecordOptOuts(t.Context(), rs)
		require.Error(t, err)
		_, err = closed.RecordConsents(t.Context(), nil)
		require.Error(t, err)
	}
}

// wrongBatch answers batches with what was not asked for.
type wrongBatch struct {
	*memstore.Store

	change func([]store.Result) []store.Result
}

func (w wrongBatch) AppendBatch(ctx context.Context, events []store.Event) ([]store.Result, error) {
	results, err := w.Store.AppendBatch(ctx, events)
	return w.change(results), err
}

func TestABatchThatIsAnsweredWrongIsAnError(t *testing.T) {
	rs := []optout.Request{{Account: account, Number: contact}, {Account: account, Number: "+14155552672"}}
	for _, change := range []func([]store.Result) []store.Result{
		func([]store.Result) []store.Result { return nil },
		func(results []store.Result) []store.Result { return results[1:] },
		func(results []store.Result) []store.Result { slices.Reverse(results); return results },
		func(results []store.Result) []store.Result { return make([]store.Result, len(results)) },
	} {
		g := guardAt(t, wrongBatch{memstore.New(), change}, optout.Options{})
		_, err := g.RecordOptOuts(t.Context(), rs)
		require.Error(t, err)
		_, err = g.RecordConsents(t.Context(), rs)
		require.Error(t, err)
	}
}
