package pgxstore_test

import (
	"context"
	"fmt"
	"log"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/pgxstore"
)

// The gate on a database that cannot be reached is closed.
func Example() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "postgres://app@127.0.0.1:1/app?sslmode=disable")
	if err != nil {
		log.Fatal(err)
	}
	st, err := pgxstore.New(pool, nil)
	if err != nil {
		log.Fatal(err)
	}
	guard, err := optout.New(st, nil)
	if err != nil {
		log.Fatal(err)
	}
	decision, err := guard.Gate(ctx, "acme", "+14155550123")
	pool.Close()
	fmt.Println(decision.Allowed, err != nil)
	// Output: false true
}

// The opt-out and the app's own row in one transaction.
func ExampleStore_InTx() { //nolint:testableexamples // it needs a database
	var (
		ctx   context.Context
		st    *pgxstore.Store
		guard *optout.Guard // over st
		m     optout.Message
	)
	// region intx
	var out optout.Outcome
	err := st.InTx(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		if _, err := tx.Exec(ctx, "INSERT INTO inbox (id, body) VALUES ($1, $2)", m.ID, []byte(m.Text)); err != nil {
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

// A Store on a pool. The pool opens its connections when they are needed.
func ExampleNew() { //nolint:testableexamples // it needs a database
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "postgres://localhost/app")
	if err != nil {
		log.Fatal(err)
	}
	st, err := pgxstore.New(pool, nil)
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

// In a transaction that you begin and commit yourself.
func ExampleStore_WithTx() { //nolint:testableexamples // it needs a database
	var (
		ctx   context.Context
		pool  *pgxpool.Pool
		st    *pgxstore.Store
		guard *optout.Guard // over st
		m     optout.Message
	)
	tx, err := pool.Begin(ctx)
	if err != nil {
		return
	}
	defer func() { _ = tx.Rollback(ctx) }() // does nothing after a Commit
	out, err := guard.With(st.WithTx(tx)).Receive(ctx, m)
	if err != nil {
		return // roll back; let the provider deliver the message again
	}
	if err := tx.Commit(ctx); err != nil {
		return
	}
	fmt.Println(out.Reply)
}
