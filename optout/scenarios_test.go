package optout_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/keywords/revocation"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// scenario is a row of scenarios.jsonl: what happens to one or two accounts, and
// what is expected after each step.
type scenario struct {
	ID, Title string
	Config    json.RawMessage
	Steps     []json.RawMessage
	steps     []step
	options   optout.Options
}

// step has the fields that are built; a scenario with another is skipped by name.
type step struct {
	Type                    string
	ID, Account, From, To   string
	Body, Number            string
	At, Received, Effective *time.Time
	By, Fail                string
	Actor, Reason, Evidence string
	Code, Target            string
	Sender, Provider, Note  string // of no effect here: one account, one state
	Steps                   []step // of "parallel"
	Expect                  expectation
}

type expectation struct {
	Class, Gate string
	Applied     *bool
	Reply       *string
	Error       bool
	Duplicate   bool
}

// notBuilt are the scenarios that need what their words do not name.
var notBuilt = map[string]string{"sc-070": "two spellings of one line"}

// readScenarios returns the scenarios that need nothing which is not built, and
// the reason for which each of the others is skipped, by name.
func readScenarios(t testing.TB) (play []scenario, skipped map[string]string) {
	t.Helper()
	raw, err := os.ReadFile("testdata/scenarios.jsonl")
	require.NoError(t, err)
	skipped = map[string]string{}
	for line := range bytes.Lines(raw) {
		var sc scenario
		require.NoError(t, json.Unmarshal(line, &sc))
		name := sc.ID + " " + sc.Title
		if missing := notBuilt[sc.ID]; missing != "" {
			skipped[name] = missing
			continue
		}
		var config struct {
			RequireOptIn bool          `json:"require_opt_in"`
			Keywords     string        `json:"keywords"`
			HelpLimit    int           `json:"help_limit"`
			Texts        optout.Policy `json:"texts"`
		}
		if err := strict(sc.Config, &config); err != nil {
			skipped[name] = "config: " + err.Error()
			continue
		}
		sc.options.RequireOptIn, sc.options.Texts, sc.options.HelpLimit = config.RequireOptIn, config.Texts, config.HelpLimit
		if config.Keywords == "united-states" {
			sc.options.Keywords = keywords.UnitedStates()
		} else {
			require.Empty(t, config.Keywords, name)
		}
		for _, raw := range sc.Steps {
			var s step
			if err := strict(raw, &s); err != nil {
				skipped[name] = "step: " + err.Error()
				break
			}
			if !built[s.Type] {
				skipped[name] = fmt.Sprintf("step type %q", s.Type)
				break
			}
			sc.steps = append(sc.steps, s)
		}
		if skipped[name] != "" {
			continue
		}
		play = append(play, sc)
	}
	return play, skipped
}

func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

var built = map[string]bool{
	"inbound": true, "check": true, "send": true, "parallel": true, "advance": true,
	"admin_opt_in": true, "import_opt_out": true, "send_failed": true, "admin_undo": true,
}

func TestScenarios(t *testing.T) {
	play, skipped := readScenarios(t)
	for name, reason := range skipped {
		t.Run(name, func(t *testing.T) { t.Skip("not built: " + reason) })
	}
	require.GreaterOrEqual(t, len(play), 40)
	for _, sc := range play {
		t.Run(sc.ID+" "+sc.Title, func(t *testing.T) {
			p := newPlayer(t, sc, nil)
			for _, s := range sc.steps {
				p.expect(s, p.do(s))
			}
		})
	}
}

// player plays the steps of a scenario against a Guard.
type player struct {
	t      testing.TB
	guard  *optout.Guard
	memory *memstore.Store   // without the faults
	store  *faultstore.Store // with them
	down   *faultstore.Toggle

	mu  sync.Mutex
	now time.Time
}

// result is what a step came to.
type result struct {
	out optout.Outcome
	err error
}

func newPlayer(t testing.TB, sc scenario, faults faultstore.Injector) *player {
	t.Helper()
	p := &player{t: t, memory: memstore.New(), down: new(faultstore.Toggle), now: time.Date(2019, time.January, 1, 0, 0, 0, 0, time.UTC)}
	p.store = faultstore.Wrap(p.memory, faultstore.Any(p.down.Inject, faults))
	opts := sc.options
	opts.Now = func() time.Time {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.now
	}
	var err error
	p.guard, err = optout.New(p.store, &opts)
	require.NoError(t, err)
	return p
}

// clock sets the host's clock to when a step arrives.
func (p *player) clock(s step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case s.Received != nil:
		p.now = *s.Received
	case s.At != nil && s.At.After(p.now):
		p.now = *s.At
	}
}

func (p *player) do(s step) result {
	ctx := context.Background()
	p.clock(s)
	switch s.Type {
	case "inbound":
		if s.Fail == "store" {
			p.down.On()
			defer p.down.Off()
		}
		out, err := p.guard.Receive(ctx, optout.Message{ID: s.ID, Account: s.Account, From: s.From, To: s.To, Text: s.Body, At: given(s.At)})
		return result{out, err}
	case "admin_opt_in":
		out, err := p.guard.RecordConsent(ctx, optout.Request{
			ID: s.ID, Account: s.Account, Number: s.Number, At: given(s.At), Source: store.SourceAgent, Actor: s.Actor, Note: s.Evidence,
		})
		return result{out, err}
	case "admin_undo":
		out, err := p.guard.Resolve(ctx, optout.Resolution{
			Account: s.Account, Review: p.text(s), Verdict: optout.VerdictNoRequest, Actor: s.Actor, Note: s.Evidence,
		})
		return result{out, err}
	case "import_opt_out":
		out, err := p.guard.RecordOptOut(ctx, optout.Request{
			ID: s.ID, Account: s.Account, Number: s.Number, At: given(s.Effective), Source: store.SourceImport, Actor: s.Actor,
		})
		return result{out, err}
	case "send_failed":
		out, err := p.guard.RecordOptOut(ctx, optout.Request{
			ID: s.ID, Account: s.Account, Number: s.Number, At: given(s.At), Source: store.SourceCarrier, Note: s.Code,
		})
		return result{out, err}
	case "send":
		err := p.guard.Send(ctx, s.Account, s.Number, func(context.Context, string) error { return nil })
		return result{err: err}
	case "advance":
		by, err := time.ParseDuration(s.By)
		require.NoError(p.t, err)
		p.mu.Lock()
		p.now = p.now.Add(by)
		p.mu.Unlock()
	case "parallel":
		var wg sync.WaitGroup
		for _, inner := range s.Steps {
			wg.Go(func() {
				if r := p.do(inner); r.err != nil {
					p.t.Error(r.err)
				}
			})
		}
		wg.Wait()
	}
	return result{}
}

// text returns the record of the text that a step takes back.
func (p *player) text(s step) store.Record {
	for record, err := range p.guard.With(p.memory).History(context.Background(), s.Account, s.Number) {
		require.NoError(p.t, err)
		if record.ID == s.Target && record.Source == store.SourceText {
			return record
		}
	}
	return store.Record{}
}

func given(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}

func (p *player) expect(s step, r result) {
	t, want := p.t, s.Expect
	name := s.Type + " " + s.ID
	switch want.Class {
	case "":
	case "revocation":
		require.NotEqual(t, revocation.None, r.out.Reading.Certainty, name)
	default:
		require.Equal(t, want.Class, r.out.Match.Intent.String(), name)
	}
	if s.Type == "inbound" || want.Error {
		require.Equal(t, want.Error, r.err != nil, "%s: %v", name, r.err)
	}
	if want.Applied != nil {
		require.Equal(t, *want.Applied, r.out.Changed, name)
	}
	if want.Duplicate {
		require.True(t, r.out.Duplicate, name)
	}
	if s.Type == "inbound" && want.Class != "" {
		require.Equal(t, p.reply(want.Reply), r.out.Reply, name)
	}
	account, number := s.Account, s.From
	if number == "" {
		number = s.Number
	}
	if s.Type == "parallel" {
		account, number = s.Steps[0].Account, s.Steps[0].From
	}
	d, err := p.guard.Gate(context.Background(), account, number)
	switch want.Gate {
	case "allowed":
		require.NoError(t, err, name)
		require.True(t, d.Allowed, name)
	case "blocked":
		require.NoError(t, err, name)
		require.False(t, d.Allowed, name)
		if s.Type == "send" {
			var blocked *optout.BlockedError
			require.ErrorAs(t, r.err, &blocked, name)
		}
	case "error":
		require.Error(t, err, name)
		require.False(t, d.Allowed, name)
	case "unknown", "": // it was not stored, or there is no account
	default:
		require.Fail(t, "gate", "%s: %q", name, want.Gate)
	}
}

func (p *player) reply(name *string) string {
	if name == nil {
		return ""
	}
	replies := p.guard.Replies()
	text, ok := map[string]string{"optout_confirm": replies.OptOut, "optin_confirm": replies.OptIn, "help": replies.Help}[*name]
	require.True(p.t, ok, *name)
	return text
}
