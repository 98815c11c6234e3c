package revocation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords/revocation"
)

// TestTheObjectDecides has complaints about goods and bills, and requests with the same
// verbs. What is between, a person reads.
func TestTheObjectDecides(t *testing.T) {
	for want, messages := range map[revocation.Certainty]string{
		revocation.None: `no me manden mas cobros duplicados|no me manden más facturas por correo|no me manden mas artículos equivocados
			|no me mande mas boletas, ya pague|ya no me manden pedidos repetidos|dejen de mandarme facturas duplicadas|no me envíen más paquetes
			|no nos envíen más zapatos equivocados|no quiero que me manden mas recibos|no me cobren dos veces|no me mande al técnico
			|stop sending me duplicate invoices|stop sending me the wrong size|stop charging me twice|stop billing me|stop sending invoices
			|please stop sending the wrong order|do not send me any more products|stop sending me the wrong socks|quit sending us broken items
			|stop duplicate charges
			|I want you to stop sending me bills|don't send me another box of these|stop sending me this order every week
			|não me mandem mais boletos|não me mandem mais produtos errados|parem de me mandar fatura duplicada|pare de me enviar pedidos trocados
			|arrêtez de m’envoyer des factures en double|ne m’envoyez plus de factures|arrêtez de m’envoyer le mauvais produit
			|Schicken Sie mir keine Rechnungen mehr|hören Sie auf mir falsche Pakete zu schicken|keine doppelten Rechnungen mehr schicken
			|stuur mij geen facturen meer|geen verkeerde pakketten meer sturen|non mandatemi più fatture doppie
			|smettete di mandarmi prodotti sbagliati|non inviatemi più bollette`,
		revocation.Possible: `stop sending me order confirmations|stop sending me invoices by text
			|stop texting me invoices|stop sending me socks|stop sending me product recommendations|stop sending this to the wrong lady
			|no me manden mas facturas por sms|no me manden mas están equivocados
			|no me mande mas esta equivocado|no me manden mas promociones de artículos|não me mandem mais conta por sms
			|ne m’envoyez plus de pubs pour vos produits|non mandatemi più offerte di prodotti|STOP. stop sending me bills`,
		revocation.Certain: `no me manden mas mensajes|no me manden mas|no me manden mas correos|no me manden más correo|stop sending me this
			|stop sending me stuff|stop sending me ads|stop sending me promotions|stop sending me order updates|stop sending me invoice reminders
			|stop sending me invoice payment reminders|don't send me anything, I paid the bill
			|stop sending me payment requests|stop sending me this I already paid the bill|stop sending me texts i paid the invoice
			|stop sending me these wrong number texts|quit sending me charge alerts|não me mande mais mensagens|não me mandem mais
			|ne m’envoyez plus de messages|ne m’envoyez plus rien|non mandatemi più messaggi|smettete di mandarmi pubblicità
			|no me manden mas cobros duplicados, dejen de mandarme mensajes|STOP sending me duplicate invoices. Remove me from your list`,
	} {
		for message := range strings.SplitSeq(messages, "|") {
			message = strings.TrimSpace(message)
			got := revocation.ReadUncapped(message)
			require.Equal(t, want, got.Certainty, "%q: %+v", message, got)
		}
	}
}
