package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/seed-f10031e4/consent/store"
)

// failure is an error of a driver. Its text holds nothing that the driver says, which may
// quote a number or a message; errors.Is and errors.As reach the driver's error.
type failure struct {
	role string // what failed
	err  error
}

// failed returns a failure, or nil for nil.
func failed(role string, err error) error {
	if err == nil {
		return nil
	}
	return &failure{role: role, err: err}
}

func (f *failure) Error() string {
	code := codeOf(f.err)
	switch {
	case code.text == "":
		return f.role + " failed"
	case code.means != "":
		return f.role + ": " + code.text + " (" + code.means + ")"
	default:
		return f.role + ": " + code.text
	}
}

func (f *failure) Unwrap() error { return f.err }

// conflict is an error that wraps [store.ErrConflict] too. Its text is that of
// [store.ErrConflict], and what is known of the cause.
type conflict struct{ cause error }

func (c *conflict) Error() string {
	text := codeOf(c.cause).text
	if f, ok := errors.AsType[*failure](c.cause); ok {
		text = f.Error()
	}
	if text == "" {
		return store.ErrConflict.Error()
	}
	return store.ErrConflict.Error() + ": " + text
}

func (c *conflict) Unwrap() []error { return []error{store.ErrConflict, c.cause} }

func asConflict(err error) error {
	if errors.Is(err, store.ErrConflict) {
		return err
	}
	return &conflict{err}
}

// wrap says which call failed, and adds store.ErrConflict to the errors that mean it.
// The errors of package store say it themselves.
func wrap(call string, err error) error {
	_, schema := errors.AsType[*SchemaError](err)
	switch {
	case err == nil, schema, errors.Is(err, store.ErrInvalid), errors.Is(err, store.ErrIDReused),
		errors.Is(err, store.ErrBadCursor), errors.Is(err, store.ErrConflict):
		return err
	case codeOf(err).lost:
		return asConflict(err)
	default:
		return fmt.Errorf("sqlstore: %s: %w", call, err)
	}
}

// code is what is known of a driver's error.
type code struct {
	text      string
	means     string // what a host has to mend, in words; "": nothing that is known
	lost      bool   // a write that lost against another one
	duplicate bool   // of a key
}

// or returns a code that means something, or else the first that has a text.
func (c code) or(other code) code {
	if c.lost || c.duplicate || c.text != "" && !other.lost && !other.duplicate {
		return c
	}
	return other
}

// codeOf knows the errors of the drivers without importing one, wherever they are in a
// chain: what a host has wrapped around them may look like another driver's.
func codeOf(err error) (found code) {
	for ; err != nil; err = errors.Unwrap(err) {
		found = found.or(codeByMethods(err)).or(codeByFields(err)).or(codeByValue(err))
		if many, ok := err.(interface{ Unwrap() []error }); ok {
			for _, one := range many.Unwrap() {
				found = found.or(codeOf(one))
			}
		}
	}
	return found
}

// meaning says what is wrong with a host's database, a role or a connection.
func meaning(code string) string {
	switch code {
	case "25006", "MySQL 1290", "MySQL 1792", "SQLite 8":
		return "read-only"
	case "42501", "MySQL 1044", "MySQL 1142", "MySQL 1143":
		return "no permission"
	case "53100", "MySQL 1021", "MySQL 1114", "SQLite 13":
		return "the disk is full"
	case "3F000", "MySQL 1049":
		return "there is no such schema"
	case "42P01", "MySQL 1146":
		return "there is no such table"
	case "42601", "MySQL 1064":
		return "a syntax error: a reserved word, or another database than the dialect's"
	default:
		return ""
	}
}

// codeByMethods asks the errors of pgx and lib/pq, which have an SQLState, and
// modernc's sqlite.Error, which has a Code.
func codeByMethods(err error) code {
	if pg, ok := err.(interface{ SQLState() string }); ok {
		state := pg.SQLState()
		return code{
			text:      fmt.Sprintf("SQLSTATE %.5s", state),
			means:     meaning(state),
			lost:      state == "40001" || state == "40P01", // a serialization failure, a deadlock
			duplicate: state == "23505",
		}
	}
	if lite, ok := err.(interface{ Code() int }); ok {
		return sqliteCode(lite.Code())
	}
	return code{}
}

func sqliteCode(n int) code {
	return code{
		text:      fmt.Sprintf("SQLite code %d", n),
		means:     meaning(fmt.Sprintf("SQLite %d", n&0xff)),
		lost:      n&0xff == 5 || n&0xff == 6,                // SQLITE_BUSY, as in BUSY_SNAPSHOT, and SQLITE_LOCKED
		duplicate: slices.Contains([]int{19, 1555, 2067}, n), // SQLITE_CONSTRAINT, its PRIMARYKEY and its UNIQUE
	}
}

// codeByFields reads mysql.MySQLError, which has a Number, and mattn's sqlite3.Error,
// which has a Code and an ExtendedCode.
func codeByFields(err error) code {
	v := reflect.Indirect(reflect.ValueOf(err))
	if v.Kind() != reflect.Struct {
		return code{}
	}
	field := func(name string) (value reflect.Value) {
		if f, ok := v.Type().FieldByName(name); ok {
			value, _ = v.FieldByIndexErr(f.Index) // an error is of an embedded pointer that is nil
		}
		return value
	}
	if n := field("Number"); n.CanUint() && field("SQLState").IsValid() {
		return code{
			text:  fmt.Sprintf("MySQL error %d", n.Uint()),
			means: meaning(fmt.Sprintf("MySQL %d", n.Uint())),
			// Record changed, of MariaDB, whose innodb_snapshot_isolation is the default from 11.6 on;
			// lock wait timeout; deadlock.
			lost:      slices.Contains([]uint64{1020, 1205, 1213}, n.Uint()),
			duplicate: n.Uint() == 1062,
		}
	}
	if c, extended := field("Code"), field("ExtendedCode"); c.CanInt() && extended.CanInt() {
		return sqliteCode(int(max(c.Int(), extended.Int())))
	}
	return code{}
}

// codeByValue knows the errors of the standard library.
func codeByValue(err error) code {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, driver.ErrBadConn, sql.ErrTxDone, sql.ErrConnDone, errLockLost} {
		if err == known { //nolint:errorlint // codeOf walks the chain
			return code{text: known.Error()}
		}
	}
	return code{}
}
