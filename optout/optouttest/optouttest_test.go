package optouttest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/optouttest"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const (
	account = optouttest.DefaultAccount
	contact = optouttest.DefaultNumber
)

var (
	_ optouttest.TB = testing.TB(nil)
	_ optouttest.TB = (*recorder)(nil)
)

// recorder is a TB that keeps its failures, and goes on. Its context has ended, as in a
// Cleanup.
type recorder struct{ failures []string }

func (*recorder) Helper() {}

func (*recorder) Context() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

// failure returns with which text a check fails, "" if it does not fail.
func failure(t *testing.T, check func(t optouttest.TB)) string {
	t.Helper()
	r := new(recorder)
	check(r)
	require.LessOrEqual(t, len(r.failures), 1)
	if len(r.failures) == 0 {
		return ""
	}
	return r.failures[0]
}

func newGuard(t *testing.T, opts *optout.Options) (*optout.Guard, *faultstore.Toggle) {
	t.Helper()
	outage := new(faultstore.Toggle)
	g, err := optout.New(faultstore.Wrap(memstore.New(), outage.Inject), opts)
	require.NoError(t, err)
	return g, outage
}

func TestSeeds(t *testing.T) {
	for _, policy := range []optout.Policy{optout.PolicyHold, optout.PolicyOptOut} {
		t.Run(policy.String(), func(t *testing.T) {
			g, outage := newGuard(t, &optout.Options{Texts: policy, RequireOptIn: true})
			for i, c := range []struct {
				seed   func(optouttest.TB, *optout.Guard, string, string) optout.Outcome
				status store.Status
				reason optout.Reason
			}{
				{optouttest.SeedOptedOut, store.OptedOut, optout.ReasonOptedOut},
				{optouttest.SeedHeld, store.Held, optout.ReasonHeld},
				{optouttest.SeedConsenting, store.OptedIn, optout.ReasonOptedIn},
			} {
				number := fmt.Sprintf("+1415555010%d", i)
				check := func(reason optout.Reason) string {
					return failure(t, func(t optouttest.TB) {
						if reason == optout.ReasonOptedIn {
							optouttest.RequireAllowed(t, g, account, number)
						} else {
							optouttest.RequireBlocked(t, g, account, number, reason)
						}
					})
				}
				require.Empty(t, check(optout.ReasonNoConsent), "before")
				var out optout.Outcome
				for range 2 { // of an own id, each time
					require.Empty(t, failure(t, func(t optouttest.TB) { out = c.seed(t, g, account, number) }))
					require.Equal(t, c.status, out.State.Status)
					require.Empty(t, check(c.reason))
				}
				require.Regexp(t, "seed-2$", out.EventID)
				require.False(t, out.Duplicate)

				outage.On()
				text := failure(t, func(t optouttest.TB) { c.seed(t, g, account, number) })
				require.Contains(t, text, faultstore.ErrInjected.Error())
				outage.Off()
				text = failure(t, func(t optouttest.TB) { c.seed(t, g, "", number) })
				require.Contains(t, text, optout.ErrInvalidAccount.Error())
			}
		})
	}
}

// TestAnyStoreWillDo seeds a store that has the three methods alone.
func TestAnyStoreWillDo(t *testing.T) {
	g, err := optout.New(struct{ store.Store }{memstore.New()}, nil)
	require.NoError(t, err)
	optouttest.SeedConsenting(t, g, account, contact)
	optouttest.RequireAllowed(t, g, account, contact)
	optouttest.SeedOptedOut(t, g, account, contact)
	optouttest.RequireBlocked(t, g, account, contact, optout.ReasonOptedOut)
	optouttest.RequireRecorded(t, g, account, contact, store.Event{ID: "request:seed-1", Action: store.Consent})
	optouttest.RequireRecorded(t, g, account, contact, store.Event{ID: "seed-2", Action: store.OptOut})
}

// TestASeedThatCannotBe: a test must not go on with a number in another state.
func TestASeedThatCannotBe(t *testing.T) {
	strict, _ := newGuard(t, nil)
	require.Contains(t, failure(t, func(t optouttest.TB) { optouttest.SeedHeld(t, strict, account, contact) }),
		"optouttest: +14155550123 in acme cannot be made held: it is unknown")

	g, _ := newGuard(t, &optout.Options{Texts: optout.PolicyHold})
	optouttest.SeedOptedOut(t, g, account, contact)
	require.Contains(t, failure(t, func(t optouttest.TB) { optouttest.SeedHeld(t, g, account, contact) }),
		"cannot be made held: it is opted-out")
	require.Contains(t, failure(t, func(t optouttest.TB) { optouttest.SeedConsenting(t, g, account, contact) }),
		"cannot be made opted-in: optout: opted out")
	optouttest.RequireBlocked(t, g, account, contact, optout.ReasonOptedOut)

	appendLost, err := optout.New(faultstore.Wrap(memstore.New(), faultstore.OnKind(faultstore.OpAppend, nil)), nil)
	require.NoError(t, err)
	require.Contains(t, failure(t, func(t optouttest.TB) { optouttest.SeedOptedOut(t, appendLost, account, contact) }),
		"cannot be made opted-out: ")
}

func TestRequireBlockedAndAllowedFail(t *testing.T) {
	g, outage := newGuard(t, nil)
	blocked := func(number string, reason optout.Reason) string {
		return failure(t, func(t optouttest.TB) { optouttest.RequireBlocked(t, g, account, number, reason) })
	}
	allowed := func(number string) string {
		return failure(t, func(t optouttest.TB) { optouttest.RequireAllowed(t, g, account, number) })
	}
	require.Equal(t, "optouttest: a message to +14155550123 in acme is allowed (not_opted_out), want blocked: opted_out",
		blocked(contact, optout.ReasonOptedOut))
	require.NotEmpty(t, blocked(contact, optout.ReasonNotOptedOut), "no reason to block")
	require.Empty(t, allowed(contact))

	const mistyped = "+1415555012"
	require.Contains(t, blocked(mistyped, optout.ReasonOptedOut), "is blocked: invalid_number, want: opted_out: optout: no phone number")
	require.Empty(t, blocked(mistyped, optout.ReasonInvalidNumber))
	require.Contains(t, allowed(mistyped), "is blocked: invalid_number, want allowed: optout: no phone number")

	optouttest.SeedOptedOut(t, g, account, contact)
	require.Empty(t, blocked(contact, optout.ReasonOptedOut))
	require.Equal(t, "optouttest: +14155550123 in acme is blocked: opted_out, want: held", blocked(contact, optout.ReasonHeld))
	require.Equal(t, "optouttest: +14155550123 in acme is blocked: opted_out, want allowed", allowed(contact))

	outage.On()
	require.Contains(t, blocked(contact, optout.ReasonOptedOut), "is blocked: store_error, want: opted_out: faultstore: injected")
	require.Empty(t, blocked(contact, optout.ReasonStoreError))
	require.Contains(t, allowed("+14155550199"), "store_error")
}

func TestRequireRecorded(t *testing.T) {
	g, outage := newGuard(t, &optout.Options{Now: new(optouttest.Clock).Now})
	ada := optouttest.Contact{To: "+14155550199"}
	stop := ada.Texts("Stop!")
	stop.At = new(optouttest.Clock).Now().Add(-time.Minute + time.Nanosecond)
	for range 2 { // delivered again
		_, err := g.Receive(t.Context(), stop)
		require.NoError(t, err)
	}
	_, err := g.RecordOptOut(t.Context(), optout.Request{ID: "7", Account: account, Number: contact, Actor: "ben", Note: "by phone"})
	require.NoError(t, err)

	full := optouttest.RequireRecorded(t, g, account, contact, store.Event{ID: "SM1"})
	require.Equal(t, "Stop!", full.Text)
	require.True(t, full.Effective)
	require.Equal(t, full, optouttest.RequireRecorded(t, g, account, contact, full.Event), "every field at once")
	phoned := optouttest.RequireRecorded(t, g, account, contact, store.Event{ID: "request:7"})
	require.Equal(t, "ben", phoned.Actor)

	key := full.Key
	for i, want := range []store.Event{
		{Key: store.Key{Account: key.Account}, Keyword: "STOP"},
		{At: stop.At},
		{Source: store.SourceKeyword},
		{From: contact, To: ada.To},
		{KeywordSet: full.KeywordSet},
		{Action: store.OptOut, Text: "Stop!"},
	} {
		require.Equal(t, full, optouttest.RequireRecorded(t, g, account, contact, want), "%d", i)
	}
	require.Equal(t, phoned, optouttest.RequireRecorded(t, g, account, contact, store.Event{Key: key, Actor: "ben", Note: "by phone"}))

	recorded := func(want store.Event) string {
		return failure(t, func(t optouttest.TB) { optouttest.RequireRecorded(t, g, account, contact, want) })
	}
	require.Empty(t, recorded(store.Event{ID: "SM1"}))
	for i, want := range []store.Event{
		{ID: "SM2"},
		{Key: store.Key{Account: "globex"}},
		{Key: store.Key{Number: "+14155550199"}},
		{Action: store.OptIn},
		{At: stop.At.Add(time.Second)},
		{ReceivedAt: stop.At},
		{Source: store.SourceWeb},
		{From: "+14155550199"},
		{To: contact},
		{Text: "STOP"},
		{Keyword: "END"},
		{KeywordSet: "2"},
		{Actor: "ada"},
		{Note: "by mail"},
		{ID: "SM1", Actor: "ben"}, // of two records
	} {
		require.Contains(t, recorded(want),
			"optouttest: 0 records of +14155550123 in acme are as wanted, want 1; recorded:\n\topt-out \"SM1\"", "%d", i)
	}
	require.Contains(t, recorded(store.Event{Action: store.OptOut}), "2 records", "more than one")
	require.Contains(t, failure(t, func(t optouttest.TB) {
		optouttest.RequireRecorded(t, g, account, "+14155550199", store.Event{Action: store.OptOut})
	}), "recorded: nothing")
	outage.On()
	require.Contains(t, recorded(store.Event{ID: "SM1"}), "cannot be read: faultstore: injected")
}

func TestAContactsMessages(t *testing.T) {
	var ada optouttest.Contact
	require.Equal(t, optout.Message{ID: "SM1", Account: account, From: contact, To: optouttest.DefaultTo, Text: "STOP"}, ada.Texts("STOP"))
	require.Equal(t, "SM2", ada.Texts("STOP").ID)
	bob := optouttest.Contact{Account: "globex", Number: "(415) 555-0101", To: "+14155550102"}
	require.Equal(t, optout.Message{ID: "SM1", Account: "globex", From: "(415) 555-0101", To: "+14155550102"}, bob.Texts(""))

	var all sync.WaitGroup
	ids := make([]string, 100)
	for i := range ids {
		all.Go(func() { ids[i] = bob.Texts("START").ID })
	}
	all.Wait()
	seen := map[string]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	require.Len(t, seen, len(ids), "each message has its own id")
}

func TestTheClock(t *testing.T) {
	var clock optouttest.Clock
	monday := time.Date(2026, time.January, 5, 12, 0, 0, 0, time.UTC)
	require.Equal(t, monday, clock.Now())
	require.Equal(t, time.Monday, monday.Weekday())
	require.Equal(t, monday, clock.Now(), "it does not move by itself")
	clock.Advance(time.Hour)
	require.Equal(t, monday.Add(time.Hour), clock.Now())
	clock.Advance(-2 * time.Hour)
	require.Equal(t, monday.Add(-time.Hour), clock.Now())
	other := time.Date(2030, time.March, 4, 0, 0, 0, 0, time.FixedZone("", 3600))
	clock.Set(other)
	clock.Advance(time.Second)
	require.Equal(t, other.Add(time.Second), clock.Now())
	clock.Set(time.Time{})
	require.Equal(t, monday, clock.Now())

	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			clock.Advance(time.Second)
			clock.Now()
		})
	}
	all.Wait()
	require.Equal(t, monday.Add(100*time.Second), clock.Now())
}
