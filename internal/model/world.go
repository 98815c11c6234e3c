package model

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// bench is what all worlds share: one store.
type bench struct {
	ctx    context.Context //nolint:containedctx // of the test
	store  *faultyStore
	now    time.Time
	worlds int
}

type guard struct {
	*optout.Guard

	options optout.Options
	region  string
}

func newBench(ctx context.Context, s store.Store) *bench {
	return &bench{ctx: ctx, store: &faultyStore{wrapped: s}}
}

// newGuards makes Guards with different Options over the store.
func (b *bench) newGuards() (made []guard, err error) {
	for _, options := range []optout.Options{
		{DefaultRegion: "US"},
		{DefaultRegion: "US", Texts: optout.PolicyHold, RequireOptIn: true},
		{DefaultRegion: "US", Texts: optout.PolicyOptOut, ConfirmOptIn: true},
		{Texts: optout.PolicyHold},
		{DefaultRegion: "DK", Texts: optout.PolicyOptOut, RequireOptIn: true, ConfirmOptIn: true},
		{DefaultRegion: "US", Texts: optout.PolicyOptOut},
	} {
		options.Now = func() time.Time { return b.now }
		g, err := optout.New(b.store, &options)
		if err != nil {
			return nil, err
		}
		made = append(made, guard{Guard: g, options: options, region: options.DefaultRegion})
	}
	return made, nil
}

// world is two accounts and a few contacts, for some dozen steps. No other world has
// these accounts, or these Guards: each world's clock starts anew.
type world struct {
	*bench

	guards   []guard
	accounts [2]string
	contacts []*contact
	order    int           // of arrival, of the last step
	done     map[int]*sent // by serial
	helped   []helped      // the replies to HELP
	checks   *rand.Rand    // which of many checks to make
}

// contact is one family in both accounts.
type contact struct {
	family

	keys [2]map[string]*key // by number, or by # and the spelling
}

// key is all that was recorded under one number, or under digits as they came.
type key struct {
	name   string
	events []*event
}

// sent is a message or a request that was handled.
type sent struct {
	step   step
	id     string // of the event
	action store.Action
	source store.Source
	stored bool
	record *store.Record
}

func (b *bench) newWorld(checks *rand.Rand) (*world, error) {
	b.worlds++
	guards, err := b.newGuards()
	if err != nil {
		return nil, err
	}
	w := &world{
		bench:  b,
		guards: guards,
		// Accounts that differ only in case are two.
		accounts: [2]string{fmt.Sprintf("shop-%d", b.worlds), fmt.Sprintf("Shop-%d", b.worlds)},
		done:     make(map[int]*sent),
		checks:   checks,
	}
	for i := range contactsOfWorld {
		c := &contact{family: newFamily(i)}
		c.keys = [2]map[string]*key{{}, {}}
		w.contacts = append(w.contacts, c)
	}
	return w, nil
}

func (c *contact) key(account int, name string) *key {
	k := c.keys[account][name]
	if k == nil {
		k = &key{name: name}
		c.keys[account][name] = k
	}
	return k
}

// names returns the keys of a contact in a stable order.
func (c *contact) names(account int) []string {
	var names []string
	for name := range c.keys[account] {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// digitsKey is the name of what is kept under the digits of a spelling without a plus sign.
func digitsKey(raw string) string { return "#" + digitsOf(raw) }

// digitsOf returns the digits of a spelling, with its plus sign.
func digitsOf(raw string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("() -", r) {
			return -1
		}
		return r
	}, raw)
}

// ins returns the opt-ins that may concern an event under the same number.
func (k *key) ins(o *event) []lifter {
	var ins []lifter
	for _, e := range k.events {
		same := e.digits == o.digits
		concerns := yes
		switch {
		case e.want == wantIn && e.bare:
			// Whether digits that nobody dialled lift what a number has is left open.
			concerns = maybe
		case e.want == wantIn:
		case e.want != wantTakeBack || !same: // it lifts only what the same bare digits opted out
			continue
		case e.first() < o.last():
			// An opt-out that is older and arrives later may find nothing of the START under
			// this reading, which is the safe direction.
			concerns = maybe
		case !o.stored, len(o.tries) > 1 && (o.at.IsZero() || e.at.IsZero()):
			// A write that failed halfway left nothing under the digits by which START could
			// find it, or something of another time: it may stay in force, which is the safe
			// direction.
			concerns = maybe
		}
		ins = append(ins, lifter{e, concerns})
	}
	return ins
}

// standing is what is in force under a number. More gives opt-ins under other numbers
// that may concern an event; nil for none.
func (k *key) standing(more func(*event) []lifter) (s standing) {
	for _, e := range k.events {
		if e.want == wantOut || e.want == wantHold {
			ins := k.ins(e)
			if more != nil {
				ins = append(ins, more(e)...)
			}
			one := stands(e, ins, k.events)
			s.out, s.held = max(s.out, one.out), max(s.held, one.held)
		}
	}
	return s
}

// optedIn reports an opt-in that counts if nothing blocks.
func (k *key) optedIn() answer {
	in := no
	for _, e := range k.events {
		switch e.want {
		case wantIn:
			counts := e.exists()
			if e.bare || e.from[0] != '+' || wasBarred(e, e.tries[0], nil, k.events) {
				counts = min(counts, maybe) // whether digits that another Guard knows are consent is left open
			}
			in = max(in, counts)
		case wantConsent:
			in = max(in, min(e.exists(), e.counts, not(e.voided)))
		case wantTakeBack:
			in = max(in, maybe)
		default:
		}
	}
	return in
}

// insOfReading returns what may lift, for a gate of bare digits, an opt-out that the same
// digits caused under a reading with a plus put before: a START of the first reading, or of
// the digits as other Options have read them, in another spelling, and a START in the same
// digits with separators. The opt-out blocks the number itself all the same. Which of the two
// counts for the digits is left open: "either blocks", and a START opens every spelling.
func (c *contact) insOfReading(account int, raw string, r reading) func(*event) []lifter {
	digits := digitsOf(raw)
	return func(o *event) (ins []lifter) {
		if o.digits != digits {
			return nil
		}
		for _, name := range c.names(account) {
			for _, e := range c.keys[account][name].events {
				if e.want == wantIn && (name == r.lines[0] || e.digits == digits) {
					ins = append(ins, lifter{e, maybe})
				}
			}
		}
		for _, e := range c.key(account, digitsKey(raw)).events {
			if e.want == wantIn {
				ins = append(ins, lifter{e, maybe})
			}
		}
		return ins
	}
}

// digitsStanding is what is in force of what is kept under digits alone, for a gate of
// spelling raw that reads r.
func (c *contact) digitsStanding(account int, raw string, r reading) (s standing) {
	for _, name := range c.names(account) {
		k := c.keys[account][name]
		if name[0] != '#' {
			continue
		}
		certain := yes
		if name != digitsKey(raw) {
			certain = maybe // the same digits in another spelling
		}
		for _, o := range k.events {
			if o.want != wantOut && o.want != wantHold {
				continue
			}
			ins, all := c.insOfDigits(account, k, o, r), k.events
			for _, in := range ins {
				all = append(slices.Clip(all), in.event)
			}
			one, found := stands(o, ins, all), certain
			if o.want == wantHold && !r.refused {
				// Only of opt-outs it is promised that they are found.
				found = min(found, maybe)
			}
			s.out, s.held = max(s.out, min(one.out, found)), max(s.held, min(one.held, found))
		}
	}
	return s
}

// insOfDigits returns the opt-ins that may concern an event which is kept under digits
// alone, for a gate that reads r.
func (c *contact) insOfDigits(account int, digits *key, o *event, r reading) []lifter {
	var ins []lifter
	for _, name := range c.names(account) {
		k := c.keys[account][name]
		for _, e := range k.events {
			if e.want != wantIn {
				continue
			}
			concerns := no
			switch {
			case k == digits:
				concerns = yes
			case len(r.lines) > 0 && name == r.lines[0] && r.sends == yes:
				concerns = yes
			case slices.Contains(r.lines, name), e.digits == o.digits:
				concerns = maybe
			}
			if k != digits && (e.bare || !agrees(e, o)) {
				concerns = min(concerns, maybe)
			}
			if k != digits && e.erased && slices.ContainsFunc(digits.events, func(of *event) bool { return of.id == e.id }) {
				concerns = min(concerns, maybe) // from which digits it came is erased, and its id is not its own
			}
			ins = append(ins, lifter{e, concerns})
		}
	}
	return ins
}

// agrees reports whether the times of two events under different keys leave no doubt
// which of them is the newer.
func agrees(in, o *event) bool {
	if !in.at.IsZero() && !o.at.IsZero() {
		return true
	}
	for _, a := range in.tries {
		for _, b := range o.tries {
			if (a.order > b.order) != a.received.Truncate(time.Second).After(b.received.Truncate(time.Second)) {
				return false
			}
		}
	}
	return true
}

// view is what a Guard should answer about a spelling.
type view struct {
	standing

	in      answer
	outAll  answer   // opted out under every number
	first   standing // under the number that is meant first
	reading reading
}

func (v view) blocked() answer { return max(v.out, v.held) }

// unknown reports a contact of whom nothing is in force.
func (v view) unknown() answer { return not(max(v.out, v.held, v.in)) }

func (w *world) view(account int, c *contact, s spelling, g guard) view {
	v := view{reading: c.read(s, g.region), outAll: yes}
	for i, line := range v.reading.lines {
		k := c.key(account, line)
		one := k.standing(nil)
		if i == 0 {
			v.in, v.first = k.optedIn(), one
		}
		if i > 0 || v.reading.abroad && v.reading.sends != yes {
			one = k.standing(c.insOfReading(account, c.spell(s), v.reading))
		}
		v.out, v.held, v.outAll = max(v.out, one.out), max(v.held, one.held), min(v.outAll, one.out)
	}
	if v.reading.noPlus {
		one := c.digitsStanding(account, c.spell(s), v.reading)
		v.out, v.held = max(v.out, one.out), max(v.held, one.held)
		if v.reading.sends != yes {
			v.outAll = min(v.outAll, one.out)
		}
	}
	return v
}

// keysOf returns the keys under which a Guard records what came from a spelling: the
// number that is meant first.
func (c *contact) keysOf(account int, s spelling, r reading) []*key {
	var keys []*key
	for _, line := range r.lines {
		keys = append(keys, c.key(account, line))
	}
	if r.noPlus {
		keys = append(keys, c.key(account, digitsKey(c.spell(s))))
	}
	return keys
}

// duplicate reports whether an event was stored before, and the one that it may be.
func (k *key) duplicate(ev *event, received time.Time) (answer, *event) {
	result, same := no, (*event)(nil)
	for _, e := range k.events {
		if again := e.again(ev, received); again > result {
			result, same = again, e
		}
	}
	return result, same
}

// mayBe returns of how many events an event may be a redelivery.
func (k *key) mayBe(ev *event, received time.Time) (events int) {
	for _, e := range k.events {
		if e.again(ev, received) != no {
			events++
		}
	}
	return events
}

// again reports whether a store that has e takes ev for a redelivery of it.
func (e *event) again(ev *event, received time.Time) answer {
	if e.want != ev.want || e.id != ev.id {
		return no
	}
	same := e.exists()
	if ev.want == wantOut || ev.want == wantHold {
		if e.source != ev.source || !e.at.Equal(ev.at) {
			return no
		}
		if e.text != ev.text || e.from != ev.from {
			if !e.erased {
				return no
			}
			same = maybe // an erased text is known by its id, source and time
		}
		var soon blend // in the same words, much later, it is another one
		for _, t := range e.tries {
			soon.add(is(!ev.at.IsZero() || received.Sub(t.received) <= 72*time.Hour))
		}
		same = min(same, soon.answer)
	}
	if e.want == wantIn && e.bare != ev.bare {
		same = min(same, maybe) // whether digits that nobody dialled were recorded under a number is left open
	}
	return same
}

// idUsed reports whether an id belongs to another kind of event.
func (k *key) idUsed(ev *event) answer {
	used := no
	for _, e := range k.events {
		if e.id == ev.id && e.want != ev.want && e.want != wantTakeBack {
			used = max(used, e.exists())
		}
	}
	return used
}

// store adds an event that arrived, acknowledged or perhaps.
func (k *key) store(ev event, t try, acknowledged bool) *event {
	before, same := k.duplicate(&ev, t.received)
	ev.erased = slices.ContainsFunc(k.events, func(e *event) bool { return e.erased && e.id == ev.id })
	switch {
	case before == yes:
		return same
	case before == maybe && !(same.at.Equal(ev.at) && same.text == ev.text): // one of the two is stored
		added := ev
		added.tries = []try{t}
		k.events = append(k.events, &added)
		return &added
	case before == maybe:
		same.tries = append(same.tries, t)
		same.voided = min(same.voided, maybe) // it may be stored a second time
		same.stored = same.stored || acknowledged
		return same
	default:
		added := ev
		added.tries = []try{t}
		added.stored = acknowledged
		k.events = append(k.events, &added)
		return &added
	}
}
