package vonage_test

import (
	"fmt"
	"net/http"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/vonage"
)

func Example() {
	p, err := vonage.New(vonage.Config{SignatureSecret: "from the API settings", Algorithm: vonage.SHA256HMAC})
	if err != nil {
		panic(err)
	}
	// The SMS API answers with 200 and says in the body that it refused the message.
	report, _ := p.Refusal(provider.Refused{Status: http.StatusOK, Body: []byte(`{"messages":[{"status":"7"}]}`), To: "+14155550101"})
	fmt.Println(report.Kind, report.Code)

	_, err = vonage.New(vonage.Config{})
	fmt.Println(err)
	// Output:
	// blocked 7
	// vonage: Config.SignatureSecret is empty
}
