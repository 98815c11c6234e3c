package keywords

import (
	"slices"
	"sync"
)

// customary is the source of a word that no known list has.
const customary = "customary in the language; on no provider's list that was seen"

// UnitedStates returns [Default] with the words of the pack "united-states". These
// are the seven words with which 47 CFR 64.1200(a)(10) definitively revokes consent
// (stop, quit, end, revoke, opt out, cancel, unsubscribe), also as OPTOUT and
// OPT-OUT, and STOP ALL. No Set that is made from it can remove them. It is built
// once.
//
// The same rule gives effect to any words that a reasonable person would understand
// as a request to stop. A list of keywords cannot do this: see
// [github.com/seed-f10031e4/consent/keywords/revocation].
func UnitedStates() *Set { return unitedStatesSet() }

var unitedStatesSet = sync.OnceValue(func() *Set { return ofPack(unitedStates().Name) })

func unitedStates() Pack {
	const (
		rule      = "47 CFR 64.1200(a)(10)"
		providers = "lists of Plivo, AWS, Salesforce and others"
	)
	return Pack{
		Name: "united-states", Title: "United States", Version: 1, Date: drawnUp,
		Effective: "2025-04-11", // FR 2024-04587, for (a)(10); its revoke-all part follows on 2027-01-31
		Source:    rule,
		mandatory: slices.Concat(
			// OPT-OUT and OPT_OUT fold to OPT OUT. Telnyx and Plivo act on STOP ALL too.
			list(OptOut, "en", rule, "STOP", "QUIT", "END", "REVOKE", "OPT OUT", "OPTOUT", "CANCEL", "UNSUBSCRIBE"),
			list(OptOut, "en", rule+", as a spelling of STOP", "STOP ALL", "STOPALL"),
		),
		optional: slices.Concat(
			// REMOVE and TERMINATE are texted about other things; the rest is on the
			// lists of few.
			list(OptOut, "en", providers, "UNSUB", "REMOVE", "TERMINATE", "STOP2QUIT", "STOP TO QUIT"),
			// Nothing but START and UNSTOP should lift an opt-out by chance.
			list(OptIn, "en", "lists of Adobe, HubSpot and RingCentral", "SUBSCRIBE", "RESUBSCRIBE", "RESUME"),
		),
	}
}

// Canada returns [Default] with the words of the pack "canada". Canadian short codes
// must answer STOP, ARRET, HELP, AIDE and INFO, to subscribers and to others. These
// words cannot be removed. The pack adds END, QUIT, CANCEL, UNSUBSCRIBE and UNSUB. It
// is built once.
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

// languages returns the packs of languages other than English.
//
// A word that people also text for another reason is optional: an answer to a
// question ("Basta?", "¿Salir?") must not opt anybody out. NO and NON are in no list
// here, although one provider has NO: they are answers and nothing else.
func languages() []Pack {
	packs := []Pack{french(), spanish(), portuguese(), german(), italian(), dutch(), polish(), russian(), norwegian()}
	for i := range packs {
		packs[i].Version, packs[i].Date = 1, drawnUp
	}
	return packs
}

func french() Pack {
	const seen = "CWTA; lists of AWS, Twilio Proxy, Bird, Ometria and Kalkun"
	return Pack{
		Name: "fr", Title: "French", Source: seen,
		words: slices.Concat(
			list(OptOut, "fr", seen, "ARRET", "ARRÊT", "DESABONNEMENT", "DÉSABONNEMENT", "DESABONNER", "DÉSABONNER"),
			list(OptIn, "fr", seen, "NONARRET", "NONARRÊT"),
			list(Help, "fr", seen, "AIDE"),
		),
		optional: slices.Concat(
			// "Arrête" is what friends text; ARRETT is a slip of the thumb; FIN ends a
			// story too.
			list(OptOut, "fr", seen, "ARRETE", "ARRÊTE", "ARRETT"),
			list(OptOut, "fr", customary, "FIN"),
			list(OptIn, "fr", seen, "ACTIVER"), // whatever it is that one activates
		),
	}
}

func spanish() Pack {
	const seen = "US short code practice in Spanish; lists of Textizen, Bird and Ometria"
	return Pack{
		Name: "es", Title: "Spanish", Source: seen,
		words: slices.Concat(
			list(OptOut, "es", seen, "ALTO", "PARAR", "BAJA", "CANCELAR", "DETENER"),
			list(OptIn, "es", seen, "INICIO"),
			list(Help, "es", seen, "AYUDA", "AUXILIO"),
		),
		optional: slices.Concat(
			// To go out, to finish, to delete: answers to many a question.
			list(OptOut, "es", seen, "SALIR", "TERMINAR", "ELIMINAR"),
			list(OptOut, "es", customary, "BASTA", "FIN", "PARE"), // "enough", "the end", a road sign
			list(OptIn, "es", customary, "ALTA", "INICIAR"),       // "tall", and "begin" whatever it is
		),
	}
}

func portuguese() Pack {
	const seen = "Anatel 2012 (SAIR); lists of Bird and Ometria; use in Brazil"
	return Pack{
		Name: "pt", Title: "Portuguese", Source: seen,
		words: slices.Concat(
			list(OptOut, "pt", seen, "SAIR", "PARAR", "PARE", "CANCELAR", "DESCADASTRAR"),
			list(Help, "pt", seen, "AJUDA"),
		),
		optional: slices.Concat(
			list(OptOut, "pt", seen, "REMOVER"),               // of a thing, more often
			list(OptOut, "pt", customary, "BASTA", "FIM"),     // "enough", "the end"
			list(OptIn, "pt", customary, "VOLTAR", "INICIAR"), // "back" in a menu, "begin" whatever it is
		),
	}
}

func german() Pack {
	const seen = "lists of Bird, Ometria and Klaviyo; use in Germany"
	return Pack{
		Name: "de", Title: "German", Source: seen,
		words: slices.Concat(
			list(OptOut, "de", seen, "HALT", "STOPP", "ABMELDEN"),
			list(Help, "de", seen, "HILFE"),
		),
		// "The end", "no more": of whatever was talked about. The other two are on no list.
		optional: list(OptOut, "de", customary, "ENDE", "SCHLUSS", "ABBESTELLEN", "AUFHÖREN", "AUFHOEREN"),
	}
}

func italian() Pack {
	const seen = "lists of Bird and Ometria"
	return Pack{
		Name: "it", Title: "Italian", Source: seen,
		words: slices.Concat(
			list(OptOut, "it", seen, "FERMA"),
			list(Help, "it", seen, "AIUTO"),
		),
		optional: slices.Concat(
			list(OptOut, "it", customary, "ANNULLA", "BASTA", "FINE"), // an order is cancelled, "enough", "the end"
			list(OptIn, "it", customary, "AVVIA"),                     // whatever it is that one starts
		),
	}
}

func dutch() Pack {
	const seen = "list of Bird"
	return Pack{
		Name: "nl", Title: "Dutch", Source: seen,
		words: list(Help, "nl", seen, "HULP"),
		// One signs off from a meeting or a class too, and stops with many things.
		optional: list(OptOut, "nl", customary, "AFMELDEN", "STOPPEN", "UITSCHRIJVEN", "EINDE"),
	}
}

func polish() Pack {
	const seen = "lists of Bird and Ometria"
	return Pack{
		Name: "pl", Title: "Polish", Source: seen,
		words: slices.Concat(
			list(OptOut, "pl", seen, "ZATRZYMAJ"),
			list(Help, "pl", seen, "POMOCY"),
			list(Help, "pl", customary, "POMOC"), // the form in which a dictionary has it; help changes no state
		),
		optional: list(OptOut, "pl", customary, "KONIEC", "REZYGNUJE", "REZYGNUJĘ"), // "the end"; "I resign" from whatever was offered
	}
}

func russian() Pack {
	const seen = "lists of Bird and Ometria"
	return Pack{
		Name: "ru", Title: "Russian", Source: seen,
		words: slices.Concat(
			list(OptOut, "ru", seen, "ОСТАНОВИТЬ"),
			list(OptOut, "ru", customary, "СТОП"), // STOP itself, on the keyboard at hand
			list(Help, "ru", seen, "ПОМОЩЬ"),
		),
		optional: slices.Concat(
			list(OptOut, "ru", customary, "ОТПИСАТЬСЯ", "КОНЕЦ", "ХВАТИТ"), // on no list, "the end", "enough"
			list(OptIn, "ru", customary, "СТАРТ"),                          // nothing lifts an opt-out unasked
		),
	}
}

func norwegian() Pack {
	const seen = "Brevo for Norway"
	return Pack{
		Name: "no", Title: "Norwegian", Source: seen,
		words: slices.Concat(
			list(OptOut, "no", seen, "UNSUB"),
			list(OptOut, "no", customary, "STOPP"), // STOP as Norwegian spells it
			list(Help, "no", customary, "HJELP"),
		),
		optional: list(OptOut, "no", customary, "AVSLUTT", "SLUTT"), // "close" a form, "the end"
	}
}
