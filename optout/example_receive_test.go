package optout_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// What a webhook does with a text: it answers the provider with success after Receive
// returned nil, and sends the reply, if there is one.
func ExampleGuard_Receive() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		log.Fatal(err)
	}
	// region receive
	webhook := func(m optout.Message) (status int) {
		out, err := guard.Receive(ctx, m)
		switch {
		case optout.Permanent(err):
			log.Print(err) // delivering it again cannot help: somebody should look at it
			return 200
		case err != nil && out.Match.Intent == keywords.OptIn && m.At.IsZero():
			log.Print(err) // delivered again, it would lift a STOP that came between
			return 200
		case err != nil:
			return 503 // the provider delivers it again
		}
		if out.Reply != "" {
			_ = sms(ctx, m.From, out.Reply) // without asking the gate
		}
		fmt.Printf("%-13q %-8v changed: %-5t duplicate: %-5t reply: %.22q\n", m.Text, out.Match.Intent, out.Changed, out.Duplicate, out.Reply)
		return 200
	}
	// endregion receive
	message := func(id, text string) optout.Message {
		return optout.Message{ID: id, Account: "acme", From: "+14155550123", To: "+18885550100", Text: text}
	}
	for _, m := range []optout.Message{
		message("SM1", "See you!"), message("SM2", "Stop."), message("SM2", "Stop."), message("SM3", "STOP"), message("SM4", "help"),
		message("SM5", "start"),
	} {
		webhook(m)
	}
	// Output:
	// "See you!"    none     changed: false duplicate: false reply: ""
	// to +14155550123: You have successfully been unsubscribe…
	// "Stop."       opt-out  changed: true  duplicate: false reply: "You have successfully "
	// to +14155550123: You have successfully been unsubscribe…
	// "Stop."       opt-out  changed: false duplicate: true  reply: "You have successfully "
	// "STOP"        opt-out  changed: false duplicate: false reply: ""
	// to +14155550123: Reply STOP to unsubscribe. Msg&Data Ra…
	// "help"        help     changed: false duplicate: false reply: "Reply STOP to unsubscr"
	// to +14155550123: You have successfully been re-subscrib…
	// "start"       opt-in   changed: true  duplicate: false reply: "You have successfully "
}

// Double opt-in: START asks, YES confirms, and YES is an ordinary text else.
func ExampleOptions_confirmOptIn() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{ConfirmOptIn: true, RequireOptIn: true})
	if err != nil {
		log.Fatal(err)
	}
	for i, text := range []string{"yes", "START", "Yes!"} {
		out, err := guard.Receive(ctx, optout.Message{ID: fmt.Sprint("SM", i), Account: "acme", From: "+14155550123", Text: text})
		if err != nil {
			log.Fatal(err)
		}
		decision, _ := guard.Gate(ctx, "acme", "+14155550123")
		fmt.Printf("%s: %s, %.40q\n", text, decision.Reason, out.Reply)
	}
	// Output:
	// yes: no_consent, ""
	// START: no_consent, "Reply YES to confirm that you want messa"
	// Yes!: opted_in, "You have successfully been re-subscribed"
}
