package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
)

// sender is the API of the provider. It returns what the API answered, with a 2xx if the
// message was taken.
type sender interface {
	Send(ctx context.Context, from, to, text string) provider.Refused
}

// pretend is a sender that sends nothing.
type pretend struct{ logger *slog.Logger }

func (p pretend) Send(ctx context.Context, from, to, text string) provider.Refused {
	sms := optout.Segments(text)
	p.logger.InfoContext(ctx, "text sent", "parts", sms.Parts, "encoding", sms.Encoding)
	return provider.Refused{Status: http.StatusAccepted, From: from, To: to}
}

const (
	maxBody     = 64 << 10         // far more than a text message
	sendTimeout = 10 * time.Second // leaves time for the answer before the server's WriteTimeout
)

// send is what the app reaches: a text goes out unless the contact opted out.
func (a *app) send() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /send", func(w http.ResponseWriter, r *http.Request) {
		status, answer := a.sendText(w, r)
		body, err := json.Marshal(answer)
		if err != nil {
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.WriteHeader(status)
		_, _ = w.Write(append(body, '\n'))
	})
	return mux
}

// answer tells the reason and no more: what went wrong inside is in the log.
type answer struct {
	Sent   bool   `json:"sent"`
	Reason string `json:"reason,omitempty"`
}

func (a *app) sendText(w http.ResponseWriter, r *http.Request) (int, answer) {
	var in struct {
		From string `json:"from"` // a number of ours, which says whose contact it is
		To   string `json:"to"`
		Text string `json:"text"`
	}
	if status := decode(w, r, &in); status != 0 {
		return status, answer{Reason: "bad_request"}
	}
	if in.Text == "" {
		return http.StatusBadRequest, answer{Reason: "no_text"}
	}
	account, err := a.account(r, in.From)
	if err != nil {
		return http.StatusUnprocessableEntity, answer{Reason: "no_account"}
	}

	ctx, cancel := context.WithTimeout(r.Context(), sendTimeout)
	defer cancel()
	err = a.guard.Send(ctx, account, in.To, func(ctx context.Context, to string) error {
		// If the provider refuses the message because the contact opted out there, SendError
		// says so, and Guard.Send records an opt-out that nobody here has seen.
		return provider.SendError(a.provider, a.sender.Send(ctx, in.From, to, in.Text))
	})
	blocked, isBlocked := errors.AsType[*optout.BlockedError](err)
	refused, isRefused := errors.AsType[*optout.RefusedError](err)
	switch {
	case err == nil:
		return http.StatusAccepted, answer{Sent: true}
	case isBlocked:
		a.logger.InfoContext(ctx, "text blocked", "reason", blocked.Reason, "error", blocked.Unwrap())
		return statusOf(blocked.Reason), answer{Reason: string(blocked.Reason)}
	case isRefused && refused.OptedOut: // recorded; if it could not be, the error says so
		a.logger.WarnContext(ctx, "text refused", "error", err)
		return statusOf(optout.ReasonOptedOut), answer{Reason: string(optout.ReasonOptedOut)}
	case isRefused: // a landline, a number that nobody has: nothing is recorded
		a.logger.WarnContext(ctx, "text refused", "error", refused)
		return http.StatusUnprocessableEntity, answer{Reason: refused.Reason}
	default:
		// The text of the error is not logged: many a provider quotes the number in it.
		a.logger.ErrorContext(ctx, "provider failed", "type", fmt.Sprintf("%T", err))
		return http.StatusBadGateway, answer{Reason: "provider_error"}
	}
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

// decode reads one JSON object, and refuses what follows it. It returns the status of a
// refusal, or 0. The error stays here: it may quote the text.
func decode(w http.ResponseWriter, r *http.Request, into any) int {
	got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || got != "application/json" {
		return http.StatusUnsupportedMediaType
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(into)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return 0
		}
	}
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}
