package optouttest_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/optouttest"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// printer is in place of a *testing.T, which an Example does not have.
type printer struct{}

func (printer) Helper()                           {}
func (printer) Context() context.Context          { return context.Background() }
func (printer) Fatalf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// In a test give the *testing.T in place of t.
func Example() {
	var t printer
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		log.Fatal(err)
	}
	optouttest.SeedOptedOut(t, guard, "acme", "+14155550123")
	optouttest.RequireBlocked(t, guard, "acme", "+14155550123", optout.ReasonOptedOut)
	optouttest.RequireAllowed(t, guard, "globex", "+14155550123")
	optouttest.RequireBlocked(t, guard, "globex", "+14155550123", optout.ReasonOptedOut)

	// Output:
	// optouttest: a message to +14155550123 in globex is allowed (not_opted_out), want blocked: opted_out
}

// A message is delivered again by giving the same value to the Guard again.
func ExampleContact() {
	var t printer
	var clock optouttest.Clock
	guard, err := optout.New(memstore.New(), &optout.Options{Now: clock.Now})
	if err != nil {
		log.Fatal(err)
	}
	ada := optouttest.Contact{Account: "acme", Number: "+14155550123"}
	stop := ada.Texts("Stop!")
	for range 2 {
		out, err := guard.Receive(context.Background(), stop)
		fmt.Println(out.Changed, out.Duplicate, err)
	}
	record := optouttest.RequireRecorded(t, guard, "acme", "+14155550123", store.Event{Action: store.OptOut})
	fmt.Println(record.ID, record.Keyword, record.Text, record.ReceivedAt)

	// Output:
	// true false <nil>
	// false true <nil>
	// SM1 STOP Stop! 2026-01-05 12:00:00 +0000 UTC
}
