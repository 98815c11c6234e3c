package optout_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// rowsOf returns the rows of a table of numbers, without its first.
func rowsOf(tb testing.TB, file string) (rows [][]string) {
	tb.Helper()
	raw, err := os.ReadFile("../internal/number/testdata/" + file)
	require.NoError(tb, err)
	for line := range strings.Lines(string(raw)) {
		rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return rows[1:]
}

// FuzzAnOptOutIsFoundAgain holds every From to: whatever comes, an opt-out from
// it blocks it, and its key, with and without the plus sign.
func FuzzAnOptOutIsFoundAgain(f *testing.F) {
	all := []string{""}
	examples := rowsOf(f, "keys.golden.tsv")
	for _, row := range examples {
		if region := row[0]; len(region) == 2 && !slices.Contains(all, region) {
			all = append(all, region)
		}
	}
	seed := func(text, region string) { f.Add(text, uint16(max(slices.Index(all, region), 0))) }
	for _, row := range rowsOf(f, "phone_numbers.tsv") {
		var text string
		require.NoError(f, json.Unmarshal([]byte(row[2]), &text))
		seed(text, row[3])
	}
	for _, row := range examples {
		seed(row[2], row[0])
		seed(strings.TrimPrefix(row[2], "+"), row[0])
	}
	f.Add("+5215512345678", uint16(0))
	f.Add("tel:\u200b", uint16(0))
	f.Add("sip:+14155552671@s\x00\x00.example.com", uint16(0))
	f.Add("+1415555\x002671", uint16(0))
	f.Add("whatsapp:+14155552671\x00", uint16(0))
	f.Add("+77812345670", uint16(98))
	seed("6581234567", "IN")
	f.Fuzz(func(t *testing.T, from string, at uint16) {
		region := all[int(at)%len(all)]
		g := newGuard(t, &optout.Options{DefaultRegion: region})
		reader, err := number.New(region)
		require.NoError(t, err)
		read := reader.Read(from)
		key := read.Key
		_, err = g.Receive(t.Context(), optout.Message{Account: "acct", From: from, Text: "STOP"})
		if key == "" {
			require.ErrorIs(t, err, optout.ErrInvalidMessage)
			if utf8.ValidString(from) && from != "" && len(from) <= store.MaxKeyLen {
				t.Fatalf("an opt-out from %q is refused: %v", from, err)
			}
			return
		}
		require.NoError(t, err, "%q", from)
		for _, spelling := range spellings(reader, from, read) {
			d, err := g.Gate(t.Context(), "acct", spelling)
			if d.Allowed {
				t.Fatalf("STOP from %q, and %q is allowed", from, spelling)
			}
			if spelling == from || spelling == key {
				require.NoError(t, err, "%q", spelling)
				require.Equal(t, optout.ReasonOptedOut, d.Reason, "%q", spelling)
			}
		}
		batch, err := g.GateBatch(t.Context(), "acct", []string{from, key})
		require.NoError(t, err)
		for _, d := range batch {
			require.Equal(t, optout.ReasonOptedOut, d.Reason)
		}
	})
}

// spellings returns ways to write a number. The digits alone are one of them, unless they
// are another number: of a range that no plan assigns only the plus sign makes a number.
func spellings(reader *number.Reader, from string, read number.Number) []string {
	numbers := []string{from, read.Key, " " + read.Key + "\u202c", "whatsapp:" + read.Key}
	digits := strings.TrimPrefix(read.Key, "+")
	if bare := reader.Read(digits); read.Valid && (!bare.Valid || slices.Contains(bare.AppendKeys(nil), read.Key)) {
		numbers = append(numbers, digits)
	}
	return numbers
}
