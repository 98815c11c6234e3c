package awssns

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// Config is what AWS shows of your topics.
type Config struct {
	// Topics are the ARNs of the SNS topics that requests may come from.
	Topics []string

	// Client fetches the certificates that SNS signs with, and confirms subscriptions. It
	// should have a Timeout. Its redirects are not followed.
	Client *http.Client

	// AnsweredWords are the words that AWS replies to by itself. Defaults to AnsweredWords(),
	// and on toll-free numbers to those that the carrier replies to: STOP, START and UNSTOP.
	// Empty and not nil means none: for self-managed opt-outs.
	AnsweredWords []string
}

// Provider reads what SNS sends. Make one with New. It is safe for concurrent use.
type Provider struct {
	topics   []string
	client   *http.Client
	answered []string
	tollFree []string

	fetching chan struct{} // holds a value for each certificate that is being fetched
	mu       sync.Mutex
	certs    map[string]*x509.Certificate // by URL; at most maxCerts
}

// New returns a Provider. It refuses a Config without Topics or without a Client.
func New(c Config) (*Provider, error) {
	if len(c.Topics) == 0 {
		return nil, errors.New("awssns: Config.Topics is empty")
	}
	for i, topic := range c.Topics {
		if topic == "" {
			return nil, fmt.Errorf("awssns: Config.Topics[%d] is empty", i)
		}
	}
	if c.Client == nil {
		return nil, errors.New("awssns: Config.Client is nil")
	}
	client := *c.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	p := &Provider{
		topics: append([]string{}, c.Topics...), client: &client, answered: wire.Words(c.AnsweredWords, AnsweredWords()),
		tollFree: wire.Words(c.AnsweredWords, wire.NetworkWords()),
		fetching: make(chan struct{}, maxFetching), certs: map[string]*x509.Certificate{},
	}
	return p, nil
}

// AnsweredWords returns the words that AWS replies to by default:
// https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html
func AnsweredWords() []string {
	return []string{
		"ARRET", "CANCEL", "END", "OPT-OUT", "OPTOUT", "QUIT", "REMOVE", "STOP", "TD", "UNSUBSCRIBE", "HELP",
	}
}

// answers reports whether AWS replies to a text by default: to one that begins with a
// keyword, case aside. That a keyword ends where a word ends is not verified.
// https://docs.aws.amazon.com/pinpoint/latest/userguide/channels-sms-keyword.html
func (p *Provider) answers(text, to string) bool {
	if wire.TollFree(to) {
		return wire.IsWord(text, p.tollFree)
	}
	text = strings.TrimSpace(text)
	for _, word := range p.answered {
		if len(text) < len(word) || !strings.EqualFold(text[:len(word)], word) {
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[len(word):])
		if len(text) == len(word) || !unicode.IsLetter(next) && !unicode.IsDigit(next) {
			return true
		}
	}
	return false
}

// Name returns "awssns".
func (p *Provider) Name() string { return "awssns" }

// Facts says what SNS sends. That it waits 15 seconds for an answer is not verified.
func (p *Provider) Facts() provider.Facts {
	return provider.Facts{
		Methods:       []string{http.MethodPost},
		ContentTypes:  []string{"text/plain", "application/json"}, // the second if the topic's delivery policy says so
		Signature:     "Signature: RSA of the envelope, SHA-1 or SHA-256; the topic is compared",
		Uncovered:     "the URL, the header",
		ID:            "Message.inboundMessageId",
		Time:          "Timestamp",
		Flag:          "",
		Replies:       provider.RepliesAlways,
		AnswersItself: "unless self-managed opt-outs are on; toll-free: the carrier",
		Redelivers:    "a 5xx: 3 times, 20 s apart, or by the delivery policy up to 1 h; a 4xx never",
		Lists:         "DescribeOptedOutNumbers",
	}
}

// Answer writes nothing but 200.
func (p *Provider) Answer(w http.ResponseWriter, _ provider.Delivery, _ []string) {
	w.WriteHeader(http.StatusOK)
}
