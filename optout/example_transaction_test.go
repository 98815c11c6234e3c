package optout_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// A Guard keeps its rules over another store: over one that is bound to a transaction of the
// host, such as sqlstore's, so that the opt-out and the host's own rows are committed
// together. Here it is a second store in memory.
func ExampleGuard_With() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	// region with
	inTransaction := memstore.New() // of sqlstore: what WithTx returns
	bound := guard.With(inTransaction)
	out, err := bound.Receive(ctx, optout.Message{ID: "SM1", Account: "acme", From: "(415) 555-0123", Text: "STOP"})
	if err != nil {
		log.Fatal(err) // roll back
	}
	// Commit here. Only after it returned nil is the contact answered with out.Reply.
	// endregion with
	fmt.Println(out.State.Key.Number, out.State.Status)
	for _, g := range []*optout.Guard{bound, guard, guard.With(nil)} {
		decision, err := g.Gate(ctx, "acme", "+14155550123")
		fmt.Println(decision.Allowed, decision.Reason, err)
	}

	// Output:
	// +14155550123 opted-out
	// false opted_out <nil>
	// true not_opted_out <nil>
	// false store_error optout: the Guard has no store
}
