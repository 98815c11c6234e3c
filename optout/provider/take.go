package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider/internal/channel"
	"github.com/seed-f10031e4/consent/store"
)

// taken is a delivery on its way through a Handler.
type taken struct {
	messages []message // as in the Delivery; a part that was the last one is the joined message
	reports  []report
	lone     []lonePart
	again    bool // the provider is asked to deliver the request again
}

type message struct {
	message Message
	outcome optout.Outcome
	err     error
	joined  *joining // that the message was made of; nil for any other
	waits   bool     // a part that waits for the others
	skip    bool     // there is nothing to receive: a part that waits, a message of no account
	again   bool     // the provider should deliver it again
}

type report struct {
	report Report
	err    error
	skip   bool // there is nothing to record
	again  bool
}

var errNotReceived = fmt.Errorf("%w: InTx returned nil, and did not call receive or swallowed its error", ErrConfig)

// take gives everything in a delivery to the Guard.
func (h *handler) take(ctx context.Context, r *http.Request, d Delivery) *taken {
	t := h.open(r.WithContext(ctx), d)
	h.give(ctx, d, t)
	for i := range t.messages {
		m := &t.messages[i]
		t.again = t.again || m.again
		if m.joined != nil && !m.again {
			h.parts.finish(m.joined)
		}
	}
	for i := range t.reports {
		t.again = t.again || t.reports[i].again
	}
	return t
}

// give gives messages and reports to the Guard, and to the host what is no keyword.
func (h *handler) give(ctx context.Context, d Delivery, t *taken) {
	if h.options.InTx == nil {
		_ = h.receive(ctx, h.guard, t, false) // each message and report has its own error
	} else if of := t.delivery(d); len(of.Messages)+len(of.Reports) > 0 {
		h.receiveInTx(ctx, of, t)
	}
	h.next(ctx, t)
}

// alone does the same with parts that stayed alone, each in a transaction of its own. Their
// requests were answered long ago: what is not stored is kept for another try.
func (h *handler) alone(ctx context.Context, all []lonePart) {
	ctx, cancel := context.WithTimeout(ctx, h.options.Timeout)
	defer cancel()
	for _, part := range all {
		t := &taken{messages: []message{{message: part.message}}}
		h.give(ctx, Delivery{}, t)
		m := &t.messages[0]
		if m.again && !h.parts.keep(part, h.options.Now()) {
			m.err = fmt.Errorf("%w: %w", ErrPartLost, m.err)
		}
		h.options.Observe(ctx, Event{Provider: h.name, Kind: EventPart, Message: m.message, Outcome: m.outcome, Err: m.err})
	}
}

// open finds the account of each message and report, and joins parts.
func (h *handler) open(r *http.Request, d Delivery) *taken {
	t := &taken{messages: make([]message, len(d.Messages)), reports: make([]report, len(d.Reports))}
	now := h.options.Now()
	for i := range d.Messages {
		m := &t.messages[i]
		m.message = d.Messages[i]
		m.message.ProviderReplied = h.options.ProviderReplies.replied(m.message)
		if m.message.From == "" { // nothing is lost if it comes again
			m.err = fmt.Errorf("%w: a message without From", ErrMalformed)
			m.skip, m.again = true, true
			continue
		}
		m.message.From = channel.Address(m.message.Channel, m.message.From)
		if m.message.Account, m.err = h.account(r, m.message.To); m.err != nil {
			m.outcome.Match = h.guard.Classify(m.message.Text) // Observe tells a STOP from chatter
			m.skip, m.again = true, true
			continue
		}
		part := m.message.Part
		if part == (Part{}) {
			continue
		}
		if !part.possible() || m.message.ProviderIntent == keywords.OptOut {
			m.message.Incomplete = true
			continue
		}
		var lone []lonePart
		m.message, m.joined, lone = h.parts.add(m.message, now)
		m.waits = m.joined == nil
		m.skip = m.waits
		t.lone = append(t.lone, lone...)
	}
	for i := range d.Reports {
		one := &t.reports[i]
		one.report = d.Reports[i]
		account, err := h.account(r, one.report.Sender)
		one.report.Account = account
		records := one.report.Kind == KindOptedOut // the others are only told to the host
		one.skip = err != nil || !records
		if err != nil && records {
			one.err, one.again = err, true
		}
	}
	return t
}

func (h *handler) account(r *http.Request, number string) (string, error) {
	account, err := h.options.Account(r, number)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoAccount, err)
	}
	if account == "" {
		return "", ErrNoAccount
	}
	return account, nil
}

// receive gives the messages to the Guard, and records what the reports tell. With stop it
// ends at the first error that another delivery can help.
func (h *handler) receive(ctx context.Context, g *optout.Guard, t *taken, stop bool) error {
	for i := range t.messages {
		m := &t.messages[i]
		if m.skip {
			continue
		}
		if m.outcome.Reply != "" && m.outcome.Match.Intent == keywords.Help {
			continue // InTx runs again: the reply is counted
		}
		m.outcome, m.err = g.Receive(ctx, m.message.Message)
		m.again = m.err != nil && !isFinal(m.err) && !m.undatedStart()
		if stop && m.err != nil && !isFinal(m.err) && !isUnknownAccount(m.err) {
			return m.err
		}
	}
	for i := range t.reports {
		r := &t.reports[i]
		if r.skip {
			continue
		}
		_, r.err = g.RecordOptOut(ctx, h.request(r.report))
		r.again = r.err != nil && !isFinal(r.err)
		if stop && r.again && !isUnknownAccount(r.err) {
			return r.err
		}
	}
	return nil
}

// isFinal reports whether another delivery cannot help. It can if the Guard does not know
// the account that Options.Account has returned: once the host has mended that.
func isFinal(err error) bool { return optout.Permanent(err) && !isUnknownAccount(err) }

// isUnknownAccount reports an error that concerns one message. It must not keep the others of
// its delivery from being stored in the transaction.
func isUnknownAccount(err error) bool { return errors.Is(err, optout.ErrInvalidAccount) }

// request makes the opt-out that a report tells of.
func (h *handler) request(r Report) optout.Request {
	request := optout.Request{
		Account: r.Account, Number: r.Number, Source: store.SourceCarrier, At: r.At, Actor: h.name,
		Note: fmt.Sprintf("%s reports an opt-out, code %.100s", h.name, r.Code),
	}
	if r.ID != "" { // else each report is an event of its own
		request.ID = h.name + ":" + r.ID + ":" + r.Code
	}
	return request
}

// receiveInTx is receive in a transaction of the host.
func (h *handler) receiveInTx(ctx context.Context, d Delivery, t *taken) {
	failed := errNotReceived
	err := h.options.InTx(ctx, d, func(ctx context.Context, s store.Store) error {
		failed = h.receive(ctx, h.guard.With(s), t, true)
		return failed
	})
	if err == nil {
		err = failed
	}
	if err == nil {
		return
	}
	for i := range t.messages { // nothing is stored
		if m := &t.messages[i]; !m.skip {
			m.outcome, m.err = optout.Outcome{}, err
			if !m.message.Incomplete {
				m.outcome.Match = h.guard.Classify(m.message.Text)
			}
			m.again = !m.undatedStart()
		}
	}
	for i := range t.reports {
		if r := &t.reports[i]; !r.skip {
			r.err, r.again = err, true
		}
	}
}

// undatedStart reports a message that must not be delivered again: it would lift a STOP
// that came between.
func (m *message) undatedStart() bool {
	return m.outcome.Match.Intent == keywords.OptIn && m.message.ProviderIntent != keywords.OptOut && m.message.At.IsZero()
}

// next gives the messages that are no keywords to the host.
func (h *handler) next(ctx context.Context, t *taken) {
	if h.options.Next == nil {
		return
	}
	for i := range t.messages {
		m := &t.messages[i]
		if m.skip || m.err != nil || m.outcome.Match.Intent != keywords.None || m.message.ProviderIntent == keywords.OptOut {
			continue
		}
		if err := h.options.Next(ctx, m.message, m.outcome); err != nil {
			m.err, m.again = fmt.Errorf("provider: Next: %w", err), true
		}
	}
}

// delivery returns what receive will take of a delivery.
func (t *taken) delivery(d Delivery) Delivery {
	d.Messages, d.Reports = nil, nil
	for i := range t.messages {
		if !t.messages[i].skip {
			d.Messages = append(d.Messages, t.messages[i].message)
		}
	}
	for i := range t.reports {
		if !t.reports[i].skip {
			d.Reports = append(d.Reports, t.reports[i].report)
		}
	}
	return d
}

// replies reports whether a contact gets a reply.
func (t *taken) replies() bool {
	for i := range t.messages {
		if t.messages[i].outcome.Reply != "" {
			return true
		}
	}
	return false
}
