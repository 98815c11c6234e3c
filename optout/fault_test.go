package optout_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// TestEveryStoreCallFailsOnce plays each scenario as often as it calls the
// store. Each time another call fails, before it is carried out or after, and the
// host and the provider do what the documentation tells them: a message that
// ended in an error is delivered again, at once or after the next one; a failed
// START without a time is dropped.
//
// Then nothing that was acknowledged is lost, nothing is allowed that was not
// without the fault, and each reply that is due is given.
func TestEveryStoreCallFailsOnce(t *testing.T) {
	play, _ := readScenarios(t)
	runs := 0
	for _, sc := range play {
		sc.steps = flat(sc.steps)
		clean := newFaultRun(t, sc, nil, false)
		clean.play()
		calls := clean.store.Calls()
		for n := range calls {
			once := faultstore.OnIndex(n+1, nil)
			for _, fault := range []struct {
				name   string
				inject faultstore.Injector
			}{
				{"not carried out", once},
				{"carried out, the reply lost", faultstore.After(once)},
			} {
				for _, late := range []bool{false, true} {
					runs++
					name := fmt.Sprintf("%s, call %d of %d %s, redelivered late: %t", sc.ID, n+1, calls, fault.name, late)
					r := newFaultRun(t, sc, fault.inject, late)
					r.name = name
					r.play()
					r.compare(clean)
				}
			}
		}
	}
	t.Logf("%d faults", runs)
	require.Greater(t, runs, 500)
}

// flat puts the steps of "parallel" one after another.
func flat(steps []step) []step {
	var all []step
	for _, s := range steps {
		if s.Type == "parallel" {
			all = append(all, s.Steps...)
		} else {
			all = append(all, s)
		}
	}
	return all
}

// faultRun plays a scenario as a careful host and a provider do.
type faultRun struct {
	*player
	name    string
	sc      scenario
	late    bool           // a failed message comes again after the next one
	replies map[int]string // what each inbound step was answered, by its index
	dropped bool           // a failed START was
	unnamed bool           // a message without an id came again: it cannot be told from a second one
	acked   []store.Record // opt-outs that were acknowledged
}

func newFaultRun(t testing.TB, sc scenario, faults faultstore.Injector, late bool) *faultRun {
	t.Helper()
	return &faultRun{player: newPlayer(t, sc, faults), name: sc.ID, sc: sc, late: late, replies: map[int]string{}}
}

func (r *faultRun) play() {
	again := -1 // the step that is delivered again after this one
	for i, s := range r.sc.steps {
		repeat := r.deliver(i, s)
		switch {
		case repeat && r.late && again < 0 && i+1 < len(r.sc.steps):
			again = i
			continue
		case repeat:
			r.mustDeliver(i)
		}
		if again >= 0 {
			r.mustDeliver(again)
			again = -1
		}
	}
}

func (r *faultRun) mustDeliver(i int) {
	s := r.sc.steps[i]
	s.Fail = "" // that of the scenario; a redelivery may meet the fault as well
	if r.deliver(i, s) {
		require.False(r.t, r.deliver(i, s), "%s: step %d fails again", r.name, i)
	}
}

// deliver plays a step and reports whether it is to be played again.
func (r *faultRun) deliver(i int, s step) (repeat bool) {
	res := r.do(s)
	number := s.Number
	if s.Type == "inbound" {
		number = s.From
		repeat = r.inbound(i, s, res)
	} else if res.err != nil && errors.Is(res.err, faultstore.ErrInjected) {
		repeat = s.Type != "send"
	}
	if number == "" {
		return repeat
	}
	ctx := context.Background()
	d, err := r.guard.Gate(ctx, s.Account, number)
	truth, _ := r.guard.With(r.memory).Gate(ctx, s.Account, number)
	if d.Allowed {
		require.NoError(r.t, err, r.name)
		require.True(r.t, truth.Allowed, "%s: allowed against what is stored", r.name)
	}
	acked := s.Type == "inbound" && res.err == nil && res.out.Match.Intent == keywords.OptOut && !res.out.Superseded
	if acked {
		require.False(r.t, d.Allowed, "%s: allowed after an opt-out that was acknowledged", r.name)
		require.False(r.t, truth.Allowed, "%s: an opt-out that was acknowledged is not stored", r.name)
	}
	return repeat
}

func (r *faultRun) inbound(i int, s step, res result) (repeat bool) {
	require.Equal(r.t, r.guard.Classify(s.Body), res.out.Match, r.name)
	if res.err != nil {
		require.Empty(r.t, res.out.Reply, "%s: answered beside an error", r.name)
		if !errors.Is(res.err, faultstore.ErrInjected) {
			return false // no delivery can help
		}
		if res.out.Match.Intent == keywords.OptIn && !r.hasTime(s) {
			r.dropped = true
			return false
		}
		r.unnamed = r.unnamed || s.ID == ""
		return true
	}
	if res.out.Match.Intent == keywords.OptOut || res.out.Match.Intent == keywords.OptIn {
		record := r.stored(s, res.out)
		due := r.due(record)
		if res.out.NoNumber {
			due = ""
		}
		require.Equal(r.t, due, res.out.Reply, "%s: step %d", r.name, i)
		if record.Action == store.OptOut {
			r.acked = append(r.acked, record)
		}
	}
	r.replies[i] = res.out.Reply
	return false
}

func (r *faultRun) hasTime(s step) bool {
	return s.At != nil && s.At.Year() >= 2000 && !s.At.After(r.now.Add(5*time.Minute))
}

// stored is the record of an outcome, out of the history.
func (r *faultRun) stored(s step, out optout.Outcome) store.Record {
	var found store.Record
	for record, err := range r.guard.With(r.memory).History(context.Background(), s.Account, s.From) {
		require.NoError(r.t, err)
		if record.ID == out.EventID && (record.Action == store.OptOut) == (out.Match.Intent == keywords.OptOut) {
			found = record
		}
	}
	require.NotEmpty(r.t, found.ID, "%s: acknowledged, and not in the history", r.name)
	return found
}

// due is the reply for a record by what is stored: it changed the status, what it asked
// for is in force, and an opt-out was received in the last 5 minutes.
func (r *faultRun) due(record store.Record) string {
	state, err := r.memory.Get(context.Background(), record.Key)
	require.NoError(r.t, err)
	asked := store.OptedIn
	if record.Action == store.OptOut {
		asked = store.OptedOut
	}
	replies := r.guard.Replies()
	switch {
	case !record.Effective || record.Prior == asked || state.Status != asked:
		return ""
	case asked == store.OptedOut && r.now.Sub(record.ReceivedAt) > 5*time.Minute:
		return ""
	case asked == store.OptedOut:
		return replies.OptOut
	case record.Prior == store.OptedOut || r.sc.options.RequireOptIn:
		return replies.OptIn
	default:
		return ""
	}
}

// compare holds a run with a fault to the run without one.
func (r *faultRun) compare(clean *faultRun) {
	ctx := context.Background()
	for _, acked := range r.acked {
		page, err := r.memory.History(ctx, store.HistoryQuery{Key: acked.Key, Limit: store.MaxLimit})
		require.NoError(r.t, err)
		require.Contains(r.t, page.Records, acked, "%s: an acknowledged opt-out is lost", r.name)
	}
	for _, s := range r.sc.steps {
		number := s.Number + s.From
		if number == "" {
			continue
		}
		got, _ := r.guard.With(r.memory).Gate(ctx, s.Account, number)
		want, _ := clean.guard.With(clean.memory).Gate(ctx, s.Account, number)
		if got.Allowed {
			require.True(r.t, want.Allowed, "%s: allowed, and not without the fault", r.name)
		}
		if !r.late && !r.dropped {
			require.Equal(r.t, want.Allowed, got.Allowed, r.name)
		}
	}
	if !r.late && !r.dropped && !r.unnamed {
		require.Equal(r.t, clean.replies, r.replies, r.name)
	}
}

// TestEveryStoreCallForTwoReadingsFailsOnce plays what digits with two readings can do, as
// often as it calls the store, and fails another call each time. Whoever meets the error
// does the same again.
func TestEveryStoreCallForTwoReadingsFailsOnce(t *testing.T) {
	numbers := []string{twoReadings, florida, singapore}
	rules := guardAt(t, memstore.New(), optout.Options{DefaultRegion: "US", Texts: optout.PolicyHold})
	send := func(words string, minute int) func(g *optout.Guard) (optout.Outcome, error) {
		m := text(fmt.Sprint(minute), words, at(minute))
		m.From = twoReadings
		return func(g *optout.Guard) (optout.Outcome, error) { return g.Receive(t.Context(), m) }
	}
	review := func(id string, verdict optout.Verdict) func(g *optout.Guard) (optout.Outcome, error) {
		return func(g *optout.Guard) (optout.Outcome, error) {
			for read, err := range g.History(t.Context(), account, twoReadings) {
				if err != nil {
					return optout.Outcome{}, err
				}
				if read.ID == id && read.Source == store.SourceText {
					return g.Resolve(t.Context(), optout.Resolution{Account: account, Review: read, Verdict: verdict, Actor: "anna"})
				}
			}
			return optout.Outcome{}, errors.New("no such text")
		}
	}
	byPhone := func(g *optout.Guard) (optout.Outcome, error) {
		return g.RecordOptOut(t.Context(), optout.Request{ID: "call", Account: account, Number: twoReadings, At: at(9)})
	}
	// Each is followed by what the gate then says of the digits and of both numbers.
	deeds := []struct {
		do      func(g *optout.Guard) (optout.Outcome, error)
		allowed bool
	}{
		{send("STOP", 1), false},
		{send("START", 2), true},
		{send(possible, 3), false},
		{review("3", optout.VerdictNoRequest), true},
		{send(possible, 4), false},
		{send("START", 5), true},
		{send(certain, 6), false},
		{review("6", optout.VerdictNoRequest), true},
		{byPhone, false},
		{send("START", 10), true},
		{send(certain, 11), false},
		{review("11", optout.VerdictRequest), false},
	}
	play := func(faults faultstore.Injector) (calls int, outcomes []optout.Outcome) {
		memory := memstore.New()
		faulty := faultstore.Wrap(memory, faults)
		for i, deed := range deeds {
			out, err := deed.do(rules.With(faulty))
			if err != nil {
				require.ErrorIs(t, err, faultstore.ErrInjected)
				require.Empty(t, out.Reply)
				out, err = deed.do(rules.With(faulty))
				require.NoError(t, err)
			}
			for _, number := range numbers {
				require.Equal(t, deed.allowed, allowed(t, rules.With(memory), number), "%s after %d", number, i)
			}
			outcomes = append(outcomes, out)
		}
		return faulty.Calls(), outcomes
	}
	calls, clean := play(nil)
	require.Greater(t, calls, 3*len(deeds))
	for n := range calls {
		once := faultstore.OnIndex(n+1, nil)
		for _, fault := range []faultstore.Injector{once, faultstore.After(once)} {
			_, outcomes := play(fault)
			for i, out := range outcomes {
				require.Equal(t, clean[i].Reply, out.Reply, "call %d, deed %d", n+1, i)
				require.Equal(t, clean[i].State.Status, out.State.Status, "call %d, deed %d", n+1, i)
			}
		}
	}
}
