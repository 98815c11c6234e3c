package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
)

// sqlite has one isolation level, and one writer at a time.
func sqlite() dialect {
	return dialect{
		name:         SQLite,
		prepares:     true,
		placeholders: questionMarks,
		text:         plainText,
		// An aggregate always has a row, and takes half the time of the join that others have.
		get:        "SELECT {mark}, MAX(" + strings.ReplaceAll(stateColumns, ", ", "), MAX(") + ") FROM {state}" + thisKey,
		setHold:    excludedHold,
		lock:       lockReturning,
		numberList: "IN (SELECT value FROM json_each(?))",
		numberArgs: func(numbers []string) ([]any, error) {
			list, err := json.Marshal(numbers)
			return []any{string(list)}, err
		},
		current:         sqliteCurrent,
		checkConnection: sqliteCheck,
		tableThere: func(n names) (string, []any) {
			schema := ""
			if n.schema != "" {
				schema = n.schema + "."
			}
			return "SELECT COUNT(*) FROM " + schema + "sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE", []any{n.prefix + "version"}
		},
		migrationLock: sqliteMigrationLock,
	}
}

// sqliteCurrent writes: a transaction that has read an older snapshot cannot, so this
// fails, and the gate with it. A transaction that has read nothing waits for its turn.
func sqliteCurrent(ctx context.Context, q querier, n names) error {
	text := n.replacer().Replace("UPDATE {state} SET events = events WHERE account = '' AND number = ''")
	_, err := exec(ctx, q, statement{role: "write before a read", text: text})
	return err
}

// sqliteCheck refuses a connection with a shared cache that reads what another one may
// roll back.
func sqliteCheck(ctx context.Context, q querier) error {
	dirty := false
	err := query(ctx, q, statement{role: "settings", text: "PRAGMA read_uncommitted"}, nil, func(row *row) error { return row.scan(&dirty) })
	if err == nil && dirty {
		err = errors.New("the connections have read_uncommitted on: the gate would read what may be rolled back")
	}
	return err
}

func sqliteMigrationLock(string) (lock, unlock migrationStep) {
	say := func(ctx context.Context, conn *sql.Conn, text string) error {
		_, err := exec(ctx, conn, statement{role: text, text: text})
		return err
	}
	lock = func(ctx context.Context, s *Store, conn *sql.Conn, _ bool) error {
		err := s.retry.run(ctx, "Migrate", func() error { return say(ctx, conn, "BEGIN IMMEDIATE") })
		if err != nil { // where only the driver's answer is an error, the transaction has begun
			_ = say(context.WithoutCancel(ctx), conn, "ROLLBACK")
		}
		return err
	}
	unlock = func(ctx context.Context, s *Store, conn *sql.Conn, done bool) error {
		if !done {
			return say(ctx, conn, "ROLLBACK")
		}
		// Without WAL a reader may make it fail, and it can be tried again; the
		// connection must not go back to the pool inside the transaction.
		err := s.retry.run(ctx, "Migrate", func() error { return say(ctx, conn, "COMMIT") })
		if err != nil {
			_ = say(ctx, conn, "ROLLBACK")
		}
		return err
	}
	return lock, unlock
}
