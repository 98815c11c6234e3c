// Package sqlstore is a [store.Store] on database/sql: SQLite, PostgreSQL, and
// MySQL or MariaDB. It imports no driver; the *sql.DB is the host's, and there is
// no Close.
//
// # Set-up
//
// Make a [Store] with [New], run [Store.Migrate] once in a deployment (or hand the
// files of [Migrations] to the migrator that you have), and ask [Store.Check] at
// start-up. Nothing is created behind your back.
//
// # In the host's transaction
//
// [Store.WithTx] gives a store that works inside a transaction of the host, so
// that an opt-out is kept together with the message that asked for it:
//
//	var out optout.Outcome
//	err := st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
//		out = optout.Outcome{} // it may run again
//		if err := saveMessage(ctx, tx, m); err != nil {
//			return fmt.Errorf("save: %w", err) // with %w, so that a conflict is seen
//		}
//		out, err = guard.With(st.WithTx(tx)).Receive(ctx, m)
//		return err
//	})
//
// Answer the contact after InTx returned nil, since the function may run twice. Keep
// the text in a column of bytes: a text column that refuses one would refuse the
// opt-out in it at each delivery. A
// store in a transaction never begins, commits, retries or swallows an error; one
// that wraps [store.ErrConflict] means that the whole transaction must be run
// again, which InTx does.
//
// # Isolation
//
// Any level keeps the promises, but for MySQL's read uncommitted as that of every
// connection, which [Store.Check] refuses. Read committed, the default of PostgreSQL, has the
// fewest conflicts. A gate inside a transaction must see what others have
// committed since it began, so it reads with a lock; under PostgreSQL's repeatable
// read and serializable no lock can show it, and every read in such a transaction
// fails with an error that wraps errors.ErrUnsupported: ask the Guard on the plain
// store instead. Writes work there, and may conflict.
//
// Where PostgreSQL is behind a pooler that gives each transaction another
// connection, run Migrate past it: its lock is the connection's.
//
// Serve the gate from the primary. A replica is behind, and a message that it
// allows may be sent after STOP.
package sqlstore
