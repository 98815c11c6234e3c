package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/examples/durable/database/dbtest"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

var stressFlag = flag.Bool("stress", false, "kill the program 200 times, and wait for River to notice")

// childEnv makes the test binary the program, which stops at the step of this name until it is
// killed.
const childEnv = "CONSENT_TEST_SYNC"

func TestMain(m *testing.M) {
	stop, isChild := os.LookupEnv(childEnv)
	if !isChild {
		os.Exit(m.Run())
	}
	step := func(name string) {
		if name == stop {
			fmt.Println("at", name)
			select {}
		}
	}
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, step))
}

// crm is the other system. It knows of each number what it was told with the latest time.
type crm struct {
	*httptest.Server

	mu      sync.Mutex
	events  map[string]int // how often each was told
	numbers map[string]contact
}

func newCRM(t *testing.T) *crm {
	t.Helper()
	c := &crm{events: map[string]int{}, numbers: map[string]contact{}}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var told contact
		if err := json.NewDecoder(r.Body).Decode(&told); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.events[told.EventID]++
		if !told.As.Before(c.numbers[told.Number].As) {
			c.numbers[told.Number] = told
		}
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *crm) status(number string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.numbers[number].Status
}

// site is the database and the CRM of a host.
type site struct {
	dsn    string
	db     *sql.DB
	guard  *optout.Guard
	crm    *crm
	sent   []string // messages, as lines, that were not answered 200 yet
	events []string // the ids, of one contact each
	kills  int
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{dsn: dbtest.Postgres.New(t), crm: newCRM(t)}
	var stderr strings.Builder
	require.Zero(t, run(t.Context(), []string{"-db", s.dsn, "-migrate"}, strings.NewReader(""), io.Discard, &stderr, nothing), stderr.String())
	source, err := database.Parse(s.dsn)
	require.NoError(t, err)
	s.db, err = source.Open(t.Context())
	require.NoError(t, err)
	s.db.SetMaxOpenConns(1) // so that every other connection is the program's
	t.Cleanup(func() { require.NoError(t, s.db.Close()) })
	st, err := sqlstore.New(s.db, sqlstore.PostgreSQL, nil)
	require.NoError(t, err)
	s.guard, err = optout.New(st, nil)
	require.NoError(t, err)
	return s
}

func numberOf(i int) string { return fmt.Sprintf("+1415555%04d", i) }

// stop makes a contact text STOP.
func (s *site) stop() {
	id := fmt.Sprint("SM", len(s.events))
	s.sent = append(s.sent, fmt.Sprintf("%s %s STOP", id, numberOf(len(s.events))))
	s.events = append(s.events, id)
}

// process is one run of the program.
type process struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines chan string
}

func (s *site) start(t *testing.T, stop string, args ...string) *process {
	t.Helper()
	p := &process{lines: make(chan string, 1_000)}
	args = append([]string{"-db", s.dsn, "-crm", s.crm.URL}, args...)
	p.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], args...)
	p.cmd.Env = append(os.Environ(), childEnv+"="+stop)
	p.cmd.Stderr = os.Stderr
	var err error
	p.stdin, err = p.cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	go func() {
		defer close(p.lines)
		for scan := bufio.NewScanner(stdout); scan.Scan(); {
			p.lines <- scan.Text()
		}
	}()
	return p
}

// deliver gives the program what was not answered yet, as a provider does. A program that is
// killed meanwhile does not take it.
func (s *site) deliver(p *process) {
	for _, line := range s.sent {
		_, _ = fmt.Fprintln(p.stdin, line)
	}
}

// until reads what the program says until a line, or to its end, and takes note of what it
// answered.
func (s *site) until(p *process, line string) bool {
	for got := range p.lines {
		if answer, ok := strings.CutPrefix(got, "200 "); ok {
			id, _, _ := strings.Cut(answer, " ")
			s.sent = slices.DeleteFunc(s.sent, func(sent string) bool { return strings.HasPrefix(sent, id+" ") })
		}
		if got == line {
			return true
		}
	}
	return false
}

// kill ends the program, and lets the time pass after which River runs again what was running.
func (s *site) kill(t *testing.T, p *process) {
	t.Helper()
	require.NoError(t, p.cmd.Process.Kill()) // SIGKILL
	s.until(p, "")
	require.Error(t, p.cmd.Wait())
	s.kills++
	for left := 1; left > 0; { // PostgreSQL may yet do what the program has asked for
		const connections = "SELECT COUNT(*) FROM pg_stat_activity " +
			"WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
		require.NoError(t, s.db.QueryRowContext(t.Context(), connections).Scan(&left))
	}
	_, err := s.db.ExecContext(t.Context(), "UPDATE river_job SET state = 'available' WHERE state = 'running'")
	require.NoError(t, err)
}

// ends lets the program do all that is left, and delivers again what a slow database let run
// out of time.
func (s *site) ends(t *testing.T, args ...string) {
	t.Helper()
	const deliveries = 5
	for n := range deliveries {
		if n > 0 && len(s.sent) == 0 {
			break
		}
		p := s.start(t, "", args...)
		s.deliver(p)
		require.NoError(t, p.stdin.Close())
		s.until(p, "")
		require.NoError(t, p.cmd.Wait())
	}
	require.Empty(t, s.sent, "every message is answered")
}

// told fails unless the CRM knows each event at least once, and what is in force.
func (s *site) told(t *testing.T) {
	t.Helper()
	again := 0
	for i, event := range s.events {
		d, err := s.guard.Gate(t.Context(), "acme", numberOf(i))
		require.NoError(t, err)
		require.Equal(t, store.OptedOut, d.State.Status)
		require.Equal(t, "opted-out", s.crm.status(numberOf(i)), "number %d of %d", i, len(s.events))
		require.Positive(t, s.crm.events[event], "event %d of %d", i, len(s.events))
		again += s.crm.events[event] - 1
	}
	t.Logf("%d kills, %d events, told again %d times", s.kills, len(s.events), again)
}

// kept fails unless the host has the row of each message.
func (s *site) kept(t *testing.T) {
	t.Helper()
	rows := 0
	require.NoError(t, s.db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM sync_messages").Scan(&rows))
	require.Equal(t, len(s.events), rows)
}

// steps are where a program is killed that receives.
func steps() []string { return []string{"saved", "recorded", "enqueued", "committed", "asked", "told"} }

func TestTheCRMIsToldThoughTheProgramIsKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, step := range steps() {
		s.stop()
		p := s.start(t, step)
		s.deliver(p)
		require.True(t, s.until(p, "at "+step), step)
		s.kill(t, p)
	}
	s.ends(t)
	s.told(t)
	s.kept(t)
}

// TestTheCRMIsToldAfterManyKills kills it at steps, and at any time.
func TestTheCRMIsToldAfterManyKills(t *testing.T) {
	if !*stressFlag {
		t.Skip("it takes minutes: -stress")
	}
	s := newSite(t)
	for s.kills < 200 {
		s.stop()
		step := ""
		if s.kills%2 == 0 {
			step = steps()[s.kills/2%len(steps())]
		}
		p := s.start(t, step)
		s.deliver(p)
		if step == "" {
			time.Sleep(rand.N(300 * time.Millisecond))
		} else {
			require.True(t, s.until(p, "at "+step), step)
		}
		s.kill(t, p)
	}
	s.ends(t)
	s.told(t)
	s.kept(t)
}

// TestRiverRunsAgainWhatWasRunning without anybody's help, in a minute or two.
func TestRiverRunsAgainWhatWasRunning(t *testing.T) {
	if !*stressFlag {
		t.Skip("it takes minutes: -stress")
	}
	s := newSite(t)
	s.stop()
	p := s.start(t, "asked")
	s.deliver(p)
	require.True(t, s.until(p, "at asked"))
	require.NoError(t, p.cmd.Process.Kill())
	require.Error(t, p.cmd.Wait())
	s.ends(t)
	s.told(t)
	s.kept(t)
}

// TestTheCatchUpIsKilledAtEveryStep, with opt-outs that came past the outbox.
func TestTheCatchUpIsKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, step := range []string{"listed", "enqueued", "kept", "told"} {
		out, err := s.guard.RecordOptOut(t.Context(), optout.Request{
			Account: "acme", Number: numberOf(len(s.events)), Source: store.SourceAgent, Actor: "anna",
		})
		require.NoError(t, err)
		s.events = append(s.events, out.EventID)
		listed(t, s.guard, "acme", len(s.events))
		p := s.start(t, step, "-catch-up")
		require.True(t, s.until(p, "at "+step), step)
		s.kill(t, p)
	}
	s.ends(t, "-catch-up")
	s.told(t)
	before := len(s.crm.events)
	s.ends(t, "-catch-up")
	require.Len(t, s.crm.events, before, "nothing is new")
}
