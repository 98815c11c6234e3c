package telnyx

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider"
)

// Config is what Telnyx's portal shows of an account.
type Config struct {
	// PublicKey is the public key by which webhooks are verified, in base64: Account,
	// Keys & Credentials, Public Key.
	PublicKey string

	// OtherPublicKeys count as well, while the key is changed.
	OtherPublicKeys []string

	// AnsweredWords are words that Telnyx replies to without saying so in
	// autoresponse_type. Defaults to none.
	AnsweredWords []string

	// Now is the clock by which a request is too old. Defaults to time.Now.
	Now func() time.Time
}

// Provider reads what Telnyx sends. Make one with New.
type Provider struct {
	keys     []ed25519.PublicKey
	answered []string
	now      func() time.Time
}

// New returns a Provider. It refuses a PublicKey that is no Ed25519 key.
func New(c Config) (*Provider, error) {
	p := &Provider{now: c.Now, answered: append([]string{}, c.AnsweredWords...)}
	if p.now == nil {
		p.now = time.Now
	}
	key, err := publicKey("PublicKey", c.PublicKey)
	if err != nil {
		return nil, err
	}
	p.keys = append(p.keys, key)
	for i, text := range c.OtherPublicKeys {
		key, err := publicKey(fmt.Sprintf("OtherPublicKeys[%d]", i), text)
		if err != nil {
			return nil, err
		}
		p.keys = append(p.keys, key)
	}
	return p, nil
}

func publicKey(field, text string) (ed25519.PublicKey, error) {
	if text == "" {
		return nil, fmt.Errorf("telnyx: Config.%s is empty", field)
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("telnyx: Config.%s is not base64 of %d bytes", field, ed25519.PublicKeySize)
	}
	return key, nil
}

// Name returns "telnyx".
func (p *Provider) Name() string { return "telnyx" }

// Facts says what Telnyx sends.
func (p *Provider) Facts() provider.Facts {
	return provider.Facts{
		Methods:       []string{http.MethodPost},
		ContentTypes:  []string{"application/json"},
		Signature:     "telnyx-signature-ed25519: Ed25519 of time and body",
		Uncovered:     "the URL",
		ID:            "data.payload.id",
		Time:          "data.payload.received_at",
		Flag:          "data.payload.autoresponse_type",
		Replies:       provider.RepliesWhenFlagged,
		AnswersItself: "STOP, START and HELP, flagged; toll-free: the carrier as well",
		Redelivers:    "no 2xx within 2 s: 3 times, then 3 times to the failover URL",
		Lists:         "messaging_optouts",
	}
}

// Answer writes nothing but 200.
func (p *Provider) Answer(w http.ResponseWriter, _ provider.Delivery, _ []string) {
	w.WriteHeader(http.StatusOK)
}
