package telnyx_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/casetest"
	"github.com/seed-f10031e4/consent/optout/provider/telnyx"
)

// private is the key of the cases: the seed is 00 to 1f.
func private() ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = byte(i)
	}
	return ed25519.NewKeyFromSeed(seed)
}

func public() string {
	return base64.StdEncoding.EncodeToString(private()[ed25519.SeedSize:])
}

func sign(t *testing.T, r *http.Request, body []byte) {
	t.Helper()
	now := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("Telnyx-Timestamp", now)
	signature := ed25519.Sign(private(), append([]byte(now+"|"), body...))
	r.Header.Set("Telnyx-Signature-Ed25519", base64.StdEncoding.EncodeToString(signature))
}

func TestCases(t *testing.T) {
	casetest.Run(t, casetest.Suite{
		Name: "telnyx",
		New: func(_ *testing.T, c casetest.Case) (provider.Provider, error) {
			config := telnyx.Config{PublicKey: c.Secret}
			if c.Unsigned {
				config.PublicKey = public()
			}
			if !c.Now.IsZero() {
				config.Now = func() time.Time { return c.Now }
			}
			return telnyx.New(config)
		},
		Sign: sign,
	})
}
