package infobip_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/infobip"
	"github.com/seed-f10031e4/consent/optout/provider/internal/casetest"
)

func suite() casetest.Suite {
	return casetest.Suite{
		Name: "infobip",
		New: func(_ *testing.T, c casetest.Case) (provider.Provider, error) {
			username, password, found := strings.Cut(c.Secret, ":")
			if !found {
				username, password = "hook", c.Secret
			}
			return infobip.New(infobip.Config{Username: username, Password: password})
		},
		Sign: func(_ *testing.T, r *http.Request, _ []byte) { r.SetBasicAuth("hook", casetest.Secret) },
	}
}

func TestCases(t *testing.T) { casetest.Run(t, suite()) }

func FuzzRead(f *testing.F) { casetest.Fuzz(f, suite()) }

func newProvider(t *testing.T) *infobip.Provider {
	t.Helper()
	p, err := infobip.New(infobip.Config{Username: "hook", Password: casetest.Secret, AnsweredWords: []string{"STOP"}})
	require.NoError(t, err)
	return p
}

func read(t *testing.T, body string) (provider.Delivery, error) {
	t.Helper()
	r := casetest.NewRequest(t, http.MethodPost, "https://example.com/infobip", []byte(body))
	r.SetBasicAuth("hook", casetest.Secret)
	return newProvider(t).Read(r, []byte(body))
}

func TestNewNamesTheField(t *testing.T) {
	for want, config := range map[string]infobip.Config{
		"Username is empty": {Password: "b"},
		"Username has a colon, which Basic authentication does not allow": {Username: "a:b", Password: "b"},
		"Password is empty":          {Username: "a"},
		"OtherPasswords[0] is empty": {Username: "a", Password: "b", OtherPasswords: []string{""}},
	} {
		_, err := infobip.New(config)
		require.EqualError(t, err, "infobip: Config."+want)
	}
}

func TestProof(t *testing.T) {
	p, err := infobip.New(infobip.Config{Username: "hook", Password: "new", OtherPasswords: []string{"old"}})
	require.NoError(t, err)
	body := []byte(`{"results":[]}`)
	for header, want := range map[string]bool{
		"Basic aG9vazpuZXc=":     true,  // hook:new
		"basic aG9vazpvbGQ=":     true,  // hook:old, and schemes have no case
		"Basic SG9vazpuZXc=":     false, // Hook:new
		"Basic aG9vazo=":         false, // hook:
		"Basic Om5ldw==":         false, // :new
		"Basic aG9vazpuZXc6bmV3": false, // hook:new:new
		"Basic aG9vaw==":         false, // hook
		"Basic !":                false,
		"Bearer aG9vazpuZXc=":    false,
		"":                       false,
	} {
		r := casetest.NewRequest(t, http.MethodPost, "https://example.com/infobip", body)
		r.Header.Set("Authorization", header)
		_, err := p.Read(r, body)
		if want {
			require.NoError(t, err, header)
		} else {
			require.ErrorIs(t, err, provider.ErrSignature, header)
		}
	}
	r := casetest.NewRequest(t, http.MethodPost, "https://example.com/infobip", body)
	r.Header.Add("Authorization", "Basic aG9vazpuZXc=")
	r.Header.Add("Authorization", "Basic aG9vazpvdGhlcg==")
	_, err = p.Read(r, body)
	require.ErrorIs(t, err, provider.ErrSignature, "two of them: which one a proxy has checked is not known")
}

func TestBadBodies(t *testing.T) {
	for _, body := range []string{
		``, `null`, `[]`, `"results"`, `{"results":null}`, `{"results":{}}`, `{"results":[1]}`, `{"results":[{"from":1}]}`,
		`{"results":[{"text":"STOP"}]}`, `{"results":[{"from":"14155550101","message":7}]}`, `{"results":[{"from":"14155550101","message":[7]}]}`,
	} {
		d, err := read(t, body)
		require.ErrorIs(t, err, provider.ErrMalformed, body)
		require.Empty(t, d)
		require.NotContains(t, err.Error(), "415555")
	}
}

func TestMessages(t *testing.T) {
	d, err := read(t, `{"results":[
		{"from":"14155550101","to":"14155550199","message":[
			{"contentType":"application/smil","value":"<smil/>"},{"contentType":"image/png","url":"https://example.com/1"},
			{"contentType":"text/plain; charset=UTF-8","value":"STOP"}]},
		{"from":"14155550101","integrationType":"WHATSAPP","message":{"type":"BUTTON","text":"No more offers","payload":"STOP"}},
		{"from":"14155550101","integrationType":"WHATSAPP","message":{"type":"IMAGE","url":"https://example.com/2","caption":"look"}},
		{"from":"14155550101","text":"stop ","message":null,"receivedAt":"2026-03-01T12:00:00Z"}
	]}`)
	require.NoError(t, err)
	require.Len(t, d.Messages, 4)
	require.Equal(t, "STOP", d.Messages[0].Text)
	require.Equal(t, 1, d.Messages[0].Media)
	require.Equal(t, "STOP", d.Messages[1].Text)
	require.Equal(t, "whatsapp", d.Messages[1].Channel)
	require.Equal(t, "look", d.Messages[2].Text)
	require.Equal(t, 1, d.Messages[2].Media)
	require.True(t, d.Messages[3].AnsweredByDefault)
	require.False(t, d.Messages[3].At.IsZero())
}

func TestReports(t *testing.T) {
	d, err := read(t, `{"results":[
		{"to":"14155550101","from":"54321","status":{"groupId":2,"id":9},"error":{"groupId":2,"id":603,"permanent":true}},
		{"to":"14155550101","status":{"groupId":3,"id":5},"error":{"id":0}},
		{"to":"14155550101","status":{"groupId":1,"id":7},"error":{"id":0}},
		{"to":"14155550101","status":{"groupId":5,"id":14,"name":"REJECTED_DESTINATION_BLOCKLISTED"},"error":{"id":0}},
		{"to":"14155550101","status":{"groupId":2,"id":9,"name":"UNDELIVERABLE_NOT_DELIVERED"},"error":{"id":"32"}}
	]}`)
	require.NoError(t, err)
	require.Len(t, d.Reports, 3, "none of a message that is delivered, or on its way")
	require.Equal(t, provider.Report{
		Number: "+14155550101", Sender: "54321", Scope: provider.ScopeNumber, Kind: provider.KindOptedOut, Code: "603",
	}, d.Reports[0])
	require.Equal(t, provider.KindBlocked, d.Reports[1].Kind)
	require.Equal(t, provider.ScopeAccount, d.Reports[1].Scope)
	require.Equal(t, "REJECTED_DESTINATION_BLOCKLISTED", d.Reports[1].Code)
	require.Equal(t, provider.KindNone, d.Reports[2].Kind)
	require.Equal(t, "32", d.Reports[2].Code)
}

func TestRefusal(t *testing.T) {
	p := newProvider(t)
	refuse := func(body string) (provider.Report, bool) {
		return p.Refusal(provider.Refused{Status: http.StatusOK, Body: []byte(body), To: "+14155550101", From: "54321"})
	}
	r, ok := refuse(`{"messages":[
		{"to":"14155550102","status":{"groupId":5,"id":52,"name":"REJECTED_DESTINATION"}},
		{"to":"14155550101","status":{"groupId":5,"id":14,"name":"REJECTED_DESTINATION_BLOCKLISTED"}}]}`)
	require.True(t, ok)
	require.Equal(t, provider.KindBlocked, r.Kind, "that of this contact; a blocklist is not proof of an opt-out")
	r, ok = refuse(`{"messages":[{"to":"14155550101","status":{"groupId":1,"id":26,"name":"PENDING_ACCEPTED"}}]}`)
	require.False(t, ok)
	require.Empty(t, r.Code)
	r, ok = refuse(`{"requestError":{"serviceException":{"messageId":"UNAUTHORIZED","text":"Invalid login details"}}}`)
	require.False(t, ok)
	require.Equal(t, "UNAUTHORIZED", r.Code)
	_, ok = refuse(`<html>`)
	require.False(t, ok)
}

func TestAMessageThatCannotBeReadTakesNoOtherWithIt(t *testing.T) {
	for _, bad := range []string{`{"text":"no from"}`, `{"from":1}`, `7`} {
		d, err := read(t, `{"results":[`+bad+`,{"from":"14155550101","text":"STOP"}]}`)
		require.NoError(t, err, bad)
		require.Len(t, d.Messages, 2)
		require.Equal(t, provider.Message{}, d.Messages[0])
		require.Equal(t, "STOP", d.Messages[1].Text)
	}
}

func TestAnIDOfAnotherChannelGetsNoPlus(t *testing.T) {
	d, err := read(t, `{"results":[{"from":"6591234567","integrationType":"TELEGRAM","message":{"text":"STOP"}}]}`)
	require.NoError(t, err)
	require.Equal(t, "6591234567", d.Messages[0].From)
}
