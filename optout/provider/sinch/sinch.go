package sinch

import (
	"net/http"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// Config is what Sinch has for a webhook.
type Config struct {
	// Secret is the secret of the webhook.
	Secret string

	// OtherSecrets count as well: those of other webhooks, one that is being changed.
	OtherSecrets []string

	// AnsweredWords are the words that consent management replies to, if it is on. Defaults
	// to AnsweredWords().
	AnsweredWords []string
}

// Provider reads what Sinch sends. Make one with New.
type Provider struct {
	secrets  wire.Secrets
	answered []string
}

// New returns a Provider. It refuses an empty Secret.
func New(c Config) (*Provider, error) {
	secrets, err := wire.NewSecrets("sinch", "Secret", c.Secret, c.OtherSecrets)
	if err != nil {
		return nil, err
	}
	return &Provider{secrets: secrets, answered: wire.Words(c.AnsweredWords, AnsweredWords())}, nil
}

// AnsweredWords returns the words that consent management replies to by default, in English,
// Spanish and Portuguese, of the list OPT_OUT_ALL:
// https://community.sinch.com/t5/Conversation-API/Can-I-customize-opt-in-and-opt-out-keywords-for-use-with-consent/ta-p/18980
// HELP is not among them.
func AnsweredWords() []string {
	return []string{
		"STOP", "UNSUBSCRIBE", "START", "SUBSCRIBE",
		"DETENER", "SALIR", "VOLVER", "RECIBIR",
		"PARAR", "CANCELAR", "VOLTAR", "RECEBER",
	}
}

// Name returns "sinch".
func (p *Provider) Name() string { return "sinch" }

// Facts says what Sinch sends.
func (p *Provider) Facts() provider.Facts {
	return provider.Facts{
		Methods:       []string{http.MethodPost},
		ContentTypes:  []string{"application/json"},
		Signature:     "x-sinch-webhook-signature: HMAC-SHA256 of body, nonce and time",
		Uncovered:     "the URL",
		ID:            "id; message.id",
		Time:          "sent_at, received_at; event_time, accepted_time",
		Flag:          "opt_out_notification, with consent management of the Conversation API",
		Replies:       provider.RepliesWhenFlagged,
		AnswersItself: "with consent management of the Conversation API",
		Redelivers:    "5xx and 429: for 22 hours and 45 minutes; other 4xx: never",
		Lists:         "consents of the Conversation API",
	}
}

// Answer writes nothing but 200.
func (p *Provider) Answer(w http.ResponseWriter, _ provider.Delivery, _ []string) {
	w.WriteHeader(http.StatusOK)
}
