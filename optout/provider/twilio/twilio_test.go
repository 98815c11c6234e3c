package twilio_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/casetest"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
	"github.com/seed-f10031e4/consent/optout/provider/twilio"
)

func suite() casetest.Suite {
	return casetest.Suite{
		Name: "twilio",
		New: func(_ *testing.T, c casetest.Case) (provider.Provider, error) {
			return twilio.New(twilio.Config{AuthToken: c.Secret})
		},
		Sign: sign,
	}
}

// sign signs a request as Twilio does.
func sign(t *testing.T, r *http.Request, body []byte) {
	t.Helper()
	signed := ""
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, _ := url.ParseQuery(string(body)) // of a body that makes no sense, no signature does either
		names := []string{}
		for name := range form {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			signed += name + form.Get(name)
		}
	} else {
		sum := sha256.Sum256(body)
		r.URL.RawQuery = "bodySHA256=" + hex.EncodeToString(sum[:])
		r.RequestURI = r.URL.RequestURI()
	}
	mac := hmac.New(sha1.New, []byte(casetest.Secret))
	mac.Write([]byte(wire.URL(r) + signed))
	r.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

func TestCases(t *testing.T) { casetest.Run(t, suite()) }

func FuzzRead(f *testing.F) { casetest.Fuzz(f, suite()) }

func TestNewNamesTheField(t *testing.T) {
	_, err := twilio.New(twilio.Config{})
	require.EqualError(t, err, "twilio: Config.AuthToken is empty")
	_, err = twilio.New(twilio.Config{AuthToken: "a", OtherAuthTokens: []string{"b", ""}})
	require.EqualError(t, err, "twilio: Config.OtherAuthTokens[1] is empty")
}

func TestTwoTokensCountWhileOneIsChanged(t *testing.T) {
	body := "MessageSid=SM1&From=%2B14155550101&To=%2B14155550199&Body=STOP"
	for _, config := range []twilio.Config{
		{AuthToken: "new", OtherAuthTokens: []string{casetest.Secret}},
		{AuthToken: casetest.Secret, OtherAuthTokens: []string{"old"}},
	} {
		p, err := twilio.New(config)
		require.NoError(t, err)
		r := casetest.NewRequest(t, http.MethodPost, "https://example.com/sms", []byte(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		sign(t, r, []byte(body))
		d, err := p.Read(r, []byte(body))
		require.NoError(t, err)
		require.Len(t, d.Messages, 1)
	}
}

func TestTheWordsThatTwilioAnswers(t *testing.T) {
	p, err := twilio.New(twilio.Config{AuthToken: casetest.Secret})
	require.NoError(t, err)
	read := func(from, to, text string) provider.Message {
		body := []byte(url.Values{"From": {from}, "To": {to}, "Body": {text}}.Encode())
		r := casetest.NewRequest(t, http.MethodPost, "https://example.com/sms", body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		sign(t, r, body)
		d, err := p.Read(r, body)
		require.NoError(t, err)
		return d.Messages[0]
	}
	const contact, long, short = "+14155550101", "+14155550199", "22395"
	require.True(t, read(contact, long, " stop ").AnsweredByDefault)
	require.False(t, read(contact, long, "Stop!").AnsweredByDefault)
	require.False(t, read(contact, long, "OPT OUT").AnsweredByDefault)
	require.False(t, read(contact, short, "STOP").AnsweredByDefault)
	require.False(t, read("whatsapp:"+contact, "whatsapp:"+long, "STOP").AnsweredByDefault)
}

func TestTheAnswerIsTwiML(t *testing.T) {
	p, err := twilio.New(twilio.Config{AuthToken: casetest.Secret})
	require.NoError(t, err)
	w := httptest.NewRecorder()
	p.Answer(w, provider.Delivery{}, []string{"", `You & yours are <off>. ]]> </Message>`})
	require.Contains(t, w.Body.String(), "<Response><Message>You &amp; yours are &lt;off&gt;. ]]&gt; &lt;/Message&gt;</Message></Response>")
	require.Equal(t, "application/xml; charset=utf-8", w.Header().Get("Content-Type"))
	w = httptest.NewRecorder()
	p.Answer(w, provider.Delivery{}, nil)
	require.Contains(t, w.Body.String(), "<Response></Response>")
}

func TestAButton(t *testing.T) {
	p, err := twilio.New(twilio.Config{AuthToken: casetest.Secret})
	require.NoError(t, err)
	body := []byte("From=whatsapp%3A%2B14155550101&To=whatsapp%3A%2B14155550199&Body=No+more+offers&ButtonPayload=STOP")
	r := casetest.NewRequest(t, http.MethodPost, "https://example.com/sms", body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sign(t, r, body)
	d, err := p.Read(r, body)
	require.NoError(t, err)
	require.Equal(t, "STOP", d.Messages[0].Text)
}

func readEvents(t *testing.T, body string) (provider.Delivery, error) {
	t.Helper()
	p, err := twilio.New(twilio.Config{AuthToken: casetest.Secret})
	require.NoError(t, err)
	r := casetest.NewRequest(t, http.MethodPost, "https://example.com/events", []byte(body))
	r.Header.Set("Content-Type", "application/json")
	sign(t, r, []byte(body))
	return p.Read(r, []byte(body))
}

const stopEvent = `{"type":"com.twilio.messaging.inbound-message.received",
	"data":{"from":"+14155550101","to":"+14155550199","body":"STOP"}}`

func TestAnEventThatCannotBeReadTakesNoOtherWithIt(t *testing.T) {
	for bad, messages := range map[string]int{
		`{"type":"com.twilio.messaging.inbound-message.received","data":{}}`: 2,
		`{"type":"com.twilio.messaging.inbound-message.received","data":7}`:  2,
		`7`: 2,
		`{"type":"com.twilio.voice.insights.call-event.gateway","data":{"from":{"caller":"x"},"timestamp":7}}`: 1, // data of another shape
	} {
		d, err := readEvents(t, "["+bad+","+stopEvent+"]")
		require.NoError(t, err, bad)
		require.Len(t, d.Messages, messages, bad)
		require.Equal(t, "STOP", d.Messages[messages-1].Text)
	}
}

func TestTwilioAnswersAMessageThatComesThroughEventStreamsToo(t *testing.T) {
	d, err := readEvents(t, stopEvent)
	require.NoError(t, err)
	require.True(t, d.Messages[0].AnsweredByDefault)
	require.True(t, d.NoReplies, "a sink does not read TwiML")
}

// TwilioRestError is the error of twilio-go, with the fields that matter here.
type TwilioRestError struct {
	Code    int
	Message string
}

func (e *TwilioRestError) Error() string { return e.Message }

// RestError has a Code too, and is not of twilio-go.
type RestError struct{ Code int }

func (e RestError) Error() string { return "" }

func TestTheErrorOfTwilioGo(t *testing.T) {
	p, err := twilio.New(twilio.Config{AuthToken: casetest.Secret})
	require.NoError(t, err)
	sdk := &TwilioRestError{Code: 21610, Message: "to +14155550101"}
	for _, wrapped := range []error{sdk, fmt.Errorf("send: %w", sdk), errors.Join(errors.New("x"), sdk)} {
		err := provider.SendError(p, provider.Refused{Err: wrapped, To: "+14155550101"})
		var refused *optout.RefusedError
		require.ErrorAs(t, err, &refused)
		require.True(t, refused.OptedOut)
		require.Equal(t, "21610", refused.Code)
		require.NotContains(t, err.Error(), "555")
	}
	var missing *TwilioRestError
	for _, other := range []error{RestError{Code: 21610}, &TwilioRestError{Code: 20429}, missing, errors.New("21610")} {
		require.Equal(t, other, provider.SendError(p, provider.Refused{Err: other}))
	}
}

func TestAReceivedMessageIsNoStatus(t *testing.T) {
	p, err := twilio.New(twilio.Config{AuthToken: casetest.Secret})
	require.NoError(t, err)
	for fields, messages := range map[string]int{
		"MessageStatus=received&Body=STOP":  1,
		"MessageStatus=receiving&Body=STOP": 1,
		"MessageStatus=&Body=STOP":          1,
		"SmsStatus=received&Body=STOP":      1,
		"Body=STOP":                         1,
		"MessageStatus=delivered":           0,
		"MessageStatus=&ErrorCode=21610":    0,
		"SmsStatus=sent":                    0,
	} {
		body := []byte("From=%2B14155550101&To=%2B14155550199&" + fields)
		r := casetest.NewRequest(t, http.MethodPost, "https://example.com/sms", body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		sign(t, r, body)
		d, err := p.Read(r, body)
		require.NoError(t, err)
		require.Len(t, d.Messages, messages, fields)
	}
}
