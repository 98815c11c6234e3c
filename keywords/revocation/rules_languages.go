package revocation

// otherLanguages are those with a few patterns each: what vendors list, and what a
// speaker would say first. Their certain patterns name the messages or the list.
func otherLanguages() []vocabulary {
	return []vocabulary{
		germanRequests(), italianRequests(), portugueseRequests(), dutchRequests(), polishRequests(), turkishRequests(), indonesianRequests(),
		scandinavianRequests("sv"), scandinavianRequests("da"), scandinavianRequests("nb"),
		finnish(), czech(), southSlavic(), baltic(), catalan(), afrikaans(), hungarian(), romanian(), vietnamese(), tagalog(), swahili(),
		hindiInLatin(),
	}
}

func asks(patterns ...string) rule {
	return rule{
		id: "other-request", source: sourceFCC, reason: "asks, in this language, for no more messages or to be taken off the list",
		whole: Certain, clause: Certain, within: Possible, patterns: patterns,
	}
}

func perhaps(patterns ...string) rule {
	return rule{
		id: "other-perhaps", source: sourceFCC, reason: "may ask, in this language, to stop",
		whole: Possible, clause: Possible, within: None, does: supports, patterns: patterns,
	}
}

func stranger(patterns ...string) rule {
	return rule{
		id: "other-wrong-number", source: sourceVendors, reason: "says, in this language, that the number belongs to another person",
		whole: Possible, clause: Possible, within: Possible, does: wrongNumber | supports, patterns: patterns,
	}
}

func germanRequests() vocabulary {
	return vocabulary{
		language: "de",
		classes: map[string]string{
			"+POLITE": "bitte danke",
			"+FILLER": "sofort endlich hallo",
			"+PLACE":  "aus von vom der dem ihrer ihrem diese dieser den", "+PLACEWORDS": "liste verteiler nummer datenbank ab",
			"+AROUND": "ich mochte will wollen sie aus der den dem ihrer ihre und von",
			"+OTHERVERB": "streichen loschen losche entfernen abmelden austragen aufhoren stoppen keine keinerlei nicht unterlassen " +
				"einstellen beenden kundigen abbestellen",
			"+OTHEROBJECT": "liste verteiler nummer nachrichten sms newsletter werbung schreiben kontaktieren belastigen zusenden anschreiben abo",
			"DEMSGS": "sms nachrichten nachricht werbung werbenachrichten mails anrufe whatsapps textnachrichten benachrichtigungen infos " +
				"newsletter mitteilungen werbesms",
			"DEANY": "weiteren weitere mehr ihre eure deine diese irgendwelche dieser solche mir uns mich von ihnen an",
			"DESEND": "schreiben schreibt schreib senden sendet schicken schickt schick kontaktieren kontaktiert simsen anrufen belastigen " +
				"belastigt texten anschreiben zusenden zuschicken",
			"DELIST": "liste verteiler datenbank kontakten kartei system adressliste kontaktliste telefonliste",
		},
		rules: []rule{
			asks("keine|keinerlei|stoppt|stoppen|stop|stopp sie? DEANY* [DEMSGS] DEANY* schicken|senden|erhalten|bekommen|zusenden|mehr*",
				"horen|hort|hor sie? auf mir|mich|uns|damit|zu|DEANY|DEMSGS* [DESEND]",
				"[DESEND] sie|ihr|du? mir|mich|uns DEANY* nicht|nie|keine mehr?",
				"von|aus|vom|aus der|dem|den|ihrer|eurer|deinem|ihrem|eurem? DELIST [streichen|loschen|entfernen|nehmen|austragen|abmelden]",
				"nummer|telefonnummer|handynummer|daten [loschen|streichen|entfernen]",
				"nicht mehr [schreiben|kontaktieren|anschreiben|anrufen|senden|schicken|belastigen]",
				"[kontaktieren|kontaktiert|schreiben] sie? mich|mir nicht|nie",
				"[loschen|losche|loscht|streichen|streicht|entfernen|entfernt|nehmen|nehmt|streich|entferne|entfernet] sie? mich|meine|meinen|"+
					"nummer|daten|namen|diese|bitte* aus|von|vom der|ihrer|dem|ihrem|eurer|eurem DELIST",
				"[loschen|loscht|losche|entfernen|streichen] sie? meine nummer|daten|telefonnummer|handynummer",
				"mich|meine nummer? aus|von|vom der|ihrer|dem|eurer|ihrem DELIST [austragen|streichen|loschen|entfernen|nehmen]",
				"mich [austragen|abmelden] $", "[tragen|tragt|melden|meldet] sie? mich aus|ab $",
				"^ [abmelden|austragen|abbestellen|stoppen|abmeldung] $", "(mochte|will) nicht mehr kontaktiert|angeschrieben|angerufen|belastigt",
				"keine [DEMSGS] mehr", "newsletter|sms|nachrichten|DEMSGS [abbestellen|abmelden|kundigen|abbestelle]",
				"(mochte|will|wunsche) keine DEANY* DEMSGS", "[widerrufe] DEANY|meine|ich|hiermit* einwilligung|zustimmung"),
			perhaps("kein|nicht [interesse|interessiert]", "[lassen|lasst|lass] sie? mich|uns in ruhe",
				"[halt|aufhoren|schluss|loschen|ende|genug] $", "[verpiss|fick] dich|euch", "ich mochte mich [abmelden]",
				"horen|hort|hor sie? [auf] $"),
			stranger("[falsche] nummer|person", "[verwahlt|verwechselt]", "nicht mehr|die meine|seine|ihre (nummer)"),
		},
	}
}

func italianRequests() vocabulary {
	return vocabulary{
		language: "it",
		pairs:    "per favore=perfavore",
		classes: map[string]string{
			"+POLITE": "perfavore prego cortesemente",
			"+FILLER": "grazie subito buongiorno salve",
			"+PLACE":  "dalla dal di questo su da a", "+PLACEWORDS": "lista elenco numero rubrica",
			"+AROUND": "vi la i il vostra vostro chiedo vorrei voglio chiedere",
			"+OTHERVERB": "cancellate cancella cancellare cancellatemi togliete togliere togliermi rimuovere rimuovete rimuovetemi " +
				"disiscrivere disiscrivermi basta smettete smettere smettila non annullare",
			"+OTHEROBJECT": "lista messaggi sms numero iscrizione scrivermi scrivetemi contattarmi contattatemi inviarmi mandarmi ricevere " +
				"contattato",
			"ITMSGS": "messaggi messaggio sms pubblicita notifiche comunicazioni promozioni offerte mail spam",
			"ITANY":  "piu di altri i questi questo vostri con a ulteriori nessun tutti gli le alcun niente",
			"ITLIST": "lista elenco rubrica database contatti mailing archivio sistema",
		},
		rules: []rule{
			asks("[cancellatemi|cancellami|cancellarmi|toglietemi|toglimi|togliermi|rimuovetemi|rimuovimi|rimuovermi|eliminatemi|eliminami|"+
				"disiscrivetemi|disiscrivimi|disiscrivermi|disiscrivere|levatemi|escludetemi|depennatemi] dalla|da|dal|dai|questa|vostra|la|tua|"+
				"vostro+ ITLIST?",
				"[cancellate|cancella|rimuovete|rimuovi|eliminate|togliete|cancelli|rimuova] il? mio? numero|contatto|nominativo",
				"non ITANY|mi* [mandatemi|inviatemi|scrivetemi|contattatemi|mandate|inviate|scrivete|contattate|scrivermi|contattarmi|mandarmi|"+
					"inviarmi|contattare|inviare|mandare] ITANY* ITMSGS?",
				"basta|smettete|smettetela|smetti|smettila|smetta ITANY* [ITMSGS]",
				"smettete|smettetela|smetti|smettila|smetta|finitela di [mandarmi|inviarmi|scrivermi|contattarmi|mandare|inviare|scrivere|"+
					"messaggiare]",
				"non voglio|desidero piu? [ricevere|ricevervi]", "non voglio|desidero ITANY* [ITMSGS]", "nolonger|niente|mai|stop ITANY* [ITMSGS]",
				"non voglio|desidero piu? essere [contattato|contattata|disturbato|disturbata]", "[revoco] il? mio? consenso",
				"[disiscrizione|disdetta|disiscrivi] $", "[annullare|annullate|annulla|disdire] l|la|iscrizione|abbonamento"),
			perhaps("^ [annulla|ferma|fermati|basta|fermate|smettila|cancella|cancellami|smettetela] $",
				"non sono? [interessato|interessata|interessa]", "non mi [interessa]", "[lasciatemi|lasciami] in pace"),
			stranger("numero [sbagliato|errato]", "[sbagliato] numero|persona", "persona [sbagliata]", "avete|hai [sbagliato]"),
		},
	}
}

func portugueseRequests() vocabulary {
	return vocabulary{
		language: "pt",
		pairs:    "por favor=porfavor, nao quero=naoquero, n quero=naoquero",
		classes: map[string]string{
			"+POLITE": "gentileza",
			"+FILLER": "obrigado obrigada obg agora ola oi bom boa dia tarde noite",
			"+PLACE":  "da do desta dessa deste para esse este neste", "+PLACEWORDS": "lista cadastro numero base",
			"+AROUND": "quero eu gostaria favor por meu minha peco solicito queria",
			"+OTHERVERB": "remover remova removam retirar retire tirar tire tirem excluir cancelar cancele pare parem parar descadastrar " +
				"chega sair nao",
			"+OTHEROBJECT": "lista mensagens mensagem sms receber cadastro inscricao enviar mandar mandem enviem contato",
			"PTMSGS": "mensagem mensagens msg msgs sms msn torpedos propaganda propagandas promocoes notificacoes avisos publicidade " +
				"anuncios spam contato ligacoes whatsapp comunicacoes emails",
			"PTANY": "mais de me os as essas esses suas seus nenhuma nenhum estas tantas nada isso essa sua qualquer com a mensagens para",
			"PTSEND": "mandar enviar escrever contatar mandem mande manda envie envia enviem escreva escrevam mandando enviando incomodar " +
				"incomode incomodem perturbe perturbem perturbar mandarem contate contactem contacte contatem ligar ligue liguem",
			"PTLIST": "lista listas cadastro base sistema contatos mailing banco grupo transmissao registro",
			"PTREMOVE": "tire tira tirem remova remove removam retire retira retirem exclua exclui excluam apague apaga apaguem delete " +
				"deleta deletem remover retirar excluir tirar apagar cancele cancelem elimine",
		},
		rules: []rule{
			asks("naoquero|deseo|desejo|quero PTANY* [receber|recebendo] PTANY* PTMSGS", "naoquero PTANY* [receber|recebendo|contato|saber]",
				"nao|n desejo|gostaria|pretendo PTANY* de? [receber]", "naoquero PTANY* [PTMSGS]", "nao|n PTANY|me* [PTSEND] mais|nada|nunca PTMSGS?",
				"nao|n me? [PTSEND] PTANY* PTMSGS", "pare|para|parem|parar|pares|parar|deixe|deixem|chega de me? [PTSEND] PTANY* PTMSGS?",
				"pare|parem|chega|sem|parar com|de? PTANY* [PTMSGS]",
				"[PTREMOVE] meu|o|este|esse numero|contato|telefone|nome|cadastro",
				"me [PTREMOVE] da|desta|dessa|do|sua|de|deste|seu|essa|lista* PTLIST",
				"[PTREMOVE] me? da|desta|dessa|do|sua|de|deste|seu|vossa* PTLIST",
				"[descadastrar|descadastre|descadastra|descadastro|desinscrever|desinscreva|descadastrem] me|meu|minha|numero+",
				"(sair) da|desta|dessa|do PTLIST",
				"[cancelar|cancele|cancelem] minha|a|meu|o|essa|as inscricao|assinatura|cadastro|recebimento|envio|mensagens",
				"^ [sair|parar|descadastrar|parem] $", "[revogo] meu? consentimento", "nao [autorizo|autorizei] PTANY* PTSEND|PTMSGS"),
			perhaps("^ [pare|remover|excluir|chega|cancelar|cancela|remove] $", "nao tenho [interesse]", "nao estou [interessado|interessada]",
				"sem [interesse]", "me [deixa|deixe|deixem] em paz", "nao me [PTSEND] $",
				"como (cancelo|sair|saio|faco|cancelar) para|parar|de|da* PTSEND|receber|PTLIST|cancelar"),
			stranger("numero [errado]", "pessoa [errada]", "[engano] $", "nao e mais? (o|meu|dele|dela) numero?", "[ligou|mandou] errado",
				"nao sou (essa|esse|o|a) pessoa?", "nao [conheco]"),
		},
	}
}

func dutchRequests() vocabulary {
	return vocabulary{
		language: "nl",
		pairs:    "s v=svp",
		classes: map[string]string{
			"+POLITE": "alstublieft alsjeblieft aub graag svp",
			"+FILLER": "bedankt meteen dank hallo onmiddellijk",
			"+PLACE":  "van de uit uw jullie deze op naar dit af", "+PLACEWORDS": "lijst bestand nummer",
			"+AROUND":      "ik wil jullie u van uw wilt willen zou kunt kun je",
			"+OTHERVERB":   "verwijder verwijderen schrap haal stop stoppen geen niet uitschrijven afmelden ophouden",
			"+OTHEROBJECT": "lijst bestand berichten sms sturen smsen contacteren nummer benaderen nieuwsbrief mailen",
			"NLMSGS":       "berichten bericht smsjes sms sms'jes smsen reclame appjes mails meldingen berichtjes",
			"NLANY":        "meer deze die jullie uw verdere van dit aan mij me het",
			"NLLIST":       "lijst bestand database systeem mailinglijst contacten adressenlijst verzendlijst contactenlijst",
		},
		rules: []rule{
			asks("geen NLANY* [NLMSGS] meer|sturen|ontvangen|toesturen*",
				"[stop|stoppen|hou|houd] op? met|mee NLANY|NLMSGS* sms'en|sturen|berichten|smsen|appen|bellen|mailen|texten|sms|spammen|"+
					"lastigvallen|contacteren",
				"[verwijder|verwijderen|schrap|haal] mij|me|mijn|nummer|gegevens|dit|telefoonnummer|a* uit|van|af uw|jullie|de|je|deze NLLIST",
				"[verwijder|wis|schrap] mijn|dit nummer|gegevens|telefoonnummer", "[schrijf|meld|haal] mij|me uit|af|eraf $",
				"mij|me [uitschrijven|afmelden|uitschrijving]", "^ [afmelden|uitschrijven|afmelding|stoppen] $",
				"[stuur|sms|app|contacteer|bel|mail|sturen|benader] mij|me|ons NLANY* niet|geen|nooit",
				"niet NLANY* [sturen|smsen|contacteren|benaderen|appen|lastigvallen]", "niet meer worden|wil|gecontacteerd* [gecontacteerd|benaderd]",
				"wil niets|niks|niet|geen NLANY|NLMSGS* [ontvangen]"),
			perhaps("geen|niet [interesse|geinteresseerd]", "[laat] me|mij met rust", "[rot|sodemieter] op", "hou|houd [op] $",
				"wil me|mij [afmelden|uitschrijven]"),
			stranger("[verkeerd|verkeerde|fout|foutief] nummer|persoon"),
		},
	}
}

func polishRequests() vocabulary {
	return vocabulary{
		language: "pl",
		classes: map[string]string{
			"+POLITE": "prosze",
			"+FILLER": "dziekuje natychmiast dzien dobry",
			"+PLACE":  "z ze na ten tej do waszej", "+PLACEWORDS": "listy numer bazy",
			"+AROUND":      "o mnie sobie chce zycze juz",
			"+OTHERVERB":   "usunac usun usuniecie wypisac wypisz nie przestancie rezygnuje zaprzestac",
			"+OTHEROBJECT": "listy wiadomosci smsow sms numer wysylac pisac dzwonic newslettera subskrypcji otrzymywac",
			"PLMSGS":       "smsow wiadomosci sms smsy reklam powiadomien esemesow spamu smsow",
			"PLSEND": "wysylajcie wysylac wysylaj piszcie pisac pisz dzwoncie dzwonic dzwon kontaktujcie kontaktowac kontaktuj przysylajcie " +
				"przysylac przysylaj wysylania przysylania pisania niepokoic wysylanie przysylanie",
		},
		rules: []rule{
			asks("nie|przestancie|przestan|przestac|koniec mi|do|mnie|sie|ze|mna|juz|z* [PLSEND] wiecej|zadnych|tych|do|mnie|mi|PLMSGS*",
				"[usun|usunac|usuncie|usuniecie|wykresl|wykreslic|wykreslcie|skreslic] mnie|moj|mojego|ten|numer|numeru* z|ze listy|bazy|numer|"+
					"systemu|waszej|tej|subskrypcji*",
				"[wypisz|wypiszcie|wypisac|wypisuje] mnie|sie",
				"nie chce|zycze sobie|juz|wiecej|otrzymywac|dostawac|zadnych|tych|waszych* [PLMSGS|otrzymywac|kontaktu]",
				"[rezygnuje] z? PLMSGS|subskrypcji|uslugi|newslettera?", "[zaprzestanie|zaprzestac|zaprzestancie]",
				"^ [wypisz|rezygnuje|zatrzymaj|anuluj] $", "[cofam|wycofuje|odwoluje] zgode"),
			perhaps("nie jestem [zainteresowany|zainteresowana]", "(dajcie|daj) mi spokoj", "[odczepcie|odwalcie|spadaj|spadajcie] sie?",
				"nie [interesuje] mnie?"),
			stranger("[zly|bledny|niewlasciwy] numer", "[pomylka] $", "pomylil|pomylka|pomyliles [numer|numeru]"),
		},
	}
}

func turkishRequests() vocabulary {
	return vocabulary{
		language: "tr",
		classes: map[string]string{
			"+POLITE":      "lutfen rica",
			"+FILLER":      "artik tesekkurler hemen edin ediniz edermisiniz misiniz",
			"+AROUND":      "bana beni bir daha sizden",
			"+OTHERVERB":   "cikarin cikar silin iptal istemiyorum durdurun kesin atmayin gondermeyin",
			"+OTHEROBJECT": "listeden liste mesaj mesajlari sms numarami aboneligi aboneligimi uyeligimi",
			"TRMSGS":       "mesaj mesajlar mesajlari mesajlarini sms reklam bildirim smsler",
		},
		rules: []rule{
			asks("[TRMSGS] atmayin|atma|gondermeyin|gonderme|yollamayin|istemiyorum|almak|yazmayin|atmayiniz|gondermeyiniz|gelmesin|kesin|"+
				"durdurun|iptal",
				"beni|numarami|listeden|listenizden|rehberden|ismimi* [listeden|listenizden|sistemden|rehberinizden|listelerinizden] cikarin|"+
					"cikar|silin|cikartin|sil|kaldirin|cikariniz|cikarir",
				"[numarami] silin|sil|cikarin|siliniz|kaldirin", "[aboneligimi|aboneligi|uyeligimi] iptal|sonlandir|sonlandirin",
				"[mesajlarinizi|mesaj] almak istemiyorum", "beni [aramayin|silin|cikarin|engelleyin]", "bana [yazmayin|yazma|mesaj] atmayin|atma?",
				"[ret|iptal|durdur] $"),
			perhaps("[ilgilenmiyorum|istemiyorum] $", "beni? [rahatsiz] etmeyin|etme", "beni rahat [birakin]", "[yeter] $", "[aramayin] $"),
			stranger("[yanlis] numara|kisi"),
		},
	}
}

func indonesianRequests() vocabulary {
	return vocabulary{
		language: "id",
		classes: map[string]string{
			"+POLITE":      "tolong mohon harap sila",
			"+FILLER":      "terima kasih sekarang ya lagi dong",
			"+AROUND":      "saya aku ingin mau dari anda",
			"+OTHERVERB":   "hapus hentikan berhenti jangan keluarkan batalkan stop",
			"+OTHEROBJECT": "daftar sms pesan nomor mengirim kirim langganan hubungi list senarai",
			"IDMSGS":       "sms pesan wa mesej iklan notifikasi",
			"IDME":         "saya aku nomor no nombor kami nama nomer",
		},
		rules: []rule{
			asks("[hapus|hapuskan|keluarkan|padam|buang|padamkan] IDME IDME* ini|dari|daripada|daftar|senarai|grup|kontak|anda|list*",
				"[berhenti|stop|hentikan|setop|berhentilah] mengirim|kirim|hantar|menghantar|kirimi|sms|mengirimi|menghubungi|hubungi|langganan|"+
					"berlangganan|mengganggu|semua|IDMSGS",
				"[jangan] lah|pernah* kirim|kirimi|hubungi|sms|hantar|mengirim|menghubungi|wa|telepon|kirimkan|contact",
				"[berhenti|unreg|batalkan] berlangganan|langganan",
				"tidak|tak|gak|ga|nggak mau|ingin|nak menerima|terima|IDMSGS* [IDMSGS|menerima|dihubungi]", "^ [berhenti|unreg] $",
				"tidak|tak|ga|gak (mau|ingin|nak) menerima|terima|dihubungi|dikirimi"),
			perhaps("[jangan] ganggu", "tidak|tak|ga|gak (tertarik|berminat|minat)", "(cukup) $", "(batal) $"),
			stranger("[salah] nomor|sambung|orang|nombor|no"),
		},
	}
}

func scandinavianRequests(language string) vocabulary {
	switch language {
	case "sv":
		return vocabulary{
			language: language,
			classes: map[string]string{
				"+POLITE": "snalla", "+PLACE": "fran er eran", "+PLACEWORDS": "listan lista", "+FILLER": "tack hej omedelbart",
				"+AROUND":    "jag vill ert er mig",
				"+OTHERVERB": "sluta bort avregistrera inte inga stoppa", "+OTHEROBJECT": "listan sms meddelanden nummer kontakta skicka utskick",
				"SVMSGS": "sms meddelanden meddelande utskick reklam mess",
			},
			rules: []rule{
				asks("[sluta] med|att|skicka* smsa|skicka|kontakta|messa|ringa|sms|SVMSGS|spamma|mig+", "ta [bort] mig|mitt|min nummer|namn?",
					"inga|ingen|stoppa|vill fler|mer|inte|ha|mera|era* [SVMSGS]", "[avregistrera|avanmal|stryk|radera] mig|mitt nummer?",
					"^ [avregistrera|avsluta|avanmal] $", "[skicka|kontakta|smsa|ring] inte|aldrig mig|mer|fler", "inte [kontaktas|kontakta]"),
				perhaps("inte [intresserad]", "[lamna] mig ifred|i"), stranger("[fel] nummer|person"),
			},
		}
	case "da":
		return vocabulary{
			language: language,
			classes: map[string]string{
				"+POLITE": "venligst", "+PLACE": "fra jeres", "+PLACEWORDS": "listen liste", "+FILLER": "tak straks",
				"+AROUND": "jeg vil gerne jeres", "+OTHERVERB": "stop fjern slet afmeld ikke ingen",
				"+OTHEROBJECT": "listen beskeder nummer sende sms", "DAMSGS": "sms'er smser sms beskeder besked reklamer",
			},
			rules: []rule{
				asks("[stop|hold] op? med at|DAMSGS* sende|skrive|sms'e|kontakte|smse|ringe|DAMSGS", "[fjern|slet] mig|mit nummer?",
					"ikke|ingen flere|mere [DAMSGS]", "[afmeld|frameld|slet] mig|nummer?", "^ [afmeld|frameld] $",
					"[send|kontakt|skriv] mig|mere* ikke|aldrig|flere|ingen mig|mere|igen|til*", "onsker ikke [at]"),
				perhaps("ikke [interesseret]", "lad mig (vaere) i? fred?"), stranger("[forkert] nummer|person"),
			},
		}
	default:
		return vocabulary{
			language: "nb",
			classes: map[string]string{
				"+POLITE": "vennligst", "+PLACE": "deres", "+PLACEWORDS": "lista", "+FILLER": "takk",
				"+AROUND": "jeg deres", "+OTHERVERB": "slutt fjern slett avmeld ikke stopp", "+OTHEROBJECT": "lista meldinger nummeret sende sms",
				"NBMSGS": "meldinger melding sms reklame tekstmeldinger smser",
			},
			rules: []rule{
				asks("[slutt|stopp|slutte] med|a* sende|NBMSGS|kontakte|sms|tekste|skrive|ringe", "[fjern|slett|stryk] meg|nummeret|nummer|mitt+",
					"ikke|ingen flere|mer|send|sende* [NBMSGS]", "[meld] meg av", "^ [avmeld|avslutt] $",
					"[send|kontakt|skriv] meg|ikke ikke|meg NBMSGS|mer|flere|igjen*"),
				perhaps("ikke [interessert]", "la meg vaere i (fred)"), stranger("[feil] nummer|person"),
			},
		}
	}
}

func finnish() vocabulary {
	return vocabulary{
		language: "fi",
		classes: map[string]string{
			"+FILLER": "kiitos heti", "+PLACEWORDS": "listalta postituslistalta luettelosta listaltanne",
			"+OTHERVERB":   "lopeta lopettakaa poista poistakaa peruuta peru ala alkaa",
			"+OTHEROBJECT": "listalta viestit viesteja viestien numeroni lahettaminen tilaus",
			"FIMSGS":       "viesteja viestit viestien tekstiviesteja viestia tekstiviestit mainoksia",
		},
		rules: []rule{
			asks("[lopeta|lopettakaa|lopettaa] naiden|minulle* FIMSGS|viestittely|lahettaminen|lahettely lahettaminen?",
				"[poista|poistakaa] minut|numeroni|nimeni", "ei enaa|lisaa [FIMSGS]", "[alkaa|ala] lahettako|laheta|ottako|soittako|ota",
				"en halua enaa|naita|vastaanottaa* [FIMSGS]", "^ [peruuta|lopeta] $", "[peru|perukaa] tilaus|tilaukseni"),
			perhaps("en ole [kiinnostunut]", "ei [kiinnosta]", "[jattakaa] minut rauhaan"), stranger("[vaara] numero|henkilo"),
		},
	}
}

func czech() vocabulary {
	return vocabulary{
		language: "cs",
		classes: map[string]string{
			"+POLITE": "prosim", "+PLACEWORDS": "seznamu databaze zoznamu", "+FILLER": "dekuji hned",
			"+OTHERVERB":   "odhlasit odhlaste smazte odstrante vyradte vymazte nechci prestante zruste",
			"+OTHEROBJECT": "seznamu zpravy odberu odber cislo databaze posilat sms", "CSMSGS": "zpravy zprav sms smsky reklamy sprav spravy",
		},
		rules: []rule{
			asks("[neposilejte|neposilat|nezasilejte|nepiste|nekontaktujte|nevolejte|neposielajte|nepisat|nekontaktovat|neotravujte] mi|me|"+
				"uz|dalsi|zadne+ CSMSGS?",
				"[odhlaste|odhlasit|odhlasuji|vyradte|smazte|vymazte|odstrante|odeberte|vyskrtnete|odhlaste|odstranit|vymazat] me|mne|moje|muj|"+
					"se|cislo|ma+",
				"[prestante|prestat] mi|posilat|psat|s+", "nechci|neprejem uz|dalsi|dostavat|zadne|si|vase* [CSMSGS|dostavat]",
				"zadne dalsi? [CSMSGS]"),
			perhaps("nemam [zajem|zaujem]", "[nechte] me|mne na|byt", "^ [zrusit] $"), stranger("[spatne|zle|chybne] cislo", "mate [spatne] cislo"),
		},
	}
}

func hungarian() vocabulary {
	return vocabulary{
		language: "hu",
		classes: map[string]string{
			"+POLITE": "kerem legyszives", "+FILLER": "koszonom azonnal tobbet tobbe",
			"+OTHERVERB": "toroljenek torolje toroljek ne nem leiratkozom", "+OTHEROBJECT": "listarol uzenetet sms szamomat kuldjenek uzeneteket",
			"HUMSGS": "uzenetet sms smst uzeneteket smst ertesitest uzenetek",
		},
		rules: []rule{
			asks("ne [kuldjenek|kuldjon|kuldj|irjanak|irjon|irj|keressenek|keressen|hivjanak|zavarjanak|kuldjetek] nekem|HUMSGS*",
				"nem kerek|akarok|szeretnek nekem|tobb|kapni* [HUMSGS]",
				"[toroljenek|toroljek|toroljon|toroljetek|torolje] ki|a|az|szamomat|engem|nevem|listarol+", "[leiratkozas|leiratkozom|leiratkozni]",
				"[hagyjak|hagyja] abba"),
			perhaps("nem [erdekel]", "[hagyjanak|hagyjon] beken"), stranger("[rossz|teves] szam|szamot"),
		},
	}
}

func romanian() vocabulary {
	return vocabulary{
		language: "ro",
		classes: map[string]string{
			"+FILLER": "multumesc imediat rog va", "+AROUND": "sa ma", "+PLACE": "din", "+PLACEWORDS": "lista",
			"+OTHERVERB":   "stergeti scoateti eliminati opriti incetati nu dezabonati",
			"+OTHEROBJECT": "lista mesaje numarul trimiteti mesajele primesc", "ROMSGS": "mesaje mesajele sms smsuri reclame notificari",
		},
		rules: []rule{
			asks("nu|numai imi|ma|mai|mi* [trimiteti|trimite|scrieti|contactati|contacta|sunati|deranjati|scrie]",
				"[stergeti|scoateti|eliminati|stergetima|scoatetima|sterge|scoate] ma|numarul|din|meu|lista+",
				"[dezabonare|dezabonati|dezaboneaza|dezabonez|dezabonatima] ma?", "nu|fara mai|vreau|doresc|sa|primesc* [ROMSGS|primesc]",
				"[opriti|incetati] ROMSGS|cu|sa|mesajele+"),
			perhaps("nu sunt|ma [interesat|interesata|intereseaza]", "[lasatima|lasati] ma? in pace"), stranger("numar [gresit]",
				"ati [gresit] numarul"),
		},
	}
}

func vietnamese() vocabulary {
	return vocabulary{
		language: "vi",
		classes: map[string]string{
			"+POLITE": "vui xin", "+FILLER": "long", "+PLACE": "khoi", "+PLACEWORDS": "sach",
			"VISEND": "gui nhan goi lien spam tin lam",
		},
		rules: []rule{
			asks("(ngung|dung|dung|ngung) VISEND tin|nhan|cho|toi|he|phien*", "(huy) dang ky", "(xoa) so|toi|ten",
				"khong muon (nhan) tin|them|nua*"),
			perhaps("khong quan (tam)"), stranger("(nham|sai) so"),
		},
	}
}

func tagalog() vocabulary {
	return vocabulary{
		language: "tl",
		classes:  map[string]string{"+FILLER": "po naman salamat", "+POLITE": "paki pakiusap"},
		rules: []rule{
			asks("[huwag|wag] na|nyo|niyo|mo|ninyo|akong|ako|kayong|kayo* i|itext|text|magtext|magpadala|padalhan|tawagan|send|magsend|"+
				"magmessage|kontakin|contact",
				"[tigilan|itigil] na|nyo|niyo|mo|ang|ako+",
				"[tanggalin|alisin|burahin|pakitanggal|pakialis|pakitigil] na|nyo|niyo|mo|ako|ang|number|numero+",
				"ayoko|ayaw na|ko|ng|makatanggap|tumanggap* [text|message|messages|texts]"),
			perhaps("hindi|di ako [interesado]"), stranger("maling|mali [number|numero]"),
		},
	}
}

func swahili() vocabulary {
	return vocabulary{
		language: "sw",
		classes:  map[string]string{"SWMSGS": "ujumbe meseji sms jumbe message"},
		rules: []rule{
			asks("[acha|acheni|wacha|wacheni|koma|komeni] kunitumia|kutuma|kutumia|kuni* SWMSGS|kunitumia|kunipigia",
				"[sitaki|sihitaji] tena|kupokea|SWMSGS* SWMSGS", "[niondoe|niondoeni|nitoe|nitoeni|futa]", "^ [sitaki|acha] $",
				"[usinitumie|msinitumie] tena|SWMSGS+"),
		},
	}
}

func hindiInLatin() vocabulary {
	return vocabulary{
		language: "hi-Latn",
		rules: []rule{
			asks("[mat|na] bhejo|bhejna|bhejiye|karo|kro|bheje", "message|messages|msg|sms|text mat [karo|bhejo|kro|bhejna|bhejiye]",
				"message|messages|msg|sms|messege|ye|isko|yeh* [band|bandh] karo|kro|kar|kardo|kijiye",
				"mera|mujhe|number|no|list|se+ [hatao|hata|nikalo|nikaal|hataiye] do?"),
			stranger("[galat|galath] number|no"),
		},
	}
}

func southSlavic() vocabulary {
	return vocabulary{
		language: "hr",
		classes: map[string]string{
			"+POLITE": "molim", "+FILLER": "vas hvala odmah", "+PLACE": "s sa iz",
			"+PLACEWORDS": "popisa liste seznama", "HRMSGS": "poruke poruka sms sporocil sporocila smsove",
		},
		rules: []rule{
			asks("[uklonite|odstranite|izbrisite|obrisite|maknite|odjavite|izbrisi|makni|uklonite|odjavi|skinite] me|moj|broj|mojo|stevilko+",
				"nemojte|prestanite|prenehajte|ne mi|me|vise|z|s* [slati|pisati|saljite|slat|posiljati|posiljajte|pisite|pisat|kontaktirati] "+
					"vise|HRMSGS|mi*",
				"ne zelim|zelim|zelim|zelim vise|primati|dobivati* HRMSGS|primati [HRMSGS]", "[odjava] $"),
			stranger("[pogresan|krivi|napacna] broj|stevilka"),
		},
	}
}

func baltic() vocabulary {
	return vocabulary{
		language: "lt",
		classes:  map[string]string{"+POLITE": "prasau prasome ludzu palun", "+PLACE": "is no", "+PLACEWORDS": "saraso saraksta nimekirjast"},
		rules: []rule{
			asks("[pasalinkite|pasalinti|isbraukite|istrinkite|pasalinkit] mane|mano+", "[nesiuskite|nerasykite|neberasykite|nebesiuskite]",
				"[iznemiet|dzesiet|svitrojiet|izdzesiet] mani|manu+", "[nesutiet|nerakstiet]", "[eemaldage|kustutage|eemalda] mind|mu|minu+",
				"arge [saatke] mulle?"),
		},
	}
}

func catalan() vocabulary {
	return vocabulary{
		language: "ca",
		classes:  map[string]string{"+POLITE": "sisplau plau", "+PLACEWORDS": "llista"},
		rules: []rule{
			asks("[doneume|donam|donim|doneu] me? de baixa", "no vull [rebre] mes|missatges*", "no menvieu|envieu mes? [missatges]",
				"[esborreu|elimineu|traieu] me|el|meu|numero+", "deixeu de [enviar|enviarme] missatges?"),
			perhaps("^ [baixa] $"),
		},
	}
}

func afrikaans() vocabulary {
	return vocabulary{
		language: "af",
		classes:  map[string]string{"+POLITE": "asseblief"},
		rules: []rule{asks("[verwyder] my|nommer+", "moenie [my] sms|boodskappe|kontak|weer*", "hou op om [boodskappe|my|sms]",
			"geen [boodskappe] meer?")},
	}
}
