package list

import (
	"encoding/json"
	"io"
	"strconv"

	"github.com/seed-f10031e4/consent/store"
)

// ReadTelnyx reads what GET /v2/messaging_optouts of Telnyx answers. Next returns the number
// of the next page, for page[number]. The contact is the "to" of an item. A number that
// redaction_enabled has masked is a [RowError].
//
// Telnyx has no request that adds to its list: only the contact opts out there.
func ReadTelnyx(in io.Reader) *Page {
	return answer{
		arrays: []string{"data"},
		item: func(_ string, raw json.RawMessage) (*Row, error) {
			var item struct {
				To        string `json:"to"`
				Keyword   string `json:"keyword"`
				CreatedAt string `json:"created_at"`
			}
			if json.Unmarshal(raw, &item) != nil {
				return nil, errItem
			}
			row := &Row{Number: item.To, Provider: "telnyx", Source: string(store.SourceCarrier), Reason: cutText(item.Keyword, maxCell)}
			dateReader{}.into(row, item.CreatedAt)
			return checkNumber(row)
		},
		end: func(fields map[string]json.RawMessage) (string, []Row, error) {
			var meta struct {
				TotalPages int `json:"total_pages"`
				PageNumber int `json:"page_number"`
			}
			if raw := fields["meta"]; len(raw) > 0 && json.Unmarshal(raw, &meta) != nil {
				return "", nil, errItem
			}
			if meta.PageNumber < meta.TotalPages {
				return strconv.Itoa(meta.PageNumber + 1), nil, nil
			}
			return "", nil, nil
		},
	}.page(in)
}
