package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/seed-f10031e4/consent/optout"
)

// sender is the provider's client.
type sender interface {
	Send(ctx context.Context, to, text string) error
}

// pretend is a sender that sends nothing.
type pretend struct{ logger *slog.Logger }

func (p pretend) Send(ctx context.Context, _, text string) error {
	sms := optout.Segments(text)
	p.logger.InfoContext(ctx, "text sent", "parts", sms.Parts, "encoding", sms.Encoding)
	return nil
}

// send sends a text unless the contact opted out.
func (s *server) send(w http.ResponseWriter, r *http.Request) {
	if !accept(w, r, "application/json") {
		return
	}
	var in struct {
		To   string `json:"to"`
		Text string `json:"text"`
	}
	if err := decode(r.Body, &in); err != nil {
		badBody(w, err)
		return
	}
	if in.Text == "" {
		http.Error(w, "want a text", http.StatusBadRequest)
		return
	}

	ctx, cancel := context.WithTimeout(r.Context(), sendTimeout)
	defer cancel()
	err := s.guard.Send(ctx, s.account, in.To, func(ctx context.Context, to string) error {
		// A provider that answers that the number is on its own list (Twilio: error
		// 21610) knows of an opt-out that we do not: record it with Guard.RecordOptOut.
		return s.sender.Send(ctx, to, in.Text)
	})
	if blocked, ok := errors.AsType[*optout.BlockedError](err); ok {
		s.logger.InfoContext(ctx, "text blocked", "reason", blocked.Reason, "error", blocked.Unwrap())
		s.refuse(w, r, statusOf(blocked.Reason), "not sent", string(blocked.Reason))
		return
	}
	if err != nil {
		// The text of the error is not logged: many a provider quotes the number in it.
		s.logger.ErrorContext(ctx, "provider failed", "type", fmt.Sprintf("%T", err))
		s.refuse(w, r, http.StatusBadGateway, "failed", "provider_error")
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

func statusOf(reason optout.Reason) int {
	switch reason {
	case optout.ReasonOptedOut, optout.ReasonNoConsent:
		return http.StatusConflict
	case optout.ReasonHeld:
		return http.StatusLocked // not now: ask again when a person has read what the contact wrote
	case optout.ReasonInvalidNumber:
		return http.StatusUnprocessableEntity
	case optout.ReasonStoreError:
		return http.StatusServiceUnavailable // nobody knows, so nothing is sent
	default:
		return http.StatusInternalServerError
	}
}

// refuse tells the reason and no more: what went wrong inside is in the log.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, status int, what, reason string) {
	body, err := json.Marshal(map[string]string{"error": what + ": " + reason, "reason": reason})
	if err != nil {
		s.logger.ErrorContext(r.Context(), "no JSON", "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	s.write(w, r, status, "application/json", string(body)+"\n")
}

// decode reads one JSON object, and refuses what follows it.
func decode(body io.Reader, into any) error {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.Join(errors.New("more than one JSON value"), err)
	}
	return nil
}
