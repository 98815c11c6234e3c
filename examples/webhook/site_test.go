package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const (
	contact = "+14155550123"
	ours    = "+14155550100"
	none    = `<?xml version="1.0" encoding="UTF-8"?><Response></Response>`
)

// outbox is a provider that keeps what it is given.
type outbox struct {
	mu   sync.Mutex
	sent []string
	err  error
}

func (o *outbox) Send(_ context.Context, to, text string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return o.err
	}
	o.sent = append(o.sent, to+" "+text)
	return nil
}

// site is a server on a real port, with its store and its provider.
type site struct {
	t       *testing.T
	url     string
	server  *server
	outage  *faultstore.Toggle // of the store
	outbox  *outbox
	log     *safeBuffer
	replies optout.Replies
}

func newSite(t *testing.T, opts *optout.Options) *site {
	t.Helper()
	outage := new(faultstore.Toggle)
	s := newSiteOver(t, faultstore.Wrap(memstore.New(), outage.Inject), opts)
	s.outage = outage
	return s
}

func newSiteOver(t *testing.T, over store.Store, opts *optout.Options) *site {
	t.Helper()
	s := &site{t: t, outbox: &outbox{}, log: &safeBuffer{}}
	guard, err := optout.New(over, opts)
	require.NoError(t, err)
	s.replies = guard.Replies()
	logger := slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey { // whose digits look like a number's
				return slog.Attr{}
			}
			return a
		},
	}))
	s.server = &server{account: "demo", guard: guard, sender: s.outbox, logger: logger}
	listening := httptest.NewServer(s.server.handler())
	t.Cleanup(listening.Close)
	s.url = listening.URL
	t.Cleanup(func() { // in every test
		// A digit may be written as %35, \u0035 or 0x35.
		const private = `555|3535|%35|u0035|STOP|Stop|START|HELP|ARRET|[Hh]ello|secret|texting`
		require.NotRegexp(t, private, s.log.String(), "no number and no text in the log")
	})
	return s
}

// safeBuffer is a buffer that handlers can log to at the same time.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func (s *site) do(method, path, contentType, body string) (status int, header http.Header, answer string) {
	s.t.Helper()
	status, header, answer, err := s.try(method, path, contentType, body)
	require.NoError(s.t, err)
	return status, header, answer
}

func (s *site) try(method, path, contentType, body string) (status int, header http.Header, answer string, err error) {
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, "", err
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, "", err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, string(raw), err
}

const formType = "application/x-www-form-urlencoded"

func post(id, from, body string, more ...string) string {
	form := url.Values{"MessageSid": {id}, "From": {from}, "To": {ours}, "Body": {body}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form.Encode()
}

// text posts a text of the contact and returns the reply in the answer, "" for none.
func (s *site) text(id, body string, more ...string) string {
	s.t.Helper()
	status, header, answer := s.do(http.MethodPost, "/sms", formType, post(id, contact, body, more...))
	require.Equal(s.t, http.StatusOK, status, answer)
	require.Equal(s.t, "application/xml", header.Get("Content-Type"))
	return reply(s.t, answer)
}

func reply(t *testing.T, answer string) string {
	t.Helper()
	if answer == none {
		return ""
	}
	require.True(t, strings.HasPrefix(answer, `<?xml version="1.0" encoding="UTF-8"?><Response><Message>`), answer)
	var twiML struct {
		XMLName xml.Name `xml:"Response"`
		Message []string `xml:"Message"`
	}
	require.NoError(t, xml.Unmarshal([]byte(answer), &twiML), answer)
	require.Len(t, twiML.Message, 1)
	return twiML.Message[0]
}

func (s *site) send(to string) (status int, answer string) {
	s.t.Helper()
	status, _, answer = s.do(http.MethodPost, "/send", "application/json", fmt.Sprintf(`{"to":%q,"text":"Hello"}`, to))
	return status, strings.TrimSuffix(answer, "\n")
}

func (s *site) requireBlocked() {
	s.t.Helper()
	status, answer := s.send(contact)
	require.Equal(s.t, http.StatusConflict, status)
	require.JSONEq(s.t, `{"error":"not sent: opted_out","reason":"opted_out"}`, answer)
	require.Empty(s.t, s.outbox.sent)
}
