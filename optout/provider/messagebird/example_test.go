package messagebird_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/messagebird"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func Example() {
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		panic(err)
	}
	p, err := messagebird.New(messagebird.Config{SigningKey: "from the dashboard"})
	if err != nil {
		panic(err)
	}
	// MessageBird signs the URL that it calls.
	h := provider.Handler(guard, p, &provider.Options{Account: provider.OneAccount("acme"), PublicURL: "https://example.com"})

	r := httptest.NewRequest(http.MethodPost, "/sms", strings.NewReader("originator=14155550101&body=STOP"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println("without a signature:", w.Code)
	// Output:
	// without a signature: 403
}
