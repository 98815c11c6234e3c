package list

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/seed-f10031e4/consent/internal/enum"
	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/optout"
)

// Side is the list that a row is on.
type Side uint8

const (
	// Ours is the first list.
	Ours Side = iota
	// Theirs is the second list.
	Theirs
)

var sides = enum.Words[Side]{Err: errEnum, Kind: "Side", Words: []string{"ours", "theirs"}}

// String returns "ours" or "theirs".
func (s Side) String() string { return sides.String(s) }

// MarshalText returns the word of String.
func (s Side) MarshalText() ([]byte, error) { return sides.Marshal(s) }

// UnmarshalText reads a word of String.
func (s *Side) UnmarshalText(text []byte) error { return sides.Unmarshal(text, s) }

// Difference is a row that only one of two lists has.
type Difference struct {
	Side Side `json:"side"`
	Row  Row  `json:"row"` // the first one of its contact in this list
}

// CompareOptions say how two lists are compared.
type CompareOptions struct {
	// Guard reads the numbers, so that (415) 555-2671 and +14155552671 are one. nil: numbers
	// are compared as they are written.
	Guard *optout.Guard

	// Temp makes an empty file for each list, in which it is sorted: an *os.File, of
	// os.CreateTemp. Then memory does not grow with the lists. Compare closes it, and the caller removes it. nil: both lists are kept in
	// memory, in some 100 bytes a row.
	Temp func() (TempFile, error)
}

// Compare yields the rows that only one of two lists has, by number: the opt-outs, and
// apart from them the consents. It changes nothing. To take over what only theirs has, pass
// [OnlyTheirs] of the result to Import.
//
// The lists may be in any order and of any size: see CompareOptions.Temp. A row that cannot be
// read is yielded as a [RowError] first, and is on neither list. Any other error is yielded
// last. Numbers are read as [optout.Guard.Number] reads them; a line with two spellings is one.
func Compare(ours, theirs iter.Seq2[Row, error], opts *CompareOptions) iter.Seq2[Difference, error] {
	var o CompareOptions
	if opts != nil {
		o = *opts
	}
	return func(yield func(Difference, error) bool) {
		lists := [2]*sorter{{temp: o.Temp}, {temp: o.Temp}}
		defer lists[Ours].close()
		defer lists[Theirs].close()
		for _, side := range [...]Side{Ours, Theirs} {
			rows := ours
			if side == Theirs {
				rows = theirs
			}
			more, err := lists[side].fill(rows, o.key, func(err error) bool { return yield(Difference{Side: side}, err) })
			if err != nil {
				yield(Difference{}, err)
			}
			if err != nil || !more {
				return
			}
		}
		if err := merge(lists, yield); err != nil {
			yield(Difference{}, err)
		}
	}
}

// key is by what rows are compared.
func (o CompareOptions) key(row Row) string {
	text := strings.TrimSpace(row.Number)
	if o.Guard != nil {
		if e164, err := o.Guard.Number(text); err == nil {
			text = e164
		}
	}
	if number.IsOlder(text) {
		text = number.Twin(text)
	}
	if row.Consent {
		return text + "\x00consent"
	}
	return text
}

// merge yields what only one of two sorted lists has.
func merge(lists [2]*sorter, yield func(Difference, error) bool) error {
	var heads [2]entry
	var more [2]bool
	advance := func(side int) (err error) {
		heads[side], more[side], err = lists[side].next()
		return err
	}
	for side := range lists {
		if err := lists[side].begin(); err != nil {
			return err
		}
		if err := advance(side); err != nil {
			return err
		}
	}
	for more[0] || more[1] {
		order := bytes.Compare(heads[0].key, heads[1].key)
		switch {
		case !more[1]:
			order = -1
		case !more[0]:
			order = 1
		}
		if order == 0 {
			if err := errors.Join(advance(0), advance(1)); err != nil {
				return err
			}
			continue
		}
		side := Ours
		if order > 0 {
			side = Theirs
		}
		row, err := heads[side].row()
		if err != nil {
			return err
		}
		if !yield(Difference{Side: side, Row: row}, nil) {
			return nil
		}
		if err := advance(int(side)); err != nil {
			return err
		}
	}
	return nil
}

// OnlyTheirs yields the rows that only the second list has, for Import.
func OnlyTheirs(differences iter.Seq2[Difference, error]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for d, err := range differences {
			if d.Side != Theirs && (err == nil || isRow(err)) {
				continue
			}
			if !yield(d.Row, err) {
				return
			}
		}
	}
}

var errNoStore = errors.New("list: the Guard has no store")

func wrapTemp(err error) error {
	if err != nil {
		return fmt.Errorf("list: Temp: %w", err)
	}
	return nil
}
