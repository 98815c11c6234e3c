package provider_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/twilio"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// The numbers of two accounts behind one URL. What is not signed is refused.
func ExampleHandler() {
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		log.Fatal(err)
	}
	authToken, mux := "12345", http.NewServeMux()
	inbox := func(context.Context, provider.Message) error { return nil }
	// region handler
	p, err := twilio.New(twilio.Config{AuthToken: authToken})
	if err != nil {
		log.Fatal(err)
	}
	accounts := map[string]string{"+14155550100": "acme", "+14155550101": "globex"}
	options := &provider.Options{
		Account: func(_ *http.Request, number string) (string, error) {
			return accounts[number], nil // "" means that the number is nobody's
		},
		PublicURL: "https://example.com", // what Twilio calls: it signs the URL
		// Twilio replies to STOP by itself. If that is switched off there, the Guard's reply goes out:
		// ProviderReplies: provider.RepliesWhenFlagged,
		Next: func(ctx context.Context, m provider.Message, _ optout.Outcome) error {
			return inbox(ctx, m) // every text that is no keyword
		},
		Observe: func(_ context.Context, e provider.Event) {
			fmt.Println(e) // without a phone number and a text
		},
	}
	if err := options.Validate(); err != nil {
		log.Fatal(err)
	}
	mux.Handle("/sms", provider.Handler(guard, p, options))
	// endregion handler

	r := httptest.NewRequest(http.MethodPost, "/sms", strings.NewReader("MessageSid=SM1&From=%2B14155550123&To=%2B14155550100&Body=STOP"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	mux.ServeHTTP(httptest.NewRecorder(), r)
	// Output:
	// twilio: refused http=403: provider: signature: no X-Twilio-Signature
}

// The opt-out and the app's own row in one transaction.
func ExampleOptions_inTx() { //nolint:testableexamples // it needs a driver, which this module has not
	var (
		st      *sqlstore.Store
		options provider.Options
	)
	// region intx
	options.InTx = func(ctx context.Context, d provider.Delivery, receive func(context.Context, store.Store) error) error {
		return st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
			for _, m := range d.Messages {
				if _, err := tx.ExecContext(ctx, "INSERT INTO inbox (id, account, body) VALUES ($1, $2, $3)", m.ID, m.Account, m.Text); err != nil {
					return fmt.Errorf("inbox: %w", err) // with %w, so that a conflict is seen
				}
			}
			return receive(ctx, st.WithTx(tx))
		})
	}
	// endregion intx
	fmt.Println(options.Validate())
}
