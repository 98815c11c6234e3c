package keywords_test

import (
	"fmt"

	"github.com/seed-f10031e4/consent/keywords"
)

func ExampleRevocation() {
	for _, message := range []string{
		"Please take me off your list",
		"Wrong number",
		"Please don't stop sending these",
		"Liked “Acme: sale! Reply STOP to end”",
	} {
		r := keywords.Revocation(message)
		fmt.Println(r.Certainty, r.Rule, r.WrongNumber)
	}
	// Output:
	// certain remove-me false
	// possible wrong-number true
	// no  false
	// no  false
}
