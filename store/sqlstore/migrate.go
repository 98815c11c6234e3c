package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed migrations
var migrations embed.FS

// SchemaError is what [Store.Check] returns where the tables are not those of this
// version of the package.
type SchemaError struct {
	Have int // the version that is there, 0 for none
	Want int // the version that this package works with
}

// Error tells both versions, and what to do.
func (e *SchemaError) Error() string {
	if e.Have > e.Want {
		return fmt.Sprintf("sqlstore: the schema has version %d, this program knows %d: run a newer program", e.Have, e.Want)
	}
	return fmt.Sprintf("sqlstore: the schema has version %d, this program wants %d: run Migrate", e.Have, e.Want)
}

// migration is one step of the schema.
type migration struct {
	version    int
	name, text string
}

func migrationsOf(d Dialect, n names) ([]migration, error) {
	dir := path.Join("migrations", string(d))
	files, err := migrations.ReadDir(dir) // by name, so by version
	if err != nil {
		return nil, fmt.Errorf("sqlstore: %w", err)
	}
	var steps []migration
	for _, file := range files {
		text, err := migrations.ReadFile(path.Join(dir, file.Name()))
		if err != nil {
			return nil, fmt.Errorf("sqlstore: %w", err)
		}
		number, _, _ := strings.Cut(file.Name(), "_")
		version, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("sqlstore: %s: %w", file.Name(), err)
		}
		steps = append(steps, migration{version: version, name: file.Name(), text: n.replacer().Replace(string(text))})
	}
	return steps, nil
}

// statements are those of a migration. None holds a semicolon but at its end, or
// behind "--".
func (m migration) statements() []string {
	var all []string
	var b strings.Builder
	for line := range strings.Lines(m.text) {
		code, _, _ := strings.Cut(line, "--")
		b.WriteString(strings.TrimRight(code, " \t\n"))
		b.WriteByte('\n')
		if strings.HasSuffix(strings.TrimSpace(code), ";") {
			all = append(all, strings.TrimSuffix(strings.TrimSpace(b.String()), ";"))
			b.Reset()
		}
	}
	return all
}

// Migrations returns the SQL that makes the tables, numbered, with the names of
// opts filled in: "0001_init.up.sql". goose and golang-migrate read it, and so does
// whoever runs it by hand; [Store.Migrate] runs the same. The last statements of
// each file record the version, for [Store.Check].
func Migrations(d Dialect, opts *Options) (fs.FS, error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	n, err := newNames(d, o)
	if err != nil {
		return nil, err
	}
	steps, err := migrationsOf(d, n)
	if err != nil {
		return nil, err
	}
	files := make(textFS, len(steps))
	for i, step := range steps {
		files[i] = textFile{name: step.name, text: step.text + "\n" + step.recording(d, n)}
	}
	return files, nil
}

// recording is the SQL that says that a step was made.
func (m migration) recording(d Dialect, n names) string {
	from := ""
	if d == MySQL {
		from = " FROM DUAL" // which older ones want in front of WHERE
	}
	return n.replacer().Replace(fmt.Sprintf(
		"CREATE TABLE IF NOT EXISTS {version} (version INTEGER NOT NULL PRIMARY KEY, applied_us BIGINT NOT NULL);\n\n"+
			"INSERT INTO {version} (version, applied_us) SELECT %d, 0%s WHERE NOT EXISTS (SELECT 1 FROM {version} WHERE version = %d);\n", m.version, from, m.version))
}

// Migrate makes the tables, or brings them to the version of this package. Run it
// explicitly, once in a deployment: another process that runs it at the same time
// waits. It goes forward only, changes nothing where all is there, and can be run
// again after a crash at any point. Tables that are newer than this package are a
// *[SchemaError], and nothing is written.
//
// The user of the database must be allowed to create tables; the tables themselves
// need SELECT, INSERT and UPDATE.
func (s *Store) Migrate(ctx context.Context) (err error) {
	steps, err := migrationsOf(s.dialect, s.sql.names)
	if err != nil {
		return err
	}
	var conn *sql.Conn
	// A new file of SQLite refuses to be opened while another process turns it to
	// WAL, whatever the busy_timeout.
	err = s.retry.run(ctx, "Migrate", func() (err error) {
		conn, err = s.db.Conn(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlstore: Migrate: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	want := steps[len(steps)-1].version
	if have, err := s.version(ctx, conn); err == nil && have == want {
		return nil // nobody has to wait for that
	}
	return s.locked(ctx, conn, func() error {
		have, err := s.version(ctx, conn)
		if err != nil {
			return err
		}
		if have > want {
			return &SchemaError{Have: have, Want: want}
		}
		for _, step := range steps {
			if step.version <= have {
				continue
			}
			for _, statement := range append(step.statements(), migration{text: step.recording(s.dialect, s.sql.names)}.statements()...) {
				if _, err := conn.ExecContext(ctx, statement); err != nil {
					return fmt.Errorf("sqlstore: Migrate: %s: %w", step.name, err)
				}
			}
		}
		return nil
	})
}

// locked runs fn while no other process migrates this schema.
func (s *Store) locked(ctx context.Context, conn *sql.Conn, fn func() error) (err error) {
	lock, unlock := s.migrationLock()
	if err := lock(ctx, conn); err != nil {
		return fmt.Errorf("sqlstore: Migrate: lock: %w", err)
	}
	defer func() {
		// Also where ctx has ended: the connection goes back to the pool.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unlockTimeout)
		defer cancel()
		if unlockErr := unlock(ctx, conn, err == nil); err == nil {
			err = unlockErr
		}
	}()
	return fn()
}

const unlockTimeout = 5 * time.Second

type (
	lockFunc   func(ctx context.Context, conn *sql.Conn) error
	unlockFunc func(ctx context.Context, conn *sql.Conn, done bool) error
)

func (s *Store) migrationLock() (lockFunc, unlockFunc) {
	name := "consent:" + s.sql.names.qualified("version")
	exec := func(ctx context.Context, conn *sql.Conn, text string, args ...any) error {
		_, err := conn.ExecContext(ctx, text, args...)
		return err
	}
	switch s.dialect {
	case PostgreSQL:
		return func(ctx context.Context, conn *sql.Conn) error {
				return exec(ctx, conn, "SELECT pg_advisory_lock(hashtext($1))", name)
			}, func(ctx context.Context, conn *sql.Conn, _ bool) error {
				return exec(ctx, conn, "SELECT pg_advisory_unlock(hashtext($1))", name)
			}
	case MySQL:
		return func(ctx context.Context, conn *sql.Conn) error {
				var got sql.NullInt64
				// In steps, since a driver may not pass the context's end on to the server.
				for got.Int64 != 1 {
					if err := conn.QueryRowContext(ctx, "SELECT GET_LOCK(?, 1)", lockName(name)).Scan(&got); err != nil {
						return err
					}
				}
				return nil
			}, func(ctx context.Context, conn *sql.Conn, _ bool) error {
				return exec(ctx, conn, "DO RELEASE_LOCK(?)", lockName(name))
			}
	default:
		return func(ctx context.Context, conn *sql.Conn) error {
				err := s.retry.run(ctx, "Migrate", func() error { return exec(ctx, conn, "BEGIN IMMEDIATE") })
				if err != nil { // where only the driver's answer is one, it has begun
					_ = exec(context.WithoutCancel(ctx), conn, "ROLLBACK")
				}
				return err
			}, func(ctx context.Context, conn *sql.Conn, done bool) error {
				if !done {
					return exec(ctx, conn, "ROLLBACK")
				}
				// Without WAL a reader may make it fail, and it can be tried again; the
				// connection must not go back to the pool inside the transaction.
				err := s.retry.run(ctx, "Migrate", func() error { return exec(ctx, conn, "COMMIT") })
				if err != nil {
					_ = exec(ctx, conn, "ROLLBACK")
				}
				return err
			}
	}
}

// lockName is a name of at most 64 bytes, MySQL's limit.
func lockName(name string) string {
	const most = 64
	if len(name) > most {
		return fmt.Sprintf("consent:%x", hash(name, nil))
	}
	return name
}

// Check returns a *[SchemaError] where the tables are not of this package's
// version, and nil where the store is ready to serve. Connections of MySQL that do
// not read what is committed now are an error: those with autocommit off go on
// reading what they saw first, and read uncommitted shows what may be rolled back.
func (s *Store) Check(ctx context.Context) error {
	return s.retry.run(ctx, "Check", func() error {
		if err := s.check(ctx, s.db); err != nil {
			return err
		}
		return s.checkConnection(ctx)
	})
}

func (s *Store) checkConnection(ctx context.Context) error {
	if s.dialect != MySQL {
		return nil
	}
	const text = "SHOW VARIABLES WHERE variable_name = 'autocommit' AND value = 'OFF' " +
		"OR variable_name IN ('tx_isolation', 'transaction_isolation') AND value = 'READ-UNCOMMITTED'"
	return query(ctx, s.db, text, nil, func(row row) error {
		var name, value string
		if err := row.Scan(&name, &value); err != nil {
			return err
		}
		return fmt.Errorf("sqlstore: the connections have %s %s: the gate would not read what is committed", name, value)
	})
}

func (s *Store) check(ctx context.Context, q DBTX) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	steps, err := migrationsOf(s.dialect, s.sql.names)
	if err != nil {
		return err
	}
	have, err := s.version(ctx, q)
	if err != nil {
		return err
	}
	if want := steps[len(steps)-1].version; have != want {
		return &SchemaError{Have: have, Want: want}
	}
	return nil
}

// version asks whether the table is there before it reads it, since a failed
// statement would be the end of a transaction.
func (s *Store) version(ctx context.Context, q DBTX) (int, error) {
	text, args := s.tableThere()
	there := 0
	if err := q.QueryRowContext(ctx, text, args...).Scan(&there); err != nil {
		return 0, fmt.Errorf("sqlstore: version of the schema: %w", err)
	}
	if there == 0 {
		return 0, nil
	}
	var version sql.NullInt64
	text = s.sql.names.replacer().Replace("SELECT MAX(version) FROM {version}")
	if err := q.QueryRowContext(ctx, text).Scan(&version); err != nil {
		return 0, fmt.Errorf("sqlstore: version of the schema: %w", err)
	}
	return int(version.Int64), nil
}

func (s *Store) tableThere() (string, []any) {
	n := s.sql.names
	table := n.prefix + "version"
	switch s.dialect {
	case PostgreSQL:
		return "SELECT COUNT(to_regclass($1))", []any{n.qualified("version")}
	case MySQL:
		if n.schema != "" {
			return "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?", []any{n.schema, table}
		}
		return "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?", []any{table}
	default:
		schema := ""
		if n.schema != "" {
			schema = n.schema + "."
		}
		return "SELECT COUNT(*) FROM " + schema + "sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE", []any{table}
	}
}
