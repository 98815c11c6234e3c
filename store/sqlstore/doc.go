// Package sqlstore is a [store.Store] on database/sql: SQLite, PostgreSQL, and
// MySQL or MariaDB. It imports no driver; the *sql.DB is the host's, and there is
// no Close.
//
// # Set-up
//
// Make a [Store] with [New], run [Store.Migrate] once in a deployment (or hand the
// files of [Migrations] to the migrator that you have), and ask [Store.Check] at
// start-up. New and Check create no tables.
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
// Answer the contact after [Store.InTx] returned nil, since the function may run twice. Keep
// the message in a column of bytes: a column of text refuses some messages (a NUL byte),
// and with the message its opt-out, at each delivery.
//
// What to pass to WithTx:
//
//	database/sql, sqlc   the *sql.Tx
//	sqlx                 the *sqlx.Tx, or the *sql.Tx in it
//	bun                  tx.Tx: a bun.Tx rewrites queries, and is refused
//	GORM                 db.Statement.ConnPool.(*sql.Tx), in the function of db.Transaction;
//	                     with PrepareStmt, the Tx in its *gorm.PreparedStmtTX
//	ent                  the transaction that you opened with database/sql and gave to ent:
//	                     entsql.NewDriver(dialect, entsql.Conn{ExecQuerier: tx})
//
// # Isolation
//
// Every isolation level keeps the promises, with one exception: MySQL with read
// uncommitted as the level of every connection, which [Store.Check] refuses. Read
// committed, the default of PostgreSQL, has the fewest conflicts.
//
// A gate inside a transaction must see what others have committed since the transaction
// began, so it reads with a lock. PostgreSQL at repeatable read or serializable, and a
// Galera cluster, cannot show this. There every read in a transaction fails with an error
// that wraps errors.ErrUnsupported: ask the Guard on the plain store instead. Writes work
// there, and may conflict.
//
// # Poolers, clusters and replicas
//
// A pooler that gives each transaction another connection, as PgBouncer does, may hand a
// driver the answer to another program's prepared statement. Every answer names the
// tables and the statement that it is from. If these are not the expected ones, the read
// fails, and the gate answers not allowed. Use a mode of the driver that needs no prepared
// statement (pgx: simple_protocol, exec or cache_describe; lib/pq:
// binary_parameters=yes). Set Options.Schema if several programs have tables with the same
// TablePrefix. Run Migrate on a direct connection, without the pooler: its lock belongs to
// the connection.
//
// On a Galera cluster that is written through more than one node, add wsrep_sync_wait=1 to
// the DSN; Check asks for it. To survive a failover of PostgreSQL, commit to a synchronous
// standby. Serve the gate from the primary: a replica is late, and a message that it
// allows may be sent after STOP.
//
// # Changes
//
// [Store.Changes] lists an account's records in the order of recording. No record is missed:
//
//	SQLite       has one writer at a time. A record is listed when it is committed.
//	PostgreSQL   holds a record back until every transaction of the cluster that began to
//	             write before it has ended, in any database, also one that is prepared or
//	             idle. Set idle_in_transaction_session_timeout.
//	MySQL,       list a record when it is committed. A record may be committed after one
//	MariaDB      that comes later in the order: then Changes goes back, and lists again what
//	             was recorded in the last hours. No transaction may take longer than
//	             Options.LongestTransaction. On a Galera cluster the time that a node is
//	             late counts too.
//
// Since alone reads past all older records of the account. A cursor does not.
//
// In a transaction of the host, Changes fails with an error that wraps
// errors.ErrUnsupported: what the transaction itself has recorded is not committed.
//
// # Erasure
//
// [Store.Erase] overwrites the evidence in the rows of a key, in one transaction. It does
// not reach what the database keeps outside of its tables:
//
//   - SQLite: Erase sets PRAGMA secure_delete for its transaction, so that what it frees is
//     overwritten with zeros, and then sets it back. Writes that were made without it may
//     have left copies in free space of the file: set it on every connection
//     (_pragma=secure_delete(1)) before the first write, or run VACUUM after the erasure.
//     The write-ahead log holds old pages until a checkpoint, which PRAGMA
//     wal_checkpoint(TRUNCATE) makes.
//   - PostgreSQL: old versions of the rows stay in the files until VACUUM, and in the
//     write-ahead log and its archive.
//   - MySQL and MariaDB: old versions stay in the undo log until it is purged, and in the
//     redo log and the binary log.
//   - All: backups, snapshots, and replicas that are late.
//
// # Backups
//
// The table of states follows from the table of events. Restore them together, and run
// [Store.Audit] after you have restored one or the other. Cursors of Changes from before are
// of no use, nor are they after records were deleted: begin anew, with Since. After a dump of PostgreSQL, or logical replication, has
// brought the events to another cluster, run this there, before anything is recorded (until
// then Changes fails):
//
//	UPDATE consent_events SET place = DEFAULT;
package sqlstore
