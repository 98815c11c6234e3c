package list

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// Options say how a list is imported.
type Options struct {
	// ID names this list: "twilio-2025-03". Each row is recorded with the id ID/number, a
	// consent with ID/consent:number. So a second import of the list under the same ID
	// changes nothing, and one that was cut off goes on. There are two exceptions: rows whose
	// time or day was too recent to count the first time, and rows without any date, both at AsOf. Another list, also a newer one
	// from the same system, needs another ID. 1 to 100 bytes of UTF-8 that can be
	// printed, without a slash.
	ID string

	// AsOf is when the list was made. It is the time of each opt-out without a date, or with
	// one that cannot be used. If AsOf is zero, such a row blocks from the moment of the
	// import. Then a second import more than 72 hours later records the row once more, and
	// blocks a contact who came back in between.
	//
	// Like every At of an [optout.Request], an AsOf or a Row.At less than 5 minutes ago counts
	// as zero, and so does a Row.Day that has not ended. The first import that comes later
	// records such a row once more, now with its time: nothing tells the second opt-out of one
	// ID from a second delivery. It loses to a START that the contact sent after that time, and
	// the imports after it change nothing.
	AsOf time.Time

	Actor string // who imports, for the record
	Note  string // for the record of each row, before what the list says

	// DryRun returns the same report and records nothing.
	DryRun bool

	// File is what ReadCSV fills in: the same as CSVOptions.Found. The Report then has the
	// columns, and Refused is written as the file is, so that the same program opens it: with
	// its Comma, and with a byte order mark if the file has one. nil: not known.
	File *CSVFile

	// Each is called with the result of each row, in the order of the list, after the row
	// was recorded. nil: not called.
	Each func(Result)

	// Progress is called after each batch of up to 1,000 rows with what was done so far. nil:
	// not called.
	Progress func(Report)

	// Refused gets the rows that a person should look at, as CSV: those that were refused,
	// those whose number is not a phone number, and the opt-outs that were recorded without
	// their date (Report.Undated). After they were corrected, ReadCSV reads this file. A row
	// that was recorded without its date has no status there, so it is refused until somebody
	// gives it one, and is not recorded a second time by mistake. What a spreadsheet would run
	// has an apostrophe before it, as with ExportOptions.Spreadsheet. nil: not written.
	Refused io.Writer
}

// Report counts what an import did.
type Report struct {
	ID     string `json:"id"`
	DryRun bool   `json:"dry_run,omitzero"`

	Rows    int `json:"rows"` // all of them: New + Known + Older + Voided + Refused
	New     int `json:"new"`
	Known   int `json:"known"`
	Older   int `json:"older"`
	Voided  int `json:"voided"`
	Refused int `json:"refused"`

	Changed  int `json:"changed"`   // rows that changed the status of a contact
	Undated  int `json:"undated"`   // recorded opt-outs whose date could not be used
	NoNumber int `json:"no_number"` // recorded rows whose number is not a phone number

	// Columns are those of the file: what was read in each, and which were ignored. Look there
	// for the date. nil: Options.File is not set, or nothing of the file was read.
	Columns []Column `json:"columns,omitzero"`
}

// Result is what became of one row.
type Result struct {
	Row     Row                `json:"row"`
	Outcome Outcome            `json:"outcome"`
	Changed bool               `json:"changed,omitzero"`  // the row changed the status of the contact
	Fault   optout.NumberFault `json:"fault,omitzero"`    // why the number of a row that was recorded is not a phone number
	Err     error              `json:"-"`                 // why the row was refused; else why it was recorded without its date
	EventID string             `json:"event_id,omitzero"` // of the record
}

// batchSize is how many rows are recorded in one transaction.
const batchSize = 1_000

// ErrNoNumber says that the text in the place of a number can never be one. It is not recorded.
var ErrNoNumber = errors.New("list: no phone number")

// Import records the rows of a list in an account: opt-outs by [optout.Guard.RecordOptOuts],
// consents by [optout.Guard.RecordConsents]. The source of each is store.SourceImport, and
// what the list says of the source is in the Note.
//
// An import never lifts an opt-out. A consent of a contact who opted out is refused, with
// [optout.ErrOptedOut], whatever its date is. An opt-out that is older than a START of the
// contact is recorded and leaves the START in force.
//
// Rows are recorded in batches of 1,000, with one transaction each. After an error what was
// recorded stays, and the Report counts it: import the list again under the same ID. Two
// imports of one list at the same time record each row once. Memory does not grow with the
// list, except that a dry run remembers each contact.
//
// A row that a person should correct is a Result with its Err, and no error. Import returns
// an error if the options, the account or the list as a whole cannot be used, if the store
// fails, or if the context ends.
func Import(ctx context.Context, guard *optout.Guard, account string, rows iter.Seq2[Row, error], opts *Options) (Report, error) {
	im, err := newImporter(ctx, guard, account, opts)
	if err != nil {
		return Report{}, err
	}
	for row, err := range rows {
		im.know()
		if err != nil && !isRow(err) {
			return im.report, errors.Join(err, im.flush(ctx), im.refused.flush())
		}
		im.add(row, err)
		if len(im.batch) < batchSize {
			continue
		}
		if err := im.flush(ctx); err != nil {
			return im.report, errors.Join(err, im.refused.flush())
		}
	}
	im.know() // of a file without rows
	return im.report, errors.Join(im.flush(ctx), im.refused.flush())
}

func isRow(err error) bool {
	_, ok := errors.AsType[*RowError](err)
	return ok
}

// importer is an import under way.
type importer struct {
	guard   *optout.Guard
	account string
	opts    Options
	report  Report
	batch   []Result
	texts   map[int]string // of the rows in the batch that could not be read
	refused *refusedWriter // nil: Options.Refused is not set
	store   store.Store
	voids   *bool // a row of the import was taken back; nil: nobody has asked
}

func newImporter(ctx context.Context, guard *optout.Guard, account string, opts *Options) (*importer, error) {
	im := &importer{guard: guard, account: account, texts: make(map[int]string)}
	if opts != nil {
		im.opts = *opts
	}
	if err := validID("Options.ID", im.opts.ID); err != nil {
		return nil, err
	}
	if guard.Store() == nil {
		return nil, errNoStore
	}
	im.store = guard.Store()
	if err := checkAccount(ctx, guard, account); err != nil {
		return nil, err
	}
	if im.opts.DryRun {
		im.guard = guard.With(newRehearsal(guard.Store(), store.IDsQuery{Account: account, Prefix: idPrefix(im.opts.ID), Limit: 1}))
	}
	if im.opts.Refused != nil {
		im.refused = newRefusedWriter(im.opts.Refused, im.opts.File)
	}
	im.report.ID, im.report.DryRun = im.opts.ID, im.opts.DryRun
	return im, nil
}

// know takes the columns into the report, after the reader has found them.
func (im *importer) know() {
	if im.opts.File != nil {
		im.report.Columns = im.opts.File.Columns
	}
}

// checkAccount asks the Guard, which knows the accounts of the host, for the history of
// nobody.
func checkAccount(ctx context.Context, guard *optout.Guard, account string) error {
	for _, err := range guard.History(ctx, account, "nobody") {
		if err != nil {
			return fmt.Errorf("list: %w", err)
		}
	}
	return nil
}

// maxID leaves room for a number in the id of a record.
const maxID = 100

// validID refuses an ID with which the ids of two imports could be alike.
func validID(field, id string) error {
	switch {
	case id == "":
		return fmt.Errorf("list: %s is empty, want the name of a list, such as twilio-2025-03", field)
	case len(id) > maxID:
		return fmt.Errorf("list: %s has %d bytes, want at most %d", field, len(id), maxID)
	case !utf8.ValidString(id) || strings.ContainsFunc(id, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Errorf("list: %s: want text that can be printed", field)
	case strings.Contains(id, "/"):
		return fmt.Errorf("list: %s has a slash, which ends it in the ids of records", field)
	}
	return nil
}

// maxIDNumber is how long a number may be to be in an id as it is written.
const maxIDNumber = 100

// What is before a number in an id.
const (
	consentPart = "consent:"
	hashedPart  = "sha256:" // and the hash in place of the number
)

// requestID is the same for a row whatever the Options of the Guard are.
func (im *importer) requestID(row Row) string {
	number := strings.TrimSpace(row.Number)
	if len(number) > maxIDNumber || !utf8.ValidString(number) || strings.ContainsFunc(number, unicode.IsControl) {
		sum := sha256.Sum256([]byte(number))
		number = hashedPart + hex.EncodeToString(sum[:])
	}
	if row.Consent {
		number = consentPart + number
	}
	return im.opts.ID + "/" + number
}

// add puts a row into the batch, or why there is no row.
func (im *importer) add(row Row, err error) {
	if bad, ok := errors.AsType[*RowError](err); ok {
		if row.Line == 0 {
			row.Line = bad.Line
		}
		im.texts[len(im.batch)] = bad.Text
		im.batch = append(im.batch, Result{Row: row, Err: bad.Err})
		return
	}
	if row.DateErr == nil {
		row.DateErr = row.checkDate()
	}
	im.batch = append(im.batch, Result{Row: row, Err: im.refusal(row)})
}

// refusal says why a row cannot be recorded at all.
func (im *importer) refusal(row Row) error {
	if len(row.Number) > maxNumber {
		return fmt.Errorf("%w: %v", ErrNoNumber, optout.FaultTooLong)
	}
	_, err := im.guard.Number(row.Number)
	bad, ok := errors.AsType[*optout.NumberError](err)
	if ok && row.EventID == "" { // a Guard has recorded the others as they are, and exported them
		switch bad.Fault {
		case optout.FaultEmpty, optout.FaultEncoding, optout.FaultSpreadsheet, optout.FaultLetters, optout.FaultMask:
			return fmt.Errorf("%w: %v", ErrNoNumber, bad.Fault)
		default: // it may be a contact for other Options, or an old number of a line
		}
	}
	if row.Consent && row.DateErr != nil {
		return row.DateErr
	}
	return nil
}

// flush records the batch.
func (im *importer) flush(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var optOuts, consents []int // places in the batch
	for i := range im.batch {
		switch r := &im.batch[i]; {
		case r.Err != nil:
		case r.Row.Consent:
			consents = append(consents, i)
		default:
			optOuts = append(optOuts, i)
		}
	}
	// An opt-out replaces consent, and consent never replaces an opt-out, so the opt-outs may
	// come first.
	err := im.record(ctx, optOuts, im.guard.RecordOptOuts)
	if err == nil {
		err = im.record(ctx, consents, im.guard.RecordConsents)
	}
	if err != nil {
		return fmt.Errorf("list: the rows after the first %d are not known to be recorded: %w", im.report.Rows, err)
	}
	return im.tell()
}

// record gives rows of the batch to the Guard.
func (im *importer) record(
	ctx context.Context, places []int, all func(context.Context, []optout.Request) ([]optout.Outcome, error),
) error {
	if len(places) == 0 {
		return nil
	}
	requests := make([]optout.Request, len(places))
	for i, place := range places {
		requests[i] = im.request(im.batch[place].Row)
	}
	done, err := all(ctx, requests)
	if err != nil {
		return err
	}
	for i, place := range places {
		r := &im.batch[place]
		r.describe(&done[i])
		if r.Outcome != RowKnown || done[i].State.EventID == r.EventID {
			continue
		}
		voided, err := im.wasVoided(ctx, r)
		if err != nil {
			return err
		}
		if voided {
			r.Outcome = RowVoided
		}
	}
	return nil
}

// wasVoided reports whether a row that is recorded already was taken back.
func (im *importer) wasVoided(ctx context.Context, r *Result) (bool, error) {
	if im.voids == nil {
		q := store.IDsQuery{Account: im.account, Prefix: store.VoidPrefix + idPrefix(im.opts.ID), Limit: 1}
		page, err := store.EventIDs(ctx, im.store, q)
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return false, err
		}
		some := err != nil || len(page.Records) > 0
		im.voids = &some
	}
	if !*im.voids {
		return false, nil
	}
	for record, err := range im.guard.History(ctx, im.account, r.Row.Number) {
		if err != nil {
			return false, err
		}
		if record.Action == store.Void && record.ID == store.VoidPrefix+r.EventID && record.From == r.Row.Number {
			return true, nil
		}
	}
	return false, nil
}

func (im *importer) request(row Row) optout.Request {
	r := optout.Request{
		ID: im.requestID(row), Account: im.account, Number: row.Number, Source: store.SourceImport,
		At: row.At, Day: row.Day, Actor: im.opts.Actor, Note: im.note(row),
	}
	if row.DateErr != nil {
		r.At, r.Day = time.Time{}, ""
	}
	if r.At.IsZero() && r.Day == "" && !row.Consent {
		r.At = im.opts.AsOf
	}
	return r
}

// note is what the host says, and then what the list says.
func (im *importer) note(row Row) string {
	var parts []string
	for _, part := range [...]struct{ name, text string }{
		{"", im.opts.Note},
		{"source: ", row.Source},
		{"provider: ", row.Provider},
		{"reason: ", row.Reason},
		{"event: ", row.EventID},
	} {
		if part.text != "" {
			parts = append(parts, part.name+cutText(part.text, maxCell))
		}
	}
	if row.DateErr != nil {
		parts = append(parts, row.DateErr.Error())
	}
	return strings.Join(parts, "; ")
}

// describe fills in what the Guard says of a row.
func (r *Result) describe(out *optout.Outcome) {
	if out.Err != nil {
		r.Err = out.Err
		return
	}
	r.EventID, r.Changed, r.Fault, r.Err = out.EventID, out.Changed, out.Fault, r.Row.DateErr
	switch {
	case out.Duplicate:
		r.Outcome = RowKnown
	case out.Superseded:
		r.Outcome = RowOlder
	default:
		r.Outcome = RowNew
	}
}

// tell counts the results of the batch, hands them on, and empties it.
func (im *importer) tell() error {
	for i := range im.batch {
		r := &im.batch[i]
		im.report.count(r)
		if r.Outcome == RowRefused || r.Fault != optout.FaultNone || r.isUndated() {
			text, unread := im.texts[i]
			if err := im.refused.write(r, text, !unread); err != nil {
				return err
			}
		}
		if im.opts.Each != nil {
			im.opts.Each(*r)
		}
	}
	if im.opts.Progress != nil && len(im.batch) > 0 {
		im.opts.Progress(im.report)
	}
	im.batch = im.batch[:0]
	clear(im.texts)
	return nil
}

// isUndated reports whether a row was recorded without the date that the list gives.
func (r *Result) isUndated() bool {
	return r.Row.DateErr != nil && r.Outcome != RowRefused && r.Outcome != RowVoided
}

func (r *Report) count(result *Result) {
	r.Rows++
	switch result.Outcome {
	case RowNew:
		r.New++
	case RowKnown:
		r.Known++
	case RowOlder:
		r.Older++
	case RowVoided:
		r.Voided++
		return
	default:
		r.Refused++
		return
	}
	if result.Changed {
		r.Changed++
	}
	if result.isUndated() {
		r.Undated++
	}
	if result.Fault != optout.FaultNone {
		r.NoNumber++
	}
}

// cutText cuts a text to so many bytes, between characters, and copies it, so that it does
// not keep the line in memory.
func cutText(text string, most int) string {
	if len(text) <= most {
		return strings.Clone(text)
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return strings.Clone(text[:most])
}
