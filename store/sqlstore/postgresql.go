package sqlstore

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// postgresql prepares nothing itself: pgx keeps its statements, and with a pooler a
// statement of one connection is not there on the next.
func postgresql() dialect {
	return dialect{
		name:      PostgreSQL,
		isolation: &sql.TxOptions{Isolation: sql.LevelReadCommitted},
		numbered:  true,
		arrays:    true,
		joint:     true,
		getSQL:    "SELECT {mark}, " + stateColumns + orNoRow,
		holdSQL:   excludedHold,
		lockSQL:   lockReturning,
		firstsSQL: firstsPostgreSQL,
		rowName:   "s",
		// Lateral, with an OFFSET: an index for each row, whatever the planner thinks of their number.
		sameIDsSQL: " FROM ({rows}) AS v (a, n, i) CROSS JOIN LATERAL " +
			"(SELECT number, seq, " + eventColumns + " FROM {events} WHERE account = v.a AND number = v.n AND event_id = v.i OFFSET 0) AS e",
		idRows:    dialect{arrays: true}.values("?, ?, ?", "ttt"),
		setAllSQL: excludedState,
		// In order, which only the index gives: otherwise the whole table would be read, also for other accounts.
		countSQL:      " FROM (SELECT status FROM {state} WHERE account = ? AND status > 0 ORDER BY status OFFSET 0) AS s",
		afterID:       afterIDTuple,
		numberList:    "= ANY (CAST(CAST(? AS text) AS text[]))",
		numberArgs:    func(numbers []string) []any { return []any{array(numbers)} },
		emptySQL:      `CAST('' AS bytea)`,
		versions:      "SELECT COUNT(to_regclass('{version}'))",
		sharedPlaces:  true,
		firstOpen:     "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)",
		nextPlace:     "CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)",
		current:       postgresqlCurrent,
		standby:       postgresqlStandby,
		migrationLock: postgresqlMigrationLock,
	}
}

// firstsPostgreSQL is one statement, so it records an event and its state, or neither. A row
// of a key that has events already, which is a row that was lost, is made without a state. An
// event is recorded if the row has one event and is the one that was made for it, which the
// time of recording tells: if two have the same time, the second one finds its place in the
// history taken, which is a conflict. Whether there are events is asked with a LIMIT: for EXISTS,
// a plan that was made while the table was small reads all of it.
const firstsPostgreSQL = "WITH v AS ({rows}), " +
	"locked AS (INSERT INTO {state} AS s (account, number, backwards, " + stateColumns + ", events, holds_from, untidy, half) " +
	"SELECT v0, v1, v2, v3 * n, v4, v5, v6, v7, v8, v9, v10 * n, 0, 0, 0 FROM (SELECT v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, " +
	"1 - COALESCE((SELECT 1 FROM {events} AS e WHERE e.account = v0 AND e.number = v1 ORDER BY e.seq LIMIT 1), 0) AS n FROM v OFFSET 0) AS v" +
	orLockedRow + allRowColumns + " AS last_seq), " +
	"found AS (SELECT number, " + stateColumns + ", " + underColumns + countColumns +
	"last_seq, v0, v1, v4, v5, v6, v7, v8, v9, v11, v12, v13, v14, v15, v16, v17, " +
	"events = 1 AND v10 = 1 AND recorded_us = v7 AS is_first " +
	"FROM locked JOIN v ON number = v1), " +
	"firsts AS (INSERT INTO {events} (account, number, seq, " + eventColumns + ") " +
	"SELECT v0, v1, 1, v9, v4, v5, v6, v7, v8, 0, 1, v11, v12, v13, v14, v15, v16, v17, 0 FROM found WHERE is_first) " +
	"SELECT {mark}, CASE WHEN is_first THEN 1 ELSE 0 END, number, " + stateColumns + ", " + underColumns + countColumns + "last_seq FROM found"

// postgresqlCurrent refuses the isolation levels that go on reading an old snapshot,
// which no lock can change.
func postgresqlCurrent(ctx context.Context, s session) error {
	var isolation string
	st := &statement{role: "isolation", text: "SHOW transaction_isolation"}
	err := s.query(ctx, st, nil, func(row *row) error { return row.scan(&isolation) })
	if err == nil && isolation != "read committed" && isolation != "read uncommitted" {
		err = fmt.Errorf("reading in a transaction that is %.20s: %w: ask the plain store", isolation, errors.ErrUnsupported)
	}
	return err
}

func postgresqlStandby(ctx context.Context, s session) (sign string, err error) {
	const text = "SELECT CASE WHEN pg_is_in_recovery() THEN 'pg_is_in_recovery' ELSE '' END"
	err = s.query(ctx, &statement{role: "recovery", text: text}, nil, func(row *row) error { return row.scan(&sign) })
	return sign, err
}

func postgresqlMigrationLock(ctx context.Context, _ *Store, conn session, name string) (unlock, error) {
	say := func(ctx context.Context, role, function string) error {
		_, err := conn.exec(ctx, &statement{role: role, text: "SELECT " + function + "(hashtext('" + name + "'))"})
		return err
	}
	if err := say(ctx, "lock", "pg_advisory_lock"); err != nil {
		return nil, err
	}
	return func(ctx context.Context, _ bool) error { return say(ctx, "unlock", "pg_advisory_unlock") }, nil
}

// array is a list of texts, integers, bytes or NULLs as PostgreSQL writes an array, which
// every driver can hand over.
func array[T any](values []T) string {
	var b strings.Builder
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	for i, value := range values {
		b.WriteByte("{,"[min(i, 1)])
		switch value := any(value).(type) {
		case string:
			b.WriteByte('"')
			_, _ = quoted.WriteString(&b, value)
			b.WriteByte('"')
		case int64:
			b.WriteString(strconv.FormatInt(value, 10))
		case []byte:
			b.WriteString(`"\\x` + hex.EncodeToString(value) + `"`)
		default:
			b.WriteString("NULL")
		}
	}
	return b.String() + "}"
}
