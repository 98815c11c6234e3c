package vonage

import (
	"crypto/md5"  //nolint:gosec // two of Vonage's algorithms
	"crypto/sha1" //nolint:gosec // one of Vonage's algorithms
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// skew is how far the clocks may differ, for a JWT with an end. The documents name none.
const skew = time.Minute

// The sources of this file are Vonage's documents of 2021 and its libraries:
// https://github.com/Nexmo/nexmo-developer _documentation/en/messages/concepts/signed-webhooks.md and
// _documentation/en/concepts/guides/signing-messages.md,
// https://github.com/Vonage/vonage-php-sdk-core src/Client/Signature.php.

// unsigned is the error of a callback without a signature: Vonage delivers it again, signed,
// if the answer is a 5xx.
func unsigned(what string) error {
	return fmt.Errorf("%w: %w: %s", provider.ErrRetry, provider.ErrSignature, what)
}

// bearer returns the token in Authorization.
func bearer(r *http.Request) (token string, found bool) {
	scheme, token, found := strings.Cut(r.Header.Get("Authorization"), " ")
	return token, found && strings.EqualFold(scheme, "Bearer")
}

// verifyJWT checks the token of the Messages API and the hash of the body in it. Of the
// claims, iss is always "Vonage".
func (p *Provider) verifyJWT(token string, body []byte) error {
	claims, err := wire.JWT(token, p.secrets, "HS256") // whatever the account's signature method
	if err != nil {
		return err
	}
	if claims.Text("iss") != "Vonage" {
		return wire.Unproved("the JWT is not of Vonage")
	}
	sent, err := hex.DecodeString(claims.Text("payload_hash"))
	sum := sha256.Sum256(body)
	if err != nil || subtle.ConstantTimeCompare(sent, sum[:]) != 1 {
		return wire.Unproved("payload_hash is not the hash of the body")
	}
	if err := claims.Valid(p.now(), skew); err != nil {
		return err
	}
	issued, err := claims.Time("iat")
	if err != nil {
		return err
	}
	return p.fresh(issued)
}

// verifySig checks the parameter sig of the SMS API: of "&name=value" for each other
// parameter, by name, with & and = in a value replaced by _.
func (p *Provider) verifySig(form *wire.Form) error {
	values := form.Values()
	sig := values["sig"]
	switch {
	case len(sig) == 0 || len(sig) == 1 && sig[0] == "":
		return unsigned("neither sig nor a JWT: is signing switched on for the account?")
	case len(sig) > 1:
		return wire.Unproved("sig is there twice")
	case p.algorithm == "":
		return wire.Unproved("a callback of the SMS API, and Config.Algorithm is not set")
	}
	sent, err := hex.DecodeString(sig[0]) // in upper or lower case
	if err != nil {
		return wire.Unproved("sig is not in hexadecimal digits")
	}
	var signed strings.Builder
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name == "sig" {
			continue
		}
		if strings.ContainsAny(name, "&=") { // which could hide other parameters
			return wire.Unproved("a parameter has a name that Vonage does not use")
		}
		for _, value := range values[name] {
			signed.WriteString("&" + name + "=" + strings.NewReplacer("&", "_", "=", "_").Replace(value))
		}
	}
	sign := p.algorithm.sign()
	if !p.secrets.Match(sent, func(secret string) []byte { return sign(secret, signed.String()) }) {
		return wire.Unproved("sig does not fit: are the signature secret and Config.Algorithm right?")
	}
	seconds, err := strconv.ParseInt(form.Get("timestamp"), 10, 64)
	if err != nil {
		return p.fresh(time.Time{})
	}
	return p.fresh(time.Unix(seconds, 0))
}

// fresh refuses a callback that was signed too long ago; at is zero if it does not say when.
func (p *Provider) fresh(at time.Time) error {
	if p.maxAge > 0 && (at.IsZero() || p.now().Sub(at).Abs() > p.maxAge) {
		return wire.Unproved("it was signed more than Config.MaxAge ago")
	}
	return nil
}

// sign returns how an algorithm signs, or nil if there is no such algorithm.
func (a Algorithm) sign() func(secret, text string) []byte {
	mac := func(newHash func() hash.Hash) func(string, string) []byte {
		return func(secret, text string) []byte { return wire.HMAC(newHash, secret, text) }
	}
	switch a {
	case MD5Hash:
		return func(secret, text string) []byte {
			sum := md5.Sum([]byte(text + secret)) //nolint:gosec // Vonage's own
			return sum[:]
		}
	case MD5HMAC:
		return mac(md5.New)
	case SHA1HMAC:
		return mac(sha1.New)
	case SHA256HMAC:
		return mac(sha256.New)
	case SHA512HMAC:
		return mac(sha512.New)
	default:
		return nil
	}
}
