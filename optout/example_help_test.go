package optout_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// A machine answers every text with HELP. It gets two replies an hour, so that the two
// machines stop.
func ExampleOptions_helpLimit() {
	now := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	guard, err := optout.New(memstore.New(), &optout.Options{
		HelpLimit: 2, // by default 3
		Now:       func() time.Time { return now },
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, wait := range []time.Duration{0, time.Second, time.Second, time.Minute, time.Hour} {
		now = now.Add(wait)
		out, err := guard.Receive(context.Background(), optout.Message{Account: "acme", From: "+14155550123", Text: "HELP"})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s %v %q\n", now.Format(time.TimeOnly), out.Match.Intent, out.Reply)
	}
	// Output:
	// 12:00:00 help "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
	// 12:00:01 help "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
	// 12:00:02 help ""
	// 12:01:02 help ""
	// 13:01:02 help "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
}
