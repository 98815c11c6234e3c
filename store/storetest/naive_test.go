package storetest_test

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// naive is a store on maps under one lock, each step of which can be replaced by
// a wrong one.
type naive struct {
	mu     sync.Mutex
	states map[store.Key]store.State
	events map[store.Key][]store.Event

	clock     func() time.Time
	key       func(store.Key) store.Key                          // under which it is stored
	valid     func(store.Key) error                              // whether the key is taken
	normalize func(store.Event) (store.Event, error)             // what is stored of an event
	finish    func(given, kept store.Event) store.Event          // what the store sets, last
	known     func(stored, ev store.Event) bool                  // same id
	next      func(store.State, store.Event) (store.State, bool) // while nothing was ever held
	stand     func(store.Standing, store.Event) (store.Standing, bool)
	visible   func(store.Standing) store.State
	replay    func(now store.State, ev store.Event, same, other bool) (bool, error)
	alive     func(context.Context) error                  // asked first
	before    func(ctx context.Context) error              // between reading and writing
	halfway   func(ctx context.Context) error              // between the event and the state
	lost      func(all []store.Event, ev store.Event) bool // never written
	stored    func(ev, found store.Event) store.Event      // returned for a duplicate
	limit     func(int) (int, error)
	page      func([]store.Event) []store.Event // as returned
	batch     func(numbers []string, states []store.State) []store.State
	into      func(got, states []store.State)
	bypassed  bool // ReadBatch answers for a store that embeds this one
	filter    func(state store.State, q store.ListQuery) bool
	order     func(a, b string) int             // of List
	statePage func([]store.State) []store.State // as returned
	waits     func(store.Standing) []store.Event
	nth       func(all []store.Event, hold store.Event) int // its place among those of one key
	since     func(store.Event) time.Time
	reviewed  func([]store.Event) []store.Event // as returned
	openEnd   bool                              // an empty page comes last
	byPlace   bool                              // List goes on by the place, not by the number
	open      func(cursor store.Cursor, query string) (int, error)
}

func newNaive() *naive {
	return &naive{
		states:    map[store.Key]store.State{},
		events:    map[store.Key][]store.Event{},
		clock:     time.Now,
		key:       func(k store.Key) store.Key { return k },
		valid:     store.Key.Validate,
		normalize: store.Event.NormalizeAny,
		finish:    func(_, kept store.Event) store.Event { return kept },
		known:     func(stored, ev store.Event) bool { return stored.ID == ev.ID },
		next:      store.Next,
		stand:     store.Standing.Next,
		visible:   store.Standing.State,
		replay:    store.Replay,
		alive:     context.Context.Err,
		before:    func(context.Context) error { return nil },
		halfway:   func(context.Context) error { return nil },
		lost:      func([]store.Event, store.Event) bool { return false },
		stored:    func(_, found store.Event) store.Event { return found },
		limit:     store.PageLimit,
		page:      slices.Clone[[]store.Event],
		batch:     func(_ []string, states []store.State) []store.State { return states },
		into:      func(got, states []store.State) { copy(states, got) },
		filter: func(state store.State, q store.ListQuery) bool {
			return state.Key.Account == q.Account && state.Status != store.Unknown && (q.Status == store.Unknown || q.Status == state.Status)
		},
		order:     cmp.Compare[string],
		statePage: slices.Clone[[]store.State],
		waits: func(s store.Standing) []store.Event {
			if s.State().Status != store.Held {
				return nil
			}
			return s.Holds
		},
		nth:      slices.Index[[]store.Event],
		since:    store.Event.Since,
		reviewed: slices.Clone[[]store.Event],
		open:     openCursor,
	}
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
	state := s.states[s.key(key)]
	state.Key = key
	return state
}

func (s *naive) Append(ctx context.Context, given store.Event) (store.Result, error) {
	ev, err := s.normalize(given)
	if err := cmp.Or(s.alive(ctx), err); err != nil {
		return store.Result{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := s.key(ev.Key)
	now, all := s.state(ev.Key), s.events[key]
	consent, apply := now, s.next
	if consents := func(ev store.Event) bool { return ev.Status <= store.OptedOut }; !consents(ev) || slices.ContainsFunc(all, func(ev store.Event) bool { return !consents(ev) }) {
		standing := s.standing(ev.Key, all)
		consent, apply = standing.Consent, func(_ store.State, ev store.Event) (store.State, bool) {
			next, effective := s.stand(standing, ev)
			return s.visible(next), effective
		}
	}
	var same, other bool
	var found store.Event
	for _, stored := range all {
		switch {
		case !s.known(stored, ev):
		case stored.Status != ev.Status:
			other = true
		case !same:
			same, found = true, stored
		}
	}
	duplicate, err := s.replay(consent, ev, same, other)
	if err != nil {
		return store.Result{}, err
	}
	if duplicate {
		return store.Result{State: now, Event: s.stored(ev, found), Duplicate: true}, nil
	}
	if err := s.before(ctx); err != nil {
		return store.Result{}, err
	}
	ev.RecordedAt, ev.Prior = s.clock().Truncate(store.Precision), now.Status
	now, ev.Effective = apply(now, ev)
	ev = s.finish(given, ev)
	if !s.lost(all, ev) {
		s.events[key] = append(slices.Clip(all), ev)
	}
	if err := s.halfway(ctx); err != nil {
		return store.Result{}, err
	}
	s.states[key] = now
	return store.Result{State: now, Event: ev}, nil
}

func (s *naive) standing(key store.Key, events []store.Event) store.Standing {
	standing := store.StandingOf(key, nil)
	for _, ev := range events {
		standing, _ = s.stand(standing, ev)
	}
	return standing
}

// Reviews sorts the account each time. Its cursor is the place and id of the last
// event, sealed.
func (s *naive) Reviews(ctx context.Context, q store.ReviewQuery) (store.ReviewPage, error) {
	limit, err := s.limit(q.Limit)
	if err := cmp.Or(s.alive(ctx), s.valid(store.Key{Account: q.Account, Number: "1"}), err); err != nil {
		return store.ReviewPage{}, err
	}
	query := "reviews\x00" + q.Account + "\x00"
	encoded, sealed, _ := strings.Cut(string(q.After), ".")
	last, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || sealed == "" && q.After != "" {
		return store.ReviewPage{}, store.ErrBadCursor
	}
	if _, err := s.open(store.Cursor(sealed), query+string(last)); err != nil {
		return store.ReviewPage{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	place := func(ev store.Event, i int) string {
		return fmt.Sprintf("%020d %s %06d", s.since(ev).UnixMicro(), ev.Key.Number, i)
	}
	waiting := map[string]store.Event{}
	var places []string
	for key, all := range s.events {
		if key.Account != q.Account {
			continue
		}
		for _, hold := range s.waits(s.standing(key, all)) {
			at := place(hold, s.nth(all, hold))
			waiting[at] = hold
			if at > string(last) {
				places = append(places, at)
			}
		}
	}
	slices.Sort(places)
	var page store.ReviewPage
	for _, at := range places[:min(limit, len(places))] {
		page.Reviews = append(page.Reviews, waiting[at])
	}
	if len(places) > limit {
		at := places[limit-1]
		page.Next = store.Cursor(base64.RawURLEncoding.EncodeToString([]byte(at))+".") + sealCursor(0, query+at)
	}
	page.Reviews = s.reviewed(page.Reviews)
	return page, nil
}

func (s *naive) History(ctx context.Context, q store.HistoryQuery) (store.EventPage, error) {
	limit, err := s.limit(q.Limit)
	if err := cmp.Or(s.alive(ctx), s.valid(q.Key), err); err != nil {
		return store.EventPage{}, err
	}
	query := "history\x00" + q.Key.Account + "\x00" + q.Key.Number
	from, err := s.open(q.After, query)
	if err != nil {
		return store.EventPage{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.events[s.key(q.Key)]
	from = min(from, len(all))
	to := min(from+limit, len(all))
	page := store.EventPage{Events: s.page(all[from:to])}
	if to < len(all) || s.openEnd && to > from {
		page.Next = sealCursor(to, query)
	}
	return page, nil
}

func (s *naive) ReadBatch(ctx context.Context, asked store.BatchGetter, account string, numbers []string, states []store.State) error {
	got, err := s.GetBatch(ctx, account, numbers)
	switch {
	case err != nil:
		return err
	case asked != store.BatchGetter(s) && !s.bypassed:
		return errors.ErrUnsupported
	case len(states) != len(numbers):
		return errors.New("another number of states")
	}
	s.into(got, states)
	return nil
}

func (s *naive) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
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

// List sorts the account each time. Its cursor is the last number, sealed with the
// number of states before the page.
func (s *naive) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	limit, err := s.limit(q.Limit)
	if err := cmp.Or(s.alive(ctx), s.valid(store.Key{Account: q.Account, Number: "1"}), err); err != nil {
		return store.StatePage{}, err
	}
	query := "list\x00" + q.Account + "\x00" + q.Status.String() + "\x00"
	encoded, sealed, _ := strings.Cut(string(q.After), ".")
	last, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || sealed == "" && q.After != "" {
		return store.StatePage{}, store.ErrBadCursor
	}
	place, err := s.open(store.Cursor(sealed), query+string(last))
	if err != nil {
		return store.StatePage{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var states []store.State
	for _, state := range s.states {
		if s.filter(state, q) {
			states = append(states, state)
		}
	}
	slices.SortFunc(states, func(a, b store.State) int { return s.order(a.Key.Number, b.Key.Number) })
	from := min(place, len(states))
	for !s.byPlace && q.After != "" && from > 0 && s.order(states[from-1].Key.Number, string(last)) > 0 {
		from--
	}
	for !s.byPlace && q.After != "" && from < len(states) && s.order(states[from].Key.Number, string(last)) <= 0 {
		from++
	}
	to := min(from+limit, len(states))
	page := store.StatePage{States: s.statePage(states[from:to])}
	if to < len(states) || s.openEnd && to > from {
		number := states[to-1].Key.Number
		page.Next = store.Cursor(base64.RawURLEncoding.EncodeToString([]byte(number))+".") + sealCursor(to, query+number)
	}
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
