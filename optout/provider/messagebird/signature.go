package messagebird

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

const (
	jwtHeader       = "Messagebird-Signature-Jwt"
	signatureHeader = "Messagebird-Signature"
	timeHeader      = "Messagebird-Request-Timestamp"

	// skew is that of MessageBird's own libraries.
	skew = time.Second
)

func (p *Provider) verify(r *http.Request, body []byte) error {
	switch p.scheme {
	case BirdHMAC:
		return p.verifyHMAC(r, wire.URL(r), body)
	case OldHMAC:
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return wire.Unproved("the query cannot be decoded")
		}
		return p.verifyHMAC(r, query.Encode(), body) // which sorts it
	default:
		return p.verifyJWT(r, body)
	}
}

// verifyJWT checks the token, and in it the issuer, the times and the hashes of URL and
// body. The hash of an empty body is left out. The rules are those of MessageBird's library:
// https://github.com/messagebird/go-rest-api/tree/master/signature_jwt
func (p *Provider) verifyJWT(r *http.Request, body []byte) error {
	token := r.Header.Get(jwtHeader)
	if token == "" {
		return wire.Unproved("no " + jwtHeader)
	}
	claims, err := wire.JWT(token, p.keys, "HS256", "HS384", "HS512")
	if err != nil {
		return err
	}
	_, expires := claims["exp"]
	switch {
	case claims.Text("iss") != "MessageBird":
		return wire.Unproved("the JWT is not of MessageBird")
	case claims.Text("jti") == "":
		return wire.Unproved("the JWT has no id")
	case !expires:
		return wire.Unproved("the JWT has no end")
	case !same(claims.Text("url_hash"), hash([]byte(wire.URL(r)))):
		return wire.Unproved("url_hash is not the hash of the URL: is PublicURL right?")
	}
	payload := ""
	if len(body) > 0 {
		payload = hash(body)
	}
	if !same(claims.Text("payload_hash"), payload) {
		return wire.Unproved("payload_hash is not the hash of the body")
	}
	return claims.Valid(p.now(), skew)
}

// verifyHMAC checks the signature of time, place and body. The place is the URL, or the
// query by name in the older scheme.
// https://docs.bird.com/api/notifications-api/api-reference/webhooks/verifying-a-webhook
// https://github.com/messagebird/go-rest-api/tree/master/signature
func (p *Provider) verifyHMAC(r *http.Request, place string, body []byte) error {
	signature, err := base64.StdEncoding.Strict().DecodeString(r.Header.Get(signatureHeader))
	if err != nil || len(signature) != sha256.Size {
		return wire.Unproved("no " + signatureHeader)
	}
	sent := r.Header.Get(timeHeader)
	seconds, err := strconv.ParseInt(sent, 10, 64)
	if err != nil {
		return wire.Unproved(timeHeader + " is no time")
	}
	sum := sha256.Sum256(body)
	if !p.keys.Match(signature, func(key string) []byte {
		return wire.HMAC(sha256.New, key, sent, "\n", place, "\n", string(sum[:]))
	}) {
		return wire.Unproved(signatureHeader + " does not fit: are the signing key and the scheme right, and PublicURL?")
	}
	if p.maxAge > 0 && p.now().Sub(time.Unix(seconds, 0)).Abs() > p.maxAge {
		return wire.Unproved(timeHeader + " is more than Config.MaxAge away")
	}
	return nil
}

func hash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
