package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// play makes a step and checks what came of it.
func (w *world) play(s step) error {
	w.now = s.now
	w.order++
	var err error
	switch s.kind {
	case stepReceive:
		err = w.receive(s)
	case stepOptOut, stepConsent:
		err = w.request(s)
	case stepResolve:
		err = w.resolve(s)
	case stepVoid:
		err = w.void(s)
	case stepErase:
		err = w.erase(s)
	}
	if err != nil {
		return err
	}
	return w.check(s)
}

// call runs f with the fault of the step, and reports whether the fault fired.
func (w *world) call(s step, f func(context.Context) error) (fired bool, err error) {
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	if s.cancelled {
		cancel()
	}
	w.store.arm(s.fault)
	err = f(ctx)
	return w.store.disarm(), err
}

// Times that count as not given.
var earliest = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

const skew = 5 * time.Minute

func usable(t, now time.Time) time.Time {
	if t.Before(earliest) || t.After(now.Add(skew)) {
		return time.Time{}
	}
	return t
}

func receivedAt(t, now time.Time) time.Time {
	if t = usable(t, now); t.IsZero() {
		return now
	}
	return t
}

func requestAt(t, now time.Time) time.Time {
	if t = usable(t, now); t.After(now.Add(-skew)) {
		return time.Time{}
	}
	return t
}

// endOfDay is midnight at the end of a day on the islands where a day ends last.
func endOfDay(day string) time.Time {
	begins, _ := time.ParseInLocation(time.DateOnly, day, time.FixedZone("", -12*60*60)) // a step has no other texts
	return begins.AddDate(0, 0, 1).UTC()
}

// eventOf is the event that a message or a request asks for.
func (s step) eventOf(c *contact, now time.Time) event {
	from := c.spell(s.spelling)
	e := event{from: from, digits: digitsOf(from), text: texts[s.text].text, serial: s.serial}
	switch s.kind {
	case stepReceive:
		e.id, e.at = "message "+s.id, usable(s.at, now)
	default: // the ids of requests and of messages never meet
		e.id, e.at = "request "+s.id, requestAt(s.at, now)
		if s.day >= "2000" {
			e.at = requestAt(endOfDay(s.day), now)
		}
		e.source = s.source
		if e.source == "" {
			e.source = store.SourceAgent
		}
	}
	if s.id == "" {
		e.id = fmt.Sprintf("none %d", s.serial)
	}
	return e
}

func (w *world) receive(s step) error {
	c, g := w.contacts[s.contact], w.guards[s.guard]
	var out optout.Outcome
	before := w.view(s.account, c, s.spelling, g)
	calls := w.store.calls
	fired, err := w.call(s, func(ctx context.Context) (err error) {
		out, err = g.Receive(ctx, optout.Message{
			ID: s.id, Account: w.accounts[s.account], From: c.spell(s.spelling), To: "+12025550100", Text: texts[s.text].text,
			At: s.at, ReceivedAt: s.received, ProviderReplied: s.providerReplied, ProviderIntent: s.intent(),
		})
		return err
	})
	a := arrival{
		step: s, contact: c, guard: g, before: before, out: out, err: err, fired: fired,
		event: s.eventOf(c, w.now), try: try{w.order, receivedAt(s.received, w.now)},
	}
	class := texts[s.text].class
	if class != classYes && class != classOrdinary && out.Match.Intent != class.intent() {
		return fmt.Errorf("Match.Intent is %v, want %v", out.Match.Intent, class.intent())
	}
	policy := g.options.Texts
	switch {
	case class == classStop:
		a.event.want, a.event.source = wantOut, store.SourceKeyword
		return w.optOut(a)
	case s.providerStop:
		a.event.want, a.event.source = wantOut, store.SourceCarrier
		return w.optOut(a)
	case class == classCertain && policy == optout.PolicyOptOut:
		a.event.want, a.event.source = wantOut, store.SourceText
		return w.optOut(a)
	case (class == classCertain || class == classPossible) && policy != optout.PolicyIgnore:
		a.event.want, a.event.source = wantHold, store.SourceText
		return w.optOut(a)
	case class == classStart:
		a.event.want, a.event.source = wantIn, store.SourceKeyword
		return w.start(a)
	case class == classYes && g.options.ConfirmOptIn:
		a.event.want, a.event.source = wantConsent, store.SourceConfirm
		return w.yes(a)
	}
	switch {
	case err != nil:
		return fmt.Errorf("an ordinary text: %w", err)
	case w.store.calls != calls:
		return errors.New("an ordinary text or HELP asked the store")
	case out.EventID != "":
		return errors.New("an ordinary text or HELP was recorded")
	case class == classHelp:
		return w.help(a)
	case out.Reply != "":
		return fmt.Errorf("an ordinary text is answered with %q", out.Reply)
	}
	return nil
}

// arrival is a message or a request that was handed to a Guard.
type arrival struct {
	step    step
	contact *contact
	guard   guard
	before  view
	out     optout.Outcome
	err     error
	fired   bool
	event   event
	try     try
}

// failed reports an error that is expected: of a fault, or of a context that had ended.
// It returns an error if a step should have failed and did not.
func (a arrival) failed() (bool, error) {
	switch {
	case a.step.cancelled && a.err == nil:
		return false, errors.New("the context had ended, and the error is nil")
	case a.step.cancelled:
		return true, nil
	case a.err != nil && a.fired:
		return true, nil
	}
	return false, nil
}

// add stores an event under keys. Under a key that is new to a message which is known
// under another one, since the Options are others now, it is not sure to count.
func (w *world) add(a arrival, keys []*key, acknowledged bool) (events []*event) {
	elsewhere := no
	for _, name := range a.contact.names(a.step.account) {
		before, _ := a.contact.keys[a.step.account][name].duplicate(&a.event, a.try.received)
		elsewhere = max(elsewhere, before)
	}
	for _, k := range keys {
		before, _ := k.duplicate(&a.event, a.try.received)
		sure := acknowledged && (elsewhere != yes || before != no) && !a.leftToDigits(k)
		events = append(events, k.store(a.event, a.try, sure))
	}
	return events
}

// leftToDigits reports an opt-out or a text that need not be stored under a number which
// nobody dialled, since the same digits have sent a newer START.
func (a arrival) leftToDigits(k *key) bool {
	r := a.before.reading
	dialled := len(r.lines) > 0 && k.name == r.lines[0] && !(r.abroad && r.sends != yes)
	if !r.noPlus || dialled || k.name[0] == '#' || a.event.want == wantIn {
		return false
	}
	digits := a.contact.key(a.step.account, digitsKey(a.contact.spell(a.step.spelling)))
	return slices.ContainsFunc(digits.events, func(e *event) bool {
		return e.want == wantIn && liftsAt(e, e.tries[0], &a.event, a.try, digits.events) != no
	})
}

// reply compares the reply with what is expected: a text, none, or either of them.
func (a arrival) reply(name, text string, expected answer) error {
	switch {
	case a.step.providerReplied, a.before.reading.refused && repliesToNumbersOnly:
		expected = no
	case a.before.reading.refused:
		expected = maybe
	case expected == yes && a.before.reading.sends != yes:
		expected = maybe
	}
	switch {
	case a.out.Reply != "" && a.out.Reply != text:
		return fmt.Errorf("%s is answered with %q", name, a.out.Reply)
	case expected == yes && a.out.Reply == "":
		return fmt.Errorf("%s is not answered", name)
	case expected == no && a.out.Reply != "":
		return fmt.Errorf("%s is answered", name)
	}
	return nil
}

// recorded looks for the record of an acknowledged message or request.
func (w *world) recorded(a arrival, action store.Action) error {
	found, err := w.find(a, action)
	if err == nil && len(found) == 0 {
		return fmt.Errorf("History has no %v with id %.40q", action, a.out.EventID)
	}
	return err
}

// find returns the records of a message in the history of its number.
func (w *world) find(a arrival, action store.Action) (found []store.Record, err error) {
	for r, err := range a.guard.History(w.ctx, w.accounts[a.step.account], a.contact.spell(a.step.spelling)) {
		if err != nil {
			return nil, fmt.Errorf("History: %w", err)
		}
		if r.ID != a.out.EventID || r.Action != action {
			continue
		}
		// An opt-in with a known id changes nothing, whatever its words.
		erased := r.Erased && (a.event.source == "" || r.Source == a.event.source)
		if action == store.OptIn || (erased || r.Text == a.event.text) && r.At.Equal(a.event.at) {
			found = append(found, r)
		}
	}
	return found, nil
}

// person is who records a request, reviews a text, takes a request back and erases.
const person = "somebody"

func (w *world) request(s step) error {
	c, g := w.contacts[s.contact], w.guards[s.guard]
	before := w.view(s.account, c, s.spelling, g)
	r := optout.Request{
		ID: s.id, Account: w.accounts[s.account], Number: c.spell(s.spelling), At: s.at, Day: s.day, Source: s.source,
		Actor: person, Text: texts[s.text].text,
	}
	var out optout.Outcome
	fired, err := w.call(s, func(ctx context.Context) (err error) {
		if s.kind == stepOptOut {
			out, err = g.RecordOptOut(ctx, r)
		} else {
			out, err = g.RecordConsent(ctx, r)
		}
		return err
	})
	a := arrival{
		step: s, contact: c, guard: g, before: before, out: out, err: err, fired: fired,
		event: s.eventOf(c, w.now), try: try{w.order, w.now},
	}
	if s.kind == stepOptOut {
		a.event.want = wantOut
		return w.optOut(a)
	}
	a.event.want = wantConsent
	return w.consent(a)
}
