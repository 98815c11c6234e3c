package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/examples/durable/database/dbtest"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/optouttest"
	"github.com/seed-f10031e4/consent/store"
)

func TestTheStory(t *testing.T) {
	want, err := os.ReadFile("testdata/story.txt")
	require.NoError(t, err)
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			db := kind.New(t)
			for range 2 { // the second run on the same database tells the same
				var stdout, stderr strings.Builder
				require.Zero(t, run(t.Context(), []string{"-db", db}, &stdout, &stderr), stderr.String())
				require.Empty(t, stderr.String())
				story := regexp.MustCompile(`demo-[A-Z2-7]{8}`).ReplaceAllString(stdout.String(), "demo-XXXXXXXX")
				require.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), story)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"help":             {[]string{"-help"}, 0, "-db database"},
		"no such flag":     {[]string{"-nope"}, 2, "-nope"},
		"an argument":      {[]string{"STOP"}, 2, "want flags alone"},
		"an unknown one":   {[]string{"-db", "oracle://h/db"}, 2, `unknown database "oracle"`},
		"a missing folder": {[]string{"-db", "sqlite:none/consent.db"}, 1, "none/consent.db"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			var stdout, stderr strings.Builder
			require.Equal(t, c.status, run(t.Context(), c.args, &stdout, &stderr))
			require.Contains(t, stderr.String(), c.stderr)
			require.Empty(t, stdout.String())
		})
	}
}

// newTestApp is an app on an empty database.
func newTestApp(t *testing.T, name string) *app {
	t.Helper()
	source, err := database.Parse(name)
	require.NoError(t, err)
	db, err := source.Open(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	a, err := newApp(t.Context(), db, source.Dialect)
	require.NoError(t, err)
	a.handle = works
	return a
}

// stop is the same message at each call, as a provider delivers it again.
func stop(id, from string) optout.Message {
	at := time.Date(2025, time.March, 3, 9, 0, 0, 0, time.UTC)
	return optout.Message{ID: id, Account: "acme", From: from, To: ours, Text: "STOP", At: at}
}

// kept returns the ids in the host's table, and those of the opt-outs in force.
func kept(t *testing.T, a *app) (messages, optOuts []string) {
	t.Helper()
	rows, err := a.messages.list(t.Context(), a.db, "acme")
	require.NoError(t, err)
	for _, row := range rows {
		messages = append(messages, row.id)
	}
	for state, err := range a.guard.OptedOut(t.Context(), "acme") {
		require.NoError(t, err)
		optOuts = append(optOuts, state.EventID)
	}
	return messages, optOuts
}

func TestARollbackKeepsNothingAndAnswersNobody(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			db := kind.New(t)
			a := newTestApp(t, db)
			a.handle = fails
			reply, err := a.receive(t.Context(), stop("SM1", ada))
			require.ErrorIs(t, err, errFull)
			require.Empty(t, reply)
			messages, optOuts := kept(t, a)
			require.Empty(t, messages)
			require.Empty(t, optOuts)
			optouttest.RequireAllowed(t, a.guard, "acme", ada)

			a.handle = works
			for range 2 { // delivered again, and once more: the first reply may be lost
				reply, err = a.receive(t.Context(), stop("SM1", ada))
				require.NoError(t, err)
				require.Equal(t, a.guard.Replies().OptOut, reply)
			}
			messages, optOuts = kept(t, a)
			require.Equal(t, []string{"SM1"}, messages)
			require.Equal(t, []string{"SM1"}, optOuts)
			optouttest.RequireBlocked(t, a.guard, "acme", ada, optout.ReasonOptedOut)
			optouttest.RequireRecorded(t, a.guard, "acme", ada, store.Event{ID: "SM1", Action: store.OptOut})
		})
	}
}

func TestARunAfterAConflictStartsAnew(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			db := kind.New(t)
			a := newTestApp(t, db)
			tries := 0
			a.handle = func(context.Context, *sql.Tx, optout.Message) error {
				if tries++; tries < 3 {
					return store.ErrConflict
				}
				return nil
			}
			reply, err := a.receive(t.Context(), stop("SM1", ada))
			require.NoError(t, err)
			require.Equal(t, a.guard.Replies().OptOut, reply)
			require.Equal(t, 3, tries)
			messages, optOuts := kept(t, a)
			require.Equal(t, []string{"SM1"}, messages)
			require.Equal(t, []string{"SM1"}, optOuts)
			optouttest.RequireRecorded(t, a.guard, "acme", ada, store.Event{}) // one record in all
		})
	}
}

func TestNoReplyOfARunThatWasRolledBack(t *testing.T) {
	a := newTestApp(t, "sqlite:"+filepath.Join(t.TempDir(), "consent.db"))
	a.handle = func(context.Context, *sql.Tx, optout.Message) error { return store.ErrConflict }
	reply, err := a.receive(t.Context(), stop("SM1", ada))
	require.ErrorIs(t, err, store.ErrConflict)
	require.Empty(t, reply)
}

func TestAMessageThatIsNoKeywordIsKeptAlone(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			db := kind.New(t)
			a := newTestApp(t, db)
			m := stop("SM1", ada)
			m.Text = "\xff no\x00 text of a column 🙂" // but bytes
			reply, err := a.receive(t.Context(), m)
			require.NoError(t, err)
			require.Empty(t, reply)
			rows, err := a.messages.list(t.Context(), a.db, "acme")
			require.NoError(t, err)
			require.Equal(t, []saved{{"SM1", ada, m.Text}}, rows)
			_, optOuts := kept(t, a)
			require.Empty(t, optOuts)
		})
	}
}

// A failure in the database is one of the transaction: the STOP is not acknowledged.
func TestAHostWhoseTableIsAway(t *testing.T) {
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			db := kind.New(t)
			a := newTestApp(t, db)
			_, err := a.db.ExecContext(t.Context(), "DROP TABLE sametx_messages")
			require.NoError(t, err)
			reply, err := a.receive(t.Context(), stop("SM1", ada))
			require.ErrorContains(t, err, "save message")
			require.NotErrorIs(t, err, store.ErrConflict)
			require.Empty(t, reply)
			require.NoError(t, a.messages.create(t.Context(), a.db))
			_, optOuts := kept(t, a)
			require.Empty(t, optOuts)
		})
	}
}

// What receive returns is logged.
func TestAnErrorHoldsNoNumberAndNoText(t *testing.T) {
	const quoted = `(?i)415\D{0,3}555|34313535|STOP|53544f50` // the last also as hexadecimal
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			a := newTestApp(t, kind.New(t))
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			_, err := a.receive(ended, stop("SM1", ada))
			require.ErrorIs(t, err, context.Canceled)
			require.NotRegexp(t, quoted, err.Error())
			for name, m := range map[string]optout.Message{
				"not UTF-8":     stop("SM2", ada+"\xff"),
				"a NUL":         stop("SM3", ada+"\x00"),
				"too long":      stop("SM4", strings.Repeat(ada, 500)),
				"ours":          stop("SM5", ours),
				"an id too big": {ID: strings.Repeat("9", 5_000), Account: "acme", From: "", To: ours, Text: "STOP"},
			} {
				_, err := a.receive(t.Context(), m)
				if name != "a NUL" { // which not every database refuses
					require.Error(t, err, name)
				}
				require.NotRegexp(t, quoted, fmt.Sprint(err), name)
			}
			_, err = a.db.ExecContext(t.Context(), "DROP TABLE sametx_messages")
			require.NoError(t, err)
			_, err = a.receive(t.Context(), stop("SM6", ada))
			require.ErrorContains(t, err, "save message")
			require.NotRegexp(t, quoted, err.Error())
		})
	}
}

// Some fail, some are delivered twice at once, and all of one contact: what was
// answered is in both tables, and nothing is in one alone.
func TestManyAtOnce(t *testing.T) {
	errSometimes := errors.New("sometimes")
	for _, kind := range dbtest.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			db := kind.New(t)
			a := newTestApp(t, db)
			a.handle = func(_ context.Context, _ *sql.Tx, m optout.Message) error {
				if strings.HasSuffix(m.ID, "3") {
					return errSometimes
				}
				return nil
			}
			const n = 24
			var all sync.WaitGroup
			var errs [n]error
			for i := range n {
				all.Go(func() {
					for { // delivered again after a conflict
						_, errs[i] = a.receive(t.Context(), stop("SM"+strconv.Itoa(10+i/2), ada))
						if !errors.Is(errs[i], store.ErrConflict) {
							return
						}
					}
				})
			}
			all.Wait()
			want := map[string]bool{}
			for i, err := range errs {
				id := "SM" + strconv.Itoa(10+i/2)
				if strings.HasSuffix(id, "3") {
					require.ErrorIs(t, err, errSometimes)
					continue
				}
				require.NoError(t, err)
				want[id] = true
			}
			messages, _ := kept(t, a)
			require.Len(t, messages, len(want))
			recorded := map[string]bool{}
			for ev, err := range a.guard.History(t.Context(), "acme", ada) {
				require.NoError(t, err)
				require.False(t, recorded[ev.ID], "once")
				recorded[ev.ID] = true
			}
			require.Equal(t, want, recorded)
		})
	}
}

func TestAnOutputThatFails(t *testing.T) {
	var stderr strings.Builder
	require.Equal(t, 1, run(t.Context(), []string{"-db", "sqlite:" + filepath.Join(t.TempDir(), rand.Text())}, brokenPipe{}, &stderr))
	require.Contains(t, stderr.String(), errBroken.Error())
}

var errBroken = errors.New("broken pipe")

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }
