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
	type audit struct {
		Origin    string    `json:"origin"`
		Operation string    `json:"operation"`
		List      string    `json:"list_type"`
		At        time.Time `json:"datetime"`
	}
	newest := make(map[string]audit) // by list
	return answer{
		arrays: []string{"identities", "audit_records"},
		item: func(array string, raw json.RawMessage) (*Row, error) {
			if array == "identities" {
				var item struct {
					Identity string `json:"identity"`
				}
				if json.Unmarshal(raw, &item) != nil {
					return nil, errItem
				}
				return checkNumber(&Row{Number: withPlus(item.Identity), Provider: "sinch"})
			}
			var item audit
			if json.Unmarshal(raw, &item) != nil || !strings.HasPrefix(item.List, "OPT_OUT") {
				return nil, errItem
			}
			last, known := newest[item.List]
			added := item.Operation == "OPERATION_INSERT"
			if !known || item.At.After(last.At) || added && item.At.Equal(last.At) {
				if len(newest) < maxFields || known {
					newest[item.List] = item
				}
			}
			return nil, nil //nolint:nilnil // the end makes the row
		},
		end: func(fields map[string]json.RawMessage) (string, []Row, error) {
			defer clear(newest)
			var latest *audit
			for _, a := range newest {
				if a.Operation == "OPERATION_INSERT" && (latest == nil || a.At.After(latest.At) || a.At.Equal(latest.At) && a.List < latest.List) {
					latest = &a
				}
			}
			if latest == nil {
				return fieldText(fields["next_page_token"]), nil, nil
			}
			var who struct {
				Identity string `json:"identity"`
			}
			if json.Unmarshal(fields["identity"], &who) != nil || who.Identity == "" {
				return "", nil, errNoNumber
			}
			row := Row{
				Number: withPlus(cutText(who.Identity, maxNumber+1)), At: latest.At, Provider: "sinch",
				Source: cutText(latest.Origin, maxCell), Reason: cutText(latest.List, maxCell),
			}
			if row.DateErr = row.checkDate(); row.DateErr != nil {
				row.At = time.Time{}
			}
			return fieldText(fields["next_page_token"]), []Row{row}, nil
		},
	}.page(in)
}
