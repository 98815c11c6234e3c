package storetest_test

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// naive is a store on a map under one lock, each step of which can be replaced by a wrong
// one. What the rule says it gets from a ledger of all records, after each of them.
type naive struct {
	*disk

	clock       func() time.Time
	key         func(store.Key) store.Key                                      // under which it is stored
	lookup      func(store.Key) store.Key                                      // under which it is read
	valid       func(store.Key) error                                          // whether the key is taken
	normalize   func(store.Event) (store.Event, error)                         // what is stored of an event
	match       func(ev store.Event, same []store.Record) store.Event          // what is looked for
	known       func(all []store.Record, place int, ev *store.Event) bool      // whether a record has the event's id
	replay      func(store.Event, []store.Record) (store.Record, bool, error)  // whether it is a duplicate
	stored      func(ev store.Event, found store.Record) store.Record          // returned for a duplicate
	seen        func([]store.Record)                                           // changes what the rule sees
	finish      func(given store.Event, kept store.Record) store.Record        // what the store sets, last
	alive       func(context.Context) error                                    // asked first
	before      func(context.Context) error                                    // between reading and writing
	halfway     func(context.Context) error                                    // between the record and the state
	lost        func(all []store.Record, r store.Record) bool                  // never written
	read        func(*contact) []store.Record                                  // what an Append finds
	shown       func(*contact, store.State) store.State                        // what a read answers
	batch       func(numbers []string, states []store.State) []store.State     // as GetBatch returns it
	limit       func(int) (int, error)                                         // of a page
	page        func([]store.Record) []store.Record                            // as History returns it
	filter      func(state store.State, q store.ListQuery) bool                // of List
	order       func(a, b string) int                                          // of List
	statePage   func([]store.State) []store.State                              // as List returns it
	waits       func(*contact) []int                                           // the places of what Reviews lists
	nth         func(c *contact, place int) int                                // of a hold among those of its key
	since       func(store.Record) time.Time                                   // in the order of Reviews
	reviewed    func([]store.Record) []store.Record                            // as Reviews returns it
	open        func(cursor store.Cursor, query string) (place int, err error) // of a listing
	appendAll   func(context.Context, []store.Event) ([]store.Result, error)   // AppendBatch
	tally       func(all []store.State, account string) []store.State          // what Count counts; nil: what it should
	byID        func(records []store.Record, id string) []store.Record         // GetRecords; nil: as it should be
	openEnd     bool                                                           // an empty page comes last
	byPlace     bool                                                           // List goes on by the place, not by the number
	validPrefix func(string) error                                             // of EventIDs
	begins      func(id, prefix string) bool                                   // of EventIDs
	idOrder     func(a, b store.Record) int                                    // of EventIDs
	idPage      func([]store.Record) []store.Record                            // as EventIDs returns it
	idAfterID   bool                                                           // EventIDs goes on after the ID
	searching   func(*searching)                                               // changes the steps of Search; nil: none
	recorded    func(store.Record) time.Time                                   // in the order of Changes
	changed     func(r store.Record, q store.ChangesQuery) bool                // whether Changes lists it
	changes     func([]store.Record) []store.Record                            // as Changes returns it
	lastNext    func(next store.Cursor, more bool) store.Cursor                // of a page of Changes
	eraseKey    func(ctx context.Context, ev store.Event) error                // Erase
	left        func(before, after []store.Record) []store.Record              // by Erase of the records
	erasure     func(key store.Key, actor, note string, at time.Time) (store.Event, error)
	strip       func(ev store.Event, same []store.Record) (store.Event, bool) // what is kept of what is erased
}

// disk is what several processes share.
type disk struct {
	mu       sync.Mutex
	contacts map[store.Key]*contact
	last     time.Time // that was given out as RecordedAt
}

type contact struct {
	key     store.Key
	records []store.Record
	state   store.State
	held    bool // was held once

	seen func([]store.Record)
	made *store.Ledger
}

// ledger returns the ledger of the records, as the rule sees them.
func (c *contact) ledger() *store.Ledger {
	if c.made == nil {
		records := slices.Clone(c.records)
		if c.seen != nil {
			c.seen(records)
		}
		c.made = store.NewLedger(c.key, records)
	}
	return c.made
}

func newNaive() *naive {
	s := &naive{
		disk:      &disk{contacts: map[store.Key]*contact{}},
		clock:     time.Now,
		key:       func(k store.Key) store.Key { return k },
		lookup:    func(k store.Key) store.Key { return k },
		valid:     store.Key.Validate,
		normalize: store.Event.Normalize,
		match:     func(ev store.Event, _ []store.Record) store.Event { return ev },
		known: func(all []store.Record, place int, ev *store.Event) bool {
			return slices.Contains(ev.IDs(), all[place].ID)
		},
		replay:  store.Replay,
		stored:  func(_ store.Event, found store.Record) store.Record { return found },
		finish:  func(_ store.Event, kept store.Record) store.Record { return kept },
		alive:   context.Context.Err,
		before:  func(context.Context) error { return nil },
		halfway: func(context.Context) error { return nil },
		lost:    func([]store.Record, store.Record) bool { return false },
		read:    func(c *contact) []store.Record { return c.records },
		shown:   func(_ *contact, state store.State) store.State { return state },
		batch:   func(_ []string, states []store.State) []store.State { return states },
		limit:   store.PageLimit,
		page:    slices.Clone[[]store.Record],
		filter: func(state store.State, q store.ListQuery) bool {
			return state.Key.Account == q.Account && state.Status != store.Unknown && (q.Status == store.Unknown || q.Status == state.Status)
		},
		order:     strings.Compare,
		statePage: slices.Clone[[]store.State],
		waits: func(c *contact) []int {
			if c.state.Status != store.Held {
				return nil
			}
			return c.ledger().Open()
		},
		nth:      func(_ *contact, place int) int { return place },
		since:    store.Record.ReceivedOrRecorded,
		reviewed: slices.Clone[[]store.Record],
		recorded: func(r store.Record) time.Time { return r.RecordedAt },
		changed: func(r store.Record, q store.ChangesQuery) bool {
			return r.Key.Account == q.Account && !r.RecordedAt.Before(q.Since)
		},
		changes:  slices.Clone[[]store.Record],
		lastNext: func(next store.Cursor, _ bool) store.Cursor { return next },
		open:     openCursor,
		validPrefix: func(prefix string) error {
			if prefix == "" {
				return nil
			}
			return store.ValidateAccount(prefix)
		},
		begins: strings.HasPrefix,
		idOrder: func(a, b store.Record) int {
			return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Key.Number, b.Key.Number))
		},
		idPage: slices.Clone[[]store.Record],
	}
	s.appendAll = s.appendTogether
	s.eraseKey, s.erasure, s.strip = s.eraseNow, store.ErasureOf, store.Kept
	s.left = func(_, after []store.Record) []store.Record { return after }
	return s
}

// contact returns what is stored under a key, which may be nothing yet.
func (s *naive) contact(key store.Key) *contact {
	if c := s.contacts[key]; c != nil {
		return c
	}
	return &contact{key: key, state: store.State{Key: key}, seen: s.seen}
}

func (s *naive) Get(ctx context.Context, key store.Key) (store.State, error) {
	if err := cmp.Or(s.alive(ctx), s.valid(key)); err != nil {
		return store.State{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state(key), nil
}

func (s *naive) state(key store.Key) store.State {
	c := s.contact(s.lookup(s.key(key)))
	state := c.state
	state.Key = key
	return s.shown(c, state)
}

func (s *naive) Append(ctx context.Context, given store.Event) (store.Result, error) {
	ev, err := s.normalize(given)
	if err := cmp.Or(s.alive(ctx), err); err != nil {
		return store.Result{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.append(ctx, given, ev)
}

func (s *naive) append(ctx context.Context, given, ev store.Event) (store.Result, error) {
	key := s.key(ev.Key)
	before := s.contact(key)
	all := s.read(before)
	now := before.state
	now.Key = ev.Key
	var same []store.Record
	for place := range all {
		if s.known(all, place, &ev) {
			same = append(same, all[place])
		}
	}
	ev = s.match(ev, same)
	found, duplicate, err := s.replay(ev, same)
	if err != nil {
		return store.Result{}, err
	}
	if duplicate {
		return store.Result{State: now, Record: s.stored(ev, found), Duplicate: true}, nil
	}
	if err := s.before(ctx); err != nil {
		return store.Result{}, err
	}
	r := store.Record{RecordedAt: s.tick(), Prior: now.Status}
	r.Event, r.Erased = s.strip(ev, same)
	after := &contact{key: ev.Key, records: append(all, r), seen: s.seen, held: before.held || ev.Action == store.Hold}
	after.state, r.Effective = decided(before, after, ev)
	r = s.finish(given, r)
	after.records[len(all)] = r
	if s.lost(all, r) {
		after.records = all
	}
	state := after.state
	after.state = before.state
	s.contacts[key] = after
	if err := s.halfway(ctx); err != nil {
		return store.Result{}, err
	}
	after.state = state
	return store.Result{State: after.state, Record: r}, nil
}

func (s *naive) AppendBatch(ctx context.Context, events []store.Event) ([]store.Result, error) {
	return s.appendAll(ctx, events)
}

// appendTogether appends a batch under the lock, and puts the contacts back on an error.
func (s *naive) appendTogether(ctx context.Context, events []store.Event) ([]store.Result, error) {
	if err := s.alive(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before := maps.Clone(s.contacts)
	results := make([]store.Result, len(events))
	for i, given := range events {
		ev, err := s.normalize(given)
		if err == nil {
			results[i], err = s.append(ctx, given, ev)
		}
		if errors.Is(err, store.ErrIDReused) {
			results[i].Err, err = err, nil
		}
		if err != nil {
			s.contacts = before
			return nil, err
		}
	}
	return results, nil
}

func (s *naive) Erase(ctx context.Context, key store.Key, actor, note string, at time.Time) error {
	ev, err := s.erasure(key, actor, note, at)
	if err != nil {
		return err
	}
	return s.eraseKey(ctx, ev)
}

func (s *naive) eraseNow(ctx context.Context, ev store.Event) error {
	if err := s.alive(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.contact(s.key(ev.Key))
	ledger := store.NewLedger(ev.Key, slices.Clone(before.records))
	if err := ledger.Erase(ev, s.tick()); err != nil || len(before.records) == 0 {
		return err
	}
	after := *before
	after.records, after.made = s.left(before.records, ledger.Records()), nil
	s.contacts[s.key(ev.Key)] = &after
	return nil
}

// tick returns the time of a record, of which no two have the same.
func (s *naive) tick() time.Time {
	now := s.clock().Truncate(store.Precision)
	if !now.After(s.last) {
		now = s.last.Add(store.Precision).In(now.Location())
	}
	s.last = now
	return now
}

// decided returns what the last record makes of an event: the state, with what is stored of the
// event, and whether the record had an effect.
func decided(before, after *contact, ev store.Event) (store.State, bool) {
	last := len(after.records) - 1
	if action := after.records[last].Action; after.seen == nil && !after.held && (action == store.OptOut || action == store.OptIn) {
		standing, effective := store.Standing{State: before.state}.Next(after.records[last], store.Text{})
		return standing.State, effective // at once: the histories of some cases are long
	}
	seen := after.ledger().Records()
	became := after.ledger().Standing().State.RecordedAt.Equal(seen[last].RecordedAt)
	state := after.ledger().State()
	for i := range after.records {
		if r := &after.records[i]; r.RecordedAt.Equal(state.RecordedAt) {
			state.Action, state.At, state.ReceivedAt, state.Source, state.EventID = r.Action, r.At, r.ReceivedAt, r.Source, r.ID
		}
	}
	named := func(is func(place int) bool) bool { // of a text that the last record names
		for i := range seen[:last] {
			if seen[i].ID == seen[last].ID && seen[last].Names(seen[i]) && is(i) {
				return true
			}
		}
		return false
	}
	switch seen[last].Action {
	case store.Hold:
		return state, slices.Contains(after.ledger().Open(), last)
	case store.Release:
		return state, named(func(i int) bool { return after.ledger().Released(i) && !before.ledger().Released(i) })
	case store.Retract, store.Void:
		// The event as it came: what an Erase leaves of it can be a duplicate of an earlier one.
		res, err := before.ledger().Append(ev, seen[last].RecordedAt)
		return state, err == nil && res.Record.Effective
	case store.OptIn:
		was := before.ledger().State()
		return state, state.Status == store.OptedIn && (became || was.Status != store.OptedIn)
	case store.Uphold:
		return state, became || named(func(i int) bool {
			return slices.Contains(before.ledger().Open(), i) && !slices.Contains(after.ledger().Open(), i)
		})
	default:
		return state, became
	}
}

func (s *naive) History(ctx context.Context, q store.HistoryQuery) (store.RecordPage, error) {
	limit, err := s.limit(q.Limit)
	if err := cmp.Or(s.alive(ctx), s.valid(q.Key), err); err != nil {
		return store.RecordPage{}, err
	}
	query := "history\x00" + q.Key.Account + "\x00" + q.Key.Number
	s.mu.Lock()
	defer s.mu.Unlock()
	from, err := s.open(q.After, query)
	if err != nil {
		return store.RecordPage{}, err
	}
	all := s.contact(s.lookup(s.key(q.Key))).records
	from = min(from, len(all))
	to := min(from+limit, len(all))
	page := store.RecordPage{Records: s.page(all[from:to])}
	if to < len(all) || s.openEnd && to > from {
		page.Next = sealCursor(to, query)
	}
	return page, nil
}

func (s *naive) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	if err := cmp.Or(s.alive(ctx), s.valid(store.Key{Account: account, Number: "1"})); err != nil {
		return nil, err
	}
	states := make([]store.State, len(numbers))
	for i, number := range numbers {
		state, err := s.Get(ctx, store.Key{Account: account, Number: number})
		if err != nil {
			return nil, err
		}
		states[i] = state
	}
	return s.batch(numbers, states), nil
}

// resume returns the place and the text of a cursor, which is a text, and a place that is
// sealed together with the text and the query.
func (s *naive) resume(c store.Cursor, query string) (place int, last string, err error) {
	encoded, sealed, _ := strings.Cut(string(c), ".")
	raw, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || sealed == "" && c != "" {
		return 0, "", store.ErrBadCursor
	}
	place, err = s.open(store.Cursor(sealed), query+string(raw))
	return place, string(raw), err
}

func next(place int, last, query string) store.Cursor {
	return store.Cursor(base64.RawURLEncoding.EncodeToString([]byte(last))+".") + sealCursor(place, query+last)
}

// List sorts the account each time. Its cursor is the last number.
func (s *naive) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	limit, err := s.limit(q.Limit)
	if err := cmp.Or(s.alive(ctx), s.valid(store.Key{Account: q.Account, Number: "1"}), err); err != nil {
		return store.StatePage{}, err
	}
	query := "list\x00" + q.Account + "\x00" + q.Status.String() + "\x00"
	s.mu.Lock()
	defer s.mu.Unlock()
	place, last, err := s.resume(q.After, query)
	if err != nil {
		return store.StatePage{}, err
	}
	var states []store.State
	for key := range s.contacts {
		if state := s.state(key); s.filter(state, q) {
			states = append(states, state)
		}
	}
	slices.SortFunc(states, func(a, b store.State) int { return s.order(a.Key.Number, b.Key.Number) })
	from := min(place, len(states))
	for !s.byPlace && q.After != "" && from > 0 && s.order(states[from-1].Key.Number, last) > 0 {
		from--
	}
	for !s.byPlace && q.After != "" && from < len(states) && s.order(states[from].Key.Number, last) <= 0 {
		from++
	}
	to := min(from+limit, len(states))
	page := store.StatePage{States: s.statePage(states[from:to])}
	if to < len(states) || s.openEnd && to > from {
		page.Next = next(to, states[to-1].Key.Number, query)
	}
	return page, nil
}

// Reviews sorts the account each time. Its cursor is the place of the last record in time.
func (s *naive) Reviews(ctx context.Context, q store.ReviewQuery) (store.RecordPage, error) {
	limit, err := s.limit(q.Limit)
	if err := cmp.Or(s.alive(ctx), s.valid(store.Key{Account: q.Account, Number: "1"}), err); err != nil {
		return store.RecordPage{}, err
	}
	query := "reviews\x00" + q.Account + "\x00"
	s.mu.Lock()
	defer s.mu.Unlock()
	_, last, err := s.resume(q.After, query)
	if err != nil {
		return store.RecordPage{}, err
	}
	const early = 1 << 60 // of which the texts are in the order of the numbers
	waiting := map[string]store.Record{}
	var places []string
	for key, c := range s.contacts {
		if key.Account != q.Account {
			continue
		}
		for _, place := range s.waits(c) {
			r := c.records[place]
			at := fmt.Sprintf("%020d %s %06d", s.since(r).UnixMicro()+early, key.Number, s.nth(c, place))
			waiting[at] = r
			if at > last {
				places = append(places, at)
			}
		}
	}
	slices.Sort(places)
	var page store.RecordPage
	for _, at := range places[:min(limit, len(places))] {
		page.Records = append(page.Records, waiting[at])
	}
	if len(places) > limit {
		page.Next = next(0, places[limit-1], query)
	}
	page.Records = s.reviewed(page.Records)
	return page, nil
}

// EventIDs sorts the account each time. Its cursor is the ID, the number and the place of the
// last record.
func (s *naive) EventIDs(ctx context.Context, q store.IDsQuery) (store.RecordPage, error) {
	limit, err := s.limit(q.Limit)
	if err := cmp.Or(s.alive(ctx), s.valid(store.Key{Account: q.Account, Number: "1"}), s.validPrefix(q.Prefix), err); err != nil {
		return store.RecordPage{}, err
	}
	query := "ids\x00" + q.Account + "\x00" + q.Prefix + "\x00"
	s.mu.Lock()
	defer s.mu.Unlock()
	place, last, err := s.resume(q.After, query)
	if err != nil {
		return store.RecordPage{}, err
	}
	names := map[store.Record]string{}
	var all []store.Record
	for key, c := range s.contacts {
		for i, r := range c.records {
			if key.Account == q.Account && s.begins(r.ID, q.Prefix) {
				all = append(all, r)
				if names[r] = r.ID; !s.idAfterID {
					names[r] += fmt.Sprintf("\x00%s\x00%06d", r.Key.Number, i)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b store.Record) int { return cmp.Or(s.idOrder(a, b), a.RecordedAt.Compare(b.RecordedAt)) })
	from := min(place, len(all))
	if !s.byPlace && q.After != "" {
		if from = slices.IndexFunc(all, func(r store.Record) bool { return names[r] > last }); from < 0 {
			from = len(all)
		}
	}
	to := min(from+limit, len(all))
	page := store.RecordPage{Records: s.idPage(all[from:to])}
	if to < len(all) {
		page.Next = next(to, names[all[to-1]], query)
	}
	return page, nil
}

// Changes sorts all records each time. Its cursor is the time of the last one.
func (s *naive) Changes(ctx context.Context, q store.ChangesQuery) (store.RecordPage, error) {
	limit, err := s.limit(q.Limit)
	if err := cmp.Or(s.alive(ctx), s.valid(store.Key{Account: q.Account, Number: "1"}), err); err != nil {
		return store.RecordPage{}, err
	}
	query := "changes\x00" + q.Account + "\x00"
	s.mu.Lock()
	defer s.mu.Unlock()
	place, last, err := s.resume(q.After, query)
	if err != nil {
		return store.RecordPage{}, err
	}
	records := map[string]store.Record{} // by their times and ids
	for key, c := range s.contacts {
		for _, r := range c.records {
			r.Key = key
			if s.changed(r, q) {
				records[fmt.Sprintf("%020d %s %s", s.recorded(r).UnixMicro(), r.ID, key.Number)] = r
			}
		}
	}
	all := slices.Sorted(maps.Keys(records))
	from := len(all)
	if s.byPlace {
		from = min(place, from)
	} else if first := slices.IndexFunc(all, func(at string) bool { return at > last }); first >= 0 {
		from = first
	}
	to := min(from+limit, len(all))
	var page store.RecordPage
	if to > from {
		page.Next = s.lastNext(next(to, all[to-1], query), to < len(all))
	}
	for _, at := range all[from:to] {
		page.Records = append(page.Records, records[at])
	}
	page.Records = s.changes(page.Records)
	return page, nil
}

// A cursor is a place and a checksum over it and the query.

func sealCursor(place int, query string) store.Cursor {
	sum := crc32.ChecksumIEEE([]byte(strconv.Itoa(place) + "\x00" + query))
	return store.Cursor(fmt.Sprintf("%d-%08x", place, sum))
}

func openCursor(c store.Cursor, query string) (int, error) {
	if c == "" {
		return 0, nil
	}
	text, _, _ := strings.Cut(string(c), "-")
	place, err := strconv.Atoi(text)
	if err != nil || sealCursor(place, query) != c {
		return 0, store.ErrBadCursor
	}
	return place, nil
}

// bare is a store without the optional interfaces.
type bare struct{ store.Store }
