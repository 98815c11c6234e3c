package messagebird

import (
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/channel"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// birdWebhook is a webhook of Bird. The message in payload is as documented; service and
// event, and that a connector has a number, are seen in webhooks alone.
// https://docs.bird.com/api/channels-api/supported-channels/programmable-sms/receiving-messages
type birdWebhook struct {
	Event   string `json:"event"` // "sms.inbound"
	Payload struct {
		ID        string    `json:"id"`
		ChannelID string    `json:"channelId"`
		Sender    birdParty `json:"sender"`
		Receiver  birdParty `json:"receiver"`
		Body      struct {
			Text  birdText `json:"text"`
			Image birdText `json:"image"`
			File  birdText `json:"file"`
		} `json:"body"`
		Status       string `json:"status"`
		CreatedAt    string `json:"createdAt"`
		LastStatusAt string `json:"lastStatusAt"`
		Failure      struct {
			Source struct {
				Code wire.Text `json:"code"`
			} `json:"source"`
		} `json:"failure"`
	} `json:"payload"`
}

// birdParty is a contact or several, or the connector of a channel, which is ours.
type birdParty struct {
	Contact   birdIdentifier   `json:"contact"`
	Contacts  []birdIdentifier `json:"contacts"`
	Connector birdIdentifier   `json:"connector"`
}

type birdIdentifier struct {
	IdentifierValue string `json:"identifierValue"`
}

type birdText struct {
	Text   string `json:"text"`
	Images []any  `json:"images"`
	Files  []any  `json:"files"`
}

// readBird reads a webhook of Bird. Events of other types are ignored.
func (p *Provider) readBird(body []byte) (provider.Delivery, error) {
	var hook birdWebhook
	if err := wire.JSON(body, &hook); err != nil {
		return provider.Delivery{}, err
	}
	name, event, _ := strings.Cut(hook.Event, ".")
	of := &hook.Payload
	switch event {
	case "inbound":
		if of.Sender.Contact.IdentifierValue == "" {
			return provider.Delivery{}, wire.Malformed("no sender")
		}
		return provider.Delivery{Messages: []provider.Message{p.birdMessage(&hook, strings.ToLower(name))}}, nil
	case "outbound":
		return provider.Delivery{Reports: birdReports(&hook, strings.ToLower(name))}, nil
	case "opted_out":
		// Its shape is not documented publicly. An opt-out must not be answered as if it were stored.
		return provider.Delivery{}, wire.Malformed("an event opted_out, which cannot be read yet")
	default:
		return provider.Delivery{}, nil
	}
}

func (p *Provider) birdMessage(hook *birdWebhook, name string) provider.Message {
	of := &hook.Payload
	m := provider.Message{
		Message: optout.Message{
			ID:   of.ID,
			From: wire.Contact(name, of.Sender.Contact.IdentifierValue),
			To:   wire.Contact(name, of.Receiver.Connector.IdentifierValue),
			Text: of.Body.Text.Text,
			At:   wire.Time(of.CreatedAt, time.RFC3339),
		},
		Media:   len(of.Body.Image.Images) + len(of.Body.File.Files),
		Channel: name,
		Service: of.ChannelID,
	}
	for _, other := range []string{of.Body.Image.Text, of.Body.File.Text} {
		if m.Text == "" {
			m.Text = other
		}
	}
	if m.To == "" {
		m.To = of.ChannelID
	}
	m.AnsweredByDefault = m.Channel == "sms" && wire.IsWord(m.Text, p.answered)
	return m
}

// birdReports reads a message of ours that failed: one report for each contact.
// https://docs.bird.com/api/channels-api/message-status-and-interactions/message-failure-sources/sms-platform-extended-error-codes
func birdReports(hook *birdWebhook, name string) []provider.Report {
	of := &hook.Payload
	code := string(of.Failure.Source.Code)
	if code == "" || code == "0" {
		return nil
	}
	sender := wire.Contact(name, of.Sender.Connector.IdentifierValue)
	if sender == "" {
		sender = of.ChannelID
	}
	contacts := of.Receiver.Contacts
	if of.Receiver.Contact.IdentifierValue != "" {
		contacts = append(contacts, of.Receiver.Contact)
	}
	var all []provider.Report
	for _, contact := range contacts {
		all = append(all, provider.Report{
			ID: of.ID, Number: channel.Address(name, wire.Contact(name, contact.IdentifierValue)),
			Sender: sender, Scope: provider.ScopeNumber, Kind: kind(code), Code: code, At: wire.Time(of.LastStatusAt, time.RFC3339),
		})
	}
	return all
}
