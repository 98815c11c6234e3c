// Package database opens what the examples are given as -db, with the settings
// that fit an opt-out list.
package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// Forms is what -db takes, for its usage. In a user or password / ? # @ : and %
// are written as in any URL: %2F %3F %23 %40 %3A %25.
const Forms = "sqlite:FILE, postgres://USER:PASSWORD@HOST:PORT/DATABASE or mysql://USER:PASSWORD@HOST:PORT/DATABASE"

// Source is a database that is not open yet.
type Source struct {
	Dialect   sqlstore.Dialect
	file      string // of SQLite, which does not name it in its errors
	connector driver.Connector
}

// Parse reads a -db. It does no I/O on a database, and its errors hold no password.
func Parse(name string) (Source, error) {
	scheme, rest, _ := strings.Cut(name, ":")
	switch scheme {
	case "sqlite":
		return parseSQLite(rest)
	case "postgres", "postgresql":
		return parsePostgres(name)
	case "mysql":
		return parseMySQL(name)
	}
	if regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*$`).MatchString(scheme) && scheme != name {
		return Source{}, fmt.Errorf("-db: unknown database %q, want %s", scheme, Forms)
	}
	return Source{}, errors.New("-db: want " + Forms) // it may hold a password, so it is not shown
}

// Open opens the database, and asks whether it is there.
func (s Source) Open(ctx context.Context) (*sql.DB, error) {
	db := sql.OpenDB(s.connector)
	if err := ping(ctx, db); err != nil {
		if s.file != "" {
			err = fmt.Errorf("%s: %w", s.file, err)
		}
		return nil, errors.Join(fmt.Errorf("-db: cannot open: %w", err), db.Close())
	}
	return db, nil
}

// OpenExisting is Open for a program that only asks who opted out: a file of SQLite
// that is not there is an error, and is not made. In an empty one nobody has.
func (s Source) OpenExisting(ctx context.Context) (*sql.DB, error) {
	if s.file != "" {
		if _, err := os.Stat(s.file); err != nil {
			return nil, fmt.Errorf("-db: cannot open: %w", err)
		}
	}
	return s.Open(ctx)
}

// ping waits where others open a new file of SQLite at the same time: while one of
// them turns it to WAL the others fail at once, whatever busy_timeout is.
func ping(ctx context.Context, db *sql.DB) error {
	const wait = 20 * time.Millisecond
	for until := time.Now().Add(5 * time.Second); ; {
		err := db.PingContext(ctx)
		if !isBusy(err) || time.Now().After(until) {
			return err //nolint:wrapcheck // Open does
		}
		select {
		case <-ctx.Done():
			return err //nolint:wrapcheck // Open does
		case <-time.After(wait):
		}
	}
}

func isBusy(err error) bool {
	const busy = 5 // SQLITE_BUSY, in the low byte
	lite, ok := errors.AsType[*sqlite.Error](err)
	return ok && lite.Code()&0xff == busy
}

// parseSQLite sets, for each connection:
//
//   - busy_timeout: a writer waits for its turn, and does not fail at once;
//   - WAL: those who read do not wait for those who write;
//   - synchronous FULL: what was committed survives a loss of power. With NORMAL
//     and WAL the last opt-outs that were acknowledged may be gone;
//   - _txlock=immediate: a transaction waits for its turn at its beginning. One that
//     reads first and then writes fails otherwise, however long busy_timeout is.
func parseSQLite(file string) (Source, error) {
	const settings = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"
	switch {
	case file == "":
		return Source{}, errors.New("-db: sqlite: wants a file, sqlite:consent.db")
	case file == ":memory:":
		return Source{}, errors.New("-db: sqlite: wants a file; what is in memory is gone when the program ends")
	case strings.HasPrefix(file, "//"):
		return Source{}, errors.New("-db: sqlite: wants a file without // before it, sqlite:consent.db or sqlite:/var/lib/app/consent.db")
	}
	path := url.URL{Path: filepath.ToSlash(file)} // a ? in the name of a file is %3F
	if filepath.VolumeName(file) != "" {          // C:\consent.db is file:/C:/consent.db
		path.Path = "/" + path.Path
	}
	connector, err := sqlite.NewConnector("file:" + path.EscapedPath() + settings)
	if err != nil {
		return Source{}, fmt.Errorf("-db: %w", err)
	}
	return Source{Dialect: sqlstore.SQLite, file: file, connector: connector}, nil
}

// parsePostgres hands the URL to the driver. What it leaves out comes from the
// environment and from ~/.pgpass, as with psql: PGPASSWORD keeps a password out of
// the list of processes.
func parsePostgres(name string) (Source, error) {
	if _, err := parseURL(name); err != nil {
		return Source{}, err
	}
	config, err := pgx.ParseConfig(name)
	if err != nil { // of a URL that is clear it shows no password
		return Source{}, fmt.Errorf("-db: %w", err)
	}
	return Source{Dialect: sqlstore.PostgreSQL, connector: stdlib.GetConnector(*config)}, nil
}

// parseMySQL makes the driver's own form of the URL,
// USER:PASSWORD@tcp(HOST:PORT)/DATABASE. What follows a ? is for the driver, too.
func parseMySQL(name string) (Source, error) {
	u, err := parseURL(name)
	if err != nil {
		return Source{}, err
	}
	config, err := mysql.ParseDSN("/?" + u.RawQuery)
	if err != nil {
		return Source{}, fmt.Errorf("-db: after the ?: %w", err)
	}
	config.User = u.User.Username()
	config.Passwd, _ = u.User.Password()
	config.Addr = net.JoinHostPort(or(u.Hostname(), "127.0.0.1"), or(u.Port(), "3306"))
	config.DBName = strings.TrimPrefix(u.Path, "/")
	config.Logger = &mysql.NopLogger{} // its errors are returned as well
	if config.DBName == "" {
		return Source{}, errors.New("-db: no database is named, want mysql://USER:PASSWORD@HOST:PORT/DATABASE")
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return Source{}, fmt.Errorf("-db: %w", err)
	}
	return Source{Dialect: sqlstore.MySQL, connector: connector}, nil
}

// parseURL refuses a URL in which the password may end elsewhere than meant: a
// part of it would be taken for a host or a database, and shown in errors.
func parseURL(name string) (*url.URL, error) {
	u, err := url.Parse(name)
	isClear := err == nil && strings.Contains(name, "://") && u.Fragment == "" &&
		(strings.Count(name, "@") == 0 || strings.Count(name, "@") == 1 && u.User != nil)
	if !isClear {
		return nil, errors.New("-db: want " + Forms + "; in a user or password write / ? # @ : % as %2F %3F %23 %40 %3A %25")
	}
	return u, nil
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
