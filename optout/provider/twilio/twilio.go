package twilio

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

const (
	formType  = "application/x-www-form-urlencoded"
	jsonType  = "application/json"
	eventType = "application/cloudevents+json"
)

// Config is what Twilio's console shows of an account.
type Config struct {
	// AuthToken is the auth token of the account.
	AuthToken string

	// OtherAuthTokens count as well: the secondary token while the primary one is changed,
	// those of subaccounts.
	OtherAuthTokens []string

	// AnsweredWords are the words that Twilio replies to by itself. Defaults to
	// AnsweredWords().
	AnsweredWords []string
}

// Provider reads what Twilio sends. Make one with New.
type Provider struct {
	tokens   wire.Secrets
	answered []string
}

// New returns a Provider. It refuses an empty AuthToken.
func New(c Config) (*Provider, error) {
	tokens, err := wire.NewSecrets("twilio", "AuthToken", c.AuthToken, c.OtherAuthTokens)
	if err != nil {
		return nil, err
	}
	answered := AnsweredWords()
	if c.AnsweredWords != nil {
		answered = append([]string{}, c.AnsweredWords...)
	}
	return &Provider{tokens: tokens, answered: answered}, nil
}

// AnsweredWords returns the words that Twilio replies to by default on long codes:
// https://help.twilio.com/articles/223134027, and OPTOUT and REVOKE, which it added in May 2025:
// https://twilio.com/en-us/blog/update-to-fcc-s-sms-opt-out-keywords. OPT OUT in two words is
// not among them.
func AnsweredWords() []string {
	return []string{
		"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE",
		"START", "YES", "UNSTOP", "HELP", "INFO",
	}
}

// Name returns "twilio".
func (p *Provider) Name() string { return "twilio" }

// Facts says what Twilio sends.
func (p *Provider) Facts() provider.Facts {
	return provider.Facts{
		Methods:       []string{http.MethodPost, http.MethodGet},
		ContentTypes:  []string{formType, jsonType, eventType},
		Signature:     "X-Twilio-Signature: HMAC-SHA1 of URL and form",
		ID:            "MessageSid",
		Time:          "", // but in Event Streams
		Flag:          "OptOutType, with Advanced Opt-Out",
		Replies:       provider.RepliesAlways,
		AnswersItself: "long codes and toll-free numbers; short codes with Advanced Opt-Out",
		AnswerReplies: true,
		Redelivers:    "a failed connection; a 5xx only with #rc=5&rp=5xx,ct,rt in the URL",
		Lists:         "write only: Consents/Bulk",
	}
}

// Read verifies and parses a webhook, a status callback, or events of Event Streams.
func (p *Provider) Read(r *http.Request, body []byte) (provider.Delivery, error) {
	contentType := r.Header.Get("Content-Type")
	if r.Method != http.MethodGet && !strings.HasPrefix(strings.ToLower(contentType), formType) {
		if err := p.verifyJSON(r, body); err != nil {
			return provider.Delivery{}, err
		}
		return p.readEvents(body)
	}
	sent := string(body)
	if r.Method == http.MethodGet {
		sent = r.URL.RawQuery
	}
	form, err := wire.ParseForm(sent, contentType)
	if err != nil {
		return provider.Delivery{}, err
	}
	signed := ""
	if r.Method != http.MethodGet { // else the URL has it all
		signed = parameters(form, len(sent))
	}
	if err := p.verify(r, signed); err != nil {
		return provider.Delivery{}, err
	}
	return p.readForm(form)
}

// Answer writes TwiML, with a message for each reply.
func (p *Provider) Answer(w http.ResponseWriter, _ provider.Delivery, replies []string) {
	var body bytes.Buffer
	body.Grow(512)
	body.WriteString(xml.Header + "<Response>")
	for _, reply := range replies {
		if reply != "" {
			body.WriteString("<Message>")
			_ = xml.EscapeText(&body, []byte(reply)) // a Buffer has no error
			body.WriteString("</Message>")
		}
	}
	body.WriteString("</Response>")
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = w.Write(body.Bytes())
}
