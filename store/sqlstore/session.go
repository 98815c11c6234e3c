package sqlstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/seed-f10031e4/consent/internal/database"
	"github.com/seed-f10031e4/consent/store"
)

// session is where statements are run: a database, a connection or a transaction.
type session struct {
	q   database.Conn
	sql *statements

	// What q is in a plain store, which keeps its statements prepared: one of them, or none.
	pool *sql.DB
	tx   *sql.Tx

	bound bool // the arguments come from bind
}

// exec runs a statement. What its arguments may be, bind says.
func (s session) exec(ctx context.Context, st *statement, args ...any) (result sql.Result, err error) {
	r, err := s.runnable(ctx, st)
	if err == nil {
		result, err = r.ExecContext(ctx, s.bind(args)...)
	}
	return result, failed(st.role, err)
}

// query runs a query and scans each row; an error that ends the rows early is not
// taken for their end.
func (s session) query(ctx context.Context, st *statement, args []any, scan func(*row) error) (err error) {
	r, err := s.runnable(ctx, st)
	if err != nil {
		return failed(st.role, err)
	}
	rows, err := r.QueryContext(ctx, s.bind(args)...)
	if err != nil {
		return failed(st.role, err)
	}
	defer func() {
		if closeErr := rows.Close(); err == nil {
			err = failed(st.role, closeErr)
		}
	}()
	one := row{rows: rows, st: st}
	for rows.Next() {
		if err := scan(&one); err != nil {
			return err
		}
	}
	return failed(st.role, rows.Err())
}

// bind turns what the package has into what every driver takes. A key is two arguments, and
// a time is kept as microseconds since 1970, NULL where not known.
func (s session) bind(args []any) []any {
	if s.bound {
		return args
	}
	return s.bindTo(make([]any, 0, len(args)+1), args)
}

func (s session) bindTo(bound, args []any) []any {
	for i, arg := range args {
		switch arg := arg.(type) {
		case store.Key:
			bound = append(bound, s.text(arg.Account), s.text(arg.Number))
		case string:
			if s.sql.binary {
				bound = append(bound, []byte(arg))
			} else {
				bound = append(bound, args[i]) // as it is: it need not be put into an interface anew
			}
		case store.Status:
			bound = append(bound, int64(arg))
		case store.Action:
			bound = append(bound, int64(arg))
		case int:
			bound = append(bound, int64(arg))
		case bool:
			n := int64(0)
			if arg {
				n = 1
			}
			bound = append(bound, n)
		case time.Time:
			bound = append(bound, micros(arg))
		default: // int64, []byte and nil
			bound = append(bound, arg)
		}
	}
	return bound
}

// micros is how a time is kept; nil for a zero one.
func micros(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UnixMicro()
}

func (s session) text(text string) any {
	if s.sql.binary {
		return []byte(text)
	}
	return text
}
