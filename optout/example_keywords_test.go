package optout_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func ExampleClassify() {
	for _, text := range []string{"STOP", " stop! ", "ＳＴＯＰ", "STOP PLEASE", "unstop", "Help?", "see you at the bus stop"} {
		fmt.Printf("%q: %v\n", text, optout.Classify(text).Intent)
	}
	// Output:
	// "STOP": opt-out
	// " stop! ": opt-out
	// "ＳＴＯＰ": opt-out
	// "STOP PLEASE": none
	// "unstop": opt-in
	// "Help?": help
	// "see you at the bus stop": none
}

// A host that needs more words than the default list lists them.
func ExampleNew_keywords() {
	// region keywords
	words, err := keywords.Default().With(
		keywords.Keyword{Text: "REVOKE", Intent: keywords.OptOut, Language: "en", Source: "47 CFR 64.1200(a)(10)"},
		keywords.Keyword{Text: "OPT OUT", Intent: keywords.OptOut, Language: "en", Source: "47 CFR 64.1200(a)(10)"},
		keywords.Keyword{Text: "BAJA", Intent: keywords.OptOut, Language: "es", Source: "our campaign in Spain"},
	)
	if err != nil {
		log.Fatal(err)
	}
	guard, err := optout.New(memstore.New(), &optout.Options{Keywords: words, DefaultRegion: "US"})
	// endregion keywords
	if err != nil {
		log.Fatal(err)
	}
	for _, text := range []string{"opt-out", "Baja", "remove me"} {
		fmt.Printf("%q: %+v\n", text, guard.Classify(text))
	}
	// Output:
	// "opt-out": {Intent:opt-out Keyword:OPT OUT Language:en}
	// "Baja": {Intent:opt-out Keyword:BAJA Language:es}
	// "remove me": {Intent:none Keyword: Language:}
}

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
		fmt.Println(finding)
		fmt.Println("   in", finding.Packs)
	}
	// Output:
	// "End": error: it is the keyword END, which opts the contact out
	//    in [default united-states canada]
	// "Stop by": warning: it begins with the keyword STOP, which opts the contact out where a provider goes by the first word
	//    in [default united-states canada]
	// "baja": error: it is the keyword BAJA, which opts the contact out
	//    in [es]
}
