package bandwidth

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// event is https://dev.bandwidth.com/docs/messaging/webhooks.
type event struct {
	Time      string          `json:"time"`
	To        string          `json:"to"` // one of ours in an inbound message, the contact in a status event
	ErrorCode json.RawMessage `json:"errorCode"`
	Message   message         `json:"message"`
}

type message struct {
	ID            string            `json:"id"`
	Owner         string            `json:"owner"` // ours
	ApplicationID string            `json:"applicationId"`
	Time          string            `json:"time"`
	From          string            `json:"from"`
	Text          string            `json:"text"`
	Media         []json.RawMessage `json:"media"`
	Channel       string            `json:"channel"`

	// RCS alone.
	Content *struct {
		Text  string          `json:"text"`
		Media json.RawMessage `json:"media"`
	} `json:"content"`
	Suggestion *struct {
		Text            string `json:"text"`
		PostbackData    string `json:"postbackData"`
		PairedMessageID string `json:"pairedMessageId"`
	} `json:"suggestionResponse"`
}

// Read verifies and parses the events of a webhook. Events of other types are ignored.
func (p *Provider) Read(r *http.Request, body []byte) (provider.Delivery, error) {
	if err := p.verify(r); err != nil {
		return provider.Delivery{}, err
	}
	events, err := split(body)
	if err != nil {
		return provider.Delivery{}, err
	}
	var b wire.Batch
	for _, raw := range events {
		b.Add(p.readEvent(raw, &b.Delivery))
	}
	return b.End()
}

// split returns the events of an array, or the one event that is there without an array.
func split(body []byte) ([]json.RawMessage, error) {
	if body = bytes.TrimSpace(body); bytes.HasPrefix(body, []byte("{")) {
		return []json.RawMessage{body}, nil
	}
	var events []json.RawMessage
	if err := wire.JSON(body, &events); err != nil {
		return nil, err
	}
	if events == nil {
		return nil, wire.Malformed("no events")
	}
	return events, nil
}

func (p *Provider) readEvent(raw []byte, d *provider.Delivery) error {
	var of struct {
		Type string `json:"type"`
	}
	if err := wire.JSON(raw, &of); err != nil {
		return err
	}
	var e event
	switch of.Type {
	case "":
		return wire.Malformed("an event without a type")
	case "message-received", "suggestion-response", "requested-location-response":
		if err := wire.JSON(raw, &e); err != nil {
			return err
		}
		if e.Message.From == "" {
			return wire.Malformed("no from")
		}
		d.Messages = append(d.Messages, p.message(&e))
	case "message-failed":
		if err := wire.JSON(raw, &e); err != nil {
			return err
		}
		if code := wire.Scalar(e.ErrorCode); code != "" {
			d.Reports = append(d.Reports, report(&e, code))
		}
	}
	return nil
}

func (p *Provider) message(e *event) provider.Message {
	of := &e.Message
	m := provider.Message{
		Message: optout.Message{
			ID:   of.ID,
			From: of.From,
			To:   e.To,
			Text: of.Text,
			At:   wire.Time(of.Time, time.RFC3339),
		},
		Media:   len(of.Media),
		Channel: of.Channel,
		Service: of.ApplicationID,
	}
	if m.To == "" {
		m.To = of.Owner
	}
	if m.At.IsZero() {
		m.At = wire.Time(e.Time, time.RFC3339)
	}
	if of.Content != nil {
		if m.Text == "" {
			m.Text = of.Content.Text
		}
		if file := of.Content.Media; len(file) > 0 && string(file) != "null" {
			m.Media++
		}
	}
	if of.Suggestion != nil {
		if m.Text == "" {
			m.Text = of.Suggestion.Text
		}
		m.Text = wire.Button(m.Text, of.Suggestion.PostbackData)
		m.ReplyTo = of.Suggestion.PairedMessageID
	}
	m.AnsweredByDefault = wire.TollFree(m.To) && wire.IsWord(m.Text, p.answered)
	return m
}
