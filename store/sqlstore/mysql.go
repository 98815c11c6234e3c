package sqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/internal/database"
)

// settingOff is a setting that is off, as MySQL and SQLite write it.
const settingOff = "OFF"

// mysql is MySQL and MariaDB, also as a Galera cluster. Columns of text are binary, since
// every collation takes some different texts for the same.
func mysql() dialect {
	return dialect{
		name:      MySQL,
		markOf:    "_utf8mb4", // SQLite finds no text in its tables by the bytes that are asked for here: a gate would be open
		isolation: &sql.TxOptions{Isolation: sql.LevelReadCommitted},
		prepares:  true,
		binary:    true,
		inText:    true,
		shareSQL:  " LOCK IN SHARE MODE",
		getSQL:    "SELECT {mark}, " + stateColumns + orNoRow + "{share}",
		holdSQL: "ON DUPLICATE KEY UPDATE since_us = VALUES(since_us), bound_us = VALUES(bound_us), " +
			"ended = VALUES(ended), waits = VALUES(waits)",
		lockSQL:    "INSERT INTO {state} " + newColumns + "ON DUPLICATE KEY UPDATE events = events",
		lockAllSQL: " ON DUPLICATE KEY UPDATE events = events",
		rowName:    "s",
		// The index is named, since a transaction of the host may lock every row that it reads.
		lockedAllSQL: "SELECT {mark}, " + allRowColumns + " FROM {state} AS s FORCE INDEX (PRIMARY) " +
			"WHERE account = ? AND number IN ({rows}) FOR UPDATE",
		numberRows: rows{row: "?", between: ", "},
		openAllSQL: "UPDATE {state} FORCE INDEX (PRIMARY)" + openFirst + "IN ({rows})",
		sameIDsSQL: " FROM {events} FORCE INDEX ({prefix}events_by_id) WHERE ({rows})",
		idRows:     rows{row: "(account = ? AND number = ? AND event_id = ?)", between: " OR "},
		setAllSQL:  setAllMySQL(),
		perUpsert:  2,
		lockedSQL:  "SELECT {mark}, " + rowColumns + " FROM {state}" + thisKey + " FOR UPDATE",
		afterID:    afterIDMySQL,
		// In a host's transaction a look for an id locks the gap beside it: in events_by_id a gap of
		// this number, and in the other index that of all messages that have the next ids.
		idOfKey:    " FORCE INDEX ({prefix}events_by_id)",
		idIndex:    " FORCE INDEX ({prefix}events_by_id_first)",
		numberList: "IN (" + strings.Repeat("?, ", batchSize-1) + "?)",
		numberArgs: func(numbers []string) []any {
			args := make([]any, batchSize) // one statement for every length: the last number is repeated
			for i := range args {
				args[i] = numbers[min(i, len(numbers)-1)]
			}
			return args
		},
		constants: " FROM DUAL",
		versions: "SELECT COUNT(*) FROM information_schema.tables " +
			"WHERE table_schema = COALESCE(NULLIF('{schema_name}', ''), DATABASE()) AND table_name = '{prefix}version'",
		changesIndex: " FORCE INDEX ({prefix}events_by_place)",
		// How many records there are between two places, the last place of all that is settled, and
		// how many of those records are after it.
		lateSQL: "SELECT {mark}, COUNT(e.place), MAX(o.place), SUM(e.place > COALESCE(o.place, 0)) " +
			"FROM (SELECT 1 AS one) AS one LEFT JOIN (SELECT place FROM {events} FORCE INDEX ({prefix}events_by_place) " +
			"WHERE account = ? AND recorded_us <= ? ORDER BY place DESC LIMIT 1) AS o ON 1 = 1 " +
			"LEFT JOIN {events} AS e FORCE INDEX ({prefix}events_by_place) ON e.account = ? AND e.place > ? AND e.place <= ?",
		current:         mysqlCurrent,
		checkConnection: mysqlCheck,
		standby:         mysqlStandby,
		migrationLock:   mysqlMigrationLock,
	}
}

// setAllMySQL has the condition in each column, and changes the number of events last: the
// assignments are made one after the other.
func setAllMySQL() string {
	var set strings.Builder
	for column := range strings.SplitSeq(stateColumns, ", ") {
		set.WriteString(column + " = IF(events = VALUES(events) - 1, VALUES(" + column + "), " + column + "), ")
	}
	return " ON DUPLICATE KEY UPDATE " + set.String() +
		"under_action = IF(events = VALUES(events) - 1, NULL, under_action), events = IF(events = VALUES(events) - 1, VALUES(events), events)"
}

// mysqlCurrent refuses to read in a transaction of a Galera cluster: it waits for the
// other nodes at its first statement only, and a lock is one of this node only.
func mysqlCurrent(ctx context.Context, s session) error {
	settings, err := mysqlSettings(ctx, s, mysqlIsolation)
	if err == nil && settings["wsrep_on"] == "ON" {
		err = fmt.Errorf("reading in a transaction of a Galera cluster: %w: ask the plain store", errors.ErrUnsupported)
	}
	return err
}

// mysqlCheck refuses connections that do not read what is committed now: with autocommit
// off they go on reading what they saw first, read uncommitted shows what may be rolled
// back, and a node of a Galera cluster is late unless it is asked to wait.
func mysqlCheck(ctx context.Context, s session) error {
	settings, err := mysqlSettings(ctx, s, mysqlIsolation)
	if err != nil {
		return err
	}
	for name, bad := range map[string]string{
		"autocommit": settingOff, "tx_isolation": "READ-UNCOMMITTED", "transaction_isolation": "READ-UNCOMMITTED",
	} {
		if settings[name] == bad {
			return fmt.Errorf("the connections have %s %s: the gate would not read what is committed", name, bad)
		}
	}
	if settings["wsrep_on"] != "ON" {
		return nil
	}
	if wait, _ := strconv.Atoi(settings["wsrep_sync_wait"]); wait&1 == 0 {
		return errors.New("the connections to a Galera cluster do not wait for its other nodes: add wsrep_sync_wait=1 to the DSN")
	}
	if settings["wsrep_dirty_reads"] == "ON" {
		return errors.New("the connections to a Galera cluster read from a node that is cut off: add wsrep_dirty_reads=OFF to the DSN")
	}
	return nil
}

// mysqlStandby looks at the replication of the server itself. MySQL 8 does not tell without
// a privilege whether it runs, but a replica of it is usually read_only.
func mysqlStandby(ctx context.Context, s session) (string, error) {
	for _, show := range []string{
		"SHOW GLOBAL VARIABLES WHERE variable_name = 'read_only'",
		"SHOW GLOBAL STATUS WHERE variable_name IN ('slave_running', 'slaves_running')",
	} {
		settings, err := mysqlSettings(ctx, s, show)
		if err != nil {
			return "", err
		}
		for name, value := range settings {
			if value != settingOff && value != "0" {
				return name + " " + value, nil
			}
		}
	}
	return "", nil
}

const mysqlIsolation = "SHOW VARIABLES WHERE variable_name IN " +
	"('autocommit', 'tx_isolation', 'transaction_isolation', 'wsrep_on', 'wsrep_sync_wait', 'wsrep_dirty_reads')"

// mysqlSettings runs a statement that shows names and values.
func mysqlSettings(ctx context.Context, s session, show string) (map[string]string, error) {
	settings := map[string]string{}
	err := s.query(ctx, &statement{role: "settings", text: show}, nil, func(row *row) error {
		var name, value string
		err := row.scan(&name, &value)
		settings[strings.ToLower(name)] = value
		return err
	})
	return settings, err
}

func mysqlMigrationLock(ctx context.Context, _ *Store, conn session, name string) (unlock, error) {
	const most = 64 // bytes of a name
	if len(name) > most {
		name = fmt.Sprintf("consent:%x", sha256.Sum256([]byte(name)))[:most]
	}
	// In steps, since a driver may not pass the context's end on to the server.
	for got := 0; got != 1; {
		st := &statement{role: "lock", text: "SELECT GET_LOCK('" + name + "', 1)"}
		if err := conn.query(ctx, st, nil, func(row *row) error { return row.scan(&got) }); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, _ bool) error {
		_, err := conn.exec(ctx, &statement{role: "unlock", text: "DO RELEASE_LOCK('" + name + "')"})
		return err
	}, nil
}

// inText runs statements with their arguments in the text, in every transaction. MariaDB drops
// the error of a transaction that Galera aborts while a statement is prepared or closed: what
// comes next would run outside of any transaction, without the lock, and a COMMIT of nothing
// would be acknowledged. With arguments beside the text the driver prepares and closes each
// statement, and database/sql prepares a kept one on a connection that does not have it yet.
type inText struct{ tx database.Conn }

func (t inText) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	return t.tx.ExecContext(ctx, withArgs(text, args))
}

func (t inText) QueryContext(ctx context.Context, text string, args ...any) (database.Rows, error) {
	return t.tx.QueryContext(ctx, withArgs(text, args))
}

// withArgs writes arguments in the place of the question marks: integers, NULL, and bytes
// in hexadecimal, so that there is nothing to escape.
func withArgs(text string, args []any) string {
	if len(args) == 0 {
		return text
	}
	return fill(text, func(i int) string {
		switch arg := args[i].(type) {
		case nil:
			return "NULL"
		case int64:
			return strconv.FormatInt(arg, 10)
		case []byte:
			return "x'" + hex.EncodeToString(arg) + "'"
		default: // none; the database refuses the statement
			return "?"
		}
	})
}
