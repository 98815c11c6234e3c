package keywords

import "slices"

// Who says that a word is a keyword where no list was seen to have it.
const customary = "customary in the language; on no provider's list that was seen"

// languages are the packs of languages other than English. STOP, START, HELP and
// the rest of Default are on in each.
//
// What people also text for another reason is optional: an answer to a question
// ("Basta?", "¿Salir?") must not opt anybody out. NO and NON are in no list here,
// though one provider has NO: they are answers and nothing else.
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
