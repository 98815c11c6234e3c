package rawtext_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/enum"
	"github.com/seed-f10031e4/consent/internal/rawtext"
)

type color uint8

var errColor = errors.New("colors")

func (c *color) UnmarshalText(text []byte) error {
	return enum.Words[color]{Err: errColor, Kind: "Color", Words: []string{"none"}}.Unmarshal(text, c)
}

// box has a method that reads it.
type box struct {
	Color color `json:"color"`
}

func (b *box) UnmarshalJSON(data []byte) error {
	type plain box
	return rawtext.Unmarshal(data, (*plain)(b))
}

type shelf struct {
	inner

	At    time.Time      `json:"at"`
	Box   box            `json:"box"`
	Plain outer          `json:"plain"`
	Full  bool           `json:"full"`
	Boxes []box          `json:"boxes"`
	Count map[string]int `json:"count"`
}

func TestAnErrorNamesTheFieldAndQuotesNothing(t *testing.T) {
	for data, want := range map[string]string{
		`{"at":"STOP"}`:                               "read JSON: at: want a time such as 2026-03-01T12:00:00Z",
		`{"At":7}`:                                    "read JSON: at: want a time such as 2026-03-01T12:00:00Z",
		`{"box":{"color":"STOP"}}`:                    "read JSON: box.color: colors: no Color has this name",
		`{"box":"STOP"}`:                              "read JSON: box: want an object",
		`{"boxes":[{},{"color":"STOP"}]}`:             "read JSON: boxes.color: colors: no Color has this name",
		`{"plain":{"label":7}}`:                       "read JSON: plain.label: want a string",
		`{"plain":{"count":14155552671999999999999}}`: "read JSON: plain.count: want a whole number",
		`{"plain":[]}`:                                "read JSON: plain: want an object",
		`{"note":{}}`:                                 "read JSON: note: want a string",
		`{"full":"STOP"}`:                             "read JSON: full: want true or false",
		`{"count":["STOP"]}`:                          "read JSON: count: want another kind of value",
		`{"at":null,"AT":null}`:                       "read JSON: a member is there twice",
		`{"box":{"color":"","COLOR":"none"}}`:         "read JSON: box: a member is there twice",
		`["STOP"]`:                                    "read JSON: want an object",
		`STOP`:                                        "read JSON: not JSON",
		`{"note_b64":"STOP"`:                          "read JSON: not JSON",
		`{"note_b64":"STOP!"}`:                        "read JSON: note_b64: want base64",
	} {
		err := rawtext.Unmarshal([]byte(data), new(shelf))
		require.EqualError(t, err, want, data)
		require.Equal(t, strings.Contains(want, "colors:"), errors.Is(err, errColor), data)
	}
	require.EqualError(t, rawtext.Refuse("why"), "read JSON: why")
}
