package awssns_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/awssns"
)

func Example() {
	// In your program: &http.Client{Timeout: 5 * time.Second}. Here nothing is reached.
	client := &http.Client{Timeout: 5 * time.Second, Transport: fetcher(func(r *http.Request) (*http.Response, error) {
		fmt.Println("fetches", r.URL)
		return nil, errors.New("no network")
	})}
	p, err := awssns.New(awssns.Config{Topics: []string{"arn:aws:sns:us-east-1:123456789012:sms-inbound"}, Client: client})
	if err != nil {
		panic(err)
	}
	receive := func(certificate string) error {
		body := `{"Type":"Notification","TopicArn":"arn:aws:sns:us-east-1:123456789012:sms-inbound","Message":"{}",
			"Timestamp":"2026-03-01T12:00:00Z","SignatureVersion":"2","Signature":"AAAA","SigningCertURL":"` + certificate + `"}`
		r, err := http.NewRequest(http.MethodPost, "https://example.com/aws", strings.NewReader(body))
		if err != nil {
			return err
		}
		_, err = p.Read(r, []byte(body))
		return err
	}
	fmt.Println(receive("https://sns.us-east-1.amazonaws.com.evil.example/a.pem"))
	fmt.Println(receive("https://sns.us-east-1.amazonaws.com/a.pem"))

	refusal := `{"__type":"ConflictException","Reason":"DESTINATION_PHONE_NUMBER_OPTED_OUT"}`
	report, _ := p.Refusal(provider.Refused{Status: http.StatusConflict, Body: []byte(refusal), To: "+14155550101"})
	fmt.Println(report.Kind, report.Scope)
	// Output:
	// provider: signature: SigningCertURL is not a certificate of SNS
	// fetches https://sns.us-east-1.amazonaws.com/a.pem
	// provider: deliver again: the certificate: awssns: no network
	// opted-out list
}
