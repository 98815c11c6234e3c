package vonage

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"

	sms = "sms" // the channel
)

// Config is what Vonage's dashboard shows of an account, in the API settings.
type Config struct {
	// SignatureSecret is the signature secret of the account. It is not the API secret.
	SignatureSecret string

	// OtherSignatureSecrets count as well: while the secret is changed, and those of other
	// accounts.
	OtherSignatureSecrets []string

	// Algorithm is the signature method of the account, by which the SMS API signs. Empty
	// means that callbacks of the SMS API are refused. The Messages API does not need it.
	Algorithm Algorithm

	// MaxAge is how far the time of signing may be from Now. Zero means no limit.
	MaxAge time.Duration

	// AnsweredWords are the words that Vonage replies to by itself. Set it to
	// OptOutAssistWords() if Opt-Out Assist is on. Defaults to none.
	AnsweredWords []string

	// Now is the clock for MaxAge. Defaults to time.Now.
	Now func() time.Time
}

// Algorithm is how the SMS API signs. The message never decides it.
type Algorithm string

// The signature methods, by the names of Vonage's libraries.
const (
	MD5Hash    Algorithm = "md5hash" // MD5 of the parameters and the secret: the default of an account, and the weakest
	MD5HMAC    Algorithm = "md5"
	SHA1HMAC   Algorithm = "sha1"
	SHA256HMAC Algorithm = "sha256"
	SHA512HMAC Algorithm = "sha512"
)

// Provider reads what Vonage sends. Make one with New.
type Provider struct {
	secrets   wire.Secrets
	algorithm Algorithm
	maxAge    time.Duration
	answered  []string
	now       func() time.Time
}

// New returns a Provider. It refuses an empty SignatureSecret, an Algorithm that Vonage does
// not have and a negative MaxAge.
func New(c Config) (*Provider, error) {
	secrets, err := wire.NewSecrets("vonage", "SignatureSecret", c.SignatureSecret, c.OtherSignatureSecrets)
	if err != nil {
		return nil, err
	}
	if c.Algorithm != "" && c.Algorithm.sign() == nil {
		return nil, fmt.Errorf("vonage: Config.Algorithm has no value %q", string(c.Algorithm))
	}
	if c.MaxAge < 0 {
		return nil, errors.New("vonage: Config.MaxAge is negative")
	}
	p := &Provider{
		secrets: secrets, algorithm: c.Algorithm, maxAge: c.MaxAge, answered: append([]string{}, c.AnsweredWords...), now: c.Now,
	}
	if p.now == nil {
		p.now = time.Now
	}
	return p, nil
}

// OptOutAssistWords returns the words that Opt-Out Assist replies to on short codes. On
// 10-digit numbers it replies to the keywords of the campaign:
// https://developer.vonage.com/en/opt-out-assist/guides/key-word-setup
func OptOutAssistWords() []string {
	return []string{"STOP", "END", "QUIT", "CANCEL", "UNSUBSCRIBE", "START", "JOIN", "HELP"}
}

// Name returns "vonage".
func (p *Provider) Name() string { return "vonage" }

// Facts says what Vonage sends.
func (p *Provider) Facts() provider.Facts {
	return provider.Facts{
		Methods:      []string{http.MethodGet, http.MethodPost},
		ContentTypes: []string{formType, jsonType},
		Signature:    "SMS API: sig, a hash or HMAC of the parameters, off by default; Messages API: JWT (HS256) with the hash of the body",
		Uncovered:    "the URL; in sig, which of _, & and = a value has",
		ID:           "messageId; Messages API: message_uuid",
		Time:         "Messages API: timestamp", // the SMS API has the time of the push alone
		Replies:      provider.RepliesAlways,
		AnswersItself: "nothing, unless Opt-Out Assist is on (10-digit numbers, short codes); " +
			"toll-free: the carrier answers STOP and UNSTOP",
		Redelivers: "SMS API: no 200 or 204, for 24 hours; Messages API: a 5xx",
	}
}

// Answer writes nothing but 200.
func (p *Provider) Answer(w http.ResponseWriter, _ provider.Delivery, _ []string) {
	w.WriteHeader(http.StatusOK)
}

// answers reports whether Vonage or the carrier replies to a text by default.
func (p *Provider) answers(channel, to, text string) bool {
	if channel != sms && channel != "mms" {
		return false
	}
	return wire.IsWord(text, p.answered) || wire.TollFree(to) && wire.IsWord(text, []string{"STOP", "UNSTOP"})
}
