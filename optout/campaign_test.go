package optout_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/mock/gomock"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/internal/mocks"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func TestABatchThatIsTooShortFailsClosed(t *testing.T) {
	ctrl := gomock.NewController(t)
	s := struct {
		*mocks.MockStore
		*mocks.MockBatchGetter
	}{mocks.NewMockStore(ctrl), mocks.NewMockBatchGetter(ctrl)}
	one := store.State{Key: store.Key{Account: account, Number: contact}}
	other := store.State{Key: store.Key{Account: account, Number: "+442079460018"}}
	g, err := optout.New(s, nil)
	require.NoError(t, err)
	for name, states := range map[string][]store.State{
		"short": {one}, "long": {one, other, one}, "turned round": {other, one}, "empty": {},
	} {
		s.MockBatchGetter.EXPECT().GetBatch(gomock.Any(), account, []string{contact, "+442079460018"}).Return(states, nil)
		batch, err := g.GateBatch(t.Context(), account, []string{contact, "+442079460018"})
		require.Error(t, err, name)
		require.Equal(t, []optout.Decision{{Reason: optout.ReasonStoreError}, {Reason: optout.ReasonStoreError}}, batch, name)
	}
}

func TestGateBatchKeepsOrderAndLength(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	receive(t, g, text("m1", "STOP", at(1)))
	_, err := g.Receive(t.Context(), optout.Message{Account: account, From: "MyBrand", Text: "STOP"})
	require.NoError(t, err)
	_, err = g.Receive(t.Context(), optout.Message{Account: account, From: "+442079460018", Text: "START"})
	require.NoError(t, err)

	numbers := []string{"hello", contact, "+16502530000", "(415) 555-2671", "MyBrand", "", "020 7946 0018", "+442079460018", contact}
	reasons := make([]optout.Reason, 0, len(numbers))
	batch, err := g.GateBatch(t.Context(), account, numbers)
	require.NoError(t, err)
	for i, d := range batch {
		reasons = append(reasons, d.Reason)
		one, _ := g.Gate(t.Context(), account, numbers[i])
		require.Equal(t, one, d, "as Gate answers")
	}
	require.Equal(t, []optout.Reason{
		optout.ReasonInvalidNumber, optout.ReasonOptedOut, optout.ReasonNotOptedOut, optout.ReasonOptedOut, optout.ReasonOptedOut,
		optout.ReasonInvalidNumber, optout.ReasonInvalidNumber, optout.ReasonOptedIn, optout.ReasonOptedOut,
	}, reasons)

	empty, err := g.GateBatch(t.Context(), account, nil)
	require.NoError(t, err)
	require.Empty(t, empty)
}

// failingLater answers so many batches, and then fails.
type failingLater struct {
	*memstore.Store
	batches int
	sizes   []int
}

func (s *failingLater) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	s.sizes = append(s.sizes, len(numbers))
	if s.batches--; s.batches < 0 {
		return nil, errors.New("the database is away")
	}
	return s.Store.GetBatch(ctx, account, numbers)
}

func TestAGateBatchOfManyNumbersIsAskedInParts(t *testing.T) {
	numbers := make([]string, 10_000)
	for i := range numbers {
		switch i % 5 {
		case 0:
			numbers[i] = "hello" // a key, and no number
		case 1:
			numbers[i] = "6581234567" // two keys
		case 2:
			numbers[i] = "" // no key
		default:
			numbers[i] = fmt.Sprintf("+1415%07d", 2_000_000+i)
		}
	}
	s := &failingLater{Store: memstore.New(), batches: 3}
	g := guardAt(t, s, optout.Options{DefaultRegion: "IN"})
	for i, number := range []string{numbers[3], numbers[9_999], "+6581234567"} {
		_, err := g.RecordOptOut(t.Context(), optout.Request{ID: fmt.Sprint(i), Account: account, Number: number, Source: store.SourceAgent})
		require.NoError(t, err)
	}
	batch, err := g.GateBatch(t.Context(), account, numbers)
	require.NoError(t, err)
	require.Len(t, batch, len(numbers))
	require.Len(t, s.sizes, 3)
	s.batches = len(numbers) // for a number that has two keys
	for i := 0; i < len(numbers); i += 7 {
		one, _ := g.Gate(t.Context(), account, numbers[i])
		require.Equal(t, one, batch[i], i)
	}
	require.Equal(t, optout.ReasonOptedOut, batch[3].Reason)
	require.Equal(t, optout.ReasonOptedOut, batch[9_999].Reason)
	require.Equal(t, optout.ReasonOptedOut, batch[9_996].Reason)

	s.batches = 2
	batch, err = g.GateBatch(t.Context(), account, numbers)
	require.Error(t, err)
	require.Len(t, batch, len(numbers))
	for _, d := range batch {
		require.Equal(t, optout.Decision{Reason: optout.ReasonStoreError}, d, "what was allowed before the error is not")
	}
}

type recipient struct {
	name, phone string
}

func phoneOf(r recipient) string { return r.phone }

// spelled returns a spelling of a number, or a text that is no number.
func spelled(i int) string {
	switch i % 7 {
	case 0:
		return fmt.Sprintf("(415) 555-%04d", i%10_000)
	case 1:
		return fmt.Sprintf("1415555%04d", i%10_000)
	case 2:
		return "nobody"
	case 3:
		return ""
	default:
		return fmt.Sprintf("+1415555%04d", i%10_000)
	}
}

func TestGateSeqAnswersWhatGateAnswersInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US", RequireOptIn: rapid.Bool().Draw(t, "requireOptIn")})
		require.NoError(t, err)
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, 3_000), 0, 20).Draw(t, "optedOut") {
			_, err := guard.RecordOptOut(context.Background(), optout.Request{Account: "acme", Number: fmt.Sprintf("+1415555%04d", i)})
			require.NoError(t, err)
		}
		n := rapid.SampledFrom([]int{0, 1, 2, 999, 1_000, 1_001, 2_000, 2_500}).Draw(t, "recipients")
		people := make([]recipient, n)
		for i := range people {
			people[i] = recipient{name: fmt.Sprint(i), phone: spelled(i)}
		}
		seen := 0
		for f, err := range optout.GateSeq(context.Background(), guard, "acme", slices.Values(people), phoneOf) {
			require.NoError(t, err)
			require.Equal(t, people[seen], f.Recipient)
			d, err := guard.Gate(context.Background(), "acme", f.Recipient.phone)
			require.Equal(t, errors.Is(err, optout.ErrInvalidNumber), d.Reason == optout.ReasonInvalidNumber)
			require.Equal(t, d, f.Decision)
			seen++
		}
		require.Equal(t, n, seen)
	})
}

func TestGateSeqTakesNoMoreThanABatchAhead(t *testing.T) {
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	taken, seen := 0, 0
	endless := func(yield func(recipient) bool) {
		for yield(recipient{phone: "+14155550123"}) {
			taken++
		}
	}
	for _, err := range optout.GateSeq(t.Context(), guard, "acme", iter.Seq[recipient](endless), phoneOf) {
		require.NoError(t, err)
		if seen++; seen == 1_500 {
			break
		}
	}
	require.LessOrEqual(t, taken, 2_000)
}

func TestGateSeqEndsWithTheErrorOfTheStore(t *testing.T) {
	down := errors.New("the database is away")
	outage := faultstore.Toggle{Err: down}
	guard, err := optout.New(faultstore.Wrap(memstore.New(), outage.Inject), nil)
	require.NoError(t, err)
	seen, errs := 0, 0
	people := slices.Repeat([]recipient{{phone: "+14155550123"}}, 3_000)
	for f, err := range optout.GateSeq(t.Context(), guard, "acme", slices.Values(people), phoneOf) {
		if err != nil {
			require.ErrorIs(t, err, down)
			require.Zero(t, f)
			errs++
			continue
		}
		require.True(t, f.Decision.Allowed)
		if seen++; seen == 1_000 {
			outage.On()
		}
	}
	require.Equal(t, 1_000, seen)
	require.Equal(t, 1, errs)
}

func TestGateSeqFailsClosed(t *testing.T) {
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	one := slices.Values([]recipient{{phone: "+14155550123"}})
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for f, err := range optout.GateSeq(cancelled, guard, "acme", one, phoneOf) {
		require.ErrorIs(t, err, context.Canceled)
		require.Zero(t, f)
	}
	for name, c := range map[string]struct {
		guard   *optout.Guard
		account string
		people  iter.Seq[recipient]
		number  func(recipient) string
		want    error
	}{
		"no account":    {guard, "", one, phoneOf, optout.ErrInvalidAccount},
		"no guard":      {nil, "acme", one, phoneOf, nil},
		"no store":      {guard.With(nil), "acme", one, phoneOf, nil},
		"no recipients": {guard, "acme", nil, phoneOf, nil},
		"no number":     {guard, "acme", one, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			yields := 0
			for f, err := range optout.GateSeq(t.Context(), c.guard, c.account, c.people, c.number) {
				require.Error(t, err)
				require.Zero(t, f)
				if c.want != nil {
					require.ErrorIs(t, err, c.want)
				}
				yields++
			}
			require.Equal(t, 1, yields)
		})
	}
}

// A batch that a store answers in another order, or too short, lets nobody pass.
func TestGateSeqTrustsNoWrongAnswer(t *testing.T) {
	guard, err := optout.New(wrongOrder{memstore.New()}, nil)
	require.NoError(t, err)
	people := []recipient{{phone: "+14155550123"}, {phone: "+14155550124"}}
	for f, err := range optout.GateSeq(t.Context(), guard, "acme", slices.Values(people), phoneOf) {
		require.Error(t, err)
		require.False(t, f.Decision.Allowed)
	}
}

type wrongOrder struct{ store.Store }

func (w wrongOrder) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	states, err := store.GetBatch(ctx, w.Store, account, numbers)
	slices.Reverse(states)
	return states, err
}
