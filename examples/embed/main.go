// Embed is the smallest whole program: consent kept in an SQLite file.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"

	_ "modernc.org/sqlite" // or your own driver

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

func main() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file:consent.db?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)")
	if err != nil {
		log.Fatal(err)
	}
	st, err := sqlstore.New(db, sqlstore.SQLite, nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := st.Migrate(ctx); err != nil {
		log.Fatal(err)
	}
	guard, err := optout.New(st, &optout.Options{DefaultRegion: "US", Keywords: keywords.UnitedStates(), Accounts: []string{"acme"}})
	if err != nil {
		log.Fatal(err)
	}
	acme := guard.For("acme") // one brand: an opt-out covers all its numbers, and no other account

	// Every inbound text. After an error on a STOP answer 500, so that it is delivered again.
	out, err := acme.Receive(ctx, optout.Message{ID: "SM1", From: "+14155552671", To: "+18885550100", Text: " Stop. "})
	if err != nil {
		log.Fatal(err)
	}
	if out.Reply != "" {
		sms("+14155552671", out.Reply) // the one confirmation: it goes out although the contact opted out
	}

	// Every outbound text.
	err = acme.Send(ctx, "(415) 555-2671", func(_ context.Context, to string) error {
		sms(to, "Our spring sale starts today!")
		return nil
	})
	fmt.Println(err, errors.Is(err, optout.ErrOptedOut))
}

func sms(to, text string) { fmt.Printf("to %s: %s\n", to, text) }
