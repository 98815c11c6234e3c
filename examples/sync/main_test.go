package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"help":             {[]string{"-help"}, 0, "-catch-up"},
		"no such flag":     {[]string{"-nope"}, 2, "-nope"},
		"an argument":      {[]string{"STOP"}, 2, "want flags alone"},
		"no database":      {nil, 2, "-db: want"},
		"another database": {[]string{"-db", "sqlite:consent.db"}, 2, "which River needs"},
		"no CRM":           {[]string{"-db", "postgres://u:s3cret@127.0.0.1:1/db"}, 2, "-crm"},
		"a server away":    {[]string{"-db", "postgres://u:s3cret@127.0.0.1:1/db", "-crm", "http://127.0.0.1:1"}, 1, "cannot open"},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr strings.Builder
			require.Equal(t, c.status, run(t.Context(), c.args, strings.NewReader(""), io.Discard, &stderr, nothing), stderr.String())
			require.Contains(t, stderr.String(), c.stderr)
			require.NotContains(t, stderr.String(), "s3cret")
		})
	}
}

// TestJobs plays hosts in one database, each with an account of its own.
func TestJobs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, play := range map[string]func(*testing.T, *app){
		"Changed":      changedIsFalseOnTheRedelivery,
		"both or none": aJobIsThereWithItsOptOutOrNeitherIs,
		"catch-up":     theCatchUpFindsWhatTheOutboxHas,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := newApp(t.Context(), s.db, options{account: name, crm: s.crm.URL}, slog.New(slog.DiscardHandler), nothing)
			require.NoError(t, err)
			play(t, a)
		})
	}
}

// jobs fails unless there are as many jobs of the account.
func jobs(t *testing.T, a *app, want int) {
	t.Helper()
	n := 0
	err := a.db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM river_job WHERE args->>'account' = $1", a.account).Scan(&n)
	require.NoError(t, err)
	require.Equal(t, want, n, "jobs")
}

func (a *app) text(id, text string) optout.Message {
	return optout.Message{ID: id, Account: a.account, From: numberOf(1), Text: text}
}

// changedIsFalseOnTheRedelivery: who enqueues if Changed is true, in another transaction,
// loses the job of a program that was killed in between.
func changedIsFalseOnTheRedelivery(t *testing.T, a *app) {
	t.Helper()
	m := a.text("SM1", "STOP")
	out, err := a.guard.Receive(t.Context(), m) // and then the program is killed
	require.NoError(t, err)
	require.True(t, out.Changed)
	out, err = a.guard.Receive(t.Context(), m)
	require.NoError(t, err)
	require.False(t, out.Changed)
	require.Equal(t, "SM1", out.EventID)

	for range 3 {
		_, err = a.receive(t.Context(), m)
		require.NoError(t, err)
		jobs(t, a, 1) // for one event, though it changes nothing
	}
	_, err = a.receive(t.Context(), a.text("SM2", "hello"))
	require.NoError(t, err)
	jobs(t, a, 1)
}

func aJobIsThereWithItsOptOutOrNeitherIs(t *testing.T, a *app) {
	t.Helper()
	err := a.store.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		out, err := a.guard.With(a.store.WithTx(tx)).Receive(ctx, a.text("SM1", "STOP"))
		if err != nil {
			return err
		}
		if err := a.enqueue(ctx, tx, tell{Account: a.account, Number: out.State.Key.Number, EventID: out.EventID}); err != nil {
			return err
		}
		return io.ErrUnexpectedEOF
	})
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	jobs(t, a, 0)
	d, err := a.guard.Gate(t.Context(), a.account, numberOf(1))
	require.NoError(t, err)
	require.Equal(t, store.Unknown, d.State.Status)
}

// theCatchUpFindsWhatTheOutboxHas as the same jobs, and what came past the outbox as new ones.
func theCatchUpFindsWhatTheOutboxHas(t *testing.T, a *app) {
	t.Helper()
	for i := range 3 {
		_, err := a.receive(t.Context(), a.text(fmt.Sprint("SM", i), []string{"STOP", "START"}[i%2]))
		require.NoError(t, err)
	}
	jobs(t, a, 3)
	r := optout.Request{Account: a.account, Number: numberOf(2), Source: store.SourceAgent, Actor: "anna"}
	_, err := a.guard.RecordOptOut(t.Context(), r)
	require.NoError(t, err)
	listed(t, a.guard, a.account, 4)
	require.NoError(t, a.catchUp(t.Context()))
	jobs(t, a, 4)
}

// listed waits until Changes has so many records: PostgreSQL holds them back while anybody
// else writes.
func listed(t *testing.T, guard *optout.Guard, account string, want int) {
	t.Helper()
	for start := time.Now(); time.Since(start) < time.Minute; {
		n := 0
		for page, err := range guard.Changes(t.Context(), store.ChangesQuery{Account: account}) {
			require.NoError(t, err)
			n += len(page.Records)
		}
		if n == want {
			return
		}
	}
	t.Fatal("Changes does not have the records")
}
