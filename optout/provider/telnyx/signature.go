package telnyx

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

const (
	signatureHeader = "Telnyx-Signature-Ed25519"
	timeHeader      = "Telnyx-Timestamp"

	// tolerance is that of Telnyx's own libraries.
	tolerance = 5 * time.Minute
)

// verify checks the signature: of the time, "|" and the body.
// https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
func (p *Provider) verify(r *http.Request, body []byte) error {
	signature, err := base64.StdEncoding.DecodeString(r.Header.Get(signatureHeader))
	if err != nil || len(signature) != ed25519.SignatureSize {
		return wire.Unproved("no " + signatureHeader)
	}
	sent := r.Header.Get(timeHeader)
	signed := slices.Concat([]byte(sent+"|"), body)
	if !slices.ContainsFunc(p.keys, func(key ed25519.PublicKey) bool { return ed25519.Verify(key, signed, signature) }) {
		return wire.Unproved(signatureHeader + " does not fit: is the public key right?")
	}
	seconds, err := strconv.ParseInt(sent, 10, 64)
	if err != nil {
		return wire.Unproved(timeHeader + " is no time")
	}
	if age := p.now().Sub(time.Unix(seconds, 0)); age.Abs() > tolerance {
		return wire.Unproved(timeHeader + " is more than 5 minutes away")
	}
	return nil
}
