package infobip

import (
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// Config is what you have set up at Infobip.
type Config struct {
	// Username and Password are those that Infobip sends with each request to the webhook.
	Username string
	Password string

	// OtherPasswords count as well, while the password is changed.
	OtherPasswords []string

	// AnsweredWords are the words that Infobip replies to by itself: keywords of your account
	// that have a reply. Defaults to none.
	AnsweredWords []string
}

// Provider reads what Infobip sends. Make one with New.
type Provider struct {
	credentials wire.Secrets // "username:password"
	answered    []string
}

// New returns a Provider. It refuses an empty Username or Password.
func New(c Config) (*Provider, error) {
	if c.Username == "" {
		return nil, errors.New("infobip: Config.Username is empty")
	}
	if strings.Contains(c.Username, ":") {
		return nil, errors.New("infobip: Config.Username has a colon, which Basic authentication does not allow")
	}
	passwords, err := wire.NewSecrets("infobip", "Password", c.Password, c.OtherPasswords)
	if err != nil {
		return nil, err
	}
	p := &Provider{answered: append([]string{}, c.AnsweredWords...)}
	for _, password := range passwords {
		p.credentials = append(p.credentials, c.Username+":"+password)
	}
	return p, nil
}

// Name returns "infobip".
func (p *Provider) Name() string { return "infobip" }

// Facts says what Infobip sends.
func (p *Provider) Facts() provider.Facts {
	return provider.Facts{
		Methods:       []string{http.MethodPost},
		ContentTypes:  []string{"application/json"},
		Challenge:     `Basic realm="infobip"`,
		Signature:     "none: Basic authentication",
		Uncovered:     "the body, the URL, the time",
		ID:            "results[].messageId",
		Time:          "results[].receivedAt",
		Flag:          "",
		Replies:       provider.RepliesAlways, // to Config.AnsweredWords; by default to no word
		AnswersItself: "only keywords that are set up with a reply",
		Redelivers:    "not documented",
		Lists:         "the blocklist API",
	}
}

// verify checks the username and the password. Their hashes are compared, so that the time
// that it takes does not tell how long a password is.
func (p *Provider) verify(r *http.Request) error {
	username, password, ok := r.BasicAuth()
	if !ok || len(r.Header.Values("Authorization")) != 1 {
		return wire.Unproved("no Basic authentication")
	}
	if !p.credentials.Match(digest(username+":"+password), digest) {
		return wire.Unproved("username or password does not fit")
	}
	return nil
}

func digest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// Answer writes nothing but 200.
func (p *Provider) Answer(w http.ResponseWriter, _ provider.Delivery, _ []string) {
	w.WriteHeader(http.StatusOK)
}
