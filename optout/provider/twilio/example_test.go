package twilio_test

import (
	"fmt"
	"net/http"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/twilio"
)

func Example() {
	p, err := twilio.New(twilio.Config{AuthToken: "12345"})
	if err != nil {
		panic(err)
	}
	report, _ := p.Refusal(provider.Refused{Status: http.StatusBadRequest, Body: []byte(`{"code":21610}`), To: "+14155550101"})
	fmt.Println(report.Kind, report.Code)

	_, err = twilio.New(twilio.Config{})
	fmt.Println(err)
	// Output:
	// opted-out 21610
	// twilio: Config.AuthToken is empty
}
