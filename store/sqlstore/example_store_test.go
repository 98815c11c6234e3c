package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// A Store on PostgreSQL. Import the driver that you use: this package imports none.
func ExampleNew() { //nolint:testableexamples // it needs a driver, which this module has not
	ctx := context.Background()
	db, err := sql.Open("pgx", "postgres://localhost/app")
	if err != nil {
		log.Fatal(err)
	}
	st, err := sqlstore.New(db, sqlstore.PostgreSQL, nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := st.Migrate(ctx); err != nil { // once in a deployment
		log.Fatal(err)
	}
	if err := st.Check(ctx); err != nil { // at every start
		log.Fatal(err)
	}
	guard, err := optout.New(st, &optout.Options{DefaultRegion: "US"})
	fmt.Println(guard != nil, err)
}

// The opt-out and the app's own row in one transaction.
func ExampleStore_InTx() { //nolint:testableexamples // it needs a driver, which this module has not
	var (
		ctx   context.Context
		st    *sqlstore.Store
		guard *optout.Guard // over st
		m     optout.Message
	)
	// region intx
	var out optout.Outcome
	err := st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		if _, err := tx.ExecContext(ctx, "INSERT INTO inbox (id, body) VALUES ($1, $2)", m.ID, []byte(m.Text)); err != nil {
			return fmt.Errorf("inbox: %w", err) // with %w, so that a conflict is seen
		}
		out, err = guard.With(st.WithTx(tx)).Receive(ctx, m)
		return err
	})
	if err != nil {
		return // let the provider deliver the message again
	}
	// Only now answer the contact: the function may have run twice.
	fmt.Println(out.Reply)
	// endregion intx
}

// In a transaction that you begin and commit yourself.
func ExampleStore_WithTx() { //nolint:testableexamples // it needs a driver, which this module has not
	var (
		ctx   context.Context
		db    *sql.DB
		st    *sqlstore.Store
		guard *optout.Guard // over st
		m     optout.Message
	)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a Commit
	out, err := guard.With(st.WithTx(tx)).Receive(ctx, m)
	if err != nil {
		return // roll back; let the provider deliver the message again
	}
	if err := tx.Commit(); err != nil {
		return
	}
	fmt.Println(out.Reply)
}
