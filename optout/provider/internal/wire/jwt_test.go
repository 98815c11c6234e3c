package wire_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// The example of RFC 7515, appendix A.1.
const (
	rfcToken = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." +
		"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ." +
		"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	rfcKey = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
)

func rfcSecrets(t testing.TB) wire.Secrets {
	t.Helper()
	key, err := base64.RawURLEncoding.DecodeString(rfcKey)
	require.NoError(t, err)
	return wire.Secrets{"another", string(key)}
}

func TestJWTOfTheRFC(t *testing.T) {
	claims, err := wire.JWT(rfcToken, rfcSecrets(t), "HS256")
	require.NoError(t, err)
	require.Equal(t, "joe", claims.Text("iss"))
	require.Empty(t, claims.Text("exp"), "not a text")
	require.Empty(t, claims.Text("jti"))
	expires, err := claims.Time("exp")
	require.NoError(t, err)
	require.Equal(t, int64(1300819380), expires.Unix())

	require.NoError(t, claims.Valid(expires, 0))
	require.NoError(t, claims.Valid(expires.Add(2*time.Second), 2*time.Second))
	require.ErrorIs(t, claims.Valid(expires.Add(time.Second), 0), provider.ErrSignature)

	_, err = wire.JWT(rfcToken, rfcSecrets(t), "HS384", "HS512")
	require.ErrorIs(t, err, provider.ErrSignature, "an algorithm that the provider does not use")
	_, err = wire.JWT(rfcToken, rfcSecrets(t), "none", "RS256", "")
	require.ErrorIs(t, err, provider.ErrSignature)
	_, err = wire.JWT(rfcToken, wire.Secrets{"another"}, "HS256")
	require.ErrorIs(t, err, provider.ErrSignature)
}

// FuzzJWT: of all tokens, only the one that is signed counts.
func FuzzJWT(f *testing.F) {
	f.Add(rfcToken)
	f.Add(strings.Replace(rfcToken, "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJub25lIn0", 1))
	f.Add("e30.e30.")
	secrets := rfcSecrets(f)
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := wire.JWT(token, secrets, "HS256", "HS384", "HS512")
		if token != rfcToken {
			require.ErrorIs(t, err, provider.ErrSignature)
			require.Nil(t, claims)
		}
	})
}

// FuzzParseJSON: what is read is what encoding/json reads, and no name is read twice.
func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a":"b","c":1,"d":null,"e":true}`, `{"a":1,"a":2}`, `{"a":{}}`, `{"a":"\ud800"}`, `{}{}`, `[]`, ` {} `, `{"a":1e9}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		names, namesErr := wire.Names(body)
		form, err := wire.ParseJSON(body)
		var all map[string]any
		if json.Unmarshal(body, &all) != nil || all == nil {
			require.ErrorIs(t, err, provider.ErrMalformed)
			require.ErrorIs(t, namesErr, provider.ErrMalformed)
			return
		}
		if namesErr == nil {
			require.Len(t, names, len(all))
		}
		if err != nil {
			require.ErrorIs(t, err, provider.ErrMalformed)
			return
		}
		require.Len(t, form.Values(), len(all))
		for name, value := range all {
			text, isText := value.(string)
			if got := form.Get(name); form.Err() == nil && isText {
				require.Equal(t, text, got)
			}
		}
	})
}

func TestParseJSON(t *testing.T) {
	form, err := wire.ParseJSON([]byte(`{"a":"b","number":14155550101,"part":1.50,"yes":true,"nothing":null,"Case":"1","case":"2"}`))
	require.NoError(t, err)
	for name, want := range map[string]string{
		"a": "b", "number": "14155550101", "part": "1.50", "yes": "true", "nothing": "", "Case": "1", "case": "2",
	} {
		require.True(t, form.Has(name))
		require.Equal(t, want, form.Get(name))
	}
	require.NoError(t, form.Err())

	lower := form.Lower()
	require.Empty(t, lower.Get("Case"))
	lower.Get("case")
	require.ErrorIs(t, lower.Err(), provider.ErrMalformed, "two spellings with two values")
	require.NoError(t, form.Err(), "the form itself is as it was")

	for _, body := range []string{
		``, `null`, `[]`, `"a"`, `{`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":[]}`, `{"a":{}}`, `{}x`, `{}{}`, `{a:1}`, `{"a":01}`,
	} {
		_, err := wire.ParseJSON([]byte(body))
		require.ErrorIs(t, err, provider.ErrMalformed, body)
	}
}

func TestText(t *testing.T) {
	for raw, want := range map[string]wire.Text{`"7"`: "7", `7`: "7", `1e3`: "1e3", `null`: "", `true`: "", `{}`: "", `[7]`: ""} {
		var of struct{ Code wire.Text }
		require.NoError(t, json.Unmarshal([]byte(`{"code":`+raw+`}`), &of))
		require.Equal(t, want, of.Code, raw)
	}
}
