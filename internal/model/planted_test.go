package model

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// planted is a store with a bug: each function takes the place of a method.
type planted struct {
	*memstore.Store

	get     func(store.Key) (store.State, error)
	batch   func(account string, numbers []string) ([]store.State, error)
	append  func(store.Event) (store.Result, error)
	history func(store.RecordPage) store.RecordPage
	list    func(store.StatePage) store.StatePage
	reviews func(store.RecordPage) store.RecordPage
	erase   func(key store.Key) // after an Erase; nil: nothing
	lazy    bool                // Erase does nothing
}

func (p *planted) Erase(ctx context.Context, key store.Key, actor, note string, at time.Time) error {
	if p.lazy && ctx.Err() == nil {
		return nil
	}
	err := p.Store.Erase(ctx, key, actor, note, at)
	if err == nil && p.erase != nil {
		p.erase(key)
	}
	return err
}

func (p *planted) Get(ctx context.Context, key store.Key) (store.State, error) {
	if err := ctx.Err(); err != nil || p.get == nil {
		return p.Store.Get(ctx, key)
	}
	return p.get(key)
}

func (p *planted) GetBatch(ctx context.Context, account string, numbers []string) ([]store.State, error) {
	switch {
	case ctx.Err() == nil && p.batch != nil:
		return p.batch(account, numbers)
	case ctx.Err() == nil && p.get != nil:
		states := make([]store.State, len(numbers))
		for i, number := range numbers {
			states[i], _ = p.get(store.Key{Account: account, Number: number})
		}
		return states, nil
	}
	return p.Store.GetBatch(ctx, account, numbers)
}

func (p *planted) Append(ctx context.Context, ev store.Event) (store.Result, error) {
	if err := ctx.Err(); err != nil || p.append == nil {
		return p.Store.Append(ctx, ev)
	}
	return p.append(ev)
}

func (p *planted) History(ctx context.Context, q store.HistoryQuery) (store.RecordPage, error) {
	page, err := p.Store.History(ctx, q)
	if err == nil && p.history != nil {
		page = p.history(page)
	}
	return page, err
}

func (p *planted) List(ctx context.Context, q store.ListQuery) (store.StatePage, error) {
	page, err := p.Store.List(ctx, q)
	if err == nil && p.list != nil {
		page = p.list(page)
	}
	return page, err
}

func (p *planted) Reviews(ctx context.Context, q store.ReviewQuery) (store.RecordPage, error) {
	page, err := p.Store.Reviews(ctx, q)
	if err == nil && p.reviews != nil {
		page = p.reviews(page)
	}
	return page, err
}

// pretend stores a changed event, and shows the one that was asked for.
func (p *planted) pretend(change func(*store.Event)) {
	p.append = func(ev store.Event) (store.Result, error) {
		asked := ev
		change(&ev)
		result, err := p.Store.Append(context.Background(), ev)
		result.Record.Event = asked
		result.State.Key = asked.Key
		return result, err
	}
}

// forget acknowledges the events that match and does not store them.
func (p *planted) forget(lost func(store.Event) bool) {
	p.append = func(ev store.Event) (store.Result, error) {
		if !lost(ev) {
			return p.Store.Append(context.Background(), ev)
		}
		state, err := p.Store.Get(context.Background(), ev.Key)
		switch ev.Action {
		case store.OptOut, store.Uphold:
			state.Status = store.OptedOut
		case store.Hold:
			state.Status = store.Held
		case store.OptIn:
			state.Status = store.OptedIn
		default:
		}
		return store.Result{State: state, Record: store.Record{Event: ev}}, err
	}
}

func counter() func(every int) bool {
	n := 0
	return func(every int) bool {
		n++
		return n%every == 0
	}
}

// bugs are stores that break a promise, each in one way.
var bugs = map[string]func(p *planted){
	"an opt-in always wins": func(p *planted) {
		p.pretend(func(ev *store.Event) {
			if ev.Action == store.OptIn {
				ev.At = time.Time{}
			}
		})
	},
	"a consent lifts an opt-out": func(p *planted) {
		p.append = func(ev store.Event) (store.Result, error) {
			asked := ev
			if ev.Action == store.Consent {
				ev.Action, ev.At = store.OptIn, time.Time{}
			}
			result, err := p.Store.Append(context.Background(), ev)
			result.Record.Action = asked.Action
			return result, err
		}
	},
	"a hold is lost": func(p *planted) {
		p.forget(func(ev store.Event) bool { return ev.Action == store.Hold })
	},
	"every twentieth opt-out is lost": func(p *planted) {
		nth := counter()
		p.forget(func(ev store.Event) bool { return ev.Action == store.OptOut && nth(20) })
	},
	"a verdict is lost": func(p *planted) {
		p.forget(func(ev store.Event) bool { return ev.Action == store.Uphold })
	},
	"ids are ignored": func(p *planted) {
		nth := 0
		p.pretend(func(ev *store.Event) {
			nth++
			if ev.Action != store.Release && ev.Action != store.Uphold && ev.Action != store.Retract && ev.Action != store.Hold {
				ev.ID = fmt.Sprint(nth)
			}
		})
	},
	"the id alone makes a duplicate": func(p *planted) {
		seen := make(map[string]store.Record)
		p.append = func(ev store.Event) (store.Result, error) {
			id := ev.Key.Account + ev.Key.Number + ev.ID
			old, known := seen[id]
			if known && ev.Action == store.OptOut && old.Action != store.Hold {
				state, err := p.Store.Get(context.Background(), ev.Key)
				old.Action = ev.Action
				return store.Result{State: state, Record: old, Duplicate: true}, err
			}
			result, err := p.Store.Append(context.Background(), ev)
			if err == nil {
				seen[id] = result.Record
			}
			return result, err
		}
	},
	"accounts differ in more than case": func(p *planted) {
		lower := func(key store.Key) store.Key {
			key.Account = strings.ToLower(key.Account)
			return key
		}
		p.get = func(key store.Key) (store.State, error) {
			state, err := p.Store.Get(context.Background(), lower(key))
			state.Key = key
			return state, err
		}
		p.pretend(func(ev *store.Event) { ev.Key = lower(ev.Key) })
	},
	"Unknown is remembered": func(p *planted) {
		unknown := make(map[store.Key]bool)
		p.get = func(key store.Key) (store.State, error) {
			if unknown[key] {
				return store.State{Key: key}, nil
			}
			state, err := p.Store.Get(context.Background(), key)
			unknown[key] = err == nil && state.Status == store.Unknown
			return state, err
		}
	},
	"the time of an opt-out is lost": func(p *planted) {
		p.pretend(func(ev *store.Event) {
			if ev.Action == store.OptOut {
				ev.At = time.Time{}
			}
		})
	},
	"the receipt of an opt-out is lost": func(p *planted) {
		p.append = func(ev store.Event) (store.Result, error) {
			asked := ev
			if ev.Action == store.OptOut {
				ev.ReceivedAt = time.Time{}
			}
			result, err := p.Store.Append(context.Background(), ev)
			result.Record.ReceivedAt = asked.ReceivedAt
			return result, err
		}
	},
	"a release ends every hold": func(p *planted) {
		p.append = func(ev store.Event) (store.Result, error) {
			result, err := p.Store.Append(context.Background(), ev)
			if err != nil || ev.Action != store.Release || result.State.Status != store.Held {
				return result, err
			}
			page, err := p.Store.History(context.Background(), store.HistoryQuery{Key: ev.Key})
			for _, r := range page.Records {
				if r.Action == store.Hold && r.ID != ev.ID {
					other := r.Event
					other.Action = store.Release
					last, _ := p.Store.Append(context.Background(), other)
					result.State = last.State
				}
			}
			return result, err
		}
	},
	"a Void is lost": func(p *planted) {
		p.forget(func(ev store.Event) bool { return ev.Action == store.Void })
	},
	"a Void lifts all opt-outs": func(p *planted) {
		voided := make(map[store.Key]bool)
		p.append = func(ev store.Event) (store.Result, error) {
			result, err := p.Store.Append(context.Background(), ev)
			if err == nil {
				voided[ev.Key] = ev.Action == store.Void
			}
			return result, err
		}
		p.get = func(key store.Key) (store.State, error) {
			state, err := p.Store.Get(context.Background(), key)
			if voided[key] && state.Status == store.OptedOut {
				state = store.State{Key: key}
			}
			return state, err
		}
	},
	"a Void leaves the opt-out in force": func(p *planted) {
		p.get = func(key store.Key) (store.State, error) {
			state, err := p.Store.Get(context.Background(), key)
			page, _ := p.Store.History(context.Background(), store.HistoryQuery{Key: key, Limit: store.MaxLimit})
			var hosts store.State
			for i, r := range page.Records {
				if r.Action == store.OptOut && r.Source != store.SourceKeyword {
					hosts = store.State{Key: key, Status: store.OptedOut, Action: r.Action, Source: r.Source, EventID: r.ID, RecordedAt: r.RecordedAt}
				}
				if i == len(page.Records)-1 && r.Action == store.Void && hosts.EventID != "" && state.Status == store.Unknown {
					return hosts, err
				}
			}
			return state, err
		}
	},
	"what was voided can be recorded again": func(p *planted) {
		p.append = func(ev store.Event) (store.Result, error) {
			page, err := p.Store.History(context.Background(), store.HistoryQuery{Key: ev.Key, Limit: store.MaxLimit})
			asked := ev
			for _, r := range page.Records {
				if ev.Action != store.Void && r.Action == store.Void && r.ID == store.VoidPrefix+ev.ID {
					ev.ID += " again"
				}
			}
			if err != nil {
				return store.Result{}, err
			}
			result, err := p.Store.Append(context.Background(), ev)
			result.Record.ID = asked.ID
			return result, err
		}
	},
	"a Void opts in": func(p *planted) {
		p.append = func(ev store.Event) (store.Result, error) {
			result, err := p.Store.Append(context.Background(), ev)
			if err == nil && ev.Action == store.Void && !result.Duplicate {
				in, inErr := p.Store.Append(context.Background(), store.Event{ID: "in " + ev.ID, Key: ev.Key, Action: store.OptIn})
				result.State, err = in.State, inErr
			}
			return result, err
		}
	},
	"GetBatch answers in the order of the numbers": func(p *planted) {
		p.batch = func(account string, numbers []string) ([]store.State, error) {
			states, err := p.Store.GetBatch(context.Background(), account, numbers)
			sorted := slices.Clone(states)
			slices.SortFunc(sorted, func(a, b store.State) int { return strings.Compare(a.Key.Number, b.Key.Number) })
			for i := range sorted {
				sorted[i].Key = states[i].Key
			}
			return sorted, err
		}
	},
	"GetBatch is behind by one write": func(p *planted) {
		old := make(map[store.Key]store.State)
		p.append = func(ev store.Event) (store.Result, error) {
			clear(old)
			old[ev.Key], _ = p.Store.Get(context.Background(), ev.Key)
			return p.Store.Append(context.Background(), ev)
		}
		p.batch = func(account string, numbers []string) ([]store.State, error) {
			states, err := p.Store.GetBatch(context.Background(), account, numbers)
			for i := range states {
				if before, stale := old[states[i].Key]; stale {
					states[i] = before
				}
			}
			return states, err
		}
	},
	"the history loses the last record of a page": func(p *planted) {
		p.history = func(page store.RecordPage) store.RecordPage {
			if n := len(page.Records); n > 3 {
				page.Records = page.Records[:n-1]
			}
			return page
		}
	},
	"the list loses its last state": func(p *planted) {
		p.list = func(page store.StatePage) store.StatePage {
			if n := len(page.States); n > 1 {
				page.States = page.States[:n-1]
			}
			return page
		}
	},
	"the reviews lose one": func(p *planted) {
		p.reviews = func(page store.RecordPage) store.RecordPage {
			if n := len(page.Records); n > 1 {
				page.Records = page.Records[1:]
			}
			return page
		}
	},
	"an Erase does nothing": func(p *planted) { p.lazy = true },
	"an Erase forgets what is in force": func(p *planted) {
		forgotten := make(map[store.Key]bool)
		p.erase = func(key store.Key) { forgotten[key] = true }
		p.get = func(key store.Key) (store.State, error) {
			if forgotten[key] {
				return store.State{Key: key}, nil
			}
			return p.Store.Get(context.Background(), key)
		}
		p.append = func(ev store.Event) (store.Result, error) {
			delete(forgotten, ev.Key)
			return p.Store.Append(context.Background(), ev)
		}
	},
	"a message that was erased is new": func(p *planted) {
		erased := make(map[store.Key]bool)
		p.erase = func(key store.Key) { erased[key] = true }
		p.append = func(ev store.Event) (store.Result, error) {
			asked := ev
			if erased[ev.Key] && (ev.Action == store.OptOut || ev.Action == store.OptIn) {
				ev.ID += "*"
			}
			result, err := p.Store.Append(context.Background(), ev)
			result.Record.ID = asked.ID
			return result, err
		}
	},
	"the last record decides": func(p *planted) {
		p.lifts(func(_, _ store.Record) bool { return true })
	},
	"a tie is the opt-in's": func(p *planted) {
		p.lifts(func(in, out store.Record) bool {
			return in.At.IsZero() || out.At.IsZero() || !in.At.Before(out.At)
		})
	},
	"when an opt-out was received does not count": func(p *planted) {
		p.lifts(func(in, out store.Record) bool {
			return in.At.IsZero() || out.At.IsZero() || in.At.After(out.At)
		})
	},
	"a second opt-out weakens the first": func(p *planted) {
		p.lifts(func(in, out store.Record) bool {
			switch {
			case in.At.IsZero():
				return true
			case out.At.IsZero():
				return in.At.After(out.ReceivedAt)
			default:
				return in.At.After(out.At)
			}
		})
	},
}

// lifts makes the gate open where the last opt-in comes after the last opt-out and
// lifts it by a rule. What is recorded stays as it is.
func (p *planted) lifts(rule func(in, out store.Record) bool) {
	p.get = func(key store.Key) (store.State, error) {
		state, err := p.Store.Get(context.Background(), key)
		if err != nil || state.Status != store.OptedOut {
			return state, err
		}
		page, err := p.Store.History(context.Background(), store.HistoryQuery{Key: key, Limit: store.MaxLimit})
		var in, out store.Record
		last := store.NoAction
		for _, r := range page.Records {
			switch r.Action {
			case store.OptIn:
				in, last = r, r.Action
			case store.OptOut, store.Uphold:
				out, last = r, r.Action
			default:
			}
		}
		if last == store.OptIn && rule(in, out) {
			state.Status = store.OptedIn
		}
		return state, err
	}
}

func TestEachPlantedBugIsFound(t *testing.T) {
	opts := Options{Steps: 4_000, Seed: 1, Faults: true, Plain: true} // the last is found after 723
	if *stress {
		opts.Steps = 20_000
	}
	require.NoError(t, run(t.Context(), &planted{Store: memstore.New()}, opts))
	for name, plant := range bugs {
		t.Run(name, func(t *testing.T) {
			p := &planted{Store: memstore.New()}
			plant(p)
			err := run(t.Context(), p, opts)
			require.Error(t, err)
			t.Log(err)
		})
	}
}
