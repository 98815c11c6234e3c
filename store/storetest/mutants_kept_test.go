package storetest_test

import (
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// keyed plants a bug in what a key is stored under.
func keyed(change func(store.Key) store.Key) func(*naive) {
	return func(s *naive) { s.key = change }
}

// matched plants a bug in how a number is looked for: as a pattern.
func matched(match func(pattern, text string) bool) func(*naive) {
	return func(s *naive) {
		s.lookup = func(k store.Key) store.Key {
			if s.contacts[k] != nil {
				return k
			}
			for stored := range s.contacts {
				if match(k.Account, stored.Account) && match(k.Number, stored.Number) {
					return stored
				}
			}
			return k
		}
	}
}

// like is a comparison by LIKE.
func like(pattern, text string) bool {
	pattern = regexp.QuoteMeta(pattern)
	pattern = strings.NewReplacer("%", ".*", "_", ".").Replace(pattern)
	return regexp.MustCompile("^(?s:" + pattern + ")$").MatchString(text)
}

func keyMutants() []mutant {
	return []mutant{
		{"case is folded", "KeyByteForByte", keyed(func(k store.Key) store.Key {
			return store.Key{Account: k.Account, Number: strings.ToLower(k.Number)}
		})},
		{"case of the account is folded", "KeyByteForByte", keyed(func(k store.Key) store.Key {
			return store.Key{Account: strings.ToLower(k.Account), Number: k.Number}
		})},
		{"trailing blanks are cut", "KeyByteForByte", keyed(func(k store.Key) store.Key {
			return store.Key{Account: k.Account, Number: strings.TrimRight(k.Number, " ")}
		})},
		{"accents are folded", "KeyByteForByte", keyed(func(k store.Key) store.Key {
			return store.Key{Account: k.Account, Number: strings.ReplaceAll(k.Number, "e\u0301", "é")}
		})},
		{"characters of four bytes are one", "KeyByteForByte", keyed(func(k store.Key) store.Key {
			return store.Key{Account: k.Account, Number: strings.Map(func(r rune) rune { return min(r, 0x10000) }, k.Number)}
		})},
		{"account and number are joined", "KeySplit", keyed(func(k store.Key) store.Key {
			return store.Key{Number: k.Account + ":" + k.Number}
		})},
		{"account and number are joined without a sign", "KeySplit", keyed(func(k store.Key) store.Key {
			return store.Key{Number: k.Account + k.Number}
		})},
		{"a number is looked for by LIKE", "KeyNoPattern", matched(like)},
		{"a number is looked for with * and ?", "KeyNoPattern", matched(func(pattern, text string) bool {
			ok, err := path.Match(pattern, text)
			return ok && err == nil
		})},
		{"a number is looked for as a regular expression", "KeyNoPattern", matched(func(pattern, text string) bool {
			ok, err := regexp.MatchString(pattern, text)
			return ok && err == nil
		})},
		{"the beginning of a number is enough", "KeyNoPattern", matched(func(pattern, text string) bool {
			return strings.HasPrefix(text, pattern)
		})},
		{"List takes an account by its beginning", "KeyNoPattern", func(s *naive) {
			s.filter = func(state store.State, q store.ListQuery) bool {
				return strings.HasPrefix(state.Key.Account, q.Account)
			}
		}},
		{"a key is cut at 250 bytes", "KeyLength", keyed(func(k store.Key) store.Key {
			return store.Key{Account: k.Account, Number: k.Number[:min(len(k.Number), 250)]}
		})},
		{"a key is cut at 191 characters", "KeyLength", keyed(func(k store.Key) store.Key {
			return store.Key{Account: k.Account, Number: string([]rune(k.Number)[:min(len([]rune(k.Number)), 191)])}
		})},
		{"a key of 255 bytes is refused", "KeyLength", func(s *naive) {
			s.valid = func(k store.Key) error {
				if len(k.Account) == store.MaxKeyLen {
					return store.ErrInvalid
				}
				return k.Validate()
			}
		}},
		{"an id is cut at 254 bytes", "KeyLength", kept(func(_ store.Event, kept *store.Event) {
			kept.ID = kept.ID[:min(len(kept.ID), 254)]
		})},
		{"accounts are one", "Accounts", keyed(func(k store.Key) store.Key { return store.Key{Number: k.Number} })},
		{"accounts are one in List", "Accounts", func(s *naive) {
			s.filter = func(store.State, store.ListQuery) bool { return true }
		}},
	}
}

func keptMutants() []mutant {
	at := func(change func(time.Time) time.Time) func(*naive) {
		return kept(func(_ store.Event, kept *store.Event) {
			if !kept.At.IsZero() {
				kept.At = change(kept.At)
			}
		})
	}
	compared := func(change func(time.Time) time.Time) func(*naive) {
		return each(func(_ []store.Record, r *store.Record) {
			if !r.At.IsZero() {
				r.At = change(r.At)
			}
		})
	}
	return []mutant{
		{"microseconds are dropped", "Times", at(func(t time.Time) time.Time { return t.Truncate(time.Millisecond) })},
		{"times are seconds with a fraction", "Times", at(func(t time.Time) time.Time {
			seconds := float32(t.UnixMicro()) / 1e6
			return time.UnixMicro(int64(float64(seconds) * 1e6))
		})},
		{"the zone is dropped", "Times", kept(func(given store.Event, kept *store.Event) {
			at := given.At.Truncate(store.Precision)
			_, offset := at.Zone()
			if !at.IsZero() {
				kept.At = at.Add(time.Duration(offset) * time.Second)
			}
		})},
		{"the epoch is no time", "Times", at(func(t time.Time) time.Time {
			if t.UnixMicro() == 0 {
				return time.Time{}
			}
			return t
		})},
		{"times are nanoseconds", "Times", at(func(t time.Time) time.Time { return time.Unix(0, t.UnixNano()).UTC() })},
		{"times end in 2038", "Times", at(func(t time.Time) time.Time {
			end := time.Unix(1<<31-1, 0).UTC()
			if t.After(end) {
				return end
			}
			return t
		})},
		{"times are 32 bits without a sign", "Times", at(func(t time.Time) time.Time {
			return time.Unix(int64(uint32(t.Unix())), int64(t.Nanosecond())).UTC()
		})},
		{"the time of receipt ends in 2038", "Times", kept(func(_ store.Event, kept *store.Event) {
			if kept.ReceivedAt.Year() > 2037 {
				kept.ReceivedAt = time.Date(2038, time.January, 19, 3, 14, 7, 0, time.UTC)
			}
		})},
		{"ReceivedAt is not kept", "Times", kept(func(_ store.Event, kept *store.Event) { kept.ReceivedAt = time.Time{} })},
		{"times are compared before they are cut", "TimesToMicrosecond", func(s *naive) {
			kept(func(given store.Event, kept *store.Event) { kept.At = given.At })(s)
			s.finish = func(_ store.Event, kept store.Record) store.Record {
				kept.At = kept.At.Truncate(store.Precision)
				return kept
			}
		}},
		{"times are compared in seconds", "TimesCompared", compared(func(t time.Time) time.Time { return t.Truncate(time.Second) })},
		{"times are compared in milliseconds", "TimesCompared", compared(func(t time.Time) time.Time { return t.Truncate(time.Millisecond) })},
		{"times are compared in 32 bits", "TimesCompared", compared(func(t time.Time) time.Time {
			return time.Unix(int64(int32(t.Unix())), int64(t.Nanosecond())).UTC()
		})},
		{"times are compared in nanoseconds", "TimesCompared", compared(func(t time.Time) time.Time { return time.Unix(0, t.UnixNano()).UTC() })},
		{"times are compared as texts without zeros at the end", "TimesCompared", compared(func(t time.Time) time.Time {
			if t.Nanosecond() == 0 { // "05Z" is greater than "05.1Z"
				return t.Add(time.Second - time.Microsecond)
			}
			return t
		})},
		{"times are compared without the year", "TimesCompared", compared(func(t time.Time) time.Time { return t.AddDate(2024-t.Year(), 0, 0) })},
		{"times of before 1970 are compared as none", "TimesCompared", compared(func(t time.Time) time.Time {
			if t.Unix() < 0 {
				return time.Time{}
			}
			return t
		})},
		{"evidence is made UTF-8", "Evidence", kept(func(_ store.Event, kept *store.Event) {
			kept.Note = strings.ToValidUTF8(kept.Note, "\ufffd")
		})},
		{"evidence ends at a NUL", "Evidence", kept(func(_ store.Event, kept *store.Event) {
			kept.Text, _, _ = strings.Cut(kept.Text, "\x00")
		})},
		{"evidence is trimmed", "Evidence", kept(func(_ store.Event, kept *store.Event) {
			kept.Actor = strings.TrimSpace(kept.Actor)
		})},
		{"evidence is cut", "Evidence", kept(func(_ store.Event, kept *store.Event) {
			kept.From = kept.From[:min(len(kept.From), 255)]
		})},
		{"two columns are swapped", "Evidence", kept(func(_ store.Event, kept *store.Event) {
			kept.From, kept.To = kept.To, kept.From
		})},
		{"the text NULL is no text", "Evidence", kept(func(_ store.Event, kept *store.Event) {
			if kept.Note == "NULL" {
				kept.Note = ""
			}
		})},
		{"a long text is cut without a mark", "LongText", kept(func(given store.Event, kept *store.Event) {
			kept.Text = given.Text[:min(len(given.Text), store.MaxTextLen)]
		})},
		{"a long text is kept", "LongText", kept(func(given store.Event, kept *store.Event) { kept.Text = given.Text })},
	}
}
