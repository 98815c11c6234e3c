package optout

import (
	"context"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// LinesAsOf returns the day as of which this version knows which lines have two spellings:
// mobile numbers in Brazil and Argentina, with and without a 9, and lines that got new
// numbers (Ivory Coast 2021, Benin 2024, Vietnam 2018). An opt-out in one spelling of them
// blocks the other. Where lines got new numbers after that day, an opt-out under the old
// number does not block the new one: update this module.
func LinesAsOf() time.Time { return number.LinesAsOf() }

// Both spellings of a line are one contact. Opt-outs, holds and the contact's own opt-ins are
// recorded under both, consent under one, and each gate asks for both: what a store has from
// before the table had the line, and half of a write that failed, count for both too.

// known returns the first state that is not Unknown, or else the first.
func known(line []store.State) store.State {
	for i := range line {
		if line[i].Status != store.Unknown {
			return line[i]
		}
	}
	return line[0]
}

// lineOf returns the states of the number itself, of the states of its keys.
func lineOf(n *number.Number, states []store.State) []store.State {
	if len(states) > 1 && states[1].Key.Number != n.Digits && states[1].Key.Number == number.Twin(n.Key) {
		return states[:2]
	}
	return states[:1]
}

// otherOf returns the states of the second reading of digits, of the states of the keys, if
// its line has two spellings.
func otherOf(n *number.Number, states []store.State) []store.State {
	if n.Other == "" || number.Twin(n.Other) == "" {
		return nil
	}
	return states[len(states)-2:]
}

// spellings returns the spellings of a line, in an order that does not depend on which of
// them is given: of two messages in both spellings the store says which was the first.
func spellings(key string) []string {
	twin := number.Twin(key)
	switch {
	case twin == "":
		return []string{key}
	case twin < key:
		return []string{twin, key}
	default:
		return []string{key, twin}
	}
}

// newest returns the newer spelling of a line.
func newest(key string) string {
	if number.IsOlder(key) {
		return number.Twin(key)
	}
	return key
}

// twinsOf returns the states of the other spellings of numbers, by the numbers.
func twinsOf(ctx context.Context, s store.Store, account string, of []store.State) (map[string]store.State, error) {
	var numbers, twins []string
	for i := range of {
		if twin := number.Twin(of[i].Key.Number); twin != "" {
			numbers, twins = append(numbers, of[i].Key.Number), append(twins, twin)
		}
	}
	read, err := states(ctx, s, account, twins)
	if err != nil {
		return nil, err
	}
	byNumber := make(map[string]store.State, len(read))
	for i := range read {
		byNumber[numbers[i]] = read[i]
	}
	return byNumber, nil
}

// startsOf returns the STARTs of a line, in the order of recording: a START that is recorded
// under both spellings once.
func startsOf(histories [][]store.Record) (starts []store.Record) {
	seen := make(map[store.Event]bool)
	for _, history := range histories {
		for _, r := range history {
			ev := r.Event
			ev.Key = store.Key{}
			if r.Action == store.OptIn && !seen[ev] {
				starts = append(starts, r)
				seen[ev] = true
			}
		}
	}
	slices.SortStableFunc(starts, func(a, b store.Record) int { return a.RecordedAt.Compare(b.RecordedAt) })
	return starts
}
