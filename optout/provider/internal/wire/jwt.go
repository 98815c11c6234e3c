package wire

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"hash"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Claims are what a JSON Web Token says, by name.
type Claims map[string]json.RawMessage

// JWT verifies a JSON Web Token that is signed with HMAC, and returns its claims (RFC 7515,
// RFC 7519). The algorithms are those of the provider, of HS256, HS384 and HS512: the token
// can only name one of them. The claims are read after the signature fits.
func JWT(token string, secrets Secrets, algorithms ...string) (Claims, error) {
	parts := strings.SplitN(token, ".", 4)
	if len(parts) != 3 {
		return nil, Unproved("the JWT does not have three parts")
	}
	var raw [3][]byte
	for i, part := range parts {
		var err error
		if raw[i], err = segment(part); err != nil {
			return nil, err
		}
	}
	header, err := claims(raw[0])
	if err != nil {
		return nil, err
	}
	newHash := hmacHash(header.Text("alg"))
	if newHash == nil || !slices.Contains(algorithms, header.Text("alg")) {
		return nil, Unproved("the JWT has an algorithm that the provider does not use")
	}
	if _, critical := header["crit"]; critical {
		return nil, Unproved("the JWT needs an extension")
	}
	if !secrets.Match(raw[2], func(secret string) []byte { return HMAC(newHash, secret, parts[0], ".", parts[1]) }) {
		return nil, Unproved("the JWT does not fit: is the secret right?")
	}
	return claims(raw[1])
}

func hmacHash(algorithm string) func() hash.Hash {
	switch algorithm {
	case "HS256":
		return sha256.New
	case "HS384":
		return sha512.New384
	case "HS512":
		return sha512.New
	default:
		return nil
	}
}

// segment decodes a part of a token, which has one spelling alone: no padding, no line
// breaks, no bits left over.
func segment(part string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil || base64.RawURLEncoding.EncodeToString(raw) != part {
		return nil, Unproved("the JWT is not base64url")
	}
	return raw, nil
}

func claims(raw []byte) (Claims, error) {
	all, err := members(raw)
	if err != nil {
		return nil, Unproved("the JWT does not hold JSON objects")
	}
	c := Claims{}
	for _, m := range all {
		if _, twice := c[m.name]; twice {
			return nil, Unproved("the JWT says something twice")
		}
		c[m.name] = m.value
	}
	return c, nil
}

// Text returns a claim that is a text; "" if it is not there, or not a text.
func (c Claims) Text(name string) string {
	var text string
	if json.Unmarshal(c[name], &text) != nil {
		return ""
	}
	return text
}

// Time returns a claim that is a time in seconds; the zero time if it is not there. A claim
// that is no such time makes the token unproved.
func (c Claims) Time(name string) (time.Time, error) {
	raw, found := c[name]
	if !found {
		return time.Time{}, nil
	}
	const far = 1e11 // about the year 5138
	seconds, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || seconds < 0 || seconds > far {
		return time.Time{}, Unproved("the JWT has a time that is no time")
	}
	return time.Unix(int64(math.Floor(seconds)), 0), nil
}

// Valid returns why the token does not count at this time, by its claims nbf and exp as far
// as it has them. The skew is how far the clocks may differ.
func (c Claims) Valid(now time.Time, skew time.Duration) error {
	now = now.Truncate(time.Second)
	notBefore, err := c.Time("nbf")
	if err != nil {
		return err
	}
	expires, err := c.Time("exp")
	if err != nil {
		return err
	}
	if !notBefore.IsZero() && now.Before(notBefore.Add(-skew)) {
		return Unproved("the JWT counts only later: is the clock right?")
	}
	if !expires.IsZero() && now.After(expires.Add(skew)) {
		return Unproved("the JWT has expired: is the clock right?")
	}
	return nil
}
