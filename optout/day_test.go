package optout_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// clockGuard returns a Guard with a clock that the test sets.
func clockGuard(t require.TestingT, now *time.Time) *optout.Guard {
	g, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: "US", Now: func() time.Time { return *now }})
	require.NoError(t, err)
	return g
}

// row is a row of a list that has days.
func row(day string) optout.Request {
	return optout.Request{ID: "row 1", Account: account, Number: "(415) 555-2671", Day: day, Source: store.SourceImport}
}

// localDay draws a day and returns it with its start and its end in some zone of the world.
func localDay(t *rapid.T) (day string, begins, ends time.Time) {
	quarters := rapid.IntRange(-12*4, 14*4).Draw(t, "zone, in quarters of an hour")
	zone := time.FixedZone("", quarters*15*60)
	days := rapid.IntRange(2, 366*26).Draw(t, "days since 1999") // a START of 1999 is not dated
	begins = time.Date(2000, time.January, days, 0, 0, 0, 0, zone)
	return begins.Format(time.DateOnly), begins, begins.AddDate(0, 0, 1)
}

// lastEnd is the end of a day in the zone where days end last.
func lastEnd(t require.TestingT, day string) time.Time {
	begins, err := time.ParseInLocation(time.DateOnly, day, time.FixedZone("UTC-12", -12*60*60))
	require.NoError(t, err)
	return begins.AddDate(0, 0, 1)
}

// TestAnOptOutOfADayWinsOverEachSTARTOfTheDay plays a START at any moment of the local day
// in any zone, and one after the day has ended everywhere, before and after the row.
func TestAnOptOutOfADayWinsOverEachSTARTOfTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day, begins, ends := localDay(t)
		sent := begins.Add(time.Duration(rapid.Int64Range(0, int64(ends.Sub(begins))-1).Draw(t, "START after midnight")))
		opens := false
		if rapid.Bool().Draw(t, "on a later day") {
			after := rapid.Int64Range(int64(time.Microsecond), int64(90*24*time.Hour)).Draw(t, "START after the end")
			sent = lastEnd(t, day).Add(time.Duration(after))
			opens = true
		}
		now := time.Date(2027, time.March, 1, 0, 0, 0, 0, time.UTC)
		g := clockGuard(t, &now)
		start := optout.Message{ID: "SM1", Account: account, From: contact, To: ours, Text: "START", At: sent}
		steps := []func() error{
			func() error { _, err := g.RecordOptOut(context.Background(), row(day)); return err },
			func() error { _, err := g.Receive(context.Background(), start); return err },
		}
		if rapid.Bool().Draw(t, "the row comes late") {
			steps[0], steps[1] = steps[1], steps[0]
		}
		for _, step := range steps {
			require.NoError(t, step())
		}
		d, err := g.Gate(context.Background(), account, contact)
		require.NoError(t, err)
		require.Equal(t, opens, d.Allowed, "%s, START %s", day, sent.UTC())
	})
}

func TestADayCountsToItsEndEverywhere(t *testing.T) {
	for _, c := range []struct {
		name, day string
		now, want string // want "": not dated
	}{
		{"a day of the past", "2025-03-04", "2026-01-01 00:00:00", "2025-03-05 12:00:00"},
		{"the end of a month", "2025-02-28", "2026-01-01 00:00:00", "2025-03-01 12:00:00"},
		{"a leap day", "2024-02-29", "2026-01-01 00:00:00", "2024-03-01 12:00:00"},
		{"the end of a year", "2024-12-31", "2026-01-01 00:00:00", "2025-01-01 12:00:00"},
		{"the first day of 2000", "2000-01-01", "2026-01-01 00:00:00", "2000-01-02 12:00:00"},
		{"the last day before 2000", "1999-12-31", "2026-01-01 00:00:00", ""}, // it ends in 2000
		{"year 0", "0000-01-01", "2026-01-01 00:00:00", ""},
		{"the year 9999", "9999-12-31", "2026-01-01 00:00:00", ""},
		{"tomorrow", "2025-03-05", "2025-03-04 18:00:00", ""},
		{"today", "2025-03-04", "2025-03-04 18:00:00", ""},
		{"yesterday, and today at UTC-12", "2025-03-04", "2025-03-05 11:59:59", ""},
		{"it ends now", "2025-03-04", "2025-03-05 12:00:00", ""},
		{"it has ended by one of two clocks", "2025-03-04", "2025-03-05 12:04:59", ""},
		{"it has ended by every clock", "2025-03-04", "2025-03-05 12:05:00", "2025-03-05 12:00:00"},
		{"no day", "", "2026-01-01 00:00:00", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			now, err := time.Parse(time.DateTime, c.now)
			require.NoError(t, err)
			for _, record := range []func(*optout.Guard, context.Context, optout.Request) (optout.Outcome, error){
				(*optout.Guard).RecordOptOut, (*optout.Guard).RecordConsent,
			} {
				out, err := record(clockGuard(t, &now), t.Context(), row(c.day))
				require.NoError(t, err)
				got := ""
				if !out.State.At.IsZero() {
					got = out.State.At.Format(time.DateTime)
				}
				require.Equal(t, c.want, got)
				require.True(t, out.State.ReceivedAt.Equal(now))
			}
		})
	}
}

func TestADayThatIsNoDate(t *testing.T) {
	for _, day := range []string{
		"2025-02-30", "2025-13-01", "2025-00-10", "2025-3-4", "2025-03-4 ", " 2025-03-04", "20250304", "2025/03/04", "03/04/2025",
		"2025-03-04T10:00:00Z", "12025-03-04", "-025-03-04", "secret 415", "２025-03-04", "\x00", "\xff", strings.Repeat("2025-03-04", 1<<17),
	} {
		g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
		for _, record := range []func(context.Context, optout.Request) (optout.Outcome, error){g.RecordOptOut, g.RecordConsent} {
			_, err := record(t.Context(), row(day))
			require.ErrorIs(t, err, optout.ErrInvalidMessage)
			require.EqualError(t, err, "optout: invalid message: Day: no such date, want one such as 2025-03-04")
			require.True(t, optout.Permanent(err))
		}
		require.Empty(t, history(t, g, contact), "%.20q", day)
	}
}

func TestADayBesideATimeIsAnError(t *testing.T) {
	g := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US"})
	both := row("2025-03-04")
	for _, both.At = range []time.Time{at(0), time.Unix(0, 0), at(1 << 20)} { // also if At would count as not given
		for _, record := range []func(context.Context, optout.Request) (optout.Outcome, error){g.RecordOptOut, g.RecordConsent} {
			_, err := record(t.Context(), both)
			require.ErrorIs(t, err, optout.ErrInvalidMessage)
			require.ErrorContains(t, err, "Day: want either At or Day")
		}
	}
	require.Empty(t, history(t, g, contact))
}

func TestASecondRunOfAListWithDaysChangesNothing(t *testing.T) {
	now := time.Date(2025, time.March, 10, 0, 0, 0, 0, time.UTC)
	g := clockGuard(t, &now)
	out, err := g.RecordOptOut(t.Context(), row("2025-03-04"))
	require.NoError(t, err)
	require.True(t, out.Changed)
	require.True(t, receive(t, g, text("SM1", "START", time.Time{})).Changed)
	for range 3 {
		now = now.AddDate(0, 1, 0)
		out, err = g.RecordOptOut(t.Context(), row("2025-03-04"))
		require.NoError(t, err)
		require.True(t, out.Duplicate)
		require.False(t, out.Changed)
		require.True(t, allowed(t, g, contact))
	}
	out, err = g.RecordOptOut(t.Context(), row("2025-03-05"))
	require.NoError(t, err)
	require.False(t, out.Duplicate, "the same id on another day is another opt-out")
	require.False(t, allowed(t, g, contact))
}

func TestAListThatIsRecordedOnItsDayAndAgainAfterIt(t *testing.T) {
	const day = "2025-03-04"
	ends := lastEnd(t, day)
	for _, c := range []struct {
		name   string
		start  time.Time // when the contact texts START, between the two runs
		at     bool      // the provider gives the time
		opened bool      // after the second run
	}{
		{"START on the day", ends.Add(-6 * time.Hour), true, false},
		{"START on the day, no time", ends.Add(-6 * time.Hour), false, false},
		{"START after the day", ends.Add(6 * time.Hour), true, true},
		{"START after the day, no time", ends.Add(6 * time.Hour), false, false}, // order of arrival
	} {
		t.Run(c.name, func(t *testing.T) {
			now := ends.Add(-10 * time.Hour)
			g := clockGuard(t, &now)
			record := func() optout.Outcome {
				out, err := g.RecordOptOut(t.Context(), row(day))
				require.NoError(t, err)
				return out
			}
			require.True(t, record().Changed)
			require.True(t, record().Duplicate, "the day has not ended")

			now = c.start
			start := text("SM1", "START", time.Time{})
			if c.at {
				start.At = now
			}
			require.True(t, receive(t, g, start).Changed, "order of arrival decides on the day")
			require.True(t, allowed(t, g, contact))

			now = ends.Add(24 * time.Hour)
			again := record()
			require.False(t, again.Duplicate)
			require.Equal(t, !c.opened, again.Changed)
			require.Equal(t, c.opened, allowed(t, g, contact))

			now = now.AddDate(0, 1, 0)
			require.True(t, record().Duplicate)
			require.Equal(t, c.opened, allowed(t, g, contact))
			receive(t, g, text("SM2", "START", now))
			record()
			require.True(t, allowed(t, g, contact), "a START after the day opens for good")
		})
	}
}

// TestHowOftenAListRanDoesNotMatter compares runs at any time with a single run after the day. Every START has a time.
func TestHowOftenAListRanDoesNotMatter(t *testing.T) {
	const day, hours = "2025-03-04", 24 * 6
	first := lastEnd(t, day).Add(-48 * time.Hour)
	rapid.Check(t, func(t *rapid.T) {
		runs := rapid.SliceOfN(rapid.IntRange(0, hours-1), 0, 4).Draw(t, "runs, in hours")
		starts := rapid.SliceOfN(rapid.IntRange(0, hours-1), 0, 4).Draw(t, "STARTs, in hours")
		play := func(runs []int) bool {
			var now time.Time
			g := clockGuard(t, &now)
			record := func() {
				_, err := g.RecordOptOut(context.Background(), row(day))
				require.NoError(t, err)
			}
			for hour := range hours {
				for i, start := range starts {
					if now = first.Add(time.Duration(hour)*time.Hour + 30*time.Minute); start == hour {
						_, err := g.Receive(context.Background(), text(fmt.Sprint("SM", i), "START", now))
						require.NoError(t, err)
					}
				}
				for _, run := range runs {
					if now = first.Add(time.Duration(hour) * time.Hour); run == hour {
						record()
					}
				}
			}
			now = first.Add(hours * time.Hour)
			record()
			d, err := g.Gate(context.Background(), account, contact)
			require.NoError(t, err)
			return d.Allowed
		}
		require.Equal(t, play(nil), play(runs))
	})
}

// TestConsentOfADayIsNeverStrongerThanASTOP plays a consent of a day and a STOP of any time,
// with and without a time, in both orders.
func TestConsentOfADayIsNeverStrongerThanASTOP(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day, begins, _ := localDay(t)
		now := time.Date(2027, time.March, 1, 0, 0, 0, 0, time.UTC)
		g := clockGuard(t, &now)
		stop := text("SM1", "STOP", begins.Add(time.Duration(rapid.Int64Range(int64(-72*time.Hour), int64(72*time.Hour)).Draw(t, "STOP"))))
		if rapid.Bool().Draw(t, "no time") {
			stop.At = time.Time{}
		}
		optOut := func() error { _, err := g.Receive(context.Background(), stop); return err }
		if rapid.Bool().Draw(t, "or by a list of days") {
			optOut = func() error { _, err := g.RecordOptOut(context.Background(), row(day)); return err }
		}
		late := rapid.Bool().Draw(t, "the consent comes late")
		if late {
			require.NoError(t, optOut())
		}
		consent := row(day)
		consent.ID = "form 1"
		out, err := g.RecordConsent(context.Background(), consent)
		if late {
			require.ErrorIs(t, err, optout.ErrOptedOut)
		} else {
			require.NoError(t, err)
			require.True(t, out.State.At.Equal(lastEnd(t, day)))
			require.NoError(t, optOut())
		}
		d, err := g.Gate(context.Background(), account, contact)
		require.NoError(t, err)
		require.Equal(t, optout.ReasonOptedOut, d.Reason)
	})
}
