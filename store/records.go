package store

import (
	"context"
	"errors"
)

// RecordGetter is a store that finds the records of an id.
type RecordGetter interface {
	// GetRecords returns the records of a key that have an ID, in the order of recording:
	// several if the sender used the ID again, or if a review settled the text. It returns
	// none if no record has the ID.
	GetRecords(ctx context.Context, key Key, id string) ([]Record, error)
}

// ValidateID returns an error that wraps [ErrInvalid], if no store takes the ID.
func ValidateID(id string) error { return validText("ID", id) }

var errEndlessHistory = errors.New("store: the pages of History do not end")

// GetRecords returns the records of a key that have an ID, through s's RecordGetter, or from
// the whole history of the key.
func GetRecords(ctx context.Context, s Store, key Key, id string) ([]Record, error) {
	if g, ok := As[RecordGetter](s); ok {
		return g.GetRecords(ctx, key, id)
	}
	if err := ValidateID(id); err != nil {
		return nil, err
	}
	var records []Record
	q := HistoryQuery{Key: key, Limit: MaxLimit}
	for {
		page, err := s.History(ctx, q)
		if err != nil {
			return nil, err
		}
		for i := range page.Records {
			if page.Records[i].ID == id {
				records = append(records, page.Records[i])
			}
		}
		switch page.Next {
		case "":
			return records, nil
		case q.After:
			return nil, errEndlessHistory
		}
		q.After = page.Next
	}
}
