package orms_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// tracer is a pool in a type of the app.
type tracer struct{ *sql.DB }

func plainHandle(tx *sql.Tx) (handle, error) {
	return handle{tx: tx, insert: func(ctx context.Context, m optout.Message) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO inbox (id, body) VALUES ($1, $2)", m.ID, m.Text)
		return err
	}}.withSavepoints(), nil
}

func plain(t *testing.T, db *sql.DB) library {
	t.Helper()
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	return library{
		inTx: func(ctx context.Context, fn func(handle) error) error {
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer func() { _ = tx.Rollback() }()
			h, err := plainHandle(tx)
			if err == nil {
				err = fn(h)
			}
			if err != nil {
				return err
			}
			return tx.Commit()
		},
		over: plainHandle,
		pools: map[string]sqlstore.DBTX{
			"*sql.DB": db, "*sql.Conn": conn, "a type of the app": tracer{db}, "nil": nil, "a nil *sql.Tx": (*sql.Tx)(nil),
		},
	}
}

func TestDatabaseSQL(t *testing.T) {
	a := newApp(t)
	plain(t, a.db).prove(t, a)
}

// TestPgxpool: a host that has a pgxpool gives it to database/sql.
func TestPgxpool(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), dsn(t))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	// region pgxpool
	db := stdlib.OpenDBFromPool(pool) // for sqlstore.New
	// endregion pgxpool
	a := appOn(t, db)
	plain(t, db).prove(t, a)

	// The app asks its own pool.
	m := newStop()
	require.NoError(t, plain(t, db).inTx(t.Context(), func(h handle) error {
		require.NoError(t, h.insert(t.Context(), m))
		_, err := a.guard.With(a.st.WithTx(h.tx)).Receive(t.Context(), m)
		return err
	}))
	var rows, states int
	const count = "SELECT (SELECT COUNT(*) FROM inbox WHERE id = $1), (SELECT COUNT(*) FROM consent_state WHERE number = $2)"
	require.NoError(t, pool.QueryRow(t.Context(), count, m.ID, m.From).Scan(&rows, &states))
	require.Equal(t, []int{1, 1}, []int{rows, states})
}
