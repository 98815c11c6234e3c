package revocation_test

import (
	"fmt"

	"github.com/seed-f10031e4/consent/keywords/revocation"
)

func ExampleRead() {
	for _, message := range []string{
		"Please take me off your list",
		"Wrong number",
		"Please don't stop sending these",
		"Liked “Acme: sale! Reply STOP to end”",
	} {
		r := revocation.Read(message)
		fmt.Println(r.Certainty, r.Rule, r.WrongNumber)
	}
	// Output:
	// certain remove-me false
	// possible wrong-number true
	// none  false
	// none  false
}
