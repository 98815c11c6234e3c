package twilio

import (
	"crypto/sha1" //nolint:gosec // Twilio's signature is HMAC-SHA1
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

const signatureHeader = "X-Twilio-Signature"

// verifyForm checks the signature of a form: the URL, then each parameter of a POST by
// name, with its decoded values. https://www.twilio.com/docs/usage/security
func (p *Provider) verifyForm(r *http.Request, form *wire.Form, query bool) error {
	var signed strings.Builder
	if !query {
		values := form.Values()
		for _, name := range sortedNames(values) {
			each := values[name]
			slices.Sort(each)
			for _, value := range slices.Compact(each) {
				signed.WriteString(name)
				signed.WriteString(value)
			}
		}
	}
	return p.verify(r, signed.String())
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

func (p *Provider) verify(r *http.Request, parameters string) error {
	sent, err := base64.StdEncoding.DecodeString(r.Header.Get(signatureHeader))
	if err != nil || len(sent) == 0 {
		return wire.Unproved("no " + signatureHeader)
	}
	ok := false
	for _, called := range spellings(wire.URL(r)) {
		ok = p.tokens.Match(sent, func(token string) []byte { return wire.HMAC(sha1.New, token, called, parameters) }) || ok
	}
	if !ok {
		return wire.Unproved(signatureHeader + " does not fit: is the auth token right, and PublicURL?")
	}
	return nil
}

// spellings returns a URL as it is, without the port, and with the default port: Twilio's
// own libraries try all, since it is not consistent which one is signed.
func spellings(called string) []string {
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
		return []string{called, scheme + "://" + user + authority + ":" + port + "/" + target}
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return []string{called, scheme + "://" + user + host + "/" + target}
}

func sortedNames(values url.Values) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
