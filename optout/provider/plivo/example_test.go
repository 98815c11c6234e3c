package plivo_test

import (
	"fmt"
	"net/http"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/plivo"
)

func Example() {
	p, err := plivo.New(plivo.Config{AuthToken: "12345"})
	if err != nil {
		panic(err)
	}
	report, _ := p.Refusal(provider.Refused{Status: http.StatusOK, Body: []byte(`{"error_code":"200"}`), To: "+14155550101"})
	fmt.Println(report.Kind, report.Code)

	_, err = plivo.New(plivo.Config{})
	fmt.Println(err)
	// Output:
	// opted-out 200
	// plivo: Config.AuthToken is empty
}
