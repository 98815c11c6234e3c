package wire

import (
	"crypto/hmac"
	"crypto/subtle"
	"fmt"
	"hash"
)

// Secrets are the secrets that are accepted at a time: more than one while a secret is
// changed. Each is compared in constant time.
type Secrets []string

// NewSecrets returns the secrets of two fields of a Config: the secret, and others that
// count as well. It refuses an empty one with an error that names the field.
func NewSecrets(provider, field, secret string, others []string) (Secrets, error) {
	if secret == "" {
		return nil, fmt.Errorf("%s: Config.%s is empty", provider, field)
	}
	for i, other := range others {
		if other == "" {
			return nil, fmt.Errorf("%s: Config.Other%ss[%d] is empty", provider, field, i)
		}
	}
	return append(Secrets{secret}, others...), nil
}

// Match reports whether what was sent is what sign makes with one of the secrets.
func (s Secrets) Match(sent []byte, sign func(secret string) []byte) bool {
	found := 0
	for _, secret := range s {
		found |= subtle.ConstantTimeCompare(sent, sign(secret))
	}
	return found == 1
}

// HMAC returns the HMAC of the texts, one after the other.
func HMAC(newHash func() hash.Hash, secret string, texts ...string) []byte {
	mac := hmac.New(newHash, []byte(secret))
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	all := make([]byte, 0, size)
	for _, text := range texts {
		all = append(all, text...)
	}
	mac.Write(all)
	return mac.Sum(nil)
}
