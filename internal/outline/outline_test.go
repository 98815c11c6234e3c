package outline_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/outline"
)

// list collects lines. A line that is "no" is refused.
type list struct{ lines []string }

func (l *list) Margin(at outline.Place, text string) error { return l.add(at, text) }
func (l *list) Under(at outline.Place, text string) error  { return l.add(at, "  "+text) }
func (l *list) GoesOn(text string) bool                    { return strings.HasSuffix(text, ",") }

var errNo = errors.New("no")

func (l *list) add(at outline.Place, text string) error {
	if strings.TrimSpace(text) == "no" {
		return errNo
	}
	l.lines = append(l.lines, at.Errorf("%s", text).Error())
	return nil
}

func TestRead(t *testing.T) {
	var l list
	require.NoError(t, outline.Read("f", "# a comment\n\none \r\n\ttwo,\n\n# a comment\n  three\n  # four\nfive", &l))
	require.Equal(t, []string{"f:3: one", "f:7:   two,three", "f:8:   # four", "f:9: five"}, l.lines)
	require.NoError(t, outline.Read("f", "", &l))

	for text, want := range map[string]string{
		"\n  one":          `f:2: "one" is under no line at the margin`,
		"one\n  two,":      `f:2: "two," goes on in no line`,
		"one\n  two,\nsix": `f:3: "two," goes on in no line`,
		"one\nno\ntwo":     "f:2: no",
		"one\n\n  no":      "f:3: no",
	} {
		require.EqualError(t, outline.Read("f", text, new(list)), want)
	}
	require.ErrorIs(t, outline.Read("f", "no", &l), errNo)
}
