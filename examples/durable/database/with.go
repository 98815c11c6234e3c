package database

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// openWithin is how long a database may take to open.
const openWithin = 10 * time.Second

// With opens a database, and calls do with the store in it. Without migrate the database must
// be there, with the tables of this version: a program that finds an empty list of opt-outs lets
// everybody be texted.
func (s Source) With(ctx context.Context, migrate bool, do func(*sqlstore.Store) error) (err error) {
	opening, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	open := s.OpenExisting
	if migrate {
		open = s.Open
	}
	db, err := open(opening)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	st, err := sqlstore.New(db, s.Dialect, nil)
	if err != nil {
		return fmt.Errorf("-db: %w", err)
	}
	if migrate {
		err = st.Migrate(opening)
	} else {
		err = st.Check(opening)
	}
	if err != nil {
		return fmt.Errorf("-db: %w", err)
	}
	return do(st)
}
