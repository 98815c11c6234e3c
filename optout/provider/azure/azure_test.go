package azure_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/azure"
	"github.com/seed-f10031e4/consent/optout/provider/internal/casetest"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func suite() casetest.Suite {
	return casetest.Suite{
		Name: "azure",
		New: func(_ *testing.T, c casetest.Case) (provider.Provider, error) {
			return azure.New(azure.Config{Secret: c.Secret})
		},
		Sign: func(_ *testing.T, r *http.Request, _ []byte) {
			r.URL.RawQuery = "token=" + casetest.Secret
			r.RequestURI = r.URL.RequestURI()
		},
	}
}

func TestCases(t *testing.T) { casetest.Run(t, suite()) }

func FuzzRead(f *testing.F) { casetest.Fuzz(f, suite()) }

const (
	hook = "https://example.com/azure"
	stop = `{"id":"e1","eventType":"Microsoft.Communication.SMSReceived","eventTime":"2026-03-01T12:00:01Z",
		"data":{"messageId":"m1","from":"14155550101","to":"14155550199","message":"STOP","receivedTimestamp":"2026-03-01T12:00:00Z"}}`
)

func read(t *testing.T, body string) (provider.Delivery, error) {
	t.Helper()
	p, err := azure.New(azure.Config{Secret: "s"})
	require.NoError(t, err)
	return p.Read(casetest.NewRequest(t, http.MethodPost, hook+"?token=s", []byte(body)), []byte(body))
}

func TestNewNamesTheField(t *testing.T) {
	agree := func(*http.Request) error { return nil }
	for want, config := range map[string]azure.Config{
		"azure: Config.Secret is empty":                          {},
		"azure: Config.OtherSecrets[1] is empty":                 {Secret: "a", OtherSecrets: []string{"b", ""}},
		"azure: Config.Parameter and Config.Header are both set": {Secret: "a", Parameter: "p", Header: "h"},
	} {
		_, err := azure.New(config)
		require.EqualError(t, err, want)
	}
	_, err := azure.New(azure.Config{OtherSecrets: []string{"b"}, Verify: agree})
	require.EqualError(t, err, "azure: Config.Secret is empty")
	_, err = azure.New(azure.Config{Verify: agree})
	require.NoError(t, err)
}

func TestSecretInTheQuery(t *testing.T) {
	p, err := azure.New(azure.Config{Secret: "new+1", OtherSecrets: []string{"old"}, Parameter: "code"})
	require.NoError(t, err)
	for query, want := range map[string]bool{
		"?code=new%2B1": true, "?a=1&code=old": true, "?code=old&code=old": true,
		"": false, "?code": false, "?code=": false, "?code=new+1": false, "?token=old": false, "?Code=old": false, "?code=OLD": false,
		"?code=old&code=x": false, "?code=x&code=old": false, "?code=old%00": false, "?code=old&x=%zz": false, "?code=oldold": false,
	} {
		_, err := p.Read(casetest.NewRequest(t, http.MethodPost, hook+query, nil), []byte("["+stop+"]"))
		if want {
			require.NoError(t, err, query)
		} else {
			require.ErrorIs(t, err, provider.ErrSignature, query)
		}
	}
}

func TestSecretInAHeader(t *testing.T) {
	p, err := azure.New(azure.Config{Secret: "Bearer s", Header: "authorization"})
	require.NoError(t, err)
	call := func(query string, values ...string) error {
		r := casetest.NewRequest(t, http.MethodPost, hook+query, nil)
		for _, value := range values {
			r.Header.Add("Authorization", value)
		}
		_, err := p.Read(r, []byte("["+stop+"]"))
		return err
	}
	require.NoError(t, call("", "Bearer s"))
	require.ErrorIs(t, call(""), provider.ErrSignature)
	require.ErrorIs(t, call("", "bearer s"), provider.ErrSignature)
	require.ErrorIs(t, call("", "Bearer s", "Bearer x"), provider.ErrSignature)
	require.ErrorIs(t, call("?token=Bearer+s&authorization=Bearer+s"), provider.ErrSignature, "not from the query")
}

func TestVerify(t *testing.T) {
	var verdict error
	p, err := azure.New(azure.Config{Secret: "s", Verify: func(r *http.Request) error {
		require.Equal(t, "token", r.Header.Get("Authorization"))
		return verdict
	}})
	require.NoError(t, err)
	call := func(query string) error {
		r := casetest.NewRequest(t, http.MethodPost, hook+query, nil)
		r.Header.Set("Authorization", "token")
		d, err := p.Read(r, []byte("["+stop+"]"))
		require.Equal(t, err == nil, len(d.Messages) == 1)
		return err
	}
	require.NoError(t, call("?token=s"))
	require.ErrorIs(t, call("?token=x"), provider.ErrSignature, "both must agree")
	verdict = errors.New("expired")
	require.ErrorIs(t, call("?token=s"), provider.ErrSignature)
	verdict = fmt.Errorf("%w: no keys", provider.ErrRetry)
	require.ErrorIs(t, call("?token=s"), provider.ErrRetry)
	require.NotErrorIs(t, call("?token=s"), provider.ErrSignature)
}

func TestValidation(t *testing.T) {
	body := `[{"id":"2d1781af","topic":"t","subject":"","data":{"validationCode":"512d38b6\"<","validationUrl":"https://evil.example/"},
		"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","eventTime":"2026-03-01T12:00:00Z"}]`
	p, err := azure.New(azure.Config{Secret: "s"})
	require.NoError(t, err)
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	h := provider.Handler(guard, p, &provider.Options{Account: provider.OneAccount("acme")})
	post := func(query string) *httptest.ResponseRecorder {
		r := casetest.NewRequest(t, http.MethodPost, hook+query, []byte(body))
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		r.Header.Set("Aeg-Event-Type", "SubscriptionValidation")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	w := post("?token=s")
	require.Equal(t, http.StatusOK, w.Code)
	require.JSONEq(t, `{"validationResponse":"512d38b6\"<"}`, w.Body.String())
	require.Equal(t, "application/json", w.Header().Get("Content-Type"))
	w = post("?token=x")
	require.Equal(t, http.StatusForbidden, w.Code)
	require.NotContains(t, w.Body.String(), "512d38b6")

	_, err = read(t, `[{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","data":{}}]`)
	require.ErrorIs(t, err, provider.ErrMalformed)
}

func TestPermission(t *testing.T) {
	byQuery, err := azure.New(azure.Config{Secret: "s"})
	require.NoError(t, err)
	byHeader, err := azure.New(azure.Config{Secret: "s", Header: "X-Secret"})
	require.NoError(t, err)
	ask := func(p *azure.Provider, query, origin string) (*httptest.ResponseRecorder, error) {
		r := casetest.NewRequest(t, http.MethodOptions, hook+query, nil)
		r.Header.Set("Webhook-Request-Origin", origin)
		r.Header.Set("Webhook-Request-Callback", "https://evil.example/")
		w := httptest.NewRecorder()
		d, err := p.Read(r, nil)
		if err == nil {
			require.Empty(t, d.Messages)
			p.Answer(w, d, nil)
		}
		return w, err
	}
	for query, p := range map[string]*azure.Provider{"?token=s": byQuery, "": byHeader} {
		w, err := ask(p, query, "eventgrid.azure.net")
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, "eventgrid.azure.net", w.Header().Get("Webhook-Allowed-Origin"))
		require.Equal(t, "*", w.Header().Get("Webhook-Allowed-Rate"))
		require.Equal(t, "POST", w.Header().Get("Allow"))
		for _, bad := range []string{"", "*", "a b", "a\r\nX: y", "https://eventgrid.azure.net", strings.Repeat("a", 254)} {
			_, err := ask(p, query, bad)
			require.ErrorIs(t, err, provider.ErrMalformed, bad)
		}
	}
	_, err = ask(byQuery, "", "eventgrid.azure.net")
	require.ErrorIs(t, err, provider.ErrSignature, "another URL than the one that was set up")
}

func TestAnEventThatCannotBeReadTakesNoOtherWithIt(t *testing.T) {
	for _, bad := range []string{`7`, `null`, `{}`, `{"eventType":"Microsoft.Communication.SMSReceived"}`} {
		d, err := read(t, `[`+stop+`,`+bad+`]`)
		require.NoError(t, err, bad)
		require.Len(t, d.Messages, 2)
		require.Equal(t, "STOP", d.Messages[0].Text)
		require.Equal(t, provider.Message{}, d.Messages[1])
	}
	d, err := read(t, `[`+strings.Repeat(`7,`, 100_000)+stop+`]`)
	require.NoError(t, err)
	require.Len(t, d.Messages, 2, "one of all that cannot be read")
}

func TestBodies(t *testing.T) {
	for _, bad := range []string{
		``, `null`, `7`, `"x"`, `[null]`, `[7]`, `[{}]`, `{}`, stop + stop, `[` + stop,
		`[{"eventType":7}]`, strings.ReplaceAll(stop, `"14155550101"`, `""`), strings.ReplaceAll(stop, `"14155550101"`, `{}`),
		`[{"eventType":"Microsoft.Communication.SMSReceived"}]`, `[{"eventType":"Microsoft.Communication.SMSReceived","data":null}]`,
		`[{"eventType":"Microsoft.Communication.SMSDeliveryReportReceived","data":[]}]`,
	} {
		d, err := read(t, bad)
		require.ErrorIs(t, err, provider.ErrMalformed, bad)
		require.Empty(t, d)
		require.NotContains(t, err.Error(), "415555")
	}
	for body, want := range map[string]int{
		`[]`: 0, stop: 1, " \n" + stop: 1, `[` + strings.Repeat(stop+",", 4999) + stop + `]`: 5000,
		`[{"eventType":"Microsoft.Communication.CallStarted","data":{"from":{"rawId":"x"}}},` + stop + `]`: 1, // data of another shape
	} {
		d, err := read(t, body)
		require.NoError(t, err)
		require.Len(t, d.Messages, want)
	}
}

func TestCloudEvents(t *testing.T) {
	d, err := read(t, `{"id":"e1","specversion":"1.0","source":"/subscriptions/s","type":"Microsoft.Communication.SMSReceived",
		"time":"2026-03-01T12:00:01.1234567Z","data":{"from":"+14155550101","to":"54321","message":"Opt out"}}`)
	require.NoError(t, err)
	require.Len(t, d.Messages, 1)
	m := d.Messages[0]
	require.Equal(t, []string{"e1", "+14155550101", "54321"}, []string{m.ID, m.From, m.To})
	require.Equal(t, 123456700, m.At.Nanosecond(), "when it was published, if it is not said when it came")
	require.True(t, m.AnsweredByDefault)
}

func TestAnsweredWords(t *testing.T) {
	for text, want := range map[string][2]bool{ // on a short code, on a toll-free number
		"STOP": {true, true}, "start": {true, true}, "HELP": {true, false}, "QUIT": {true, false}, "UNSTOP": {false, true},
		"STOP!": {false, false},
	} {
		for i, to := range []string{"54321", "18885550199"} {
			d, err := read(t, strings.NewReplacer("STOP", text, "14155550199", to).Replace(stop))
			require.NoError(t, err)
			require.Equal(t, want[i], d.Messages[0].AnsweredByDefault, text+" to "+to)
		}
	}
	p, err := azure.New(azure.Config{Secret: "s", AnsweredWords: []string{}})
	require.NoError(t, err)
	d, err := p.Read(casetest.NewRequest(t, http.MethodPost, hook+"?token=s", nil), []byte(stop))
	require.NoError(t, err)
	require.False(t, d.Messages[0].AnsweredByDefault)
}

func TestReports(t *testing.T) {
	for details, want := range map[string]struct {
		kind provider.Kind
		code string
	}{
		"Sender blocked for given recipient.": {provider.KindOptedOut, "Sender blocked for given recipient."},
		"sender blocked for given recipient":  {provider.KindOptedOut, "sender blocked for given recipient"},
		"4007":                                {provider.KindOptedOut, "4007"},
		"4007: The Destination/To number opted out of receiving messages from you.": {provider.KindOptedOut, "4007"},
		"The Destination/To number opted out of receiving messages from you.": {
			provider.KindOptedOut, "The Destination/To number opted out of receiving messages from you.",
		},
		"4005": {provider.KindBlocked, "4005"}, "4006": {provider.KindUnreachable, "4006"}, "4004": {provider.KindInvalidNumber, "4004"},
		"4000": {provider.KindFiltered, "4000"}, "9999": {provider.KindNone, "9999"}, "": {provider.KindNone, "Failed"},
		"40070 x": {provider.KindNone, "40070 x"}, "see 4007": {provider.KindNone, "see 4007"},
		"Sender blocked for given recipient. Not": {provider.KindNone, "Sender blocked for given recipient. Not"},
	} {
		d, err := read(t, fmt.Sprintf(`[{"id":"o1","eventType":"Microsoft.Communication.SMSDeliveryReportReceived","data":{
			"messageId":"o1","from":"54321","to":"14155550101","deliveryStatus":"Failed","deliveryStatusDetails":%q}}]`, details))
		require.NoError(t, err)
		require.Len(t, d.Reports, 1)
		r := d.Reports[0]
		require.Equal(t, want.kind, r.Kind, details)
		require.Equal(t, want.code, r.Code)
		require.Equal(t, []string{"o1", "+14155550101", "54321"}, []string{r.ID, r.Number, r.Sender})
		require.Equal(t, want.kind != provider.KindNone, r.Scope == provider.ScopeNumber)
	}
}

func TestRefusal(t *testing.T) {
	p, err := azure.New(azure.Config{Secret: "s"})
	require.NoError(t, err)
	for body, want := range map[string]string{
		`{"value":[{"to":"+14155550102","httpStatusCode":202},
			{"to":"+14155550101","httpStatusCode":400,"errorMessage":"+14155550101 is bad"}]}`: "400",
		`{"error":{"code":"Unauthorized","message":"x"}}`: "Unauthorized",
		`<html>`: "",
	} {
		r, ok := p.Refusal(provider.Refused{Status: http.StatusAccepted, Body: []byte(body), To: "+14155550101"})
		require.False(t, ok)
		require.Equal(t, provider.Report{Number: "+14155550101", Code: want}, r)
	}
	r, ok := p.Refusal(provider.Refused{
		Body: []byte(`{"value":[{"to":"+14155550101","httpStatusCode":400,"errorMessage":"Sender blocked for given recipient."}]}`),
		To:   "+14155550101",
	})
	require.True(t, ok)
	require.Equal(t, provider.KindOptedOut, r.Kind)
}

// The Handler compares with the secret of the URL that Event Grid called, whatever the proxy
// has made of it.
func TestBehindAProxy(t *testing.T) {
	p, err := azure.New(azure.Config{Secret: "s"})
	require.NoError(t, err)
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	h := provider.Handler(guard, p, &provider.Options{Account: provider.OneAccount("acme"), PublicURL: "https://example.com"})
	for query, want := range map[string]int{"token=s": http.StatusOK, "token=" + url.QueryEscape("s "): http.StatusForbidden} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://10.0.0.1/azure?"+query, strings.NewReader(stop))
		r.Header.Set("Content-Type", "application/cloudevents+json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Equal(t, want, w.Code)
	}
}
