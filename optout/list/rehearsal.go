package list

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/store"
)

// rehearsal is a store for a dry run: it reads another store, keeps what is appended in
// memory, and never writes to the other one.
type rehearsal struct {
	under store.Store
	own   store.IDsQuery                   // finds an earlier run of the import
	again *bool                            // there was one; nil: nobody has asked
	made  map[string]map[string]*slimEvent // what was appended: the first event of each number of an account
	ids   map[*slimEvent]string            // of events whose id does not follow from the sender
}

var (
	_ store.Store         = (*rehearsal)(nil)
	_ store.BatchGetter   = (*rehearsal)(nil)
	_ store.BatchAppender = (*rehearsal)(nil)
	_ store.TxBound       = (*rehearsal)(nil)
)

func newRehearsal(under store.Store, own store.IDsQuery) *rehearsal {
	return &rehearsal{under: under, own: own, made: make(map[string]map[string]*slimEvent), ids: make(map[*slimEvent]string)}
}

// slimEvent is what decides about an event of an import. There are as many as the list has
// contacts.
type slimEvent struct {
	next                 *slimEvent // of the same number
	from                 string
	at, receivedAt, made int64 // microseconds since 1970; 0: not known
	action               store.Action
}

// of returns the first event that was appended to a key, and nil if there is none.
func (s *rehearsal) of(key store.Key) *slimEvent { return s.made[key.Account][key.Number] }

// keep keeps what decides about a record.
func (s *rehearsal) keep(r store.Record) {
	e := &slimEvent{at: micros(r.At), receivedAt: micros(r.ReceivedAt), made: micros(r.RecordedAt), action: r.Action}
	if e.from = strings.Clone(r.From); e.from == r.Key.Number {
		r.Key.Number = e.from // one text for both
	}
	if s.idOf(e) != r.ID {
		s.ids[e] = r.ID
	}
	last := s.of(r.Key)
	if last == nil {
		if s.made[r.Key.Account] == nil {
			s.made[r.Key.Account] = make(map[string]*slimEvent)
		}
		s.made[r.Key.Account][r.Key.Number] = e
		return
	}
	for last.next != nil {
		last = last.next
	}
	last.next = e
}

// idOf returns the id of an event, as importer.requestID makes it for most.
func (s *rehearsal) idOf(e *slimEvent) string {
	if id, kept := s.ids[e]; kept {
		return id
	}
	if e.action == store.Consent {
		return s.own.Prefix + consentPart + e.from
	}
	return s.own.Prefix + e.from
}

// records adds what was appended to a key to its records.
func (s *rehearsal) records(records []store.Record, key store.Key) []store.Record {
	for e := s.of(key); e != nil; e = e.next {
		records = append(records, store.Record{
			Event: store.Event{
				ID: s.idOf(e), Key: key, Action: e.action, At: fromMicros(e.at), ReceivedAt: fromMicros(e.receivedAt),
				Source: store.SourceImport, From: e.from,
			},
			RecordedAt: fromMicros(e.made),
		})
	}
	return records
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// TxBound implements [store.TxBound]: what is appended is not recorded, and Options.Observe
// says so.
func (s *rehearsal) TxBound() bool { return true }

// Get implements [store.Store].
func (s *rehearsal) Get(ctx context.Context, key store.Key) (store.State, error) {
	if s.of(key) == nil {
		return s.under.Get(ctx, key)
	}
	ledger, err := s.ledger(ctx, key)
	if err != nil {
		return store.State{}, err
	}
	return ledger.State(), nil
}

// GetBatch implements [store.BatchGetter].
func (s *rehearsal) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	states, err := store.GetBatch(ctx, s.under, account, numbers)
	if err != nil {
		return nil, err
	}
	for i, number := range numbers {
		if key := (store.Key{Account: account, Number: number}); s.of(key) != nil {
			if states[i], err = s.Get(ctx, key); err != nil {
				return nil, err
			}
		}
	}
	return states, nil
}

// Append implements [store.Store].
func (s *rehearsal) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	results, err := s.AppendBatch(ctx, []store.Event{ev})
	if err != nil {
		return store.Result{}, err
	}
	return results[0], results[0].Err
}

// AppendBatch implements [store.BatchAppender].
func (s *rehearsal) AppendBatch(ctx context.Context, events []store.Event) ([]store.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	events, err := store.NormalizeAll(events)
	if err != nil {
		return nil, err
	}
	known, err := s.states(ctx, events)
	if err != nil {
		return nil, err
	}
	results := make([]store.Result, len(events))
	ledgers := make(map[store.Key]*store.Ledger, len(events))
	now := time.Now().UTC().Truncate(store.Precision)
	for i, ev := range events {
		if ledgers[ev.Key] == nil {
			state := known[ev.Key]
			if s.of(ev.Key) == nil && madeBy(state, ev) {
				results[i] = store.Result{State: state, Record: store.Record{Event: ev}, Duplicate: true}
				continue
			}
			if ledgers[ev.Key], err = s.ledgerOf(ctx, state); err != nil {
				return nil, err
			}
		}
		results[i], err = ledgers[ev.Key].Append(ev, now)
		switch {
		case errors.Is(err, store.ErrIDReused):
			results[i].Err = err
		case err != nil:
			return nil, err
		case !results[i].Duplicate:
			s.keep(results[i].Record)
		}
	}
	return results, nil
}

// madeBy reports whether an event made the state already. Then it is a duplicate, and nobody
// has to read the history.
func madeBy(state store.State, ev store.Event) bool {
	if state.EventID != ev.ID || state.Action != ev.Action || state.Source != ev.Source {
		return false
	}
	stored := store.Record{Event: ev}
	stored.At, stored.ReceivedAt = state.At, state.ReceivedAt
	_, duplicate, err := store.Replay(ev, []store.Record{stored})
	return err == nil && duplicate
}

// states reads the states of the keys of a batch.
func (s *rehearsal) states(ctx context.Context, events []store.Event) (map[store.Key]store.State, error) {
	known := make(map[store.Key]store.State, len(events))
	numbers := make(map[string][]string, 1) // by account
	for _, ev := range events {
		if _, listed := known[ev.Key]; !listed {
			known[ev.Key] = store.State{Key: ev.Key}
			numbers[ev.Key.Account] = append(numbers[ev.Key.Account], ev.Key.Number)
		}
	}
	for account, numbers := range numbers {
		states, err := store.GetBatch(ctx, s.under, account, numbers)
		if err != nil {
			return nil, err
		}
		for _, state := range states {
			known[state.Key] = state
		}
	}
	return known, nil
}

// ledger returns the ledger of a key.
func (s *rehearsal) ledger(ctx context.Context, key store.Key) (*store.Ledger, error) {
	state, err := s.under.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	return s.ledgerOf(ctx, state)
}

// ledgerOf returns the ledger of a key whose state is known. In the first run of an import
// the history of a key without a state is not read: most contacts of a list are new.
func (s *rehearsal) ledgerOf(ctx context.Context, state store.State) (*store.Ledger, error) {
	var records []store.Record
	again := true // what an earlier run recorded may be taken back, which leaves no state
	if state == (store.State{Key: state.Key}) {
		var err error
		if again, err = s.ranBefore(ctx); err != nil {
			return nil, err
		}
	}
	if again {
		q := store.HistoryQuery{Key: state.Key, Limit: store.MaxLimit}
		for {
			page, err := s.under.History(ctx, q)
			if err != nil {
				return nil, err
			}
			records = append(records, page.Records...)
			if page.Next == "" || page.Next == q.After {
				break
			}
			q.After = page.Next
		}
	}
	return store.NewLedger(state.Key, s.records(records, state.Key)), nil
}

// ranBefore reports whether the import has recorded anything, or whether the store cannot say.
func (s *rehearsal) ranBefore(ctx context.Context) (bool, error) {
	if s.again == nil {
		page, err := store.EventIDs(ctx, s.under, s.own)
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return false, err
		}
		again := err != nil || len(page.Records) > 0
		s.again = &again
	}
	return *s.again, nil
}

// History implements [store.Store].
func (s *rehearsal) History(ctx context.Context, q store.HistoryQuery) (store.RecordPage, error) {
	if s.of(q.Key) == nil {
		return s.under.History(ctx, q)
	}
	page, err := s.under.History(ctx, q)
	if err != nil || page.Next != "" {
		return page, err
	}
	page.Records = s.records(page.Records, q.Key) // they come last
	return page, nil
}
