package optout

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// Review is a text that is held until a person has read it.
type Review struct {
	// Event is the text as it is recorded: Keyword is the rule of
	// [revocation.Read] that it met, KeywordSet the version of the rules, Note
	// why in words.
	Event store.Event

	// Due is when it must be settled at the latest: ten business days after it was
	// received (47 CFR 64.1200(a)(10)). Holidays count as business days, which makes
	// it earlier, and so does a weekend that begins or ends at another hour anywhere
	// between Hawaii and Greenwich. What is overdue stays held.
	Due time.Time
}

// reviewDays are business days.
const reviewDays = 10

// dueAfter counts days as they are in UTC and in Hawaii, between which the Americas
// are, and takes what is due first.
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
// errors.ErrUnsupported where the store is no [store.Reviewer]. Ranging again starts
// anew, and nothing is held open while the loop body runs.
//
// A text from digits that can be read as two numbers waits under both, and
// [Guard.Resolve] settles both. What waits of a contact who has opted out since is
// not listed.
func (g *Guard) Reviews(ctx context.Context, account string) iter.Seq2[Review, error] {
	return func(yield func(Review, error) bool) {
		s, err := g.ready(account)
		if err != nil {
			yield(Review{}, err)
			return
		}
		events := func(ev store.Event, err error) bool {
			if err != nil {
				return yield(Review{}, err)
			}
			return yield(Review{Event: ev, Due: dueAfter(ev.Since())}, nil)
		}
		pages(ctx, events, func(after store.Cursor) ([]store.Event, store.Cursor, error) {
			page, err := store.Reviews(ctx, s, store.ReviewQuery{Account: account, After: after, Limit: store.MaxLimit})
			for i := range page.Reviews {
				if ev := &page.Reviews[i]; err == nil && (ev.Key.Account != account || ev.Status != store.Held) {
					err = errBadState
				}
			}
			return page.Reviews, page.Next, err
		})
	}
}

// Verdict is what a person found in a text. The zero value is none.
type Verdict uint8

// The verdicts.
const (
	AsksToStop Verdict = iota + 1 // it asks to stop: the contact is opted out
	NoRequest                     // it asks nothing of the kind: what was before is in force again
)

// String returns "asks-to-stop" or "no-request".
func (v Verdict) String() string {
	switch v {
	case AsksToStop:
		return "asks-to-stop"
	case NoRequest:
		return "no-request"
	default:
		return "Verdict(" + strconv.Itoa(int(v)) + ")"
	}
}

// Resolution is what a person decided about a [Review].
type Resolution struct {
	Account string
	Number  string // of the review: Event.Key.Number
	EventID string // of the review: Event.ID
	Verdict Verdict

	Actor string // who decided
	Note  string // why
}

// Resolve settles a review, and keeps who decided in the history. AsksToStop opts the
// contact out as of when the text was sent; nobody is answered, since the text is of
// the past. NoRequest ends this hold, and nothing else: another text of the contact
// stays held, and an opt-out that came after the text stays in force (then
// Outcome.State tells). Resolving again, the other way, is possible: the opt-out wins.
//
// It refuses a review that was never there with [ErrNoReview], and a Verdict that is
// none or an empty Actor with [ErrInvalidMessage]. On any other error it is not known
// to be settled: call it again.
func (g *Guard) Resolve(ctx context.Context, r Resolution) (Outcome, error) {
	s, err := g.ready(r.Account)
	if err != nil {
		return Outcome{}, err
	}
	status := store.Released
	switch r.Verdict {
	case AsksToStop:
		status = store.OptedOut
	case NoRequest:
	default:
		return Outcome{}, fmt.Errorf("%w: Verdict: %v", ErrInvalidMessage, r.Verdict)
	}
	if r.Actor == "" {
		return Outcome{}, fmt.Errorf("%w: Actor is empty", ErrInvalidMessage)
	}
	a := g.address(r.Number)
	numbers := a.lookups()
	if len(numbers) == 0 {
		return Outcome{}, invalidMessage("Number", errNumber(r.Number))
	}
	if _, ok := store.As[store.Reviewer](s); !ok {
		return Outcome{}, errNoReviewer
	}

	out := Outcome{EventID: r.EventID}
	var done recorded
	for i := 0; i < len(numbers); i++ {
		key := store.Key{Account: r.Account, Number: numbers[i]}
		text, found, err := g.find(ctx, key, r.EventID, store.Held)
		switch {
		case err != nil:
			done.describe(&out)
			return out, err
		case !found && i == 0:
			return out, ErrNoReview
		case !found: // it is held under one reading only
			continue
		}
		from := g.address(text.From)
		for _, number := range from.lookups() {
			if !slices.Contains(numbers, number) {
				numbers = append(numbers, number)
			}
		}
		result, err := appendEvent(ctx, s, r.event(text, status))
		if err != nil {
			done.describe(&out)
			return out, err
		}
		done = append(done, result)
	}
	done.describe(&out)
	return out, nil
}

// event settles a text. An opt-out is of the time of the text, at the latest of when
// it came in: what the contact texted after it counts.
func (r Resolution) event(text store.Event, status store.Status) store.Event {
	at := text.At
	if at.IsZero() {
		at = text.Since()
	}
	return store.Event{
		ID:         text.ID,
		Key:        text.Key,
		Status:     status,
		At:         at,
		ReceivedAt: text.ReceivedAt,
		Source:     store.SourceReview,
		From:       text.From,
		To:         text.To,
		Text:       text.Text,
		Keyword:    text.Keyword,
		KeywordSet: text.KeywordSet,
		Actor:      r.Actor,
		Note:       r.Note,
	}
}
