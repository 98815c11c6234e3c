package vonage

import (
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// readSMS reads a callback of the SMS API. In an inbound message and in a delivery receipt
// msisdn is the contact, and "to" is the account's number.
// https://github.com/Nexmo/nexmo-developer _documentation/en/messaging/sms/guides/inbound-sms.md
func (p *Provider) readSMS(form *wire.Form) (provider.Delivery, error) {
	var d provider.Delivery
	contact := wire.Number(form.Get("msisdn"))
	if isReceipt(form) {
		if report, failed := receipt(form, contact); failed {
			d.Reports = []provider.Report{report}
		}
	} else {
		d.Messages = []provider.Message{p.smsMessage(form, contact)}
	}
	if err := form.Err(); err != nil {
		return provider.Delivery{}, err
	}
	if contact == "" {
		return provider.Delivery{}, wire.Malformed("no msisdn")
	}
	return d, nil
}

// isReceipt reports whether a callback is a delivery receipt. Each inbound message has a type.
func isReceipt(form *wire.Form) bool {
	return (form.Has("status") || form.Has("err-code")) && !form.Has("type") && !form.Has("text")
}

func (p *Provider) smsMessage(form *wire.Form, contact string) provider.Message {
	m := provider.Message{
		Message: optout.Message{
			ID:   form.Get("messageId"),
			From: contact,
			To:   wire.Number(form.Get("to")),
			Text: form.Get("text"), // binary messages have none
			// At stays zero: message-timestamp is the time of the push.
		},
		Part:    part(form),
		Channel: sms,
	}
	m.AnsweredByDefault = m.Part.Of == 0 && p.answers(m.Channel, m.To, m.Text)
	return m
}

// part returns which part of a longer message a message is. A part that does not say which
// one it is counts as a part all the same, and stays alone.
func part(form *wire.Form) provider.Part {
	concat := form.Get("concat")
	p := provider.Part{Ref: form.Get("concat-ref")}
	total, number := form.Get("concat-total"), form.Get("concat-part")
	if strings.EqualFold(concat, "false") || concat == "" && p.Ref == "" && total == "" && number == "" {
		return provider.Part{}
	}
	var numberErr, totalErr error
	p.Number, numberErr = strconv.Atoi(number)
	p.Of, totalErr = strconv.Atoi(total)
	if numberErr != nil || totalErr != nil || p.Of == 0 {
		return provider.Part{Ref: p.Ref, Of: 1}
	}
	return p
}

// receipt reads a delivery receipt. It reports false if the message did not fail. At stays
// zero: message-timestamp is the time of the push, and scts has no seconds and no zone.
// https://github.com/Nexmo/nexmo-developer _documentation/en/messaging/sms/guides/delivery-receipts.md
func receipt(form *wire.Form, contact string) (provider.Report, bool) {
	code := form.Get("err-code")
	r := provider.Report{
		ID: form.Get("messageId"), Number: contact, Sender: wire.Number(form.Get("to")), Scope: provider.ScopeNumber,
		Kind: receiptKind(code), Code: code,
	}
	return r, code != "" && code != "0" && !strings.EqualFold(form.Get("status"), "delivered")
}
