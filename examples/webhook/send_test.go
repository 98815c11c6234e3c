package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
)

func TestSend(t *testing.T) {
	const text = `{"from":"+14155550100","to":"+14155550123","text":"Hello"}`
	const plain = "Content-Type: text/plain"
	long := fmt.Sprintf(`{"from":"+14155550100","to":"+14155550123","text":%q}`, strings.Repeat("x", maxBody))
	quoting := provider.Refused{Err: errors.New("the 'To' number +14155550123 is not valid: Hello")}
	optedOut := provider.Refused{Status: http.StatusBadRequest, Body: []byte(`{"code":21610,"message":"+14155550123"}`)}
	landline := provider.Refused{Status: http.StatusBadRequest, Body: []byte(`{"code":21635}`)}
	for name, c := range map[string]struct {
		contentType, body string
		refused           provider.Refused
		down              bool // the store
		status            int
		reason            string
	}{
		"allowed":           {jsonType, text, provider.Refused{}, false, http.StatusAccepted, ""},
		"charset":           {jsonType + "; charset=utf-8", text, provider.Refused{}, false, http.StatusAccepted, ""},
		"no number":         {jsonType, strings.Replace(text, "+14155550123", "HELLO", 1), provider.Refused{}, false, 422, "invalid_number"},
		"nobody":            {jsonType, `{"from":"+14155550100","text":"Hello"}`, provider.Refused{}, false, 422, "invalid_number"},
		"from nobody":       {jsonType, `{"to":"+14155550123","text":"Hello"}`, provider.Refused{}, false, 422, "no_account"},
		"store":             {jsonType, text, provider.Refused{}, true, http.StatusServiceUnavailable, "store_error"},
		"provider":          {jsonType, text, quoting, false, http.StatusBadGateway, "provider_error"},
		"provider is down":  {jsonType, text, provider.Refused{Status: 500}, false, http.StatusBadGateway, "provider_error"},
		"opted out there":   {jsonType, text, optedOut, false, http.StatusConflict, "opted_out"},
		"a landline":        {jsonType, text, landline, false, 422, "landline"},
		"no text":           {jsonType, `{"from":"+14155550100","to":"+14155550123"}`, provider.Refused{}, false, 400, "no_text"},
		"null":              {jsonType, `null`, provider.Refused{}, false, 400, "no_text"},
		"garbage":           {jsonType, `{"to":`, provider.Refused{}, false, 400, "bad_request"},
		"two":               {jsonType, text + text, provider.Refused{}, false, 400, "bad_request"},
		"a field too many":  {jsonType, `{"to":"+14155550123","text":"Hello","force":true}`, provider.Refused{}, false, 400, "bad_request"},
		"another type":      {plain, text, provider.Refused{}, false, http.StatusUnsupportedMediaType, "bad_request"},
		"too large":         {jsonType, long, provider.Refused{}, false, http.StatusRequestEntityTooLarge, "bad_request"},
		"too large at last": {jsonType, text + strings.Repeat(" ", maxBody), provider.Refused{}, false, 413, "bad_request"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProgram(t, "twilio", nil, provider.RepliesDefault)
			p.outbox.refuse(c.refused)
			if c.down {
				p.outage.On()
			}
			got := p.do(http.MethodPost, p.send, []string{c.contentType}, c.body)
			require.Equal(t, c.status, got.status, got.body)
			require.Equal(t, "application/json", got.header.Get("Content-Type"))
			var a answer
			require.NoError(t, json.Unmarshal([]byte(got.body), &a))
			require.Equal(t, answer{Sent: c.status == http.StatusAccepted, Reason: c.reason}, a)
			require.Equal(t, a.Sent, p.outbox.all() != "")
		})
	}
	t.Run("an opt-out that the provider knew of is recorded", func(t *testing.T) {
		p := newProgram(t, "twilio", nil, provider.RepliesDefault)
		p.outbox.refuse(optedOut)
		status, _ := p.sendTo(ours, contact)
		require.Equal(t, http.StatusConflict, status)
		p.outbox.refuse(provider.Refused{})
		p.requireBlocked(true)
	})
	t.Run("without consent", func(t *testing.T) {
		p := newProgram(t, "twilio", &optout.Options{RequireOptIn: true}, provider.RepliesWhenFlagged)
		status, got := p.sendTo(ours, contact)
		require.Equal(t, http.StatusConflict, status)
		require.Equal(t, answer{Reason: "no_consent"}, got)
		require.Equal(t, p.replies.OptIn, p.text("SM1", "START"))
		p.requireBlocked(false)
	})
}
