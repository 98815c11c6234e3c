package revocation

import "strings"

func frenchRequests() vocabulary {
	return vocabulary{
		language: "fr",
		pairs: "s il=sil, d envoyer=denvoyer, m envoyer=menvoyer, m ecrire=mecrire, m appeler=mappeler, d ecrire=decrire, n " +
			"envoyez=nenvoyez, m envoyez=menvoyez, mauvais numero=mauvaisnumero, faux numero=mauvaisnumero, c est=cest, j ai=jai, n " +
			"est=nest, m importuner=mimportuner, mauvaise personne=mauvaisnumero",
		classes: map[string]string{
			"+POLITE": "sil svp stp plait veuillez merci",
			"+FILLER": "bonjour monsieur madame bonsoir maintenant immediatement definitivement tout suite desormais cordialement salut",
			"+AROUND": "je j jaimerais voudrais souhaite desire veux demande prie de bien vouloir pourriez pouvez que pour moi c est " +
				"cest nous aimerais merci le la ne",
			"+PLACE":      "sur ce mon par au",
			"+PLACEWORDS": "portable",
			"+TAIL":       "je jai j ca c cest et ou sinon car parce vous qui nous merci",

			"+OTHERVERB": "retirer retirez enlever enlevez supprimer supprimez effacer arreter arretez cesser cessez plus desabonner " +
				"desinscrire stopper",
			"+OTHEROBJECT": "liste messages message sms textos numero recevoir ecrire contacter envoyer abonnement fichier",
			"FRSTOP":       "arretez arrete arreter arretes cessez cesse cesser stoppez stoppe stop stopper arret halte terminez",
			"FRENVOYER": elided("envoyer menvoyer denvoyer ecrire mecrire decrire contacter texter appeler mappeler harceler spammer " +
				"deranger embeter ennuyer importuner mimportuner solliciter emmerder"),
			"FRENVOYEZ": elided("envoyez envoie envoyer envoies ecrivez ecris ecrire contactez contacte contacter textez texte texter " +
				"derangez harcelez sollicitez spammez menvoyez nenvoyez importunez relancez"),
			"FRAPPELEZ": elided("appelez appelle appeler telephonez appelles"),
			"FRMSGS": "messages message msgs msg sms textos texto publicites publicite pub pubs notifications alertes promos promotions " +
				"communications textes texte mails spam spams rappels offres newsletters",
			"FRANY": "de d des vos ces ce cet tes tous toutes toute les le la mes autres publicitaires promotionnels commerciaux aucun " +
				"aucune plus par ma mon vos vos a aux",
			"FRRETIRER": "retirez retire retirer enlevez enleve enlever supprimez supprime supprimer effacez efface effacer otez rayez raye " +
				"rayer radiez desinscrivez desinscris desinscrire desabonnez desabonne desabonner sortez eliminez retirez",
			"FRLISTE": "liste listes base fichier fichiers contacts repertoire diffusion donnees registre systeme envoi envois",
			"FRVEUX":  "veux voudrais souhaite desire aimerais veut voulons souhaitons",
			"FRPLUS":  "plus pas jamais rien",
		},
		rules: []rule{
			{
				id: "fr-stop-sending", source: sourceFCC, reason: "tells the sender, in French, to stop texting",
				whole: Certain, clause: Certain, within: Possible,
				patterns: []string{
					"FRSTOP|FRENVOYER de|d|me|m|nous* [FRENVOYER] FRANY* FRMSGS?", "[FRSTOP] FRANY* FRMSGS", "FRSTOP FRANY* [FRMSGS]",
					"ne? me|m|nous* [FRENVOYEZ] FRPLUS jamais|rien?", "ne|n me|m|nous* [FRENVOYEZ] FRPLUS", "ne|n me|m|nous* [FRENVOYEZ] FRANY* FRMSGS",
					"FRPLUS ne|me|m* [FRENVOYER] $", "ne FRPLUS me|m|nous* [FRENVOYER] FRANY* FRMSGS?",
					"^ plus|aucun|assez|marre FRANY* [FRMSGS] $", "[FRSTOP] aux? FRMSGS", "plus jamais de? [FRMSGS]",
				},
			},
			{
				id: "fr-stop-receiving", source: sourceFCC, reason: "does not want, in French, to receive more",
				whole: Certain, clause: Certain, within: Possible,
				patterns: []string{
					"FRVEUX FRPLUS [recevoir] FRANY* FRMSGS?",
					"FRVEUX FRPLUS etre|en|que|qu|d|de* [contacte|contactee|recevoir|derange|derangee|sollicite|sollicitee]",
					"FRVEUX FRPLUS FRANY* [FRMSGS]", "FRVEUX (arreter|cesser|stopper) de? FRANY* recevoir|FRMSGS", "ne FRPLUS [recevoir]",
					"FRVEUX ne FRPLUS [recevoir] FRANY* FRMSGS?", "[retire|revoque] mon consentement",
					"FRVEUX que vous|tu|ca* [arretiez|cessiez|arretes]",
				},
			},
			{
				id: "fr-unsubscribe", source: "French keyword sets in code: desabonnement, desabonner", reason: "asks, in French, to be unsubscribed",
				whole: Certain, clause: Certain, within: Possible,
				patterns: []string{
					"[desabonnez|desabonner|desabonne|desinscrivez|desinscrire|desinscrit|desabonnement|desinscription|" +
						"desabonnes] moi|nous|svp|mon|numero|me|de*",
					"me|m [desabonner|desinscrire|desabonne|desinscris]", "[annuler|annulez|resilier|resiliez] mon|l|mes|cet abonnement|inscription",
				},
			},
			{
				id: "fr-how-to-opt-out", source: "Text-Em-All: How do I opt out?, in French",
				reason: "asks, in French, how to opt out, and nothing else",
				whole:  Certain, clause: Possible, within: Possible, does: enquires,
				patterns: []string{
					"comment me|se|puis|je|faire|pour|est|ce|que* [desabonner|desinscrire] de|ces|vos|cette|votre|la|FRMSGS|" +
						"FRLISTE* $",
					"comment puis|je|faire|pour|est|ce|que* ne plus [recevoir] FRANY* FRMSGS $",
					"comment puis|je|faire|pour* arreter|stopper FRANY* [FRMSGS] $",
				},
			},
			{
				id: "fr-remove-me", source: "Text-Em-All, Postscript: take me off this list, in French",
				reason: "asks, in French, to be taken off the list",
				whole:  Certain, clause: Certain, within: Possible,
				patterns: []string{
					"[FRRETIRER] moi|nous $", "[FRRETIRER] moi|mon|numero|nom|telephone|ce|de|d|vos|votre|cette|la|tes|ta* FRLISTE",
					"[FRRETIRER] mon|ce numero|telephone|nom|contact", "me [FRRETIRER] de|d votre|la|vos|cette* FRLISTE", "[oubliez] mon numero|moi",
				},
			},
			{
				id: "fr-keyword", source: "CWTA: ARRET; Twilio Proxy, AWS, Bird", reason: "a French keyword",
				whole: Certain, clause: Possible, within: None,
				patterns: []string{
					"^ [arret|arretez|arreter|arrete|desabonnement|desinscription|stopper|arrett|cessez] $", "arret|arretez [KEYWORD]",
					"[arretez|cessez] ca|cela|tout|maintenant $",
				},
			},
			{
				id: "fr-leave-me-alone", source: "iVIPMobile: leave me alone, in French",
				reason: "wants, in French, to be left alone or not to be called",
				whole:  Certain, clause: Possible, within: None, does: lifted,
				patterns: []string{
					"[laissez|laisse|foutez|fichez|lachez|lache|fous] moi la? paix|tranquille|tranquilles|grappe",
					"[lachez|lache] moi $", "ne? me|m [FRAPPELEZ] FRPLUS",
				},
			},
			{
				id: "fr-perhaps", source: "products.md: fin, non are risky", reason: "may ask, in French, to stop",
				whole: Possible, clause: Possible, within: None, does: supports,
				patterns: []string{
					"pas|plus [interesse|interessee|interesses]", "ca [suffit]", "comment me|se|puis|je* [desabonner]",
					"comment [arreter|stopper] FRANY* FRMSGS?", "[supprimer|supprimez|effacer|annuler|resilier] $", "^ (fin|assez) $",
					"va|allez te|vous* faire|vous [foutre]",
				},
			},
			{
				id: "fr-wrong-number", source: "Postscript, Text-Em-All: wrong number",
				reason: "says, in French, that the number belongs to another person",
				whole:  Possible, clause: Possible, within: Possible, does: wrongNumber | supports,
				patterns: []string{
					"[mauvaisnumero]", "[trompez|trompe|trompes|tromper] de numero|personne", "erreur de (numero|personne)",
					"ne? connais FRPLUS (cette|ce) personne|monsieur|nom", "pas|plus (le|son) bon? numero", "ne? suis FRPLUS (cette|la) bonne? personne",
					"[destinataire] errone|incorrect",
				},
			},
		},
	}
}

// elided adds the words as they come out behind an apostrophe: m'envoyer, d'écrire.
func elided(words string) string {
	var all strings.Builder
	all.WriteString(words)
	for word := range strings.FieldsSeq(words) {
		if strings.ContainsAny(word[:1], "aeiouh") {
			all.WriteString(" m" + word + " n" + word + " d" + word)
		}
	}
	return all.String()
}
