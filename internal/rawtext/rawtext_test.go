package rawtext_test

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/rawtext"
)

type label string

type inner struct {
	Note string `json:"note,omitzero"`
}

type outer struct {
	inner

	Text  string `json:"text,omitzero"`
	Label label  `json:"label"`
	Count int    `json:"count,omitzero"`
	Left  string `json:"-"`
}

func TestBytesAreWrittenBesideTheString(t *testing.T) {
	for want, v := range map[string]outer{
		`{"label":""}`: {},
		`{"note":"n","text":"STOP \u003c3","label":"l","count":1}`: {
			inner: inner{Note: "n"}, Text: "STOP <3", Label: "l", Count: 1, Left: "\xff",
		},
		`{"text":"Stop\ufffd","label":"","text_b64":"U3RvcKA="}`:                   {Text: "Stop\xa0"},
		`{"note":"\ufffd","label":"\ufffdx","note_b64":"/w==","label_b64":"/ng="}`: {inner: inner{Note: "\xff"}, Label: "\xfex"},
	} {
		data, err := rawtext.Marshal(v)
		require.NoError(t, err)
		require.Equal(t, want, string(data))
		require.True(t, json.Valid(data))
		var read outer
		require.NoError(t, rawtext.Unmarshal(data, &read))
		v.Left = ""
		require.Equal(t, v, read)
	}
	_, err := rawtext.Marshal(struct{ F func() }{})
	require.Error(t, err)
}

func TestTheBytesCount(t *testing.T) {
	var read outer
	require.NoError(t, rawtext.Unmarshal([]byte(`{"text":"START","text_b64":"U1RPUA=="}`), &read))
	require.Equal(t, "STOP", read.Text)
	read = outer{}
	require.NoError(t, rawtext.Unmarshal([]byte(`{"text_b64":"U1RPUA==","label_b64":null,"count_b64":"x","other":"_b64"}`), &read))
	require.Equal(t, outer{Text: "STOP"}, read)
	for _, broken := range []string{`{"text_b64":"%"}`, `{"text_b64":7}`, `{"text":7}`, `["_b64"]`, `{`, ``} {
		require.Error(t, rawtext.Unmarshal([]byte(broken), new(outer)), broken)
	}
	require.NoError(t, rawtext.Unmarshal([]byte("null"), &read))
}

// own has a MarshalJSON.
type own struct{}

func (own) MarshalJSON() ([]byte, error) { return []byte(`{"own":true}`), nil }

type broken struct{}

func (broken) MarshalJSON() ([]byte, error) { return nil, errors.New("broken") }

func TestJoin(t *testing.T) {
	for want, parts := range map[string][]any{
		"{}":                      {},
		`{"own":true}`:            {inner{}, own{}, inner{}},
		`{"note":"a","own":true}`: {inner{"a"}, own{}},
		`{"own":true,"note":"a"}`: {own{}, inner{"a"}},
		`{"note":"\ufffd","note_b64":"/w==","label":""}`: {inner{"\xff"}, outer{}},
	} {
		data, err := rawtext.Join(parts...)
		require.NoError(t, err)
		require.Equal(t, want, string(data))
	}
	_, err := rawtext.Join(inner{}, broken{})
	require.ErrorContains(t, err, "broken")
}

func FuzzRoundTrip(f *testing.F) {
	f.Add("STOP", "", "\xff")
	f.Add("Stop\xa0", "\xed\xa0\x80", "\ufffd")
	f.Fuzz(func(t *testing.T, text, note, word string) {
		want := outer{inner: inner{Note: note}, Text: text, Label: label(word)}
		data, err := rawtext.Marshal(want)
		require.NoError(t, err)
		require.True(t, utf8.Valid(data))
		var read outer
		require.NoError(t, rawtext.Unmarshal(data, &read))
		require.Equal(t, want, read)
		var lossy outer
		require.NoError(t, json.Unmarshal(data, &lossy), "for whom the bytes are nothing")
	})
}
