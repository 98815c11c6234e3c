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
	}
	if err != nil {
		return err
	}
	return w.check(s)
}

// call runs f with the fault of the step, and reports whether the fault fired.
func (w *world) call(s step, f func(context.Context) error) (fired bool, err error) {
	ctx, cancel := context.WithCancel(context.Background())
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

// eventOf is the event that a message or a request asks for.
func (s step) eventOf(c *contact, now time.Time) event {
	e := event{from: c.spell(s.spelling), text: texts[s.text].text, serial: s.serial}
	switch s.kind {
	case stepReceive:
		e.id, e.at = "message "+s.id, usable(s.at, now)
	default: // the ids of requests and of messages never meet
		e.id, e.at = "request "+s.id, requestAt(s.at, now)
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
	case class == classHelp && out.Reply != "" && (before.reading.refused && repliesToNumbersOnly || s.providerReplied || out.Reply != replyHelp):
		return fmt.Errorf("HELP is answered with %q", out.Reply)
	case class != classHelp && out.Reply != "":
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
// It returns an error if there is none and there should be one.
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
		events = append(events, k.store(a.event, a.try, acknowledged && (elsewhere != yes || before != no)))
	}
	return events
}

// optOut handles an opt-out, or a text that is held.
func (w *world) optOut(a arrival) error {
	failed, err := a.failed()
	if err != nil || a.step.cancelled {
		return err
	}
	if a.err != nil && !failed {
		return fmt.Errorf("an opt-out: %w", a.err)
	}
	keys := a.contact.keysOf(a.step.account, a.step.spelling, a.before.reading)
	all, some := yes, no
	for _, k := range keys {
		before, _ := k.duplicate(&a.event, a.try.received)
		all, some = min(all, before), max(some, before)
	}
	events := w.add(a, keys, !failed)
	if failed {
		return nil
	}
	action := store.OptOut
	if a.event.want == wantHold {
		action = store.Hold
	}
	w.done[a.step.serial] = &sent{step: a.step, id: a.out.EventID, action: action, source: a.event.source, stored: true}
	after := w.view(a.step.account, a.contact, a.step.spelling, a.guard)
	switch {
	case all == yes && !a.out.Duplicate:
		return errors.New("a redelivered opt-out or text is no Duplicate")
	case some == no && a.out.Duplicate:
		return errors.New("a new opt-out or text is a Duplicate")
	case after.out == yes && a.out.State.Status != store.OptedOut,
		after.held == yes && a.out.State.Status != store.Held && a.out.State.Status != store.OptedOut,
		after.blocked() == no && (a.out.State.Status == store.OptedOut || a.out.State.Status == store.Held):
		return fmt.Errorf("State.Status is %v, out %v, held %v", a.out.State.Status, after.out, after.held)
	}
	if some == no {
		changed := maybe
		switch {
		case a.before.outAll == yes || after.out == no:
			changed = no
		case a.before.out == no && after.out == yes:
			changed = yes
		}
		for _, e := range events {
			e.changed = changed
		}
	}
	if err := w.recorded(a, action); err != nil {
		return err
	}
	if a.step.kind != stepReceive || a.event.want == wantHold {
		if a.out.Reply != "" {
			return fmt.Errorf("answered with %q", a.out.Reply)
		}
		return nil
	}
	changed := maybe // whether this message, now or at its first delivery, opted out
	switch {
	case some == no:
		changed = events[0].changed
	case all == yes && w.regionOf(events[0]) == a.guard.region:
		changed = events[0].changed
	}
	return a.reply("STOP", replyOptOut, min(changed, after.out))
}

// reply compares the reply with what is expected: a text, none, or either of them.
func (a arrival) reply(name, text string, expected answer) error {
	switch {
	case a.step.providerReplied, a.before.reading.refused && repliesToNumbersOnly:
		expected = no
	case a.before.reading.refused:
		expected = maybe
	case expected == yes && (a.before.reading.sends != yes || a.late()):
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

// late reports an opt-out that was received too long ago to be answered for sure.
func (a arrival) late() bool {
	return a.event.want == wantOut && a.try.received.Before(a.step.now.Add(-4*time.Minute))
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
	for r, err := range a.guard.History(context.Background(), w.accounts[a.step.account], a.contact.spell(a.step.spelling)) {
		if err != nil {
			return nil, fmt.Errorf("History: %w", err)
		}
		if r.ID != a.out.EventID || r.Action != action {
			continue
		}
		// An opt-in with a known id changes nothing, whatever its words.
		if action == store.OptIn || r.Text == a.event.text && r.At.Equal(a.event.at) && r.From == a.event.from {
			found = append(found, r)
		}
	}
	return found, nil
}

// start handles the contact's own opt-in.
func (w *world) start(a arrival) error {
	failed, err := a.failed()
	if err != nil || a.step.cancelled {
		return err
	}
	account, r := a.step.account, a.before.reading
	keys := a.contact.keysOf(account, a.step.spelling, r)
	first := keys[0]
	a.event.bare = r.abroad
	used := first.idUsed(&a.event)
	before, _ := first.duplicate(&a.event, a.try.received)
	if r.noPlus && a.err != nil && errors.Is(a.err, store.ErrIDReused) && keys[len(keys)-1].idUsed(&a.event) != no {
		first.store(a.event, a.try, false) // the id is another action's under the digits alone
		return nil
	}
	if a.event.bare && used == yes && a.err == nil {
		keys[len(keys)-1].store(a.event, a.try, false) // it counts under the digits alone
		return nil
	}
	if used == yes && before == no {
		asked := slices.IndexFunc(first.events, func(e *event) bool { return e.id == a.event.id && e.want == wantAsk })
		switch {
		case a.err != nil:
			return nil // refused, as it has to be
		case asked < 0 && !a.guard.options.ConfirmOptIn:
			return errors.New("an opt-in with the id of another action is not refused")
		case asked < 0:
			// A START that only asks may be taken with any id.
			if opted, err := w.find(a, store.OptIn); err != nil || len(opted) > 0 {
				return errors.Join(err, errors.New("an opt-in with the id of another action is not refused"))
			}
			w.askedWith(first, a, true)
			return nil
		default: // the START that asked counts, if at all, from when it came first
			if opted, err := w.find(a, store.OptIn); err != nil || len(opted) == 0 {
				return err
			}
			for _, t := range first.events[asked].tries {
				b := a
				b.try = t
				first.store(b.event, b.try, false)
			}
			return nil
		}
	}
	if a.err != nil && !failed {
		if errors.Is(a.err, store.ErrIDReused) && used != no {
			return nil
		}
		return fmt.Errorf("an opt-in: %w", a.err)
	}

	asks := no
	if a.guard.options.ConfirmOptIn && before != yes {
		asks = w.asks(a)
	}
	if a.guard.options.ConfirmOptIn && before == yes && r.noPlus {
		asks = maybe // the START before may have counted under the digits alone
	}
	if asks != no && !failed {
		opted, err := w.find(a, store.OptIn)
		if err != nil {
			return err
		}
		if asks == yes && len(opted) > 0 {
			return errors.New("START of an unknown contact counts unasked")
		}
		asks = is(len(opted) == 0 || asks == maybe && a.out.Reply == a.guard.Replies().Confirm)
	}
	askedBefore := no
	if asks == no && used != no && before == no && !failed {
		opted, err := w.find(a, store.OptIn)
		if err != nil || len(opted) == 0 { // the question was stored before, and its answer was lost
			return err
		}
	}
	if asks != no {
		question := a.event
		question.want = wantAsk
		askedBefore, _ = first.duplicate(&question, a.try.received)
		w.askedWith(first, a, !failed)
	}
	if asks == yes {
		if failed {
			return nil
		}
		return a.reply("START that asks", a.guard.Replies().Confirm, max(not(askedBefore), maybe))
	}
	known := slices.ContainsFunc(a.contact.names(account), func(name string) bool {
		found, _ := a.contact.keys[account][name].duplicate(&a.event, a.try.received)
		return found != no
	})
	lines := keys[:min(len(keys), max(1, len(r.lines)))]
	events := w.add(a, lines[:1], !failed)
	if r.noPlus && !r.refused {
		keys[len(keys)-1].store(a.event, a.try, false) // under the digits alone
	}
	for _, k := range lines[1:] {
		back := a.event
		back.want = wantTakeBack
		// A START that counted here under other Options is the same START.
		if before, same := k.duplicate(&a.event, a.try.received); before == no || digitsOf(same.from) != digitsOf(a.event.from) {
			k.store(back, a.try, !failed)
		}
	}
	if failed {
		return nil
	}
	after := w.view(account, a.contact, a.step.spelling, a.guard)
	switch {
	case before == yes && !a.out.Duplicate && !r.noPlus:
		return errors.New("a redelivered opt-in is no Duplicate")
	case before == no && a.out.Duplicate && !known:
		return errors.New("a new opt-in is a Duplicate")
	}
	if before == no {
		changed := max(a.before.first.out, a.before.first.held, min(a.before.blocked(), maybe))
		if a.guard.options.RequireOptIn {
			changed = max(changed, a.before.unknown())
		}
		if after.blocked() == maybe {
			changed = maybe
		}
		events[0].changed = min(changed, not(after.blocked()))
		if r.noPlus && w.startedElsewhere(a, first) {
			events[0].changed = min(events[0].changed, maybe)
		}
	}
	if before == no && !(known && r.noPlus) {
		if err := w.recorded(a, store.OptIn); err != nil {
			return err
		}
		w.done[a.step.serial] = &sent{step: a.step, id: a.out.EventID, action: store.OptIn, stored: true}
	}
	expected := maybe
	if before == no || before == yes && a.step.guard == w.guardOf(events[0]) {
		expected = min(events[0].changed, not(after.blocked()), after.in)
	}
	return a.reply("START", replyOptIn, expected)
}

// startedElsewhere reports a START of the contact under another number than first.
func (w *world) startedElsewhere(a arrival, first *key) bool {
	for _, k := range a.contact.keys[a.step.account] {
		if k != first && slices.ContainsFunc(k.events, func(e *event) bool { return e.want == wantIn }) {
			return true
		}
	}
	return false
}

// guardOf returns the Guard that an event came to first, -1 if that failed.
func (w *world) guardOf(e *event) int {
	if s := w.done[e.serial]; s != nil {
		return s.step.guard
	}
	return -1
}

// regionOf returns the region of guardOf.
func (w *world) regionOf(e *event) string {
	if i := w.guardOf(e); i >= 0 {
		return w.guards[i].region
	}
	return "none"
}

// asks reports whether START only asks: of a contact of whom nothing is in force.
func (w *world) asks(a arrival) answer {
	known := min(a.before.blocked(), maybe) // of a second reading it is left open
	for i, line := range a.before.reading.lines {
		k := a.contact.key(a.step.account, line)
		if i == 0 {
			one := k.standing(nil)
			known = max(known, one.out, one.held, k.optedIn())
		}
	}
	if a.before.reading.refused {
		known = max(known, maybe)
	}
	return not(known)
}

func (w *world) askedWith(k *key, a arrival, acknowledged bool) {
	a.event.want = wantAsk
	k.store(a.event, a.try, acknowledged)
}

// yes handles YES where it may confirm.
func (w *world) yes(a arrival) error {
	failed, err := a.failed()
	if a.step.cancelled && a.out.EventID == "" && a.err == nil {
		return nil
	}
	if err != nil || a.step.cancelled {
		return err
	}
	if a.err != nil && !failed {
		return fmt.Errorf("YES: %w", a.err)
	}
	first := a.contact.keysOf(a.step.account, a.step.spelling, a.before.reading)[0]
	var ask *event
	for _, e := range first.events {
		if e.want == wantAsk && (ask == nil || e.exists() >= ask.exists()) {
			ask = e
		}
	}
	unknown := w.asks(a)
	if failed {
		if ask != nil {
			a.event.counts = maybe
			first.store(a.event, a.try, false)
		}
		return nil
	}
	recorded, err := w.find(a, store.Consent)
	if err != nil {
		return err
	}
	known, _ := first.duplicate(&a.event, a.try.received)
	switch {
	case len(recorded) > 0 && ask == nil:
		return errors.New("YES counts, and nobody asked")
	case len(recorded) > 0 && known == no:
		a.event.counts = unknown
		first.store(a.event, a.try, true)
		return nil
	case len(recorded) > 0:
		first.store(a.event, a.try, true)
		return nil
	case ask == nil || !ask.stored || unknown != yes || a.event.id == ask.id || first.idUsed(&a.event) != no:
		return nil
	}
	sent, asked := a.event.at, ask.at
	if sent.IsZero() {
		sent = a.try.received
	}
	if asked.IsZero() {
		asked = ask.tries[len(ask.tries)-1].received
	}
	if passed := sent.Sub(asked); passed > 0 && passed < 29*24*time.Hour && len(ask.tries) == 1 {
		return errors.New("YES after the question does not count")
	}
	return nil
}

func (w *world) request(s step) error {
	c, g := w.contacts[s.contact], w.guards[s.guard]
	before := w.view(s.account, c, s.spelling, g)
	r := optout.Request{
		ID: s.id, Account: w.accounts[s.account], Number: c.spell(s.spelling), At: s.at, Source: s.source,
		Actor: "somebody", Text: texts[s.text].text,
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

// consent handles a consent that the host recorded.
func (w *world) consent(a arrival) error {
	failed, err := a.failed()
	if err != nil || a.step.cancelled {
		return err
	}
	r := a.before.reading
	if len(r.lines) == 0 {
		if !failed && !errors.Is(a.err, optout.ErrInvalidNumber) {
			return fmt.Errorf("a consent of what is no phone number: %v", a.err) //nolint:errorlint // it may be nil
		}
		return nil
	}
	first := a.contact.keysOf(a.step.account, a.step.spelling, r)[0]
	a.event.counts = not(first.standing(nil).out)
	if a.event.counts == no && slices.ContainsFunc(first.events, func(e *event) bool { return e.want != wantHold && e.reviewed() }) {
		a.event.counts = maybe // a review may take back what blocks now
	}
	if r.sends != yes || a.before.out != no {
		// Where consent goes of digits that are not dialled here is left open.
		a.event.counts = min(a.event.counts, maybe)
	}
	used := first.idUsed(&a.event)
	switch {
	case failed:
		a.event.counts = min(a.event.counts, maybe)
		first.store(a.event, a.try, false)
		return nil
	case a.err == nil && a.before.out == yes:
		return errors.New("a consent of a contact who opted out: the error is nil")
	case errors.Is(a.err, optout.ErrOptedOut):
		if a.before.out == no {
			return fmt.Errorf("a consent: %w", a.err)
		}
		if used == no {
			first.store(a.event, a.try, false)
		}
		return nil
	case a.err == nil:
		if used == yes {
			if before, _ := first.duplicate(&a.event, a.try.received); before == no {
				return errors.New("a consent with the id of another action is not refused")
			}
		}
		first.store(a.event, a.try, r.sends == yes)
		return nil
	case errors.Is(a.err, store.ErrIDReused) && used != no:
		return nil
	case errors.Is(a.err, optout.ErrInvalidNumber) && r.sends != yes:
		return nil
	}
	return fmt.Errorf("a consent: %w", a.err)
}

// resolve settles a text that was recorded.
func (w *world) resolve(s step) error {
	target := w.done[s.target]
	if target == nil || target.source != store.SourceText {
		return nil // it was never recorded
	}
	c, g := w.contacts[s.contact], w.guards[s.guard]
	if target.record == nil || s.serial%3 == 0 {
		a := arrival{step: target.step, contact: c, guard: w.guards[target.step.guard], out: optout.Outcome{EventID: target.id}}
		a.event = target.step.eventOf(c, target.step.now)
		found, err := w.find(a, target.action)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return errors.New("an acknowledged text is not in the history")
		}
		target.record = &found[s.serial%len(found)]
	}
	record := *target.record
	if s.forged {
		switch s.serial % 3 {
		case 0:
			record.ID += "?"
		case 1:
			record.At = record.At.Add(time.Second)
		default:
			record.Text += "!"
		}
	}
	verdict := optout.VerdictNoRequest
	if s.request {
		verdict = optout.VerdictRequest
	}
	fired, err := w.call(s, func(ctx context.Context) error {
		_, err := g.Resolve(ctx, optout.Resolution{
			Account: w.accounts[s.account], Review: record, Verdict: verdict, Actor: "somebody",
		})
		return err
	})
	switch {
	case s.forged && err == nil, s.cancelled && err == nil:
		return errors.New("Resolve: the error is nil")
	case s.forged || s.cancelled:
		return nil
	case err != nil && !fired:
		return fmt.Errorf("Resolve: %w", err)
	}
	w.settle(s, target, record, c, g, err == nil)
	return nil
}

// is reports an event of the same text.
func (e *event) is(text event) bool {
	return e.id == text.id && e.reviewed() && e.text == text.text && e.at.Equal(text.at)
}

// settle notes a verdict at each event that the review settles.
func (w *world) settle(s step, target *sent, record store.Record, c *contact, g guard, acknowledged bool) {
	model := target.step.eventOf(c, target.step.now)
	if target.step.id == "" {
		model.id = fmt.Sprintf("none %d", target.step.serial)
	}
	mine := c.keysOf(s.account, target.step.spelling, c.read(target.step.spelling, g.region))
	for _, name := range c.names(s.account) {
		k := c.keys[s.account][name]
		for _, e := range k.events {
			if !e.is(model) {
				continue
			}
			// A text that was held and read as a request, by two policies, is one text.
			twin := slices.ContainsFunc(k.events, func(other *event) bool { return other.is(model) && other.want != e.want })
			if !twin && (e.want == wantHold) != (target.action == store.Hold) {
				continue
			}
			same, all := false, true
			for _, t := range e.tries {
				if t.received.Truncate(time.Microsecond).Equal(record.ReceivedAt) {
					same = true
				} else {
					all = false
				}
			}
			sure := acknowledged && all && !twin && (name == record.Key.Number || slices.Contains(mine, k))
			if same || len(e.tries) > 1 {
				e.reviews = append(e.reviews, review{request: s.request, sure: sure, order: w.order})
			}
		}
	}
}
