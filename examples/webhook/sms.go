package main

import (
	"context"
	"encoding/xml"
	"net/http"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// sms takes one inbound text as Twilio posts it, and answers with the reply that
// the contact is owed. The provider is told "done" (200) only when it is.
func (s *server) sms(w http.ResponseWriter, r *http.Request) {
	if !accept(w, r, "application/x-www-form-urlencoded") {
		return
	}
	if err := r.ParseForm(); err != nil {
		badBody(w, err)
		return
	}
	form := r.PostForm // not r.Form, which the query of the URL can fill
	m := optout.Message{
		ID:      form.Get("MessageSid"), // by which a text that is delivered again is recognised
		Account: s.account,
		From:    form.Get("From"),
		To:      form.Get("To"),
		Text:    form.Get("Body"), // may be empty: a picture has no words
		// Present where Twilio's Advanced Opt-Out has answered the contact itself.
		Answered: form.Has("OptOutType"),
		// Twilio gives no time, so At stays zero: texts count in the order in which
		// they come. Fill it in where your provider gives one.
	}
	// A provider that hangs up does not take back what the contact asked for.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), storeTimeout)
	defer cancel()
	out, err := s.receive(ctx, m, form.Get("OptOutType"))
	if err != nil {
		s.smsFailed(w, r, out.Match.Intent, err)
		return
	}
	s.logger.InfoContext(ctx, "text received", "intent", out.Match.Intent.String(),
		"changed", out.Changed, "duplicate", out.Duplicate, "replied", out.Reply != "")
	if out.Match.Intent == keywords.None {
		// Here the app reads what the contact says. "Please stop texting me" is not
		// a keyword, and yet it is a wish: see Guard.OptOut.
		s.logger.DebugContext(ctx, "text for the app")
	}
	s.answer(w, r, out.Reply)
}

// receive believes the provider where it took for a STOP what our keywords do not:
// it blocks the contact from now on, and so do we. It is not believed about START,
// since only the contact's own keyword lifts an opt-out.
func (s *server) receive(ctx context.Context, m optout.Message, optOutType string) (optout.Outcome, error) {
	if optOutType != "STOP" || s.guard.Classify(m.Text).Intent == keywords.OptOut {
		return s.guard.Receive(ctx, m)
	}
	out, err := s.guard.OptOut(ctx, optout.Request{
		ID: m.ID, Account: m.Account, Number: m.From, Source: store.SourceCarrier, Text: m.Text,
	})
	out.Match.Intent = keywords.OptOut
	return out, err
}

// smsFailed answers so that the provider does what is right for this failure.
func (s *server) smsFailed(w http.ResponseWriter, r *http.Request, intent keywords.Intent, err error) {
	log := s.logger.With("intent", intent.String(), "error", err)
	switch {
	case optout.Permanent(err):
		log.ErrorContext(r.Context(), "text refused: look at it, another delivery cannot help")
		http.Error(w, "this text cannot be recorded", http.StatusBadRequest)
	case intent == keywords.OptIn:
		// Were it delivered again, it would lift a STOP that came between. The
		// contact stays as they are, hears nothing, and can text START once more.
		log.ErrorContext(r.Context(), "START dropped")
		s.answer(w, r, "")
	default:
		// Twilio posts again only where the webhook's URL says so, such as
		// https://example.com/sms#rc=5&rp=5xx,rt,ct; have a fallback URL as well.
		log.ErrorContext(r.Context(), "text not stored: it must be delivered again")
		http.Error(w, "not stored", http.StatusInternalServerError)
	}
}

// answer writes TwiML: one message, or none.
func (s *server) answer(w http.ResponseWriter, r *http.Request, reply string) {
	response := struct {
		XMLName xml.Name `xml:"Response"`
		Message string   `xml:"Message,omitempty"`
	}{Message: reply}
	body, err := xml.Marshal(response) // which escapes what must be
	if err != nil {
		s.logger.ErrorContext(r.Context(), "no TwiML", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	s.write(w, r, http.StatusOK, "application/xml", `<?xml version="1.0" encoding="UTF-8"?>`+string(body))
}
