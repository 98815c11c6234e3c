package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

const (
	fromContact = "From=%2B14155550123"
	badEscape   = "%zz"
)

func TestAStopInAMalformedPostIsHonoured(t *testing.T) {
	for name, body := range map[string]string{
		"another value":         fromContact + "&Body=STOP&FromCity=" + badEscape,
		"before it":             "FromCity=%&" + fromContact + "&Body=STOP",
		"another name":          fromContact + "&Body=STOP&" + badEscape + "=1",
		"another, not UTF-8":    fromContact + "&Body=STOP&FromCity=%FF\xfe",
		"a semicolon":           fromContact + "&Body=STOP&FromCity=a;b",
		"semicolon in the text": fromContact + "&Body=STOP;",
		"no value":              fromContact + "&Body=STOP&FromCity&&=",
		"the id":                fromContact + "&Body=STOP&MessageSid=SM1" + badEscape,
		"our number":            fromContact + "&Body=STOP&To=" + badEscape,
		"the text at its end":   fromContact + "&Body=STOP%",
		"the text, not UTF-8":   fromContact + "&Body=STOP%FF",
		"a second text":         fromContact + "&Body=hello&Body=STOP",
		"a second, broken text": fromContact + "&Body=STOP&Body=" + badEscape,
		"a second number":       "From=%2B14155550123&From=%2B14155550123&Body=STOP",
		"the provider's":        fromContact + "&Body=" + badEscape + "&OptOutType=STOP",
		"and beside it":         fromContact + "&Body=ARRET&OptOutType=STOP&x=" + badEscape,
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			status, _, answer := s.do(http.MethodPost, "/sms", formType, body)
			require.Equal(t, http.StatusOK, status, answer)
			s.requireBlocked()
		})
	}
	t.Run("the content type", func(t *testing.T) {
		s := newSite(t, nil)
		status, _, answer := s.do(http.MethodPost, "/sms", formType+"; charset=", fromContact+"&Body=STOP")
		require.Equal(t, http.StatusOK, status, answer)
		s.requireBlocked()
	})
}

// What a malformed post asks for is not known, so the provider delivers it again.
func TestAMalformedPostThatMayBeAStopComesAgain(t *testing.T) {
	for name, body := range map[string]string{
		"the text":               fromContact + "&Body=ST" + badEscape + "OP",
		"the name of the text":   fromContact + "&B%ody=STOP",
		"the number":             "From=%2B1415555012" + badEscape + "&Body=STOP",
		"the name of the number": "Fr%om=%2B14155550123&Body=STOP",
		"a second number":        fromContact + "&From=%2B14155550124&Body=STOP",
		"the provider's reading": fromContact + "&Body=ARRET&OptOutType=STOP" + badEscape,
		"the name of that":       fromContact + "&Body=ARRET&OptOut%Type=STOP",
		"all of it":              "%",
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			status, _, answer := s.do(http.MethodPost, "/sms", formType, body)
			require.Equal(t, http.StatusInternalServerError, status)
			require.Equal(t, "not stored\n", answer)
			require.Contains(t, s.log.String(), `"level":"ERROR"`)
			require.Contains(t, s.log.String(), "it must be delivered again")
		})
	}
}

func TestAMalformedPostLiftsNothing(t *testing.T) {
	s := newSite(t, nil)
	require.Equal(t, s.replies.OptOut, s.text("SM1", "STOP"))
	for _, body := range []string{"Body=START%", "Body=START&B%ody=hello&OptOutType=" + badEscape, "Body=START&Body=" + badEscape} {
		status, _, answer := s.do(http.MethodPost, "/sms", formType, fromContact+"&"+body)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, none, answer, "it must not come again after another STOP")
		require.Contains(t, s.log.String(), "opt-in dropped")
	}
	s.requireBlocked()
}

func TestAMalformedFieldBesideAnOrdinaryText(t *testing.T) {
	s := newSite(t, nil)
	status, _, answer := s.do(http.MethodPost, "/sms", formType, fromContact+"&Body=hello&FromCity="+badEscape)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, none, answer)
	require.Contains(t, s.log.String(), "a field of the post is malformed")
}

func TestAPostThatBreaksOffComesAgain(t *testing.T) {
	s := newSite(t, nil)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/sms", http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Content-Type", formType)
	answer := httptest.NewRecorder()
	request.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF))
	s.server.handler().ServeHTTP(answer, request)
	require.Equal(t, http.StatusInternalServerError, answer.Code)
	require.Contains(t, s.log.String(), "post not read")
}

// What url.ParseQuery reads is read the same, and nothing is ever dropped.
func FuzzParseForm(f *testing.F) {
	for _, body := range []string{"", "&", "=", "a=b&a=c", "a=%", "a=%zz", "%=1", "a=1;b=2", "a=%4", "a=%%41", "a=+%2B", "\xff=%ff"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got := parseForm(body)
		fields := 0
		for _, values := range got.values {
			fields += len(values)
		}
		require.Equal(t, 1+strings.Count(body, "&"), fields)
		want, err := url.ParseQuery(body)
		for name, values := range want {
			require.Subset(t, got.values[name], values)
		}
		if err != nil && !strings.Contains(body, ";") {
			require.True(t, got.malformed(), "%q", body)
		}
	})
}
