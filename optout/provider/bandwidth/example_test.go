package bandwidth_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seed-f10031e4/consent/optout/provider/bandwidth"
)

func Example() {
	p, err := bandwidth.New(bandwidth.Config{UserID: "hook", Password: "s3cret"})
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/bandwidth", http.NoBody)
	r.SetBasicAuth("hook", "s3cret")
	d, err := p.Read(r, []byte(`[{"type":"message-failed","to":"+14155550101","errorCode":4775,"message":{"id":"m1"}}]`))
	if err != nil {
		panic(err)
	}
	fmt.Println(d.Reports[0].Kind, d.Reports[0].Code)

	_, err = bandwidth.New(bandwidth.Config{UserID: "hook"})
	fmt.Println(err)
	// Output:
	// opted-out 4775
	// bandwidth: Config.Password is empty
}
