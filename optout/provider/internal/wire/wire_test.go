package wire_test

import (
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

func TestNumber(t *testing.T) {
	for raw, want := range map[string]string{
		"14155550101": "+14155550101", "+14155550101": "+14155550101", "12345678": "+12345678",
		"1234567": "1234567", "22395": "22395", "MTN": "MTN", "": "", "whatsapp:14155550101": "whatsapp:14155550101",
		"1415555010x": "1415555010x",
	} {
		require.Equal(t, want, wire.Number(raw))
	}
}

func TestForm(t *testing.T) {
	form, err := wire.ParseForm("a=1&b=x+%C3%A9&&c=2&c=2&d=3&d=4&empty=", "application/x-www-form-urlencoded; charset=UTF-8")
	require.NoError(t, err)
	require.Equal(t, "1", form.Get("missing", "empty", "a"))
	require.Equal(t, "x é", form.Get("b"))
	require.Equal(t, "2", form.Get("c"))
	require.True(t, form.Has("empty"))
	require.NoError(t, form.Err())
	form.Get("d")
	require.ErrorIs(t, form.Err(), provider.ErrMalformed)

	form, err = wire.ParseForm("b=%E9t%E9", "application/x-www-form-urlencoded; charset=ISO-8859-1")
	require.NoError(t, err)
	require.Equal(t, "été", form.Get("b"))
	for raw, contentType := range map[string]string{"a=%zz": "", "%zz=a": "", "a=1": "application/x-www-form-urlencoded; charset=utf-7"} {
		_, err = wire.ParseForm(raw, contentType)
		require.ErrorIs(t, err, provider.ErrMalformed)
	}
}

func TestUCS2(t *testing.T) {
	text, err := wire.UCS2("00530054004F0050D83DDED1")
	require.NoError(t, err)
	require.Equal(t, "STOP🛑", text)
	for _, bad := range []string{"0", "00", "zz00", "00530"} {
		_, err := wire.UCS2(bad)
		require.ErrorIs(t, err, provider.ErrMalformed)
	}
}

func TestTime(t *testing.T) {
	want := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	require.True(t, want.Equal(wire.Time("2026-03-01T13:00:00.000+0100", time.RFC3339, "2006-01-02T15:04:05.000-0700")))
	require.True(t, want.Equal(wire.Time("2026-03-01 12:00:00", time.DateTime)))
	require.Zero(t, wire.Time("yesterday", time.RFC3339))
}

func TestSecrets(t *testing.T) {
	secrets, err := wire.NewSecrets("twilio", "AuthToken", "one", []string{"two"})
	require.NoError(t, err)
	sign := func(secret string) []byte { return wire.HMAC(sha256.New, secret, "text", "more") }
	for secret, want := range map[string]bool{"one": true, "two": true, "three": false, "": false} {
		require.Equal(t, want, secrets.Match(sign(secret), sign))
	}
	require.False(t, secrets.Match(nil, sign))
	require.Equal(t, wire.HMAC(sha256.New, "one", "textmore"), sign("one"))
	_, err = wire.NewSecrets("twilio", "AuthToken", "", nil)
	require.EqualError(t, err, "twilio: Config.AuthToken is empty")
}

func TestURL(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/a%27b//c?x=%2B&y", strings.NewReader(""))
	r.Host = "example.com:8080"
	require.Equal(t, "http://example.com:8080/a%27b//c?x=%2B&y", wire.URL(r))
	r.URL.Scheme, r.URL.Host, r.RequestURI = "https", "example.org", ""
	require.Equal(t, "https://example.org/a%27b//c?x=%2B&y", wire.URL(r))
}

func TestWords(t *testing.T) {
	require.True(t, wire.IsWord(" stop\n", []string{"STOP"}))
	require.False(t, wire.IsWord("stop.", []string{"STOP"}))
	require.Equal(t, "STOP", wire.Button("No more offers", "STOP"))
	require.Equal(t, "Yes please", wire.Button("Yes please", "START"), "only the contact's own words opt in")
}

func TestAFormSorted(t *testing.T) {
	form, err := wire.ParseForm("b=2&a=9&b=1&b=2&A=0&b=1", "")
	require.NoError(t, err)
	var got []string
	for name, value := range form.Sorted() {
		got = append(got, name+value)
	}
	require.Equal(t, []string{"A0", "a9", "b1", "b2"}, got)
	for name := range form.Sorted() {
		require.Equal(t, "A", name)
		break
	}
}
