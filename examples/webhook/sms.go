package main

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
)

var errMalformed = errors.New("a field of the post is malformed")

// sms takes one inbound text as Twilio posts it, and answers with the reply for the
// contact. It answers 200 only after the Guard has handled the text.
func (s *server) sms(w http.ResponseWriter, r *http.Request) {
	if !accept(w, r, "application/x-www-form-urlencoded") {
		s.logger.ErrorContext(r.Context(), "post refused: it is no form, and an opt-out in it is lost")
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.notRead(w, r, err)
		return
	}
	f := parseForm(string(body)) // not r.Form, which the query of the URL can fill
	m := s.message(f)

	// A provider that hangs up does not take back what the contact asked for.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), storeTimeout)
	defer cancel()
	out, err := s.receive(ctx, f, m)
	if err != nil {
		intent := out.Match.Intent
		if m.ProviderIntent == keywords.OptOut {
			intent = keywords.OptOut
		}
		s.smsFailed(w, r, intent, err)
		return
	}
	if f.malformed() {
		s.logger.WarnContext(ctx, "a field of the post is malformed, and the text was taken all the same")
	}
	s.logger.InfoContext(ctx, "text received", "intent", out.Match.Intent.String(),
		"changed", out.Changed, "duplicate", out.Duplicate, "replied", out.Reply != "")
	if out.EventID == "" && out.Match.Intent == keywords.None {
		// Here the app reads what the contact says. "Please stop texting me" is not a
		// keyword, and yet it is a wish: see optout.Options.Texts.
		s.logger.DebugContext(ctx, "text for the app")
	}
	s.answer(w, r, out.Reply)
}

// message makes a Message of a form.
func (s *server) message(f form) optout.Message {
	m := optout.Message{
		ID:      f.values.Get("MessageSid"), // by which a text that is delivered again is recognised
		Account: s.account,
		From:    f.values.Get("From"),
		To:      f.values.Get("To"),
		Text:    f.values.Get("Body"), // may be empty: a picture has no words
		// Twilio gives no time, so At stays zero: texts count in the order in which
		// they come. Fill it in where your provider gives one.
	}
	if i := slices.IndexFunc(f.values["Body"], s.optsOut); i > 0 { // Body is there twice
		m.Text = f.values["Body"][i]
	}
	// How Twilio's Advanced Opt-Out has read the text. It knows words for a STOP that our
	// keywords do not, and blocks the contact from now on. Its reading of START has no effect,
	// since only the contact's own keyword lifts an opt-out.
	if slices.Contains(f.values["OptOutType"], "STOP") {
		m.ProviderIntent = keywords.OptOut
	}
	match := s.guard.Classify(m.Text)
	plain := match.Keyword != "" && strings.EqualFold(strings.TrimSpace(m.Text), match.Keyword)
	m.ProviderReplied = f.values.Has("OptOutType") || s.twilioReplies && plain
	return m
}

func (s *server) optsOut(text string) bool {
	return s.guard.Classify(text).Intent == keywords.OptOut
}

// receive is Guard.Receive of what is sure. Of a form that is not, a STOP from a number
// that is sure counts, and nothing else.
func (s *server) receive(ctx context.Context, f form, m optout.Message) (optout.Outcome, error) {
	stop := m.ProviderIntent == keywords.OptOut || s.optsOut(m.Text)
	if f.sure("From", "Body", "OptOutType") || f.sure("From") && stop {
		return s.guard.Receive(ctx, m)
	}
	return optout.Outcome{Match: s.guard.Classify(m.Text)}, errMalformed
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
		log.ErrorContext(r.Context(), "opt-in dropped")
		s.answer(w, r, "")
	default:
		// Twilio posts again only where the webhook's URL says so, such as
		// https://example.com/sms#rc=5&rp=5xx,rt,ct; have a fallback URL as well.
		log.ErrorContext(r.Context(), "text not stored: it must be delivered again")
		http.Error(w, "not stored", http.StatusInternalServerError)
	}
}

// notRead answers a post whose body did not come, or is longer than any text message.
func (s *server) notRead(w http.ResponseWriter, r *http.Request, err error) {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		s.logger.ErrorContext(r.Context(), "post refused: it is too large, and an opt-out in it is lost")
		badBody(w, err)
		return
	}
	s.logger.ErrorContext(r.Context(), "post not read: it must be delivered again")
	http.Error(w, "not stored", http.StatusInternalServerError)
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
