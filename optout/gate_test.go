package optout_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/mock/gomock"

	"github.com/seed-f10031e4/consent/internal/mocks"
	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func TestTheGateFailsClosed(t *testing.T) {
	key := store.Key{Account: account, Number: contact}
	down := errors.New("the database is away")
	for name, c := range map[string]struct {
		state store.State
		err   error
	}{
		"an error":                  {store.State{Key: key}, down},
		"a timeout":                 {store.State{Key: key}, context.DeadlineExceeded},
		"the state of another key":  {store.State{Key: store.Key{Account: account, Number: contact + "0"}}, nil},
		"another account's":         {store.State{Key: store.Key{Account: "b", Number: contact}}, nil},
		"no key":                    {store.State{}, nil},
		"a status not known here":   {store.State{Key: key, Status: 4}, nil},
		"the last status":           {store.State{Key: key, Status: 255}, nil},
		"an opt-in of another key":  {store.State{Key: store.Key{Account: account, Number: "+1"}, Status: store.OptedIn}, nil},
		"an error beside an opt-in": {store.State{Key: key, Status: store.OptedIn}, down},
	} {
		t.Run(name, func(t *testing.T) {
			s := mocks.NewMockStore(gomock.NewController(t))
			s.EXPECT().Get(gomock.Any(), gomock.Any()).Return(c.state, c.err).AnyTimes()
			g, err := optout.New(s, nil)
			require.NoError(t, err)
			d, err := g.Gate(t.Context(), account, contact)
			require.Error(t, err)
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
			}
			require.Equal(t, optout.Decision{Reason: optout.ReasonStoreError}, d)

			batch, err := g.GateBatch(t.Context(), account, []string{contact, contact, "MyBrand"})
			require.Error(t, err)
			require.Equal(t, []optout.Decision{{Reason: optout.ReasonStoreError}, {Reason: optout.ReasonStoreError}, {Reason: optout.ReasonStoreError}}, batch)

			err = g.Send(t.Context(), account, contact, func(context.Context, string) error {
				t.Error("sent")
				return nil
			})
			var blocked *optout.BlockedError
			require.ErrorAs(t, err, &blocked)
			require.Equal(t, optout.ReasonStoreError, blocked.Reason)
			require.NotErrorIs(t, err, optout.ErrOptedOut)
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
			}
			require.EqualError(t, err, "optout: not sent: store_error")
		})
	}
}

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

func TestACancelledContextIsNotAllowed(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := mocks.NewMockStore(gomock.NewController(t))
	g, err := optout.New(s, nil)
	require.NoError(t, err)
	d, err := g.Gate(ctx, account, contact)
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, d.Allowed)
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

func TestSend(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	var sent []string
	refusal := errors.New("provider: no credit")
	send := func(_ context.Context, to string) error {
		sent = append(sent, to)
		return nil
	}
	require.NoError(t, g.Send(t.Context(), account, "(415) 555-2671", send))
	require.Equal(t, []string{contact}, sent, "the gated number")
	require.Equal(t, refusal, g.Send(t.Context(), account, contact, func(context.Context, string) error { return refusal }))

	receive(t, g, text("m1", "STOP", at(1)))
	err := g.Send(t.Context(), account, "(415) 555-2671", send)
	require.ErrorIs(t, err, optout.ErrOptedOut)
	require.EqualError(t, err, "optout: not sent: opted_out")
	var blocked *optout.BlockedError
	require.ErrorAs(t, err, &blocked)
	require.Equal(t, optout.ReasonOptedOut, blocked.Reason)
	require.Equal(t, "m1", blocked.State.EventID)

	err = g.Send(t.Context(), account, "MyBrand", send)
	require.ErrorIs(t, err, optout.ErrInvalidNumber)
	require.EqualError(t, err, "optout: not sent: invalid_number")
	err = g.Send(t.Context(), "", contact, send)
	require.ErrorIs(t, err, optout.ErrInvalidAccount)
	require.EqualError(t, err, "optout: not sent: invalid_account")
	require.Error(t, g.Send(t.Context(), account, contact, nil))

	strict := guardAt(t, memstore.New(), optout.Options{RequireOptIn: true})
	err = strict.Send(t.Context(), account, contact, send)
	require.EqualError(t, err, "optout: not sent: no_consent")
	require.NotErrorIs(t, err, optout.ErrOptedOut)
	require.Len(t, sent, 1)
}

func TestBadAccounts(t *testing.T) {
	g, err := optout.New(mocks.NewMockStore(gomock.NewController(t)), nil)
	require.NoError(t, err)
	for _, bad := range []string{"", strings.Repeat("a", 256), "\xff", "a\x00b"} {
		d, err := g.Gate(t.Context(), bad, contact)
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		require.Equal(t, optout.Decision{Reason: optout.ReasonInvalidAccount}, d)
		batch, err := g.GateBatch(t.Context(), bad, []string{contact})
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		require.Equal(t, []optout.Decision{d}, batch)
		_, err = g.RecordOptOut(t.Context(), optout.Request{Account: bad, Number: contact})
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		_, err = g.RecordConsent(t.Context(), optout.Request{Account: bad, Number: contact})
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		for _, err := range g.OptedOut(t.Context(), bad) {
			require.ErrorIs(t, err, optout.ErrInvalidAccount)
		}
		for _, err := range g.History(t.Context(), bad, contact) {
			require.ErrorIs(t, err, optout.ErrInvalidAccount)
		}
	}
}

func TestAGuardWithoutAStoreFailsClosed(t *testing.T) {
	made, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	var typedNil *memstore.Store
	for name, g := range map[string]*optout.Guard{
		"With(nil)": made.With(nil), "With a nil pointer": made.With(typedNil), "the zero Guard": {}, "a nil Guard": nil,
		"the zero Guard's With(nil)": (&optout.Guard{}).With(nil),
	} {
		t.Run(name, func(t *testing.T) {
			d, err := g.Gate(t.Context(), account, contact)
			require.Error(t, err)
			require.False(t, d.Allowed)
			batch, err := g.GateBatch(t.Context(), account, []string{contact})
			require.Error(t, err)
			require.False(t, batch[0].Allowed)
			out, err := g.Receive(t.Context(), text("m1", "STOP", noon))
			require.Error(t, err)
			require.Equal(t, keywords.OptOut, out.Match.Intent)
			require.Empty(t, out.Reply)
			_, err = g.RecordOptOut(t.Context(), optout.Request{Account: account, Number: contact})
			require.Error(t, err)
			_, err = g.RecordConsent(t.Context(), optout.Request{Account: account, Number: contact})
			require.Error(t, err)
			for _, err := range g.OptedOut(t.Context(), account) {
				require.Error(t, err)
			}
			for _, err := range g.History(t.Context(), account, contact) {
				require.Error(t, err)
			}
			require.Error(t, g.Send(t.Context(), account, contact, func(context.Context, string) error {
				t.Error("sent")
				return nil
			}))
			require.NotEmpty(t, g.Replies().Help)
			require.Equal(t, keywords.Help, g.Classify("HELP").Intent)
		})
	}
	d, err := (&optout.Guard{}).With(memstore.New()).Gate(t.Context(), account, contact)
	require.NoError(t, err)
	require.False(t, d.Allowed, "a Guard that New did not make has no rules, and allows nothing")
}

func TestNewNamesTheFieldThatIsWrong(t *testing.T) {
	noStop, err := keywords.Default().Without("STOP")
	require.NoError(t, err)
	helpStop, err := keywords.New(keywords.Keyword{Text: "STOP", Intent: keywords.Help})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		opts optout.Options
		says []string
	}{
		"STOP is missing":  {optout.Options{Keywords: noStop}, []string{"Keywords", "STOP"}},
		"STOP is help":     {optout.Options{Keywords: helpStop}, []string{"Keywords", "STOP"}},
		"an empty set":     {optout.Options{Keywords: &keywords.Set{}}, []string{"Keywords", "STOP"}},
		"UK for GB":        {optout.Options{DefaultRegion: "UK"}, []string{"DefaultRegion", `"UK"`}},
		"three letters":    {optout.Options{DefaultRegion: "USA"}, []string{"DefaultRegion", `"USA"`}},
		"a calling code":   {optout.Options{DefaultRegion: "+34"}, []string{"DefaultRegion"}},
		"blank reply":      {optout.Options{Replies: optout.Replies{OptOut: " \n"}}, []string{"Replies.OptOut", "blank"}},
		"not UTF-8":        {optout.Options{Replies: optout.Replies{OptIn: "ok\xff"}}, []string{"Replies.OptIn", "UTF-8"}},
		"longer than SMS":  {optout.Options{Replies: optout.Replies{Help: strings.Repeat("a", 153*255+1)}}, []string{"Replies.Help", "256 parts"}},
		"longer, in UCS-2": {optout.Options{Replies: optout.Replies{Help: strings.Repeat("ж", 67*255+1)}}, []string{"Replies.Help", "UCS-2"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := optout.New(memstore.New(), &c.opts)
			require.Error(t, err)
			for _, says := range c.says {
				require.ErrorContains(t, err, says)
			}
		})
	}
	var typedNil *memstore.Store
	for _, s := range []store.Store{nil, typedNil} {
		_, err := optout.New(s, nil)
		require.ErrorContains(t, err, "store is nil")
	}
	g, err := optout.New(memstore.New(), &optout.Options{Replies: optout.Replies{Help: "Call 555"}, DefaultRegion: " us "})
	require.NoError(t, err)
	require.Equal(t, "Call 555", g.Replies().Help)
	require.Equal(t, optout.DefaultReplies().OptOut, g.Replies().OptOut)
	key, err := g.Number("415 555 2671")
	require.NoError(t, err)
	require.Equal(t, contact, key)
}

func TestCodesThatNoCountryHasAreNoRegion(t *testing.T) {
	for _, region := range []string{"", " ", "XX", "zz", "AA", "QM"} {
		g, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: region})
		require.NoError(t, err, region)
		_, err = g.Number("4155552671")
		require.ErrorIs(t, err, optout.ErrInvalidNumber, region)
	}
}

func TestOptionsAreCopied(t *testing.T) {
	opts := &optout.Options{Replies: optout.Replies{Help: "one"}}
	g, err := optout.New(memstore.New(), opts)
	require.NoError(t, err)
	opts.Replies.Help, opts.RequireOptIn = "two", true
	require.Equal(t, "one", g.Replies().Help)
	require.True(t, allowed(t, g, contact))
}

func TestReasonsAreTheseWords(t *testing.T) {
	require.Equal(t, "opted_out held no_consent invalid_number invalid_account store_error not_opted_out opted_in",
		fmt.Sprint(optout.ReasonOptedOut, " ", optout.ReasonHeld, " ", optout.ReasonNoConsent, " ", optout.ReasonInvalidNumber, " ",
			optout.ReasonInvalidAccount, " ", optout.ReasonStoreError, " ",
			optout.ReasonNotOptedOut, " ", optout.ReasonOptedIn))
}

func TestAnOptOutNeverExpires(t *testing.T) {
	s := memstore.New()
	now := time.Date(2019, time.January, 1, 0, 0, 0, 0, time.UTC)
	g, err := optout.New(s, &optout.Options{Now: func() time.Time { return now }})
	require.NoError(t, err)
	receive(t, g, text("m1", "STOP", now))
	now = time.Date(2099, time.January, 1, 0, 0, 0, 0, time.UTC)
	require.False(t, allowed(t, g, contact))
}
