package optout

import (
	"context"
	"slices"

	"github.com/seed-f10031e4/consent/store"
)

// Explanation is why the gate answers as it does, for a person who asks.
type Explanation struct {
	// Decision is what Guard.Gate decides now. Its State has the key that decides, of those
	// under which a number is kept.
	Decision Decision `json:"decision"`

	// Records are what made the state. The first is the record of the event: who asked, when,
	// in which words, and by which Keyword of which KeywordSet. If a review made the state,
	// the texts that it settled follow. Records is empty if nothing is in force, or if the
	// store has lost the record.
	Records []store.Record `json:"records,omitzero"`
}

// Explain returns what Gate decides about a number now, and the records that this follows
// from. The errors are those of Gate. If only the records cannot be read, the Decision is set
// as well as the error.
//
// With a store that is a [store.RecordGetter], as memstore and sqlstore are, Explain does not
// read the history.
func (g *Guard) Explain(ctx context.Context, account, raw string) (Explanation, error) {
	var e Explanation
	if _, err := g.gate(ctx, account, raw, &e.Decision); err != nil {
		return e, err
	}
	state := e.Decision.State
	if state.Status == store.Unknown || state.EventID == "" {
		return e, nil
	}
	records, err := store.GetRecords(ctx, g.store, state.Key, state.EventID)
	if err != nil {
		return e, err
	}
	for _, r := range records {
		if r.Key != state.Key || r.ID != state.EventID {
			return e, errBadState
		}
	}
	made := slices.IndexFunc(records, func(r store.Record) bool {
		return r.Action == state.Action && r.RecordedAt.Equal(state.RecordedAt)
	})
	if made < 0 {
		return e, nil
	}
	e.Records = append(e.Records, records[made])
	for _, r := range records {
		if records[made].Names(r) {
			e.Records = append(e.Records, r)
		}
	}
	return e, nil
}
