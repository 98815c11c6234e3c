package main

import (
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"github.com/seed-f10031e4/consent/optout"
)

// server answers all requests.
//
// An account is the scope of an opt-out: it covers all the numbers of one account
// and no other account. This server has one. An app with several looks up whose
// number a text came to (To), and who asks to send; never trust the caller's word.
//
// Nothing that is logged holds a phone number or a text. What the SDK returns as
// an error holds none either.
type server struct {
	account       string
	guard         *optout.Guard
	sender        sender
	logger        *slog.Logger
	twilioReplies bool // Twilio answers plain keywords itself
}

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /sms", s.sms)
	mux.HandleFunc("POST /send", s.send)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		s.write(w, r, http.StatusOK, "text/plain; charset=utf-8", "ok\n")
	})
	return mux
}

const (
	// maxBody is far more than a text message and what comes with it.
	maxBody = 64 << 10

	// storeTimeout is for everything that one request asks of the store. It is less
	// than the 15 seconds after which Twilio gives up, so that it gets an answer.
	storeTimeout = 5 * time.Second

	// sendTimeout leaves time for the answer before the server's WriteTimeout.
	sendTimeout = 15 * time.Second
)

// accept limits the body of a request, and answers those of another content type.
func accept(w http.ResponseWriter, r *http.Request, contentType string) bool {
	got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	broken := err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) // "; charset=" says nothing of the type
	if broken || got != contentType {
		http.Error(w, "want "+contentType, http.StatusUnsupportedMediaType)
		return false
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	return true
}

// badBody answers a request whose body could not be read. The error stays here:
// it may quote the text.
func badBody(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		status = http.StatusRequestEntityTooLarge
	}
	http.Error(w, http.StatusText(status), status)
}

func (s *server) write(w http.ResponseWriter, r *http.Request, status int, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	if _, err := io.WriteString(w, body); err != nil {
		s.logger.WarnContext(r.Context(), "answer not written", "path", r.URL.Path)
	}
}
