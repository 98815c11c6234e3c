package bandwidth

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// Config is what an application has at Bandwidth for its callbacks.
type Config struct {
	// UserID and Password are those of InboundCallbackCreds.
	UserID, Password string

	// OtherCredentials count as well: OutboundCallbackCreds where they differ, those that
	// are being changed.
	OtherCredentials []Credentials

	// AnsweredWords are the words that the network of toll-free numbers replies to. Defaults
	// to AnsweredWords().
	AnsweredWords []string
}

// Credentials are a user and its password.
type Credentials struct {
	UserID, Password string
}

// Provider reads what Bandwidth sends. Make one with New.
type Provider struct {
	credentials wire.Secrets // "user:password"
	answered    []string
}

// New returns a Provider. It refuses an empty UserID and an empty Password.
func New(c Config) (*Provider, error) {
	p := &Provider{answered: wire.Words(c.AnsweredWords, AnsweredWords())}
	if err := p.add("Config", Credentials{UserID: c.UserID, Password: c.Password}); err != nil {
		return nil, err
	}
	for i, other := range c.OtherCredentials {
		if err := p.add(fmt.Sprintf("Config.OtherCredentials[%d]", i), other); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *Provider) add(field string, c Credentials) error {
	switch {
	case c.UserID == "":
		return fmt.Errorf("bandwidth: %s.UserID is empty", field)
	case strings.Contains(c.UserID, ":"):
		return fmt.Errorf("bandwidth: %s.UserID has a colon, which Basic auth cannot send", field)
	case c.Password == "":
		return fmt.Errorf("bandwidth: %s.Password is empty", field)
	}
	p.credentials = append(p.credentials, c.UserID+":"+c.Password)
	return nil
}

// AnsweredWords returns the words that the network replies to if they come to a toll-free
// number. Bandwidth itself replies to none: https://support.bandwidth.com/hc/en-us/articles/360010785613
func AnsweredWords() []string { return wire.NetworkWords() }

// Name returns "bandwidth".
func (p *Provider) Name() string { return "bandwidth" }

// Facts says what Bandwidth sends.
func (p *Provider) Facts() provider.Facts {
	return provider.Facts{
		Methods:       []string{http.MethodPost},
		ContentTypes:  []string{"application/json"},
		Challenge:     `Basic realm="bandwidth", charset="UTF-8"`,
		Signature:     "Basic auth",
		Uncovered:     "everything: the password proves the sender alone",
		ID:            "message.id",
		Time:          "message.time",
		Flag:          "",
		Replies:       provider.RepliesAlways,
		AnswersItself: "nothing on long codes and short codes; on toll-free numbers the network replies to STOP, START and UNSTOP",
		Redelivers:    "no 2xx within 10 s: for 24 hours",
		Lists:         "",
	}
}

// Answer writes nothing but 200.
func (p *Provider) Answer(w http.ResponseWriter, _ provider.Delivery, _ []string) {
	w.WriteHeader(http.StatusOK)
}
