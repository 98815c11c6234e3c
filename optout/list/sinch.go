package list

import (
	"encoding/json"
	"io"
	"strings"
	"time"
)

// ReadSinch reads what the Consents API of Sinch answers: a list of identities, and the audit
// records of one identity. Next returns next_page_token. A list has no times; they are in the
// audit records alone. An identity of digits gets the plus sign that Sinch leaves out.
//
// Of audit records ReadSinch makes one row if the newest record of any list put the identity
// on it. The row's Source is the origin, its Reason the name of the list.
func ReadSinch(in io.Reader) *Page {
	records := make(sinchRecords)
	return answer{
		arrays: []string{"identities", "audit_records"},
		item: func(array string, raw json.RawMessage) (*Row, error) {
			if array == "audit_records" {
				return nil, records.add(raw) // the end makes the row
			}
			var item sinchIdentity
			if json.Unmarshal(raw, &item) != nil {
				return nil, errItem
			}
			return checkNumber(&Row{Number: withPlus(item.Identity), Provider: "sinch"})
		},
		end: func(fields map[string]json.RawMessage) (string, []Row, error) {
			rows, err := records.rows(fields["identity"])
			clear(records)
			return fieldText(fields["next_page_token"]), rows, err
		},
	}.page(in)
}

type sinchIdentity struct {
	Identity string `json:"identity"`
}

// sinchRecords are the newest audit records of an identity, by list.
type sinchRecords map[string]sinchRecord

type sinchRecord struct {
	Origin    string    `json:"origin"`
	Operation string    `json:"operation"`
	List      string    `json:"list_type"`
	At        time.Time `json:"datetime"`
}

func (r *sinchRecord) added() bool { return r.Operation == "OPERATION_INSERT" }

func (s sinchRecords) add(raw json.RawMessage) error {
	var item sinchRecord
	if json.Unmarshal(raw, &item) != nil || !strings.HasPrefix(item.List, "OPT_OUT") {
		return errItem
	}
	last, known := s[item.List]
	newer := item.At.After(last.At) || item.added() && item.At.Equal(last.At)
	if !known && len(s) < maxFields || known && newer {
		s[item.List] = item
	}
	return nil
}

// rows makes the row of an identity that is on a list.
func (s sinchRecords) rows(identity json.RawMessage) ([]Row, error) {
	var latest *sinchRecord
	for _, a := range s {
		if a.added() && (latest == nil || a.At.After(latest.At) || a.At.Equal(latest.At) && a.List < latest.List) {
			latest = &a
		}
	}
	if latest == nil {
		return []Row{}, nil
	}
	var who sinchIdentity
	if json.Unmarshal(identity, &who) != nil || who.Identity == "" {
		return nil, errNoNumber
	}
	row := Row{
		Number: withPlus(cutText(who.Identity, maxNumber+1)), At: latest.At, Provider: "sinch",
		Source: cutText(latest.Origin, maxCell), Reason: cutText(latest.List, maxCell),
	}
	if row.DateErr = row.checkDate(); row.DateErr != nil {
		row.At = time.Time{}
	}
	return []Row{row}, nil
}
