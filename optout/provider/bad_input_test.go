package provider_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/telnyx"
	"github.com/seed-f10031e4/consent/optout/provider/twilio"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// badRequest is a request as somebody sends it; a zero field is what the provider sends.
type badRequest struct {
	name, method, contentType string
	body                      string
	unsigned                  bool      // with no signature
	forged                    bool      // with a signature of something else
	stream                    io.Reader // the body, of a length that is not announced
	status                    int
	err                       error // of the event; nil: the request is taken
}

// broken is a body that ends in the middle, as when the host's ReadTimeout has passed.
type broken struct{ body string }

func (b *broken) Read(p []byte) (int, error) {
	if b.body == "" {
		return 0, errors.New("i/o timeout from +14155550101")
	}
	n := copy(p, b.body)
	b.body = b.body[n:]
	return n, nil
}

func TestBadInputToTwilio(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	p, err := twilio.New(twilio.Config{AuthToken: "12345"})
	require.NoError(t, err)
	full := url.Values{"MessageSid": {"SM1"}, "From": {contact}, "To": {ours}, "Body": {"a secret"}}
	without := func(names ...string) string {
		some := maps.Clone(full)
		for _, name := range names {
			delete(some, name)
		}
		return some.Encode()
	}
	large := full.Encode() + "&More=" + strings.Repeat("x", 256<<10)
	playBad(t, p, form, func(r *http.Request, body string) {
		values, _ := url.ParseQuery(body) // of a body that cannot be decoded, as much as can be
		signed := "https://example.com/hook"
		for _, name := range slices.Sorted(maps.Keys(values)) {
			for _, value := range slices.Sorted(slices.Values(values[name])) {
				signed += name + value
			}
		}
		r.Header.Set("X-Twilio-Signature", signature("12345", signed))
	}, []badRequest{
		{name: "good", body: full.Encode(), status: 200},
		{name: "method", method: http.MethodPut, body: full.Encode(), status: 405, err: provider.ErrMethod},
		{name: "content type", contentType: "text/plain", body: full.Encode(), status: 415, err: provider.ErrContentType},
		{name: "no content type", contentType: "-", body: full.Encode(), status: 415, err: provider.ErrContentType},
		{name: "multipart", contentType: "multipart/form-data; boundary=x", body: full.Encode(), status: 415, err: provider.ErrContentType},
		{name: "form as JSON", contentType: "application/json", body: full.Encode(), status: 403, err: provider.ErrSignature},
		{name: "unknown charset", contentType: form + "; charset=koi8-r", body: full.Encode(), status: 400, err: provider.ErrMalformed},
		{name: "too large", body: large, status: 413, err: provider.ErrTooLarge},
		{name: "too large, in chunks", stream: strings.NewReader(large), status: 413, err: provider.ErrTooLarge},
		{name: "a body that ends", stream: &broken{full.Encode()}, status: 503, err: provider.ErrRetry},
		{name: "no signature", body: full.Encode(), unsigned: true, status: 403, err: provider.ErrSignature},
		{name: "forged", body: full.Encode(), forged: true, status: 403, err: provider.ErrSignature},
		{name: "empty", body: "", status: 400, err: provider.ErrMalformed},
		{name: "no From", body: without("From"), status: 400, err: provider.ErrMalformed},
		{name: "From twice", body: full.Encode() + "&From=%2B14155550102", status: 400, err: provider.ErrMalformed},
		{name: "not decoded", body: "From=%2B14155550101&Body=a+secret%", status: 400, err: provider.ErrMalformed},
		{name: "no Body", body: without("Body"), status: 200},
		{name: "no MessageSid", body: without("MessageSid"), status: 200},
		{name: "unknown fields", body: full.Encode() + "&New=1", status: 200},
	})
}

func TestBadInputToTelnyx(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	p, err := telnyx.New(telnyx.Config{PublicKey: base64.StdEncoding.EncodeToString(key[ed25519.SeedSize:])})
	require.NoError(t, err)
	event := func(kind, payload string) string {
		return `{"data":{"event_type":"` + kind + `","payload":` + payload + `}}`
	}
	good := event("message.received", `{"id":"1","from":{"phone_number":"`+contact+`"},"to":[{"phone_number":"`+ours+`"}],"text":"a secret"}`)
	large := good + strings.Repeat(" ", 256<<10)
	playBad(t, p, "application/json", func(r *http.Request, body string) {
		now := strconv.FormatInt(time.Now().Unix(), 10)
		r.Header.Set("Telnyx-Timestamp", now)
		r.Header.Set("Telnyx-Signature-Ed25519", base64.StdEncoding.EncodeToString(ed25519.Sign(key, []byte(now+"|"+body))))
	}, []badRequest{
		{name: "good", body: good, status: 200},
		{name: "method", method: http.MethodGet, body: good, status: 405, err: provider.ErrMethod},
		{name: "content type", contentType: "application/x-www-form-urlencoded", body: good, status: 415, err: provider.ErrContentType},
		{name: "no content type", contentType: "-", body: good, status: 415, err: provider.ErrContentType},
		{name: "broken content type", contentType: "application/json/", body: good, status: 415, err: provider.ErrContentType},
		{name: "too large", body: large, status: 413, err: provider.ErrTooLarge},
		{name: "too large, in chunks", stream: strings.NewReader(large), status: 413, err: provider.ErrTooLarge},
		{name: "a body that ends", stream: &broken{good}, status: 503, err: provider.ErrRetry},
		{name: "no signature", body: good, unsigned: true, status: 403, err: provider.ErrSignature},
		{name: "forged", body: good, forged: true, status: 403, err: provider.ErrSignature},
		{name: "empty", body: "", status: 400, err: provider.ErrMalformed},
		{name: "not JSON", body: "a secret of " + contact, status: 400, err: provider.ErrMalformed},
		{name: "half", body: good[:len(good)-2], status: 400, err: provider.ErrMalformed},
		{name: "two", body: good + good, status: 400, err: provider.ErrMalformed},
		{name: "no data", body: "{}", status: 400, err: provider.ErrMalformed},
		{name: "no from", body: event("message.received", `{"text":"a secret"}`), status: 400, err: provider.ErrMalformed},
		{name: "a from of another kind", body: event("message.received", `{"from":14155550101}`), status: 400, err: provider.ErrMalformed},
		{name: "no to", body: event("message.received", `{"from":{"phone_number":"`+contact+`"},"text":"a secret"}`), status: 200},
		{name: "another event", body: event("call.answered", `{"from":"`+contact+`"}`), status: 200},
	})
}

// playBad posts requests to a Handler. Whatever is refused reached no store, and nothing that
// is written anywhere has the number or the text.
func playBad(t *testing.T, p provider.Provider, contentType string, sign func(*http.Request, string), requests []badRequest) {
	t.Helper()
	for _, c := range requests {
		t.Run(c.name, func(t *testing.T) {
			s := faultstore.Wrap(memstore.New(), nil)
			guard, err := optout.New(s, &optout.Options{Texts: optout.PolicyHold})
			require.NoError(t, err)
			var events []provider.Event
			h := provider.Handler(guard, p, &provider.Options{
				Account: provider.OneAccount("acme"), PublicURL: "https://example.com",
				Observe: func(_ context.Context, e provider.Event) { events = append(events, e) },
			})
			body := c.stream
			if body == nil {
				body = strings.NewReader(c.body)
			}
			method := c.method
			if method == "" {
				method = http.MethodPost
			}
			r := httptest.NewRequestWithContext(t.Context(), method, "/hook", body)
			if r.Header.Set("Content-Type", contentType); c.contentType != "" {
				r.Header.Set("Content-Type", strings.TrimPrefix(c.contentType, "-"))
			}
			if !c.unsigned {
				sign(r, c.body+map[bool]string{true: "&more"}[c.forged])
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			require.Equal(t, c.status, w.Code)
			written := w.Body.String()
			for _, e := range events {
				require.Equal(t, c.status, e.Status)
				require.ErrorIs(t, e.Err, c.err)
				written += e.String()
			}
			for _, private := range []string{"4155550", "secret", "x-www"} {
				require.NotContains(t, written, private)
			}
			if c.err != nil {
				require.Len(t, events, 1)
				require.Equal(t, provider.EventRefused, events[0].Kind)
				require.Zero(t, s.Calls())
			}
			require.Equal(t, c.status == http.StatusMethodNotAllowed, w.Header().Get("Allow") != "")
		})
	}
}

// A client that sends half of a body and waits is up to the host's ReadTimeout. When it has
// passed, the Handler asks for another delivery.
func TestABodyThatIsTooSlowIsDeliveredAgain(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	h := s.handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).SetReadDeadline(time.Unix(1, 0)) // it has passed
		h.ServeHTTP(w, r)
	}))
	defer server.Close()
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: a\r\nProof: yes\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
	require.NoError(t, err)
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(answer, []byte("HTTP/1.1 503 ")), "%s", answer)
	require.ErrorIs(t, s.events[0].Err, provider.ErrRetry)
}
