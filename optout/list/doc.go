// Package list takes lists of opt-outs and consents in and out.
//
// [Import] records the rows of a list: of a CSV file as spreadsheets and consoles write it
// ([ReadCSV]), of JSON lines ([ReadJSONLines]), or of what a provider's API answers
// ([ReadAWS], [ReadTelnyx], [ReadSinch], [ReadAzure], [ReadTwilio]). It never lifts an opt-out.
// A second import of the list changes nothing, and an import that was cut off goes on.
// [Options.DryRun] reports what an import would do.
//
// A row without a status is an opt-out. So do not import a table of all customers as it is:
// make a [Row] of each customer who opted out or agreed, and leave out the others, as the
// example of Import for customers does. docs/lists.md says what goes wrong otherwise.
//
// [Revert] takes back all that an import recorded.
//
// [Export] writes the list of an account as CSV or JSON lines. [TwilioRequests] and
// [AWSRequests] make requests that put the list into a provider's.
//
// [Compare] finds what only one of two lists has, and changes nothing.
//
// # Sequences
//
// Rows come and go as an iter.Seq2[Row, error]. An error that is a [*RowError] is about one
// row: the rows after it follow. Any other error is the last of the sequence. A loop that ends
// at the first error of any kind stops too early.
//
// No reader, and no function here, keeps a list in memory, with two exceptions that say so: a
// dry run, and Compare without CompareOptions.Temp.
package list
