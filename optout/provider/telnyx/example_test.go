package telnyx_test

import (
	"fmt"
	"net/http"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/telnyx"
)

func Example() {
	p, err := telnyx.New(telnyx.Config{PublicKey: "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="})
	if err != nil {
		panic(err)
	}
	report, _ := p.Refusal(provider.Refused{Status: http.StatusBadRequest, Body: []byte(`{"errors":[{"code":"40300"}]}`), To: "+14155550101"})
	fmt.Println(report.Kind, report.Code)

	_, err = telnyx.New(telnyx.Config{})
	fmt.Println(err)
	// Output:
	// opted-out 40300
	// telnyx: Config.PublicKey is empty
}
