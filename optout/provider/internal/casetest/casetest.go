// Package casetest plays the cases of testdata/providers.jsonl against a provider.
package casetest

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout/provider"
)

//go:embed testdata/providers.jsonl
var file []byte

// Secret is the secret of the cases that have none: they are about parsing, and their
// requests are signed by Suite.Sign.
const Secret = "test-secret"

// Case is a line of the file.
type Case struct {
	ID, Provider, Kind, Scheme string

	Input struct {
		Method, URL string
		Headers     map[string]string
		Body        string
		BodyB64     string `json:"body_b64"`
		Status      int
	}
	Secret     string // Secret where the case has none
	Unsigned   bool   // the case has no secret
	Now        time.Time
	ToleranceS int `json:"tolerance_s"`
	Topic      string
	Request    struct{ To, From string }
	Expect     Expect
	Note       string
}

// Expect is what must come of a case.
type Expect struct {
	Valid      *bool
	Error      string
	Messages   []map[string]any
	Events     []map[string]any
	Event      map[string]any
	Respond    any
	ConfirmURL string `json:"confirm_url"`
}

// Suite says how the cases of one provider are played.
type Suite struct {
	Name string // "twilio"

	// New makes the provider that a case needs: its scheme, secret, clock, topic. An error
	// counts as a signature that is not valid.
	New func(t *testing.T, c Case) (provider.Provider, error)

	// Sign signs a request with Secret, also one whose body makes no sense. It may change the URL.
	Sign func(t *testing.T, r *http.Request, body []byte)

	// Skip names cases that are not played, with the reason.
	Skip map[string]string

	// NoTime is set if the time in the cases is no time of the contact, and At must be zero.
	NoTime bool

	// NoTimeIn says so of some cases alone; nil means NoTime.
	NoTimeIn func(c Case) bool
}

// Cases returns the cases of a provider.
func Cases(t testing.TB, name string) []Case {
	t.Helper()
	var cases []Case
	lines := json.NewDecoder(bytes.NewReader(file))
	for {
		var raw struct {
			Case
			Secret *string
		}
		err := lines.Decode(&raw)
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		c := raw.Case
		if c.Provider != name {
			continue
		}
		if raw.Secret == nil {
			c.Unsigned, c.Secret = true, Secret
		} else {
			c.Secret = *raw.Secret
		}
		cases = append(cases, c)
	}
	require.NotEmpty(t, cases, "the file has no case of this provider")
	return cases
}

// Run plays the cases of a provider. Lists are another package's.
func Run(t *testing.T, s Suite) {
	t.Helper()
	for _, c := range Cases(t, s.Name) {
		t.Run(c.ID, func(t *testing.T) {
			if reason := s.Skip[c.ID]; reason != "" {
				t.Skip(reason)
			}
			switch c.Kind {
			case "signature", "inbound", "status":
				s.request(t, c)
			case "error":
				s.refusal(t, c)
			case "optout_list":
				t.Skip("lists are not read here")
			default:
				require.Fail(t, "a kind that is not known", c.Kind)
			}
		})
	}
}

// Body returns the body of the request.
func (c Case) Body(t testing.TB) []byte {
	t.Helper()
	if c.Input.BodyB64 == "" {
		return []byte(c.Input.Body)
	}
	body, err := base64.StdEncoding.DecodeString(c.Input.BodyB64)
	require.NoError(t, err)
	return body
}

// HTTP returns the request of a case, as a Handler hands it to Provider.Read.
func (c Case) HTTP(t testing.TB) *http.Request {
	t.Helper()
	r := NewRequest(t, c.Input.Method, c.Input.URL, c.Body(t))
	for name, value := range c.Input.Headers {
		r.Header.Set(name, value)
	}
	return r
}

// NewRequest returns a request to a whole URL, with path and query as they are written.
func NewRequest(t testing.TB, method, whole string, body []byte) *http.Request {
	t.Helper()
	u, err := url.Parse(whole)
	require.NoError(t, err)
	r := httptest.NewRequestWithContext(t.Context(), method, whole, bytes.NewReader(body))
	r.URL, r.Host = u, u.Host
	_, rest, _ := strings.Cut(whole, "://")
	if i := strings.IndexAny(rest, "/?"); i < 0 {
		r.RequestURI = "/"
	} else if r.RequestURI = rest[i:]; rest[i] == '?' {
		r.RequestURI = "/" + r.RequestURI
	}
	return r
}

func (s Suite) request(t *testing.T, c Case) {
	t.Helper()
	valid := c.Expect.Valid == nil || *c.Expect.Valid
	p, err := s.New(t, c)
	if err != nil {
		require.False(t, valid, "%s: %v", c.Note, err)
		return
	}
	r, body := c.HTTP(t), c.Body(t)
	if c.Unsigned && s.Sign != nil {
		s.Sign(t, r, body)
	}
	d, err := p.Read(r, body)
	if !valid {
		require.ErrorIs(t, err, provider.ErrSignature, c.Note)
		require.Empty(t, d, "nothing of a request that is not proved")
		return
	}
	require.NotErrorIs(t, err, provider.ErrSignature, c.Note)
	if c.Kind == "signature" {
		return
	}
	if c.Expect.Error != "" {
		require.ErrorIs(t, err, provider.ErrMalformed, c.Note)
		require.Empty(t, d)
		return
	}
	require.NoError(t, err, c.Note)
	s.messages(t, c, d.Messages)
	reports(t, c, d.Reports)
	handshake(t, c, p, d)
}

func (s Suite) messages(t *testing.T, c Case, got []provider.Message) {
	t.Helper()
	require.Len(t, got, len(c.Expect.Messages), c.Note)
	for i, want := range c.Expect.Messages {
		m := got[i]
		have := map[string]any{
			"id": m.ID, "from": m.From, "to": m.To, "text": m.Text, "at": stamp(m.At), "answered": m.ProviderReplied,
			"flag": flag(m.ProviderIntent), "media": float64(m.Media), "channel": m.Channel, "reply_to": m.ReplyTo,
			"account_hint": m.Service, "part": float64(m.Part.Number), "parts": float64(m.Part.Of), "ref": m.Part.Ref,
		}
		if s.NoTime || s.NoTimeIn != nil && s.NoTimeIn(c) {
			want["at"] = ""
		}
		same(t, c, want, have)
		require.Empty(t, m.Account, "an account is not the provider's to say")
		if _, long := want["parts"]; !long {
			require.Zero(t, m.Part, c.Note)
		}
	}
}

func reports(t *testing.T, c Case, got []provider.Report) {
	t.Helper()
	require.Len(t, got, len(c.Expect.Events), c.Note)
	for i, want := range c.Expect.Events {
		same(t, c, want, report(got[i]))
	}
}

func report(r provider.Report) map[string]any {
	return map[string]any{
		"event": strings.ReplaceAll(r.Kind.String(), "-", "_"), "number": r.Number, "sender": r.Sender, "scope": r.Scope,
		"code": r.Code, "message_id": r.ID, "at": stamp(r.At),
	}
}

func handshake(t *testing.T, c Case, p provider.Provider, d provider.Delivery) {
	t.Helper()
	if c.Expect.ConfirmURL != "" {
		require.NotNil(t, d.Handshake, c.Note)
		require.Equal(t, c.Expect.ConfirmURL, d.Handshake.ConfirmURL)
	}
	if c.Expect.Respond == nil {
		return
	}
	require.NotNil(t, d.Handshake, c.Note)
	w := httptest.NewRecorder()
	p.Answer(w, d, nil)
	require.Equal(t, http.StatusOK, w.Code)
	want, err := json.Marshal(c.Expect.Respond)
	require.NoError(t, err)
	require.JSONEq(t, string(want), w.Body.String())
}

func (s Suite) refusal(t *testing.T, c Case) {
	t.Helper()
	p, err := s.New(t, c)
	require.NoError(t, err)
	header := http.Header{}
	for name, value := range c.Input.Headers {
		header.Set(name, value)
	}
	r, ok := p.Refusal(provider.Refused{
		Status: c.Input.Status, Header: header, Body: c.Body(t), To: c.Request.To, From: c.Request.From,
	})
	require.Equal(t, r.Kind != provider.KindNone, ok)
	same(t, c, c.Expect.Event, report(r))
}

// same compares what a case names.
func same(t *testing.T, c Case, want, have map[string]any) {
	t.Helper()
	for name, value := range want {
		if name == "at" && value != "" {
			at, err := time.Parse(time.RFC3339, value.(string))
			require.NoError(t, err)
			value = stamp(at)
		}
		require.Equal(t, value, have[name], "%s: %s", name, c.Note)
	}
}

func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

func flag(i keywords.Intent) string {
	switch i {
	case keywords.OptOut:
		return "STOP"
	case keywords.OptIn:
		return "START"
	case keywords.Help:
		return "HELP"
	default:
		return ""
	}
}
