package optout_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// The list of a country, a language added, and replies that follow the keyword.
func ExampleNew_packs() {
	ctx := context.Background()
	// region packs
	words, err := keywords.UnitedStates().WithPacks("es")
	if err != nil {
		log.Fatal(err)
	}
	guard, err := optout.New(memstore.New(), &optout.Options{
		Keywords: words,
		Replies:  optout.Replies{Help: "Acme alerts: call +1 800 555 0100. Reply STOP to unsubscribe. Msg&Data Rates May Apply."},
		RepliesByLanguage: map[string]optout.Replies{
			"es": {Help: "Alertas de Acme: llame al +1 800 555 0100. Responda STOP para darse de baja."},
		},
	})
	// endregion packs
	if err != nil {
		log.Fatal(err)
	}
	for i, text := range []string{"ayuda", "Help?", "ALTO"} {
		out, err := guard.Receive(ctx, optout.Message{ID: fmt.Sprint(i), Account: "acme", From: "+14155552671", Text: text})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%.60s\n", out.Reply)
	}
	// Output:
	// Alertas de Acme: llame al +1 800 555 0100. Responda STOP par
	// Acme alerts: call +1 800 555 0100. Reply STOP to unsubscribe
	// Baja confirmada: dejamos de enviarle mensajes desde este rem
}

// The answers of a survey, before it is sent.
func ExampleLint() {
	for _, finding := range optout.Lint("1", "YES", "End", "Stop by", "baja") {
		fmt.Println(finding, finding.Packs)
	}
	// Output:
	// "End": error: it is the keyword END, which opts the contact out [default united-states canada]
	// "Stop by": warning: it begins with the keyword STOP, which opts the contact out where a provider goes by the first word [default united-states canada]
	// "baja": error: it is the keyword BAJA, which opts the contact out [es]
}

// What the registration of a 10DLC campaign asks for, and a check that it is kept.
func ExampleGuard_Registration() {
	guard, err := optout.New(memstore.New(), &optout.Options{
		Keywords: keywords.UnitedStates(),
		Replies: optout.Replies{
			OptOut: "Acme: you are unsubscribed and will get no more messages. Reply START to resubscribe.",
			OptIn:  "Acme: you are subscribed to alerts, 4 a month. Reply HELP for help, STOP to cancel. Msg&Data Rates May Apply.",
			Help:   "Acme alerts: call +1 800 555 0100. Reply STOP to cancel. Msg&Data Rates May Apply.",
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	// region registration
	registration := guard.Registration()
	if err := registration.Validate(); err != nil {
		log.Fatal(err) // what the form would refuse
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(registration); err != nil {
		log.Fatal(err)
	}

	// At every start, with what was registered:
	if err := registration.Check(guard); err != nil {
		log.Fatal(err) // a registered keyword does not work
	}
	// endregion registration

	// Output:
	// {
	//   "subscriberOptin": true,
	//   "subscriberOptout": true,
	//   "subscriberHelp": true,
	//   "optinKeywords": "START,UNSTOP",
	//   "optoutKeywords": "STOP,STOPALL,UNSUBSCRIBE,CANCEL,END,QUIT,REVOKE,OPTOUT",
	//   "helpKeywords": "HELP,INFO",
	//   "optinMessage": "Acme: you are subscribed to alerts, 4 a month. Reply HELP for help, STOP to cancel. Msg&Data Rates May Apply.",
	//   "optoutMessage": "Acme: you are unsubscribed and will get no more messages. Reply START to resubscribe.",
	//   "helpMessage": "Acme alerts: call +1 800 555 0100. Reply STOP to cancel. Msg&Data Rates May Apply."
	// }
}
