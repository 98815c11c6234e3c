package optout_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// A contact asks why nothing comes, or an auditor asks who opted out, and how.
func ExampleGuard_Explain() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	acme := guard.For("acme")
	sent := time.Date(2025, time.March, 4, 15, 30, 0, 0, time.UTC)
	m := optout.Message{ID: "SM1", From: "+14155552671", To: "+18885550100", Text: " Stop. ", At: sent}
	if _, err := acme.Receive(ctx, m); err != nil {
		log.Fatal(err)
	}
	// region explain
	why, err := acme.Explain(ctx, "(415) 555-2671")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(why.Decision.Allowed, why.Decision.Reason)
	for _, r := range why.Records {
		fmt.Printf("%s texted %q to %s at %s\n", r.From, r.Text, r.To, r.At.Format(time.RFC3339))
		fmt.Printf("%s by the keyword %s, of the list in use: %t\n", r.Action, r.Keyword, r.KeywordSet == keywords.Default().Version())
	}
	// endregion explain

	// Output:
	// false opted_out
	// +14155552671 texted " Stop. " to +18885550100 at 2025-03-04T15:30:00Z
	// opt-out by the keyword STOP, of the list in use: true
}
