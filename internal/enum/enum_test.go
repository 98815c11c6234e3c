package enum_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/enum"
)

type color uint8

var errColor = errors.New("colors")

func TestWords(t *testing.T) {
	colors := enum.Words[color]{Err: errColor, Kind: "Color", Words: []string{"none", "red"}}
	for value, word := range colors.Words {
		require.Equal(t, word, colors.String(color(value)))
		text, err := colors.Marshal(color(value))
		require.NoError(t, err)
		read := color(9)
		require.NoError(t, colors.Unmarshal(text, &read))
		require.Equal(t, color(value), read)
	}

	require.Equal(t, "Color(2)", colors.String(2))
	_, err := colors.Marshal(2)
	require.ErrorIs(t, err, errColor)
	require.EqualError(t, err, "colors: no Color has the value 2")
	read := color(1)
	for _, text := range []string{"", "Red", "red ", "Color(1)", "a word of more than twenty bytes"} {
		err := colors.Unmarshal([]byte(text), &read)
		require.ErrorIs(t, err, errColor)
		require.Less(t, len(err.Error()), 60)
	}
	require.EqualValues(t, 1, read)
}
