package sqlstore

import (
	"archive/zip"
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/internal/database"
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
	version int
	name    string
	text    string // makes the step, and records that it was made
}

// migrations returns the steps, by their version.
func (t tables) migrations() ([]migration, error) {
	dir := path.Join("migrations", string(t.name))
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
		m := migration{name: file.Name()}
		if _, err := fmt.Sscanf(m.name, "%d_", &m.version); err != nil {
			return nil, fmt.Errorf("sqlstore: %s: %w", m.name, err)
		}
		m.text = t.names.Replace(string(text) + fmt.Sprintf(
			"\nCREATE TABLE IF NOT EXISTS {version} (version INTEGER NOT NULL PRIMARY KEY, applied_us BIGINT NOT NULL);\n\n"+
				"INSERT INTO {version} (version, applied_us) SELECT %d, 0%s WHERE NOT EXISTS (SELECT 1 FROM {version} WHERE version = %[1]d);\n",
			m.version, t.constants))
		steps = append(steps, m)
	}
	return steps, nil
}

// statements returns the statements of a migration. A semicolon ends a statement, except
// in a comment ("--").
func (m migration) statements() []string {
	var code strings.Builder
	for line := range strings.Lines(m.text) {
		line, _, _ = strings.Cut(line, "--")
		code.WriteString(strings.TrimRight(line, " \t\n") + "\n")
	}
	all := strings.Split(code.String(), ";")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all[:len(all)-1] // after the last semicolon
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
	t, err := newTables(d, opts)
	if err != nil {
		return nil, err
	}
	steps, err := t.migrations()
	if err != nil {
		return nil, err
	}
	// The standard library's folder in memory.
	var b bytes.Buffer
	folder := zip.NewWriter(&b)
	for _, step := range steps {
		file, err := folder.CreateHeader(&zip.FileHeader{Name: step.name})
		if err == nil {
			_, err = io.WriteString(file, step.text)
		}
		if err != nil {
			return nil, fmt.Errorf("sqlstore: %w", err)
		}
	}
	if err := folder.Close(); err != nil {
		return nil, fmt.Errorf("sqlstore: %w", err)
	}
	return zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
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
	steps, err := s.sql.migrations()
	if err != nil {
		return err
	}
	want := steps[len(steps)-1].version
	var conn database.Conn
	var release func() error
	// A new file of SQLite refuses to be opened while another process turns it to
	// WAL, whatever the busy_timeout.
	err = s.run(ctx, "Migrate", func() (err error) {
		conn, release, err = s.pool.Acquire(ctx)
		return failed("connecting", err)
	})
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := release(); err == nil {
			err = wrap("Migrate", failed("closing", closeErr))
		}
	}()
	one := session{q: conn, sql: s.sql}
	have, err := one.version(ctx)
	if err == nil && have == want {
		return nil // nobody has to wait for that
	}
	if errors.Is(err, errOtherDialect) {
		return wrap("Migrate", err)
	}
	return wrap("Migrate", s.migrate(ctx, one, steps))
}

// migrate makes the steps that are missing, while no other process migrates these tables.
func (s *Store) migrate(ctx context.Context, conn session, steps []migration) (err error) {
	unlock, err := s.sql.migrationLock(ctx, s, conn, "consent:"+s.sql.qualified("version"))
	if err != nil {
		return err
	}
	defer func() {
		// Also where ctx has ended: the connection goes back to the pool.
		const timeout = 5 * time.Second
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
		defer cancel()
		if unlockErr := unlock(ctx, err == nil); err == nil {
			err = unlockErr
		}
	}()
	have, err := conn.version(ctx)
	if err != nil {
		return err
	}
	if want := steps[len(steps)-1].version; have > want {
		return &SchemaError{Have: have, Want: want}
	}
	for _, step := range steps {
		if step.version <= have {
			continue
		}
		for _, text := range step.statements() {
			if _, err := conn.exec(ctx, &statement{role: step.name, text: text}); err != nil {
				return conn.sql.inSchema(err)
			}
		}
	}
	return nil
}

// Check returns nil where the store is ready to serve, and a *[SchemaError] where the
// tables are not of this package's version. If the database is of another dialect, its
// error names both. It refuses connections whose gate would not read what is committed, and
// names the setting:
//
//   - SQLite with a shared cache and read_uncommitted;
//   - MySQL with autocommit off, which goes on reading what it saw first, or with read
//     uncommitted as the level of every connection;
//   - a Galera cluster whose connections do not have bit 1 of wsrep_sync_wait, or have
//     wsrep_dirty_reads: a node that is late would allow what another one has refused;
//   - a standby: PostgreSQL in recovery, or MySQL and MariaDB with read_only or a replication
//     that runs. A gate would read it before the last opt-outs arrive there. Check cannot know
//     how each writer commits, so [Options].ReadsStandby has to say it. Nor can Check see a
//     replica that takes writes and whose replication does not run.
func (s *Store) Check(ctx context.Context) error {
	return s.run(ctx, "Check", func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		steps, err := s.sql.migrations()
		if err != nil {
			return err
		}
		db := session{q: s.pool, sql: s.sql}
		have, err := db.version(ctx)
		if err != nil {
			return err
		}
		if want := steps[len(steps)-1].version; have != want {
			return &SchemaError{Have: have, Want: want}
		}
		if err := s.checkStandby(ctx, db); err != nil || s.sql.checkConnection == nil {
			return err
		}
		return s.sql.checkConnection(ctx, db)
	})
}

func (s *Store) checkStandby(ctx context.Context, db session) error {
	if s.opts.ReadsStandby || s.sql.standby == nil {
		return nil
	}
	sign, err := s.sql.standby(ctx, db)
	if err == nil && sign != "" {
		err = fmt.Errorf("the connections read a standby (%s), which may not have the last opt-outs: "+
			"connect to the primary, or set Options.ReadsStandby if every writer waits for this standby", sign)
	}
	return err
}

// version asks whether the table is there before it reads it.
func (s session) version(ctx context.Context) (version int, err error) {
	one := func(role, text string) (n int, err error) {
		st := &statement{role: role, text: s.sql.names.Replace(text)}
		err = s.query(ctx, st, nil, func(row *row) error { return row.scan(&n) })
		return n, err
	}
	there, err := one("table of versions", s.sql.versions)
	if err != nil {
		return 0, s.sql.inSchema(s.otherDialect(ctx, err))
	}
	if there == 0 {
		return 0, nil
	}
	return one("version", "SELECT MAX(version) FROM {version}")
}

// errOtherDialect is a database that is not of the store's dialect.
var errOtherDialect = errors.New("another database than the dialect's")

// otherDialect returns the error of a statement, and names the database if it is another
// one than the dialect's: then the statement could not succeed.
func (s session) otherDialect(ctx context.Context, err error) error {
	code := codeOf(err).text
	if !strings.HasPrefix(code, "SQLSTATE 42") && !strings.HasPrefix(code, "MySQL error ") && code != "SQLite code 1" {
		return err // the database has not refused the text
	}
	ask := func(text string) (version string) {
		_ = s.query(ctx, &statement{role: "name of the database", text: text}, nil, func(row *row) error { return row.scan(&version) })
		return version // "": another one than the text is for
	}
	found := SQLite
	if ask("SELECT sqlite_version()") == "" {
		switch version := ask("SELECT version()"); {
		case version == "":
			return err
		case strings.HasPrefix(version, "PostgreSQL "):
			found = PostgreSQL
		default:
			found = MySQL
		}
	}
	if found == s.sql.name {
		return err
	}
	return fmt.Errorf("%w: the dialect is %s, and the database is %s: %w", errOtherDialect, s.sql.name, found, err)
}

// inSchema names the schema in which a statement failed.
func (t tables) inSchema(err error) error {
	if t.schema == "" {
		return err
	}
	return fmt.Errorf("in Options.Schema %q: %w", strings.TrimSuffix(t.schema, "."), err)
}
