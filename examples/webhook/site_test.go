package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const (
	contact = trialContact
	ours    = trialNumber    // of acme
	theirs  = "+14155550101" // of globex
	secret  = "12345"
	public  = "https://example.com"
)

// outbox is a provider that keeps what it is given.
type outbox struct {
	mu     sync.Mutex
	sent   []string
	answer provider.Refused
}

func (o *outbox) Send(_ context.Context, from, to, text string) provider.Refused {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.answer.Err != nil || o.answer.Status >= http.StatusBadRequest {
		return o.answer
	}
	o.sent = append(o.sent, from+" "+to+" "+text)
	return provider.Refused{Status: http.StatusAccepted}
}

// refuse makes it answer so from now on.
func (o *outbox) refuse(answer provider.Refused) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = answer
}

// all returns what was sent: a line for each text.
func (o *outbox) all() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(o.sent, "\n")
}

// program is an app on two real ports, with its store and its provider.
type program struct {
	t         *testing.T
	kind      kind
	signer    string // what signs
	sms, send string // URLs
	app       *app
	outage    *faultstore.Toggle // of the store
	outbox    *outbox
	log       *safeBuffer
	replies   optout.Replies
}

func newProgram(t *testing.T, name string, rules *optout.Options, replies provider.Replies) *program {
	t.Helper()
	outage := new(faultstore.Toggle)
	p := newProgramOver(t, faultstore.Wrap(memstore.New(), outage.Inject), name, rules, replies)
	p.outage = outage
	return p
}

func newProgramOver(t *testing.T, over store.Store, name string, rules *optout.Options, replies provider.Replies) *program {
	t.Helper()
	k, err := find(name)
	require.NoError(t, err)
	p := &program{t: t, kind: k, signer: secret, outbox: &outbox{}, log: &safeBuffer{}}
	opened := secret
	if k.trial != nil {
		var private string
		opened, private, err = k.trial()
		require.NoError(t, err)
		p.signer = cmp.Or(private, opened)
	}
	guard, err := optout.New(over, rules)
	require.NoError(t, err)
	p.replies = guard.Replies()
	logger := slog.New(slog.NewJSONHandler(p.log, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey { // whose digits look like a number's
				return slog.Attr{}
			}
			return a
		},
	}))
	p.app = &app{guard: guard, accounts: accounts{ours: "acme", theirs: "globex"}, sender: p.outbox, logger: logger}
	p.app.provider, err = k.open([]string{opened})
	require.NoError(t, err)
	p.sms = serving(t, p.app.webhook(p.app.options(public, replies))) + "/sms"
	p.send = serving(t, p.app.send()) + "/send"
	t.Cleanup(func() { // in every test
		// A digit may be written as %35, \u0035 or 0x35.
		const private = `555|3535|%35|u0035|STOP|Stop|START|HELP|ARRET|[Hh]ello|secret|texting`
		require.NotRegexp(t, private, p.log.String(), "no number and no text in the log")
	})
	return p
}

func serving(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
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

// response is an answer that was read to its end.
type response struct {
	status int
	header http.Header
	body   string
}

func (p *program) do(method, to string, header []string, body string) response {
	p.t.Helper()
	got, err := p.try(method, to, header, body)
	require.NoError(p.t, err)
	return got
}

func (p *program) try(method, to string, header []string, body string) (response, error) {
	request, err := http.NewRequestWithContext(p.t.Context(), method, to, strings.NewReader(body))
	if err != nil {
		return response{}, err
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		request.Header.Set(name, value)
	}
	return roundTrip(request)
}

func roundTrip(request *http.Request) (response, error) {
	got, err := http.DefaultClient.Do(request)
	if err != nil {
		return response{}, err
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	return response{got.StatusCode, got.Header, string(raw)}, err
}

// post posts a message that is signed.
func (p *program) post(m message) response {
	p.t.Helper()
	got, err := p.tryPost(m)
	require.NoError(p.t, err)
	return got
}

func (p *program) tryPost(m message) (response, error) {
	signed, err := p.kind.post(p.signer, public+"/sms", m)
	if err != nil {
		return response{}, err
	}
	return p.try(http.MethodPost, p.sms, signed.header, signed.body)
}

// stop posts a STOP of the contact.
func (p *program) stop(id string) response {
	p.t.Helper()
	return p.post(message{id, contact, ours, "STOP"})
}

// text posts a text of the contact to Twilio, and returns the reply in the answer, "" for none.
func (p *program) text(id, text string) string {
	p.t.Helper()
	got := p.post(message{id, contact, ours, text})
	require.Equal(p.t, http.StatusOK, got.status, got.body)
	return reply(p.t, got.body)
}

func reply(t *testing.T, answer string) string {
	t.Helper()
	var twiML struct {
		XMLName xml.Name `xml:"Response"`
		Message []string `xml:"Message"`
	}
	require.NoError(t, xml.Unmarshal([]byte(answer), &twiML), answer)
	require.LessOrEqual(t, len(twiML.Message), 1)
	return strings.Join(twiML.Message, "")
}

func (p *program) sendTo(from, to string) (int, answer) {
	p.t.Helper()
	got := p.do(http.MethodPost, p.send, []string{jsonType}, fmt.Sprintf(`{"from":%q,"to":%q,"text":"Hello"}`, from, to))
	var a answer
	require.NoError(p.t, json.Unmarshal([]byte(got.body), &a), got.body)
	return got.status, a
}

// requireLog waits for what is logged after the provider has its answer.
func (p *program) requireLog(text string) {
	p.t.Helper()
	require.Eventually(p.t, func() bool { return strings.Contains(p.log.String(), text) }, time.Minute, time.Millisecond, text)
}

const jsonType = "Content-Type: application/json"

func (p *program) requireBlocked(blocked bool) {
	p.t.Helper()
	status, got := p.sendTo(ours, contact)
	if blocked {
		require.Equal(p.t, http.StatusConflict, status)
		require.Equal(p.t, answer{Reason: "opted_out"}, got)
		return
	}
	require.Equal(p.t, http.StatusAccepted, status, got)
	require.Equal(p.t, answer{Sent: true}, got)
}
