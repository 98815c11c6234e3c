package revocation

import (
	"strings"
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

// TestTheEndOfALongWord has German words that are made of others.
func TestTheEndOfALongWord(t *testing.T) {
	for text, want := range map[string]Certainty{
		"keine Werbenachrichten":                           Certain,
		"keine Rabattbenachrichtigungen":                   Certain,
		"keine Produktumfragen mehr":                       Certain,
		"keine Bewerbung":                                  None,
		"keine Transaktionen mehr":                         None,
		"keine " + strings.Repeat("x", 80) + "nachrichten": None,
	} {
		require.Equal(t, want, ReadUncapped(text).Certainty, "%q", text)
	}
}

// TestACommaAfterAVerbEndsNoPhrase has commas before "me".
func TestACommaAfterAVerbEndsNoPhrase(t *testing.T) {
	for text, want := range map[string]Certainty{
		"Hört auf, mir zu schreiben":                Certain,
		"Unterlassen Sie es, mir Werbung zu senden": Certain,
		"Hört auf. Mir zu schreiben ist gut":        Possible,
		"Hör auf, ich will nicht":                   Possible,
	} {
		require.Equal(t, want, ReadUncapped(text).Certainty, "%q", text)
	}
}

// TestANameUnderARequest has a name after thanks, or on a line of its own.
func TestANameUnderARequest(t *testing.T) {
	for text, want := range map[string]Certainty{
		"Abmelden. Danke. Gruß Peter":    Certain,
		"Abmelden\nPeter Huber":          Certain,
		"Abmelden. Danke. Wo ist Peter?": Possible,
		"Peter, abmelden. Fritz wartet":  Possible,
	} {
		require.Equal(t, want, ReadUncapped(text).Certainty, "%q", text)
	}
}

// TestAVerbAfterItsSubjectOrdersNothing has German orders, whose subject follows the verb, and
// statements.
func TestAVerbAfterItsSubjectOrdersNothing(t *testing.T) {
	for _, text := range []string{
		"Schreiben Sie mir nicht mehr", "Bitte schickt mir keine Werbung", "Ich habe schon gewählt, schreibt mir nicht mehr",
	} {
		require.Equal(t, Certain, ReadUncapped(text).Certainty, "%q", text)
	}
	for _, text := range []string{
		"Sie schreiben mir nicht mehr", "Ihr schreibt mir nie", "Ihr schickt mir keine Erinnerungen mehr", "Ich schreibe Ihnen nicht mehr",
		"Er schreibt mir nicht mehr", "Mein Chef schreibt mir nicht mehr", "Sie haben mich aus dem Verteiler gelöscht",
		"Bitte löschen Sie meine Nummer nicht", "Lassen Sie die Benachrichtigungen an", "Der Lärm stört mich nicht mehr",
	} {
		require.Less(t, ReadUncapped(text).Certainty, Certain, "%q", text)
	}
}
