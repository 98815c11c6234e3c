package list

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// DateOrder says how a date such as 03/04/2025 is read.
type DateOrder uint8

const (
	// DateOrderUnknown means that such a date is not used, and neither is one with a year of two
	// digits: see Row.DateErr.
	DateOrderUnknown DateOrder = iota
	// DayFirst means the 3rd of April, also for 03.04.25.
	DayFirst
	// MonthFirst means the 4th of March. Between points the day is first all the same.
	MonthFirst
)

var (
	errDateOrder = errors.New("date: the day or the month may come first: set CSVOptions.DateOrder")
	errDate      = errors.New("date: cannot be read")
	errEarly     = errors.New("date: before 2000")
	errTwoDates  = errors.New("date: both At and Day are given")
)

// lastZone is where days end last. A time without a zone counts as one there: an opt-out
// then counts as late as it can have been.
func lastZone() *time.Location { return time.FixedZone("UTC-12", -12*60*60) }

// earliest is before every list of this kind.
const earliest = 2000

// checkDate says why a Guard would not use the date of a row.
func (r Row) checkDate() error {
	switch {
	case !r.At.IsZero() && r.Day != "":
		return errTwoDates
	case !r.At.IsZero() && r.At.UTC().Year() < earliest:
		return errEarly
	case r.Day == "":
		return nil
	}
	day, err := time.Parse(time.DateOnly, r.Day)
	if err != nil || len(r.Day) != len(time.DateOnly) {
		return errDate
	}
	if day.Year() < earliest {
		return errEarly
	}
	return nil
}

// dateReader reads the dates of a list.
type dateReader struct {
	order DateOrder
	zone  *time.Location // of times without a zone; nil: not known
}

// into sets the date of a row by the text of a cell. An empty text is no date.
func (d dateReader) into(row *Row, text string) {
	if text = strings.Trim(text, " \t\r\n\u00a0'\""); text == "" {
		return
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		row.At, row.DateErr = at.UTC(), nil
	} else {
		row.At, row.Day, row.DateErr = d.read(text)
	}
	if row.DateErr == nil {
		row.DateErr = row.checkDate()
	}
	if row.DateErr != nil {
		row.At, row.Day, row.DateErr = time.Time{}, "", &dateError{row.DateErr, cutText(text, maxCell)}
	}
}

// isDate reports whether a text is a date, also one of which the order of day and month is not
// known.
func (d dateReader) isDate(text string) bool {
	var row Row
	d.into(&row, text)
	return !row.At.IsZero() || row.Day != "" || errors.Is(row.DateErr, errDateOrder)
}

// dateError is about a date that cannot be used, and has the date as the list writes it.
type dateError struct {
	error

	text string
}

// Unwrap returns why the date cannot be used.
func (e *dateError) Unwrap() error { return e.error }

// read returns a time, or else a day.
func (d dateReader) read(text string) (at time.Time, day string, err error) {
	if !strings.ContainsFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' }) && strings.Count(text, ".") < 2 {
		return d.readDigits(text)
	}
	text, zone := d.cutZone(cutWeekday(text))
	date, clock := cutClock(text)
	if day, err = d.readDay(date); err != nil || clock == "" {
		return time.Time{}, day, err
	}
	of, err := readClock(clock)
	switch {
	case err != nil:
		return time.Time{}, "", err
	case zone == nil && of == 0: // a day, written as a time
		return time.Time{}, day, nil
	case zone == nil:
		if zone = d.zone; zone == nil {
			zone = lastZone()
		}
	}
	midnight, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return time.Time{}, "", errDate
	}
	y, m, dd := midnight.Date()
	return time.Date(y, m, dd, 0, 0, 0, int(of), zone).UTC(), "", nil
}

// readDigits reads 20250304, 20250304153000, and seconds, milliseconds or microseconds
// since 1970. The number of a day in a spreadsheet is refused.
func (d dateReader) readDigits(text string) (at time.Time, day string, err error) {
	whole, fraction, _ := strings.Cut(text, ".")
	switch {
	case len(whole) == 8 && fraction == "":
		day, err = isoDay(whole[:4], whole[4:6], whole[6:])
		return time.Time{}, day, err
	case len(whole) == 14 && fraction == "":
		return d.read(whole[:4] + "-" + whole[4:6] + "-" + whole[6:8] + " " + whole[8:10] + ":" + whole[10:12] + ":" + whole[12:])
	}
	unit := map[int]float64{10: 1e6, 13: 1e3, 16: 1}[len(whole)]
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || unit == 0 {
		return time.Time{}, "", errDate
	}
	return time.UnixMicro(int64(math.Round(number * unit))).UTC(), "", nil
}

// cutWeekday cuts "Tue, ".
func cutWeekday(text string) string {
	first, rest, cut := strings.Cut(text, ",")
	if cut && !strings.ContainsAny(first, "0123456789") && !strings.Contains(first, " ") {
		return strings.TrimSpace(rest)
	}
	return text
}

// cutZone cuts the zone off the end. An abbreviation of another zone than UTC stays, and is
// then refused: CST is Chicago, Havana and Shanghai.
func (d dateReader) cutZone(text string) (rest string, zone *time.Location) {
	for _, name := range []string{"UTC", "GMT", "Z"} {
		if rest, ok := strings.CutSuffix(text, name); ok && strings.Contains(rest, ":") {
			text, zone = strings.TrimSpace(rest), time.UTC
			break
		}
	}
	i := strings.LastIndexAny(text, "+-")
	if i < 0 || !strings.Contains(text[:i], ":") {
		return text, zone
	}
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(layout, text[i:]); err == nil {
			return strings.TrimSpace(text[:i]), t.Location()
		}
	}
	return text, zone
}

// cutClock cuts a date from its time of day.
func cutClock(text string) (date, clock string) {
	first, _, ok := strings.Cut(text, ":")
	if !ok {
		return text, ""
	}
	i := strings.LastIndexAny(first, " Tt")
	if i < 0 {
		return text, ""
	}
	return strings.TrimRight(text[:i], " ,"), text[i+1:]
}

// readClock returns the time since midnight.
func readClock(text string) (time.Duration, error) {
	text = strings.ToUpper(strings.ReplaceAll(strings.ReplaceAll(text, ".M.", "M"), ".m.", "M"))
	text = strings.ReplaceAll(text, "\u202f", " ")
	for _, layout := range []string{"15:04:05", "15:04", "3:04:05 PM", "3:04 PM", "3:04:05PM", "3:04PM"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)), nil
		}
	}
	return 0, errDate
}

// readDay returns a date as 2025-03-04.
func (d dateReader) readDay(text string) (string, error) {
	sep := strings.IndexAny(text, "/-.")
	if sep > 0 {
		if parts := strings.Split(text, text[sep:sep+1]); len(parts) == 3 && areNumbers(parts) {
			return d.readNumbers(parts, text[sep])
		}
	}
	text = strings.Join(strings.Fields(strings.NewReplacer(",", " ", "-", " ", ".", " ").Replace(text)), " ")
	for _, layout := range []string{"2 Jan 2006", "Jan 2 2006", "2 January 2006", "January 2 2006", "2006 Jan 2"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format(time.DateOnly), nil
		}
	}
	return "", errDate
}

// readNumbers reads three numbers: 2025-03-04, 4.3.2025, 3/4/2025. Of 04.03.25 and 04/03/25
// each part can be the year: without an order they are not used.
func (d dateReader) readNumbers(parts []string, sep byte) (string, error) {
	a, b, c := strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1]), strings.TrimSpace(parts[2])
	switch {
	case len(a) == 4:
		return isoDay(a, b, c)
	case len(c) == 2 && len(a) <= 2 && len(b) <= 2 && d.order == DateOrderUnknown:
		return "", errDateOrder
	case len(c) == 2:
		c = fullYear(c)
	case len(c) != 4:
		return "", errDate
	}
	switch {
	case sep == '.' || d.order == DayFirst:
		return isoDay(c, b, a)
	case d.order == MonthFirst || over12(b) || len(a) == len(b) && a == b:
		return isoDay(c, a, b)
	case over12(a):
		return isoDay(c, b, a)
	default:
		return "", errDateOrder
	}
}

// fullYear is the year that two digits mean: 1969 to 2068, as in package time.
func fullYear(digits string) string {
	if digits >= "69" {
		return "19" + digits
	}
	return "20" + digits
}

func over12(number string) bool {
	n, err := strconv.Atoi(number)
	return err == nil && n > 12
}

// isoDay makes one text of a year, a month and a day, and refuses a date that there is not.
func isoDay(year, month, day string) (string, error) {
	text := fmt.Sprintf("%s-%02s-%02s", year, month, day)
	if _, err := time.Parse(time.DateOnly, text); err != nil || len(text) != len(time.DateOnly) {
		return "", errDate
	}
	return text, nil
}

func areNumbers(parts []string) bool {
	for _, part := range parts {
		part = strings.TrimSpace(part)
		if part == "" || len(part) > 4 || strings.ContainsFunc(part, func(r rune) bool { return r < '0' || r > '9' }) {
			return false
		}
	}
	return true
}
