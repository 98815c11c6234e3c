package azure

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// Config is how the event subscription proves itself.
type Config struct {
	// Secret is a secret of yours, at least as long as a password. It is in the query of the
	// webhook's URL, as token, or in the header that Header names.
	Secret string

	// OtherSecrets count as well, while the secret is changed.
	OtherSecrets []string

	// Parameter is the name of the secret in the query. Defaults to "token".
	Parameter string

	// Header is the name of the header that holds the secret. If it is set, the query is not
	// read. The value is compared whole: with "Authorization", the secret may be "Bearer …".
	Header string

	// Verify checks a request in another way: the Microsoft Entra token in the header
	// Authorization, its signature, issuer, audience and time. With Verify, Secret may be
	// empty; if both are set, both must agree. An error that wraps provider.ErrRetry means
	// that Verify cannot tell now (the keys of Entra cannot be fetched); any other error means
	// that the request is not proved. Verify must not read the body.
	Verify func(r *http.Request) error

	// AnsweredWords are the words that Azure replies to by itself. Defaults to
	// AnsweredWords(), and on toll-free numbers to those that the carrier replies to: STOP,
	// START and UNSTOP. Empty and not nil means none.
	AnsweredWords []string
}

// Provider reads what Event Grid sends. Make one with New.
type Provider struct {
	secrets   wire.Secrets
	parameter string
	header    string
	check     func(r *http.Request) error
	answered  []string
	tollFree  []string
}

// New returns a Provider. It refuses a Config with neither Secret nor Verify.
func New(c Config) (*Provider, error) {
	p := &Provider{
		parameter: c.Parameter, header: c.Header, check: c.Verify, answered: wire.Words(c.AnsweredWords, AnsweredWords()),
		tollFree: wire.Words(c.AnsweredWords, wire.NetworkWords()),
	}
	if c.Secret != "" || len(c.OtherSecrets) > 0 || c.Verify == nil {
		secrets, err := wire.NewSecrets("azure", "Secret", c.Secret, c.OtherSecrets)
		if err != nil {
			return nil, err
		}
		p.secrets = secrets
	}
	if c.Header != "" && c.Parameter != "" {
		return nil, errors.New("azure: Config.Parameter and Config.Header are both set")
	}
	if p.parameter == "" {
		p.parameter = "token"
	}
	return p, nil
}

// AnsweredWords returns the words that Azure replies to on short codes of the United States:
// https://learn.microsoft.com/azure/communication-services/concepts/sms/sms-faq
func AnsweredWords() []string {
	return []string{"STOP", "QUIT", "END", "REVOKE", "OPT OUT", "CANCEL", "UNSUBSCRIBE", "START", "HELP"}
}

// Name returns "azure".
func (p *Provider) Name() string { return "azure" }

// Facts says what Event Grid sends.
func (p *Provider) Facts() provider.Facts {
	return provider.Facts{
		Methods:       []string{http.MethodPost, http.MethodOptions},
		ContentTypes:  []string{"application/json", "application/cloudevents+json", "application/cloudevents-batch+json"},
		Signature:     "none: a secret in the query or a header, or a token of Microsoft Entra",
		Uncovered:     "the body, the URL, the time",
		ID:            "data.messageId",
		Time:          "data.receivedTimestamp",
		Flag:          "",
		Replies:       provider.RepliesAlways,
		AnswersItself: "short codes of the United States; toll-free: the carrier",
		Redelivers:    "no 200 to 204 within 30 s: 30 times within 24 h; not after 400 and 413 with a dead-letter location",
		Lists:         "optouts:check, one number at a time (preview)",
	}
}

// Answer writes 200, and the code of a handshake.
func (p *Provider) Answer(w http.ResponseWriter, d provider.Delivery, _ []string) {
	if d.Handshake == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	maps.Copy(w.Header(), d.Handshake.Header)
	w.WriteHeader(http.StatusOK) // Event Grid does not take 202 here
	_, _ = w.Write([]byte(d.Handshake.Response))
}

// Refusal reads an answer of Azure's API. The answer to a message that was sent does not say
// whether the contact opted out: the delivery report does. An error message with the words of
// a delivery report is read in the same way; whether there are any is not verified.
func (p *Provider) Refusal(refused provider.Refused) (provider.Report, bool) {
	var answer struct {
		Value []struct {
			To             string      `json:"to"`
			HTTPStatusCode json.Number `json:"httpStatusCode"`
			ErrorMessage   string      `json:"errorMessage"`
		} `json:"value"`
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	r := provider.Report{Number: refused.To, Sender: refused.From}
	if json.Unmarshal(refused.Body, &answer) != nil {
		return r, false
	}
	r.Code = answer.Error.Code
	for _, each := range answer.Value {
		if each.To != "" && refused.To != "" && wire.Number(each.To) != wire.Number(refused.To) {
			continue
		}
		r.Code = each.HTTPStatusCode.String() // ErrorMessage may hold a phone number
		if kind, code := detailsKind(each.ErrorMessage); kind != provider.KindNone {
			r.Kind, r.Code, r.Scope = kind, code, provider.ScopeNumber
		}
		break
	}
	return r, r.Kind != provider.KindNone
}
