package keywords

import (
	"slices"
	"sync"
)

// Canada returns [Default] with the words of the pack "canada": those that Canadian
// short codes must answer, subscribed or not (STOP, ARRET, HELP, AIDE, INFO), which
// cannot be removed, and END, QUIT, CANCEL, UNSUBSCRIBE and UNSUB. It is built once.
func Canada() *Set { return canadaSet() }

var canadaSet = sync.OnceValue(func() *Set { return ofPack(canada().Name) })

func canada() Pack {
	const rule = "CWTA Canadian Common Short Code Application Guidelines"
	return Pack{
		Name: "canada", Title: "Canada", Version: 1, Date: drawnUp,
		Source: rule,
		mandatory: slices.Concat(
			list(OptOut, "en", rule, "STOP"),
			list(OptOut, "fr-CA", rule, "ARRET", "ARRÊT"),
			list(Help, "en", rule, "HELP", "INFO"),
			list(Help, "fr-CA", rule, "AIDE"),
		),
		words: list(OptOut, "en", rule, "END", "QUIT", "CANCEL", "UNSUBSCRIBE", "UNSUB"),
	}
}
