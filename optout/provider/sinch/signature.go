package sinch

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

const (
	signatureHeader = "X-Sinch-Webhook-Signature"
	nonceHeader     = "X-Sinch-Webhook-Signature-Nonce"
	timeHeader      = "X-Sinch-Webhook-Signature-Timestamp"
	algorithmHeader = "X-Sinch-Webhook-Signature-Algorithm"

	// algorithm is the only one that is computed, whatever the request asks for.
	algorithm = "HmacSHA256"
)

// verify checks the signature: of the body, ".", the nonce, "." and the time. The rules are
// those of Sinch's own library, sinch-sdk-java HmacAuthenticationValidation.java, which wants
// all four headers.
func (p *Provider) verify(r *http.Request, body []byte) error {
	sent := wire.Header(r.Header, signatureHeader)
	if sent == "" {
		return wire.Unproved("no " + signatureHeader)
	}
	if wire.Header(r.Header, algorithmHeader) != algorithm {
		return wire.Unproved(algorithmHeader + " is not " + algorithm)
	}
	// A dot in the nonce or in the time could be one that ends the body.
	nonce, at := wire.Header(r.Header, nonceHeader), wire.Header(r.Header, timeHeader)
	if nonce == "" || strings.Contains(nonce, ".") {
		return wire.Unproved(nonceHeader + " is missing, or is no nonce")
	}
	if at == "" || strings.Trim(at, "0123456789") != "" {
		return wire.Unproved(timeHeader + " is missing, or is no time")
	}
	fits := p.secrets.Match([]byte(sent), func(secret string) []byte {
		return []byte(base64.StdEncoding.EncodeToString(wire.HMAC(sha256.New, secret, string(body), ".", nonce, ".", at)))
	})
	if !fits {
		return wire.Unproved(signatureHeader + " does not fit: is the secret right?")
	}
	return nil
}
