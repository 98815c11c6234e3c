package orms_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// inbox is the app's table.
type inbox struct{ ID, Body string }

func (inbox) TableName() string { return "inbox" }

// gormTx is what WithTx gets of a transaction of GORM.
func gormTx(tx *gorm.DB) *sql.Tx {
	// region gorm
	pool := tx.Statement.ConnPool
	if prepared, ok := pool.(*gorm.PreparedStmtTX); ok { // Config.PrepareStmt
		pool = prepared.Tx
	}
	sqlTx, ok := pool.(*sql.Tx) // false outside of a transaction
	// endregion gorm
	if !ok {
		return nil
	}
	return sqlTx
}

func gormHandle(db *gorm.DB, tx func(*gorm.DB) sqlstore.DBTX) handle {
	return handle{
		tx: tx(db),
		insert: func(ctx context.Context, m optout.Message) error {
			return db.WithContext(ctx).Create(&inbox{m.ID, m.Text}).Error
		},
		nested: func(ctx context.Context, fn func(handle) error) error {
			return db.WithContext(ctx).Transaction(func(db *gorm.DB) error { return fn(gormHandle(db, tx)) })
		},
	}
}

func TestGORM(t *testing.T) {
	for name, c := range map[string]struct {
		config gorm.Config
		tx     func(*gorm.DB) sqlstore.DBTX // for WithTx
	}{
		"plain":                  {gorm.Config{}, func(db *gorm.DB) sqlstore.DBTX { return gormTx(db) }},
		"SkipDefaultTransaction": {gorm.Config{SkipDefaultTransaction: true}, func(db *gorm.DB) sqlstore.DBTX { return gormTx(db) }},
		"PrepareStmt":            {gorm.Config{PrepareStmt: true}, func(db *gorm.DB) sqlstore.DBTX { return gormTx(db) }},
		"the PreparedStmtTX":     {gorm.Config{PrepareStmt: true}, func(db *gorm.DB) sqlstore.DBTX { return db.Statement.ConnPool }},
	} {
		t.Run(name, func(t *testing.T) {
			a := newApp(t)
			open := func(pool gorm.ConnPool, config gorm.Config) *gorm.DB {
				db, err := gorm.Open(postgres.New(postgres.Config{Conn: pool}), &config)
				require.NoError(t, err)
				return db
			}
			db := open(a.db, c.config)
			library{
				inTx: func(ctx context.Context, fn func(handle) error) error {
					return db.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return fn(gormHandle(tx, c.tx)) })
				},
				over: func(tx *sql.Tx) (handle, error) { // PrepareStmt wants a pool
					return gormHandle(open(tx, gorm.Config{}), func(db *gorm.DB) sqlstore.DBTX { return gormTx(db) }), nil
				},
				pools: map[string]sqlstore.DBTX{"outside of a transaction": gormTx(db), "its ConnPool": db.Statement.ConnPool},
			}.prove(t, a)
		})
	}
}

// TestOnMySQLATransactionOfGORMThatPreparesIsRefused: on a Galera cluster a prepared statement
// can hide that the transaction was aborted. No statement is run here.
func TestOnMySQLATransactionOfGORMThatPreparesIsRefused(t *testing.T) {
	a := newApp(t)
	st, err := sqlstore.New(a.db, sqlstore.MySQL, nil)
	require.NoError(t, err)
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: a.db}), &gorm.Config{PrepareStmt: true})
	require.NoError(t, err)
	require.NoError(t, db.Transaction(func(tx *gorm.DB) error {
		m := newStop()
		bound := a.guard.With(st.WithTx(tx.Statement.ConnPool))
		_, err := bound.Receive(t.Context(), m)
		require.ErrorContains(t, err, "PreparedStmtTX")
		d, err := bound.Gate(t.Context(), m.Account, m.From)
		require.ErrorContains(t, err, "PreparedStmtTX")
		require.False(t, d.Allowed)
		return nil
	}))
}
