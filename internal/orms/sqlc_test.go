package orms_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/seed-f10031e4/consent/internal/orms/sqlcdb"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// TestSqlc: code that sqlc generates for database/sql.
func TestSqlc(t *testing.T) {
	a := newApp(t)
	queries := sqlcdb.New(a.db)
	over := func(tx *sql.Tx) (handle, error) {
		return handle{tx: tx, insert: func(ctx context.Context, m optout.Message) error {
			return queries.WithTx(tx).InsertMessage(ctx, sqlcdb.InsertMessageParams{ID: m.ID, Body: m.Text})
		}}.withSavepoints(), nil
	}
	library{
		inTx: func(ctx context.Context, fn func(handle) error) error {
			tx, err := a.db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer func() { _ = tx.Rollback() }()
			h, err := over(tx)
			if err == nil {
				err = fn(h)
			}
			if err != nil {
				return err
			}
			return tx.Commit()
		},
		over:  over,
		pools: map[string]sqlstore.DBTX{"the *sql.DB": a.db},
	}.prove(t, a)
}
