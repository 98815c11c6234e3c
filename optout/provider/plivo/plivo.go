package plivo

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

const formType = "application/x-www-form-urlencoded"

// Config is what Plivo's console shows of an account.
type Config struct {
	// AuthToken is the auth token of the account, or of the main account of subaccounts.
	AuthToken string

	// OtherAuthTokens count as well: those of subaccounts, a token that is being changed.
	OtherAuthTokens []string

	// RequireV3 refuses a request that has the signature V2 alone, which does not cover the
	// message.
	RequireV3 bool

	// AnsweredWords are the words that Plivo replies to by itself, besides those that it
	// flags. Defaults to AnsweredWords().
	AnsweredWords []string
}

// Provider reads what Plivo sends. Make one with New.
type Provider struct {
	tokens    wire.Secrets
	requireV3 bool
	answered  []string
}

// New returns a Provider. It refuses an empty AuthToken.
func New(c Config) (*Provider, error) {
	tokens, err := wire.NewSecrets("plivo", "AuthToken", c.AuthToken, c.OtherAuthTokens)
	if err != nil {
		return nil, err
	}
	return &Provider{tokens: tokens, requireV3: c.RequireV3, answered: wire.Words(c.AnsweredWords, AnsweredWords())}, nil
}

// AnsweredWords returns the words that Plivo replies to by default on long codes and
// toll-free numbers of the US and Canada: the opt-outs of
// https://support.plivo.com/hc/en-us/sections/32240327630873-DND, and HELP and INFO of
// https://docs.plivo.com/docs/messaging/concepts/dnd-service/. No document says that Plivo
// replies to START.
func AnsweredWords() []string {
	return []string{"STOP", "END", "QUIT", "CANCEL", "UNSUB", "STOP ALL", "HELP", "INFO"}
}

// Name returns "plivo".
func (p *Provider) Name() string { return "plivo" }

// Facts says what Plivo sends.
func (p *Provider) Facts() provider.Facts {
	uncovered := "with V2: query and form"
	if p.requireV3 {
		uncovered = ""
	}
	return provider.Facts{
		Methods:       []string{http.MethodPost, http.MethodGet},
		ContentTypes:  []string{formType},
		Signature:     "X-Plivo-Signature-V3: HMAC-SHA256 of URL and form; else X-Plivo-Signature-V2: HMAC-SHA256 of the URL without its query",
		Uncovered:     uncovered,
		ID:            "MessageUUID",
		Time:          "",
		Flag:          "MessageIntent",
		Replies:       provider.RepliesAlways,
		AnswersItself: "long codes and toll-free numbers of the US and Canada",
		AnswerReplies: true,
		Redelivers:    "no 2xx within 8 s: after 60, 120 and 240 s",
		Lists:         "", // not documented publicly; the console shows a list
	}
}

// Read verifies and parses a webhook or a status callback.
func (p *Provider) Read(r *http.Request, body []byte) (provider.Delivery, error) {
	form, err := p.verify(r, body)
	if err != nil {
		return provider.Delivery{}, err
	}
	return p.readForm(form)
}

type xmlMessage struct {
	Src  string `xml:"src,attr"`
	Dst  string `xml:"dst,attr"`
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// Answer writes Plivo's XML, with a message for each reply:
// https://docs.plivo.com/docs/messaging/xml/message
func (p *Provider) Answer(w http.ResponseWriter, d provider.Delivery, replies []string) {
	var response struct {
		XMLName xml.Name     `xml:"Response"`
		Message []xmlMessage `xml:"Message"`
	}
	for i, reply := range replies {
		if reply == "" || i >= len(d.Messages) {
			continue
		}
		m := &d.Messages[i]
		src, dst := strings.TrimPrefix(m.To, "+"), strings.TrimPrefix(m.From, "+")
		if !isDigits(src) || !isDigits(dst) { // "<" in dst would name several contacts
			continue
		}
		kind := "sms" // the only type that the document allows; WhatsApp's is that of the API
		if m.Channel == whatsApp {
			kind = whatsApp
		}
		response.Message = append(response.Message, xmlMessage{Src: src, Dst: dst, Type: kind, Text: reply})
	}
	body, err := xml.Marshal(response) // which escapes what must be
	if err != nil {
		http.Error(w, "no XML", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = fmt.Fprint(w, xml.Header, string(body))
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
