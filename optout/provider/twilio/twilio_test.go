package twilio_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

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
		form, err := url.ParseQuery(string(body))
		require.NoError(t, err)
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
