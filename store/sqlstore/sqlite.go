package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
)

// sqlite has one isolation level, and one writer at a time.
func sqlite() dialect {
	return dialect{
		name:     SQLite,
		prepares: true,
		// An aggregate always has a row, and takes half the time of the join that others have.
		getSQL:  "SELECT {mark}, MAX(" + strings.ReplaceAll(stateColumns, ", ", "), MAX(") + ") FROM {state}" + thisKey,
		holdSQL: excludedHold,
		// After an ANALYZE, SQLite plans a search by a part of a primary key anew for each value of
		// an argument, which takes ten times as long as the search. It does not look into an expression.
		lockSQL:    strings.Replace(lockReturning, "FROM {events}"+thisKey, "FROM {events} WHERE account = ? || '' AND number = ? || ''", 1),
		lockAllSQL: lockAllReturning,
		rowName:    "{prefix}state", // RETURNING does not know the alias
		// Joined in this order, by all three columns of the index: for IN it would look by the id alone.
		sameIDsSQL: " FROM (SELECT column1 AS a, column2 AS n, column3 AS i FROM ({rows})) AS v CROSS JOIN {events} " +
			"ON account = v.a AND event_id = v.i AND number = v.n",
		idRows:     dialect{}.values("?, ?, ?", ""),
		setAllSQL:  excludedState,
		numberRows: rows{row: "?", between: ", "},
		openAllSQL: "UPDATE {state}" + openFirst + "IN ({rows})",
		afterID:    afterIDTuple,
		numberList: "IN (SELECT value FROM json_each(?))",
		numberArgs: func(numbers []string) []any {
			list, _ := json.Marshal(numbers) // texts always can be
			return []any{string(list)}
		},
		unindexed:       "+", // without it all rows of a status would be read, and sorted
		versions:        "SELECT COUNT(*) FROM {schema}sqlite_master WHERE type = 'table' AND name = '{prefix}version' COLLATE NOCASE",
		current:         sqliteCurrent,
		checkConnection: sqliteCheck,
		secureDelete:    sqliteSecureDelete,
		migrationLock:   sqliteMigrationLock,
	}
}

// sqliteCurrent writes: a transaction that has read an older snapshot cannot, so this
// fails, and the gate with it. A transaction that has read nothing waits for its turn.
func sqliteCurrent(ctx context.Context, s session) error {
	text := s.sql.names.Replace("UPDATE {state} SET events = events WHERE account = '' AND number = ''")
	_, err := s.exec(ctx, &statement{role: "write before a read", text: text})
	return err
}

// sqliteCheck refuses a connection with a shared cache that reads what another one may
// roll back.
func sqliteCheck(ctx context.Context, s session) error {
	dirty := false
	st := &statement{role: "settings", text: "PRAGMA read_uncommitted"}
	err := s.query(ctx, st, nil, func(row *row) error { return row.scan(&dirty) })
	if err == nil && dirty {
		err = errors.New("the connections have read_uncommitted on: the gate would read what may be rolled back")
	}
	return err
}

// sqliteSecureDelete has what is freed overwritten with zeros. The setting is the connection's,
// which is the host's.
func sqliteSecureDelete(ctx context.Context, s session) (restore func(context.Context) error, err error) {
	const pragma = "PRAGMA {schema}secure_delete"
	was := 0
	st := &statement{role: "secure_delete", text: s.sql.names.Replace(pragma)}
	if err := s.query(ctx, st, nil, func(row *row) error { return row.scan(&was) }); err != nil {
		return nil, err
	}
	set := func(ctx context.Context, value string) error {
		st := &statement{role: "secure_delete", text: s.sql.names.Replace(pragma + " = " + value)}
		return s.query(ctx, st, nil, func(*row) error { return nil })
	}
	const on = 1
	if was == on {
		return func(context.Context) error { return nil }, nil
	}
	before := map[int]string{0: settingOff, 2: "FAST"}[was]
	return func(ctx context.Context) error { return set(ctx, before) }, set(ctx, "ON")
}

// sqliteMigrationLock is a transaction that writes.
func sqliteMigrationLock(ctx context.Context, s *Store, conn session, _ string) (unlock, error) {
	say := func(ctx context.Context, text string) error {
		_, err := conn.exec(ctx, &statement{role: text, text: text})
		return err
	}
	err := s.retry(ctx, "Migrate", func() error { return say(ctx, "BEGIN IMMEDIATE") })
	if err != nil { // where only the driver's answer is an error, the transaction has begun
		_ = say(context.WithoutCancel(ctx), "ROLLBACK")
		return nil, err
	}
	return func(ctx context.Context, done bool) error {
		if !done {
			return say(ctx, "ROLLBACK")
		}
		// Without WAL a reader may make it fail, and it can be tried again; the
		// connection must not go back to the pool inside the transaction.
		err := s.retry(ctx, "Migrate", func() error { return say(ctx, "COMMIT") })
		if err != nil {
			_ = say(ctx, "ROLLBACK")
		}
		return err
	}, nil
}
