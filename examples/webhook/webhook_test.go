package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
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

// site is a server on a real port, with what stands behind it.
type site struct {
	t       *testing.T
	url     string
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
	server := httptest.NewServer(newServer("demo", guard, s.outbox, logger))
	t.Cleanup(server.Close)
	s.url = server.URL
	t.Cleanup(func() { // in every test
		log := strings.ReplaceAll(s.log.String(), "START dropped", "")
		for _, private := range []string{"555", "STOP", "START", "HELP", "ARRET", "Hello", "secret"} {
			require.NotContains(t, log, private, "no numbers and no texts in the log")
		}
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
	require.JSONEq(s.t, `{"error":"failed: opted_out","reason":"opted_out"}`, answer)
	require.Empty(s.t, s.outbox.sent)
}

func TestAConversation(t *testing.T) {
	s := newSite(t, nil)
	require.Empty(t, s.text("SM1", "hi, who is this?"))
	require.Equal(t, s.replies.OptOut, s.text("SM2", "  Stop. "))
	s.requireBlocked()
	require.Equal(t, s.replies.OptOut, s.text("SM2", "  Stop. "), "delivered again: the first answer may be lost")
	require.Empty(t, s.text("SM3", "STOP"), "once is enough")
	require.Equal(t, s.replies.Help, s.text("SM4", "help"), "help is for everybody")
	s.requireBlocked()
	require.Equal(t, s.replies.OptIn, s.text("SM5", "START"))
	require.Empty(t, s.text("SM2", "  Stop. "), "delivered again, late: no new wish")

	status, answer := s.send("+1 (415) 555-0123")
	require.Equal(t, http.StatusAccepted, status)
	require.Empty(t, answer)
	require.Equal(t, []string{contact + " Hello"}, s.outbox.sent, "to the number in E.164")

	require.Empty(t, s.text("SM6", ""), "a picture without words")
}

func TestWhatTheProviderAnswered(t *testing.T) {
	s := newSite(t, nil)
	require.Empty(t, s.text("SM1", "STOP", "OptOutType", "STOP"), "not answered twice")
	s.requireBlocked()
	require.Empty(t, s.text("SM2", "HELP", "OptOutType", "HELP"))
	require.Empty(t, s.text("SM3", "hola", "OptOutType", "START"))
	s.requireBlocked()
	require.Empty(t, s.text("SM4", "START", "OptOutType", "START"))
	status, _ := s.send(contact)
	require.Equal(t, http.StatusAccepted, status)
}

func TestAStopThatOnlyTheProviderKnows(t *testing.T) {
	s := newSite(t, nil)
	s.outage.On()
	status, _, _ := s.do(http.MethodPost, "/sms", formType, post("SM1", contact, "ARRET", "OptOutType", "STOP"))
	require.Equal(t, http.StatusInternalServerError, status)
	s.outage.Off()
	require.Empty(t, s.text("SM1", "ARRET", "OptOutType", "STOP"))
	s.requireBlocked()
}

func TestAStopThatCouldNotBeStoredIsDeliveredAgain(t *testing.T) {
	s := newSite(t, nil)
	s.outage.On()
	status, _, answer := s.do(http.MethodPost, "/sms", formType, post("SM1", contact, "STOP"))
	require.Equal(t, http.StatusInternalServerError, status)
	require.Equal(t, "not stored\n", answer, "what went wrong inside is nobody's business")
	require.Contains(t, s.log.String(), faultstore.ErrInjected.Error())

	s.outage.Off()
	require.Equal(t, s.replies.OptOut, s.text("SM1", "STOP"), "the contact hears of it now")
	s.requireBlocked()
}

func TestAStopIsConfirmedThoughTheStoreLostItsAnswer(t *testing.T) {
	s := newSiteOver(t, faultstore.Wrap(memstore.New(), faultstore.OnIndex(1, faultstore.After(nil))), nil)
	status, _, _ := s.do(http.MethodPost, "/sms", formType, post("SM1", contact, "STOP"))
	require.Equal(t, http.StatusInternalServerError, status, "it is stored, but nobody knows")
	s.requireBlocked()
	require.Equal(t, s.replies.OptOut, s.text("SM1", "STOP"))
}

func TestAStartThatCouldNotBeStoredIsDropped(t *testing.T) {
	s := newSite(t, nil)
	require.Equal(t, s.replies.OptOut, s.text("SM1", "STOP"))
	s.outage.On()
	require.Empty(t, s.text("SM2", "START"))
	s.outage.Off()
	s.requireBlocked()
	require.Contains(t, s.log.String(), "START dropped")
}

func TestAProviderThatHangsUpDoesNotTakeTheStopBack(t *testing.T) {
	memory := memstore.New()
	guard, err := optout.New(memory, nil)
	require.NoError(t, err)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	request := httptest.NewRequestWithContext(gone, http.MethodPost, "/sms", strings.NewReader(post("SM1", contact, "STOP")))
	request.Header.Set("Content-Type", formType)
	newServer("demo", guard, &outbox{}, slog.New(slog.DiscardHandler)).ServeHTTP(httptest.NewRecorder(), request)
	newSiteOver(t, memory, nil).requireBlocked()
}

func TestPostsThatAreRefused(t *testing.T) {
	s := newSite(t, nil)
	require.Equal(t, s.replies.OptOut, s.text("used", "STOP"))
	form := func(pairs ...string) string { return post("SM9", contact, "STOP", pairs...) }
	for name, c := range map[string]struct {
		method, contentType, body string
		status                    int
	}{
		"get":                {http.MethodGet, "", "", http.StatusMethodNotAllowed},
		"put":                {http.MethodPut, formType, form(), http.StatusMethodNotAllowed},
		"no content type":    {http.MethodPost, "", form(), http.StatusUnsupportedMediaType},
		"json":               {http.MethodPost, "application/json", `{}`, http.StatusUnsupportedMediaType},
		"multipart":          {http.MethodPost, "multipart/form-data; boundary=x", form(), http.StatusUnsupportedMediaType},
		"broken type":        {http.MethodPost, ";;", form(), http.StatusUnsupportedMediaType},
		"garbage":            {http.MethodPost, formType, "%zz=%&;;\x00\xff", http.StatusBadRequest},
		"empty":              {http.MethodPost, formType, "", http.StatusBadRequest},
		"no from":            {http.MethodPost, formType, form("From", ""), http.StatusBadRequest},
		"from is to":         {http.MethodPost, formType, form("From", "+1 (415) 555-0100", "To", ours), http.StatusBadRequest},
		"from is not UTF-8":  {http.MethodPost, formType, form("From", "+1415555\xff"), http.StatusBadRequest},
		"id of an opt-out":   {http.MethodPost, formType, form("MessageSid", "used", "Body", "START"), http.StatusBadRequest},
		"too large":          {http.MethodPost, formType, form("Body", strings.Repeat("secret", maxBody/6+1)), http.StatusRequestEntityTooLarge},
		"a little too large": {http.MethodPost, formType, form() + "&x=" + strings.Repeat("x", maxBody-len(form())-2), http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			status, header, answer := s.do(c.method, "/sms", c.contentType, c.body)
			require.Equal(t, c.status, status, answer)
			require.NotContains(t, answer, "555")
			require.NotContains(t, answer, "secret")
			if c.status == http.StatusMethodNotAllowed {
				require.Equal(t, http.MethodPost, header.Get("Allow"))
			}
		})
	}
	t.Run("not too large", func(t *testing.T) {
		body := form() + "&x=" + strings.Repeat("x", maxBody-len(form())-3)
		status, _, answer := s.do(http.MethodPost, "/sms", formType+"; charset=utf-8", body)
		require.Equal(t, http.StatusOK, status, answer)
	})
	t.Run("the query is not the form", func(t *testing.T) {
		status, _, _ := s.do(http.MethodPost, "/sms?MessageSid=SM9&From=x&To=y", formType, "Body=STOP")
		require.Equal(t, http.StatusBadRequest, status)
	})
}

// Whatever a post lacks, a STOP in it is not thrown away.
func TestASTOPWithoutIDOrToIsRecorded(t *testing.T) {
	for _, missing := range []string{"MessageSid", "To"} {
		s := newSite(t, nil)
		status, _, answer := s.do(http.MethodPost, "/sms", formType, post("SM9", contact, "STOP", missing, ""))
		require.Equal(t, http.StatusOK, status, answer)
		require.Contains(t, answer, "unsubscribed", missing)
	}
}

func TestSend(t *testing.T) {
	const message = `{"to":"+14155550123","text":"Hello"}`
	for name, c := range map[string]struct {
		contentType, body string
		broken            error // the provider
		down              bool  // the store
		status            int
		answer            string
	}{
		"allowed":           {"application/json", message, nil, false, http.StatusAccepted, ""},
		"charset":           {"application/json; charset=utf-8", message, nil, false, http.StatusAccepted, ""},
		"no number":         {"application/json", `{"to":"HELLO","text":"Hello"}`, nil, false, http.StatusUnprocessableEntity, `{"error":"failed: invalid_number","reason":"invalid_number"}`},
		"nobody":            {"application/json", `{"text":"Hello"}`, nil, false, http.StatusUnprocessableEntity, `{"error":"failed: invalid_number","reason":"invalid_number"}`},
		"store":             {"application/json", message, nil, true, http.StatusServiceUnavailable, `{"error":"failed: store_error","reason":"store_error"}`},
		"provider":          {"application/json", message, errors.New("no credit"), false, http.StatusBadGateway, `{"error":"failed: provider_error","reason":"provider_error"}`},
		"no text":           {"application/json", `{"to":"+14155550123"}`, nil, false, http.StatusBadRequest, ""},
		"null":              {"application/json", `null`, nil, false, http.StatusBadRequest, ""},
		"garbage":           {"application/json", `{"to":`, nil, false, http.StatusBadRequest, ""},
		"two":               {"application/json", message + message, nil, false, http.StatusBadRequest, ""},
		"a field too many":  {"application/json", `{"to":"+14155550123","text":"Hello","force":true}`, nil, false, http.StatusBadRequest, ""},
		"form":              {formType, message, nil, false, http.StatusUnsupportedMediaType, ""},
		"too large":         {"application/json", `{"to":"+14155550123","text":"` + strings.Repeat("x", maxBody) + `"}`, nil, false, http.StatusRequestEntityTooLarge, ""},
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
				require.JSONEq(t, c.answer, answer)
			}
			require.Len(t, s.outbox.sent, map[bool]int{true: 1}[c.status == http.StatusAccepted])
		})
	}
	t.Run("without consent", func(t *testing.T) {
		s := newSite(t, &optout.Options{RequireOptIn: true})
		status, answer := s.send(contact)
		require.Equal(t, http.StatusConflict, status)
		require.JSONEq(t, `{"error":"failed: no_consent","reason":"no_consent"}`, answer)
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

func TestAReplyIsEscaped(t *testing.T) {
	const custom = `You & yours are <off> our "list". ]]> </Message> d'accord`
	s := newSite(t, &optout.Options{Replies: optout.Replies{OptOut: custom}})
	_, _, answer := s.do(http.MethodPost, "/sms", formType, post("SM1", contact, "STOP"))
	require.Contains(t, answer, "You &amp; yours are &lt;off&gt; our")
	require.Equal(t, 1, strings.Count(answer, "</Message>"))
	require.Equal(t, custom, reply(t, answer))
}

func TestManyPostsAtOnce(t *testing.T) {
	const posts = 50
	s := newSite(t, nil)
	answers, errs := make([]string, 2*posts), make([]error, 2*posts)
	var wg sync.WaitGroup
	for i := range posts {
		wg.Go(func() { // one contact, impatient: many messages
			_, _, answers[i], errs[i] = s.try(http.MethodPost, "/sms", formType, post(fmt.Sprint("SM", i), contact, "STOP"))
		})
		wg.Go(func() { // many contacts, one message each
			from := fmt.Sprintf("+1415556%04d", i)
			_, _, answers[posts+i], errs[posts+i] = s.try(http.MethodPost, "/sms", formType, post("SM", from, "STOP"))
		})
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	confirmed := 0
	for i, answer := range answers {
		switch {
		case reply(t, answer) == s.replies.OptOut:
			confirmed++
		case i >= posts:
			require.Fail(t, "a contact who hears nothing", answer)
		}
	}
	require.Equal(t, 1+posts, confirmed, "each contact hears of it once")
	s.requireBlocked()
	for i := range posts {
		status, _ := s.send(fmt.Sprintf("+1415556%04d", i))
		require.Equal(t, http.StatusConflict, status)
	}
}
