package telnyx_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
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

func suite() casetest.Suite {
	return casetest.Suite{
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
	}
}

func TestCases(t *testing.T) { casetest.Run(t, suite()) }

func FuzzRead(f *testing.F) { casetest.Fuzz(f, suite()) }

func TestNewNamesTheField(t *testing.T) {
	_, err := telnyx.New(telnyx.Config{})
	require.EqualError(t, err, "telnyx: Config.PublicKey is empty")
	_, err = telnyx.New(telnyx.Config{PublicKey: public(), OtherPublicKeys: []string{"short"}})
	require.EqualError(t, err, "telnyx: Config.OtherPublicKeys[0] is not base64 of 32 bytes")
}

func TestTwoKeysCountWhileOneIsChanged(t *testing.T) {
	other := base64.StdEncoding.EncodeToString(make([]byte, ed25519.PublicKeySize))
	p, err := telnyx.New(telnyx.Config{PublicKey: other, OtherPublicKeys: []string{public()}})
	require.NoError(t, err)
	body := []byte(`{"data":{"event_type":"message.received","payload":{"from":{"phone_number":"+14155550101"},"text":"STOP"}}}`)
	r := casetest.NewRequest(t, http.MethodPost, "https://example.com/telnyx", body)
	sign(t, r, body)
	d, err := p.Read(r, body)
	require.NoError(t, err)
	require.Len(t, d.Messages, 1)
}

func TestADeliveryReportWithSeveralErrorsAndContacts(t *testing.T) {
	p, err := telnyx.New(telnyx.Config{PublicKey: public()})
	require.NoError(t, err)
	body := []byte(`{"data":{"event_type":"message.finalized","payload":{"id":"m","from":{"phone_number":"+14155550199"},
		"to":[{"phone_number":"+14155550101","status":"sending_failed"},{"phone_number":"+14155550102","status":"delivery_unconfirmed"}],
		"errors":[{"code":"40008"},{"code":40300}]}}}`)
	r := casetest.NewRequest(t, http.MethodPost, "https://example.com/telnyx", body)
	sign(t, r, body)
	d, err := p.Read(r, body)
	require.NoError(t, err)
	require.Len(t, d.Reports, 1, "the other contact of the group has not opted out")
	require.Equal(t, "+14155550101", d.Reports[0].Number)
	require.Equal(t, provider.KindOptedOut, d.Reports[0].Kind)
}

// sdkError is as the errors of Telnyx's library.
type sdkError struct{ raw string }

func (e *sdkError) Error() string   { return "409 " + e.raw }
func (e *sdkError) RawJSON() string { return e.raw }

func TestTheErrorOfTelnyxsLibrary(t *testing.T) {
	p, err := telnyx.New(telnyx.Config{PublicKey: public()})
	require.NoError(t, err)
	sdk := &sdkError{raw: `{"errors":[{"code":"40300","detail":"from +14155550199 to +14155550101"}]}`}
	err = provider.SendError(p, provider.Refused{Err: fmt.Errorf("send: %w", sdk)})
	var refused *optout.RefusedError
	require.ErrorAs(t, err, &refused)
	require.True(t, refused.OptedOut)
	require.NotContains(t, err.Error(), "555")
}
