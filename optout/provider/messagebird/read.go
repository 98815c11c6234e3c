package messagebird

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// Read verifies and parses a webhook.
func (p *Provider) Read(r *http.Request, body []byte) (provider.Delivery, error) {
	if err := p.verify(r, body); err != nil {
		return provider.Delivery{}, err
	}
	contentType := r.Header.Get("Content-Type")
	var form *wire.Form
	var err error
	switch {
	case r.Method == http.MethodGet:
		form, err = wire.ParseForm(r.URL.RawQuery, "")
	case strings.HasPrefix(strings.ToLower(contentType), formType):
		form, err = wire.ParseForm(string(body), contentType)
	default:
		names, namesErr := wire.Names(bytes.TrimSpace(body))
		switch {
		case namesErr != nil:
			return provider.Delivery{}, namesErr
		case names["payload"]:
			return p.readBird(body)
		}
		form, err = wire.ParseJSON(body)
	}
	if err != nil {
		return provider.Delivery{}, err
	}
	return p.readForm(form.Lower())
}

// readForm reads an inbound message or a status report of MessageBird, by names in lower
// case. The fields of messages are not documented publicly any more: they are those that
// https://github.com/nyaruka/courier reads in production, as is that names differ in case.
func (p *Provider) readForm(form *wire.Form) (provider.Delivery, error) {
	var d provider.Delivery
	isMessage := form.Has("body") || form.Has("message") || media(form) > 0 || !form.Has("status")
	if !isMessage {
		if report, failed := status(form); failed {
			d.Reports = []provider.Report{report}
		}
		if form.Get("recipient") == "" {
			return provider.Delivery{}, wire.Malformed("no recipient")
		}
	} else {
		d.Messages = []provider.Message{p.message(form)}
		if d.Messages[0].From == "" && form.Err() == nil {
			return provider.Delivery{}, wire.Malformed("no originator")
		}
	}
	if err := form.Err(); err != nil {
		return provider.Delivery{}, err
	}
	return d, nil
}

func (p *Provider) message(form *wire.Form) provider.Message {
	m := provider.Message{
		Message: optout.Message{
			ID:   form.Get("id"),
			From: wire.Number(form.Get("originator")),
			To:   wire.Number(form.Get("recipient")),
			Text: form.Get("body", "message"),
			At:   wire.Time(form.Get("createddatetime"), time.RFC3339),
		},
		Media: media(form),
	}
	if code := form.Get("shortcode"); code != "" {
		m.ID, m.To = form.Get("mid", "id"), code
		m.Text = form.Get("message", "body", "keyword") // a message of a keyword alone
		m.At = wire.Time(form.Get("receive_datetime"), "20060102150405")
	}
	m.AnsweredByDefault = wire.IsWord(m.Text, p.answered)
	return m
}

// media counts the pictures: a name that is there several times, with or without an index.
func media(form *wire.Form) int {
	count := 0
	for name, values := range form.Values() {
		if name != "mediaurls" && !strings.HasPrefix(name, "mediaurls[") {
			continue
		}
		for _, value := range values {
			if value != "" {
				count++
			}
		}
	}
	return count
}
