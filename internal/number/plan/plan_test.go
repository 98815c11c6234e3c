package plan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// regions are all that the index names.
func regions(tb testing.TB) map[string]Region {
	tb.Helper()
	_, lines, _ := strings.Cut(index, "\n")
	all := map[string]Region{}
	for line := range strings.Lines(lines) {
		r, ok := In(line[:2])
		require.True(tb, ok, line)
		all[line[:2]] = r
	}
	require.Greater(tb, len(all), 200)
	return all
}

func TestClassesCarryTheirCounts(t *testing.T) {
	for prefix := range MaxDigits + 1 {
		require.Equal(t, prefix, Home(prefix).prefix())
		require.Equal(t, home, Home(prefix).kind())
		require.Equal(t, prefix, Abroad(prefix).prefix())
		require.Equal(t, abroad, Abroad(prefix).kind())
		for code := 1; code <= maxCode; code++ {
			c := Drop(code, prefix)
			require.Equal(t, []int{code, prefix}, []int{c.code(), c.prefix()})
			require.Equal(t, drop, c.kind())
		}
	}
}

func TestSpelled(t *testing.T) {
	for text, want := range map[string]string{
		"(415) 555-2671": "4155552671", "+1 [415] 555.2671": "14155552671", "(+44) 7911/123456": "447911123456",
		"12": "", "": "", "+": "", "1+23": "", "++123": "", "123+": "", "12a": "", "12{3": "", "1\t23": "", "１２３": "",
		"123\xff": "", "123\x00": "",
		strings.Repeat("1", MaxDigits): strings.Repeat("1", MaxDigits), strings.Repeat("1", MaxDigits+1): "",
		strings.Repeat("1", MaxDigits) + "[": "", "123" + strings.Repeat(" ", maxSpelled): "",
	} {
		var s Spelling
		if !s.Read(text) {
			require.Empty(t, want, "%q", text)
			continue
		}
		require.Equal(t, want, s.Digits(), "%q", text)
	}
}

func TestInRefusesWhatIsNotARegion(t *testing.T) {
	for _, region := range []string{"", "ZZ", "us", "001"} {
		_, ok := In(region)
		require.False(t, ok, region)
	}
}

// FuzzReadings holds that no text panics, and that the number of a Reading has the same
// class by E164.
func FuzzReadings(f *testing.F) {
	for _, seed := range []string{
		"(415) 555-2671", "+44 (0)7911 123456", "00 49 171 2345678", "0111512345678", "+12684641234", "99999999999999999999", "000", "+000",
	} {
		f.Add(seed)
	}
	all := regions(f)
	f.Fuzz(func(t *testing.T, text string) {
		E164(text)
		for region, r := range all {
			var s Spelling
			if !s.Read(text) {
				continue
			}
			readings := []Reading{s.International()}
			if !s.Plus() {
				readings = append(readings, s.National(&r))
			}
			for _, reading := range readings {
				if !reading.Class.IsNumber() {
					continue
				}
				number := s.E164(reading, "")
				require.Equal(t, reading.Class, E164(number), "%q in %s is %s", text, region, number)
			}
		}
	})
}
