package optout_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// A web page lists who opted out, a page at a time; the link to the next page has the cursor.
func ExampleGuard_OptedOutPage() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		log.Fatal(err)
	}
	for i := range 5 {
		m := optout.Message{ID: fmt.Sprint("SM", i), Account: "acme", From: fmt.Sprint("+1415555010", i), Text: "STOP"}
		if _, err := guard.Receive(ctx, m); err != nil {
			log.Fatal(err)
		}
	}
	// region pages
	cursor := store.Cursor("") // of the request; "" for the first page
	page, err := guard.OptedOutPage(ctx, "acme", cursor, 3)
	if err != nil {
		log.Fatal(err) // store.ErrBadCursor: somebody has changed the link
	}
	for _, state := range page.States {
		fmt.Println(state.Key.Number, state.Source)
	}
	fmt.Println("more:", page.Next != "")
	// endregion pages

	// Output:
	// +14155550100 keyword
	// +14155550101 keyword
	// +14155550102 keyword
	// more: true
}

// A person looks for a contact of whom only the last digits are known.
func ExampleGuard_Search() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		log.Fatal(err)
	}
	for number, text := range map[string]string{"+14155552671": "STOP", "+442079462671": "START", "+14155550100": "STOP"} {
		if _, err := guard.Receive(ctx, optout.Message{ID: number, Account: "acme", From: number, Text: text}); err != nil {
			log.Fatal(err)
		}
	}
	// region search
	page, err := guard.Search(ctx, store.SearchQuery{Account: "acme", Suffix: "2671"})
	if err != nil {
		log.Fatal(err)
	}
	for _, state := range page.States {
		fmt.Println(state.Key.Number, state.Status)
	}
	// endregion search

	counts, err := guard.Count(ctx, "acme")
	fmt.Printf("%+v %v\n", counts, err)
	// Output:
	// +14155552671 opted-out
	// +442079462671 opted-in
	// {OptedIn:1 OptedOut:2 Held:0} <nil>
}
