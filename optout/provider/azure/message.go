package azure

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// event is an event in the schema of Event Grid, or in that of CloudEvents:
// https://learn.microsoft.com/azure/event-grid/communication-services-telephony-sms-events
type event struct {
	ID        string          `json:"id"`
	EventType string          `json:"eventType"`
	EventTime string          `json:"eventTime"`
	Type      string          `json:"type"` // of CloudEvents
	Time      string          `json:"time"` // of CloudEvents
	Data      json.RawMessage `json:"data"` // its fields depend on the type
}

// sms is the data of a message or a delivery report.
type sms struct {
	MessageID             string `json:"messageId"`
	From                  string `json:"from"`
	To                    string `json:"to"`
	Message               string `json:"message"`
	ReceivedTimestamp     string `json:"receivedTimestamp"` // up to 7 digits of a second
	DeliveryStatus        string `json:"deliveryStatus"`
	DeliveryStatusDetails string `json:"deliveryStatusDetails"`
}

// Read verifies and parses a request of Event Grid: an array of events, or one event. Events
// of other types are ignored.
func (p *Provider) Read(r *http.Request, body []byte) (provider.Delivery, error) {
	if r.Method == http.MethodOptions {
		return p.permission(r)
	}
	if err := p.verify(r); err != nil {
		return provider.Delivery{}, err
	}
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); bytes.HasPrefix(trimmed, []byte("{")) {
		body = append(append([]byte{'['}, body...), ']')
	}
	var events []json.RawMessage
	if err := wire.JSON(body, &events); err != nil {
		return provider.Delivery{}, err
	}
	if events == nil {
		return provider.Delivery{}, wire.Malformed("no events")
	}
	var b wire.Batch
	for _, raw := range events {
		b.Add(p.read(raw, &b.Delivery))
	}
	return b.End()
}

// read adds what an event holds.
func (p *Provider) read(raw []byte, d *provider.Delivery) error {
	var e *event
	if err := wire.JSON(raw, &e); err != nil {
		return err
	}
	if e == nil {
		return wire.Malformed("an event is null")
	}
	switch first(e.EventType, e.Type) {
	case "":
		return wire.Malformed("no eventType")
	case "Microsoft.Communication.SMSReceived":
		var of sms
		if err := wire.JSON(e.Data, &of); err != nil {
			return err
		}
		if of.From == "" {
			return wire.Malformed("no from")
		}
		d.Messages = append(d.Messages, p.message(e, &of))
	case "Microsoft.Communication.SMSDeliveryReportReceived":
		var of sms
		if err := wire.JSON(e.Data, &of); err != nil {
			return err
		}
		if of.DeliveryStatus != "Delivered" {
			d.Reports = append(d.Reports, report(e, &of))
		}
	case "Microsoft.EventGrid.SubscriptionValidationEvent":
		var of struct {
			ValidationCode string `json:"validationCode"` // validationUrl is not needed, and not fetched
		}
		if err := wire.JSON(e.Data, &of); err != nil {
			return err
		}
		if of.ValidationCode == "" {
			return wire.Malformed("no validationCode")
		}
		response, err := json.Marshal(map[string]string{"validationResponse": of.ValidationCode})
		if err != nil {
			return wire.Malformed("no validationCode")
		}
		d.Handshake = &provider.Handshake{Response: string(response), Header: http.Header{"Content-Type": {"application/json"}}}
	}
	return nil
}

func (p *Provider) message(e *event, of *sms) provider.Message {
	m := provider.Message{Message: optout.Message{
		ID: first(of.MessageID, e.ID), From: wire.Number(of.From), To: wire.Number(of.To), Text: of.Message, At: at(e, of),
	}}
	if wire.TollFree(m.To) {
		m.AnsweredByDefault = wire.IsWord(m.Text, p.tollFree)
	} else {
		m.AnsweredByDefault = wire.IsWord(m.Text, p.answered)
	}
	return m
}

// at returns when a message came, else when its event was published: both are the same in
// every delivery.
func at(e *event, of *sms) time.Time {
	if received := wire.Time(of.ReceivedTimestamp, time.RFC3339); !received.IsZero() {
		return received
	}
	return wire.Time(first(e.EventTime, e.Time), time.RFC3339)
}

// permission answers the OPTIONS request that comes when a subscription with the schema of
// CloudEvents is set up. WebHook-Request-Callback is not fetched.
// https://github.com/cloudevents/spec/blob/v1.0/http-webhook.md#4-abuse-protection
func (p *Provider) permission(r *http.Request) (provider.Delivery, error) {
	if p.header == "" {
		if err := p.verifySecret(r); err != nil {
			return provider.Delivery{}, err
		}
	}
	origin := r.Header.Get("Webhook-Request-Origin")
	notDNS := func(c rune) bool { // "eventgrid.azure.net"
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' && c != '-'
	}
	if origin == "" || len(origin) > 253 || strings.ContainsFunc(origin, notDNS) {
		return provider.Delivery{}, wire.Malformed("WebHook-Request-Origin is no host")
	}
	header := http.Header{"Allow": {http.MethodPost}, "Webhook-Allowed-Origin": {origin}, "Webhook-Allowed-Rate": {"*"}}
	return provider.Delivery{Handshake: &provider.Handshake{Header: header}}, nil
}

// first returns the first text that is not empty.
func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
