package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// Whoever the provider is: a signed STOP blocks, once it is signed and in this account alone.
func TestASignedStopBlocksASend(t *testing.T) {
	for _, k := range kinds() {
		if k.post == nil {
			continue
		}
		t.Run(k.name, func(t *testing.T) {
			p := newProgram(t, k.name, nil, provider.RepliesNever)
			p.requireBlocked(false)
			signed, err := k.post(p.signer, public+"/sms", message{"SM1", contact, ours, "STOP"})
			require.NoError(t, err)

			got := p.do(http.MethodPost, p.sms, signed.header[:1], signed.body)
			require.GreaterOrEqual(t, got.status, 400, "without a proof")
			require.Contains(t, p.log.String(), `"level":"ERROR"`, "somebody looks at it")
			p.requireBlocked(false)

			got = p.do(http.MethodPost, p.sms, signed.header, signed.body)
			require.Less(t, got.status, 300, got.body)
			p.requireBlocked(true)
			status, _ := p.sendTo(theirs, contact)
			require.Equal(t, http.StatusAccepted, status, "another account")

			require.Eventually(t, func() bool {
				return strings.Count(got.body+p.outbox.all(), p.replies.OptOut) == 1
			}, time.Minute, time.Millisecond, "the contact hears of it")

			require.Less(t, p.post(message{"SM2", contact, ours, "START"}).status, 300)
			status, _ = p.sendTo(ours, contact)
			require.Equal(t, http.StatusAccepted, status)
		})
	}
}

func TestAConversation(t *testing.T) {
	p := newProgram(t, "twilio", nil, provider.RepliesWhenFlagged)
	require.Empty(t, p.text("SM1", "hi, who is this?"))
	require.Contains(t, p.log.String(), "text for the app")
	require.Equal(t, p.replies.OptOut, p.text("SM2", "  Stop. "))
	p.requireBlocked(true)
	require.Equal(t, p.replies.OptOut, p.text("SM2", "  Stop. "), "delivered again: the first answer may be lost")
	require.Empty(t, p.text("SM3", "STOP"), "once is enough")
	require.Equal(t, p.replies.Help, p.text("SM4", "help"), "help is for everybody")
	require.Equal(t, p.replies.OptIn, p.text("SM5", "START"))
	require.Empty(t, p.text("SM2", "  Stop. "), "delivered again, late: no new wish")
	status, _ := p.sendTo("+1 (415) 555-0100", "+1 (415) 555-0123")
	require.Equal(t, http.StatusAccepted, status)
	require.Contains(t, p.outbox.all(), " "+contact+" Hello", "to the number in E.164")
	require.Empty(t, p.text("SM6", ""), "a picture without words")
}

// By default Twilio answers its keywords, and does not say so.
func TestWhatTheProviderAnswers(t *testing.T) {
	p := newProgram(t, "twilio", nil, provider.RepliesDefault)
	for i, keyword := range []string{"STOP", "stop", "HELP", "START", "Unsubscribe "} {
		require.Empty(t, p.text(fmt.Sprint("SM", i), keyword), "not answered twice")
	}
	p.requireBlocked(true)
	require.Empty(t, p.text("SM8", "START"))
	require.Equal(t, p.replies.OptOut, p.text("SM9", "Stop!"), "no keyword of Twilio's")
}

// The answer to Telnyx holds no reply: the sender sends it.
func TestAReplyIsSent(t *testing.T) {
	p := newProgram(t, "telnyx", nil, provider.RepliesDefault)
	got := p.stop("1")
	require.Equal(t, http.StatusOK, got.status)
	require.Empty(t, got.body)
	p.requireLog("telnyx: reply")
	require.Equal(t, ours+" "+contact+" "+p.replies.OptOut, p.outbox.all())

	p.outbox.refuse(provider.Refused{Err: errors.New("the 'To' number +14155550123 is not valid: Hello")})
	require.Equal(t, http.StatusOK, p.post(message{"2", contact, ours, "HELP"}).status)
	p.requireLog("the provider failed: *errors.errorString")
	p.outbox.refuse(provider.Refused{Status: http.StatusBadRequest, Body: []byte(`{"errors":[{"code":"40001"}]}`)})
	require.Equal(t, http.StatusOK, p.post(message{"3", contact, ours, "HELP"}).status)
	p.requireLog("landline (40001)")
}

func TestAStopThatCouldNotBeStoredIsDeliveredAgain(t *testing.T) {
	p := newProgram(t, "twilio", nil, provider.RepliesWhenFlagged)
	p.outage.On()
	got := p.stop("SM1")
	require.Equal(t, http.StatusServiceUnavailable, got.status)
	require.Equal(t, "Service Unavailable\n", got.body, "what went wrong inside is nobody's business")
	require.Contains(t, p.log.String(), faultstore.ErrInjected.Error())
	require.Contains(t, p.log.String(), `"level":"ERROR"`)
	p.outage.Off()
	require.Equal(t, p.replies.OptOut, p.text("SM1", "STOP"), "the contact hears of it now")
	p.requireBlocked(true)
}

func TestAStopIsConfirmedThoughTheStoreLostItsAnswer(t *testing.T) {
	over := faultstore.Wrap(memstore.New(), faultstore.After(faultstore.OnIndex(1, nil)))
	p := newProgramOver(t, over, "twilio", nil, provider.RepliesWhenFlagged)
	require.Equal(t, http.StatusServiceUnavailable, p.stop("SM1").status, "it is stored, but nobody knows")
	p.requireBlocked(true)
	require.Equal(t, p.replies.OptOut, p.text("SM1", "STOP"))
}

func TestAStartThatCouldNotBeStoredIsDropped(t *testing.T) {
	p := newProgram(t, "twilio", nil, provider.RepliesWhenFlagged)
	require.Equal(t, p.replies.OptOut, p.text("SM1", "STOP"))
	p.outage.On()
	require.Empty(t, p.text("SM2", "START"))
	p.outage.Off()
	p.requireBlocked(true)
	require.Contains(t, p.log.String(), `"level":"ERROR"`)
}

func TestAProviderThatHangsUpDoesNotTakeTheStopBack(t *testing.T) {
	p := newProgram(t, "twilio", nil, provider.RepliesWhenFlagged)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	signed, err := p.kind.post(secret, public+"/sms", message{"SM1", contact, ours, "STOP"})
	require.NoError(t, err)
	request := httptest.NewRequestWithContext(gone, http.MethodPost, "/sms", strings.NewReader(signed.body))
	for _, line := range signed.header {
		name, value, _ := strings.Cut(line, ": ")
		request.Header.Set(name, value)
	}
	p.app.webhook(p.app.options(public, provider.RepliesDefault)).ServeHTTP(httptest.NewRecorder(), request)
	p.requireBlocked(true)
}

func TestANumberOfNobodyIsDeliveredAgain(t *testing.T) {
	p := newProgram(t, "twilio", nil, provider.RepliesWhenFlagged)
	require.Equal(t, http.StatusServiceUnavailable, p.post(message{"SM1", contact, "+14155550199", "STOP"}).status)
	require.Contains(t, p.log.String(), "no -account has this number")
	status, got := p.sendTo("+14155550199", contact)
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.Equal(t, answer{Reason: "no_account"}, got)
}

// A request that was not taken is in the log, without what it held.
func TestPostsThatAreRefused(t *testing.T) {
	p := newProgram(t, "twilio", nil, provider.RepliesWhenFlagged)
	signed, err := p.kind.post(secret, public+"/sms", message{"SM1", contact, ours, "STOP"})
	require.NoError(t, err)
	const plain = "Content-Type: text/plain"
	for name, c := range map[string]struct {
		method string
		header []string
		body   string
		status int
	}{
		"another method":       {http.MethodPut, signed.header, signed.body, http.StatusMethodNotAllowed},
		"another content type": {http.MethodPost, []string{plain, signed.header[1]}, signed.body, http.StatusUnsupportedMediaType},
		"no content type":      {http.MethodPost, signed.header[1:], signed.body, http.StatusUnsupportedMediaType},
		"another body":         {http.MethodPost, signed.header, signed.body + "&x=secret", http.StatusForbidden},
		"no signature":         {http.MethodPost, signed.header[:1], signed.body, http.StatusForbidden},
		"garbage":              {http.MethodPost, signed.header, "%zz=%&secret", http.StatusBadRequest},
		"too large":            {http.MethodPost, signed.header, "Body=" + strings.Repeat("secret", 256<<10/6), http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(p.log.String())
			got := p.do(c.method, p.sms, c.header, c.body)
			require.Equal(t, c.status, got.status, got.body)
			require.Contains(t, p.log.String()[before:], `"level":"ERROR"`, "somebody looks at it")
			require.NotContains(t, got.body, "555")
			require.NotContains(t, got.body, "secret")
		})
	}
	p.requireBlocked(false)
}

func TestManyPostsAtOnce(t *testing.T) {
	const posts = 50
	p := newProgram(t, "twilio", nil, provider.RepliesWhenFlagged)
	answers, errs := make([]response, 2*posts), make([]error, 2*posts)
	var wg sync.WaitGroup
	for i := range posts {
		wg.Go(func() { // one contact, impatient: many messages
			answers[i], errs[i] = p.tryPost(message{fmt.Sprint("SM", i), contact, ours, "STOP"})
		})
		wg.Go(func() { // many contacts, one message each
			answers[posts+i], errs[posts+i] = p.tryPost(message{"SM", fmt.Sprintf("+1415556%04d", i), ours, "STOP"})
		})
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	confirmed := 0
	for i, got := range answers {
		switch {
		case reply(t, got.body) == p.replies.OptOut:
			confirmed++
		case i >= posts:
			require.Fail(t, "a contact who hears nothing", got.body)
		}
	}
	require.Equal(t, 1+posts, confirmed, "each contact hears of it once")
	p.requireBlocked(true)
	for i := range posts {
		status, _ := p.sendTo(ours, fmt.Sprintf("+1415556%04d", i))
		require.Equal(t, http.StatusConflict, status)
	}
}

func TestOtherPaths(t *testing.T) {
	p := newProgram(t, "twilio", nil, provider.RepliesDefault)
	base := strings.TrimSuffix(p.sms, "/sms")
	require.Equal(t, response{http.StatusOK, nil, "ok\n"}, withoutHeader(p.do(http.MethodGet, base+"/healthz", nil, "")))
	require.Equal(t, http.StatusMethodNotAllowed, p.do(http.MethodPost, base+"/healthz", nil, "").status)
	require.Equal(t, http.StatusNotFound, p.do(http.MethodPost, base+"/send", []string{jsonType}, "{}").status, "/send is not for the world")
}

func withoutHeader(r response) response {
	r.header = nil
	return r
}

func TestTheRulesOfTheProgram(t *testing.T) {
	p := newProgram(t, "twilio", &optout.Options{Texts: optout.PolicyHold}, provider.RepliesWhenFlagged)
	require.Empty(t, p.text("SM1", "please stop texting me"))
	status, got := p.sendTo(ours, contact)
	require.Equal(t, http.StatusLocked, status)
	require.Equal(t, answer{Reason: "held"}, got)
	require.Empty(t, p.outbox.all())
	require.Equal(t, p.replies.OptIn, p.text("SM2", "START"))
	p.requireBlocked(false)
}
