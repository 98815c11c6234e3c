package orms_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

const insertNamed = "INSERT INTO inbox (id, body) VALUES (:id, :text)"

func sqlxHandle(tx *sqlx.Tx) handle {
	return handle{tx: tx, insert: func(ctx context.Context, m optout.Message) error {
		_, err := tx.NamedExecContext(ctx, insertNamed, m)
		return err
	}}.withSavepoints()
}

func TestSqlx(t *testing.T) {
	a := newApp(t)
	db := sqlx.NewDb(a.db, "pgx")
	conn, err := db.Connx(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	library{
		inTx: func(ctx context.Context, fn func(handle) error) error {
			tx, err := db.BeginTxx(ctx, nil)
			if err != nil {
				return err
			}
			defer func() { _ = tx.Rollback() }()
			if err := fn(sqlxHandle(tx)); err != nil {
				return err
			}
			return tx.Commit()
		},
		over: func(tx *sql.Tx) (handle, error) {
			h := sqlxHandle(&sqlx.Tx{Tx: tx, Mapper: db.Mapper})
			h.insert = func(ctx context.Context, m optout.Message) error { // this sqlx.Tx does not know its driver
				query, args, err := sqlx.BindNamed(sqlx.DOLLAR, insertNamed, m)
				if err != nil {
					return err
				}
				_, err = tx.ExecContext(ctx, query, args...)
				return err
			}
			return h.withSavepoints(), nil
		},
		pools: map[string]sqlstore.DBTX{"*sqlx.DB": db, "*sqlx.Conn": conn},
	}.prove(t, a)
}
