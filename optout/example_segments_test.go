package optout_test

import (
	"fmt"

	"github.com/seed-f10031e4/consent/optout"
)

func ExampleSegments() {
	fmt.Println(optout.Segments(optout.Footer))
	fmt.Println(optout.Segments("Vous êtes désabonné"))
	// Output:
	// {GSM-7 25 1}
	// {UCS-2 19 1}
}
