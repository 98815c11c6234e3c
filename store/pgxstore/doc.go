// Package pgxstore is a [store.Store] in PostgreSQL on a *pgxpool.Pool, without database/sql.
// It is a module of its own, so that only who uses it has pgx.
//
// The tables, the statements and the rules are those of package sqlstore: a [Store] is a
// [sqlstore.Store] that reaches its database by pgx. So one application can have both stores
// on the same tables, and what the documentation of sqlstore says of PostgreSQL holds here,
// too. Errors begin with "sqlstore".
//
// # Round trips
//
// A transaction of the store begins with its first statement, in one round trip. The first
// STOP of a number takes two round trips: one locks the number and records the STOP, the other
// one commits. [Store.Get] takes one, and GetBatch one for each 1,000 numbers.
//
// # In the host's transaction
//
// [Store.WithTx] gives a store that works inside a pgx.Tx, so that an opt-out is kept together
// with the message that asked for it, or with a job of River. [Store.InTx] begins and commits
// the transaction, and runs it again after a conflict.
//
// # Connections
//
// The pool is the host's, and there is no Close. Every query mode of pgx works. Behind a pooler
// that gives each transaction another connection, as PgBouncer does, use cache_describe, exec or
// simple_protocol: see "Poolers, clusters and replicas" in the documentation of sqlstore.
//
// A pool that was idle asks whether a connection is alive before it hands it out. A call that
// meets a connection that has just broken fails, and the gate is closed.
package pgxstore
