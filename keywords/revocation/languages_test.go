package revocation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords/revocation"
)

// TestTheLanguageIsThatOfTheWords reads requests in words that languages share. They are
// English unless another word of the message is not.
func TestTheLanguageIsThatOfTheWords(t *testing.T) {
	for language, messages := range map[string]string{
		"en": `Stop promotions|stop message|stop messages|STOP MESSAGES PLEASE|Stop notifications|stop notification|Stop promos|stop promo
			|stop sms|please stop sms|stop spam|Stop mail|stop mails|stop email|Stop texts|stop text|stop newsletter|stop newsletters|stop marketing
			|stop communications|stop contact|stop mms|stop alerts|stop offers|stop all messages|stop your promotions now|stop propaganda|no spam`,
		"fr": `Stop publicité|Stop pub|stop les messages|arrêt notifications|arrêtez les sms|stop sms svp|stop notifications svp|stop mail merci
			|stop vos promos|stop aux notifications|stop newsletter s’il vous plaît|stop marketing merci|stop alertes|plus de messages`,
		"es": `stop mensajes|stop publicidad|stop sms gracias|stop spam por favor|Stop newsletter, por favor|stop sus promos|alto sms
			|no me manden más correo|no nos envíen más emails|basta de spam`,
		"pt": `stop mensagens|stop as mensagens|stop newsletter obrigado|stop promo obrigada|stop spam agora|chega de spam|stop notificações`,
		"de": `stop werbung|stop sms bitte|stop newsletter bitte|Stopp Werbung|stop marketing bitte|stopp sms|keine sms mehr|stop nachrichten`,
		"nl": `stop berichten|stop deze berichten|stop newsletter aub|stop spam alstublieft|geen sms meer|stop notificaties`,
		"it": `stop messaggi|stop pubblicità|stop spam grazie|stop mail per favore|stop newsletter grazie|niente spam`,
	} {
		for message := range strings.SplitSeq(messages, "|") {
			message = strings.TrimSpace(message)
			got := revocation.ReadUncapped(message)
			require.Equal(t, language, got.Language, "%q: %+v", message, got)
			if message != "no spam" {
				require.Equal(t, revocation.Certain, got.Certainty, "%q: %+v", message, got)
			}
		}
	}
}

// TestAnAsideIsNoRequest has a keyword beside a sentence in another language. The sentence
// asks for nothing, unless it has a word that a request or a refusal may have.
func TestAnAsideIsNoRequest(t *testing.T) {
	for want, messages := range map[revocation.Certainty]string{
		revocation.None: `stop, o Zé não vem|Stop. O Zé não vem.|o Zé não vem, stop|stop, a Maria não chegou|stop, o ônibus não vem hoje
			|pare, o João não vem|stop, os meninos não chegou|stop, el perro no viene|Stop, el autobús no llega|stop, la reunión es mañana temprano
			|stop, los niños no vienen|stop, der Zug kommt nicht|stop, die Katze ist krank heute|stop, il treno non arriva
			|stop, i bambini non vengono|stop, de trein komt niet|stop, het feest is morgen|stop, le chien ne vient pas|stop, la voiture est rouge
			|stop, une tortue ne vole jamais`,
		revocation.Possible: `STOP, não quero|STOP, não pedi o cartão|STOP, el señor murió|STOP, la familia Gómez|STOP, el precio no conviene
			|STOP, no es mi esposo|STOP, estoy trabajando|STOP, o meu marido não quer|STOP, der Mann ist tot|STOP, la neta no
			|STOP, el mensaje no es para mi|stop, il numero non è mio|stop, les messages ça suffit|STOP, le client est mort|STOP, the dog is not here
			|stop, a bus is late today|STOP, die Kundin ist weg jetzt|STOP, de klant is weg nu`,
		revocation.Certain: `STOP, não quero mais mensagens|stop, je ne veux plus de messages|Stop, no quiero más mensajes|stop por favor
			|stop porfa|stop bitte|stop svp|stop per favore|STOP gracias|STOP, merci|Stop. Obrigado|STOP, no me interesa, gracias
			|STOP, el número está equivocado|STOP, la persona no vive aquí
			|STOP, o João não mora aqui|STOP, Jan woont hier niet meer|STOP, Marco non abita più qui
			|STOP, Paul n’habite plus ici|stop, o Zé não vem. Pare de me mandar mensagens|Stop, keine Nachrichten mehr
			|STOP, non voglio più messaggi|stop, geen berichten meer`,
	} {
		for message := range strings.SplitSeq(messages, "|") {
			message = strings.TrimSpace(message)
			got := revocation.ReadUncapped(message)
			require.Equal(t, want, got.Certainty, "%q: %+v", message, got)
		}
	}
}
