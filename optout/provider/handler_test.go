package provider_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const (
	contact = "+14155550101"
	ours    = "+14155550199"
)

// sent is the JSON of a fake's request.
type sent struct {
	Messages  []provider.Message
	Reports   []provider.Report
	Handshake string
}

func encode(t *testing.T, d provider.Delivery) string {
	t.Helper()
	body, err := json.Marshal(sent{Messages: d.Messages, Reports: d.Reports})
	require.NoError(t, err)
	return string(body)
}

// fake is a provider whose requests are JSON. The header Proof must be "yes".
type fake struct {
	answerReplies bool
	noReplies     bool
	called        *string // the URL of the last request
}

func (f fake) Name() string { return "fake" }

func (f fake) Facts() provider.Facts {
	return provider.Facts{
		Methods: []string{http.MethodPost}, ContentTypes: []string{"application/json"},
		Replies: provider.RepliesWhenFlagged, AnswerReplies: f.answerReplies,
	}
}

func (f fake) Read(r *http.Request, body []byte) (provider.Delivery, error) {
	if f.called != nil {
		*f.called = r.URL.String()
	}
	if r.Header.Get("Proof") != "yes" {
		return provider.Delivery{}, provider.ErrSignature
	}
	var in sent
	if json.Unmarshal(body, &in) != nil {
		return provider.Delivery{}, provider.ErrMalformed
	}
	d := provider.Delivery{Messages: in.Messages, Reports: in.Reports, NoReplies: f.noReplies}
	if in.Handshake != "" {
		d.Handshake = &provider.Handshake{Confirm: func(context.Context) error {
			if in.Handshake == "fail" {
				return errors.New("no route")
			}
			return nil
		}}
	}
	return d, nil
}

func (f fake) Answer(w http.ResponseWriter, _ provider.Delivery, replies []string) {
	_, _ = w.Write([]byte(strings.Join(replies, "|")))
}

func (f fake) Refusal(r provider.Refused) (provider.Report, bool) {
	if string(r.Body) == "opted out" {
		return provider.Report{Kind: provider.KindOptedOut, Code: "9", Number: r.To}, true
	}
	return provider.Report{}, false
}

// site is a Handler, and what it told.
type site struct {
	t       *testing.T
	guard   *optout.Guard
	options provider.Options
	fake    fake
	events  []provider.Event
}

func newSite(t *testing.T, s store.Store, rules *optout.Options) *site {
	t.Helper()
	guard, err := optout.New(s, rules)
	require.NoError(t, err)
	site := &site{t: t, guard: guard, fake: fake{answerReplies: true}}
	site.options = provider.Options{
		Account: provider.OneAccount("acme"),
		Observe: func(_ context.Context, e provider.Event) {
			require.NotContains(t, e.String(), "555")
			require.NotContains(t, e.String(), "secret")
			site.events = append(site.events, e)
		},
	}
	return site
}

// post gives a delivery to a Handler, and returns the status and the body of the answer.
func (s *site) post(h http.Handler, d provider.Delivery) (int, string) {
	s.t.Helper()
	return s.do(h, http.MethodPost, encode(s.t, d), map[string]string{"Proof": "yes", "Content-Type": "application/json"})
}

func (s *site) do(h http.Handler, method, body string, header map[string]string) (int, string) {
	s.t.Helper()
	s.events = nil
	r := httptest.NewRequestWithContext(s.t.Context(), method, "/hook?a=%27b", strings.NewReader(body))
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	require.NotContains(s.t, w.Body.String(), "555")
	return w.Code, w.Body.String()
}

func (s *site) handler() http.Handler { return provider.Handler(s.guard, s.fake, &s.options) }

func (s *site) requireBlocked(blocked bool) {
	s.t.Helper()
	d, err := s.guard.Gate(s.t.Context(), "acme", contact)
	require.NoError(s.t, err)
	require.Equal(s.t, blocked, !d.Allowed)
}

func text(id, words string) provider.Message {
	return provider.Message{Message: optout.Message{ID: id, From: contact, To: ours, Text: words}}
}

func texts(messages ...provider.Message) provider.Delivery {
	return provider.Delivery{Messages: messages}
}

func TestAStopIsStoredAndAnswered(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	h := s.handler()
	status, answer := s.post(h, texts(text("1", "hi"), text("2", "STOP")))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "|"+optout.DefaultReplies().OptOut, answer)
	s.requireBlocked(true)
	require.Len(t, s.events, 2)
	require.Equal(t, keywords.OptOut, s.events[1].Outcome.Match.Intent)
	require.Equal(t, "fake: message intent=opt-out status=opted-out changed=true duplicate=false http=200", s.events[1].String())
}

func TestAStopThatIsNotStoredIsDeliveredAgain(t *testing.T) {
	outage := new(faultstore.Toggle)
	s := newSite(t, faultstore.Wrap(memstore.New(), outage.Inject), nil)
	h := s.handler()
	outage.On()
	status, _ := s.post(h, texts(text("1", "STOP"), text("2", "help")))
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.ErrorIs(t, s.events[0].Err, faultstore.ErrInjected)
	outage.Off()
	status, answer := s.post(h, texts(text("1", "STOP"), text("2", "help")))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, optout.DefaultReplies().OptOut+"|"+optout.DefaultReplies().Help, answer)
}

func TestAStartWithoutATimeThatIsNotStoredIsNotDeliveredAgain(t *testing.T) {
	outage := new(faultstore.Toggle)
	s := newSite(t, faultstore.Wrap(memstore.New(), outage.Inject), nil)
	outage.On()
	h := s.handler()
	status, _ := s.post(h, texts(text("1", "START")))
	require.Equal(t, http.StatusOK, status)
	require.Error(t, s.events[0].Err)

	dated := text("1", "START")
	dated.At = time.Now()
	status, _ = s.post(h, texts(dated))
	require.Equal(t, http.StatusServiceUnavailable, status)

	stopped := text("1", "START")
	stopped.ProviderIntent = keywords.OptOut
	status, _ = s.post(h, texts(stopped))
	require.Equal(t, http.StatusServiceUnavailable, status)
}

func TestWhatNoDeliveryCanHelpIsAnsweredAndReported(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	bad := text("1", "STOP")
	bad.From = ours
	status, _ := s.post(s.handler(), texts(bad))
	require.Equal(t, http.StatusOK, status)
	require.ErrorIs(t, s.events[0].Err, optout.ErrInvalidMessage)
}

func TestANumberOfNoAccount(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	unknown := errors.New("no such number")
	s.options.Account = func(_ *http.Request, number string) (string, error) {
		if number == ours {
			return "acme", nil
		}
		return "", unknown
	}
	stray := text("2", "STOP")
	stray.To = "+14155550177"
	status, _ := s.post(s.handler(), texts(text("1", "STOP"), stray))
	require.Equal(t, http.StatusServiceUnavailable, status)
	s.requireBlocked(true)
	require.ErrorIs(t, s.events[1].Err, provider.ErrNoAccount)
	require.ErrorIs(t, s.events[1].Err, unknown)
}

func TestRequestsThatAreRefused(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	s.options.MaxBody = 1000
	good := map[string]string{"Proof": "yes", "Content-Type": "application/json; charset=utf-8"}
	for name, c := range map[string]struct {
		method, body string
		header       map[string]string
		status       int
		err          error
	}{
		"method":       {http.MethodGet, "", good, http.StatusMethodNotAllowed, provider.ErrMethod},
		"content type": {http.MethodPost, "{}", map[string]string{"Proof": "yes"}, http.StatusUnsupportedMediaType, provider.ErrContentType},
		"an empty try": {http.MethodPost, "", map[string]string{"Proof": "yes"}, http.StatusBadRequest, provider.ErrMalformed},
		"too large":    {http.MethodPost, strings.Repeat("secret", 200), good, http.StatusRequestEntityTooLarge, provider.ErrTooLarge},
		"no proof": {
			http.MethodPost, `{"Messages":[{"Text":"STOP"}]}`,
			map[string]string{"Content-Type": "application/json"},
			http.StatusForbidden, provider.ErrSignature,
		},
		"malformed": {http.MethodPost, "secret", good, http.StatusBadRequest, provider.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			status, _ := s.do(s.handler(), c.method, c.body, c.header)
			require.Equal(t, c.status, status)
			require.Len(t, s.events, 1)
			require.ErrorIs(t, s.events[0].Err, c.err)
			require.Equal(t, c.status, s.events[0].Status)
		})
	}
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	var missing *fake
	for name, h := range map[string]http.Handler{
		"nil options":  provider.Handler(s.guard, s.fake, nil),
		"no account":   provider.Handler(s.guard, s.fake, &provider.Options{}),
		"nil provider": provider.Handler(s.guard, nil, &s.options),
		"nil pointer":  provider.Handler(s.guard, missing, &s.options),
		"no guard":     provider.Handler(nil, s.fake, &s.options),
		"public URL":   provider.Handler(s.guard, s.fake, &provider.Options{Account: s.options.Account, PublicURL: "example.com"}),
	} {
		status, _ := s.post(h, texts(text("1", "STOP")))
		require.Equal(t, http.StatusServiceUnavailable, status, name)
	}
	require.NoError(t, s.options.Validate())
}

func TestThePublicURL(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	var called string
	s.fake.called = &called
	s.options.PublicURL = "https://user:pass@example.com/cut/"
	s.post(s.handler(), texts())
	require.Equal(t, "https://user:pass@example.com/cut/hook?a=%27b", called)
	s.options.PublicURLFunc = func(r *http.Request) string { return "https://example.org/x?" + r.URL.RawQuery + "#rc=5" }
	s.post(s.handler(), texts())
	require.Equal(t, "https://example.org/x?a=%27b", called)
}

func TestWhoRepliesToAKeyword(t *testing.T) {
	flagged, byDefault := text("1", "STOP"), text("1", "STOP")
	flagged.ProviderReplied, byDefault.AnsweredByDefault = true, true
	for _, c := range []struct {
		mode    provider.Replies
		message provider.Message
		replies bool
	}{
		{provider.RepliesDefault, flagged, false},
		{provider.RepliesDefault, byDefault, true},
		{provider.RepliesAlways, flagged, false},
		{provider.RepliesAlways, byDefault, false},
		{provider.RepliesAlways, text("1", "STOP"), true},
		{provider.RepliesWhenFlagged, flagged, false},
		{provider.RepliesWhenFlagged, byDefault, true},
		{provider.RepliesNever, flagged, true},
	} {
		s := newSite(t, memstore.New(), nil)
		s.options.ProviderReplies = c.mode
		_, answer := s.post(s.handler(), texts(c.message))
		require.Equal(t, c.replies, answer != "", "%v %+v", c.mode, c.message.Message)
	}
}

func TestRepliesByAFunction(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	var replies []provider.Reply
	s.options.Reply = func(ctx context.Context, r provider.Reply) error {
		d, err := s.guard.Gate(ctx, "acme", contact)
		require.NoError(t, err)
		require.False(t, d.Allowed, "it is stored before")
		replies = append(replies, r)
		return errors.New("the provider is down")
	}
	status, answer := s.post(s.handler(), texts(text("1", "STOP")))
	require.Equal(t, http.StatusOK, status)
	require.Empty(t, answer)
	require.Equal(t, []provider.Reply{
		{Account: "acme", From: ours, To: contact, Text: optout.DefaultReplies().OptOut, MessageID: "1"},
	}, replies)
	require.Equal(t, provider.EventReply, s.events[1].Kind)
	require.Error(t, s.events[1].Err)

	s.options.Reply, s.fake.answerReplies = nil, false
	s.post(s.handler(), texts(text("1", "STOP")))
	require.ErrorIs(t, s.events[1].Err, provider.ErrNoReply)
}

func TestOrdinaryTextsGoToNext(t *testing.T) {
	s := newSite(t, memstore.New(), &optout.Options{Texts: optout.PolicyHold})
	var got []string
	var failure error
	s.options.Next = func(_ context.Context, m provider.Message, out optout.Outcome) error {
		require.Equal(t, "acme", m.Account)
		got = append(got, m.Text+" "+out.State.Status.String())
		return failure
	}
	flagged := text("5", "ARRET")
	flagged.ProviderIntent = keywords.OptOut
	status, _ := s.post(s.handler(), texts(text("1", "hi"), text("2", "STOP"), text("3", "help"), text("4", "START"), flagged))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, []string{"hi unknown"}, got)
	failure = errors.New("the inbox is full")
	status, _ = s.post(s.handler(), texts(text("6", "please stop texting me")))
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.ErrorIs(t, s.events[0].Err, failure)
}

func TestReports(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	d := provider.Delivery{Reports: []provider.Report{
		{ID: "m1", Number: contact, Sender: ours, Kind: provider.KindLandline, Code: "1"},
		{ID: "m1", Number: contact, Sender: ours, Kind: provider.KindNone, Code: "2"},
	}}
	h := s.handler()
	status, _ := s.post(h, d)
	require.Equal(t, http.StatusOK, status)
	require.Len(t, s.events, 2)
	s.requireBlocked(false)
	d.Reports[1].Kind = provider.KindOptedOut
	for range 2 {
		status, _ = s.post(h, d)
		require.Equal(t, http.StatusOK, status)
		s.requireBlocked(true)
	}
	records := 0
	for record, err := range s.guard.History(t.Context(), "acme", contact) {
		require.NoError(t, err)
		require.Equal(t, store.SourceCarrier, record.Source)
		records++
	}
	require.Equal(t, 1, records, "a report that comes twice is one")
}

func TestInTheHostsTransaction(t *testing.T) {
	outage := new(faultstore.Toggle)
	inner := memstore.New()
	s := newSite(t, inner, nil)
	var inbox int
	var commit error
	s.options.InTx = func(ctx context.Context, d provider.Delivery, receive func(context.Context, store.Store) error) error {
		require.Equal(t, "acme", d.Messages[0].Account)
		for range 2 { // as on a conflict
			inbox = len(d.Messages)
			if err := receive(ctx, faultstore.Wrap(inner, outage.Inject)); err != nil {
				return err
			}
		}
		return commit
	}
	h := s.handler()
	status, answer := s.post(h, texts(text("1", "STOP")))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, optout.DefaultReplies().OptOut, answer)
	require.Equal(t, 1, inbox)

	outage.On()
	status, _ = s.post(h, texts(text("2", "hi"), text("3", "STOP")))
	require.Equal(t, http.StatusServiceUnavailable, status)
	outage.Off()
	commit = errors.New("commit failed")
	status, answer = s.post(h, texts(text("4", "STOP")))
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.NotContains(t, answer, "unsubscribed")
	require.ErrorIs(t, s.events[0].Err, commit)

	s.options.InTx = func(context.Context, provider.Delivery, func(context.Context, store.Store) error) error { return nil }
	status, _ = s.post(s.handler(), texts(text("5", "STOP")))
	require.Equal(t, http.StatusServiceUnavailable, status, "receive was not called")
}

func TestAProviderThatHangsUpDoesNotTakeTheStopBack(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(encode(t, texts(text("1", "STOP")))))
	r.Header.Set("Proof", "yes")
	r.Header.Set("Content-Type", "application/json")
	s.handler().ServeHTTP(httptest.NewRecorder(), r)
	s.requireBlocked(true)
}

func TestAHandshake(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	header := map[string]string{"Proof": "yes", "Content-Type": "application/json"}
	status, _ := s.do(s.handler(), http.MethodPost, `{"Handshake":"ok"}`, header)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, provider.EventHandshake, s.events[0].Kind)
	status, _ = s.do(s.handler(), http.MethodPost, `{"Handshake":"fail"}`, header)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.ErrorIs(t, s.events[0].Err, provider.ErrRetry)
}

func TestABodyThatWasReadBefore(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader("{}"))
	r.Header.Set("Proof", "yes")
	r.Header.Set("Content-Type", "application/json")
	for _, length := range []int64{2, -1} { // -1: chunked
		s.events = nil
		r.Body, r.ContentLength = http.NoBody, length
		w := httptest.NewRecorder()
		s.handler().ServeHTTP(w, r)
		require.Equal(t, http.StatusServiceUnavailable, w.Code)
		require.ErrorIs(t, s.events[0].Err, provider.ErrConfig)
	}
}

func TestSendError(t *testing.T) {
	errSDK := errors.New("sdk")
	require.NoError(t, provider.SendError(fake{}, provider.Refused{Status: http.StatusCreated}))
	err := provider.SendError(fake{}, provider.Refused{Status: http.StatusBadGateway})
	require.EqualError(t, err, "provider: fake answered with status 502")
	require.Equal(t, errSDK, provider.SendError(fake{}, provider.Refused{Err: errSDK}))
	var refused *optout.RefusedError
	require.ErrorAs(t, provider.SendError(fake{}, provider.Refused{Status: http.StatusOK, Body: []byte("opted out"), Err: errSDK}), &refused)
	require.Equal(t, optout.RefusedError{Provider: "fake", Reason: "opted-out", OptedOut: true, Code: "9", Err: errSDK}, *refused)
}

func TestTheEnums(t *testing.T) {
	for k := provider.KindNone; k <= provider.KindFiltered; k++ {
		word, err := k.MarshalText()
		require.NoError(t, err)
		var back provider.Kind
		require.NoError(t, back.UnmarshalText(word))
		require.Equal(t, k, back)
		require.Equal(t, string(word), k.String())
	}
	var kind provider.EventKind
	require.NoError(t, kind.UnmarshalText([]byte("handshake")))
	require.Equal(t, provider.EventHandshake, kind)
	var replies provider.Replies
	require.NoError(t, replies.UnmarshalText([]byte("always")))
	require.Equal(t, provider.RepliesAlways, replies)
	require.Error(t, replies.UnmarshalText([]byte("Always")))
}

// An id of digits is no phone number: +65 9123 4567 is a mobile phone in Singapore.
func TestAnIDOfAnotherChannelIsNobodysPhoneNumber(t *testing.T) {
	s := newSite(t, memstore.New(), &optout.Options{Channels: []string{"telegram"}})
	s.fake.answerReplies = false
	var replies []provider.Reply
	s.options.Reply = func(_ context.Context, r provider.Reply) error {
		replies = append(replies, r)
		return nil
	}
	m := text("1", "STOP")
	m.From, m.Channel = "6591234567", "TELEGRAM"
	status, _ := s.post(s.handler(), texts(m))
	require.Equal(t, http.StatusOK, status)
	for number, blocked := range map[string]bool{"+6591234567": false, "telegram:6591234567": true} {
		d, err := s.guard.Gate(t.Context(), "acme", number)
		require.NoError(t, err)
		require.Equal(t, blocked, !d.Allowed, number)
	}
	require.Len(t, replies, 1)
	require.Equal(t, "telegram:6591234567", replies[0].To)
	require.Equal(t, "TELEGRAM", replies[0].Channel)
}

func TestAMessageThatCannotBeReadTakesNoOtherWithIt(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	status, _ := s.post(s.handler(), texts(provider.Message{}, text("1", "STOP")))
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.ErrorIs(t, s.events[0].Err, provider.ErrMalformed)
	s.requireBlocked(true)
}

func TestAnAnswerThatCannotHoldTheReply(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	s.fake.noReplies = true
	status, answer := s.post(s.handler(), texts(text("1", "STOP")))
	require.Equal(t, http.StatusOK, status)
	require.Empty(t, answer)
	require.ErrorIs(t, s.events[1].Err, provider.ErrNoReply)
}

func TestACodeThatHoldsANumberIsNotLogged(t *testing.T) {
	for code, want := range map[string]string{
		"21610":                          `"21610"`,
		"Something new":                  `"Something new"`,
		"Not sent to +1 (415) 555-0101.": "?",
		"To 415":                         `"To 415"`,
	} {
		e := provider.Event{Provider: "fake", Kind: provider.EventReport, Report: provider.Report{Code: code}}
		require.Equal(t, "fake: report none code="+want, e.String())
	}
}

func TestHelpCountsOnceIfTheTransactionRunsAgain(t *testing.T) {
	inner := memstore.New()
	s := newSite(t, inner, nil)
	s.options.InTx = func(ctx context.Context, _ provider.Delivery, receive func(context.Context, store.Store) error) error {
		for range 5 { // as on conflicts
			if err := receive(ctx, inner); err != nil {
				return err
			}
		}
		return nil
	}
	h := s.handler()
	for _, id := range []string{"1", "2", "3"} { // the limit of an hour
		_, answer := s.post(h, texts(text(id, "HELP")))
		require.Equal(t, optout.DefaultReplies().Help, answer)
	}
	_, answer := s.post(h, texts(text("4", "HELP")))
	require.Empty(t, answer)
}

func TestAReplyThatWasSentIsNotSentAgain(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	var failure error
	var sent []string
	s.options.Reply = func(_ context.Context, r provider.Reply) error {
		sent = append(sent, r.MessageID)
		return failure
	}
	h := s.handler()
	failure = errors.New("the provider is down")
	s.post(h, texts(text("1", "STOP")))
	failure = nil
	for range 3 { // delivered again: the provider did not read our answer
		s.post(h, texts(text("1", "STOP")))
	}
	require.Equal(t, []string{"1", "1"}, sent)
	s.post(h, texts(text("2", "START")))
	s.post(h, texts(text("3", "STOP")))
	require.Equal(t, []string{"1", "1", "2", "3"}, sent)

	s.post(h, texts(text("", "HELP")))
	s.post(h, texts(text("", "HELP")))
	require.Len(t, sent, 6, "without an id nobody knows whether it is the same")
}

func TestARequestTargetThatWouldChangeTheHost(t *testing.T) {
	s := newSite(t, memstore.New(), nil)
	var called string
	s.fake.called = &called
	s.options.PublicURL = "https://example.com"
	body := encode(t, texts(text("1", "STOP")))
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(
		"POST x:.example.org/hook HTTP/1.1\r\nHost: example.com\r\nProof: yes\r\nContent-Type: application/json\r\n" +
			"Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body)))
	require.NoError(t, err)
	w := httptest.NewRecorder()
	s.handler().ServeHTTP(w, r)
	require.Equal(t, http.StatusBadRequest, w.Code)
	require.Empty(t, called)
}
