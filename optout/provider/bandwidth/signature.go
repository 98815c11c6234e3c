package bandwidth

import (
	"crypto/sha256"
	"net/http"

	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// verify checks user and password. Both are compared as one text, by its hash: the
// comparison takes the same time whichever of them differs, and where.
// https://dev.bandwidth.com/docs/account/applications
func (p *Provider) verify(r *http.Request) error {
	if len(r.Header.Values("Authorization")) > 1 {
		return wire.Unproved("more than one Authorization")
	}
	user, password, ok := r.BasicAuth()
	if !ok {
		return wire.Unproved("no Basic auth: are the callback credentials of the application set?")
	}
	sent := hash(user + ":" + password)
	if !p.credentials.Match(sent, hash) {
		return wire.Unproved("user and password do not fit: are those of the status callbacks in OtherCredentials?")
	}
	return nil
}

func hash(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}
