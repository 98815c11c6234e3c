package keywords_test

import (
	"encoding/json"
	"fmt"

	"github.com/seed-f10031e4/consent/keywords"
)

func ExampleSet_Classify() {
	set := keywords.Default()
	fmt.Println(set.Classify("\u200eStop.\n"))
	fmt.Println(set.Classify("Please stop by"))
	// Output:
	// {opt-out STOP en}
	// {none  }
}

// An Intent is a word in JSON.
func ExampleIntent_MarshalText() {
	line, err := json.Marshal(keywords.Default().Classify("Stop!"))
	fmt.Println(string(line), err)
	// Output:
	// {"intent":"opt-out","keyword":"STOP","language":"en"} <nil>
}

func ExampleSet_Without() {
	set, err := keywords.Default().Without("END")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.Classify("end").Intent)
	fmt.Println(keywords.Default().Classify("end").Intent)
	// Output:
	// none
	// opt-out
}

func ExampleSet_All() {
	for word := range keywords.Default().All() {
		if word.Intent == keywords.Help {
			fmt.Println(word.Text, word.Source)
		}
	}
	// Output:
	// HELP CTIA Messaging Principles 5.1.3; US provider defaults
	// INFO CTIA Messaging Principles 5.1.3; US provider defaults
}

// The version belongs into the record of an event.
func ExampleSet_Version() {
	fmt.Println(keywords.Default().Version())
	fmt.Println(keywords.Canada().Version())
	// Output:
	// 1-1a1904443a26b293
	// 1-99bdcf39f22f71af+canada.1
}

func ExampleSet_With() {
	set, err := keywords.Default().With(keywords.Keyword{
		Text: "OPT OUT", Intent: keywords.OptOut, Language: "en",
		Source: "47 CFR 64.1200(a)(10)",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.Classify("opt-out"))
	_, err = set.With(keywords.Keyword{Text: "Opt_Out", Intent: keywords.Help})
	fmt.Println(err)
	// Output:
	// {opt-out OPT OUT en}
	// keywords: "Opt_Out": listed as opt-out and as help
}

// Packs add up by name, and English stays on.
func ExampleSet_WithPacks() {
	set, err := keywords.UnitedStates().WithPacks("es")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range []string{"opt-out", "Alto!", "ayuda", "salir"} {
		fmt.Printf("%s: %v\n", text, set.Classify(text).Intent)
	}
	_, err = set.Without("REVOKE")
	fmt.Println(err)
	_, err = set.WithPacks("catalan")
	fmt.Println(err)
	// Output:
	// opt-out: opt-out
	// Alto!: opt-out
	// ayuda: help
	// salir: none
	// keywords: "REVOKE": mandatory in the pack united-states by 47 CFR 64.1200(a)(10): it cannot be removed
	// keywords: no pack "catalan", there are united-states, canada, fr, es, pt, de, it, nl, pl, ru, no
}

// The optional words are there for those whom they fit.
func ExamplePack_Optional() {
	pack, err := keywords.PackNamed("es")
	if err != nil {
		fmt.Println(err)
		return
	}
	set, err := keywords.Default().WithPacks("es")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, word := range pack.Optional() {
		if word.Text == "SALIR" {
			set, err = set.With(word)
		}
	}
	fmt.Println(set.Classify("salir"), err)
	// Output:
	// {opt-out SALIR es} <nil>
}
