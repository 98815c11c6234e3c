package infobip_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider/infobip"
)

func Example() {
	p, err := infobip.New(infobip.Config{Username: "hook", Password: "s3cret"})
	if err != nil {
		panic(err)
	}
	body := `{"results":[{"messageId":"m1","from":"14155550101","to":"54321","text":"STOP","receivedAt":"2026-03-01T12:00:00.000+0000"}]}`
	r, err := http.NewRequest(http.MethodPost, "https://example.com/infobip", strings.NewReader(body))
	if err != nil {
		panic(err)
	}

	_, err = p.Read(r, []byte(body))
	fmt.Println(err)

	r.SetBasicAuth("hook", "s3cret")
	d, err := p.Read(r, []byte(body))
	fmt.Println(d.Messages[0].From, d.Messages[0].Text, err)
	// Output:
	// provider: signature: no Basic authentication
	// +14155550101 STOP <nil>
}
