package orms_test

import (
	"context"
	"database/sql"
	"testing"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// entHandle writes as the code does that ent generates: through a driver.
func entHandle(d dialect.ExecQuerier, tx *sql.Tx) handle {
	return handle{tx: tx, insert: func(ctx context.Context, m optout.Message) error {
		query, args := entsql.Dialect(dialect.Postgres).Insert("inbox").Columns("id", "body").Values(m.ID, m.Text).Query()
		return d.Exec(ctx, query, args, nil)
	}}.withSavepoints()
}

// entOver is the driver of an ent client that works in a transaction.
func entOver(tx *sql.Tx) dialect.Driver {
	// region ent
	// client := ent.NewClient(ent.Driver(driver))
	driver := entsql.NewDriver(dialect.Postgres, entsql.Conn{ExecQuerier: tx})
	// endregion ent
	return driver
}

func TestEnt(t *testing.T) {
	a := newApp(t)
	driver := entsql.OpenDB(dialect.Postgres, a.db)
	library{
		inTx: func(ctx context.Context, fn func(handle) error) error {
			tx, err := driver.Tx(ctx)
			if err != nil {
				return err
			}
			defer func() { _ = tx.Rollback() }()
			entTx, ok := tx.(*entsql.Tx)
			require.True(t, ok)
			sqlTx, ok := entTx.ExecQuerier.(*sql.Tx)
			require.True(t, ok)
			if err := fn(entHandle(tx, sqlTx)); err != nil {
				return err
			}
			return tx.Commit()
		},
		over:  func(tx *sql.Tx) (handle, error) { return entHandle(entOver(tx), tx), nil },
		pools: map[string]sqlstore.DBTX{"the *sql.DB in it": driver.DB()},
	}.prove(t, a)

	// What ent has is no DBTX: it does not compile.
	for name, v := range map[string]any{"Driver": driver, "Conn": driver.Conn, "Tx": &entsql.Tx{}} {
		_, ok := v.(sqlstore.DBTX)
		require.False(t, ok, name)
	}
}
