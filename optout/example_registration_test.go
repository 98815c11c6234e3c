package optout_test

import (
	"encoding/json"
	"log"
	"os"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

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
