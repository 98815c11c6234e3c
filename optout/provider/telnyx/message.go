package telnyx

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// webhook is https://developers.telnyx.com/api-reference/callbacks/inbound-message.
type webhook struct {
	Data *struct {
		EventType  string          `json:"event_type"`
		OccurredAt string          `json:"occurred_at"`
		Payload    json.RawMessage `json:"payload"` // of another shape in events that are not about messages
	} `json:"data"`
}

type payload struct {
	ID                 string     `json:"id"`
	Direction          string     `json:"direction"`
	Type               string     `json:"type"`
	From               endpoint   `json:"from"`
	To                 []endpoint `json:"to"`
	Text               string     `json:"text"`
	Media              []any      `json:"media"`
	MessagingProfileID string     `json:"messaging_profile_id"`
	ReceivedAt         string     `json:"received_at"`
	AutoresponseType   string     `json:"autoresponse_type"`
	Errors             []apiError `json:"errors"`
}

type endpoint struct {
	PhoneNumber string `json:"phone_number"`
	Status      string `json:"status"`
}

// Read verifies and parses a webhook. Events of other types are ignored.
func (p *Provider) Read(r *http.Request, body []byte) (provider.Delivery, error) {
	if err := p.verify(r, body); err != nil {
		return provider.Delivery{}, err
	}
	var hook webhook
	if err := wire.JSON(body, &hook); err != nil {
		return provider.Delivery{}, err
	}
	if hook.Data == nil {
		return provider.Delivery{}, wire.Malformed("no data")
	}
	kind := hook.Data.EventType
	if kind != "message.received" && kind != "message.finalized" {
		return provider.Delivery{}, nil
	}
	var of payload
	if err := wire.JSON(hook.Data.Payload, &of); err != nil {
		return provider.Delivery{}, err
	}
	if kind == "message.finalized" {
		return provider.Delivery{Reports: reports(&of)}, nil
	}
	if of.From.PhoneNumber == "" {
		return provider.Delivery{}, wire.Malformed("no from")
	}
	at := wire.Time(of.ReceivedAt, time.RFC3339)
	if at.IsZero() {
		at = wire.Time(hook.Data.OccurredAt, time.RFC3339)
	}
	return provider.Delivery{Messages: []provider.Message{p.message(&of, at)}}, nil
}

func (p *Provider) message(of *payload, at time.Time) provider.Message {
	intent := wire.Intent(of.AutoresponseType)
	m := provider.Message{
		Message: optout.Message{
			ID:              of.ID, // not that of the event, which is another one at each delivery
			From:            of.From.PhoneNumber,
			Text:            of.Text,
			At:              at,
			ProviderIntent:  intent,
			ProviderReplied: intent != keywords.None,
		},
		AnsweredByDefault: wire.IsWord(of.Text, p.answered),
		Media:             len(of.Media),
		Channel:           strings.ToLower(of.Type),
		Service:           of.MessagingProfileID,
	}
	if len(of.To) > 0 {
		m.To = of.To[0].PhoneNumber
	}
	return m
}

// reports reads a delivery report: one for each contact that the message failed for.
func reports(of *payload) []provider.Report {
	if len(of.Errors) == 0 {
		return nil
	}
	code := decisive(of.Errors)
	var all []provider.Report
	for _, to := range of.To {
		isOther := len(of.To) > 1 && !strings.HasSuffix(to.Status, "failed") // of a group, those whom the errors are not about
		if to.Status == "delivered" || isOther {
			continue
		}
		all = append(all, provider.Report{
			ID: of.ID, Number: to.PhoneNumber, Sender: of.From.PhoneNumber, Scope: provider.ScopeNumber, Kind: kind(code), Code: code,
		})
	}
	return all
}

// text is a code that is a text, and at times a number.
type code json.RawMessage

func (c *code) UnmarshalJSON(raw []byte) error {
	*c = append((*c)[:0], raw...)
	return nil
}

func (c code) text() string { return strings.Trim(string(c), `"`) }
