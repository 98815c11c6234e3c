package optouttest

import (
	"context"
	"fmt"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// TB is what this package needs of a *testing.T.
type TB interface {
	Helper()
	Context() context.Context
	Fatalf(format string, args ...any)
}

// SeedOptedOut opts a number out of an account: the contact texts STOP. The test ends if the
// number is not opted out then. The ids of seeded events are "seed-1", "seed-2" and so on,
// by the length of the number's history.
func SeedOptedOut(t TB, g *optout.Guard, account, number string) optout.Outcome {
	t.Helper()
	return seed(t, g, account, number, store.OptedOut, func(ctx context.Context, id string) (optout.Outcome, error) {
		return g.Receive(ctx, optout.Message{ID: id, Account: account, From: number, Text: "STOP"})
	})
}

// heldText possibly asks to stop.
const heldText = "no more"

// SeedHeld makes a number of an account wait for a review: the contact sends a text that
// possibly asks to stop. The test ends if the number is not held then. So it does with a
// Guard whose Options.Texts is PolicyIgnore, which holds no text, and with a number that has
// opted out.
func SeedHeld(t TB, g *optout.Guard, account, number string) optout.Outcome {
	t.Helper()
	return seed(t, g, account, number, store.Held, func(ctx context.Context, id string) (optout.Outcome, error) {
		return g.Receive(ctx, optout.Message{ID: id, Account: account, From: number, Text: heldText})
	})
}

// SeedConsenting records the consent of a number of an account, as given on a web form. The
// test ends if the number is not opted in then. So it does with a number that has opted out:
// only the contact's own START lifts an opt-out, which a [Contact] can text.
func SeedConsenting(t TB, g *optout.Guard, account, number string) optout.Outcome {
	t.Helper()
	return seed(t, g, account, number, store.OptedIn, func(ctx context.Context, id string) (optout.Outcome, error) {
		return g.RecordConsent(ctx, optout.Request{ID: id, Account: account, Number: number, Source: store.SourceWeb})
	})
}

// seed records an event, and ends the test if the number's status is another one then.
func seed(
	t TB, g *optout.Guard, account, number string, want store.Status, record func(ctx context.Context, id string) (optout.Outcome, error),
) optout.Outcome {
	t.Helper()
	ctx := context.WithoutCancel(t.Context()) // which has ended in a Cleanup
	records, err := history(ctx, g, account, number)
	if err != nil {
		t.Fatalf("optouttest: the history of %s in %s cannot be read: %v", number, account, err)
		return optout.Outcome{}
	}
	out, err := record(ctx, fmt.Sprintf("seed-%d", len(records)+1))
	if err != nil {
		t.Fatalf("optouttest: %s in %s cannot be made %v: %v", number, account, want, err)
		return optout.Outcome{}
	}
	if out.State.Status != want {
		t.Fatalf("optouttest: %s in %s cannot be made %v: it is %v", number, account, want, out.State.Status)
	}
	return out
}

// history returns all that is recorded of a number.
func history(ctx context.Context, g *optout.Guard, account, number string) ([]store.Record, error) {
	var records []store.Record
	for record, err := range g.History(ctx, account, number) {
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}
