package main

import (
	"context"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

const (
	demoAccount = "demo"
	demoContact = "+1 415 555 0123" // this number and the others here belong to nobody
	demoOurs    = "+1 415 555 0100"
)

// seed records what an app may have seen, oddities included.
func seed(ctx context.Context, guard *optout.Guard) error {
	day := func(n int) time.Time { return time.Date(2025, time.March, n, 9, 0, 0, 0, time.UTC) }

	if _, err := guard.RecordConsent(ctx, optout.Request{
		ID: "form-17", Account: demoAccount, Number: demoContact, At: day(1), Source: store.SourceWeb,
		Actor: "signup form", Text: "Yes, text me about my orders.", Note: `=HYPERLINK("https://example.com/17")`,
	}); err != nil {
		return err
	}
	for _, m := range []optout.Message{
		{ID: "SM1", From: demoContact, Text: "Stop\xa0", At: day(3)}, // a blank in Latin-1: not UTF-8
		{ID: "SM2", From: demoContact, Text: "START", At: day(4)},
		{ID: "SM4", From: demoContact, Text: "=stop", At: day(6)},
		{ID: "SM3", From: demoContact, Text: "Start", At: day(5)},                           // late: of no effect
		{ID: "SM5", From: "+44 20 7946 0123", Text: `"QUIT", please see below`, At: day(7)}, // no keyword: not recorded
		{ID: "SM6", From: "+44 20 7946 0123", Text: "Quit", At: day(7)},
		{ID: "SM7", From: "78787", Text: "UNSUBSCRIBE"}, // a short code; no time
	} {
		m.Account, m.To = demoAccount, demoOurs
		if _, err := guard.Receive(ctx, m); err != nil {
			return err
		}
	}
	_, err := guard.RecordOptOut(ctx, optout.Request{
		ID: "call-4", Account: demoAccount, Number: "(415) 555-0199", At: day(8),
		Actor: "anna", Note: "- by phone, \"no more texts\"\n- called back",
	})
	return err
}
