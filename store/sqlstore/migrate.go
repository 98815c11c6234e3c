package sqlstore

import (
	"context"
	"database/sql"
	"embed"
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

func migrationsOf(d dialect, n names) ([]migration, error) {
	dir := path.Join("migrations", string(d.name))
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
//
// The numbers are those of this package. If your app has migrations of its own with the
// same migrator, give the files of this package a version table of their own. In a shared
// version table the migrator takes your number 1 for number 1 of this package, and skips
// one of the two:
//
//	goose.NewProvider(dialect, db, files, goose.WithTableName("consent_goose"))   // goose
//	postgres://…?x-migrations-table=consent_migrations                            // golang-migrate
//	atlas migrate apply --revisions-schema consent_revisions                      // atlas
func Migrations(d Dialect, opts *Options) (fs.FS, error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	own, err := dialectOf(d)
	if err != nil {
		return nil, err
	}
	n, err := newNames(o)
	if err != nil {
		return nil, err
	}
	steps, err := migrationsOf(own, n)
	if err != nil {
		return nil, err
	}
	files := make(textFS, len(steps))
	for i, step := range steps {
		files[i] = textFile{name: step.name, text: step.text + "\n" + step.recording(own, n)}
	}
	return files, nil
}

// recording is the SQL that says that a step was made.
func (m migration) recording(d dialect, n names) string {
	return n.replacer().Replace(fmt.Sprintf(
		"CREATE TABLE IF NOT EXISTS {version} (version INTEGER NOT NULL PRIMARY KEY, applied_us BIGINT NOT NULL);\n\n"+
			"INSERT INTO {version} (version, applied_us) SELECT %d, 0%s WHERE NOT EXISTS (SELECT 1 FROM {version} WHERE version = %[1]d);\n",
		m.version, d.from))
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
	steps, err := migrationsOf(s.dialect, s.names)
	if err != nil {
		return err
	}
	var conn *sql.Conn
	// A new file of SQLite refuses to be opened while another process turns it to
	// WAL, whatever the busy_timeout.
	err = s.run(ctx, "Migrate", func() (err error) {
		conn, err = s.db.Conn(ctx)
		return failed("connecting", err)
	})
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := conn.Close(); err == nil {
			err = wrap("Migrate", failed("closing", closeErr))
		}
	}()
	want := steps[len(steps)-1].version
	if have, err := s.version(ctx, conn); err == nil && have == want {
		return nil // nobody has to wait for that
	}
	return wrap("Migrate", s.locked(ctx, conn, func() error {
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
			for _, text := range append(step.statements(), migration{text: step.recording(s.dialect, s.names)}.statements()...) {
				if _, err := exec(ctx, conn, statement{role: step.name, text: text}); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// locked runs fn while no other process migrates this schema.
func (s *Store) locked(ctx context.Context, conn *sql.Conn, fn func() error) (err error) {
	lock, unlock := s.dialect.migrationLock("consent:" + s.names.qualified("version"))
	if err := lock(ctx, s, conn, false); err != nil {
		return err
	}
	defer func() {
		// Also where ctx has ended: the connection goes back to the pool.
		const timeout = 5 * time.Second
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
		defer cancel()
		if unlockErr := unlock(ctx, s, conn, err == nil); err == nil {
			err = unlockErr
		}
	}()
	return fn()
}

// Check returns nil where the store is ready to serve, and a *[SchemaError] where the
// tables are not of this package's version. It refuses connections whose gate would not
// read what is committed, and names the setting:
//
//   - SQLite with a shared cache and read_uncommitted;
//   - MySQL with autocommit off, which goes on reading what it saw first, or with read
//     uncommitted as the level of every connection;
//   - a Galera cluster whose connections do not have bit 1 of wsrep_sync_wait, or have
//     wsrep_dirty_reads: a node that is late would allow what another one has refused.
func (s *Store) Check(ctx context.Context) error {
	return s.run(ctx, "Check", func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		steps, err := migrationsOf(s.dialect, s.names)
		if err != nil {
			return err
		}
		have, err := s.version(ctx, s.db)
		if err != nil {
			return err
		}
		if want := steps[len(steps)-1].version; have != want {
			return &SchemaError{Have: have, Want: want}
		}
		if s.dialect.checkConnection == nil {
			return nil
		}
		return s.dialect.checkConnection(ctx, s.db)
	})
}

// version asks whether the table is there before it reads it.
func (s *Store) version(ctx context.Context, q querier) (int, error) {
	text, args := s.dialect.tableThere(s.names)
	there := 0
	err := query(ctx, q, statement{role: "table of versions", text: text}, args, func(row *row) error { return row.scan(&there) })
	if err != nil || there == 0 {
		return 0, err
	}
	var version sql.NullInt64
	text = s.names.replacer().Replace("SELECT MAX(version) FROM {version}")
	err = query(ctx, q, statement{role: "version", text: text}, nil, func(row *row) error { return row.scan(&version) })
	return int(version.Int64), err
}
