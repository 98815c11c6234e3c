package optout_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// watched is a Guard whose observations are kept.
type watched struct {
	*optout.Guard
	mu   sync.Mutex
	seen []optout.Observation
}

func newWatched(t *testing.T, s store.Store) *watched {
	t.Helper()
	w := new(watched)
	observe := func(_ context.Context, o optout.Observation) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.seen = append(w.seen, o)
	}
	w.Guard = guardAt(t, s, optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold, Observe: observe})
	return w
}

// one returns the only observation since the last call, without its duration.
func (w *watched) one(t *testing.T) optout.Observation {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	require.Len(t, w.seen, 1)
	o := w.seen[0]
	w.seen = nil
	require.GreaterOrEqual(t, o.Duration, time.Duration(0))
	require.Less(t, o.Duration, time.Hour)
	o.Duration = 0
	return o
}

func TestEachOperationIsObservedOnce(t *testing.T) {
	w := newWatched(t, memstore.New())
	ctx := t.Context()
	check := func(want optout.Observation) {
		t.Helper()
		got := w.one(t)
		require.Equal(t, want.Err == nil, got.Err == nil)
		if want.Err != nil {
			require.ErrorIs(t, got.Err, want.Err)
			want.Err, got.Err = nil, nil
		}
		require.Equal(t, want, got)
	}

	_, _ = w.Receive(ctx, text("1", "hello", at(1)))
	check(optout.Observation{Operation: optout.OperationReceive, Account: account, Count: 1})
	_, _ = w.Receive(ctx, text("2", "help", at(1)))
	check(optout.Observation{Operation: optout.OperationReceive, Account: account, Intent: keywords.Help, Count: 1})
	_, _ = w.Receive(ctx, text("3", possible, at(1)))
	check(optout.Observation{Operation: optout.OperationReceive, Account: account, Status: store.Held, Count: 1, Changed: 1})
	var held store.Record
	for review, err := range w.Reviews(ctx, account) { // a listing is not observed
		require.NoError(t, err)
		held = review.Record
	}
	_, _ = w.Resolve(ctx, optout.Resolution{Account: account, Review: held, Verdict: optout.VerdictNoRequest, Actor: "ben"})
	check(optout.Observation{Operation: optout.OperationResolve, Account: account, Count: 1, Changed: 1})
	_, _ = w.Gate(ctx, account, contact)
	check(optout.Observation{Operation: optout.OperationGate, Account: account, Reason: optout.ReasonNotOptedOut, Count: 1})
	stop := optout.Observation{
		Operation: optout.OperationReceive, Account: account, Intent: keywords.OptOut, Status: store.OptedOut, Count: 1, Changed: 1,
	}
	for range 2 {
		_, _ = w.Receive(ctx, text("4", "STOP", at(2)))
		check(stop)
		stop.Changed = 0 // delivered again
	}

	_, _ = w.Gate(ctx, account, contact)
	blocked := optout.Observation{
		Operation: optout.OperationGate, Account: account, Status: store.OptedOut, Reason: optout.ReasonOptedOut, Count: 1,
	}
	check(blocked)
	_ = w.Send(ctx, account, contact, func(context.Context, string) error { return nil })
	blocked.Operation, blocked.Err = optout.OperationSend, optout.ErrOptedOut
	check(blocked)
	_, _ = w.GateBatch(ctx, account, []string{contact, "+14155550123", "HELLO"})
	check(optout.Observation{Operation: optout.OperationGateBatch, Account: account, Count: 3, Reasons: map[optout.Reason]int{
		optout.ReasonOptedOut: 1, optout.ReasonNotOptedOut: 1, optout.ReasonInvalidNumber: 1,
	}})
	_, _ = w.RecordConsent(ctx, optout.Request{Account: account, Number: contact})
	check(optout.Observation{
		Operation: optout.OperationRecordConsent, Account: account, Status: store.OptedOut, Count: 1, Err: optout.ErrOptedOut,
	})
	_, _ = w.RecordConsents(ctx, []optout.Request{{Account: account, Number: contact}, {Account: account, Number: "+14155550101"}})
	check(optout.Observation{Operation: optout.OperationRecordConsents, Account: account, Count: 2, Changed: 1, Refused: 1})
	_, _ = w.RecordOptOut(ctx, optout.Request{Account: account, Number: "+14155550102"})
	check(optout.Observation{
		Operation: optout.OperationRecordOptOut, Account: account, Status: store.OptedOut, Count: 1, Changed: 1,
	})
	_, _ = w.RecordOptOuts(ctx, []optout.Request{{Account: account, Number: contact}, {Account: "another", Number: contact}})
	check(optout.Observation{Operation: optout.OperationRecordOptOuts, Count: 2, Changed: 1})
	_, _ = w.RecordOptOuts(ctx, nil)
	check(optout.Observation{Operation: optout.OperationRecordOptOuts})
	mistake := optout.Request{ID: "wrong", Account: account, Number: "+14155550177"}
	_, _ = w.RecordOptOut(ctx, mistake)
	w.one(t)
	undo := optout.Correction{Account: account, Number: mistake.Number, EventID: "wrong", Actor: "anna", Note: "wrong number"}
	_, _ = w.Void(ctx, undo)
	check(optout.Observation{Operation: optout.OperationVoid, Account: account, Count: 1, Changed: 1})
	_, _ = w.VoidAll(ctx, []optout.Correction{undo, {Account: account}})
	check(optout.Observation{Operation: optout.OperationVoidAll, Account: account, Count: 2, Refused: 1})
	_, err := w.Erase(ctx, erasing(mistake.Number))
	require.NoError(t, err)
	check(optout.Observation{Operation: optout.OperationErase, Account: account, Count: 1})

	// Bare digits have three keys, of two contacts, and are one operation.
	_, _ = w.Receive(ctx, optout.Message{ID: "5", Account: account, From: "4155550103", Text: "STOP"})
	stop.Changed = 1
	check(stop)

	_ = w.Send(ctx, account, "+14155550104", func(context.Context, string) error { return nil })
	check(optout.Observation{Operation: optout.OperationSend, Account: account, Reason: optout.ReasonNotOptedOut, Count: 1})
	_ = w.Send(ctx, account, "+14155550104", func(context.Context, string) error { return &optout.RefusedError{OptedOut: true} })
	check(optout.Observation{
		Operation: optout.OperationSend, Account: account, Status: store.OptedOut, Reason: optout.ReasonNotOptedOut, Count: 1, Changed: 1,
		Err: optout.ErrOptedOut,
	})
	_, _ = w.Gate(ctx, "", contact)
	check(optout.Observation{Operation: optout.OperationGate, Reason: optout.ReasonInvalidAccount, Count: 1, Err: optout.ErrInvalidAccount})
	_, _ = w.Gate(ctx, "\xff", contact)
	check(optout.Observation{Operation: optout.OperationGate, Reason: optout.ReasonInvalidAccount, Count: 1, Err: optout.ErrInvalidAccount})
	_, _ = w.With(nil).Gate(ctx, account, contact)
	got := w.one(t)
	require.EqualError(t, got.Err, "optout: the Guard has no store")
}

func TestAnOperationIsAWord(t *testing.T) {
	requireWords[optout.Operation](t, "none", "receive", "gate", "gate-batch", "gate-seq", "send",
		"record-opt-out", "record-opt-outs", "record-consent", "record-consents", "resolve", "void", "void-all", "erase")
	require.Equal(t, "void-all", optout.OperationVoidAll.String())
	require.Equal(t, "erase", optout.OperationErase.String())
}

func TestGateSeqIsObservedByBatch(t *testing.T) {
	const recipients = 2_500
	outage := faultstore.OnIndex(3, nil)
	w := newWatched(t, faultstore.Wrap(memstore.New(), outage))
	numbers := slices.Repeat([]string{contact}, recipients)
	for range optout.GateSeq(t.Context(), w.Guard, account, slices.Values(numbers), func(n string) string { return n }) {
	}
	var counts []int
	for _, o := range w.seen {
		require.Equal(t, optout.OperationGateSeq, o.Operation)
		require.Len(t, o.Reasons, 1)
		counts = append(counts, o.Count)
	}
	require.Equal(t, []int{1_000, 1_000, 500}, counts)
	require.Equal(t, map[optout.Reason]int{optout.ReasonNotOptedOut: 1_000}, w.seen[0].Reasons)
	require.Equal(t, map[optout.Reason]int{optout.ReasonStoreError: 500}, w.seen[2].Reasons)
	require.EqualError(t, w.seen[2].Err, "optout: the store failed")
	require.ErrorIs(t, w.seen[2].Err, faultstore.ErrInjected)
}

// The secrets of the operations below: none of them is in an observation.
var secrets = []string{"4155552671", "4155550", "Stop", "STOP", "pssst", "ben@", "sm-id"}

// everyOperation calls each operation, with good and with bad input. It returns how many
// calls there were.
func everyOperation(ctx context.Context, g *optout.Guard, nasty error) int {
	calls := 0
	for _, from := range []string{"+14155552671", "4155552671", "Stop pssst", "\xff", ""} {
		for i, words := range []string{"STOP", "START", possible, "help", "pssst"} {
			_, _ = g.Receive(ctx, optout.Message{ID: fmt.Sprint("sm-id", i), Account: account, From: from, Text: words})
			_, _ = g.Receive(ctx, optout.Message{ID: fmt.Sprint("sm-id", i), Account: "Stop\x00", From: from, To: from, Text: words})
			calls += 2
		}
		for i := range 2 {
			r := optout.Request{
				ID: fmt.Sprint("sm-id", i), Account: account, Number: from, Actor: "ben@acme.example", Note: "pssst", Text: "pssst",
				Source: store.Source([]string{"", "pssst\x00"}[i]), Day: []string{"", "Stop"}[i],
			}
			_, _ = g.RecordOptOut(ctx, r)
			_, _ = g.RecordConsent(ctx, r)
			_, _ = g.RecordOptOuts(ctx, []optout.Request{r, {Account: account, Number: "+14155552671"}, r})
			_, _ = g.RecordConsents(ctx, []optout.Request{r, {Account: account, Number: "+14155550199"}, r})
			_, _ = g.RecordOptOuts(ctx, []optout.Request{{Account: "Stop\x00", Number: from}})
			c := optout.Correction{Account: account, Number: from, EventID: r.ID, Actor: r.Actor, Note: r.Note}
			_, _ = g.Void(ctx, c)
			_, _ = g.VoidAll(ctx, []optout.Correction{c, {Account: account, Number: from, EventID: "sm-id9", Actor: "ben@", Note: "pssst"}})
			_, _ = g.Erase(ctx, optout.Erasure{Account: []string{account, "Stop\x00"}[i], Number: from, Actor: r.Actor, Note: r.Note})
			calls += 8
		}
		_, _ = g.Gate(ctx, account, from)
		_, _ = g.GateBatch(ctx, account, []string{from, "+14155552671", "+14155550199", "4155552671"})
		for range optout.GateSeq(ctx, g, account, slices.Values([]string{from}), func(n string) string { return n }) {
		}
		calls += 3
		for _, err := range []error{
			nil, nasty, &optout.RefusedError{Provider: "Stop", Code: "+14155552671", OptedOut: true, Err: nasty}, context.Canceled,
			&optout.BlockedError{Decision: optout.Decision{Reason: "Stop"}},
		} {
			_ = g.Send(ctx, account, from, func(context.Context, string) error { return err })
			_ = g.Send(ctx, account, "+14155550199", func(context.Context, string) error { return err })
			calls += 2
		}
		key := store.Key{Account: account, Number: "+14155552671"}
		review := store.Record{Event: store.Event{ID: "sm-id2", Key: key, From: from, Text: possible}}
		_, _ = g.Resolve(ctx, optout.Resolution{Account: account, Review: review, Verdict: optout.VerdictRequest, Actor: "ben@acme.example"})
		_, _ = g.Resolve(ctx, optout.Resolution{Account: account, Review: review})
		calls += 2
	}
	_ = g.Send(ctx, account, "+14155550199", nil)
	return calls + 1
}

// TestNoObservationHoldsWhatWasGiven fails each call of the store once, with errors that quote
// all they can, and looks for the quotes.
func TestNoObservationHoldsWhatWasGiven(t *testing.T) {
	quote := errors.New("pq: duplicate key (acme, +14155552671) already exists: Stop pssst ben@acme.example sm-id1 4155552671")
	nasties := []error{
		quote, fmt.Errorf("%w: %w", store.ErrConflict, quote), fmt.Errorf("%w: %w", store.ErrInvalid, quote),
		fmt.Errorf("%w: %w", store.ErrIDReused, quote), fmt.Errorf("%w: %w", optout.ErrInvalidMessage, quote),
		fmt.Errorf("%w: %w", optout.ErrOptedOut, quote),
	}
	clean := faultstore.Wrap(memstore.New(), nil)
	everyOperation(t.Context(), newWatched(t, clean).Guard, quote)
	require.Greater(t, clean.Calls(), 100)
	words := map[string]bool{}
	for n := 0; n <= clean.Calls(); n += 1 + n/20 {
		for _, inject := range []func(faultstore.Injector) faultstore.Injector{
			func(i faultstore.Injector) faultstore.Injector { return i }, faultstore.After,
		} {
			nasty := nasties[n%len(nasties)]
			w := newWatched(t, faultstore.Wrap(memstore.New(), inject(func(op faultstore.Op) error {
				if op.Index >= n && op.Index < n+2 {
					return nasty
				}
				return nil
			})))
			calls := everyOperation(t.Context(), w.Guard, nasty)
			require.Len(t, w.seen, calls, "once for each operation")
			for _, o := range w.seen {
				data, err := json.Marshal(o)
				require.NoError(t, err)
				shown := fmt.Sprintf("%v %+v %s", o, o, data)
				if o.Err != nil {
					words[o.Err.Error()] = true
					shown += fmt.Sprintf("%v %+v %s %q", o.Err, o.Err, o.Err, o.Err)
				}
				for _, secret := range secrets {
					require.NotContains(t, shown, secret)
				}
				read := optout.Observation{Changed: 7}
				require.NoError(t, json.Unmarshal(data, &read))
				require.Equal(t, o.Err == nil, read.Err == nil)
				if o.Err != nil {
					require.EqualError(t, read.Err, o.Err.Error())
				}
				read.Err, o.Err = nil, nil
				require.Equal(t, o, read)
			}
		}
	}
	for _, word := range []string{
		"optout: the store failed", "optout: sending failed", "optout: opted out", "store: conflict", "store: id reused",
		"optout: invalid message", "optout: invalid account", "optout: no such review", "context canceled",
		"optout: invalid message: Day: no such date, want one such as 2025-03-04",
		"optout: no phone number: empty (0 bytes)",
	} {
		require.True(t, words[word], "no observation says %q: %v", word, words)
	}
}

func TestAPanicOfObserveIsTheCallers(t *testing.T) {
	s := memstore.New()
	g := guardAt(t, s, optout.Options{Observe: func(context.Context, optout.Observation) { panic("the host's") }})
	require.PanicsWithValue(t, "the host's", func() { _, _ = g.Receive(t.Context(), text("1", "STOP", at(1))) })
	require.False(t, allowed(t, guardAt(t, s, optout.Options{}), contact), "the opt-out is stored")
}

// panicking is a store whose calls panic.
type panicking struct{ store.Store }

func TestAnOperationThatPanicsIsNotObserved(t *testing.T) {
	w := newWatched(t, struct {
		panicking
		store.Reviewer
	}{})
	require.Panics(t, func() { _, _ = w.Receive(t.Context(), text("1", "STOP", at(1))) })
	require.Panics(t, func() { _, _ = w.Gate(t.Context(), account, contact) })
	require.Empty(t, w.seen)
}

// bound is a store in a transaction.
type bound struct{ *memstore.Store }

func (bound) TxBound() bool { return true }

func TestAnObservationInATransactionSaysSo(t *testing.T) {
	w := newWatched(t, memstore.New())
	_, err := w.Receive(t.Context(), text("1", "STOP", at(1)))
	require.NoError(t, err)
	require.False(t, w.one(t).InTx)
	_, err = w.With(bound{memstore.New()}).Receive(t.Context(), text("1", "STOP", at(1)))
	require.NoError(t, err)
	require.True(t, w.one(t).InTx)
	_, err = w.With(faultstore.Wrap(bound{memstore.New()}, nil)).GateBatch(t.Context(), account, []string{contact})
	require.NoError(t, err)
	require.True(t, w.one(t).InTx)
}

func TestManyOperationsAreObservedAtOnce(t *testing.T) {
	w := newWatched(t, memstore.New())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				_, _ = w.Gate(t.Context(), account, contact)
			}
		})
	}
	all.Wait()
	require.Len(t, w.seen, 400)
}

// BenchmarkObserve compares a Gate that nobody observes with one that is observed.
func BenchmarkObserve(b *testing.B) {
	for name, observe := range map[string]func(context.Context, optout.Observation){
		"nobody": nil, "func": func(context.Context, optout.Observation) {},
	} {
		g, err := optout.New(memstore.New(), &optout.Options{Observe: observe})
		require.NoError(b, err)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = g.Gate(context.Background(), "acct", "+14155552671")
			}
		})
	}
}
