package optout_test

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// twinArguments are arguments for each method of an Account, after the context.
func twinArguments() map[string][]any {
	hold := store.Record{Event: store.Event{ID: "hold", Key: store.Key{Account: account, Number: "+14155550199"}, At: noon, Text: "enough"}}
	rows := []optout.Request{{ID: "r1", Number: contact}, {ID: "r2", Number: "12"}, {ID: "r3", Account: "other", Number: contact}}
	return map[string][]any{
		"Receive":        {optout.Message{ID: "m", From: contact, To: ours, Text: "STOP", At: noon}},
		"Gate":           {contact},
		"GateBatch":      {[]string{contact, ours, "12"}},
		"Send":           {ours, func(context.Context, string) error { return errSent }},
		"RecordOptOut":   {optout.Request{ID: "out", Number: "+14155550123"}},
		"RecordConsent":  {optout.Request{ID: "in", Number: "+14155550124"}},
		"RecordOptOuts":  {rows},
		"RecordConsents": {rows},
		"Void":           {optout.Correction{Number: contact, EventID: "wrong", Actor: "anna", Note: "wrong file"}},
		"VoidAll":        {[]optout.Correction{{Number: contact, EventID: "wrong", Actor: "anna", Note: "wrong file"}}},
		"Erase":          {optout.Erasure{Number: contact, Actor: "anna", Note: "letter"}},
		"OptedOut":       {},
		"Count":          {},
		"Explain":        {contact},
		"OptedOutPage":   {store.Cursor(""), 5},
		"ReviewsPage":    {store.Cursor(""), 5},
		"Search":         {store.SearchQuery{Suffix: "2671"}},
		"History":        {contact},
		"Reviews":        {},
		"Changes":        {store.ChangesQuery{Limit: 1}},
		"Resolve":        {optout.Resolution{Review: hold, Verdict: optout.VerdictRequest, Actor: "anna"}},
	}
}

// TestEveryMethodOfAGuardHasItsTwin: an Account has the methods of a Guard that concern an
// account, without the account, and no others.
func TestEveryMethodOfAGuardHasItsTwin(t *testing.T) {
	guard, own := reflect.TypeFor[*optout.Guard](), reflect.TypeFor[*optout.Account]()
	arguments := twinArguments()
	var twins []string
	for method := range guard.Methods() {
		if slices.Contains(accountless, method.Name) {
			continue
		}
		twin, there := own.MethodByName(method.Name)
		require.True(t, there, "an Account has no %s", method.Name)
		require.Contains(t, arguments, method.Name)
		want := signature(method.Type)
		if len(want) > 1 && want[1] == reflect.TypeFor[string]() { // after the context
			want = slices.Delete(want, 1, 2)
		}
		require.Equal(t, want, signature(twin.Type), "%s", method.Name)
		twins = append(twins, method.Name)
	}
	for method := range own.Methods() {
		require.Contains(t, append(twins, "Name"), method.Name)
	}
}

// signature returns the types of a method's arguments and results, without its receiver.
func signature(method reflect.Type) []reflect.Type {
	types := slices.Collect(method.Ins())[1:]
	return slices.Concat(types, slices.Collect(method.Outs()))
}

var errSent = errors.New("sent")

// TestATwinAnswersAsItsMethod calls both with the same arguments, after a first call, so that
// what they record is recorded already.
func TestATwinAnswersAsItsMethod(t *testing.T) {
	for name, arguments := range twinArguments() {
		t.Run(name, func(t *testing.T) {
			s := memstore.New()
			_, err := s.Append(t.Context(), store.Event{
				ID: "hold", Key: store.Key{Account: account, Number: "+14155550199"}, Action: store.Hold, At: noon, Text: "enough",
			})
			require.NoError(t, err)
			g := guardAt(t, s, optout.Options{Texts: optout.PolicyHold})
			_, err = g.Receive(t.Context(), text("before", "STOP", noon))
			require.NoError(t, err)
			_, err = g.RecordOptOut(t.Context(), optout.Request{ID: "wrong", Account: account, Number: contact, Source: store.SourceAgent})
			require.NoError(t, err)
			inner := reflect.ValueOf(g).MethodByName(name)
			full := []reflect.Value{reflect.ValueOf(t.Context())}
			if inner.Type().NumIn() > len(arguments)+1 {
				full = append(full, reflect.ValueOf(account))
			}
			bound := full[:1:1]
			for _, argument := range arguments {
				full, bound = append(full, reflect.ValueOf(named(argument, account))), append(bound, reflect.ValueOf(argument))
			}
			answers(inner.Call(full))
			want := answers(inner.Call(full))
			got := answers(reflect.ValueOf(g.For(account)).MethodByName(name).Call(bound))
			if name == "RecordOptOuts" || name == "RecordConsents" {
				gotOuts, wantOuts := outcomes(t, got[0]), outcomes(t, want[0])
				require.ErrorIs(t, gotOuts[2].Err, optout.ErrInvalidAccount)
				got[0], want[0] = gotOuts[:2], wantOuts[:2]
			}
			require.Equal(t, want, got)
			if name != "Erase" { // it returns nothing but an error
				require.NotZero(t, got[0])
			}
		})
	}
}

func outcomes(t *testing.T, answer any) []optout.Outcome {
	t.Helper()
	outs, ok := answer.([]optout.Outcome)
	require.True(t, ok)
	return outs
}

// named returns an argument with its account filled in.
func named(argument any, account string) any {
	switch a := argument.(type) {
	case optout.Message:
		a.Account = account
		return a
	case optout.Request:
		a.Account = account
		return a
	case store.SearchQuery:
		a.Account = account
		return a
	case optout.Resolution:
		a.Account = account
		return a
	case store.ChangesQuery:
		a.Account = account
		return a
	case optout.Correction:
		a.Account = account
		return a
	case optout.Erasure:
		a.Account = account
		return a
	case []optout.Correction:
		a = slices.Clone(a)
		for i := range a {
			a[i].Account = account
		}
		return a
	case []optout.Request:
		a = slices.Clone(a)
		for i := range a {
			a[i].Account = account
		}
		return a
	default:
		return argument
	}
}

// answers returns what a method returned, and what its iterator yields.
func answers(results []reflect.Value) []any {
	var all []any
	for _, result := range results {
		switch r := result.Interface().(type) {
		case iter.Seq2[store.State, error]:
			all = append(all, yieldedBy(r))
		case iter.Seq2[store.RecordPage, error]:
			all = append(all, yieldedBy(r))
		case iter.Seq2[store.Record, error]:
			all = append(all, yieldedBy(r))
		case iter.Seq2[optout.Review, error]:
			all = append(all, yieldedBy(r))
		default:
			all = append(all, r)
		}
	}
	return all
}

func yieldedBy[T any](all iter.Seq2[T, error]) []any {
	var items []any
	for item, err := range all {
		items = append(items, item, err)
	}
	return items
}

func TestAnAccountRefusesWhatIsOfAnother(t *testing.T) {
	ctx := t.Context()
	s := memstore.New()
	g, err := optout.New(s, nil)
	require.NoError(t, err)
	for _, name := range []string{account, "", "Acct_a"} {
		a := g.For(name)
		require.Equal(t, name, a.Name())
		m := text("m", "STOP", noon)
		m.Account = "other"
		out, err := a.Receive(ctx, m)
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		require.Equal(t, keywords.OptOut, out.Match.Intent, "the text is classified all the same")
		m.Incomplete = true
		out, err = a.Receive(ctx, m)
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		require.Zero(t, out)
		_, err = a.RecordOptOut(ctx, optout.Request{Account: "other", Number: contact})
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		_, err = a.RecordConsent(ctx, optout.Request{Account: "other", Number: contact})
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		_, err = a.Resolve(ctx, optout.Resolution{Account: "other", Verdict: optout.VerdictRequest, Actor: "anna"})
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		_, err = a.Search(ctx, store.SearchQuery{Account: "other", Prefix: "+"})
		require.ErrorIs(t, err, optout.ErrInvalidAccount)
		outs, err := a.RecordOptOuts(ctx, []optout.Request{{Account: "other", Number: contact}})
		require.NoError(t, err)
		require.ErrorIs(t, outs[0].Err, optout.ErrInvalidAccount)
	}
	page, err := s.List(ctx, store.ListQuery{Account: "other"})
	require.NoError(t, err)
	require.Empty(t, page.States)
}

func TestAnAccountOfNoGuardFailsClosed(t *testing.T) {
	var none *optout.Guard
	var nobody *optout.Account
	for _, a := range []*optout.Account{none.For(account), (&optout.Guard{}).For(account), {}, nobody} {
		d, err := a.Gate(t.Context(), contact)
		require.Error(t, err)
		require.False(t, d.Allowed)
		_, err = a.RecordOptOut(t.Context(), optout.Request{Number: contact})
		require.Error(t, err)
		_, err = a.RecordOptOuts(t.Context(), []optout.Request{{Number: contact}})
		require.Error(t, err)
		out, err := a.Receive(t.Context(), optout.Message{From: contact, Text: "STOP"})
		require.Error(t, err)
		require.Equal(t, keywords.OptOut, out.Match.Intent)
		for _, err := range a.OptedOut(t.Context()) {
			require.Error(t, err)
		}
	}
}

func TestAnAccountInATransactionUsesItsStore(t *testing.T) {
	g, bound := newGuard(t, &optout.Options{Accounts: []string{account}}), memstore.New()
	_, err := g.With(bound).For(account).Receive(t.Context(), optout.Message{ID: "m", From: contact, Text: "STOP"})
	require.NoError(t, err)
	state, err := bound.Get(t.Context(), store.Key{Account: account, Number: contact})
	require.NoError(t, err)
	require.Equal(t, store.OptedOut, state.Status)
	_, err = g.For("Acct_a").Gate(t.Context(), contact)
	require.ErrorIs(t, err, optout.ErrInvalidAccount)
}
