package plivo

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// The headers of the two signatures. Each may hold several, by comma; that of the main
// account is made with the token of the main account, also for a subaccount.
// https://docs.plivo.com/docs/messaging/concepts/signature-validation
// https://docs.plivo.com/docs/voice/xml/request/validation
const (
	v2Header     = "X-Plivo-Signature-V2"
	v2MainHeader = "X-Plivo-Signature-Ma-V2"
	v2Nonce      = "X-Plivo-Signature-V2-Nonce"
	v3Header     = "X-Plivo-Signature-V3"
	v3MainHeader = "X-Plivo-Signature-Ma-V3"
	v3Nonce      = "X-Plivo-Signature-V3-Nonce"

	// maxSignatures is how many signatures of a request are looked at.
	maxSignatures = 8
)

// verify checks the signature, and returns the parameters: of the form, or of the query of a
// GET. The rules are those of Plivo's libraries, plivo-go utils.go and plivo-python
// signature_v3.py.
func (p *Provider) verify(r *http.Request, body []byte) (*wire.Form, error) {
	base, query, _ := strings.Cut(wire.URL(r), "?")
	called := []string{base}
	if root, found := strings.CutSuffix(base, "/"); found && strings.Count(base, "/") == 3 {
		called = append(called, root) // of a URL without a path, a request has the path "/"
	}
	hasV3 := r.Header.Values(v3Header) != nil || r.Header.Values(v3MainHeader) != nil
	if !hasV3 { // V2 covers the parameters in no way: check it before they are read
		if p.requireV3 {
			return nil, wire.Unproved("no " + v3Header)
		}
		if err := p.match(signatures(r.Header, v2Header, v2MainHeader), v2Header, wire.Header(r.Header, v2Nonce), called, ""); err != nil {
			return nil, err
		}
	}
	parameters := string(body)
	if r.Method == http.MethodGet {
		parameters, query = query, ""
	}
	form, err := wire.ParseForm(parameters, r.Header.Get("Content-Type"))
	if err != nil || !hasV3 {
		return form, err
	}
	signed, err := parametersV3(r.Method, form, query)
	if err != nil {
		return nil, err
	}
	if err := p.match(signatures(r.Header, v3Header, v3MainHeader), v3Header, wire.Header(r.Header, v3Nonce), called, signed+"."); err != nil {
		return nil, err
	}
	return form, nil
}

// parametersV3 returns what V3 signs of the parameters: "?a=1&b=2" of a GET, "?From1To2" of a
// form, "?a=1.From1To2" of a form that is posted to a URL with a query.
func parametersV3(method string, form *wire.Form, query string) (string, error) {
	if method == http.MethodGet {
		return begin("?", sorted(form.Values(), "=", "&")), nil
	}
	inForm := sorted(form.Values(), "", "")
	if query == "" {
		return begin("?", inForm), nil
	}
	inQuery, err := wire.ParseForm(query, "")
	if err != nil {
		return "", err
	}
	return begin("?", sorted(inQuery.Values(), "=", "&")+begin(".", inForm)), nil
}

// begin puts a mark before a text that is not empty.
func begin(mark, text string) string {
	if text == "" {
		return ""
	}
	return mark + text
}

// match reports whether one of the signatures is that of one of the URLs, the text that
// follows it, and the nonce.
func (p *Provider) match(sent []string, header, nonce string, called []string, signed string) error {
	if len(sent) == 0 {
		return wire.Unproved("no " + header)
	}
	if len(sent) > maxSignatures {
		return wire.Unproved(header + " holds too many signatures")
	}
	if !isNonce(nonce) {
		return wire.Unproved(header + "-Nonce is missing, or is no nonce")
	}
	ok := false
	for _, base := range called {
		for _, signature := range sent {
			ok = p.tokens.Match([]byte(signature), func(token string) []byte {
				return []byte(base64.StdEncoding.EncodeToString(wire.HMAC(sha256.New, token, base, signed, nonce)))
			}) || ok
		}
	}
	if !ok {
		return wire.Unproved(header + " does not fit: is the auth token right, and PublicURL?")
	}
	return nil
}

// signatures returns what these headers hold, whole or by comma.
func signatures(h http.Header, names ...string) []string {
	var all []string
	for _, name := range names {
		for _, value := range h.Values(name) {
			for signature := range strings.SplitSeq(value, ",") {
				if signature = strings.TrimSpace(signature); signature != "" {
					all = append(all, signature)
				}
			}
		}
	}
	return all
}

// isNonce reports whether a text can be a nonce: letters and digits. With a slash or a dot
// in it, text of the URL or of the form could pass for a part of the nonce: the signature
// covers them one after the other, with nothing in between.
func isNonce(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_'
	})
}

// sorted joins names and values, by name, and the values of a name in their order.
func sorted(values url.Values, between, after string) string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	var pairs []string
	for _, name := range names {
		each := values[name]
		slices.Sort(each)
		for _, value := range each {
			pairs = append(pairs, name+between+value)
		}
	}
	return strings.Join(pairs, after)
}
