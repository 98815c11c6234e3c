package optout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/store"
)

// Request is what a contact asked for by other means than a text message.
type Request struct {
	ID      string       `json:"id,omitzero"`     // recognises a repeated Request; a Message with the same ID is another event
	Account string       `json:"account"`         // as in Message
	Number  string       `json:"number"`          // the contact's
	Source  store.Source `json:"source,omitzero"` // where it came from; defaults to store.SourceAgent

	// At is when the contact acted; zero means not known. A time counts as not known too
	// if it is before 2000, less than 5 minutes ago, or in the future. Without At the
	// order of arrival decides. A request that is recorded while its At is too recent, and again
	// when it is not, is two events, as with Day.
	At time.Time `json:"at,omitzero"`

	// Day is the day on which the contact acted, if no time is known: "2025-03-04". The day
	// counts to its end, wherever it was: At is then 24:00 at UTC-12, which is 12:00 UTC on
	// 2025-03-05. So an opt-out of a day wins over a START of the same day in any time zone.
	// A day that has not ended at UTC-12, or is before 2000, counts as not known. Any other
	// text than a date, and a Day beside an At, are errors that wrap [ErrInvalidMessage].
	//
	// An opt-out that is recorded on its day and again after the day is two events, since the
	// second time the whole day counts: it wins over a START that came in between, if the
	// START is of that day or has no time. A third time is a duplicate of the second.
	Day string `json:"day,omitzero"`

	Actor string `json:"actor,omitzero"` // who recorded it
	Note  string `json:"note,omitzero"`  // how it was asked for
	Text  string `json:"text,omitzero"`  // the words of the request, or those that were consented to
}

// RecordOptOut records an opt-out by phone, mail, web, carrier, import: any reasonable
// means. Nothing was texted, so there is no reply. An error means that it is not
// known to be stored.
//
// A text that is no phone number is recorded as it is, and Outcome.NoNumber reports it:
// an agent has mistyped the number, or the row of a list is a heading. Outcome.Fault says
// what is wrong with it.
func (g *Guard) RecordOptOut(ctx context.Context, r Request) (Outcome, error) {
	return observed(ctx, g, OperationRecordOptOut, r.Account, r, (*Guard).recordOptOut)
}

func (g *Guard) recordOptOut(ctx context.Context, r Request) (Outcome, error) {
	s, err := g.ready(r.Account)
	if err != nil {
		return Outcome{}, err
	}
	n := g.r().numbers.Read(r.Number)
	ev, out, err := g.event(r, &n, store.OptOut)
	if err != nil {
		return out, err
	}
	done, err := g.record(ctx, s, ev, &n)
	done.describe(&out)
	return out, err
}

// RecordConsent records the proof of a first opt-in, made elsewhere. It never
// lifts an opt-out, which only the contact can do, by texting START: then the
// error is [ErrOptedOut], and the history keeps the attempt.
func (g *Guard) RecordConsent(ctx context.Context, r Request) (Outcome, error) {
	return observed(ctx, g, OperationRecordConsent, r.Account, r, (*Guard).recordConsent)
}

func (g *Guard) recordConsent(ctx context.Context, r Request) (Outcome, error) {
	s, err := g.ready(r.Account)
	if err != nil {
		return Outcome{}, err
	}
	n := g.r().numbers.Read(r.Number)
	ev, out, err := g.event(r, &n, store.Consent)
	if err == nil {
		err = g.consentKey(ctx, s, &ev, &n, &out)
	}
	if err != nil {
		return out, err
	}
	result, err := appendEvent(ctx, s, ev)
	err = g.consented(ctx, s, r.Account, result, err, &n, &out)
	return out, err
}

// consentKey changes the key of a consent to the spelling that is known, or to the key under
// which the attempt is kept if the contact has opted out.
func (g *Guard) consentKey(ctx context.Context, s store.Store, ev *store.Event, n *number.Number, out *Outcome) error {
	now, err := g.read(ctx, s, ev.Key.Account, n)
	if err != nil {
		return err
	}
	known, err := g.consentedAs(ctx, s, *ev)
	switch {
	case err != nil:
		return err
	case known != "" && now.state.Status != store.OptedOut:
		ev.Key.Number = known
	case known != "" && known != now.state.Key.Number: // the attempt is kept there already
		out.State, out.Superseded = now.state, true
		return ErrOptedOut
	case now.state.Status != store.OptedOut:
		ev.Key = now.number().Key // the spelling that is known
	case slices.Contains(otherKeys(n), now.state.Key.Number):
		out.State, out.Superseded = now.state, true // another contact's: the attempt is not kept there
		return ErrOptedOut
	default:
		ev.Key = now.state.Key // the key by which the gate blocks: the attempt belongs there
	}
	return nil
}

// consentedAs returns the spelling of a line with two spellings under which a consent is
// recorded already, or "". A consent that was voided leaves no state there by which to know it,
// and it stays voided.
func (g *Guard) consentedAs(ctx context.Context, s store.Store, ev store.Event) (string, error) {
	lines := spellings(ev.Key.Number)
	if len(lines) == 1 {
		return "", nil
	}
	for _, line := range lines {
		for r, err := range g.historyOf(ctx, s, store.Key{Account: ev.Key.Account, Number: line}) {
			if err != nil {
				return "", err
			}
			if r.ID == ev.ID && r.Action == store.Consent {
				return line, nil
			}
		}
	}
	return "", nil
}

// consented says in an Outcome what came of a consent, by what the store answered.
func (g *Guard) consented(
	ctx context.Context, s store.Store, account string, result store.Result, err error, n *number.Number, out *Outcome,
) error {
	if errors.Is(err, store.ErrIDReused) {
		now, readErr := g.read(ctx, s, account, n)
		if readErr == nil && now.state.Status == store.OptedOut {
			out.State, out.Superseded = now.state, true
			return fmt.Errorf("%w: %w", ErrOptedOut, err)
		}
	}
	if err != nil {
		return err
	}
	recorded{results: []store.Result{result}}.describe(out)
	if out.State.Status == store.OptedOut {
		return ErrOptedOut
	}
	return nil
}

// event makes the event of a request.
func (g *Guard) event(r Request, n *number.Number, action store.Action) (store.Event, Outcome, error) {
	if n.Key == "" || action == store.Consent && !n.IsContact() && number.Twin(n.Key) == "" {
		// The older spelling of a line is no number today, and still names the contact.
		return store.Event{}, Outcome{}, invalidMessage("Number", errNumber(r.Number, n))
	}
	if r.Source == "" {
		r.Source = store.SourceAgent
	}
	acted, err := r.acted()
	if err != nil {
		return store.Event{}, Outcome{}, err
	}
	now := g.r().now()
	at := given(acted, now)
	if at.After(now.Add(-clockSkew)) {
		at = time.Time{}
	}
	ev := store.Event{
		ID:         requestID(r.ID),
		Key:        store.Key{Account: r.Account, Number: n.Key},
		Action:     action,
		At:         at,
		ReceivedAt: receivedAt(time.Time{}, now),
		Source:     r.Source,
		From:       r.Number,
		Text:       r.Text,
		Actor:      r.Actor,
		Note:       r.Note,
	}
	out := Outcome{EventID: ev.ID}
	out.setContact(n)
	if _, err := ev.Normalize(); err != nil { // a Source that no store takes
		return ev, out, fmt.Errorf("%w: %w", ErrInvalidMessage, err)
	}
	return ev, out, nil
}

// untilDayEnds is the time from 0:00 UTC of a day to the end of the day at UTC-12.
const untilDayEnds = (24 + 12) * time.Hour

var (
	errNoDay = errors.New("no such date, want one such as 2025-03-04")
	errAtToo = errors.New("want either At or Day")
)

// acted returns when the contact acted: At, or the end of Day. It returns zero if neither
// is given.
func (r Request) acted() (time.Time, error) {
	if r.Day == "" {
		return r.At, nil
	}
	if !r.At.IsZero() {
		return time.Time{}, invalidMessage("Day", errAtToo)
	}
	if len(r.Day) != len(time.DateOnly) {
		return time.Time{}, invalidMessage("Day", errNoDay)
	}
	day, err := time.Parse(time.DateOnly, r.Day)
	if err != nil { // which quotes the text
		return time.Time{}, invalidMessage("Day", errNoDay)
	}
	if day.Before(earliest) { // its end may be in 2000
		return time.Time{}, nil
	}
	return day.Add(untilDayEnds), nil
}
