package plivo

import (
	"strings"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

const whatsApp = "whatsapp"

// readForm reads an inbound message, or a status callback, which has a Status and no text:
// https://docs.plivo.com/docs/messaging/api/message/handling-incoming
// https://docs.plivo.com/docs/messaging/api/message/message-status-callbacks
func (p *Provider) readForm(form *wire.Form) (provider.Delivery, error) {
	var d provider.Delivery
	if form.Has("Status") && !form.Has("Text") && !form.Has("Body") {
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
	m := provider.Message{
		Message: optout.Message{
			ID:             form.Get("MessageUUID"),
			From:           wire.Number(form.Get("From")),
			To:             wire.Number(form.Get("To")),
			Text:           form.Get("Text", "Body"), // of an SMS, of MMS and WhatsApp
			ProviderIntent: intent(form.Get("MessageIntent")),
		},
		Media:   form.Count("MediaCount"),
		Channel: strings.ToLower(form.Get("Type")),
		Service: form.Get("PowerpackUUID"),
	}
	m.AnsweredByDefault = p.answers(m)
	return m
}

// intent reads MessageIntent: how Plivo reads the text by its own keywords.
func intent(flag string) keywords.Intent {
	switch strings.ToLower(flag) {
	case "optout":
		return keywords.OptOut
	case "optin":
		return keywords.OptIn
	case "help":
		return keywords.Help
	default:
		return keywords.None
	}
}

// answers reports whether Plivo replies to a text by default: on long codes and toll-free
// numbers of the US and Canada, and not on short codes and WhatsApp.
func (p *Provider) answers(m provider.Message) bool {
	if m.Channel == whatsApp || !strings.HasPrefix(m.To, "+1") || len(m.To) != len("+14155550101") {
		return false
	}
	flagged := m.ProviderIntent == keywords.OptOut || m.ProviderIntent == keywords.Help
	network := wire.TollFree(m.To) && wire.IsWord(m.Text, wire.NetworkWords())
	return flagged || network || wire.IsWord(m.Text, p.answered)
}
