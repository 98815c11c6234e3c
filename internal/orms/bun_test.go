package orms_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// bunHandle is a bun.Tx, or a *sql.Tx that bun writes through.
func bunHandle(db *bun.DB, conn bun.IConn, tx *sql.Tx) handle {
	h := handle{tx: tx, insert: func(ctx context.Context, m optout.Message) error {
		_, err := db.NewInsert().Conn(conn).Model(&inbox{m.ID, m.Text}).ModelTableExpr("inbox").Exec(ctx)
		return err
	}}.withSavepoints()
	bunTx, ok := conn.(bun.Tx)
	if !ok {
		return h
	}
	h.nested = func(ctx context.Context, fn func(handle) error) error {
		return bunTx.RunInTx(ctx, nil, func(_ context.Context, inner bun.Tx) error { return fn(bunHandle(db, inner, inner.Tx)) })
	}
	h.wrong = map[string]sqlstore.DBTX{"bun.Tx": bunTx, "*bun.Tx": &bunTx}
	return h
}

func TestBun(t *testing.T) {
	a := newApp(t)
	db := bun.NewDB(a.db, pgdialect.New())
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	library{
		inTx: func(ctx context.Context, fn func(handle) error) error {
			return db.RunInTx(ctx, nil, func(_ context.Context, tx bun.Tx) error { return fn(bunHandle(db, tx, tx.Tx)) })
		},
		over:  func(tx *sql.Tx) (handle, error) { return bunHandle(db, tx, tx), nil },
		pools: map[string]sqlstore.DBTX{"*bun.DB": db, "bun.Conn": conn, "the *sql.DB in it": db.DB},
	}.prove(t, a)
}
