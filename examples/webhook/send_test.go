package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
)

func TestSend(t *testing.T) {
	const message = `{"to":"+14155550123","text":"Hello"}`
	long := fmt.Sprintf(`{"to":"+14155550123","text":%q}`, strings.Repeat("x", maxBody))
	quoting := errors.New("the 'To' number +14155550123 is not valid: Hello")
	for name, c := range map[string]struct {
		contentType, body string
		broken            error // the provider
		down              bool  // the store
		status            int
		answer            string
	}{
		"allowed": {"application/json", message, nil, false, http.StatusAccepted, ""},
		"charset": {"application/json; charset=utf-8", message, nil, false, http.StatusAccepted, ""},
		"no number": {
			"application/json", `{"to":"HELLO","text":"Hello"}`, nil, false,
			http.StatusUnprocessableEntity, "not sent: invalid_number",
		},
		"nobody":            {"application/json", `{"text":"Hello"}`, nil, false, http.StatusUnprocessableEntity, "not sent: invalid_number"},
		"store":             {"application/json", message, nil, true, http.StatusServiceUnavailable, "not sent: store_error"},
		"provider":          {"application/json", message, quoting, false, http.StatusBadGateway, "failed: provider_error"},
		"no text":           {"application/json", `{"to":"+14155550123"}`, nil, false, http.StatusBadRequest, ""},
		"null":              {"application/json", `null`, nil, false, http.StatusBadRequest, ""},
		"garbage":           {"application/json", `{"to":`, nil, false, http.StatusBadRequest, ""},
		"two":               {"application/json", message + message, nil, false, http.StatusBadRequest, ""},
		"a field too many":  {"application/json", `{"to":"+14155550123","text":"Hello","force":true}`, nil, false, http.StatusBadRequest, ""},
		"form":              {formType, message, nil, false, http.StatusUnsupportedMediaType, ""},
		"too large":         {"application/json", long, nil, false, http.StatusRequestEntityTooLarge, ""},
		"too large at last": {"application/json", message + strings.Repeat(" ", maxBody), nil, false, http.StatusRequestEntityTooLarge, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			s.outbox.err = c.broken
			if c.down {
				s.outage.On()
			}
			status, header, answer := s.do(http.MethodPost, "/send", c.contentType, c.body)
			require.Equal(t, c.status, status, answer)
			if c.answer != "" {
				require.Equal(t, "application/json", header.Get("Content-Type"))
				_, reason, _ := strings.Cut(c.answer, ": ")
				require.JSONEq(t, fmt.Sprintf(`{"error":%q,"reason":%q}`, c.answer, reason), answer)
			}
			require.Len(t, s.outbox.sent, map[bool]int{true: 1}[c.status == http.StatusAccepted])
		})
	}
	t.Run("held", func(t *testing.T) {
		s := newSite(t, &optout.Options{Texts: optout.PolicyHold})
		require.Empty(t, s.text("SM1", "please stop texting me"))
		status, answer := s.send(contact)
		require.Equal(t, http.StatusLocked, status)
		require.JSONEq(t, `{"error":"not sent: held","reason":"held"}`, answer)
		require.Empty(t, s.outbox.sent)
		require.Equal(t, s.replies.OptIn, s.text("SM2", "START"))
		status, _ = s.send(contact)
		require.Equal(t, http.StatusAccepted, status)
	})
	t.Run("without consent", func(t *testing.T) {
		s := newSite(t, &optout.Options{RequireOptIn: true})
		status, answer := s.send(contact)
		require.Equal(t, http.StatusConflict, status)
		require.JSONEq(t, `{"error":"not sent: no_consent","reason":"no_consent"}`, answer)
		require.Equal(t, s.replies.OptIn, s.text("SM1", "START"))
		status, _ = s.send(contact)
		require.Equal(t, http.StatusAccepted, status)
	})
}

func TestOtherPaths(t *testing.T) {
	s := newSite(t, nil)
	status, _, answer := s.do(http.MethodGet, "/healthz", "", "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "ok\n", answer)
	status, _, _ = s.do(http.MethodPost, "/healthz", "", "")
	require.Equal(t, http.StatusMethodNotAllowed, status)
	status, _, _ = s.do(http.MethodGet, "/", "", "")
	require.Equal(t, http.StatusNotFound, status)
}
