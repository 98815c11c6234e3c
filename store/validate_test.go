package store_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/store"
)

func TestNormalizeNamesTheFieldThatNoStoreTakes(t *testing.T) {
	long := strings.Repeat("7", store.MaxKeyLen+1)
	year := func(y int) time.Time { return time.Date(y, time.June, 1, 0, 0, 0, 0, time.UTC) }
	for want, change := range map[string]func(*store.Event){
		"ID is empty":                    func(ev *store.Event) { ev.ID = "" },
		"ID has 256 bytes, over 255":     func(ev *store.Event) { ev.ID = long },
		"ID is not UTF-8":                func(ev *store.Event) { ev.ID = "a\xff" },
		"ID holds a NUL":                 func(ev *store.Event) { ev.ID = "a\x00" },
		"Account is empty":               func(ev *store.Event) { ev.Key.Account = "" },
		"Account is not UTF-8":           func(ev *store.Event) { ev.Key.Account = "\xed\xa0\x80" },
		"Number is empty":                func(ev *store.Event) { ev.Key.Number = "" },
		"Number has 256 bytes, over 255": func(ev *store.Event) { ev.Key.Number = long },
		"Number holds a NUL":             func(ev *store.Event) { ev.Key.Number = "\x00" },
		"Action is none":                 func(ev *store.Event) { ev.Action = store.NoAction },
		`ID of a Void: want "void:" and the ID of what it takes back`: func(ev *store.Event) { ev.Action = store.Void },
		"Action is Action(200)":            func(ev *store.Event) { ev.Action = 200 },
		"Source has 256 bytes, over 255":   func(ev *store.Event) { ev.Source = store.Source(long) },
		"Source is not UTF-8":              func(ev *store.Event) { ev.Source = "\xff" },
		"At is in the year 1":              func(ev *store.Event) { ev.At = year(1) },
		"At is in the year 10000":          func(ev *store.Event) { ev.At = year(10_000) },
		"At is in the year -1":             func(ev *store.Event) { ev.At = year(-1) },
		"ReceivedAt is in the year 300000": func(ev *store.Event) { ev.ReceivedAt = year(300_000) },
	} {
		ev := event("id", store.OptOut, minute(1))
		change(&ev)
		_, err := ev.Normalize()
		require.ErrorIs(t, err, store.ErrInvalid)
		require.EqualError(t, err, "store: invalid: "+want)
	}
}

func TestNormalizeTakesWhatIsAtTheLimits(t *testing.T) {
	for _, ev := range []store.Event{
		event(strings.Repeat("é", store.MaxKeyLen/2), store.OptOut, never),
		event("id", store.Retract, time.Date(2, time.January, 1, 0, 0, 0, 0, time.UTC)),
		event("id", store.Ask, time.Date(9999, time.December, 31, 23, 59, 59, 999_999_000, time.UTC)),
	} {
		ev.Source = ""
		kept, err := ev.Normalize()
		require.NoError(t, err)
		require.Equal(t, ev, kept)
	}
}

func TestNormalizeKeepsTimesInUTCToTheMicrosecond(t *testing.T) {
	ev := event("id", store.OptOut, minute(1).Add(1_999).In(time.FixedZone("", 3_600)))
	ev.ReceivedAt = time.Date(1960, time.January, 1, 0, 0, 0, 1_001, time.UTC)
	kept, err := ev.Normalize()
	require.NoError(t, err)
	require.Equal(t, minute(1).Add(time.Microsecond), kept.At)
	require.Equal(t, time.Date(1960, time.January, 1, 0, 0, 0, 1_000, time.UTC), kept.ReceivedAt)
}

// TestNormalizingAgainChangesNothing: an event that one store has read is stored as it is
// by another.
func TestNormalizingAgainChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds, nanos := rapid.Int64Range(-60_000_000_000, 250_000_000_000).Draw(t, "at"), rapid.Int64Range(0, 1e9).Draw(t, "nanos")
		ev := event("id", store.Hold, time.Unix(seconds, nanos))
		part := rapid.SampledFrom([]string{"x", "é", "😀", "\xff", "\xc3", "a\x00"}).Draw(t, "part")
		ev.Text = rapid.StringN(0, 20, -1).Draw(t, "text") + strings.Repeat(part, rapid.IntRange(0, 5_000).Draw(t, "times"))
		kept, err := ev.Normalize()
		if err != nil {
			t.Fatal(err)
		}
		again, err := kept.Normalize()
		if err != nil || again != kept {
			t.Fatalf("%v, %+v\nand again %+v", err, kept, again)
		}
		if len(kept.Text) > store.MaxTextLen {
			t.Fatalf("%d bytes of text are kept", len(kept.Text))
		}
		if utf8.ValidString(ev.Text) && !utf8.ValidString(kept.Text) {
			t.Fatalf("cut inside a character: %q", kept.Text[store.MaxTextLen-60:])
		}
	})
}

func TestALongTextIsCutAndMarked(t *testing.T) {
	ev := event("id", store.Hold, never)
	ev.Text = strings.Repeat("x", store.MaxTextLen)
	kept, err := ev.Normalize()
	require.NoError(t, err)
	require.Equal(t, ev.Text, kept.Text)

	ev.Text += "y"
	kept, err = ev.Normalize()
	require.NoError(t, err)
	require.Len(t, kept.Text, store.MaxTextLen)
	require.True(t, strings.HasSuffix(kept.Text, "xxx …[cut, was 4097 bytes]"), kept.Text[store.MaxTextLen-40:])
}

func TestPageLimit(t *testing.T) {
	for limit, want := range map[int]int{0: 100, 1: 1, 100: 100, 1_000: 1_000, 1_001: 1_000, 1 << 40: 1_000} {
		got, err := store.PageLimit(limit)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := store.PageLimit(-1)
	require.ErrorIs(t, err, store.ErrInvalid)
}
