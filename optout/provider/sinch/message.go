package sinch

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/channel"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// webhook is a callback of either API.
type webhook struct {
	smsReport

	// SMS API: https://developers.sinch.com/docs/sms/api-reference/sms/tag/Webhooks
	Type       string          `json:"type"`
	ID         string          `json:"id"`
	From       string          `json:"from"`
	To         string          `json:"to"`
	Body       json.RawMessage `json:"body"` // a text; of mo_media an object
	SentAt     string          `json:"sent_at"`
	ReceivedAt string          `json:"received_at"`

	// Conversation API: https://developers.sinch.com/docs/conversation/callbacks
	AppID        string         `json:"app_id"`
	EventTime    string         `json:"event_time"`
	AcceptedTime string         `json:"accepted_time"`
	Message      *contactText   `json:"message"`
	OptOut       *notification  `json:"opt_out_notification"`
	OptIn        *notification  `json:"opt_in_notification"`
	Delivery     *messageReport `json:"message_delivery_report"`
}

type contactText struct {
	ID             string   `json:"id"`
	Direction      string   `json:"direction"`
	Identity       identity `json:"channel_identity"`
	SenderID       string   `json:"sender_id"` // ours
	AcceptTime     string   `json:"accept_time"`
	ContactMessage struct {
		TextMessage struct {
			Text string `json:"text"`
		} `json:"text_message"`
		MediaMessage     *struct{} `json:"media_message"`
		MediaCardMessage *struct {
			Caption string `json:"caption"`
		} `json:"media_card_message"`
		ChoiceResponseMessage *struct {
			MessageID    string `json:"message_id"`
			PostbackData string `json:"postback_data"`
		} `json:"choice_response_message"`
		ReplyTo *struct {
			MessageID string `json:"message_id"`
		} `json:"reply_to"`
	} `json:"contact_message"`
}

type identity struct {
	Channel  string `json:"channel"`
	Identity string `json:"identity"`
}

// number returns the contact: a phone number, without a plus sign on the wire, or an id.
func (i identity) number() string {
	if i.Channel == "" { // it may be an id
		return i.Identity
	}
	return wire.Contact(i.Channel, i.Identity)
}

// address returns the contact of a report, which has no field for the channel.
func (i identity) address() string { return channel.Address(i.Channel, i.number()) }

// Read verifies and parses a callback. Callbacks of other kinds are ignored. Each of its errors
// wraps provider.ErrRetry: after a 4xx Sinch would not deliver again.
func (p *Provider) Read(r *http.Request, body []byte) (provider.Delivery, error) {
	if err := p.verify(r, body); err != nil {
		return provider.Delivery{}, fmt.Errorf("%w: %w", provider.ErrRetry, err)
	}
	d, err := p.parse(body)
	if err != nil {
		return provider.Delivery{}, fmt.Errorf("%w: %w", provider.ErrRetry, err)
	}
	return d, nil
}

func (p *Provider) parse(body []byte) (provider.Delivery, error) {
	var hook *webhook
	if err := wire.JSON(body, &hook); err != nil {
		return provider.Delivery{}, err
	}
	if hook == nil {
		return provider.Delivery{}, wire.Malformed("the body is null")
	}
	d := provider.Delivery{Reports: hook.reports()}
	switch {
	case strings.HasPrefix(hook.Type, "mo_"):
		m, err := hook.sms()
		if err != nil {
			return provider.Delivery{}, err
		}
		d.Messages = []provider.Message{m}
	case hook.Message != nil && (hook.Message.Direction == "" || hook.Message.Direction == "TO_APP"):
		m := hook.conversation()
		m.AnsweredByDefault = wire.IsWord(m.Text, p.answered)
		d.Messages = []provider.Message{m}
	}
	if len(d.Messages) > 0 && d.Messages[0].From == "" {
		return provider.Delivery{}, wire.Malformed("no contact")
	}
	return d, nil
}

// sms reads a message of the SMS API.
func (w *webhook) sms() (provider.Message, error) {
	m := provider.Message{Message: optout.Message{
		ID:   w.ID,
		From: wire.Number(w.From),
		To:   wire.Number(w.To),
		At:   firstTime(w.SentAt, w.ReceivedAt),
	}}
	switch {
	case w.Type == "mo_binary", len(w.Body) == 0:
		return m, nil // bytes, of which no text is known; or no text
	case w.Body[0] != '{':
		return m, wire.JSON(w.Body, &m.Text)
	}
	var media struct {
		Subject string            `json:"subject"`
		Message string            `json:"message"`
		Media   []json.RawMessage `json:"media"`
	}
	err := wire.JSON(w.Body, &media)
	if m.Text = media.Message; m.Text == "" {
		m.Text = media.Subject
	}
	m.Media = len(media.Media)
	return m, err
}

// conversation reads a message of the Conversation API.
func (w *webhook) conversation() provider.Message {
	of := w.Message
	content := &of.ContactMessage
	m := provider.Message{
		Message: optout.Message{
			ID:   of.ID,
			From: of.Identity.number(),
			To:   wire.Number(of.SenderID),
			Text: content.TextMessage.Text,
			At:   firstTime(w.EventTime, w.AcceptedTime, of.AcceptTime),
		},
		Channel: of.Identity.Channel,
		Service: w.AppID,
	}
	if content.MediaMessage != nil {
		m.Media = 1
	}
	if card := content.MediaCardMessage; card != nil {
		m.Media, m.Text = 1, card.Caption
	}
	if choice := content.ChoiceResponseMessage; choice != nil {
		m.Text, m.ReplyTo = wire.Button(m.Text, choice.PostbackData), choice.MessageID
	}
	if content.ReplyTo != nil {
		m.ReplyTo = content.ReplyTo.MessageID
	}
	return m
}

// firstTime returns the first of these that is a time.
func firstTime(texts ...string) time.Time {
	for _, text := range texts {
		if at := wire.Time(text, time.RFC3339); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}
