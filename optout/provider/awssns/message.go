package awssns

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// content is what AWS End User Messaging puts into Message: an inbound message, or a
// delivery event, which may come from EventBridge.
type content struct {
	event

	// https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html
	OriginationNumber string `json:"originationNumber"`
	DestinationNumber string `json:"destinationNumber"`
	Body              string `json:"messageBody"` // messageKeyword is the keyword of your account, not the text
	InboundMessageID  string `json:"inboundMessageId"`
	PreviousMessageID string `json:"previousPublishedMessageId"`

	// https://docs.aws.amazon.com/sms-voice/latest/userguide/monitor-event-bridge.html
	Detail *event `json:"detail"`
}

// Read verifies and parses a request of SNS. Events that are not about messages are ignored.
func (p *Provider) Read(r *http.Request, body []byte) (provider.Delivery, error) {
	e, err := p.open(r.Context(), body)
	if err != nil {
		return provider.Delivery{}, err
	}
	switch e.Type {
	case typeSubscribe:
		return p.subscription(e)
	case typeUnsubscribe:
		// SubscribeURL would subscribe again, which is the host's to decide.
		return provider.Delivery{Handshake: &provider.Handshake{}}, nil
	}
	var c *content
	if err := wire.JSON([]byte(e.Message), &c); err != nil {
		return provider.Delivery{}, err
	}
	if c == nil {
		return provider.Delivery{}, wire.Malformed("Message is null")
	}
	status := &c.event
	if c.Detail != nil {
		status = c.Detail
	}
	if status.Type != "" {
		var d provider.Delivery
		if report, ok := status.report(); ok {
			d.Reports = []provider.Report{report}
		}
		return d, nil
	}
	if c.OriginationNumber == "" {
		return provider.Delivery{}, wire.Malformed("no originationNumber, and no eventType")
	}
	return provider.Delivery{Messages: []provider.Message{p.message(c, e.at())}}, nil
}

// message reads an inbound message. It has no time of its own: the envelope's is the same in
// every delivery.
func (p *Provider) message(c *content, at time.Time) provider.Message {
	return provider.Message{
		Message: optout.Message{
			ID: c.InboundMessageID, From: c.OriginationNumber, To: c.DestinationNumber, Text: c.Body, At: at,
		},
		AnsweredByDefault: p.answers(c.Body, c.DestinationNumber),
		ReplyTo:           c.PreviousMessageID,
	}
}

// subscription reads the request that comes when a topic gets this endpoint.
func (p *Provider) subscription(e *envelope) (provider.Delivery, error) {
	if _, ok := snsURL(e.SubscribeURL); !ok {
		return provider.Delivery{}, wire.Unproved("SubscribeURL is not SNS's")
	}
	confirm := func(ctx context.Context) error {
		_, err := p.get(ctx, e.SubscribeURL)
		return err
	}
	return provider.Delivery{Handshake: &provider.Handshake{ConfirmURL: e.SubscribeURL, Confirm: confirm}}, nil
}

// event is a delivery event:
// https://docs.aws.amazon.com/end-user-messaging/latest/userguide/nx-features-messaging-events.html
type event struct {
	Type        string      `json:"eventType"`
	Timestamp   json.Number `json:"eventTimestamp"` // milliseconds
	MessageID   string      `json:"messageId"`
	Origination string      `json:"originationPhoneNumber"`
	Destination string      `json:"destinationPhoneNumber"` // missing in some samples of EventBridge
}

// report reports false for a message that is delivered or on its way.
func (e *event) report() (provider.Report, bool) {
	kind, scope, ok := eventKind(e.Type)
	if !ok {
		return provider.Report{}, false
	}
	r := provider.Report{
		ID: e.MessageID, Number: e.Destination, Sender: e.Origination, Scope: scope, Kind: kind, Code: e.Type,
	}
	if milliseconds, err := e.Timestamp.Int64(); err == nil && milliseconds > 0 {
		r.At = time.UnixMilli(milliseconds)
	}
	return r, true
}
