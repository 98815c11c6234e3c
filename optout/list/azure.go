package list

import (
	"encoding/json"
	"errors"
	"io"
)

var errAzure = errors.New("azure could not check the number")

// ReadAzure reads what /sms/optouts:check of Azure Communication Services answers. A number
// that did not opt out is left out. A number that Azure could not check is a [RowError]. Azure
// has no list: the answer is about the numbers that were asked for.
func ReadAzure(in io.Reader) *Page {
	return answer{
		arrays: []string{"value"},
		item: func(_ string, raw json.RawMessage) (*Row, error) {
			var item struct {
				To         string `json:"to"`
				StatusCode int    `json:"httpStatusCode"`
				IsOptedOut *bool  `json:"isOptedOut"`
			}
			if json.Unmarshal(raw, &item) != nil {
				return nil, errItem
			}
			row := &Row{Number: item.To, Provider: "azure"}
			switch {
			case item.IsOptedOut == nil || item.StatusCode/100 != 2 && item.StatusCode != 0:
				return row, errAzure
			case !*item.IsOptedOut:
				return nil, nil // no row
			}
			return checkNumber(row)
		},
	}.page(in)
}
