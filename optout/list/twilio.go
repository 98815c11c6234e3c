package list

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/url"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// twilioItem is one of the Items of Consents/Bulk.
type twilioItem struct {
	ContactID     string `json:"contact_id"`
	CorrelationID string `json:"correlation_id"`
	SenderID      string `json:"sender_id"`
	DateOfConsent string `json:"date_of_consent,omitzero"`
	Status        string `json:"status"`
	Source        string `json:"source"`
}

const (
	twilioOptOut = "opt-out"
	twilioOptIn  = "opt-in"
)

// twilioItems is how many items Twilio takes in a request.
const twilioItems = 25

// TwilioRequests yields the bodies of POST https://accounts.twilio.com/v1/Consents/Bulk, each
// with up to 25 rows, as application/x-www-form-urlencoded. sender is the SID of the Messaging
// Service or the number that the contacts opted out of. An item is a JSON object:
//
//	{"contact_id":"+14155552671","correlation_id":"…","sender_id":"MG…","date_of_consent":"2025-03-04T10:05:27Z",
//	"status":"opt-out","source":"website"}
//
// The correlation_id is the same each time that a row is written. Twilio answers 201 also if
// items fail: read the error_code of each. A number that is not in E.164 is a [RowError], and
// the others are yielded.
func TwilioRequests(rows iter.Seq2[Row, error], sender string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var items []string
		flush := func() bool {
			if len(items) == 0 {
				return true
			}
			body := url.Values{"Items": items}.Encode()
			items = items[:0]
			return yield([]byte(body), nil)
		}
		for row, err := range rows {
			item, err := twilioJSON(row, err, sender)
			switch {
			case err == nil:
				items = append(items, item)
			case isRow(err):
				if !yield(nil, err) {
					return
				}
			default: // the last of all
				if flush() {
					yield(nil, err)
				}
				return
			}
			if len(items) == twilioItems && !flush() {
				return
			}
		}
		flush()
	}
}

// twilioJSON makes the item of a row, or of the error in its place.
func twilioJSON(row Row, err error, sender string) (string, error) {
	if err == nil {
		err = forProvider(row, true)
	}
	if err != nil {
		return "", err
	}
	item, err := json.Marshal(newTwilioItem(row, sender))
	if err != nil {
		return "", fmt.Errorf("list: %w", err)
	}
	return string(item), nil
}

func newTwilioItem(row Row, sender string) twilioItem {
	item := twilioItem{ContactID: row.Number, SenderID: sender, DateOfConsent: row.Day, Status: twilioOptOut}
	if !row.At.IsZero() {
		item.DateOfConsent = row.At.UTC().Format(time.RFC3339)
	}
	if row.Consent {
		item.Status = twilioOptIn
	}
	switch store.Source(row.Source) {
	case store.SourceWeb:
		item.Source = "website"
	case store.SourceAgent:
		item.Source = "offline"
	case store.SourceKeyword, store.SourceText, store.SourceConfirm:
		item.Source = item.Status + "-message"
	default:
		item.Source = "others"
	}
	sum := sha256.Sum256([]byte(sender + "\x00" + item.ContactID + "\x00" + item.Status + "\x00" + item.DateOfConsent))
	item.CorrelationID = hex.EncodeToString(sum[:16])
	return item
}

// ReadTwilio reads the bodies of Consents/Bulk, one on each line: what TwilioRequests writes,
// or another program. Twilio has no request that returns its list.
func ReadTwilio(in io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		file, err := newLines(in)
		if err != nil {
			yield(Row{}, err)
			return
		}
		known := newVerdicts()
		for {
			l, err := file.next()
			if err == io.EOF { //nolint:errorlint // it comes as it is
				return
			}
			if err != nil {
				yield(Row{}, fmt.Errorf("list: line %d: %w", file.read, err))
				return
			}
			if len(bytes.TrimSpace(l.text)) == 0 {
				continue
			}
			for row, err := range known.twilioRows(l) {
				row.Line = l.number
				if err != nil {
					err = &RowError{Line: l.number, Text: shown(l.text), Err: err}
				}
				if !yield(row, err) {
					return
				}
			}
		}
	}
}

func (v verdicts) twilioRows(l line) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		form, err := url.ParseQuery(string(bytes.TrimSpace(l.text)))
		if l.long || err != nil || len(form["Items"]) == 0 {
			yield(Row{}, errItem)
			return
		}
		for _, raw := range form["Items"] {
			var item twilioItem
			row := &Row{Provider: "twilio"}
			err := json.Unmarshal([]byte(raw), &item)
			if err != nil {
				err = errItem
			} else {
				row.Number, row.Source = item.ContactID, cutText(item.Source, maxCell)
				dateReader{}.into(row, item.DateOfConsent)
				if row.Consent, err = v.consent(item.Status, statusRole); err == nil {
					row, err = checkNumber(row)
				}
			}
			if !yield(*row, err) {
				return
			}
		}
	}
}
