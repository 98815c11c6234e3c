package optout

// languageReplies are the texts of a language.
type languageReplies struct {
	tags    []string
	replies Replies
}

// shipped are the texts of each language, the tags of the language first. Each text is
// one part: GSM-7, in words that need no letter outside of it (Polish has its accents left
// out, as is the custom in SMS), and UCS-2 for Russian. They name START, STOP, HELP and YES,
// which are on in every language.
func shipped() []languageReplies {
	return []languageReplies{
		{[]string{"en"}, Replies{
			OptOut: "You have successfully been unsubscribed. You will not receive any more messages from this number. " +
				"Reply START to resubscribe.",
			OptIn: "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply " +
				"STOP to unsubscribe. Msg&Data Rates May Apply.",
			Help: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
			Confirm: "Reply YES to confirm that you want messages from this number. Reply HELP for help. Reply STOP to " +
				"unsubscribe. Msg&Data Rates May Apply.",
		}},
		{[]string{"fr"}, Replies{
			OptOut: "Désabonnement confirmé. Vous ne recevrez plus de messages de ce numéro. Répondez START pour vous " +
				"réabonner.",
			OptIn: "Réabonnement confirmé : vous recevrez à nouveau nos messages. Aide : répondez HELP. Désabonnement : " +
				"répondez STOP. Des frais peuvent s'appliquer.",
			Help: "Répondez STOP pour vous désabonner. Des frais de messages et de données peuvent s'appliquer.",
			Confirm: "Répondez YES pour confirmer que vous voulez recevoir nos messages. Aide : répondez HELP. " +
				"Désabonnement : répondez STOP. Des frais peuvent s'appliquer.",
		}},
		{[]string{"es"}, Replies{
			OptOut: "Baja confirmada: dejamos de enviarle mensajes desde este remitente. Responda START para recibirlos " +
				"de nuevo.",
			OptIn: "Alta confirmada: vuelve a recibir nuestros mensajes. Ayuda: responda HELP. Baja: responda STOP. " +
				"Pueden aplicarse tarifas de mensajes y datos.",
			Help: "Responda STOP para darse de baja. Pueden aplicarse tarifas de mensajes y datos.",
			Confirm: "Responda YES para confirmar que quiere recibir nuestros mensajes. Ayuda: responda HELP. Baja: " +
				"responda STOP. Pueden aplicarse tarifas.",
		}},
		{[]string{"pt"}, Replies{
			OptOut: "Cancelamento confirmado: deixamos de lhe enviar mensagens. Responda START para voltar a receber.",
			OptIn: "Confirmado: volta a receber as nossas mensagens. Ajuda: responda HELP. Para cancelar: responda " +
				"STOP. Podem aplicar-se tarifas de mensagens e dados.",
			Help: "Responda STOP para cancelar. Podem aplicar-se tarifas de mensagens e dados.",
			Confirm: "Responda YES para confirmar que quer receber as nossas mensagens. Ajuda: responda HELP. Para " +
				"cancelar: responda STOP. Podem aplicar-se tarifas.",
		}},
		{[]string{"de"}, Replies{
			OptOut: "Sie sind abgemeldet und erhalten von dieser Nummer keine Nachrichten mehr. Antworten Sie START, um " +
				"sich wieder anzumelden.",
			OptIn: "Sie erhalten wieder Nachrichten von dieser Nummer. Hilfe: Antworten Sie HELP. Abmelden: Antworten " +
				"Sie STOP. Es können Kosten für SMS und Daten anfallen.",
			Help: "Antworten Sie STOP, um sich abzumelden. Es können Kosten für SMS und Daten anfallen.",
			Confirm: "Antworten Sie YES, um den Empfang von Nachrichten zu bestätigen. Hilfe: Antworten Sie HELP. " +
				"Abmelden: Antworten Sie STOP. Es können Kosten anfallen.",
		}},
		{[]string{"it"}, Replies{
			OptOut: "Iscrizione annullata. Non riceverà più messaggi da questo numero. Risponda START per iscriversi di " +
				"nuovo.",
			OptIn: "Iscrizione riattivata: riceverà di nuovo i nostri messaggi. Aiuto: risponda HELP. Per annullare: " +
				"risponda STOP. Possono applicarsi costi per SMS e dati.",
			Help: "Risponda STOP per annullare l'iscrizione. Possono applicarsi costi per SMS e dati.",
			Confirm: "Risponda YES per confermare che vuole ricevere i nostri messaggi. Aiuto: risponda HELP. Per " +
				"annullare: risponda STOP. Possono applicarsi costi.",
		}},
		{[]string{"nl"}, Replies{
			OptOut: "U bent afgemeld en ontvangt geen berichten meer van dit nummer. Antwoord START om u weer aan te " +
				"melden.",
			OptIn: "U bent weer aangemeld voor berichten van dit nummer. Hulp: antwoord HELP. Afmelden: antwoord STOP. " +
				"Er kunnen kosten voor sms en data gelden.",
			Help: "Antwoord STOP om u af te melden. Er kunnen kosten voor sms en data gelden.",
			Confirm: "Antwoord YES om te bevestigen dat u berichten van dit nummer wilt. Hulp: antwoord HELP. Afmelden: " +
				"antwoord STOP. Er kunnen kosten gelden.",
		}},
		{[]string{"pl"}, Replies{
			OptOut: "Rezygnacja przyjeta. Nie otrzymasz wiecej wiadomosci z tego numeru. Odpowiedz START, aby je wznowic.",
			OptIn: "Subskrypcja wznowiona: znowu otrzymujesz wiadomosci z tego numeru. Pomoc: odpowiedz HELP. " +
				"Rezygnacja: odpowiedz STOP. Operator moze pobrac oplaty.",
			Help: "Odpowiedz STOP, aby zrezygnowac z wiadomosci. Operator moze pobrac oplaty.",
			Confirm: "Odpowiedz YES, aby potwierdzic, ze chcesz otrzymywac wiadomosci z tego numeru. Pomoc: odpowiedz " +
				"HELP. Rezygnacja: odpowiedz STOP.",
		}},
		{[]string{"ru"}, Replies{
			OptOut:  "Вы отписаны, сообщений больше не будет. Вернуть их: ответьте START.",
			OptIn:   "Вы снова подписаны. Помощь: HELP. Отписка: STOP. Возможна плата.",
			Help:    "Отписка: ответьте STOP. Возможна плата за сообщения и данные.",
			Confirm: "Подтвердите подписку: ответьте YES. Помощь: HELP. Отписка: STOP.",
		}},
		{[]string{"no", "nb", "nn"}, Replies{
			OptOut: "Du er avmeldt og får ikke flere meldinger fra dette nummeret. Svar START for å melde deg på igjen.",
			OptIn: "Du er påmeldt igjen og får meldinger fra dette nummeret. Hjelp: svar HELP. Avmelding: svar STOP. " +
				"Kostnader for SMS og data kan påløpe.",
			Help: "Svar STOP for å melde deg av. Kostnader for SMS og data kan påløpe.",
			Confirm: "Svar YES for å bekrefte at du vil ha meldinger fra dette nummeret. Hjelp: svar HELP. Avmelding: " +
				"svar STOP. Kostnader kan påløpe.",
		}},
	}
}
