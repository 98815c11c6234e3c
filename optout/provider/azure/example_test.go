package azure_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider/azure"
)

func Example() {
	p, err := azure.New(azure.Config{Secret: "a-long-secret", Header: "X-Webhook-Secret"})
	if err != nil {
		panic(err)
	}
	body := `[{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{"validationCode":"512d38b6"}}]`
	r, err := http.NewRequest(http.MethodPost, "https://example.com/azure", strings.NewReader(body))
	if err != nil {
		panic(err)
	}

	_, err = p.Read(r, []byte(body))
	fmt.Println(err)

	r.Header.Set("X-Webhook-Secret", "a-long-secret")
	d, err := p.Read(r, []byte(body))
	if err != nil {
		panic(err)
	}
	w := httptest.NewRecorder()
	p.Answer(w, d, nil) // the Handler does it
	fmt.Println(w.Body)
	// Output:
	// provider: signature: Config.Header is not there once
	// {"validationResponse":"512d38b6"}
}
