package messagebird

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// Config is what the dashboard of MessageBird or Bird shows of an account.
type Config struct {
	// SigningKey is the key by which webhooks are signed. It is not the API key.
	SigningKey string

	// OtherSigningKeys count as well, while the key is changed.
	OtherSigningKeys []string

	// Scheme is how the requests are signed. Defaults to JWT.
	Scheme Scheme

	// MaxAge is how far the time of signing may be from Now, with BirdHMAC and OldHMAC. Zero
	// means no limit. A JWT says itself how long it counts.
	MaxAge time.Duration

	// AnsweredWords are the words that Bird replies to by itself. Defaults to
	// AnsweredWords().
	AnsweredWords []string

	// Now is the clock by which a request is too old. Defaults to time.Now.
	Now func() time.Time
}

// Scheme is how requests are signed.
type Scheme string

// The schemes. The requests of one do not pass as those of another.
const (
	JWT      Scheme = "jwt"  // MessageBird-Signature-JWT, of MessageBird
	BirdHMAC Scheme = "bird" // MessageBird-Signature over the URL, of Bird
	OldHMAC  Scheme = "hmac" // MessageBird-Signature over the query, which MessageBird calls deprecated
)

// Provider reads what MessageBird and Bird send. Make one with New.
type Provider struct {
	keys     wire.Secrets
	scheme   Scheme
	maxAge   time.Duration
	answered []string
	now      func() time.Time
}

// New returns a Provider. It refuses an empty SigningKey, a Scheme that is not known and a
// negative MaxAge.
func New(c Config) (*Provider, error) {
	keys, err := wire.NewSecrets("messagebird", "SigningKey", c.SigningKey, c.OtherSigningKeys)
	if err != nil {
		return nil, err
	}
	p := &Provider{keys: keys, scheme: c.Scheme, maxAge: c.MaxAge, answered: wire.Words(c.AnsweredWords, AnsweredWords()), now: c.Now}
	switch p.scheme {
	case "":
		p.scheme = JWT
	case JWT, BirdHMAC, OldHMAC:
	default:
		return nil, fmt.Errorf("messagebird: Config.Scheme has no value %q", string(c.Scheme))
	}
	if c.MaxAge < 0 {
		return nil, errors.New("messagebird: Config.MaxAge is negative")
	}
	if p.now == nil {
		p.now = time.Now
	}
	return p, nil
}

// AnsweredWords returns the words that Bird listens for and replies to by default:
// https://docs.bird.com/api/channels-api/api-reference/compliance-keywords-messages and
// https://docs.bird.com/applications/channels/channels/supported-channels/sms/concepts/opt-in-and-opt-out-compliance
func AnsweredWords() []string {
	return []string{
		"STOP", "STOPALL", "END", "QUIT", "CANCEL", "UNSUBSCRIBE",
		"ARRET", "HALT", "DETENER", "PARAR", "FERMA", "ОСТАНОВИТЬ", "ZATRZYMAJ",
		"START", "BEGIN", "RESUME", "REVERT", "UNSTOP", "NONARRET",
		"HELP", "INFO", "AIDE", "HULP", "HILFE", "AYUDA", "AJUDA", "AIUTO", "ПОМОЩЬ", "POMOCY",
	}
}

// Name returns "messagebird".
func (p *Provider) Name() string { return "messagebird" }

// Facts says what is sent with the Scheme of this Provider.
func (p *Provider) Facts() provider.Facts {
	f := provider.Facts{
		Methods:       []string{http.MethodPost, http.MethodGet},
		ContentTypes:  []string{formType, jsonType},
		ID:            "id; short codes: mid",
		Time:          "createdDatetime; short codes: receive_datetime",
		Replies:       provider.RepliesAlways,
		AnswersItself: "STOP, START and HELP in nine languages; toll-free: the carrier answers STOP and UNSTOP",
		Redelivers:    "not documented",
	}
	switch p.scheme {
	case BirdHMAC:
		f.Signature = "MessageBird-Signature: HMAC-SHA256 of time, URL and body"
		f.ID, f.Time = "payload.id", "payload.createdAt"
		f.Redelivers = "no 2xx: for 8 hours"
		f.Lists = "a suppression list"
	case OldHMAC:
		f.Signature = "MessageBird-Signature: HMAC-SHA256 of time, query and body"
		f.Uncovered = "scheme, host and path"
	default:
		f.Signature = "MessageBird-Signature-JWT: HMAC over the hashes of URL and body, for a minute"
	}
	return f
}

// Answer writes "OK", which MessageBird is said to want. (Its documents do not say so.)
func (p *Provider) Answer(w http.ResponseWriter, _ provider.Delivery, _ []string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, "OK")
}
