package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/examples/durable/database/dbtest"
	"github.com/seed-f10031e4/consent/examples/pgx/inbox"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"help":             {[]string{"-help"}, 0, "-migrate"},
		"no such flag":     {[]string{"-nope"}, 2, "-nope"},
		"an argument":      {[]string{"-db", "postgres://127.0.0.1:1/db", "STOP"}, 2, "want flags alone"},
		"no database":      {nil, 2, "-db: want"},
		"another database": {[]string{"-db", "sqlite:consent.db"}, 2, "-db: want"},
		"a server away":    {[]string{"-db", "postgres://u:s3cret@127.0.0.1:1/db?sslmode=disable"}, 1, "failed"},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr strings.Builder
			require.Equal(t, c.status, run(t.Context(), c.args, strings.NewReader(""), io.Discard, &stderr), stderr.String())
			require.Contains(t, stderr.String(), c.stderr)
			require.NotContains(t, stderr.String(), "s3cret")
		})
	}
}

const contactsNumber = "+14155552671"

// TestTheCRMIsToldOfEachEventOnce though a message is delivered again, and of no other text.
func TestTheCRMIsToldOfEachEventOnce(t *testing.T) {
	dsn := dbtest.Postgres.New(t)
	play := func(args []string, stdin string) string {
		var stdout, stderr strings.Builder
		require.Zero(t, run(t.Context(), append(args, "-db", dsn), strings.NewReader(stdin), &stdout, &stderr), stderr.String())
		return stdout.String()
	}
	require.Empty(t, play([]string{"-migrate"}, ""))
	require.Empty(t, play([]string{"-migrate"}, ""))
	said := play(nil, "SM1 "+contactsNumber+" STOP\nSM2 "+contactsNumber+" hello\nSM1 "+contactsNumber+" STOP\n")
	require.Equal(t, 2, strings.Count(said, "200 SM1 You have successfully been unsubscribed."), said)
	require.Contains(t, said, "200 SM2 \n")
	require.Equal(t, 1, strings.Count(said, "told the CRM: "+contactsNumber+" opted-out\n"), said)
	require.NotContains(t, play(nil, "SM1 "+contactsNumber+" STOP\n"), "told")
	require.Contains(t, play(nil, "SM3 "+contactsNumber+" START\n"), "told the CRM: "+contactsNumber+" opted-in\n")
}

// TestTheRowTheOptOutAndTheJobAreThereOrNoneIs: the function fails after each step, and the
// message is delivered again.
func TestTheRowTheOptOutAndTheJobAreThereOrNoneIs(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), dbtest.Postgres.New(t))
	require.NoError(t, err)
	defer pool.Close()
	require.NoError(t, migrate(t.Context(), pool))
	errInjected := errors.New("injected")
	for _, fails := range []string{"saved", "recorded", "enqueued", "none"} {
		a, err := newApp(t.Context(), pool, fails, slog.New(slog.DiscardHandler), func(context.Context, contact) error { return nil })
		require.NoError(t, err)
		kept := func(want int) {
			t.Helper()
			rows, err := inbox.New(pool).CountMessages(t.Context(), a.account)
			require.NoError(t, err)
			require.Equal(t, want, int(rows), "rows")
			jobs := 0
			require.NoError(t, pool.QueryRow(t.Context(), "SELECT COUNT(*) FROM river_job WHERE args->>'account' = $1", a.account).Scan(&jobs))
			require.Equal(t, want, jobs, "jobs")
			d, err := a.guard.Gate(t.Context(), a.account, contactsNumber)
			require.NoError(t, err)
			require.Equal(t, want == 0, d.Allowed)
			require.Equal(t, want == 1, d.State.Status == store.OptedOut)
		}
		m := optout.Message{ID: "SM1", Account: a.account, From: contactsNumber, Text: "STOP"}
		if fails != "none" {
			a.step = func(name string) error {
				if name == fails {
					return errInjected
				}
				return nil
			}
			_, err = a.receive(t.Context(), m)
			require.ErrorIs(t, err, errInjected, fails)
			kept(0)
			a.step = nothing
		}
		for range 2 { // it is delivered again
			reply, err := a.receive(t.Context(), m)
			require.NoError(t, err)
			require.NotEmpty(t, reply)
			kept(1)
		}
	}
}
