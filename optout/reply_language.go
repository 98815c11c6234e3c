package optout

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/keywords"
)

// LanguageReplies returns the texts that are used for keywords of a language
// unless others are chosen, and whether there are any: for "fr", "es", "pt", "de",
// "it", "nl", "pl", "ru" and "no". It looks at the language of a tag ("fr-CA")
// alone. For English they are [DefaultReplies].
//
// Each is one part: GSM-7, in words that need no letter outside of it (Polish has
// its accents left out, as is the custom in SMS), and UCS-2 for Russian. They tell
// people START, STOP and HELP, which are on in every language.
func LanguageReplies(language string) (Replies, bool) {
	base, _, _ := strings.Cut(normalTag(language), "-")
	switch base {
	case "en":
		return DefaultReplies(), true
	case "fr":
		return Replies{
			OptOut: "Désabonnement confirmé. Vous ne recevrez plus de messages de ce numéro. Répondez START pour vous réabonner.",
			OptIn:  "Réabonnement confirmé : vous recevrez à nouveau nos messages. Aide : répondez HELP. Désabonnement : répondez STOP. Des frais peuvent s'appliquer.",
			Help:   "Répondez STOP pour vous désabonner. Des frais de messages et de données peuvent s'appliquer.",
		}, true
	case "es":
		return Replies{
			OptOut: "Baja confirmada: dejamos de enviarle mensajes desde este remitente. Responda START para recibirlos de nuevo.",
			OptIn:  "Alta confirmada: vuelve a recibir nuestros mensajes. Ayuda: responda HELP. Baja: responda STOP. Pueden aplicarse tarifas de mensajes y datos.",
			Help:   "Responda STOP para darse de baja. Pueden aplicarse tarifas de mensajes y datos.",
		}, true
	case "pt":
		return Replies{
			OptOut: "Cancelamento confirmado: deixamos de lhe enviar mensagens. Responda START para voltar a receber.",
			OptIn:  "Confirmado: volta a receber as nossas mensagens. Ajuda: responda HELP. Para cancelar: responda STOP. Podem aplicar-se tarifas de mensagens e dados.",
			Help:   "Responda STOP para cancelar. Podem aplicar-se tarifas de mensagens e dados.",
		}, true
	case "de":
		return Replies{
			OptOut: "Sie sind abgemeldet und erhalten von dieser Nummer keine Nachrichten mehr. Antworten Sie START, um sich wieder anzumelden.",
			OptIn:  "Sie erhalten wieder Nachrichten von dieser Nummer. Hilfe: Antworten Sie HELP. Abmelden: Antworten Sie STOP. Es können Kosten für SMS und Daten anfallen.",
			Help:   "Antworten Sie STOP, um sich abzumelden. Es können Kosten für SMS und Daten anfallen.",
		}, true
	case "it":
		return Replies{
			OptOut: "Iscrizione annullata. Non riceverà più messaggi da questo numero. Risponda START per iscriversi di nuovo.",
			OptIn:  "Iscrizione riattivata: riceverà di nuovo i nostri messaggi. Aiuto: risponda HELP. Per annullare: risponda STOP. Possono applicarsi costi per SMS e dati.",
			Help:   "Risponda STOP per annullare l'iscrizione. Possono applicarsi costi per SMS e dati.",
		}, true
	case "nl":
		return Replies{
			OptOut: "U bent afgemeld en ontvangt geen berichten meer van dit nummer. Antwoord START om u weer aan te melden.",
			OptIn:  "U bent weer aangemeld voor berichten van dit nummer. Hulp: antwoord HELP. Afmelden: antwoord STOP. Er kunnen kosten voor sms en data gelden.",
			Help:   "Antwoord STOP om u af te melden. Er kunnen kosten voor sms en data gelden.",
		}, true
	case "pl":
		return Replies{
			OptOut: "Rezygnacja przyjeta. Nie otrzymasz wiecej wiadomosci z tego numeru. Odpowiedz START, aby je wznowic.",
			OptIn:  "Subskrypcja wznowiona: znowu otrzymujesz wiadomosci z tego numeru. Pomoc: odpowiedz HELP. Rezygnacja: odpowiedz STOP. Operator moze pobrac oplaty.",
			Help:   "Odpowiedz STOP, aby zrezygnowac z wiadomosci. Operator moze pobrac oplaty.",
		}, true
	case "ru":
		return Replies{
			OptOut: "Вы отписаны, сообщений больше не будет. Вернуть их: ответьте START.",
			OptIn:  "Вы снова подписаны. Помощь: HELP. Отписка: STOP. Возможна плата.",
			Help:   "Отписка: ответьте STOP. Возможна плата за сообщения и данные.",
		}, true
	case "no", "nb", "nn":
		return Replies{
			OptOut: "Du er avmeldt og får ikke flere meldinger fra dette nummeret. Svar START for å melde deg på igjen.",
			OptIn:  "Du er påmeldt igjen og får meldinger fra dette nummeret. Hjelp: svar HELP. Avmelding: svar STOP. Kostnader for SMS og data kan påløpe.",
			Help:   "Svar STOP for å melde deg av. Kostnader for SMS og data kan påløpe.",
		}, true
	default:
		return Replies{}, false
	}
}

// translations returns the texts for each language that a keyword of the set has, and
// more, of those given, shipped, and standard, in this order.
func translations(set *keywords.Set, more []string, standard Replies, given map[string]Replies, confirms bool) (map[string]Replies, error) {
	byTag := make(map[string]Replies, len(given))
	for _, language := range slices.Sorted(maps.Keys(given)) {
		tag := normalTag(language)
		if !isTag(tag) {
			return nil, fmt.Errorf("%.40q is no language tag such as fr or es-MX (BCP 47)", language)
		}
		if _, twice := byTag[tag]; twice {
			return nil, fmt.Errorf("%.40q is given twice, in two spellings", language)
		}
		if err := given[language].valid(); err != nil {
			return nil, fmt.Errorf("%s: %w", language, err)
		}
		byTag[tag] = given[language]
	}

	used := map[string]bool{}
	byLanguage := map[string]Replies{}
	languages := slices.Clone(more)
	for word := range set.All() {
		languages = append(languages, word.Language)
	}
	for _, language := range languages {
		if _, done := byLanguage[language]; done {
			continue
		}
		var replies Replies
		for tag := normalTag(language); tag != ""; tag = parentTag(tag) {
			used[tag] = true
			replies = replies.or(byTag[tag])
			if shipped, ok := LanguageReplies(tag); ok && tag != "en" && !strings.Contains(tag, "-") {
				if confirms {
					shipped.Confirm = ConfirmReply(tag)
				}
				replies = replies.or(shipped)
			}
		}
		byLanguage[language] = replies.or(standard)
	}
	for _, language := range slices.Sorted(maps.Keys(given)) {
		if !used[normalTag(language)] {
			return nil, fmt.Errorf("no keyword of Keywords is in %q", language)
		}
	}
	return byLanguage, nil
}

// normalTag writes a language tag in one way: "fr_CA" as "fr-ca".
func normalTag(language string) string {
	return strings.ReplaceAll(strings.ToLower(language), "_", "-")
}

// parentTag cuts the last subtag: "fr-ca" is followed by "fr", and that by "".
func parentTag(tag string) string {
	return tag[:max(strings.LastIndexByte(tag, '-'), 0)]
}

// isTag reports whether a normal tag has the form of BCP 47: a language of two or
// more letters, then subtags of up to eight letters and digits.
func isTag(tag string) bool {
	for i, subtag := range strings.Split(tag, "-") {
		if subtag == "" || len(subtag) > 8 || i == 0 && len(subtag) < 2 {
			return false
		}
		for _, r := range subtag {
			letter := 'a' <= r && r <= 'z'
			digit := '0' <= r && r <= '9'
			if !letter && (i == 0 || !digit) {
				return false
			}
		}
	}
	return true
}
