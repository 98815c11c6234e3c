package keywords_test

import (
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

func ExampleSet_With() {
	set, err := keywords.Default().With(keywords.Keyword{Text: "OPT OUT", Intent: keywords.OptOut, Language: "en", Source: "47 CFR 64.1200(a)(10)"})
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
