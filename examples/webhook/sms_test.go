package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

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

// By default Twilio answers plain keywords, and its post does not say so.
func TestWhatTwilioAnswersByDefault(t *testing.T) {
	s := newSite(t, nil)
	s.server.twilioReplies = true
	for i, keyword := range []string{"STOP", "stop", "HELP", "START", "Unsubscribe "} {
		require.Empty(t, s.text(fmt.Sprint("SM", i), keyword), "not answered twice")
	}
	s.requireBlocked()
	require.Empty(t, s.text("SM8", "START"))
	require.Equal(t, s.replies.OptOut, s.text("SM9", "Stop!"), "no keyword of Twilio's")
}

func TestAStopThatOnlyTheProviderKnows(t *testing.T) {
	s := newSite(t, nil)
	s.outage.On()
	status, _, _ := s.do(http.MethodPost, "/sms", formType, post("SM1", contact, "ARRET", "OptOutType", "STOP"))
	require.Equal(t, http.StatusInternalServerError, status)
	status, _, _ = s.do(http.MethodPost, "/sms", formType, post("SM2", contact, "START", "OptOutType", "STOP"))
	require.Equal(t, http.StatusInternalServerError, status, "what the provider blocks is no opt-in to be dropped")
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
	s := newSiteOver(t, faultstore.Wrap(memstore.New(), faultstore.After(faultstore.OnIndex(1, nil))), nil)
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
	require.Contains(t, s.log.String(), "opt-in dropped")
}

func TestAProviderThatHangsUpDoesNotTakeTheStopBack(t *testing.T) {
	memory := memstore.New()
	guard, err := optout.New(memory, nil)
	require.NoError(t, err)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	request := httptest.NewRequestWithContext(gone, http.MethodPost, "/sms", strings.NewReader(post("SM1", contact, "STOP")))
	request.Header.Set("Content-Type", formType)
	(&server{account: "demo", guard: guard, logger: slog.New(slog.DiscardHandler)}).handler().ServeHTTP(httptest.NewRecorder(), request)
	newSiteOver(t, memory, nil).requireBlocked()
}

func TestPostsThatAreRefused(t *testing.T) {
	s := newSite(t, nil)
	require.Equal(t, s.replies.OptOut, s.text("used", "STOP"))
	form := func(pairs ...string) string { return post("SM9", contact, "STOP", pairs...) }
	fill := func(size int) string { return form() + "&x=" + strings.Repeat("x", size-len(form())-len("&x=")) }
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
		"a type for /send":   {http.MethodPost, "application/json; charset=", form(), http.StatusUnsupportedMediaType},
		"garbage":            {http.MethodPost, formType, "%zz=%&;;\x00\xff", http.StatusInternalServerError},
		"empty":              {http.MethodPost, formType, "", http.StatusBadRequest},
		"no from":            {http.MethodPost, formType, form("From", ""), http.StatusBadRequest},
		"from is to":         {http.MethodPost, formType, form("From", "+1 (415) 555-0100", "To", ours), http.StatusBadRequest},
		"from is not UTF-8":  {http.MethodPost, formType, form("From", "+1415555\xff"), http.StatusBadRequest},
		"id of an opt-out":   {http.MethodPost, formType, form("MessageSid", "used", "Body", "START"), http.StatusBadRequest},
		"too large":          {http.MethodPost, formType, form("Body", strings.Repeat("secret", maxBody/6+1)), http.StatusRequestEntityTooLarge},
		"a little too large": {http.MethodPost, formType, fill(maxBody + 1), http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(s.log.String())
			status, header, answer := s.do(c.method, "/sms", c.contentType, c.body)
			require.Equal(t, c.status, status, answer)
			if c.method == http.MethodPost {
				require.Contains(t, s.log.String()[before:], `"level":"ERROR"`, "somebody looks at it")
			}
			require.NotContains(t, answer, "555")
			require.NotContains(t, answer, "secret")
			if c.status == http.StatusMethodNotAllowed {
				require.Equal(t, http.MethodPost, header.Get("Allow"))
			}
		})
	}
	t.Run("not too large", func(t *testing.T) {
		status, _, answer := s.do(http.MethodPost, "/sms", formType+"; charset=utf-8", fill(maxBody))
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
