package sinch_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seed-f10031e4/consent/optout/provider/sinch"
)

func Example() {
	p, err := sinch.New(sinch.Config{Secret: "s3cret"})
	if err != nil {
		panic(err)
	}
	body := `{"opt_out_notification":{"channel":"SMS","identity":"14155550101","status":"OPT_OUT_SUCCEEDED"}}`
	mac := hmac.New(sha256.New, []byte("s3cret"))
	mac.Write([]byte(body + ".01JHFF.1736760161"))
	r := httptest.NewRequest(http.MethodPost, "/sinch", http.NoBody)
	r.Header.Set("X-Sinch-Webhook-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	r.Header.Set("X-Sinch-Webhook-Signature-Algorithm", "HmacSHA256")
	r.Header.Set("X-Sinch-Webhook-Signature-Nonce", "01JHFF")
	r.Header.Set("X-Sinch-Webhook-Signature-Timestamp", "1736760161")
	d, err := p.Read(r, []byte(body))
	if err != nil {
		panic(err)
	}
	fmt.Println(d.Reports[0].Kind, d.Reports[0].Code)

	_, err = sinch.New(sinch.Config{})
	fmt.Println(err)
	// Output:
	// opted-out OPT_OUT_SUCCEEDED
	// sinch: Config.Secret is empty
}
