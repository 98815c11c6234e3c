package plivo_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/casetest"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
	"github.com/seed-f10031e4/consent/optout/provider/plivo"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const nonce = "05429567804466091622"

func suite() casetest.Suite {
	return casetest.Suite{
		Name: "plivo",
		New: func(_ *testing.T, c casetest.Case) (provider.Provider, error) {
			return plivo.New(plivo.Config{AuthToken: c.Secret})
		},
		Sign: signV3,
	}
}

func mac(text string) string {
	h := hmac.New(sha256.New, []byte(casetest.Secret))
	h.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// signV3 signs a request as Plivo does with V3, of parameters that are there once.
func signV3(t *testing.T, r *http.Request, body []byte) {
	t.Helper()
	base, query, _ := strings.Cut(wire.URL(r), "?")
	text := func(raw, between, after string) string {
		values, _ := url.ParseQuery(raw) // of a body that makes no sense, no signature does either
		var pairs []string
		for name := range values {
			pairs = append(pairs, name+between+values.Get(name))
		}
		slices.Sort(pairs)
		return strings.Join(pairs, after)
	}
	signed := base
	switch {
	case r.Method == http.MethodGet && query != "":
		signed += "?" + text(query, "=", "&")
	case r.Method == http.MethodGet:
	case query != "" && len(body) > 0:
		signed += "?" + text(query, "=", "&") + "." + text(string(body), "", "")
	case query != "":
		signed += "?" + text(query, "=", "&")
	case len(body) > 0:
		signed += "?" + text(string(body), "", "")
	}
	r.Header.Set("X-Plivo-Signature-V3-Nonce", nonce)
	r.Header.Set("X-Plivo-Signature-V3", mac(signed+"."+nonce))
}

func signV2(r *http.Request) {
	base, _, _ := strings.Cut(wire.URL(r), "?")
	r.Header.Set("X-Plivo-Signature-V2-Nonce", nonce)
	r.Header.Set("X-Plivo-Signature-V2", mac(base+nonce))
}

func TestCases(t *testing.T) { casetest.Run(t, suite()) }

func FuzzRead(f *testing.F) { casetest.Fuzz(f, suite()) }

func TestNewNamesTheField(t *testing.T) {
	_, err := plivo.New(plivo.Config{})
	require.EqualError(t, err, "plivo: Config.AuthToken is empty")
	_, err = plivo.New(plivo.Config{AuthToken: "a", OtherAuthTokens: []string{"b", ""}})
	require.EqualError(t, err, "plivo: Config.OtherAuthTokens[1] is empty")
}

const stop = "From=14155550101&To=14155550199&Type=sms&Text=STOP&MessageUUID=m1"

func post(t *testing.T, whole, body string) *http.Request {
	t.Helper()
	r := casetest.NewRequest(t, http.MethodPost, whole, []byte(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func newProvider(t *testing.T, c plivo.Config) *plivo.Provider {
	t.Helper()
	if c.AuthToken == "" {
		c.AuthToken = casetest.Secret
	}
	p, err := plivo.New(c)
	require.NoError(t, err)
	return p
}

// read returns the message of a form that is signed.
func read(t *testing.T, p *plivo.Provider, body string) provider.Message {
	t.Helper()
	r := post(t, "https://example.com/plivo", body)
	signV3(t, r, []byte(body))
	d, err := p.Read(r, []byte(body))
	require.NoError(t, err)
	require.Len(t, d.Messages, 1)
	return d.Messages[0]
}

func TestTwoTokensCountWhileOneIsChanged(t *testing.T) {
	for _, config := range []plivo.Config{
		{AuthToken: "new", OtherAuthTokens: []string{casetest.Secret}},
		{AuthToken: casetest.Secret, OtherAuthTokens: []string{"old"}},
	} {
		require.Equal(t, "STOP", read(t, newProvider(t, config), stop).Text)
	}
}

func TestTheShapesOfV3(t *testing.T) {
	p := newProvider(t, plivo.Config{})
	for _, c := range []struct{ method, url, body string }{
		{http.MethodPost, "https://example.com/plivo", stop},
		{http.MethodPost, "https://example.com/plivo?a=1&b=%C3%A9+x", stop},
		{http.MethodPost, "https://example.com", stop},
		{http.MethodPost, "https://example.com/?a=1", stop},
		{http.MethodGet, "https://example.com/plivo?" + stop, ""},
		{http.MethodGet, "https://example.com?" + stop, ""},
	} {
		r := casetest.NewRequest(t, c.method, c.url, []byte(c.body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		signV3(t, r, []byte(c.body))
		d, err := p.Read(r, []byte(c.body))
		require.NoError(t, err, c.url)
		require.Equal(t, "STOP", d.Messages[0].Text)
	}
	r := post(t, "https://example.com", stop)
	r.Header.Set("X-Plivo-Signature-V3-Nonce", nonce)
	r.Header.Set("X-Plivo-Signature-V3", mac("https://example.com?From14155550101MessageUUIDm1TextSTOPTo14155550199Typesms."+nonce))
	_, err := p.Read(r, []byte(stop))
	require.NoError(t, err, "a URL that is set up without its slash")
}

func TestTheValuesOfANameAreSigned(t *testing.T) {
	p := newProvider(t, plivo.Config{})
	body := "From=14155550101&To=14155550199&x=2&x=1"
	r := post(t, "https://example.com/plivo", body)
	r.Header.Set("X-Plivo-Signature-V3-Nonce", nonce)
	r.Header.Set("X-Plivo-Signature-V3", mac("https://example.com/plivo?From14155550101To14155550199x1x2."+nonce))
	_, err := p.Read(r, []byte(body))
	require.NoError(t, err)

	body = "From=14155550101&From=14155550102&To=14155550199"
	r.Header.Set("X-Plivo-Signature-V3", mac("https://example.com/plivo?From14155550101From14155550102To14155550199."+nonce))
	d, err := p.Read(r, []byte(body))
	require.ErrorIs(t, err, provider.ErrMalformed, "which of them is it?")
	require.Empty(t, d)
}

func TestWhatIsNotProved(t *testing.T) {
	for name, change := range map[string]func(*http.Request){
		"no signature":        func(r *http.Request) { r.Header.Del("X-Plivo-Signature-V3") },
		"an empty signature":  func(r *http.Request) { r.Header.Set("X-Plivo-Signature-V3", "") },
		"commas":              func(r *http.Request) { r.Header.Set("X-Plivo-Signature-V3", ",, ,") },
		"no nonce":            func(r *http.Request) { r.Header.Del("X-Plivo-Signature-V3-Nonce") },
		"an empty nonce":      func(r *http.Request) { r.Header.Set("X-Plivo-Signature-V3-Nonce", "") },
		"two nonces":          func(r *http.Request) { r.Header.Add("X-Plivo-Signature-V3-Nonce", nonce) },
		"a nonce with a dot":  func(r *http.Request) { r.Header.Set("X-Plivo-Signature-V3-Nonce", "1."+nonce) },
		"a line break":        func(r *http.Request) { edit(r, func(s string) string { return s[:20] + "\n" + s[20:] }) },
		"no padding":          func(r *http.Request) { edit(r, func(s string) string { return strings.TrimRight(s, "=") }) },
		"other base64":        func(r *http.Request) { edit(r, func(s string) string { return strings.ReplaceAll(s, "=", "%3D") }) },
		"another host":        func(r *http.Request) { r.URL.Host = "example.org" },
		"another scheme":      func(r *http.Request) { r.URL.Scheme = "http" },
		"another path":        func(r *http.Request) { r.RequestURI = "/plivo/" },
		"a query":             func(r *http.Request) { r.RequestURI = "/plivo?Text=STAY" },
		"too many signatures": func(r *http.Request) { edit(r, func(s string) string { return strings.Repeat("A,", 100) + s }) },
		"the signature of V2": func(r *http.Request) {
			signV2(r)
			edit(r, func(string) string { return r.Header.Get("X-Plivo-Signature-V2") })
		},
		"a wrong V3, a good V2": func(r *http.Request) { signV2(r); edit(r, func(string) string { return mac("something else") }) },
		"an empty V3, a good V2": func(r *http.Request) {
			signV2(r)
			r.Header.Set("X-Plivo-Signature-V3", "")
		},
		"an empty main V3, a good V2": func(r *http.Request) {
			signV2(r)
			r.Header.Del("X-Plivo-Signature-V3")
			r.Header.Set("X-Plivo-Signature-Ma-V3", "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := post(t, "https://example.com/plivo", stop)
			signV3(t, r, []byte(stop))
			change(r)
			d, err := newProvider(t, plivo.Config{}).Read(r, []byte(stop))
			require.ErrorIs(t, err, provider.ErrSignature)
			require.Empty(t, d)
			require.NotContains(t, err.Error(), "1415")
		})
	}
}

func edit(r *http.Request, change func(string) string) {
	r.Header.Set("X-Plivo-Signature-V3", change(r.Header.Get("X-Plivo-Signature-V3")))
}

func TestSeveralSignatures(t *testing.T) {
	p := newProvider(t, plivo.Config{})
	r := post(t, "https://example.com/plivo", stop)
	signV3(t, r, []byte(stop))
	good := r.Header.Get("X-Plivo-Signature-V3")
	for name, headers := range map[string]http.Header{
		"by comma":            {"X-Plivo-Signature-V3": {"AAAA, " + good}},
		"in two headers":      {"X-Plivo-Signature-V3": {"AAAA", good}},
		"of the main account": {"X-Plivo-Signature-V3": {"AAAA"}, "X-Plivo-Signature-Ma-V3": {good}},
	} {
		r.Header.Del("X-Plivo-Signature-V3")
		maps.Copy(r.Header, headers)
		_, err := p.Read(r, []byte(stop))
		require.NoError(t, err, name)
	}
}

// The vector of plivo-python tests/resources/test_signature.py.
func TestPlivosVectorOfV2(t *testing.T) {
	r := post(t, "https://answer.url", "From=14155550101&To=14155550199&Text=STOP")
	r.Header.Set("X-Plivo-Signature-V2-Nonce", "12345")
	r.Header.Set("X-Plivo-Signature-V2", "ehV3IKhLysWBxC1sy8INm0qGoQYdYsHwuoKjsX7FsXc=")
	_, err := newProvider(t, plivo.Config{AuthToken: "my_auth_token"}).Read(r, []byte("From=14155550101&To=14155550199&Text=STOP"))
	require.NoError(t, err)
}

func TestV2CoversNoMessage(t *testing.T) {
	r := post(t, "https://example.com/plivo?x=1", stop)
	signV2(r)
	d, err := newProvider(t, plivo.Config{}).Read(r, []byte(stop))
	require.NoError(t, err)
	require.Equal(t, "STOP", d.Messages[0].Text)

	_, err = newProvider(t, plivo.Config{RequireV3: true}).Read(r, []byte(stop))
	require.ErrorIs(t, err, provider.ErrSignature)

	r.RequestURI, r.URL.Path = "/pli", "/pli"
	r.Header.Set("X-Plivo-Signature-V2-Nonce", "vo"+nonce)
	_, err = newProvider(t, plivo.Config{}).Read(r, []byte(stop))
	require.NoError(t, err, "nothing stands between path and nonce; doc.go says what V2 is worth")
	r.RequestURI = "/"
	r.Header.Set("X-Plivo-Signature-V2-Nonce", "/plivo"+nonce)
	_, err = newProvider(t, plivo.Config{}).Read(r, []byte(stop))
	require.ErrorIs(t, err, provider.ErrSignature, "but no slash moves")
}

func TestOnlyTheFormCounts(t *testing.T) {
	p := newProvider(t, plivo.Config{})
	body := "MessageUUID=m1&To=14155550199&Text=STOP"
	r := post(t, "https://example.com/plivo?From=14155550101", body)
	signV3(t, r, []byte(body))
	_, err := p.Read(r, []byte(body))
	require.ErrorIs(t, err, provider.ErrMalformed, "the number in the query is not Plivo's")
}

func TestMessageIntent(t *testing.T) {
	p := newProvider(t, plivo.Config{})
	for flag, want := range map[string]keywords.Intent{
		"optout": keywords.OptOut, "optin": keywords.OptIn, "help": keywords.Help, "": keywords.None, "other": keywords.None,
	} {
		m := read(t, p, "From=14155550101&To=14155550199&Text=BASTA&MessageIntent="+flag)
		require.Equal(t, want, m.ProviderIntent, flag)
		require.Equal(t, want == keywords.OptOut || want == keywords.Help, m.AnsweredByDefault, flag)
		require.False(t, m.ProviderReplied, "it says how Plivo reads the text, and not that Plivo replied")
	}
}

func TestTheWordsThatPlivoAnswers(t *testing.T) {
	p := newProvider(t, plivo.Config{})
	answered := func(form url.Values) bool {
		form.Set("From", "14155550101")
		return read(t, p, form.Encode()).AnsweredByDefault
	}
	require.True(t, answered(url.Values{"To": {"14155550199"}, "Text": {" stop all\n"}}))
	require.True(t, answered(url.Values{"To": {"14155550199"}, "Text": {"Help"}}))
	require.False(t, answered(url.Values{"To": {"14155550199"}, "Text": {"Stop it!"}}))
	require.False(t, answered(url.Values{"To": {"14155550199"}, "Text": {"START"}}))
	require.True(t, answered(url.Values{"To": {"18005550199"}, "Text": {"START"}}), "by the network of toll-free numbers")
	require.False(t, answered(url.Values{"To": {"22395"}, "Text": {"STOP"}}))
	require.False(t, answered(url.Values{"To": {"447700900123"}, "Text": {"STOP"}}))
	require.False(t, answered(url.Values{"To": {"14155550199"}, "Text": {"STOP"}, "Type": {"whatsapp"}}))

	p = newProvider(t, plivo.Config{AnsweredWords: []string{}})
	require.False(t, answered(url.Values{"To": {"14155550199"}, "Text": {"STOP"}}))
}

func TestMMS(t *testing.T) {
	m := read(t, newProvider(t, plivo.Config{}),
		"From=14155550101&To=14155550199&Type=mms&Body=Stop&MediaCount=2&Media1=u&Media2=v&PowerpackUUID=pp&ErrorCode=000")
	require.Equal(t, "Stop", m.Text)
	require.Equal(t, 2, m.Media)
	require.Equal(t, "mms", m.Channel)
	require.Equal(t, "pp", m.Service)
	m = read(t, newProvider(t, plivo.Config{}), "From=14155550101&To=14155550199&Type=mms&MediaCount=-1")
	require.Zero(t, m.Media)
}

func TestAStatusWithoutAnErrorIsNoReport(t *testing.T) {
	p := newProvider(t, plivo.Config{})
	for _, code := range []string{"", "000", "0"} {
		body := "Status=delivered&From=14155550199&To=14155550101&MessageUUID=m1&ErrorCode=" + code
		r := post(t, "https://example.com/plivo", body)
		signV3(t, r, []byte(body))
		d, err := p.Read(r, []byte(body))
		require.NoError(t, err)
		require.Empty(t, d)
	}
}

func TestTheReplyIsInTheAnswer(t *testing.T) {
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	h := provider.Handler(guard, newProvider(t, plivo.Config{}), &provider.Options{
		Account:         provider.OneAccount("acme"),
		ProviderReplies: provider.RepliesNever,
		Observe:         func(_ context.Context, e provider.Event) { require.NoError(t, e.Err) },
	})
	r := post(t, "https://example.com/plivo", stop)
	signV3(t, r, []byte(stop))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	require.Equal(t, http.StatusOK, w.Code)
	require.Equal(t, "application/xml; charset=utf-8", w.Header().Get("Content-Type"))
	require.Contains(t, w.Body.String(),
		`<Response><Message src="14155550199" dst="14155550101" type="sms">You have successfully been unsubscribed.`)
}

func TestTheAnswerNamesOneContact(t *testing.T) {
	p := newProvider(t, plivo.Config{})
	d := provider.Delivery{Messages: []provider.Message{
		{Message: optout.Message{From: "14155550101<14155550102", To: "+14155550199"}},
		{Message: optout.Message{From: "+14155550101", To: "MTN"}},
		{Message: optout.Message{From: "+14155550101", To: "22395"}, Channel: "whatsapp"},
	}}
	w := httptest.NewRecorder()
	p.Answer(w, d, []string{"one", "two", `<3> & "more"`})
	require.NotContains(t, w.Body.String(), "one")
	require.NotContains(t, w.Body.String(), "two")
	require.Contains(t, w.Body.String(),
		`<Response><Message src="22395" dst="14155550101" type="whatsapp">&lt;3&gt; &amp; &#34;more&#34;</Message></Response>`)
	w = httptest.NewRecorder()
	p.Answer(w, provider.Delivery{}, nil)
	require.Contains(t, w.Body.String(), "<Response></Response>")
}

func TestRefusal(t *testing.T) {
	p := newProvider(t, plivo.Config{})
	for body, want := range map[string]provider.Kind{
		`{"error_code":"200"}`: provider.KindOptedOut, `{"error_code":200}`: provider.KindOptedOut,
		`{"error_code":"80"}`: provider.KindUnreachable, `{"error_code":"40"}`: provider.KindNone,
		`{"error":"not found"}`: provider.KindNone, ``: provider.KindNone, `[]`: provider.KindNone,
		`{"error_code":null}`: provider.KindNone,
	} {
		report, ok := p.Refusal(provider.Refused{Status: http.StatusOK, Body: []byte(body), To: "+14155550101", From: "+14155550199"})
		require.Equal(t, want, report.Kind, body)
		require.Equal(t, want != provider.KindNone, ok)
		require.Equal(t, "+14155550101", report.Number)
	}
}
