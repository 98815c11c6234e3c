package optout

import (
	"context"
	"fmt"
	"iter"

	"github.com/seed-f10031e4/consent/store"
)

// Account is a Guard for one account. Its methods are those of the Guard without the
// account. A Message, Request or Resolution without an Account gets this one, and one of
// another account is refused with [ErrInvalidAccount].
//
// Make one with [Guard.For], as often as you like: it costs nothing. In a transaction:
//
//	acme := guard.With(st.WithTx(tx)).For("acme")
//
// [GateSeq] and provider.Handler take the Guard. An Account is safe for concurrent use. The
// zero Account, and nil, fail closed.
type Account struct {
	guard *Guard
	name  string
}

// For returns the Guard for one account. If no store takes the account, or
// [Options.Accounts] does not list it, every call fails with [ErrInvalidAccount].
func (g *Guard) For(account string) *Account { return &Account{guard: g, name: account} }

// Name returns the account.
func (a *Account) Name() string {
	if a == nil {
		return ""
	}
	return a.name
}

// g returns the Guard, also of a nil or zero Account.
func (a *Account) g() *Guard {
	if a == nil {
		return nil
	}
	return a.guard
}

// own fills in the account of what a caller gives, or refuses another one.
func (a *Account) own(account *string) error {
	if *account == "" {
		*account = a.Name()
	}
	if *account != a.Name() {
		return fmt.Errorf("%w: it is not the one that Guard.For was given", ErrInvalidAccount)
	}
	return nil
}

// Receive is [Guard.Receive].
func (a *Account) Receive(ctx context.Context, m Message) (Outcome, error) {
	if err := a.own(&m.Account); err != nil {
		var out Outcome
		if !m.Incomplete {
			out.Match = a.g().Classify(m.Text)
		}
		return out, err
	}
	return a.g().Receive(ctx, m)
}

// Gate is [Guard.Gate].
func (a *Account) Gate(ctx context.Context, number string) (Decision, error) {
	return a.g().Gate(ctx, a.Name(), number)
}

// GateBatch is [Guard.GateBatch].
func (a *Account) GateBatch(ctx context.Context, numbers []string) ([]Decision, error) {
	return a.g().GateBatch(ctx, a.Name(), numbers)
}

// Send is [Guard.Send].
func (a *Account) Send(ctx context.Context, number string, send func(ctx context.Context, to string) error) error {
	return a.g().Send(ctx, a.Name(), number, send)
}

// RecordOptOut is [Guard.RecordOptOut].
func (a *Account) RecordOptOut(ctx context.Context, r Request) (Outcome, error) {
	if err := a.own(&r.Account); err != nil {
		return Outcome{}, err
	}
	return a.g().RecordOptOut(ctx, r)
}

// RecordConsent is [Guard.RecordConsent].
func (a *Account) RecordConsent(ctx context.Context, r Request) (Outcome, error) {
	if err := a.own(&r.Account); err != nil {
		return Outcome{}, err
	}
	return a.g().RecordConsent(ctx, r)
}

// RecordOptOuts is [Guard.RecordOptOuts]. A request of another account is refused in its own
// Outcome.Err.
func (a *Account) RecordOptOuts(ctx context.Context, rs []Request) ([]Outcome, error) {
	return ofOwn(ctx, rs, a.ownRequest, a.g().RecordOptOuts)
}

// RecordConsents is [Guard.RecordConsents]. A request of another account is refused in its
// own Outcome.Err.
func (a *Account) RecordConsents(ctx context.Context, rs []Request) ([]Outcome, error) {
	return ofOwn(ctx, rs, a.ownRequest, a.g().RecordConsents)
}

func (a *Account) ownRequest(r *Request) error { return a.own(&r.Account) }

// ofOwn calls a method for many with those of the rows that are of the account.
func ofOwn[T any](
	ctx context.Context, rows []T, own func(*T) error, call func(context.Context, []T) ([]Outcome, error),
) ([]Outcome, error) {
	outcomes := make([]Outcome, len(rows))
	mine, places := make([]T, 0, len(rows)), make([]int, 0, len(rows))
	for i, row := range rows {
		if outcomes[i].Err = own(&row); outcomes[i].Err == nil {
			mine, places = append(mine, row), append(places, i)
		}
	}
	done, err := call(ctx, mine)
	if err != nil {
		return nil, err
	}
	for i, place := range places {
		outcomes[place] = done[i]
	}
	return outcomes, nil
}

// OptedOut is [Guard.OptedOut].
func (a *Account) OptedOut(ctx context.Context) iter.Seq2[store.State, error] {
	return a.g().OptedOut(ctx, a.Name())
}

// History is [Guard.History].
func (a *Account) History(ctx context.Context, number string) iter.Seq2[store.Record, error] {
	return a.g().History(ctx, a.Name(), number)
}

// Changes is [Guard.Changes].
func (a *Account) Changes(ctx context.Context, q store.ChangesQuery) iter.Seq2[store.RecordPage, error] {
	if err := a.own(&q.Account); err != nil {
		return func(yield func(store.RecordPage, error) bool) { yield(store.RecordPage{}, err) }
	}
	return a.g().Changes(ctx, q)
}

// Reviews is [Guard.Reviews].
func (a *Account) Reviews(ctx context.Context) iter.Seq2[Review, error] {
	return a.g().Reviews(ctx, a.Name())
}

// Resolve is [Guard.Resolve].
func (a *Account) Resolve(ctx context.Context, r Resolution) (Outcome, error) {
	if err := a.own(&r.Account); err != nil {
		return Outcome{}, err
	}
	return a.g().Resolve(ctx, r)
}

// Void is [Guard.Void].
func (a *Account) Void(ctx context.Context, c Correction) (Outcome, error) {
	if err := a.own(&c.Account); err != nil {
		return Outcome{}, err
	}
	return a.g().Void(ctx, c)
}

// VoidAll is [Guard.VoidAll]. A correction of another account is refused in its own
// Outcome.Err.
func (a *Account) VoidAll(ctx context.Context, cs []Correction) ([]Outcome, error) {
	return ofOwn(ctx, cs, func(c *Correction) error { return a.own(&c.Account) }, a.g().VoidAll)
}

// Erase is [Guard.Erase].
func (a *Account) Erase(ctx context.Context, e Erasure) (Erased, error) {
	if err := a.own(&e.Account); err != nil {
		return Erased{}, err
	}
	return a.g().Erase(ctx, e)
}

// Count is [Guard.Count].
func (a *Account) Count(ctx context.Context) (store.KeyCounts, error) {
	return a.g().Count(ctx, a.Name())
}

// Explain is [Guard.Explain].
func (a *Account) Explain(ctx context.Context, number string) (Explanation, error) {
	return a.g().Explain(ctx, a.Name(), number)
}

// OptedOutPage is [Guard.OptedOutPage].
func (a *Account) OptedOutPage(ctx context.Context, after store.Cursor, limit int) (store.StatePage, error) {
	return a.g().OptedOutPage(ctx, a.Name(), after, limit)
}

// ReviewsPage is [Guard.ReviewsPage].
func (a *Account) ReviewsPage(ctx context.Context, after store.Cursor, limit int) (ReviewPage, error) {
	return a.g().ReviewsPage(ctx, a.Name(), after, limit)
}

// Search is [Guard.Search].
func (a *Account) Search(ctx context.Context, q store.SearchQuery) (store.StatePage, error) {
	if err := a.own(&q.Account); err != nil {
		return store.StatePage{}, err
	}
	return a.g().Search(ctx, q)
}
