package messagebird_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/casetest"
	"github.com/seed-f10031e4/consent/optout/provider/messagebird"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
	address  = "https://example.com/hook"
)

func suite() casetest.Suite {
	return casetest.Suite{
		Name: "messagebird",
		New: func(_ *testing.T, c casetest.Case) (provider.Provider, error) {
			config := messagebird.Config{SigningKey: c.Secret, MaxAge: time.Duration(c.ToleranceS) * time.Second}
			switch c.Scheme {
			case "messagebird-hmac":
				config.Scheme = messagebird.OldHMAC
			case "bird-hmac":
				config.Scheme = messagebird.BirdHMAC
			}
			if !c.Now.IsZero() {
				config.Now = func() time.Time { return c.Now }
			}
			return messagebird.New(config)
		},
		Sign: func(t *testing.T, r *http.Request, body []byte) {
			t.Helper()
			r.Header.Set("Messagebird-Signature-Jwt", token(t, "HS256", casetest.Secret, claims("https://"+r.Host+r.RequestURI, body)))
		},
	}
}

func hash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func claims(url string, body []byte) map[string]any {
	now := time.Now().Unix()
	c := map[string]any{"iss": "MessageBird", "nbf": now, "exp": now + 60, "jti": "1", "url_hash": hash([]byte(url))}
	if len(body) > 0 {
		c["payload_hash"] = hash(body)
	}
	return c
}

// token makes a JWT of HS256, whatever algorithm its header names.
func token(t *testing.T, algorithm, key string, claims map[string]any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	require.NoError(t, err)
	return rawToken(`{"alg":"`+algorithm+`","typ":"JWT"}`, key, string(payload))
}

func rawToken(header, key, payload string) string {
	signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac(key, signed))
}

func mac(key, text string) []byte {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(text))
	return m.Sum(nil)
}

func request(t *testing.T, method, url, contentType, body string) (*http.Request, []byte) {
	t.Helper()
	r := casetest.NewRequest(t, method, url, []byte(body))
	r.Header.Set("Content-Type", contentType)
	return r, []byte(body)
}

func newProvider(t *testing.T, change func(*messagebird.Config)) provider.Provider {
	t.Helper()
	c := messagebird.Config{SigningKey: casetest.Secret}
	if change != nil {
		change(&c)
	}
	p, err := messagebird.New(c)
	require.NoError(t, err)
	return p
}

// read reads a request with a JWT that fits.
func read(t *testing.T, method, url, contentType, body string) (provider.Delivery, error) {
	t.Helper()
	r, raw := request(t, method, url, contentType, body)
	suite().Sign(t, r, raw)
	return newProvider(t, nil).Read(r, raw)
}

func TestCases(t *testing.T) { casetest.Run(t, suite()) }

func FuzzRead(f *testing.F) { casetest.Fuzz(f, suite()) }

// FuzzBird is FuzzRead with the signature of Bird.
func FuzzBird(f *testing.F) {
	s := suite()
	s.New = func(_ *testing.T, c casetest.Case) (provider.Provider, error) {
		return messagebird.New(messagebird.Config{SigningKey: c.Secret, Scheme: messagebird.BirdHMAC})
	}
	s.Sign = func(t *testing.T, r *http.Request, body []byte) {
		t.Helper()
		signHMAC(r, "https://"+r.Host+r.RequestURI, body)
	}
	casetest.Fuzz(f, s)
}

func signHMAC(r *http.Request, place string, body []byte) {
	sum := sha256.Sum256(body)
	r.Header.Set("Messagebird-Request-Timestamp", "1737000000")
	r.Header.Set("Messagebird-Signature", base64.StdEncoding.EncodeToString(mac(casetest.Secret, "1737000000\n"+place+"\n"+string(sum[:]))))
}

func TestNewNamesTheField(t *testing.T) {
	_, err := messagebird.New(messagebird.Config{})
	require.EqualError(t, err, "messagebird: Config.SigningKey is empty")
	_, err = messagebird.New(messagebird.Config{SigningKey: "a", OtherSigningKeys: []string{""}})
	require.EqualError(t, err, "messagebird: Config.OtherSigningKeys[0] is empty")
	_, err = messagebird.New(messagebird.Config{SigningKey: "a", Scheme: "none"})
	require.EqualError(t, err, `messagebird: Config.Scheme has no value "none"`)
	_, err = messagebird.New(messagebird.Config{SigningKey: "a", MaxAge: -1})
	require.EqualError(t, err, "messagebird: Config.MaxAge is negative")
}

func TestTwoKeysCountWhileOneIsChanged(t *testing.T) {
	for _, scheme := range []messagebird.Scheme{messagebird.JWT, messagebird.BirdHMAC, messagebird.OldHMAC} {
		for _, change := range []func(*messagebird.Config){
			func(c *messagebird.Config) { c.SigningKey, c.OtherSigningKeys = "new", []string{casetest.Secret} },
			func(c *messagebird.Config) { c.OtherSigningKeys = []string{"old"} },
		} {
			p := newProvider(t, func(c *messagebird.Config) { change(c); c.Scheme = scheme })
			r, body := request(t, http.MethodPost, address, formType, "originator=14155550101&body=STOP")
			switch scheme {
			case messagebird.BirdHMAC:
				signHMAC(r, address, body)
			case messagebird.OldHMAC:
				signHMAC(r, "", body)
			default:
				suite().Sign(t, r, body)
			}
			d, err := p.Read(r, body)
			require.NoError(t, err)
			require.Len(t, d.Messages, 1)
		}
	}
}

func TestAJWTThatDoesNotProveTheRequest(t *testing.T) {
	const body = "originator=14155550101&recipient=14155550199&body=STOP"
	with := func(name string, value any) map[string]any {
		c := claims(address, []byte(body))
		if c[name] = value; value == nil {
			delete(c, name)
		}
		return c
	}
	signed := func(c map[string]any) string { return token(t, "HS256", casetest.Secret, c) }
	now := time.Now().Unix()
	good := signed(claims(address, []byte(body)))
	parts := strings.Split(good, ".")
	for name, bad := range map[string]string{
		"no token":                 "",
		"alg none":                 token(t, "none", casetest.Secret, claims(address, []byte(body))),
		"alg none, no signature":   strings.TrimSuffix(token(t, "none", casetest.Secret, claims(address, []byte(body))), parts[2]),
		"HS512 in name alone":      token(t, "HS512", casetest.Secret, claims(address, []byte(body))),
		"RS256":                    token(t, "RS256", casetest.Secret, claims(address, []byte(body))),
		"alg twice":                rawToken(`{"alg":"none","alg":"HS256"}`, casetest.Secret, `{}`),
		"another key":              token(t, "HS256", "other", claims(address, []byte(body))),
		"empty key":                token(t, "HS256", "", claims(address, []byte(body))),
		"another issuer":           signed(with("iss", "Bird")),
		"no id":                    signed(with("jti", nil)),
		"empty id":                 signed(with("jti", "")),
		"no end":                   signed(with("exp", nil)),
		"expired":                  signed(with("exp", now-3)),
		"not yet":                  signed(with("nbf", now+5)),
		"nbf is a text":            signed(with("nbf", "now")),
		"no url_hash":              signed(with("url_hash", nil)),
		"url_hash of another URL":  signed(with("url_hash", hash([]byte(address+"/")))),
		"url_hash in upper case":   signed(with("url_hash", strings.ToUpper(hash([]byte(address))))),
		"no payload_hash":          signed(with("payload_hash", nil)),
		"empty payload_hash":       signed(with("payload_hash", "")),
		"payload_hash of no body":  signed(with("payload_hash", hash(nil))),
		"payload_hash is a number": signed(with("payload_hash", 1)),
		"white space":              parts[0] + "." + parts[1] + " ." + parts[2],
		"a line break":             parts[0] + ".\n" + parts[1] + "." + parts[2],
		"padding":                  good + "=",
		"a name in upper case":     strings.Replace(good, parts[0], base64.RawURLEncoding.EncodeToString([]byte(`{"ALG":"HS256"}`)), 1),
		"another part is signed":   parts[1] + "." + parts[0] + "." + parts[2],
		"the signature of nothing": parts[0] + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(mac(casetest.Secret, "")),
		"a claim twice":            rawToken(`{"alg":"HS256"}`, casetest.Secret, `{"jti":"1","jti":"2"}`),
	} {
		t.Run(name, func(t *testing.T) {
			r, raw := request(t, http.MethodPost, address, formType, body)
			r.Header.Set("Messagebird-Signature-Jwt", bad)
			signHMAC(r, address, raw) // of another scheme, which does not count
			d, err := newProvider(t, nil).Read(r, raw)
			require.ErrorIs(t, err, provider.ErrSignature)
			require.Empty(t, d)
		})
	}
	r, _ := request(t, http.MethodPost, address, formType, "")
	r.Header.Set("Messagebird-Signature-Jwt", good)
	_, err := newProvider(t, nil).Read(r, nil)
	require.ErrorIs(t, err, provider.ErrSignature, "the body was taken away")
}

func TestTheTimesOfAJWT(t *testing.T) {
	now := time.Unix(1700000000, 900_000_000)
	for _, c := range []struct {
		notBefore, expires int64
		fits               bool
	}{
		{0, 60, true}, {1, 60, true}, {2, 60, false}, {-60, 0, true}, {-60, -1, true}, {-60, -2, false}, {-3600, 60, true},
	} {
		p := newProvider(t, func(config *messagebird.Config) { config.Now = func() time.Time { return now } })
		r, body := request(t, http.MethodPost, address, formType, "originator=14155550101&body=STOP")
		all := claims(address, body)
		all["nbf"], all["exp"] = now.Unix()+c.notBefore, now.Unix()+c.expires
		r.Header.Set("Messagebird-Signature-Jwt", token(t, "HS256", casetest.Secret, all))
		_, err := p.Read(r, body)
		require.Equal(t, c.fits, err == nil, "%+v: %v", c, err)
	}
}

func TestHMACs(t *testing.T) {
	bird := newProvider(t, func(c *messagebird.Config) { c.Scheme = messagebird.BirdHMAC })
	old := newProvider(t, func(c *messagebird.Config) { c.Scheme = messagebird.OldHMAC })
	const url, body = address + "?foo=b+c&abc=1", "originator=14155550101&body=STOP"
	try := func(p provider.Provider, change func(*http.Request)) error {
		r, raw := request(t, http.MethodPost, url, formType, body)
		change(r)
		d, err := p.Read(r, raw)
		require.True(t, err == nil || len(d.Messages) == 0)
		return err
	}
	signedURL := func(r *http.Request) { signHMAC(r, url, []byte(body)) }
	signedQuery := func(r *http.Request) { signHMAC(r, "abc=1&foo=b+c", []byte(body)) }
	require.NoError(t, try(bird, signedURL))
	require.NoError(t, try(old, signedQuery))
	for name, err := range map[string]error{
		"the other scheme":    try(bird, signedQuery),
		"the other way round": try(old, signedURL),
		"nothing":             try(bird, func(*http.Request) {}),
		"an empty signature":  try(bird, func(r *http.Request) { signedURL(r); r.Header.Set("Messagebird-Signature", "") }),
		"another time":        try(bird, func(r *http.Request) { signedURL(r); r.Header.Set("Messagebird-Request-Timestamp", "1737000001") }),
		"no time":             try(bird, func(r *http.Request) { signedURL(r); r.Header.Del("Messagebird-Request-Timestamp") }),
		"a blank": try(bird, func(r *http.Request) {
			signedURL(r)
			r.Header.Set("Messagebird-Signature", " "+r.Header.Get("Messagebird-Signature"))
		}),
		"a JWT":               try(bird, func(r *http.Request) { suite().Sign(t, r, []byte(body)) }),
		"a query of nonsense": try(old, func(r *http.Request) { signedQuery(r); r.URL.RawQuery = "%zz" }),
	} {
		require.ErrorIs(t, err, provider.ErrSignature, name)
	}
	old = newProvider(t, func(c *messagebird.Config) { c.Scheme, c.MaxAge = messagebird.OldHMAC, time.Minute })
	require.ErrorIs(t, try(old, signedQuery), provider.ErrSignature, "old")
}

func TestMessages(t *testing.T) {
	at := time.Date(2023, 7, 27, 0, 49, 29, 0, time.UTC)
	for body, want := range map[string]provider.Message{
		"id=1&recipient=14155550199&originator=14155550101&body=STOP&createdDatetime=2023-07-27T02%3A49%3A29%2B02%3A00": {
			Message: optout.Message{ID: "1", From: "+14155550101", To: "+14155550199", Text: "STOP", At: at}, AnsweredByDefault: true,
		},
		"Id=1&Recipient=14155550199&ORIGINATOR=14155550101&Body=hello&createddatetime=2023-07-27T00%3A49%3A29Z": {
			Message: optout.Message{ID: "1", From: "+14155550101", To: "+14155550199", Text: "hello", At: at},
		},
		"originator=14155550101&recipient=14155550199&mediaUrls=a&mediaUrls=b": {
			Message: optout.Message{From: "+14155550101", To: "+14155550199"}, Media: 2,
		},
		"originator=14155550101&recipient=14155550199&mediaUrls%5B0%5D=a&body=x&createdDatetime=soon": {
			Message: optout.Message{From: "+14155550101", To: "+14155550199", Text: "x"}, Media: 1,
		},
		"id=1&mid=2&shortcode=51515&keyword=STOP&message=&originator=14155550101&receive_datetime=20230727004929": {
			Message: optout.Message{ID: "2", From: "+14155550101", To: "51515", Text: "STOP", At: at}, AnsweredByDefault: true,
		},
		"originator=ACME&recipient=14155550199&body=hello": {Message: optout.Message{From: "ACME", To: "+14155550199", Text: "hello"}},
	} {
		d, err := read(t, http.MethodPost, address, formType, body)
		require.NoError(t, err, body)
		require.Len(t, d.Messages, 1)
		if !d.Messages[0].At.IsZero() {
			d.Messages[0].At = d.Messages[0].At.UTC()
		}
		require.Equal(t, want, d.Messages[0], body)

		inQuery, err := read(t, http.MethodGet, address+"?"+body, "", "")
		require.NoError(t, err)
		require.Equal(t, want.Text, inQuery.Messages[0].Text)
	}
	d, err := read(t, http.MethodPost, address, jsonType, `{"id":"1","originator":14155550101,"body":"STOP","recipient":"14155550199"}`)
	require.NoError(t, err)
	require.Equal(t, optout.Message{ID: "1", From: "+14155550101", To: "+14155550199", Text: "STOP"}, d.Messages[0].Message)

	for contentType, bodies := range map[string][]string{
		formType: {
			"", "body=STOP", "originator=1&originator=2&body=STOP", "originator=1&body=a&Body=b", "originator=1&body=%zz",
			"status=delivery_failed&statusErrorCode=103", "status=sent&recipient=1&recipient=2",
		},
		jsonType: {"", "[]", `{"originator":"1"`, `{"originator":{}}`, `{"originator":"1","originator":"2"}`, `{"a":1}{}`},
	} {
		for _, body := range bodies {
			d, err := read(t, http.MethodPost, address, contentType, body)
			require.ErrorIs(t, err, provider.ErrMalformed, body)
			require.Empty(t, d)
		}
	}
	_, err = read(t, http.MethodPost, address+"?originator=14155550101&body=STOP", formType, "")
	require.ErrorIs(t, err, provider.ErrMalformed, "the query of a POST is not read")
}

func TestStatusReports(t *testing.T) {
	const head = address + "?id=1&reference=r&recipient=14155550101&statusDatetime=2023-07-28T17%3A57%3A12%2B00%3A00&"
	for tail, want := range map[string]provider.Kind{
		"status=delivery_failed&statusErrorCode=103":                        provider.KindOptedOut,
		"status=delivery_failed&StatusErrorCode=103":                        provider.KindOptedOut,
		"status=delivery_failed&statusErrorCode=103&originator=14155550199": provider.KindOptedOut,
		"status=delivery_failed&statusErrorCode=1":                          provider.KindDeactivated,
		"status=delivery_failed&statusErrorCode=27":                         provider.KindUnreachable,
		"status=delivery_failed&statusErrorCode=34":                         provider.KindNone,
		"status=delivery_failed&statusErrorCode=11":                         provider.KindNotTextable,
		"status=delivery_failed&statusErrorCode=12":                         provider.KindBlocked,
	} {
		d, err := read(t, http.MethodGet, head+tail, "", "")
		require.NoError(t, err)
		require.Len(t, d.Reports, 1)
		require.Equal(t, want, d.Reports[0].Kind, tail)
		require.Empty(t, d.Messages)
	}
	for _, tail := range []string{"status=delivered", "status=delivered&statusErrorCode=0", "status=sent&statusErrorCode="} {
		d, err := read(t, http.MethodGet, head+tail, "", "")
		require.NoError(t, err)
		require.Empty(t, d, tail)
	}
}

func TestBird(t *testing.T) {
	bird := func(body string) (provider.Delivery, error) {
		p := newProvider(t, func(c *messagebird.Config) { c.Scheme = messagebird.BirdHMAC })
		r, raw := request(t, http.MethodPost, address, jsonType, body)
		signHMAC(r, address, raw)
		return p.Read(r, raw)
	}
	d, err := bird(`{"service":"channels","event":"sms.inbound","payload":{"id":"b1","channelId":"c1",` +
		`"sender":{"contact":{"id":"x","identifierKey":"phonenumber","identifierValue":"+14155550101"}},` +
		`"receiver":{"connector":{"id":"x","identifierValue":"+14155550199"}},"body":{"type":"text","text":{"text":"STOP"}},` +
		`"createdAt":"2025-01-16T04:00:00.000Z"}}`)
	require.NoError(t, err)
	require.Equal(t, []provider.Message{{
		Message: optout.Message{
			ID: "b1", From: "+14155550101", To: "+14155550199", Text: "STOP", At: time.Date(2025, 1, 16, 4, 0, 0, 0, time.UTC),
		},
		AnsweredByDefault: true, Channel: "sms", Service: "c1",
	}}, d.Messages)

	d, err = bird(`{"event":"sms.inbound","payload":{"channelId":"c1","sender":{"contact":{"identifierValue":"+14155550101"}},` +
		`"receiver":{"connector":{"id":"x"}},"body":{"type":"image","image":{"text":"STOP","images":[{"mediaUrl":"u"}]}}}}`)
	require.NoError(t, err)
	require.Equal(t, "c1", d.Messages[0].To, "the channel, if there is no number")
	require.Equal(t, "STOP", d.Messages[0].Text)
	require.Equal(t, 1, d.Messages[0].Media)

	d, err = bird(`{"event":"sms.outbound","payload":{"id":"b2","channelId":"c1","status":"delivery_failed",` +
		`"receiver":{"contacts":[{"identifierValue":"+14155550101"}]},"failure":{"code":15001,"source":{"name":"sms-messagebird","code":"1"}},` +
		`"lastStatusAt":"2025-01-16T04:00:00Z"}}`)
	require.NoError(t, err)
	require.Equal(t, []provider.Report{{
		ID: "b2", Number: "+14155550101", Sender: "c1", Scope: provider.ScopeNumber, Kind: provider.KindDeactivated, Code: "1",
		At: time.Date(2025, 1, 16, 4, 0, 0, 0, time.UTC),
	}}, d.Reports)

	for _, body := range []string{
		`{"event":"sms.outbound","payload":{"status":"delivered"}}`, `{"event":"email.opened","payload":{}}`,
		`{"event":"sms.outbound","payload":{"failure":{"source":{"code":0}}}}`,
	} {
		d, err = bird(body)
		require.NoError(t, err)
		require.Empty(t, d)
	}
	for _, body := range []string{
		`{"event":"sms.opted_out","payload":{}}`, `{"event":"sms.inbound","payload":{}}`, `{"event":"sms.inbound","payload":[]}`,
		`{"event":"sms.inbound","payload":{},"payload":{}}`,
	} {
		d, err = bird(body)
		require.ErrorIs(t, err, provider.ErrMalformed, body)
		require.Empty(t, d)
	}
}

func TestBehindAProxy(t *testing.T) {
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	for public, status := range map[string]int{"https://example.com/cut": http.StatusOK, "": http.StatusForbidden} {
		h := provider.Handler(guard, newProvider(t, nil), &provider.Options{Account: provider.OneAccount("acme"), PublicURL: public})
		const body = "originator=14155550101&recipient=14155550199&body=hello"
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://10.0.0.1/hook?a=%2b&&b", strings.NewReader(body))
		r.Header.Set("Content-Type", formType)
		r.Header.Set("Messagebird-Signature-Jwt",
			token(t, "HS256", casetest.Secret, claims("https://example.com/cut/hook?a=%2b&&b", []byte(body))))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Equal(t, status, w.Code)
		if status == http.StatusOK {
			require.Equal(t, "OK", w.Body.String())
		}
	}
}

func TestRefusalsSayNothing(t *testing.T) {
	p := newProvider(t, nil)
	for body, code := range map[string]string{
		`{"errors":[{"code":9,"description":"no (correct) recipients found"}]}`: "9",
		`{"errors":[{"code":"103"}]}`:                                           "103", `{"errors":[]}`: "", "": "", "[]": "",
	} {
		r, ok := p.Refusal(provider.Refused{Status: http.StatusUnprocessableEntity, Body: []byte(body), To: "+14155550101"})
		require.False(t, ok)
		require.Equal(t, provider.Report{Number: "+14155550101", Code: code}, r)
	}
}

func TestFacts(t *testing.T) {
	for scheme, signature := range map[messagebird.Scheme]string{
		"": "JWT", messagebird.JWT: "JWT", messagebird.BirdHMAC: "URL", messagebird.OldHMAC: "query",
	} {
		p := newProvider(t, func(c *messagebird.Config) { c.Scheme = scheme })
		require.Contains(t, p.Facts().Signature, signature)
		require.Equal(t, scheme == messagebird.OldHMAC, p.Facts().Uncovered != "")
		require.Equal(t, "messagebird", p.Name())
	}
}

func TestBirdMakesNoNumberOfAnID(t *testing.T) {
	p := newProvider(t, func(c *messagebird.Config) { c.Scheme = messagebird.BirdHMAC })
	for body, want := range map[string]string{
		`{"event":"telegram.inbound","payload":{"sender":{"contact":{"identifierValue":"6591234567"}}}}`: "6591234567",
		`{"event":"telegram.outbound","payload":{"receiver":{"contacts":[{"identifierValue":"6591234567"}]},
			"failure":{"source":{"code":"103"}}}}`: "telegram:6591234567",
	} {
		r, raw := request(t, http.MethodPost, address, jsonType, body)
		signHMAC(r, address, raw)
		d, err := p.Read(r, raw)
		require.NoError(t, err)
		for _, m := range d.Messages {
			require.Equal(t, want, m.From)
		}
		for _, report := range d.Reports {
			require.Equal(t, want, report.Number)
		}
		require.Equal(t, 1, len(d.Messages)+len(d.Reports))
	}
}
