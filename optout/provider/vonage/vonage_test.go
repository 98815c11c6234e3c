package vonage_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/casetest"
	"github.com/seed-f10031e4/consent/optout/provider/vonage"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

func suite() casetest.Suite {
	return casetest.Suite{
		Name: "vonage",
		New: func(_ *testing.T, c casetest.Case) (provider.Provider, error) {
			config := vonage.Config{
				SignatureSecret: c.Secret, Algorithm: vonage.SHA256HMAC, MaxAge: time.Duration(c.ToleranceS) * time.Second,
			}
			if _, algorithm, found := strings.Cut(c.Scheme, "vonage-sig:"); found {
				config.Algorithm = vonage.Algorithm(algorithm)
			}
			if !c.Now.IsZero() {
				config.Now = func() time.Time { return c.Now }
			}
			return vonage.New(config)
		},
		Sign: sign,
		NoTimeIn: func(c casetest.Case) bool { // the push time of the SMS API
			return strings.Contains(c.Input.Body+c.Input.URL, "msisdn")
		},
	}
}

// sign signs a GET with sig, and a body, which must not change, with a JWT.
func sign(t *testing.T, r *http.Request, body []byte) {
	t.Helper()
	if r.Method == http.MethodGet {
		signQuery(r)
		return
	}
	r.Header.Set("Authorization", "Bearer "+token(t, "HS256", casetest.Secret, claims(body)))
}

// signQuery adds sig to the query, and leaves the rest as it is written.
func signQuery(r *http.Request) {
	r.URL.RawQuery = strings.TrimPrefix(r.URL.RawQuery+"&sig="+sig(r.URL.Query(), casetest.Secret), "&")
	r.RequestURI = r.URL.RequestURI()
}

// sig makes the signature of SHA-256 HMAC, written a second time and otherwise than in the package.
func sig(parameters url.Values, secret string) string {
	text := ""
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		for _, value := range parameters[name] {
			text += "&" + name + "=" + strings.ReplaceAll(strings.ReplaceAll(value, "&", "_"), "=", "_")
		}
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

func claims(body []byte) map[string]any {
	return map[string]any{"iss": "Vonage", "iat": time.Now().Unix(), "jti": "1", "payload_hash": hash(body)}
}

func hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// token makes a JWT of HS256, whatever algorithm its header names.
func token(t *testing.T, algorithm, secret string, claims map[string]any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	require.NoError(t, err)
	return rawToken(fmt.Sprintf(`{"alg":%q,"typ":"JWT"}`, algorithm), secret, string(payload))
}

func rawToken(header, secret, payload string) string {
	signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func get(t *testing.T, query string) *http.Request {
	t.Helper()
	return casetest.NewRequest(t, http.MethodGet, "https://example.com/vonage?"+query, nil)
}

func post(t *testing.T, contentType, body, token string) (*http.Request, []byte) {
	t.Helper()
	r := casetest.NewRequest(t, http.MethodPost, "https://example.com/vonage", []byte(body))
	r.Header.Set("Content-Type", contentType)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r, []byte(body)
}

func newProvider(t *testing.T, change func(*vonage.Config)) provider.Provider {
	t.Helper()
	c := vonage.Config{SignatureSecret: casetest.Secret, Algorithm: vonage.SHA256HMAC}
	if change != nil {
		change(&c)
	}
	p, err := vonage.New(c)
	require.NoError(t, err)
	return p
}

// read reads a JSON body with a JWT that fits.
func read(t *testing.T, body string) (provider.Delivery, error) {
	t.Helper()
	r, raw := post(t, jsonType, body, token(t, "HS256", casetest.Secret, claims([]byte(body))))
	return newProvider(t, nil).Read(r, raw)
}

func TestCases(t *testing.T) { casetest.Run(t, suite()) }

func FuzzRead(f *testing.F) { casetest.Fuzz(f, suite()) }

// FuzzSig: a form or JSON without the secret brings nothing, whatever sig it has.
func FuzzSig(f *testing.F) {
	f.Add([]byte("msisdn=14155550101&text=STOP&sig=00"), true)
	f.Add([]byte(`{"msisdn":"14155550101","text":"STOP","sig":"00"}`), false)
	f.Fuzz(func(t *testing.T, body []byte, isForm bool) {
		contentType := jsonType
		if isForm {
			contentType = formType
		}
		p := newProvider(t, nil)
		r, _ := post(t, contentType, string(body), "")
		d, err := p.Read(r, body)
		require.Empty(t, d.Messages)
		require.Empty(t, d.Reports)
		require.True(t, err != nil || d.Handshake != nil)
		values, parseErr := url.ParseQuery(string(body))
		names := strings.Join(slices.Collect(maps.Keys(values)), "")
		if !isForm || parseErr != nil || values.Has("sig") || len(values) == 0 || strings.ContainsAny(names, "&=") {
			return
		}
		signed := string(body) + "&sig=" + sig(values, casetest.Secret)
		r, raw := post(t, formType, signed, "")
		_, err = p.Read(r, raw)
		require.NotErrorIs(t, err, provider.ErrSignature, "signed as documented")
	})
}

func TestNewNamesTheField(t *testing.T) {
	_, err := vonage.New(vonage.Config{})
	require.EqualError(t, err, "vonage: Config.SignatureSecret is empty")
	_, err = vonage.New(vonage.Config{SignatureSecret: "a", OtherSignatureSecrets: []string{""}})
	require.EqualError(t, err, "vonage: Config.OtherSignatureSecrets[0] is empty")
	_, err = vonage.New(vonage.Config{SignatureSecret: "a", Algorithm: "sha3"})
	require.EqualError(t, err, `vonage: Config.Algorithm has no value "sha3"`)
	_, err = vonage.New(vonage.Config{SignatureSecret: "a", MaxAge: -1})
	require.EqualError(t, err, "vonage: Config.MaxAge is negative")
}

func TestTwoSecretsCountWhileOneIsChanged(t *testing.T) {
	body := `{"from":"14155550101","text":"STOP"}`
	for _, change := range []func(*vonage.Config){
		func(c *vonage.Config) { c.SignatureSecret, c.OtherSignatureSecrets = "new", []string{casetest.Secret} },
		func(c *vonage.Config) { c.OtherSignatureSecrets = []string{"old"} },
	} {
		p := newProvider(t, change)
		r, raw := post(t, jsonType, body, token(t, "HS256", casetest.Secret, claims([]byte(body))))
		d, err := p.Read(r, raw)
		require.NoError(t, err)
		require.Len(t, d.Messages, 1)
		r = get(t, "msisdn=14155550101&text=STOP")
		signQuery(r)
		d, err = p.Read(r, nil)
		require.NoError(t, err)
		require.Len(t, d.Messages, 1)
	}
}

func TestAJWTThatDoesNotProveTheBody(t *testing.T) {
	const body = `{"channel":"sms","from":"14155550101","to":"14155550199","message_type":"text","text":"STOP"}`
	with := func(name string, value any) map[string]any {
		c := claims([]byte(body))
		if c[name] = value; value == nil {
			delete(c, name)
		}
		return c
	}
	good := token(t, "HS256", casetest.Secret, claims([]byte(body)))
	parts := strings.Split(good, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	signed := func(header string) string { return rawToken(header, casetest.Secret, string(payload)) }
	fromHash := hash([]byte(body))
	for name, bad := range map[string]string{
		"alg none, no signature":      rawToken(`{"alg":"none"}`, "", string(payload))[:len(signed(`{"alg":"none"}`))-43],
		"alg none, signed":            signed(`{"alg":"none"}`),
		"alg in lower case":           signed(`{"alg":"hs256"}`),
		"alg of another family":       signed(`{"alg":"RS256"}`),
		"no alg":                      signed(`{"typ":"JWT"}`),
		"alg twice":                   signed(`{"alg":"HS256","alg":"none"}`),
		"alg is a list":               signed(`{"alg":["HS256"]}`),
		"a name in upper case":        signed(`{"ALG":"HS256"}`),
		"crit":                        signed(`{"alg":"HS256","crit":["x"],"x":1}`),
		"header is no object":         signed(`["HS256"]`),
		"header and more":             signed(`{"alg":"HS256"}{}`),
		"another secret":              token(t, "HS256", "other", claims([]byte(body))),
		"empty secret":                token(t, "HS256", "", claims([]byte(body))),
		"no payload_hash":             token(t, "HS256", casetest.Secret, with("payload_hash", nil)),
		"empty payload_hash":          token(t, "HS256", casetest.Secret, with("payload_hash", "")),
		"payload_hash of another":     token(t, "HS256", casetest.Secret, with("payload_hash", strings.Repeat("0", 64))),
		"payload_hash cut":            token(t, "HS256", casetest.Secret, with("payload_hash", fromHash[:62])),
		"payload_hash is a list":      token(t, "HS256", casetest.Secret, with("payload_hash", []string{fromHash})),
		"payload_hash twice":          rawToken(`{"alg":"HS256"}`, casetest.Secret, `{"payload_hash":"00",`+string(payload[1:])),
		"another issuer":              token(t, "HS256", casetest.Secret, with("iss", "vonage")),
		"no issuer":                   token(t, "HS256", casetest.Secret, with("iss", nil)),
		"expired":                     token(t, "HS256", casetest.Secret, with("exp", time.Now().Add(-time.Hour).Unix())),
		"exp is a text":               token(t, "HS256", casetest.Secret, with("exp", "9999999999")),
		"exp is null":                 rawToken(`{"alg":"HS256"}`, casetest.Secret, `{"exp":null,`+string(payload[1:])),
		"exp is out of this world":    token(t, "HS256", casetest.Secret, with("exp", 1e300)),
		"not yet":                     token(t, "HS256", casetest.Secret, with("nbf", time.Now().Add(time.Hour).Unix())),
		"iat is a text":               token(t, "HS256", casetest.Secret, with("iat", "now")),
		"padding":                     parts[0] + "." + parts[1] + "." + parts[2] + "=",
		"white space":                 parts[0] + "." + parts[1] + ". " + parts[2],
		"a line break":                parts[0] + "." + parts[1] + "\n." + parts[2],
		"a line break behind":         good + "\r\n",
		"not base64url":               parts[0] + "." + parts[1] + "." + strings.Repeat("+/", 21) + "A",
		"bits left over":              parts[0] + "." + parts[1] + "." + leftOver(parts[2]),
		"two parts":                   parts[0] + "." + parts[1],
		"four parts":                  good + ".",
		"nothing":                     "..",
		"a signature that is cut off": parts[0] + "." + parts[1] + "." + parts[2][:20],
	} {
		t.Run(name, func(t *testing.T) {
			r, raw := post(t, jsonType, body, bad)
			d, err := newProvider(t, nil).Read(r, raw)
			require.ErrorIs(t, err, provider.ErrSignature)
			require.NotErrorIs(t, err, provider.ErrRetry)
			require.Empty(t, d)
		})
	}
	for name, ok := range map[string]string{
		"as documented":                good,
		"upper-case hash":              token(t, "HS256", casetest.Secret, with("payload_hash", strings.ToUpper(fromHash))),
		"claims that are not known":    token(t, "HS256", casetest.Secret, with("application_id", map[string]any{"a": 1})),
		"no typ":                       signed(`{"alg":"HS256"}`),
		"an end that is ahead":         token(t, "HS256", casetest.Secret, with("exp", float64(time.Now().Unix())+60.5)),
		"clocks that differ a little":  token(t, "HS256", casetest.Secret, with("nbf", time.Now().Add(30*time.Second).Unix())),
		"no iat, since none is needed": token(t, "HS256", casetest.Secret, with("iat", nil)),
	} {
		t.Run(name, func(t *testing.T) {
			r, raw := post(t, jsonType, body, ok)
			d, err := newProvider(t, nil).Read(r, raw)
			require.NoError(t, err)
			require.Equal(t, "STOP", d.Messages[0].Text)
		})
	}
}

// leftOver returns another spelling of the same 32 bytes.
func leftOver(text string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, text[len(text)-1])
	return text[:len(text)-1] + string(alphabet[last|1])
}

func TestASigThatDoesNotProveTheParameters(t *testing.T) {
	const query = "msisdn=14155550101&to=14155550199&type=text&text=a%26b"
	parameters, err := url.ParseQuery(query)
	require.NoError(t, err)
	good := sig(parameters, casetest.Secret)
	for name, bad := range map[string]string{
		"sig twice":              query + "&sig=" + good + "&sig=" + good,
		"another sig first":      query + "&sig=00&sig=" + good,
		"sig and more":           query + "&sig=" + good + "00",
		"sig cut":                query + "&sig=" + good[:62],
		"blanks":                 query + "&sig=+" + good,
		"a parameter more":       query + "&x=1&sig=" + good,
		"the name in upper case": query + "&SIG=" + good + "&sig=" + good,
		"a parameter hidden":     "msisdn=14155550101&text%3Da_b%26to=14155550199&type=text&sig=" + good,
		"another value":          "msisdn=14155550101&to=14155550199&type=text&text=STOP&sig=" + good,
		"MD5 hash":               query + "&sig=d41d8cd98f00b204e9800998ecf8427e",
	} {
		t.Run(name, func(t *testing.T) {
			d, err := newProvider(t, nil).Read(get(t, bad), nil)
			require.ErrorIs(t, err, provider.ErrSignature)
			require.NotErrorIs(t, err, provider.ErrRetry)
			require.Empty(t, d)
		})
	}
	for _, ok := range []string{good, strings.ToUpper(good), good[:32] + strings.ToUpper(good[32:])} {
		d, err := newProvider(t, nil).Read(get(t, query+"&sig="+ok), nil)
		require.NoError(t, err)
		require.Equal(t, "a&b", d.Messages[0].Text)
	}
}

func TestANameCannotHideAParameter(t *testing.T) {
	signed := url.Values{
		"concat": {"true"}, "concat-part": {"2"}, "concat-ref": {"1"}, "concat-total": {"2"}, "msisdn": {"14155550101"}, "text": {"STOP"},
	}
	good := sig(signed, casetest.Secret)
	hidden := url.Values{"concat=true&concat-part=2&concat-ref=1&concat-total": {"2"}, "msisdn": {"14155550101"}, "text": {"STOP"}}
	require.Equal(t, good, sig(hidden, casetest.Secret), "the same text is signed")
	hidden.Set("sig", good)
	_, err := newProvider(t, nil).Read(get(t, hidden.Encode()), nil)
	require.ErrorIs(t, err, provider.ErrSignature)
}

func TestEmptyParametersAreSigned(t *testing.T) {
	r := get(t, "msisdn=14155550101&text=STOP&nonce=&timestamp=")
	signQuery(r)
	d, err := newProvider(t, nil).Read(r, nil)
	require.NoError(t, err)
	require.Len(t, d.Messages, 1)
}

func TestAQueryIsNotReadInAPost(t *testing.T) {
	query := "msisdn=14155550101&text=STOP"
	r := casetest.NewRequest(t, http.MethodPost, "https://example.com/vonage?"+query, nil)
	signQuery(r)
	r.Header.Set("Content-Type", formType)
	d, err := newProvider(t, nil).Read(r, nil)
	require.NoError(t, err)
	require.Empty(t, d.Messages)

	r = get(t, query)
	r.Header.Set("Authorization", "Bearer "+token(t, "HS256", casetest.Secret, claims(nil)))
	_, err = newProvider(t, nil).Read(r, nil)
	require.ErrorIs(t, err, provider.ErrMalformed, "a JWT does not prove the query")
}

func TestTheSMSAPINeedsAnAlgorithm(t *testing.T) {
	p := newProvider(t, func(c *vonage.Config) { c.Algorithm = "" })
	r := get(t, "msisdn=14155550101&text=STOP")
	signQuery(r)
	_, err := p.Read(r, nil)
	require.ErrorIs(t, err, provider.ErrSignature)
	require.ErrorContains(t, err, "Config.Algorithm is not set")
}

func TestMaxAge(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	p := newProvider(t, func(c *vonage.Config) {
		c.MaxAge, c.Now = time.Minute, func() time.Time { return now }
	})
	for seconds, fits := range map[string]bool{
		fmt.Sprint(now.Unix() - 60): true, fmt.Sprint(now.Unix() + 60): true, fmt.Sprint(now.Unix() - 61): false,
		fmt.Sprint(now.Unix() + 61): false, "": false, "soon": false, "9223372036854775807": false,
	} {
		r := get(t, "msisdn=14155550101&text=STOP&timestamp="+seconds)
		signQuery(r)
		_, err := p.Read(r, nil)
		require.Equal(t, fits, err == nil, seconds)
	}
	body := `{"from":"14155550101","text":"STOP"}`
	for seconds, fits := range map[int64]bool{now.Unix() - 60: true, now.Unix() - 61: false, now.Unix() + 61: false} {
		c := claims([]byte(body))
		c["iat"] = seconds
		r, raw := post(t, jsonType, body, token(t, "HS256", casetest.Secret, c))
		_, err := p.Read(r, raw)
		require.Equal(t, fits, err == nil, seconds)
	}
}

func TestNothingIsAHandshakeAndNoSignatureIsDeliveredAgain(t *testing.T) {
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	h := provider.Handler(guard, newProvider(t, nil), &provider.Options{Account: provider.OneAccount("acme")})
	status := func(method, target, contentType, body, authorization string) int {
		r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	const sms, message = "msisdn=14155550101&text=STOP", `{"channel":"sms","from":"14155550101","sms":{"num_messages":"1"},"text":"STOP"}`
	require.Equal(t, 200, status("GET", "/", "", "", ""))
	require.Equal(t, 200, status("GET", "/?", "", "", ""))
	require.Equal(t, 200, status("GET", "/?tenant=1", "", "", ""), "a parameter of the URL that was set up")
	require.Equal(t, 403, status("GET", "/?tenant=1&sig=00", "", "", ""))
	require.Equal(t, 503, status("POST", "/", formType, "tenant=1", ""))
	require.Equal(t, 200, status("POST", "/", formType, "", ""))
	require.Equal(t, 200, status("POST", "/", jsonType, "", ""))
	require.Equal(t, 200, status("POST", "/", jsonType, "{}", ""))

	require.Equal(t, 503, status("GET", "/?"+sms, "", "", ""))
	require.Equal(t, 503, status("GET", "/?"+sms+"&sig=", "", "", ""))
	require.Equal(t, 503, status("POST", "/", formType, sms, ""))
	require.Equal(t, 503, status("POST", "/", formType+"; charset=UTF-8", sms, "Basic dTpw"))
	require.Equal(t, 503, status("POST", "/", jsonType, message, ""))
	require.Equal(t, 503, status("POST", "/", jsonType, "not JSON", "Bearer"))

	require.Equal(t, 403, status("GET", "/?"+sms+"&sig=00", "", "", ""))
	require.Equal(t, 403, status("POST", "/", jsonType, message, "Bearer x"))
	require.Equal(t, 400, status("GET", "/?%zz", "", "", ""))
	require.Equal(t, 405, status("PUT", "/", jsonType, message, ""))
	require.Equal(t, 415, status("POST", "/", "text/plain", message, ""))
}

// TestTheSMSAPIInThreeWays plays the inbound messages and receipts of the case file as a
// query, as a form and as JSON, each with sig.
func TestTheSMSAPIInThreeWays(t *testing.T) {
	p, played := newProvider(t, nil), 0
	for _, c := range casetest.Cases(t, "vonage") {
		parameters := url.Values{}
		switch raw := strings.TrimSpace(c.Input.Body); {
		case c.Kind != "inbound" && c.Kind != "status" || !strings.Contains(raw+c.Input.URL, "msisdn"):
			continue
		case strings.HasPrefix(raw, "{"):
			var all map[string]string
			require.NoError(t, json.Unmarshal([]byte(raw), &all))
			for name, value := range all {
				parameters.Set(name, value)
			}
		case raw != "":
			parameters, _ = url.ParseQuery(raw)
		default:
			parameters = c.HTTP(t).URL.Query()
		}
		played++
		parameters.Del("sig")
		parameters.Set("sig", sig(parameters, casetest.Secret))
		flat := map[string]string{}
		for name := range parameters {
			flat[name] = parameters.Get(name)
		}
		object, err := json.Marshal(flat)
		require.NoError(t, err)

		want, err := p.Read(get(t, parameters.Encode()), nil)
		require.NoError(t, err, c.ID)
		r, raw := post(t, formType+"; charset=UTF-8", parameters.Encode(), "")
		form, err := p.Read(r, raw)
		require.NoError(t, err, c.ID)
		r, raw = post(t, jsonType, string(object), "")
		inJSON, err := p.Read(r, raw)
		require.NoError(t, err, c.ID)
		require.Equal(t, want, form, c.ID)
		require.Equal(t, want, inJSON, c.ID)
		require.Len(t, want.Messages, len(c.Expect.Messages))
		require.Len(t, want.Reports, len(c.Expect.Events))
	}
	require.Greater(t, played, 5)
}

func TestJSONOfTheSMSAPI(t *testing.T) {
	p := newProvider(t, nil)
	values := url.Values{
		"msisdn": {"14155550101"}, "text": {"STOP"}, "client": {""},
		"concat": {"true"}, "concat-part": {"1"}, "concat-total": {"2"}, "concat-ref": {"7"},
	}
	body := fmt.Sprintf(`{"msisdn":"14155550101","text":"STOP","client":null,`+
		`"concat":true,"concat-part":1,"concat-total":2,"concat-ref":7,"sig":%q}`, sig(values, casetest.Secret))
	r, raw := post(t, jsonType, body, "")
	d, err := p.Read(r, raw)
	require.NoError(t, err)
	require.Equal(t, provider.Part{Ref: "7", Number: 1, Of: 2}, d.Messages[0].Part)

	twice := url.Values{"msisdn": {"14155550101"}, "text": {"hello", "STOP"}}
	body = fmt.Sprintf(`{"text":"hello","msisdn":"14155550101","text":"STOP","sig":%q}`, sig(twice, casetest.Secret))
	r, raw = post(t, jsonType, body, "")
	_, err = p.Read(r, raw)
	require.ErrorIs(t, err, provider.ErrMalformed, "of two texts none is taken")
}

func TestParts(t *testing.T) {
	p := newProvider(t, nil)
	read := func(query string) provider.Message {
		r := get(t, "msisdn=14155550101&to=18005550100&type=text&text=STOP&"+query)
		signQuery(r)
		d, err := p.Read(r, nil)
		require.NoError(t, err)
		return d.Messages[0]
	}
	require.Zero(t, read("").Part)
	require.Zero(t, read("concat=false").Part)
	require.Equal(t, provider.Part{Ref: "4", Number: 3, Of: 4}, read("concat=true&concat-ref=4&concat-total=4&concat-part=3").Part)
	require.Equal(t, provider.Part{Ref: "4", Number: 3, Of: 4}, read("concat-ref=4&concat-total=4&concat-part=3").Part)
	for _, odd := range []string{
		"concat=true", "concat=true&concat-ref=4&concat-total=x&concat-part=1", "concat=true&concat-ref=4&concat-total=0&concat-part=0",
	} {
		m := read(odd)
		require.NotZero(t, m.Part.Of, "a part all the same: %s", odd)
		require.Zero(t, m.Part.Number, "and stays alone")
		require.False(t, m.AnsweredByDefault)
	}
}

func TestTheMessagesAPI(t *testing.T) {
	const head = `{"channel":"whatsapp","message_uuid":"u","from":"14155550101","to":"14155550199","timestamp":"2020-01-01T14:00:00+01:00",`
	at := time.Date(2020, 1, 1, 13, 0, 0, 0, time.UTC)
	message := func(text string, media int) provider.Message {
		return provider.Message{
			Message: optout.Message{ID: "u", From: "+14155550101", To: "+14155550199", Text: text, At: at}, Media: media, Channel: "whatsapp",
		}
	}
	for body, want := range map[string]provider.Message{
		head + `"message_type":"text","text":"STOP"}`:                                                  message("STOP", 0),
		head + `"message_type":"image","image":{"url":"https://example.com/1.jpg","caption":"STOP"}}`:  message("STOP", 1),
		head + `"message_type":"button","button":{"payload":"STOP","text":"No more offers"}}`:          message("STOP", 0),
		head + `"message_type":"button","button":{"payload":"more","text":"More offers"}}`:             message("More offers", 0),
		head + `"message_type":"reply","reply":{"id":"STOP","title":"No more offers"}}`:                message("STOP", 0),
		head + `"message_type":"text","text":"STOP","context":"odd","image":["odd"],"button":1}`:       message("STOP", 0),
		head + `"message_type":"unsupported","profile":{"name":"J"},"whatsapp":{"referral":{"a":[]}}}`: message("", 0),
	} {
		d, err := read(t, body)
		require.NoError(t, err, body)
		require.Len(t, d.Messages, 1, body)
		d.Messages[0].At = d.Messages[0].At.UTC()
		require.Equal(t, want, d.Messages[0], body)
	}

	d, err := read(t, `{"message_uuid":"u","from":{"type":"sms","number":"14155550101"},"to":{"type":"sms","number":"14155550199"},`+
		`"message":{"content":{"type":"text","text":"STOP"}}}`) // version 0.1
	require.NoError(t, err)
	require.Equal(t, provider.Message{
		Message: optout.Message{ID: "u", From: "+14155550101", To: "+14155550199", Text: "STOP"}, Channel: "sms",
	}, d.Messages[0])

	d, err = read(t, `{"channel":"messenger","from":"9876543210","to":"0123456789","message_type":"text","text":"STOP",`+
		`"context":{"message_uuid":"v"}}`)
	require.NoError(t, err)
	require.Equal(t, "9876543210", d.Messages[0].From, "an id, and no number")
	require.Equal(t, "v", d.Messages[0].ReplyTo)

	for _, body := range []string{
		`{"channel":"sms","message_type":"text","text":"STOP"}`, `{"channel":"sms","from":"14155550101"}`, `[]`, `{`, `null`, `{}x`,
		`{"channel":"sms","from":"14155550101","text":"hello","text":"STOP"}`, `{"from":"14155550101","text":1}`,
	} {
		d, err := read(t, body)
		require.ErrorIs(t, err, provider.ErrMalformed, body)
		require.Empty(t, d)
	}
}

func TestStatusesOfTheMessagesAPI(t *testing.T) {
	const head = `{"channel":"sms","message_uuid":"u","to":"14155550101","from":"AcmeInc","timestamp":"2020-01-01T14:00:00.000Z",`
	report := provider.Report{
		ID: "u", Number: "+14155550101", Sender: "AcmeInc", Scope: provider.ScopeNumber, At: time.Date(2020, 1, 1, 14, 0, 0, 0, time.UTC),
	}
	for _, c := range []struct {
		error string
		code  string
		kind  provider.Kind
	}{
		{`{"title":"1240","detail":"Illegal Number"}`, "1240", provider.KindOptedOut},
		{`{"title":1240}`, "1240", provider.KindOptedOut},
		{`{"code":1240,"reason":"Illegal Number"}`, "1240", provider.KindOptedOut},
		{`{"type":"https://developer.vonage.com/api-errors/messages#1240","title":"x"}`, "1240", provider.KindOptedOut},
		{`{"title":"1190"}`, "1190", provider.KindDeactivated},
		{`{"title":"9"}`, "9", provider.KindNone},
	} {
		d, err := read(t, head+`"status":"rejected","error":`+c.error+"}")
		require.NoError(t, err, c.error)
		one := report
		one.Code, one.Kind = c.code, c.kind
		require.Equal(t, []provider.Report{one}, d.Reports, c.error)
		require.Empty(t, d.Messages)
	}
	for _, tail := range []string{
		`"status":"delivered"}`, `"status":"read","error":null}`, `"status":"rejected","error":{"title":"Illegal Number"}}`,
	} {
		d, err := read(t, head+tail)
		require.NoError(t, err)
		require.Empty(t, d, tail)
	}
}

func TestRefusals(t *testing.T) {
	p := newProvider(t, nil)
	refusal := func(status int, body string) (provider.Report, bool) {
		return p.Refusal(provider.Refused{Status: status, Body: []byte(body), To: "+14155550101", From: "AcmeInc"})
	}
	for _, body := range []string{
		`{"messages":[{"status":"0","message-id":"1"}]}`,
		`{"messages":[{"status":"9","error-text":"Partner quota violation"}]}`, // 9 of a receipt is an opt-out, 9 here is not
		`{"messages":[{"status":"1240"}]}`,
		`{"type":"https://developer.vonage.com/api-errors/messages#1150","title":"Invalid params"}`,
		`{"title":"Unauthorized"}`, `{}`, `[]`, `not JSON`, ``,
	} {
		r, ok := refusal(http.StatusOK, body)
		require.False(t, ok, body)
		require.Equal(t, provider.KindNone, r.Kind, body)
	}
	r, ok := refusal(http.StatusUnprocessableEntity, `{"type":"https://developer.vonage.com/api-errors/messages#1240","title":"x"}`)
	require.True(t, ok)
	require.Equal(t, provider.Report{
		Number: "+14155550101", Sender: "AcmeInc", Scope: provider.ScopeNumber, Kind: provider.KindOptedOut, Code: "1240",
	}, r)
	r, ok = refusal(http.StatusOK, `{"messages":[{"status":"0"},{"status":7}]}`)
	require.True(t, ok)
	require.Equal(t, provider.KindBlocked, r.Kind)
}

func TestTheWordsThatAreAnswered(t *testing.T) {
	const long, tollFree = "14155550199", "18885550100"
	read := func(p provider.Provider, to, text string) bool {
		r := get(t, url.Values{"msisdn": {"14155550101"}, "to": {to}, "text": {text}, "type": {"text"}}.Encode())
		signQuery(r)
		d, err := p.Read(r, nil)
		require.NoError(t, err)
		return d.Messages[0].AnsweredByDefault
	}
	p := newProvider(t, nil)
	require.False(t, read(p, long, "STOP"), "Opt-Out Assist is off")
	require.True(t, read(p, tollFree, " stop "), "by the carrier")
	require.True(t, read(p, tollFree, "UNSTOP"))
	require.False(t, read(p, tollFree, "HELP"))
	require.False(t, read(p, "1888555010", "STOP"))
	p = newProvider(t, func(c *vonage.Config) { c.AnsweredWords = vonage.OptOutAssistWords() })
	require.True(t, read(p, long, "Stop"))
	require.True(t, read(p, "96167", "help"))
	require.False(t, read(p, long, "REVOKE"))
}

func TestFacts(t *testing.T) {
	p := newProvider(t, nil)
	require.Equal(t, "vonage", p.Name())
	require.Equal(t, provider.RepliesAlways, p.Facts().Replies)
	require.False(t, p.Facts().AnswerReplies)
}

func TestCodes(t *testing.T) {
	for kind, codes := range map[provider.Kind]string{
		provider.KindOptedOut: "9", provider.KindUnreachable: "2 7 12", provider.KindDeactivated: "3", provider.KindBlocked: "4 13 14",
		provider.KindFiltered: "6", provider.KindNoConsent: "53", provider.KindNone: "1 5 8 10 11 15 50 51 52 54 99 09 1240 x",
	} {
		for code := range strings.FieldsSeq(codes) {
			r := get(t, "msisdn=14155550101&to=AcmeInc&status=failed&err-code="+code)
			signQuery(r)
			d, err := newProvider(t, nil).Read(r, nil)
			require.NoError(t, err)
			require.Len(t, d.Reports, 1)
			require.Equal(t, kind, d.Reports[0].Kind, code)
		}
	}
	for kind, codes := range map[provider.Kind]string{
		provider.KindOptedOut: "1240", provider.KindUnreachable: "1180 1220 1260", provider.KindDeactivated: "1190",
		provider.KindBlocked: "1050 1270 1280", provider.KindFiltered: "1210", provider.KindInvalidNumber: "1170",
		provider.KindNotTextable: "1300 1310", provider.KindNone: "1000 1060 1241 1330 9",
	} {
		for code := range strings.FieldsSeq(codes) {
			d, err := read(t, `{"message_uuid":"u","to":14155550101,"from":{"type":"messenger","id":"7"},`+
				`"status":"rejected","error":{"title":`+code+`}}`)
			require.NoError(t, err)
			require.Equal(t, kind, d.Reports[0].Kind, code)
			require.Equal(t, "7", d.Reports[0].Sender)
		}
	}
}

func TestAStatusOfAnotherChannelIsNotAboutAPhoneNumber(t *testing.T) {
	d, err := read(t, `{"channel":"messenger","to":"6591234567","from":"1","status":"rejected","error":{"title":1240}}`)
	require.NoError(t, err)
	require.Equal(t, "messenger:6591234567", d.Reports[0].Number)
}

func TestAProvedBodyThatMakesNoSense(t *testing.T) {
	for contentType, bodies := range map[string][]string{
		formType:                        {"", "msisdn=%zz", "text=STOP", "msisdn=1&msisdn=2&text=STOP"},
		formType + "; charset=KOI8-R":   {"msisdn=14155550101&text=STOP"},
		jsonType + "; charset=whatever": {`{"msisdn":{}}`, `{"msisdn":"1","msisdn":"1"}`, ``},
	} {
		for _, body := range bodies {
			r, raw := post(t, contentType, body, token(t, "HS256", casetest.Secret, claims([]byte(body))))
			d, err := newProvider(t, nil).Read(r, raw)
			require.ErrorIs(t, err, provider.ErrMalformed, body)
			require.NotErrorIs(t, err, provider.ErrSignature)
			require.Empty(t, d)
		}
	}
}
