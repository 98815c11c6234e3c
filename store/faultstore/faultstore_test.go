package faultstore_test

import (
	"context"
	"errors"
	"io"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/chance"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

// bare is a store without the optional interfaces.
type bare struct{ store.Store }

var key = store.Key{Account: "acme", Number: "+14155552671"}

func optOut(id string) store.Event {
	at := time.Date(2024, time.May, 17, 10, 0, 0, 0, time.UTC)
	return store.Event{ID: id, Key: key, Action: store.OptOut, At: at, Source: store.SourceKeyword}
}

// everyCall calls each method once, and returns the errors.
func everyCall(ctx context.Context, s *faultstore.Store) map[faultstore.OpKind]error {
	_, get := s.Get(ctx, key)
	_, appended := s.Append(ctx, optOut("id"))
	_, history := s.History(ctx, store.HistoryQuery{Key: key})
	_, batch := s.GetBatch(ctx, key.Account, []string{key.Number})
	_, list := s.List(ctx, store.ListQuery{Account: key.Account})
	_, reviews := s.Reviews(ctx, store.ReviewQuery{Account: key.Account})
	_, appendedBatch := s.AppendBatch(ctx, []store.Event{optOut("id"), optOut("other")})
	_, count := s.Count(ctx, key.Account)
	_, records := s.GetRecords(ctx, key, "id")
	_, ids := s.EventIDs(ctx, store.IDsQuery{Account: key.Account})
	_, search := s.Search(ctx, store.SearchQuery{Account: key.Account, Prefix: "+1"})
	_, changes := s.Changes(ctx, store.ChangesQuery{Account: key.Account})
	erased := s.Erase(ctx, key, "anna", "asked", optOut("id").At)
	return map[faultstore.OpKind]error{
		faultstore.OpGet: get, faultstore.OpAppend: appended, faultstore.OpHistory: history,
		faultstore.OpGetBatch: batch, faultstore.OpList: list, faultstore.OpReviews: reviews,
		faultstore.OpAppendBatch: appendedBatch, faultstore.OpCount: count, faultstore.OpGetRecords: records,
		faultstore.OpEventIDs: ids, faultstore.OpSearch: search, faultstore.OpChanges: changes,
		faultstore.OpErase: erased,
	}
}

func TestWithoutFaultsItIsTheStore(t *testing.T) {
	opts := &storetest.Options{Seed: chance.Seed(), Brief: true} // memstore has the long form
	storetest.Run(t, func(testing.TB) store.Store { return faultstore.Wrap(memstore.New(), nil) }, opts)
}

// TestWithoutFaultsABareStoreStaysOne skips what List has nothing to answer with, and what a
// batch without a transaction cannot keep.
func TestWithoutFaultsABareStoreStaysOne(t *testing.T) {
	none := faultstore.OnIndex(0, nil)
	const reason = "the wrapped store has no BatchAppender"
	opts := &storetest.Options{Brief: true, Skip: map[string]string{
		"AppendBatchAtomic": reason, "AppendBatchMidway": reason, "AppendBatchInvalid": reason,
	}}
	require.NoError(t, storetest.Check(t.Context(), faultstore.Wrap(bare{memstore.New()}, none), opts))
}

func TestOnKindFailsEveryCallOfTheKind(t *testing.T) {
	for kind := faultstore.OpGet; kind <= faultstore.OpErase; kind++ {
		t.Run(kind.String(), func(t *testing.T) {
			s := faultstore.Wrap(memstore.New(), faultstore.OnKind(kind, io.ErrUnexpectedEOF))
			for range 2 {
				for of, err := range everyCall(t.Context(), s) {
					if of == kind {
						require.Equal(t, io.ErrUnexpectedEOF, err, "as it was given")
					} else {
						require.NoError(t, err, "%v", of)
					}
				}
			}
			require.Equal(t, 26, s.Calls())
		})
	}
}

func TestOnIndexFailsOneCall(t *testing.T) {
	s := faultstore.Wrap(memstore.New(), faultstore.OnIndex(2, nil))
	_, err := s.Get(t.Context(), key)
	require.NoError(t, err)
	_, err = s.Append(t.Context(), optOut("id"))
	require.ErrorIs(t, err, faultstore.ErrInjected)
	state, err := s.Get(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, store.State{Key: key}, state, "nothing was written")
	require.Equal(t, 3, s.Calls())
}

func TestTheInjectorSeesTheCall(t *testing.T) {
	var ops []faultstore.Op
	s := faultstore.Wrap(memstore.New(), func(op faultstore.Op) error {
		ops = append(ops, op)
		return nil
	})
	for kind, err := range everyCall(t.Context(), s) {
		require.NoError(t, err, "%v", kind)
	}
	account := store.Key{Account: key.Account}
	require.Equal(t, []faultstore.Op{
		{Kind: faultstore.OpGet, Index: 1, Key: key},
		{Kind: faultstore.OpAppend, Index: 2, Key: key, Event: optOut("id")},
		{Kind: faultstore.OpHistory, Index: 3, Key: key},
		{Kind: faultstore.OpGetBatch, Index: 4, Key: account},
		{Kind: faultstore.OpList, Index: 5, Key: account},
		{Kind: faultstore.OpReviews, Index: 6, Key: account},
		{Kind: faultstore.OpAppendBatch, Index: 7, Events: []store.Event{optOut("id"), optOut("other")}},
		{Kind: faultstore.OpCount, Index: 8, Key: account},
		{Kind: faultstore.OpGetRecords, Index: 9, Key: key},
		{Kind: faultstore.OpEventIDs, Index: 10, Key: account},
		{Kind: faultstore.OpSearch, Index: 11, Key: account},
		{Kind: faultstore.OpChanges, Index: 12, Key: account},
		{Kind: faultstore.OpErase, Index: 13, Key: key},
	}, ops)
}

// TestABatchOfABareStoreFailsInItsParts: each Append of a batch is a call of its own.
func TestABatchOfABareStoreFailsInItsParts(t *testing.T) {
	s := faultstore.Wrap(bare{memstore.New()}, faultstore.OnIndex(3, nil))
	results, err := s.AppendBatch(t.Context(), []store.Event{optOut("one"), optOut("two")})
	require.ErrorIs(t, err, faultstore.ErrInjected)
	require.Len(t, results, 1)
	page, err := s.History(t.Context(), store.HistoryQuery{Key: key})
	require.NoError(t, err)
	require.Len(t, page.Records, 1, "what was stored stays")

	s = faultstore.Wrap(memstore.New(), faultstore.After(faultstore.OnIndex(1, nil)))
	results, err = s.AppendBatch(t.Context(), []store.Event{optOut("one"), optOut("two")})
	require.ErrorIs(t, err, faultstore.ErrInjected)
	require.Empty(t, results, "the reply is lost")
	page, err = s.History(t.Context(), store.HistoryQuery{Key: key})
	require.NoError(t, err)
	require.Len(t, page.Records, 2)
}

func TestAfterLosesTheReplyOnly(t *testing.T) {
	s := faultstore.Wrap(memstore.New(), faultstore.After(faultstore.OnIndex(1, context.DeadlineExceeded)))
	res, err := s.Append(t.Context(), optOut("id"))
	require.Equal(t, context.DeadlineExceeded, err, "as it was given")
	require.Zero(t, res)

	state, err := s.Get(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, store.OptedOut, state.Status)
	res, err = s.Append(t.Context(), optOut("id"))
	require.NoError(t, err)
	require.True(t, res.Duplicate, "the provider delivers it again")
}

func TestAfterLeavesOtherCallsAlone(t *testing.T) {
	s := faultstore.Wrap(memstore.New(), faultstore.After(faultstore.OnKind(faultstore.OpReviews, nil)))
	for kind, err := range everyCall(t.Context(), s) {
		require.Equal(t, kind == faultstore.OpReviews, err != nil, "%v", kind)
	}
	for kind, err := range everyCall(t.Context(), faultstore.Wrap(memstore.New(), faultstore.After(nil))) {
		require.NoError(t, err, "%v", kind)
	}
}

func TestAfterKeepsItsPlaceInAny(t *testing.T) {
	var outage faultstore.Toggle
	outage.On()
	s := faultstore.Wrap(memstore.New(), faultstore.Any(faultstore.After(faultstore.OnIndex(1, io.EOF)), outage.Inject))
	_, err := s.Append(t.Context(), optOut("id"))
	require.Equal(t, io.EOF, err)
	_, err = s.Append(t.Context(), optOut("other"))
	require.Equal(t, faultstore.ErrInjected, err)
	outage.Off()
	page, err := s.History(t.Context(), store.HistoryQuery{Key: key})
	require.NoError(t, err)
	require.Len(t, page.Records, 1, "the first was stored, the second did not reach the store")
}

func TestAnyIsTheFirstFault(t *testing.T) {
	both := faultstore.Any(
		nil,
		faultstore.OnKind(faultstore.OpGet, io.EOF),
		faultstore.OnIndex(1, io.ErrClosedPipe),
		faultstore.OnIndex(2, nil),
	)
	s := faultstore.Wrap(memstore.New(), both)
	_, err := s.Get(t.Context(), key)
	require.Equal(t, io.EOF, err)
	_, err = s.Append(t.Context(), optOut("id"))
	require.Equal(t, faultstore.ErrInjected, err)
	_, err = s.Append(t.Context(), optOut("id"))
	require.NoError(t, err)
}

func TestAToggleIsAnOutage(t *testing.T) {
	var outage faultstore.Toggle
	s := faultstore.Wrap(memstore.New(), outage.Inject)
	for kind, err := range everyCall(t.Context(), s) {
		require.NoError(t, err, "%v", kind)
	}
	outage.On()
	for kind, err := range everyCall(t.Context(), s) {
		require.Equal(t, faultstore.ErrInjected, err, "%v", kind)
	}
	outage.Off()
	for kind, err := range everyCall(t.Context(), s) {
		require.NoError(t, err, "%v", kind)
	}

	named := faultstore.Toggle{Err: io.EOF}
	named.On()
	require.Equal(t, io.EOF, named.Inject(faultstore.Op{}))
}

// TestNothingGoesPastTheInjector looks for the wrapped store's own interfaces.
func TestNothingGoesPastTheInjector(t *testing.T) {
	s := faultstore.Wrap(memstore.New(), faultstore.OnKind(faultstore.OpGetBatch, nil))
	_, ok := store.As[*memstore.Store](s)
	require.False(t, ok)
	_, ok = store.As[store.Unwrapper](s)
	require.False(t, ok)
	for _, wrapped := range []store.Store{memstore.New(), bare{memstore.New()}} {
		var outage faultstore.Toggle
		outage.On()
		s := faultstore.Wrap(wrapped, outage.Inject)
		b, ok := store.As[store.BatchGetter](s)
		require.True(t, ok)
		_, err := b.GetBatch(t.Context(), key.Account, []string{key.Number})
		require.ErrorIs(t, err, faultstore.ErrInjected)
		_, err = store.GetBatch(t.Context(), s, key.Account, nil)
		require.ErrorIs(t, err, faultstore.ErrInjected)
		_, err = store.List(t.Context(), s, store.ListQuery{Account: key.Account})
		require.ErrorIs(t, err, faultstore.ErrInjected)
		_, err = store.Reviews(t.Context(), s, store.ReviewQuery{Account: key.Account})
		require.ErrorIs(t, err, faultstore.ErrInjected)
		_, err = store.Count(t.Context(), s, key.Account)
		require.ErrorIs(t, err, faultstore.ErrInjected)
		_, err = store.GetRecords(t.Context(), s, key, "id")
		require.ErrorIs(t, err, faultstore.ErrInjected)
		_, err = store.EventIDs(t.Context(), s, store.IDsQuery{Account: key.Account})
		require.ErrorIs(t, err, faultstore.ErrInjected)
		_, err = store.Search(t.Context(), s, store.SearchQuery{Account: key.Account, Prefix: "+1"})
		require.ErrorIs(t, err, faultstore.ErrInjected)
		_, err = store.Changes(t.Context(), s, store.ChangesQuery{Account: key.Account})
		require.ErrorIs(t, err, faultstore.ErrInjected)
	}
}

func TestWhatABareStoreLacks(t *testing.T) {
	s := faultstore.Wrap(bare{memstore.New()}, faultstore.OnIndex(6, nil))
	_, err := s.List(t.Context(), store.ListQuery{Account: key.Account})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = s.Reviews(t.Context(), store.ReviewQuery{Account: key.Account})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = s.EventIDs(t.Context(), store.IDsQuery{Account: key.Account})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = faultstore.Wrap(bare{memstore.New()}, nil).Count(t.Context(), key.Account)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = faultstore.Wrap(bare{memstore.New()}, nil).Search(t.Context(), store.SearchQuery{Account: key.Account, Prefix: "+1"})
	require.ErrorIs(t, err, errors.ErrUnsupported)

	// The fourth call is GetBatch, the fifth its first Get, the sixth its second.
	numbers := []string{key.Number, "+14155552672", key.Number}
	_, err = s.GetBatch(t.Context(), key.Account, numbers)
	require.ErrorIs(t, err, faultstore.ErrInjected)
	require.Equal(t, 6, s.Calls())

	states, err := s.GetBatch(t.Context(), key.Account, numbers)
	require.NoError(t, err)
	require.Len(t, states, len(numbers))
	require.Equal(t, 10, s.Calls())
}

func TestWithoutAStoreEveryCallFails(t *testing.T) {
	for kind, err := range everyCall(t.Context(), faultstore.Wrap(nil, nil)) {
		require.EqualError(t, err, "faultstore: no store is wrapped", "%v", kind)
	}
	for kind, err := range everyCall(t.Context(), faultstore.Wrap(nil, faultstore.After(faultstore.OnIndex(1, nil)))) {
		require.Error(t, err, "%v", kind)
	}
}

// TestAnOutageInTheMiddleLosesNothing appends from many goroutines, each until
// it had an answer, while the store comes and goes.
func TestAnOutageInTheMiddleLosesNothing(t *testing.T) {
	const workers, events = 8, 50
	var outage faultstore.Toggle
	flaky := func(op faultstore.Op) error {
		switch op.Index % 7 {
		case 3:
			outage.On()
		case 5:
			outage.Off()
		}
		return nil
	}
	lost := faultstore.After(func(op faultstore.Op) error {
		if op.Index%7 == 6 {
			return io.EOF
		}
		return nil
	})
	mem := memstore.New()
	s := faultstore.Wrap(mem, faultstore.Any(flaky, lost, outage.Inject))
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Go(func() {
			for n := range events {
				ev := optOut(strconv.Itoa(worker) + "-" + strconv.Itoa(n))
				for {
					if _, err := s.Append(t.Context(), ev); err == nil {
						break
					}
				}
			}
		})
	}
	wg.Wait()
	page, err := mem.History(t.Context(), store.HistoryQuery{Key: key, Limit: store.MaxLimit})
	require.NoError(t, err)
	require.Len(t, page.Records, workers*events, "each is stored once")
	require.Greater(t, s.Calls(), workers*events)
}

func TestKindsHaveNames(t *testing.T) {
	require.Equal(t, "Get", faultstore.OpGet.String())
	require.Equal(t, "AppendBatch", faultstore.OpAppendBatch.String())
	require.Equal(t, "EventIDs", faultstore.OpEventIDs.String())
	require.Equal(t, "Search", faultstore.OpSearch.String())
	require.Equal(t, "Changes", faultstore.OpChanges.String())
	require.Equal(t, "OpKind(99)", faultstore.OpKind(99).String())
	require.Equal(t, "Erase", faultstore.OpErase.String())
	require.Equal(t, "OpKind(0)", faultstore.OpKind(0).String())
}

// TestTheRecordsOfABareStoreAreItsHistory: each page is a call of its own.
func TestTheRecordsOfABareStoreAreItsHistory(t *testing.T) {
	s := faultstore.Wrap(bare{memstore.New()}, faultstore.OnIndex(5, nil))
	_, err := s.Append(t.Context(), optOut("id"))
	require.NoError(t, err)
	records, err := s.GetRecords(t.Context(), key, "id") // the second call, and its page the third
	require.NoError(t, err)
	require.Len(t, records, 1)
	_, err = s.GetRecords(t.Context(), key, "id")
	require.ErrorIs(t, err, faultstore.ErrInjected)
	require.Equal(t, 5, s.Calls())
}

// inTx is a store in a transaction.
type inTx struct{ store.Store }

func (inTx) TxBound() bool { return true }

func TestAWrappedTransactionSaysSo(t *testing.T) {
	s := faultstore.Wrap(inTx{memstore.New()}, faultstore.Any(faultstore.OnIndex(1, nil)))
	require.True(t, store.InTx(s))
	require.Zero(t, s.Calls())
	require.False(t, store.InTx(faultstore.Wrap(memstore.New(), nil)))
	require.False(t, store.InTx(faultstore.Wrap(nil, nil)))
}
