package twilio

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// readForm reads an inbound message or a status callback. New parameters come without
// notice, and are ignored: https://www.twilio.com/docs/messaging/guides/webhook-request
func (p *Provider) readForm(form *wire.Form) (provider.Delivery, error) {
	var isStatus bool
	switch form.Get("MessageStatus", "SmsStatus") {
	case "received", "receiving": // of a message that came in
	case "":
		isStatus = form.Has("MessageStatus") && !form.Has("Body")
	default:
		isStatus = true
	}
	var d provider.Delivery
	if isStatus {
		if report, ok := readStatus(form); ok {
			d.Reports = []provider.Report{report}
		}
	} else {
		d.Messages = []provider.Message{p.message(form)}
		if d.Messages[0].From == "" && form.Err() == nil {
			return provider.Delivery{}, wire.Malformed("no From")
		}
	}
	if err := form.Err(); err != nil {
		return provider.Delivery{}, err
	}
	return d, nil
}

func (p *Provider) message(form *wire.Form) provider.Message {
	flag := form.Get("OptOutType")
	media, err := strconv.Atoi(form.Get("NumMedia"))
	if err != nil {
		media = 0
	}
	m := provider.Message{
		Message: optout.Message{
			ID:              form.Get("MessageSid", "SmsSid", "SmsMessageSid"),
			From:            form.Get("From"),
			To:              form.Get("To"),
			Text:            wire.Button(form.Get("Body"), form.Get("ButtonPayload")),
			ProviderIntent:  wire.Intent(flag),
			ProviderReplied: flag != "",
		},
		Media:   max(media, 0),
		Channel: channel(form.Get("From")),
		Service: form.Get("MessagingServiceSid"),
		ReplyTo: form.Get("OriginalRepliedMessageSid"),
	}
	m.AnsweredByDefault = p.answers(m)
	return m
}

// answers reports whether Twilio replies to a text by default: on long codes and toll-free
// numbers, and not on short codes, WhatsApp and RCS.
func (p *Provider) answers(m provider.Message) bool {
	long := strings.HasPrefix(m.To, "+") && len(m.To) > len("+1234567")
	return long && m.Channel == "" && wire.IsWord(m.Text, p.answered)
}

// channel returns the scheme of an address: "whatsapp", "rcs", "messenger". A phone number
// has none.
func channel(address string) string {
	scheme, _, found := strings.Cut(address, ":")
	if !found {
		return ""
	}
	return strings.ToLower(scheme)
}

// event is an event of Event Streams. The fields of its data depend on the type.
type event struct {
	Type string
	Data json.RawMessage
}

type inbound struct {
	MessageSid          string
	Timestamp           string
	From, To, Body      string
	NumMedia            int
	OptOutType          string
	MessagingServiceSid string
}

type reassigned struct {
	FromNumber       string `json:"from_number"`
	ToNumber         string `json:"to_number"`
	IsReassigned     bool   `json:"is_reassigned"`
	ConsentUpdatedAt string `json:"consent_updated_at"`
}

// readEvents reads the events of a sink: an array, or one event. Events of other types are
// ignored. https://www.twilio.com/docs/events/webhook-quickstart
func (p *Provider) readEvents(body []byte) (provider.Delivery, error) {
	var events []json.RawMessage
	if strings.HasPrefix(strings.TrimSpace(string(body)), "{") {
		body = []byte("[" + string(body) + "]")
	}
	if err := wire.JSON(body, &events); err != nil {
		return provider.Delivery{}, err
	}
	b := wire.Batch{Delivery: provider.Delivery{NoReplies: true}} // a sink does not read TwiML
	for _, raw := range events {
		b.Add(p.readEvent(raw, &b.Delivery))
	}
	return b.End()
}

// readEvent adds what an event holds.
func (p *Provider) readEvent(raw []byte, d *provider.Delivery) error {
	var e event
	if err := wire.JSON(raw, &e); err != nil {
		return err
	}
	switch e.Type {
	case "com.twilio.messaging.inbound-message.received":
		var of inbound
		if err := wire.JSON(e.Data, &of); err != nil {
			return err
		}
		if of.From == "" {
			return wire.Malformed("no from")
		}
		m := provider.Message{
			Message: optout.Message{
				ID: of.MessageSid, From: of.From, To: of.To, Text: of.Body,
				At:              wire.Time(of.Timestamp, time.RFC3339),
				ProviderIntent:  wire.Intent(of.OptOutType),
				ProviderReplied: wire.Intent(of.OptOutType) != keywords.None,
			},
			Media:   max(of.NumMedia, 0),
			Channel: channel(of.From),
			Service: of.MessagingServiceSid,
		}
		m.AnsweredByDefault = p.answers(m)
		d.Messages = append(d.Messages, m)
	case "com.twilio.messaging.reassigned-number.detected":
		var of reassigned
		if err := wire.JSON(e.Data, &of); err != nil {
			return err
		}
		if of.IsReassigned {
			d.Reports = append(d.Reports, provider.Report{
				Number: of.ToNumber, Sender: of.FromNumber, Scope: provider.ScopeNumber, Kind: provider.KindReassigned,
				Code: "reassigned-number.detected", At: wire.Time(of.ConsentUpdatedAt, time.RFC3339),
			})
		}
	}
	return nil
}
