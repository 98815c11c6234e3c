package list_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// march is a list as the console of a provider writes it.
const march = `Opt-outs of March
Name;Phone Number;Opted Out At;Source
Ada;(415) 555-2671;2025-03-04;web
Bob;+44 20 7946 0018;2025-03-05T10:00:00Z;carrier
Cy;+44 20 7946 0023;03/04/2025;agent
Di;4.15555E+09;2025-03-06;web
"Eve;+1 415 555 0199;2025-03-07;web
`

// A list from another system, as often as you like.
func ExampleImport() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	file := strings.NewReader(march)
	// region import
	report, err := list.Import(ctx, guard, "acme", list.ReadCSV(file, nil), &list.Options{
		ID:      "march-2025",                                         // the same for each run of this list
		AsOf:    time.Date(2025, time.April, 1, 0, 0, 0, 0, time.UTC), // when the list was made
		Actor:   "ben@acme.example",
		Refused: os.Stdout, // a file
	})
	if err != nil {
		log.Fatal(err) // run the import again: what is recorded stays
	}
	fmt.Printf("%d rows: %d new, %d known, %d older, %d refused\n", report.Rows, report.New, report.Known, report.Older, report.Refused)
	// endregion import
	again, err := list.Import(ctx, guard, "acme", list.ReadCSV(strings.NewReader(march), nil), &list.Options{
		ID: "march-2025", AsOf: time.Date(2025, time.April, 1, 0, 0, 0, 0, time.UTC),
	})
	fmt.Println(again.New, again.Known, again.Refused, err)
	for state := range guard.OptedOut(ctx, "acme") {
		fmt.Println(state.Key.Number, state.Source, state.At.Format(time.RFC3339))
	}

	// Output:
	// number,status,at,source,provider,reason,line,why,text
	// '+44 20 7946 0023,,03/04/2025,agent,,,5,recorded undated: date: the day or the month may come first: set CSVOptions.DateOrder,
	// 4.15555E+09,opted-out,2025-03-06,web,,,6,list: no phone number: spreadsheet,
	// ,,,,,,7,"a quote is not closed, or has text after it","""Eve;'+1 415 555 0199;2025-03-07;web"
	// 5 rows: 3 new, 0 known, 0 older, 2 refused
	// 0 3 2 <nil>
	// +14155552671 import 2025-03-05T12:00:00Z
	// +442079460018 import 2025-03-05T10:00:00Z
	// +442079460023 import 2025-04-01T00:00:00Z
}

// A dry run says what an import would do, row by row.
func ExampleImport_dryRun() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	file := strings.NewReader(march)
	// region dry-run
	report, err := list.Import(ctx, guard, "acme", list.ReadCSV(file, nil), &list.Options{
		ID: "march-2025", DryRun: true,
		Each: func(r list.Result) {
			if r.Err != nil {
				fmt.Printf("line %d: %v: %v\n", r.Row.Line, r.Outcome, r.Err)
			}
		},
	})
	// endregion dry-run
	fmt.Println(report.New, report.Undated, report.Refused, err)
	for range guard.OptedOut(ctx, "acme") {
		fmt.Println("not reached")
	}

	// Output:
	// line 5: new: date: the day or the month may come first: set CSVOptions.DateOrder
	// line 6: refused: list: no phone number: spreadsheet
	// line 7: refused: a quote is not closed, or has text after it
	// 3 1 2 <nil>
}

// A list from the API of a provider, page by page.
func ExampleReadAWS() {
	ctx := context.Background()
	guard, err := optout.New(memstore.New(), nil)
	if err != nil {
		log.Fatal(err)
	}
	answers := map[string]string{
		"":     `{"OptedOutNumbers":[{"OptedOutNumber":"+14155550101","OptedOutTimestamp":1737000000.317}],"NextToken":"tok2"}`,
		"tok2": `{"OptedOutNumbers":[{"OptedOutNumber":"+14155550102","OptedOutTimestamp":1737000100}]}`,
	}
	// region page
	for token, more := "", true; more; more = token != "" {
		page := list.ReadAWS(strings.NewReader(answers[token])) // the body of the answer
		if _, err := list.Import(ctx, guard, "acme", page.Rows(), &list.Options{ID: "aws-2025-03"}); err != nil {
			log.Fatal(err)
		}
		token = page.Next()
	}
	// endregion page
	for state := range guard.OptedOut(ctx, "acme") {
		fmt.Println(state.Key.Number, state.At.Format(time.RFC3339))
	}

	// Output:
	// +14155550101 2025-01-16T04:00:00Z
	// +14155550102 2025-01-16T04:01:40Z
}

// optedOut is a Guard with an opt-out.
func optedOut(ctx context.Context) *optout.Guard {
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = guard.Receive(ctx, optout.Message{
		ID: "SM1", Account: "acme", From: "+14155552671", To: "+18885550100", Text: "STOP",
		At: time.Date(2025, time.March, 4, 10, 0, 0, 0, time.UTC),
	})
	if err != nil {
		log.Fatal(err)
	}
	return guard
}

// The list of an account, for another program.
func ExampleExport() {
	ctx := context.Background()
	guard := optedOut(ctx)
	var file strings.Builder
	// region export
	rows, err := list.Export(ctx, guard, "acme", &file, &list.ExportOptions{Format: list.JSONLines})
	// endregion export
	line, _, _ := strings.Cut(file.String(), `,"recorded_at"`)
	fmt.Println(rows, err)
	fmt.Println(line)

	// Output:
	// 1 <nil>
	// {"number":"+14155552671","status":"opted-out","at":"2025-03-04T10:00:00Z","source":"keyword","event_id":"SM1"
}

// Requests that put the list of an account into that of a provider.
func ExampleAWSRequests() {
	ctx := context.Background()
	guard := optedOut(ctx)
	// region requests
	for body, err := range list.AWSRequests(list.OptOuts(ctx, guard, "acme"), "Default") {
		if err != nil { // a *list.RowError is about one row: the others follow
			log.Print(err)
			continue
		}
		fmt.Println(string(body)) // post it
	}
	// endregion requests

	// Output:
	// {"OptOutListName":"Default","OptedOutNumber":"+14155552671"}
}

// What only one of two lists has.
func ExampleCompare() {
	ctx := context.Background()
	guard := optedOut(ctx)
	file := strings.NewReader("phone,opted out at,source\n(415) 555-0123,2025-03-05,web\n")
	// region compare
	ours, theirs := list.OptOuts(ctx, guard, "acme"), list.ReadCSV(file, nil)
	for d, err := range list.Compare(ours, theirs, &list.CompareOptions{Guard: guard}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(d.Side, d.Row.Number, d.Row.Date(), d.Row.Source)
	}
	// endregion compare

	// Output:
	// theirs (415) 555-0123 2025-03-05 web
	// ours +14155552671 2025-03-04T10:00:00Z keyword
}

// The list of another brand was imported: all of it is taken back.
func ExampleRevert() {
	ctx := context.Background()
	guard := optedOut(ctx)
	file := strings.NewReader("phone\n(415) 555-2671\n(415) 555-0123\n")
	if _, err := list.Import(ctx, guard, "acme", list.ReadCSV(file, nil), &list.Options{ID: "march-2025"}); err != nil {
		log.Fatal(err)
	}
	// region revert
	done, err := list.Revert(ctx, guard, "acme", list.Reversal{ID: "march-2025", Actor: "ben@acme.example", Note: "the list of another brand"})
	if err != nil {
		log.Fatal(err) // call it again: it goes on
	}
	fmt.Printf("%d rows taken back, %d of them of contacts who opted out all the same\n", done.Voided+done.Known, done.Closed)
	// endregion revert
	for state := range guard.OptedOut(ctx, "acme") {
		fmt.Println(state.Key.Number, state.Source)
	}

	// Output:
	// 2 rows taken back, 1 of them of contacts who opted out all the same
	// +14155552671 keyword
}
