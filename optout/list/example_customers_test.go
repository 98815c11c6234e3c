package list_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// A table of all customers: your program says what each row means, and leaves out the customers
// who said neither yes nor no.
func ExampleImport_customers() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	data, err := os.ReadFile("testdata/customers.csv")
	if err != nil {
		log.Fatal(err)
	}
	file := bytes.NewReader(data)
	// region customers
	customers := csv.NewReader(file)
	header, err := customers.Read()
	if err != nil || !slices.Equal(header, []string{"Name", "Phone", "SMS consent", "Consent date", "Opted out at", "Email opt-out"}) {
		log.Fatal("these are not the columns for which the code below was written")
	}
	rows := func(yield func(list.Row, error) bool) {
		for {
			c, err := customers.Read()
			if errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				yield(list.Row{}, err) // ends the import: run it again when the file is mended
				return
			}
			line, _ := customers.FieldPos(0)
			var row list.Row
			switch phone, consent, consentDate, optedOut := c[1], c[2], c[3], c[4]; {
			case optedOut != "": // whatever the other columns say
				row = list.Row{Line: line, Number: phone, Day: optedOut}
			case consent == "yes":
				row = list.Row{Line: line, Number: phone, Day: consentDate, Consent: true}
			default:
				continue // never asked: neither an opt-out nor a consent
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	report, err := list.Import(ctx, guard, "acme", rows, &list.Options{
		ID: "customers-2025-04", AsOf: time.Date(2025, time.April, 1, 0, 0, 0, 0, time.UTC),
		DryRun: true, // look at what it prints; then import without DryRun
		Each: func(r list.Result) {
			fmt.Printf("line %d: consent %t: %v %v\n", r.Row.Line, r.Row.Consent, r.Outcome, r.Err)
		},
	})
	// endregion customers
	fmt.Println(report.Rows, report.Undated, report.Refused, err)

	// Output:
	// line 2: consent false: new <nil>
	// line 3: consent true: new <nil>
	// line 4: consent false: new date: cannot be read
	// line 7: consent true: refused list: no phone number: empty
	// 4 1 1 <nil>
}
