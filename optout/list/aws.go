package list

import (
	"encoding/json"
	"errors"
	"io"
	"iter"
	"math"
	"strconv"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// ReadAWS reads what DescribeOptedOutNumbers of AWS End User Messaging answers, as the HTTP
// API and as the command line write it. Next returns NextToken. Where the contact opted out
// by a text, the row's Source is "keyword", and where the account did it, "agent".
func ReadAWS(in io.Reader) *Page {
	return answer{
		arrays: []string{"OptedOutNumbers"},
		item: func(_ string, raw json.RawMessage) (*Row, error) {
			var item struct {
				OptedOutNumber    string          `json:"OptedOutNumber"`
				OptedOutTimestamp json.RawMessage `json:"OptedOutTimestamp"`
				EndUserOptedOut   *bool           `json:"EndUserOptedOut"`
			}
			if json.Unmarshal(raw, &item) != nil {
				return nil, errItem
			}
			row := &Row{Number: item.OptedOutNumber, Provider: "aws"}
			switch by := item.EndUserOptedOut; {
			case by == nil:
			case *by:
				row.Source = string(store.SourceKeyword)
			default:
				row.Source = string(store.SourceAgent)
			}
			if seconds, err := strconv.ParseFloat(string(item.OptedOutTimestamp), 64); err == nil {
				row.At, row.DateErr = fromSeconds(seconds)
			} else if text := fieldText(item.OptedOutTimestamp); text != "" {
				dateReader{}.into(row, text)
			} else if len(item.OptedOutTimestamp) > 0 && string(item.OptedOutTimestamp) != "null" {
				row.DateErr = errDate
			}
			return checkNumber(row)
		},
		end: func(fields map[string]json.RawMessage) (string, []Row, error) {
			return fieldText(fields["NextToken"]), nil, nil
		},
	}.page(in)
}

// fromSeconds is a time in seconds since 1970.
func fromSeconds(seconds float64) (time.Time, error) {
	const most = 253_402_300_799 // the end of the year 9999
	if math.IsNaN(seconds) || math.Abs(seconds) > most {
		return time.Time{}, errDate
	}
	row := Row{At: time.UnixMicro(int64(math.Round(seconds * 1e6))).UTC()}
	if err := row.checkDate(); err != nil {
		return time.Time{}, err
	}
	return row.At, nil
}

var (
	errNotE164 = errors.New("the number is not in E.164, which the provider wants")
	errConsent = errors.New("a consent, which this list of the provider does not have")
)

// awsOptOut is the body of PutOptedOutNumber.
type awsOptOut struct {
	OptOutListName string `json:"OptOutListName"`
	OptedOutNumber string `json:"OptedOutNumber"`
}

// AWSRequests yields the bodies of PutOptedOutNumber, one for each opt-out:
//
//	{"OptOutListName":"Default","OptedOutNumber":"+14155552671"}
//
// Post each with the header "X-Amz-Target: PinpointSMSVoiceV2.PutOptedOutNumber", signed as
// AWS wants it. A consent, and a number that is not in E.164, is a [RowError], and the
// others are yielded.
func AWSRequests(rows iter.Seq2[Row, error], listName string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for row, err := range rows {
			if err == nil {
				err = forProvider(row, false)
			}
			var body []byte
			if err == nil {
				body, err = json.Marshal(awsOptOut{listName, row.Number})
			}
			if !yield(body, err) || err != nil && !isRow(err) {
				return
			}
		}
	}
}

// forProvider says why a row cannot be given to a provider.
func forProvider(row Row, consents bool) error {
	switch {
	case row.Consent && !consents:
		return &RowError{Line: row.Line, Err: errConsent}
	case !isE164(row.Number):
		return &RowError{Line: row.Line, Text: cutText(row.Number, shownLine), Err: errNotE164}
	default:
		return nil
	}
}

func isE164(number string) bool {
	return len(number) > 1 && number[0] == '+' && withPlus(number[1:]) == number
}
