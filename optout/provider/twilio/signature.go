package twilio

import (
	"crypto/sha1" //nolint:gosec // Twilio's signature is HMAC-SHA1
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net"
	"net/http"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

const signatureHeader = "X-Twilio-Signature"

// parameters are what is signed of a form after the URL: each parameter by name, with its
// decoded values. https://www.twilio.com/docs/usage/security
func parameters(form *wire.Form, size int) string {
	var signed strings.Builder
	signed.Grow(size)
	for name, value := range form.Sorted() {
		signed.WriteString(name)
		signed.WriteString(value)
	}
	return signed.String()
}

// verifyJSON checks the signature of a JSON body: of the URL, which holds the body's hash.
func (p *Provider) verifyJSON(r *http.Request, body []byte) error {
	sum := sha256.Sum256(body)
	want := hex.EncodeToString(sum[:])
	if subtle.ConstantTimeCompare([]byte(want), []byte(r.URL.Query().Get("bodySHA256"))) != 1 {
		return wire.Unproved("bodySHA256 is not the hash of the body")
	}
	return p.verify(r, "")
}

func (p *Provider) verify(r *http.Request, signed string) error {
	sent, err := base64.StdEncoding.DecodeString(r.Header.Get(signatureHeader))
	if err != nil || len(sent) == 0 {
		return wire.Unproved("no " + signatureHeader)
	}
	called := wire.URL(r)
	if p.signs(sent, called, signed) || p.signs(sent, otherPort(called), signed) {
		return nil
	}
	return wire.Unproved(signatureHeader + " does not fit: is the auth token right, and PublicURL?")
}

func (p *Provider) signs(sent []byte, called, signed string) bool {
	return p.tokens.Match(sent, func(token string) []byte { return wire.HMAC(sha1.New, token, called, signed) })
}

// otherPort returns a URL without its port, or with the default port if it has none:
// Twilio's own libraries try both, since it is not consistent which one is signed.
func otherPort(called string) string {
	scheme, rest, _ := strings.Cut(called, "://")
	authority, target, _ := strings.Cut(rest, "/")
	user := ""
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		user, authority = authority[:i+1], authority[i+1:]
	}
	port := "80"
	if scheme == "https" {
		port = "443"
	}
	host, _, err := net.SplitHostPort(authority)
	if err != nil {
		return scheme + "://" + user + authority + ":" + port + "/" + target
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return scheme + "://" + user + host + "/" + target
}
