package sinch_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/casetest"
	"github.com/seed-f10031e4/consent/optout/provider/sinch"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const (
	signature = "X-Sinch-Webhook-Signature"
	nonce     = "X-Sinch-Webhook-Signature-Nonce"
	timestamp = "X-Sinch-Webhook-Signature-Timestamp"
	algorithm = "X-Sinch-Webhook-Signature-Algorithm"
)

func mac(text string) string {
	h := hmac.New(sha256.New, []byte(casetest.Secret))
	h.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func sign(_ *testing.T, r *http.Request, body []byte) {
	r.Header.Set(nonce, "01JHFFHWYY7HSS4FWTMDTQEK8V")
	r.Header.Set(timestamp, "1736760161")
	r.Header.Set(algorithm, "HmacSHA256")
	r.Header.Set(signature, mac(string(body)+".01JHFFHWYY7HSS4FWTMDTQEK8V.1736760161"))
}

func suite() casetest.Suite {
	return casetest.Suite{
		Name: "sinch",
		New: func(_ *testing.T, c casetest.Case) (provider.Provider, error) {
			return sinch.New(sinch.Config{Secret: c.Secret})
		},
		Sign: sign,
	}
}

func TestCases(t *testing.T) { casetest.Run(t, suite()) }

func FuzzRead(f *testing.F) { casetest.Fuzz(f, suite()) }

func TestNewNamesTheField(t *testing.T) {
	_, err := sinch.New(sinch.Config{})
	require.EqualError(t, err, "sinch: Config.Secret is empty")
	_, err = sinch.New(sinch.Config{Secret: "a", OtherSecrets: []string{""}})
	require.EqualError(t, err, "sinch: Config.OtherSecrets[0] is empty")
}

func newProvider(t *testing.T) *sinch.Provider {
	t.Helper()
	p, err := sinch.New(sinch.Config{Secret: casetest.Secret})
	require.NoError(t, err)
	return p
}

func read(t *testing.T, body string) (provider.Delivery, error) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/sinch", http.NoBody)
	sign(t, r, []byte(body))
	return newProvider(t).Read(r, []byte(body))
}

const stop = `{"type":"mo_text","id":"m1","from":"14155550101","to":"14155550199","body":"STOP","received_at":"2026-03-01T12:00:00Z"}`

func TestTwoSecretsCountWhileOneIsChanged(t *testing.T) {
	for _, config := range []sinch.Config{
		{Secret: "new", OtherSecrets: []string{casetest.Secret}}, {Secret: casetest.Secret, OtherSecrets: []string{"old"}},
	} {
		p, err := sinch.New(config)
		require.NoError(t, err)
		r := httptest.NewRequest(http.MethodPost, "/sinch", http.NoBody)
		sign(t, r, []byte(stop))
		d, err := p.Read(r, []byte(stop))
		require.NoError(t, err)
		require.Len(t, d.Messages, 1)
	}
}

func TestWhatIsNotProved(t *testing.T) {
	for name, change := range map[string]func(http.Header){
		"no signature":           func(h http.Header) { h.Del(signature) },
		"an empty signature":     func(h http.Header) { h.Set(signature, "") },
		"two signatures":         func(h http.Header) { h.Add(signature, h.Get(signature)) },
		"a list of signatures":   func(h http.Header) { h.Set(signature, h.Get(signature)+","+h.Get(signature)) },
		"a line break":           func(h http.Header) { h.Set(signature, h.Get(signature)[:9]+"\r\n"+h.Get(signature)[9:]) },
		"no padding":             func(h http.Header) { h.Set(signature, strings.TrimRight(h.Get(signature), "=")) },
		"no nonce":               func(h http.Header) { h.Del(nonce) },
		"two nonces":             func(h http.Header) { h.Add(nonce, h.Get(nonce)) },
		"another nonce":          func(h http.Header) { h.Set(nonce, "1") },
		"another time":           func(h http.Header) { h.Set(timestamp, "1736760162") },
		"two times":              func(h http.Header) { h.Add(timestamp, h.Get(timestamp)) },
		"no algorithm":           func(h http.Header) { h.Del(algorithm) },
		"another algorithm":      func(h http.Header) { h.Set(algorithm, "none") },
		"two algorithms":         func(h http.Header) { h.Add(algorithm, "HmacSHA1") },
		"an empty nonce, signed": func(h http.Header) { h.Set(nonce, ""); h.Set(signature, mac(stop+"..1736760161")) },
		"an empty time, signed":  func(h http.Header) { h.Set(timestamp, ""); h.Set(signature, mac(stop+".01JHFFHWYY7HSS4FWTMDTQEK8V.")) },
		"a dot in the nonce":     func(h http.Header) { h.Set(nonce, "a.b"); h.Set(signature, mac(stop+".a.b.1736760161")) },
		"a time that is not digits": func(h http.Header) {
			h.Set(timestamp, "1.5")
			h.Set(signature, mac(stop+".01JHFFHWYY7HSS4FWTMDTQEK8V.1.5"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/sinch", http.NoBody)
			sign(t, r, []byte(stop))
			change(r.Header)
			d, err := newProvider(t).Read(r, []byte(stop))
			require.ErrorIs(t, err, provider.ErrSignature)
			require.Empty(t, d)
		})
	}
}

// Sinch does not deliver again after a 4xx.
func TestNothingIsAnsweredWith4xx(t *testing.T) {
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	var events []provider.Event
	h := provider.Handler(guard, newProvider(t), &provider.Options{
		Account: provider.OneAccount("acme"), Observe: func(_ context.Context, e provider.Event) { events = append(events, e) },
	})
	for body, want := range map[string]error{stop: provider.ErrSignature, `{"type":"mo_text","body":"STOP"}`: provider.ErrMalformed} {
		r := httptest.NewRequest(http.MethodPost, "/sinch", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		sign(t, r, []byte(body))
		if body == stop {
			r.Header.Set(signature, mac("something else"))
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Equal(t, http.StatusServiceUnavailable, w.Code)
		require.ErrorIs(t, events[len(events)-1].Err, want)
	}
}

func TestWhatMakesNoSense(t *testing.T) {
	for _, body := range []string{
		``, `null`, `[]`, `[` + stop + `]`, `1`, `"x"`, stop + stop, stop[:40], `{"type":1}`, `{"type":"mo_text"}`,
		`{"type":"mo_text","from":""}`,
		`{"type":"mo_text","from":"14155550101","body":1}`, `{"type":"mo_text","from":"14155550101","body":["STOP"]}`,
		`{"type":"mo_media","from":"14155550101","body":{"message":1}}`, `{"message":{}}`, `{"message":[]}`, `{"message":"STOP"}`,
		`{"message":{"channel_identity":{"channel":"SMS","identity":""}}}`, `{"message":{"contact_message":{"text_message":"STOP"}}}`,
		`{"opt_out_notification":"OPT_OUT_SUCCEEDED"}`,
	} {
		d, err := read(t, body)
		require.ErrorIs(t, err, provider.ErrMalformed, body)
		require.Empty(t, d)
	}
	for _, body := range []string{
		`{}`, `{"type":"something_new"}`, `{"event":{"id":"e"}}`, `{"contact_create_notification":{}}`, `{"message":null}`,
		`{"message":{"direction":"TO_CONTACT","channel_identity":{"identity":"1"},"contact_message":{"text_message":{"text":"STOP"}}}}`,
		`{"message_redaction":{"contact_message":{"text_message":{"text":"STOP"}}}}`,
	} {
		d, err := read(t, body)
		require.NoError(t, err, body)
		require.Empty(t, d)
	}
}

func TestMessagesOfTheSMSAPI(t *testing.T) {
	for body, want := range map[string]struct {
		text  string
		media int
	}{
		`{"type":"mo_text","from":"14155550101","body":""}`:                                               {"", 0},
		`{"type":"mo_text","from":"14155550101"}`:                                                         {"", 0},
		`{"type":"mo_text","from":"14155550101","body":null}`:                                             {"", 0},
		`{"type":"mo_media","from":"14155550101","body": {"subject":"Re","message":"Stop","media":[{}]}}`: {"Stop", 1},
		`{"type":"mo_media","from":"14155550101","body":{"subject":"STOP","media":null}}`:                 {"STOP", 0},
		`{"type":"mo_binary","from":"14155550101","body":"U1RPUA==","udh":"00"}`:                          {"", 0},
		`{"type":"mo_new","from":"14155550101","body":"STOP","more":[1]}`:                                 {"STOP", 0},
	} {
		d, err := read(t, body)
		require.NoError(t, err, body)
		require.Equal(t, want.text, d.Messages[0].Text, body)
		require.Equal(t, want.media, d.Messages[0].Media, body)
		require.Equal(t, "+14155550101", d.Messages[0].From)
		require.False(t, d.Messages[0].AnsweredByDefault, "no document says that the SMS API replies")
	}
	d, err := read(t, stop)
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC), d.Messages[0].At, "no sent_at: received_at")
}

func conversation(channel, content string) string {
	return `{"app_id":"a","accepted_time":"2026-03-01T12:00:00Z","message":{"id":"m","direction":"TO_APP","contact_message":` + content +
		`,"channel_identity":{"channel":"` + channel + `","identity":"14155550101"},"sender_id":"14155550199"}}`
}

func TestMessagesOfTheConversationAPI(t *testing.T) {
	for content, want := range map[string]provider.Message{
		`{"text_message":{"text":"Stop "},"reply_to":{"message_id":"out"}}`: {
			Message: optout.Message{Text: "Stop "}, ReplyTo: "out", AnsweredByDefault: true,
		},
		`{"text_message":{"text":"QUIT"},"reply_to":null}`: {Message: optout.Message{Text: "QUIT"}},
		`{"choice_response_message":{"message_id":"out","postback_data":"STOP"}}`: {
			Message: optout.Message{Text: "STOP"}, ReplyTo: "out", AnsweredByDefault: true,
		},
		`{"choice_response_message":{"message_id":"out","postback_data":"START"}}`: {ReplyTo: "out"},
		`{"media_card_message":{"caption":"stop","url":"u"}}`: {
			Message: optout.Message{Text: "stop"}, Media: 1, AnsweredByDefault: true,
		},
		`{"media_message":{"url":"u","thumbnail_url":7}}`:                               {Media: 1},
		`{"fallback_message":{"raw_message":"STOP","reason":{"code":"UNKNOWN"}}}`:       {},
		`{"location_message":{"title":"STOP","coordinates":{"latitude":1}}}`:            {},
		`{"product_response_message":{"products":[],"title":"STOP"}}`:                   {},
		`{"channel_specific_message":{"message_type":"nfm_reply","message":{"x":"y"}}}`: {},
	} {
		d, err := read(t, conversation("SMS", content))
		require.NoError(t, err, content)
		want.ID, want.From, want.To, want.Channel, want.Service = "m", "+14155550101", "+14155550199", "SMS", "a"
		want.At = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
		require.Equal(t, []provider.Message{want}, d.Messages, content)
	}
	for channel, want := range map[string]string{
		"MMS": "+14155550101", "RCS": "+14155550101", "WHATSAPP": "+14155550101", "VIBERBM": "+14155550101",
		"MESSENGER": "14155550101", "TELEGRAM": "14155550101", "NEW": "14155550101", "": "14155550101",
	} {
		d, err := read(t, conversation(channel, `{"text_message":{"text":"STOP"}}`))
		require.NoError(t, err)
		require.Equal(t, want, d.Messages[0].From, channel)
	}
}

func TestNotifications(t *testing.T) {
	for body, want := range map[string]provider.Kind{
		`{"opt_out_notification":{"channel":"SMS","identity":"14155550101","status":"OPT_OUT_FAILED"}}`:             provider.KindNone,
		`{"opt_out_notification":{"channel":"SMS","identity":"14155550101","status":"OPT_OUT_STATUS_UNSPECIFIED"}}`: provider.KindNone,
		`{"opt_out_notification":{"channel":"SMS","identity":"14155550101","status":"OPT_IN_SUCCEEDED"}}`:           provider.KindNone,
		`{"opt_out_notification":{"channel":"SMS","identity":"14155550101"}}`:                                       provider.KindNone,
		`{"opt_in_notification":{"channel":"SMS","identity":"14155550101","status":"OPT_OUT_SUCCEEDED"}}`:           provider.KindNone,
		`{"opt_in_notification":{"channel":"SMS","identity":"14155550101","status":"OPT_IN_SUCCEEDED"}}`:            provider.KindOptedIn,
		`{"opt_out_notification":{"channel":"WHATSAPP","identity":"14155550101","status":"OPT_OUT_SUCCEEDED"}}`:     provider.KindOptedOut,
	} {
		d, err := read(t, body)
		require.NoError(t, err)
		if want == provider.KindNone {
			require.Empty(t, d, body)
			continue
		}
		require.Len(t, d.Reports, 1)
		require.Equal(t, want, d.Reports[0].Kind)
		require.Equal(t, "+14155550101", d.Reports[0].Number)
	}
}

// What Sinch notes opts out, and never in.
func TestTheHandlerRecordsTheOptOutAlone(t *testing.T) {
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	var last provider.Event
	h := provider.Handler(guard, newProvider(t), &provider.Options{
		Account: provider.OneAccount("acme"), Observe: func(_ context.Context, e provider.Event) { last = e },
	})
	post := func(body string) int {
		r := httptest.NewRequest(http.MethodPost, "/sinch", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		sign(t, r, []byte(body))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	require.Equal(t, http.StatusOK, post(`{"opt_out_notification":{"channel":"SMS","identity":"14155550101","status":"OPT_OUT_SUCCEEDED"}}`))
	require.NoError(t, last.Err)
	require.Equal(t, http.StatusOK, post(`{"opt_in_notification":{"channel":"SMS","identity":"14155550101","status":"OPT_IN_SUCCEEDED"}}`))
	decision, err := guard.Gate(t.Context(), "acme", "+14155550101")
	require.NoError(t, err)
	require.Equal(t, store.OptedOut, decision.State.Status)

	require.Equal(t, http.StatusOK, post(`{"opt_out_notification":{"channel":"SMS","contact_id":"01K","status":"OPT_OUT_SUCCEEDED"}}`),
		"no other delivery can help")
	require.ErrorIs(t, last.Err, optout.ErrInvalidNumber)
}

func TestDeliveryReports(t *testing.T) {
	const head = `{"type":"recipient_delivery_report_sms","batch_id":"b","recipient":"14155550101",`
	for body, want := range map[string][]provider.Report{
		head + `"code":0,"status":"Delivered"}`:    nil,
		head + `"code":401,"status":"Dispatched"}`: nil,
		head + `"code":400,"status":"Queued"}`:     nil,
		head + `"code":"404","status":"Failed"}`: {{
			ID: "b", Number: "+14155550101", Scope: "number", Kind: provider.KindUnreachable, Code: "404",
		}},
		head + `"code":413,"status":"Rejected"}`: {{ID: "b", Number: "+14155550101", Scope: "number", Code: "413"}},
		head + `"code":{},"status":"Deleted"}`:   {{ID: "b", Number: "+14155550101", Scope: "number", Kind: provider.KindBlocked}},
		`{"type":"delivery_report_mms","batch_id":"b","statuses":[
			{"code":0,"status":"Delivered","recipients":["14155550101"]},
			{"code":417,"status":"Failed","count":2,"recipients":["14155550102","+14155550103"]},
			{"code":402,"status":"Aborted","count":1}]}`: {
			{ID: "b", Number: "+14155550102", Scope: "number", Kind: provider.KindUnreachable, Code: "417"},
			{ID: "b", Number: "+14155550103", Scope: "number", Kind: provider.KindUnreachable, Code: "417"},
		},
		`{"message_delivery_report":{"message_id":"m","status":"DELIVERED","reason":{"code":"RECIPIENT_NOT_OPTED_IN"}}}`:         nil,
		`{"message_delivery_report":{"message_id":"m","status":"SWITCHING_CHANNEL","reason":{"code":"RECIPIENT_NOT_OPTED_IN"}}}`: nil,
		`{"message_delivery_report":{"message_id":"m","status":"FAILED","channel_identity":{"channel":"MESSENGER","identity":"77"},
			"reason":{"code":"RECIPIENT_NOT_REACHABLE"}}}`: {{
			ID: "m", Number: "messenger:77", Kind: provider.KindUnreachable, Code: "RECIPIENT_NOT_REACHABLE",
		}},
	} {
		d, err := read(t, body)
		require.NoError(t, err, body)
		require.Empty(t, d.Messages)
		require.Equal(t, want, d.Reports, body)
	}
}

func TestRefusalSaysNothingOfConsent(t *testing.T) {
	for body, want := range map[string]string{
		`{"code":"syntax_invalid_parameter_format","text":"t"}`:   "syntax_invalid_parameter_format",
		`{"error":{"code":400,"status":"INVALID_ARGUMENT"}}`:      "INVALID_ARGUMENT",
		`{"opt_out_notification":{"status":"OPT_OUT_SUCCEEDED"}}`: "",
		``: "", `[]`: "", `{"code":null}`: "", `{"error":"x"}`: "",
	} {
		report, ok := newProvider(t).Refusal(provider.Refused{Status: http.StatusBadRequest, Body: []byte(body), To: "+14155550101"})
		require.False(t, ok)
		require.Equal(t, provider.Report{Number: "+14155550101", Code: want}, report, body)
	}
}

func TestANotificationOfAnotherChannelIsNotAboutAPhoneNumber(t *testing.T) {
	d, err := read(t, `{"opt_out_notification":{"channel":"TELEGRAM","identity":"6591234567","status":"OPT_OUT_SUCCEEDED"}}`)
	require.NoError(t, err)
	require.Equal(t, "telegram:6591234567", d.Reports[0].Number)
}
