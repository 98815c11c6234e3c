package optout

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/internal/enum"
	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// Review is a text that is held until a person has read it.
type Review struct {
	// Record is the text as it is recorded: Keyword is the rule of package revocation
	// that it met, KeywordSet the version of the rules, Note why in words.
	store.Record

	// Due is when the text must be settled at the latest: ten business days after the
	// text was received (47 CFR 64.1200(a)(10)). Holidays count as business days. Due is the
	// earlier of the days in Hawaii and in UTC, so it is never too late. An overdue text
	// stays held.
	Due time.Time `json:"due,omitzero"`
}

func newReview(r store.Record) Review {
	return Review{Record: r, Due: dueAfter(r.ReceivedOrRecorded())}
}

// reviewDays are business days.
const reviewDays = 10

// dueAfter counts days as they are in UTC and in Hawaii, between which the Americas
// are, and takes the earlier one.
func dueAfter(received time.Time) time.Time {
	const hawaii = -10 * 60 * 60 // seconds east of Greenwich
	first := businessDaysAfter(received.UTC())
	if there := businessDaysAfter(received.In(time.FixedZone("", hawaii))); there.Before(first) {
		first = there
	}
	return first.UTC()
}

func businessDaysAfter(received time.Time) time.Time {
	due := received
	for days := 0; days < reviewDays; {
		due = due.AddDate(0, 0, 1)
		if day := due.Weekday(); day != time.Saturday && day != time.Sunday {
			days++
		}
	}
	return due
}

// Reviews yields the texts of an account that wait for a person, the one that was
// received first at the beginning. An error is yielded once, last;
// errors.ErrUnsupported if the store is no [store.Reviewer]. Ranging again starts
// anew, and nothing is held open while the loop body runs.
//
// A text from digits without a plus sign, or from a line with two spellings, is kept under
// several keys. It is listed once, and [Guard.Resolve] settles all of them. A text that was
// erased is listed once for each number, without its words: see [Guard.Erase]. A text of a
// contact who has opted out since is not listed.
func (g *Guard) Reviews(ctx context.Context, account string) iter.Seq2[Review, error] {
	return func(yield func(Review, error) bool) {
		s, err := g.ready(account)
		if err != nil {
			yield(Review{}, err)
			return
		}
		var copies copies
		records := func(r store.Record, err error) bool {
			if err != nil {
				return yield(Review{}, err)
			}
			return yield(newReview(r), nil)
		}
		pages(ctx, records, func(after store.Cursor) ([]store.Record, store.Cursor, error) {
			page, err := store.Reviews(ctx, s, store.ReviewQuery{Account: account, After: after, Limit: store.MaxLimit})
			if err != nil {
				return nil, "", err
			}
			waiting, err := g.waiting(ctx, s, account, page.Records, &copies)
			return waiting, page.Next, err
		})
	}
}

// waiting returns the records that a person should see: each text once, and none that
// gives way to a START.
func (g *Guard) waiting(
	ctx context.Context, s store.Store, account string, records []store.Record, copies *copies,
) ([]store.Record, error) {
	waiting := records[:0]
	over := make(map[string]bool) // the keys whose texts give way
	for _, r := range records {
		if r.Key.Account != account || r.Action != store.Hold {
			return nil, errBadState
		}
		if _, known := over[r.Key.Number]; !known {
			restarted, err := g.restarted(ctx, s, r)
			if err != nil {
				return nil, err
			}
			over[r.Key.Number] = restarted
		}
		if !over[r.Key.Number] && !copies.seen(r) {
			waiting = append(waiting, r)
		}
	}
	return waiting, nil
}

// copies recognises a text that was listed under another key. Copies follow one another,
// since they were received at the same moment.
type copies struct {
	received time.Time
	texts    map[store.Event]bool
}

func (c *copies) seen(r store.Record) bool {
	if received := r.ReceivedOrRecorded(); c.texts == nil || !received.Equal(c.received) {
		c.received, c.texts = received, make(map[store.Event]bool)
	}
	text := r.Event
	text.Key = store.Key{}
	if r.Erased { // Resolve finds no other keys of it than the spellings of a line
		text.Key.Number = spellings(r.Key.Number)[0]
	}
	seen := c.texts[text]
	c.texts[text] = true
	return seen
}

// restarted reports whether a text that is kept under digits gives way to a START of the
// number that they are read as, or a text under a number to a START in the other spelling of
// its line.
func (g *Guard) restarted(ctx context.Context, s store.Store, r store.Record) (bool, error) {
	n, digits := g.digitsOnly(r.Key.Number)
	if number.Twin(r.Key.Number) != "" {
		n = number.Number{Key: r.Key.Number}
	} else if !digits {
		return false, nil
	}
	now, err := g.readDigits(ctx, s, r.Key.Account, &n)
	return !closes(now.state.Status), err
}

// Verdict is what a person found in a text. The zero value is no verdict, and is refused.
type Verdict uint8

// The verdicts.
const (
	NoVerdict        Verdict = iota
	VerdictRequest           // it asks to stop: the contact is opted out
	VerdictNoRequest         // it does not ask to stop: its hold, or its opt-out, is taken back
)

var verdicts = enum.Words[Verdict]{Err: errEnum, Kind: "Verdict", Words: []string{"none", "request", "no-request"}}

// String returns "request", "no-request", or "none" for the zero value.
func (v Verdict) String() string { return verdicts.String(v) }

// MarshalText returns the word of String.
func (v Verdict) MarshalText() ([]byte, error) { return verdicts.Marshal(v) }

// UnmarshalText reads a word of String.
func (v *Verdict) UnmarshalText(text []byte) error { return verdicts.Unmarshal(text, v) }

// Resolution is what a person decided about a text.
type Resolution struct {
	Account string       `json:"account"`
	Review  store.Record `json:"review"` // the text that was read, of Guard.Reviews or Guard.History
	Verdict Verdict      `json:"verdict"`

	Actor string `json:"actor,omitzero"` // who decided
	Note  string `json:"note,omitzero"`  // why
}

// Resolve settles a text, and keeps who decided in the history: a text that is held, or
// one that was read as a request in other words than a keyword (store.SourceText). It
// settles the very text that was read, and no other text. If the text is recorded under
// several readings of its number, it settles the text under all of them.
//
// VerdictRequest opts the contact out from the time of the text, unless the contact has
// texted START since. There is no reply. VerdictNoRequest takes back what the text did,
// and nothing else: another text of the contact stays held, and another opt-out stays in
// force. Outcome.State is what is in force then. You can resolve a text again with the
// other verdict. If both were given, the opt-out counts.
//
// If no such text is recorded, the error is [ErrNoReview]. If Verdict or Actor is
// missing, the error is [ErrInvalidMessage]. After any other error, call Resolve again.
func (g *Guard) Resolve(ctx context.Context, r Resolution) (Outcome, error) {
	return observed(ctx, g, OperationResolve, r.Account, r, (*Guard).resolve)
}

func (g *Guard) resolve(ctx context.Context, r Resolution) (Outcome, error) {
	s, err := g.ready(r.Account)
	if err != nil {
		return Outcome{}, err
	}
	action := store.Uphold
	switch r.Verdict {
	case VerdictRequest:
	case VerdictNoRequest:
		action = store.Release
	default:
		return Outcome{}, fmt.Errorf("%w: Verdict: %v", ErrInvalidMessage, r.Verdict)
	}
	if r.Actor == "" {
		return Outcome{}, fmt.Errorf("%w: Actor is empty", ErrInvalidMessage)
	}
	if r.Review.Key.Account != r.Account {
		return Outcome{}, ErrNoReview
	}
	out := Outcome{EventID: r.Review.ID}
	var done recorded
	copies := g.copiesOf(r.Review)
	for i, text := range copies {
		if i > 0 {
			recorded, err := g.hasText(ctx, s, text)
			if err != nil {
				done.describe(&out)
				return out, err
			}
			if !recorded {
				continue
			}
		}
		ev := about(text, action, store.Event{Source: store.SourceReview, Actor: r.Actor, Note: r.Note})
		ev.Keyword, ev.KeywordSet = text.Keyword, text.KeywordSet
		result, err := appendEvent(ctx, s, ev)
		switch {
		case i == 0 && errors.Is(err, store.ErrInvalid):
			return out, ErrNoReview
		case err != nil:
			done.describe(&out)
			return out, err
		}
		done.results = append(done.results, result)
	}
	if len(copies) > 1 {
		n := g.r().numbers.Read(senderOf(r.Review))
		if err := g.stateOf(ctx, s, r.Account, &n, &done.state); err != nil {
			done.describe(&out)
			return out, err
		}
	}
	done.describe(&out)
	return out, nil
}

// copiesOf returns a text as it may be recorded under the other keys of its number, after
// the text that was read.
func (g *Guard) copiesOf(text store.Record) []store.Record {
	copies := []store.Record{text}
	n := g.r().numbers.Read(senderOf(text))
	for _, key := range append(n.AppendKeys(nil), n.Digits) {
		other := text
		other.Key.Number = key
		known := func(r store.Record) bool { return r.Key == other.Key }
		if key != "" && !slices.ContainsFunc(copies, known) {
			copies = append(copies, other)
		}
	}
	return copies
}

// hasText reports whether a text is recorded under its key too: the same words, times and
// id from the same sender, as far as an Erase has left them.
func (g *Guard) hasText(ctx context.Context, s store.Store, text store.Record) (bool, error) {
	review := about(text, store.Release, store.Event{})
	for old, err := range g.historyOf(ctx, s, text.Key) {
		if err != nil {
			return false, err
		}
		if review.Names(old) && (old.Erased || old.From == text.From && old.To == text.To) {
			return true, nil
		}
	}
	return false, nil
}
