package revocation

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheQuickLookLosesNothingCertain reads each text that mayAsk passes over.
func TestTheQuickLookLosesNothingCertain(t *testing.T) {
	g := grammarOnce()
	passedOver := 0
	for _, file := range []string{"../testdata/phrases.jsonl", "../testdata/sms_uci.jsonl", "testdata/revocations.jsonl"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range bytes.Lines(text) {
			var row struct{ Text string }
			require.NoError(t, json.Unmarshal(line, &row))
			if g.mayAsk(row.Text) {
				continue
			}
			passedOver++
			require.NotEqual(t, Certain, g.read(row.Text).Certainty, "%q", row.Text)
		}
	}
	require.Greater(t, passedOver, 1_000)
}

func TestMayAsk(t *testing.T) {
	const ordinary = "All work and no play makes Jack a dull boy, and so on, all the day long, and the next. "
	g := grammarOnce()
	for text, want := range map[string]bool{
		"short":                              true,
		ordinary:                             false,
		ordinary + "🎉 “quoted” … £5":         false,
		ordinary + "STOPPP":                  true,
		ordinary + "stopplease":              true,
		ordinary + "Unsubscribe":             true,
		ordinary + "UnsubscribE":             true,
		ordinary + "unsubscribed-":           true,
		ordinary + "\x01":                    true,
		ordinary + "стоп":                    true,
		ordinary + "\n\tnothing of the kind": false,
	} {
		require.Equal(t, want, g.mayAsk(text), "%q", text)
	}
}
