package optout_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers/v2"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

var update = flag.Bool("update", false, "write the golden files anew")

// regions are all that the metadata knows, in order, and none.
func regions() []string {
	return append(slices.Sorted(maps.Keys(phonenumbers.GetSupportedRegions())), "")
}

// FuzzAnOptOutIsFoundAgain holds every From to: whatever comes, an opt-out from
// it blocks it, and its key, with and without the plus sign.
func FuzzAnOptOutIsFoundAgain(f *testing.F) {
	raw, err := os.ReadFile("testdata/phone_numbers.tsv")
	require.NoError(f, err)
	all := regions()
	for line := range strings.Lines(string(raw)) {
		field := strings.Split(line, "\t")
		var number string
		if json.Unmarshal([]byte(field[2]), &number) != nil {
			continue
		}
		f.Add(number, uint16(max(slices.Index(all, field[3]), 0)))
	}
	for i, region := range all {
		if n := phonenumbers.GetExampleNumber(region); n != nil {
			f.Add(phonenumbers.Format(n, phonenumbers.E164), uint16(i))
			f.Add(phonenumbers.Format(n, phonenumbers.NATIONAL), uint16(i))
			f.Add(phonenumbers.Format(n, phonenumbers.E164)[1:], uint16(i))
		}
	}
	f.Add("+5215512345678", uint16(0))
	f.Add("tel:\u200b", uint16(0))
	f.Add("6581234567", uint16(slices.Index(all, "IN")))
	f.Fuzz(func(t *testing.T, from string, region uint16) {
		g := newGuard(t, &optout.Options{DefaultRegion: all[int(region)%len(all)]})
		key, numberErr := g.Number(from)
		if again, _ := g.Number(key); again != key {
			t.Fatalf("the key of %q is %q, the key of that %q", from, key, again)
		}
		if len(key) > store.MaxKeyLen {
			t.Fatalf("%q has a key of %d bytes", from, len(key))
		}
		_, err := g.Receive(t.Context(), optout.Message{Account: "acct", From: from, Text: "STOP"})
		if key == "" {
			require.ErrorIs(t, err, optout.ErrInvalidMessage)
			if utf8.ValidString(from) && from != "" && len(from) <= store.MaxKeyLen {
				t.Fatalf("an opt-out from %q is refused: %v", from, err)
			}
			return
		}
		require.NoError(t, err, "%q", from)
		for _, number := range spellings(from, key, numberErr) {
			d, err := g.Gate(t.Context(), "acct", number)
			if d.Allowed {
				t.Fatalf("STOP from %q, and %q is allowed", from, number)
			}
			if number == from || number == key {
				require.NoError(t, err, "%q", number)
				require.Equal(t, optout.ReasonOptedOut, d.Reason, "%q", number)
			}
		}
		batch, err := g.GateBatch(t.Context(), "acct", []string{from, key})
		require.NoError(t, err)
		for _, d := range batch {
			require.Equal(t, optout.ReasonOptedOut, d.Reason)
		}
	})
}

func spellings(from, key string, numberErr error) []string {
	numbers := []string{from, key, " " + key + "\u202c", "whatsapp:" + key}
	if numberErr == nil {
		numbers = append(numbers, strings.TrimPrefix(key, "+"))
	}
	return numbers
}

// TestKeysAreThoseOfTheGoldenFile guards the keys that are stored against a newer
// phonenumbers: a key that changes is an opt-out that is no longer found.
func TestKeysAreThoseOfTheGoldenFile(t *testing.T) {
	const golden = "testdata/keys.golden.tsv"
	var b strings.Builder
	b.WriteString("region\ttype\tspelling\tkey\n")
	for _, region := range regions() {
		g := newGuard(t, &optout.Options{DefaultRegion: region})
		for _, typ := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.TOLL_FREE} {
			n := phonenumbers.GetExampleNumberForTypeInRegion(region, typ)
			if n == nil {
				continue
			}
			for _, format := range []phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.NATIONAL, phonenumbers.INTERNATIONAL} {
				spelling := phonenumbers.Format(n, format)
				key, err := g.Number(spelling)
				require.NoError(t, err, "%s %q", region, spelling)
				fmt.Fprintf(&b, "%s\t%d\t%s\t%s\n", region, typ, spelling, key)
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(phonenumbers.GetSupportedGlobalNetworkCallingCodes())) {
		spelling := phonenumbers.Format(phonenumbers.GetExampleNumberForNonGeoEntity(code), phonenumbers.E164)
		key, err := newGuard(t, nil).Number(spelling)
		require.NoError(t, err)
		fmt.Fprintf(&b, "001\t%d\t%s\t%s\n", code, spelling, key)
	}
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}
