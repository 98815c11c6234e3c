package revocation

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestALongMessageHasARareWord shows that common words are a request in short messages
// only.
func TestALongMessageHasARareWord(t *testing.T) {
	const ordinary = "All work and no play makes Jack a dull boy, and so on, all the day long. "
	for text, want := range map[string]Certainty{
		"I need to leave":                       Possible,
		ordinary + "I need to leave":            None,
		"Unsubscribe me":                        Certain,
		ordinary + "Unsubscribe me":             Certain,
		ordinary + "UnsubscribEEE me":           Certain,
		ordinary + "STOPPP":                     Possible,
		ordinary + "Отпишите меня":              Possible,
		ordinary + "🎉 “quoted” … £5":            None,
		ordinary + "\n\tNothing of the kind.\n": None,
	} {
		require.Equal(t, want, Read(text).Certainty, "%q", text)
	}
}
