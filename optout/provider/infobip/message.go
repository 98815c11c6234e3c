package infobip

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// timeLayout is how Infobip writes a time: 2016-10-06T09:28:39.220+0000.
const timeLayout = "2006-01-02T15:04:05-0700"

// result is an inbound message in the format MO_JSON_2, or a delivery report:
// https://infobip.com/docs/api/channels/sms/inbound-sms/receive-inbound-sms-messages
type result struct {
	MessageID  string `json:"messageId"`
	From       string `json:"from"`
	To         string `json:"to"`
	Text       string `json:"text"` // cleanText is the text without the keyword
	ReceivedAt string `json:"receivedAt"`

	Message         json.RawMessage `json:"message"`         // of an MMS, and of other channels
	IntegrationType string          `json:"integrationType"` // "WHATSAPP"; not verified

	Sender string  `json:"sender"` // of a delivery report: from is its older name
	DoneAt string  `json:"doneAt"`
	Status *status `json:"status"`
	Error  *status `json:"error"`
}

// part is a part of an MMS, or the message of another channel. That other channels send an
// object, and its names, are not verified.
type part struct {
	ContentType string `json:"contentType"`
	Value       string `json:"value"`
	URL         string `json:"url"`

	Text    string `json:"text"`
	Title   string `json:"title"`   // of a button in a list of choices
	Caption string `json:"caption"` // of a picture
	Payload string `json:"payload"` // of a button
	ID      string `json:"id"`      // of a button in a list of choices
}

// Read verifies and parses a webhook.
func (p *Provider) Read(r *http.Request, body []byte) (provider.Delivery, error) {
	if err := p.verify(r); err != nil {
		return provider.Delivery{}, err
	}
	var hook struct {
		Results []json.RawMessage `json:"results"`
	}
	if err := wire.JSON(body, &hook); err != nil {
		return provider.Delivery{}, err
	}
	if hook.Results == nil {
		return provider.Delivery{}, wire.Malformed("no results")
	}
	var b wire.Batch
	for _, raw := range hook.Results {
		b.Add(p.read(raw, &b.Delivery))
	}
	return b.End()
}

// read adds what a result holds.
func (p *Provider) read(raw []byte, d *provider.Delivery) error {
	var of result
	if err := wire.JSON(raw, &of); err != nil {
		return err
	}
	if of.Status != nil || of.Error != nil || of.DoneAt != "" {
		if report, ok := of.report(); ok {
			d.Reports = append(d.Reports, report)
		}
		return nil
	}
	m, err := p.message(&of)
	if err == nil {
		d.Messages = append(d.Messages, m)
	}
	return err
}

func (p *Provider) message(of *result) (provider.Message, error) {
	if of.From == "" {
		return provider.Message{}, wire.Malformed("no from")
	}
	text, media, err := of.content()
	if err != nil {
		return provider.Message{}, err
	}
	return provider.Message{
		Message: optout.Message{
			ID:   of.MessageID,
			From: wire.Contact(of.IntegrationType, of.From),
			To:   wire.Contact(of.IntegrationType, of.To),
			Text: text,
			At:   wire.Time(of.ReceivedAt, timeLayout, time.RFC3339),
		},
		AnsweredByDefault: wire.IsWord(text, p.answered),
		Media:             media,
		Channel:           strings.ToLower(of.IntegrationType),
	}, nil
}

// content returns the text of a message, and how many files came with it.
func (r *result) content() (text string, media int, err error) {
	raw := strings.TrimSpace(string(r.Message))
	switch {
	case raw == "" || raw == "null":
		return r.Text, 0, nil
	case strings.HasPrefix(raw, "["):
		return r.parts()
	}
	var one part
	if err := wire.JSON(r.Message, &one); err != nil {
		return "", 0, err
	}
	if one.URL != "" {
		media = 1
	}
	text = wire.Button(first(one.Text, one.Title, one.Caption, r.Text), first(one.Payload, one.ID))
	return text, media, nil
}

// parts reads the parts of an MMS: texts, files, and the layout of both.
func (r *result) parts() (text string, media int, err error) {
	var parts []part
	if err := wire.JSON(r.Message, &parts); err != nil {
		return "", 0, err
	}
	var texts []string
	if r.Text != "" {
		texts = append(texts, r.Text)
	}
	for _, each := range parts {
		switch contentType := strings.ToLower(each.ContentType); {
		case strings.HasPrefix(contentType, "text/"):
			texts = append(texts, first(each.Value, each.Text))
		case strings.HasPrefix(contentType, "application/smil"):
		default:
			media++
		}
	}
	return strings.Join(texts, "\n"), media, nil
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
