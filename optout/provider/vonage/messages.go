package vonage

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/channel"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// webhook is an inbound message or a status of the Messages API, in version 1 and 0.1. The
// fields of messages are those of https://github.com/Vonage/vonage-php-sdk-core
// test/Messages/WebhookTest.php; button, reply and version 0.1 are not verified.
type webhook struct {
	MessageUUID string `json:"message_uuid"`
	Channel     string `json:"channel"`
	From        party  `json:"from"`
	To          party  `json:"to"`
	Timestamp   string `json:"timestamp"` // when the event occurred; that a redelivery has the same is not verified

	MessageType string       `json:"message_type"`
	Text        string       `json:"text"`
	Image       maybe[media] `json:"image"`
	Audio       maybe[media] `json:"audio"`
	Video       maybe[media] `json:"video"`
	File        maybe[media] `json:"file"`
	VCard       maybe[media] `json:"vcard"`
	Sticker     maybe[media] `json:"sticker"`

	Button maybe[struct{ Payload, Text string }] `json:"button"`
	Reply  maybe[struct{ ID, Title string }]     `json:"reply"`

	Context maybe[struct {
		MessageUUID string `json:"message_uuid"`
	}] `json:"context"`

	Message maybe[struct { // version 0.1
		Content struct{ Type, Text string }
	}] `json:"message"`

	Status string              `json:"status"`
	Error  maybe[messageError] `json:"error"`
}

type media struct{ URL, Caption string }

// maybe is a field that does not decide whether the webhook can be read.
type maybe[T any] struct{ of T }

func (m *maybe[T]) UnmarshalJSON(raw []byte) error {
	var of T
	if json.Unmarshal(raw, &of) == nil {
		m.of = of
	}
	return nil
}

// party is a sender or a recipient: a text, and in version 0.1 an object.
type party struct{ address, kind string }

func (p *party) UnmarshalJSON(raw []byte) error {
	var old struct {
		Type   string `json:"type"`
		Number string `json:"number"`
		ID     string `json:"id"`
	}
	var number json.Number // also a text that is a number
	switch {
	case json.Unmarshal(raw, &p.address) == nil:
	case json.Unmarshal(raw, &old) == nil:
		p.kind, p.address = old.Type, old.Number
		if p.address == "" {
			p.address = old.ID
		}
	case json.Unmarshal(raw, &number) == nil:
		p.address = number.String()
	}
	return nil // an address that is not there is found where it is needed
}

func (p *Provider) readMessages(body []byte) (provider.Delivery, error) {
	var hook webhook
	if err := wire.JSON(body, &hook); err != nil {
		return provider.Delivery{}, err
	}
	if hook.Channel == "" {
		hook.Channel = hook.From.kind
	}
	hook.Channel = strings.ToLower(hook.Channel)
	at := wire.Time(hook.Timestamp, time.RFC3339)
	inbound := hook.Status == "" && (hook.MessageType != "" || hook.Text != "" || hook.Message.of.Content.Type != "")
	switch {
	case inbound && hook.From.address == "":
		return provider.Delivery{}, wire.Malformed("no from")
	case inbound:
		return provider.Delivery{Messages: []provider.Message{p.message(&hook, at)}}, nil
	case hook.Status == "":
		return provider.Delivery{}, wire.Malformed("neither a message nor a status")
	}
	code := hook.Error.of.code()
	if code == "" {
		return provider.Delivery{}, nil
	}
	return provider.Delivery{Reports: []provider.Report{{
		ID: hook.MessageUUID, Number: channel.Address(hook.Channel, hook.number(hook.To)), Sender: hook.number(hook.From),
		Scope: provider.ScopeNumber, Kind: messagesKind(code), Code: code, At: at,
	}}}, nil
}

func (p *Provider) message(hook *webhook, at time.Time) provider.Message {
	text := hook.Text
	for _, other := range []string{
		hook.Message.of.Content.Text,
		wire.Button(hook.Button.of.Text, hook.Button.of.Payload),
		wire.Button(hook.Reply.of.Title, hook.Reply.of.ID),
	} {
		if text == "" {
			text = other
		}
	}
	count := 0
	for _, m := range []media{hook.Image.of, hook.Audio.of, hook.Video.of, hook.File.of, hook.VCard.of, hook.Sticker.of} {
		if m.URL != "" {
			count++
		}
		if text == "" {
			text = m.Caption // which the contact wrote below a picture
		}
	}
	m := provider.Message{
		Message: optout.Message{
			ID: hook.MessageUUID, From: hook.number(hook.From), To: hook.number(hook.To), Text: text, At: at,
		},
		Media:   count,
		Channel: hook.Channel,
		ReplyTo: hook.Context.of.MessageUUID,
	}
	m.AnsweredByDefault = p.answers(m.Channel, m.To, m.Text)
	return m
}

// number returns an address of the channel. Where addresses are phone numbers, Vonage leaves
// the plus sign out.
func (h *webhook) number(p party) string { return wire.Contact(h.Channel, p.address) }
