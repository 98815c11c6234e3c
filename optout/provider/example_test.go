package provider_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/twilio"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// A contact texts STOP. Twilio posts it, signed; the Handler verifies it, stores the
// opt-out, and answers with the confirmation. From then on nothing is sent.
func Example() {
	guard, err := optout.New(memstore.New(), nil) // a database in a real program: sqlstore
	if err != nil {
		panic(err)
	}
	p, err := twilio.New(twilio.Config{AuthToken: "12345"})
	if err != nil {
		panic(err)
	}
	handler := provider.Handler(guard, p, &provider.Options{
		Account:         provider.OneAccount("acme"),
		PublicURL:       "https://example.com",       // where Twilio calls, behind a proxy
		ProviderReplies: provider.RepliesWhenFlagged, // Twilio's own replies are switched off
		Observe:         func(_ context.Context, e provider.Event) { fmt.Println(e) },
	})

	form := url.Values{"MessageSid": {"SM1"}, "From": {"+14155550101"}, "To": {"+14155550199"}, "Body": {"Stop"}}
	post := httptest.NewRequest(http.MethodPost, "/sms", strings.NewReader(form.Encode()))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	post.Header.Set("X-Twilio-Signature", signature("12345", "https://example.com/sms"+
		"BodyStop"+"From+14155550101"+"MessageSidSM1"+"To+14155550199"))
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, post)
	fmt.Println(answer.Code, strings.Contains(answer.Body.String(), "<Message>You have successfully been unsubscribed."))

	err = guard.Send(context.Background(), "acme", "+1 (415) 555-0101", func(context.Context, string) error { return nil })
	fmt.Println(err)
	// Output:
	// twilio: message intent=opt-out status=opted-out changed=true duplicate=false http=200
	// 200 true
	// optout: not sent: opted_out
}

func signature(token, signed string) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(signed))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// A provider knows of an opt-out that nobody here has seen. Its refusal records it.
func ExampleSendError() {
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		panic(err)
	}
	p, err := twilio.New(twilio.Config{AuthToken: "12345"})
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	// region refused
	send := func(_ context.Context, to string) error {
		status, body := http.StatusBadRequest, []byte(`{"code":21610,"status":400}`) // the answer of Twilio's API
		return provider.SendError(p, provider.Refused{Status: status, Body: body, To: to, From: "+14155550199"})
	}
	fmt.Println(guard.Send(ctx, "acme", "+14155550101", send))
	// endregion refused
	fmt.Println(guard.Send(ctx, "acme", "+14155550101", send))
	// Output:
	// optout: opted out: optout: twilio refused the message: opted-out (21610)
	// optout: not sent: opted_out
}
