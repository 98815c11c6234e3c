package bandwidth_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/bandwidth"
	"github.com/seed-f10031e4/consent/optout/provider/internal/casetest"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func suite() casetest.Suite {
	return casetest.Suite{
		Name: "bandwidth",
		New: func(_ *testing.T, c casetest.Case) (provider.Provider, error) {
			user, password, found := strings.Cut(c.Secret, ":")
			if c.Unsigned && !found {
				user, password = "hook", c.Secret
			}
			return bandwidth.New(bandwidth.Config{UserID: user, Password: password})
		},
		Sign: func(_ *testing.T, r *http.Request, _ []byte) { r.SetBasicAuth("hook", casetest.Secret) },
	}
}

func TestCases(t *testing.T) { casetest.Run(t, suite()) }

func FuzzRead(f *testing.F) { casetest.Fuzz(f, suite()) }

func TestNewNamesTheField(t *testing.T) {
	for want, config := range map[string]bandwidth.Config{
		"bandwidth: Config.UserID is empty":                                  {Password: "p"},
		"bandwidth: Config.Password is empty":                                {UserID: "u"},
		"bandwidth: Config.UserID has a colon, which Basic auth cannot send": {UserID: "u:p", Password: "p"},
		"bandwidth: Config.OtherCredentials[1].Password is empty": {
			UserID: "u", Password: "p", OtherCredentials: []bandwidth.Credentials{{UserID: "u", Password: "q"}, {UserID: "u"}},
		},
	} {
		_, err := bandwidth.New(config)
		require.EqualError(t, err, want)
	}
}

func basic(text string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(text)) }

func TestCredentials(t *testing.T) {
	p, err := bandwidth.New(bandwidth.Config{
		UserID: "hook", Password: "a:b:",
		OtherCredentials: []bandwidth.Credentials{{UserID: "hook", Password: "old"}, {UserID: "status", Password: "pässword"}},
	})
	require.NoError(t, err)
	for _, good := range []string{
		basic("hook:a:b:"), basic("hook:old"), basic("status:pässword"), strings.Replace(basic("hook:old"), "Basic", "bAsIC", 1),
	} {
		r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
		r.Header.Set("Authorization", good)
		_, err := p.Read(r, []byte(`[]`))
		require.NoError(t, err)
	}
	for _, bad := range []string{
		"", "Basic", "Basic ", basic(""), basic(":"), basic("hook"), basic("hook:"), basic(":a:b:"), basic("hook:a"), basic("hook:a:b"),
		basic("Hook:old"), basic("status:old"), basic("hook:pässword"), basic("hook:old\n"), basic(" hook:old"),
		"Bearer " + basic("hook:old")[6:],
		basic("hook:old") + ", " + basic("hook:old"), basic("hook:old") + "=", basic("hook:old")[6:],
	} {
		r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
		r.Header.Set("Authorization", bad)
		d, err := p.Read(r, []byte(`[{"type":"message-received","message":{"from":"+14155550101","text":"STOP"}}]`))
		require.ErrorIs(t, err, provider.ErrSignature, bad)
		require.Empty(t, d)
		require.NotContains(t, err.Error(), "old")
	}
	r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
	r.Header.Add("Authorization", basic("hook:old"))
	r.Header.Add("Authorization", basic("hook:wrong"))
	_, err = p.Read(r, []byte(`[]`))
	require.ErrorIs(t, err, provider.ErrSignature, "which of them did a proxy look at?")
}

func read(t *testing.T, body string) (provider.Delivery, error) {
	t.Helper()
	p, err := bandwidth.New(bandwidth.Config{UserID: "hook", Password: "s3cret"})
	require.NoError(t, err)
	r := httptest.NewRequest(http.MethodPost, "/bandwidth", http.NoBody)
	r.SetBasicAuth("hook", "s3cret")
	return p.Read(r, []byte(body))
}

func TestWhatMakesNoSense(t *testing.T) {
	const good = `{"type":"message-received","to":"+14155550199","message":{"id":"m","from":"+14155550101","text":"STOP"}}`
	for _, body := range []string{
		``, `null`, `1`, `"x"`, `{}`, `[null]`, `[1]`, `["x"]`, `[[]]`, `[{}]`,
		good + `,` + good, good + good, `[` + good, `[` + good + `]]`, `[{"type":"message-received"}]`,
		`[{"type":"message-received","message":{"from":""}}]`,
		`[{"type":"message-received","message":{"from":["+14155550101"]}}]`, `[{"type":"message-received","message":[]}]`,
		`[{"type":["message-received"]}]`, strings.Repeat("[", 20000),
	} {
		d, err := read(t, body)
		require.ErrorIs(t, err, provider.ErrMalformed, "%.80s", body)
		require.Empty(t, d)
		require.NotContains(t, err.Error(), "1415")
	}
	for _, body := range []string{
		`[]`, ` [ ] `, `[{"type":"message-sending"}]`, `[{"type":"something-new","to":["+14155550101"],"message":7}]`,
	} {
		d, err := read(t, body)
		require.NoError(t, err, body)
		require.Empty(t, d)
	}
}

func TestAnEventThatCannotBeReadTakesNoOtherWithIt(t *testing.T) {
	const good = `{"type":"message-received","to":"+14155550199","message":{"id":"m","from":"+14155550101","text":"STOP"}}`
	for _, bad := range []string{`null`, `1`, `{"type":"message-received"}`} {
		d, err := read(t, `[`+bad+`,`+good+`]`)
		require.NoError(t, err, bad)
		require.Len(t, d.Messages, 2)
		require.Equal(t, provider.Message{}, d.Messages[0])
		require.Equal(t, "STOP", d.Messages[1].Text)
	}
}

func TestAHugeArray(t *testing.T) {
	one := `{"type":"message-received","message":{"from":"+14155550101"}}`
	d, err := read(t, "["+strings.Repeat(one+",", 4000)+one+"]")
	require.NoError(t, err)
	require.Len(t, d.Messages, 4001)
}

func TestAnswersOfRCS(t *testing.T) {
	d, err := read(t, `[
		{"type":"suggestion-response","to":"brand","message":{"id":"m1","from":"+14155550101","channel":"RBM",
			"suggestionResponse":{"text":"No more offers","postbackData":"STOP","pairedMessageId":"out1"}}},
		{"type":"suggestion-response","to":"brand","message":{"id":"m2","from":"+14155550101",
			"suggestionResponse":{"text":"Yes please","postbackData":"START","pairedMessageId":null}}},
		{"type":"message-received","message":{"id":"m3","owner":"brand","from":"+14155550101","content":{"text":"Stop","media":{"fileUrl":"u"}}}},
		{"type":"requested-location-response","to":"brand","time":"2025-01-06T15:43:34Z","message":{"id":"m4","from":"+14155550101","media":null,
			"locationResponse":{"latitude":"37.7"}}}]`)
	require.NoError(t, err)
	require.Len(t, d.Messages, 4)
	require.Equal(t, "STOP", d.Messages[0].Text)
	require.Equal(t, "out1", d.Messages[0].ReplyTo)
	require.Equal(t, "RBM", d.Messages[0].Channel)
	require.Equal(t, "Yes please", d.Messages[1].Text, "only the contact's own words opt in")
	require.Equal(t, "Stop", d.Messages[2].Text)
	require.Equal(t, "brand", d.Messages[2].To)
	require.Equal(t, 1, d.Messages[2].Media)
	require.Empty(t, d.Messages[3].Text)
	require.Equal(t, time.Date(2025, time.January, 6, 15, 43, 34, 0, time.UTC), d.Messages[3].At)
}

func TestStatusEvents(t *testing.T) {
	d, err := read(t, `[
		{"type":"message-failed","to":"+14155550101","errorCode":"4775","message":{"id":"m1","from":"+14155550199"}},
		{"type":"message-failed","to":"+14155550101","message":{"id":"m2"}},
		{"type":"message-delivered","to":"+14155550101","errorCode":4775,"message":{"id":"m3"}},
		{"type":"message-read","to":"+14155550101","message":{"id":"m4"}}]`)
	require.NoError(t, err)
	require.Equal(t, []provider.Report{{
		ID: "m1", Number: "+14155550101", Sender: "+14155550199", Scope: provider.ScopeNumber, Kind: provider.KindOptedOut, Code: "4775",
	}}, d.Reports, "a failure without a code, and a code without a failure, say nothing")
}

func TestTheNetworkAnswersOnTollFreeNumbers(t *testing.T) {
	for to, texts := range map[string]map[string]bool{
		"+18005550199": {"stop": true, "UNSTOP": true, "START": true, "HELP": false, "QUIT": false},
		"+14155550199": {"STOP": false},
		"22395":        {"STOP": false},
	} {
		for text, want := range texts {
			d, err := read(t, `[{"type":"message-received","to":"`+to+`","message":{"from":"+14155550101","text":"`+text+`"}}]`)
			require.NoError(t, err)
			require.Equal(t, want, d.Messages[0].AnsweredByDefault, "%s to %s", text, to)
			require.False(t, d.Messages[0].ProviderReplied)
		}
	}
}

func TestTheHandlerAsksForThePassword(t *testing.T) {
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	p, err := bandwidth.New(bandwidth.Config{UserID: "hook", Password: "s3cret"})
	require.NoError(t, err)
	h := provider.Handler(guard, p, &provider.Options{Account: provider.OneAccount("acme"), Observe: func(context.Context, provider.Event) {}})
	post := func(authorization string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`[]`))
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		r.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	w := post(basic("hook:wrong"))
	require.Equal(t, http.StatusUnauthorized, w.Code)
	require.Equal(t, `Basic realm="bandwidth", charset="UTF-8"`, w.Header().Get("WWW-Authenticate"))
	require.Equal(t, http.StatusOK, post(basic("hook:s3cret")).Code)
}

func TestRefusal(t *testing.T) {
	p, err := bandwidth.New(bandwidth.Config{UserID: "hook", Password: "s3cret"})
	require.NoError(t, err)
	for body, want := range map[string]provider.Kind{
		`{"errorCode":4775}`: provider.KindOptedOut, `{"errorCode":"4721"}`: provider.KindDeactivated, `{"errorCode":4432}`: provider.KindNone,
		`{"type":"request-validation","description":"d"}`: provider.KindNone, ``: provider.KindNone, `[]`: provider.KindNone,
	} {
		report, ok := p.Refusal(provider.Refused{Status: http.StatusBadRequest, Body: []byte(body), To: "+14155550101"})
		require.Equal(t, want, report.Kind, body)
		require.Equal(t, want != provider.KindNone, ok)
	}
}
