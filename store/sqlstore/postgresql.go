package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// postgresql prepares nothing itself: pgx keeps its statements, and with a pooler a
// statement of one connection is not there on the next.
func postgresql() dialect {
	return dialect{
		name:         PostgreSQL,
		isolation:    &sql.TxOptions{Isolation: sql.LevelReadCommitted},
		placeholders: numbered,
		text:         plainText,
		get:          "SELECT {mark}, " + stateColumns + orNoRow,
		setHold:      excludedHold,
		lock:         lockReturning,
		numberList:   "= ANY (CAST(CAST(? AS text) AS text[]))",
		numberArgs:   func(numbers []string) ([]any, error) { return []any{textArray(numbers)}, nil },
		current:      postgresqlCurrent,
		tableThere: func(n names) (string, []any) {
			return "SELECT COUNT(to_regclass($1))", []any{n.qualified("version")}
		},
		migrationLock: postgresqlMigrationLock,
	}
}

// postgresqlCurrent refuses the isolation levels that go on reading an old snapshot,
// which no lock can change.
func postgresqlCurrent(ctx context.Context, q querier, _ names) error {
	var isolation string
	st := statement{role: "isolation", text: "SHOW transaction_isolation"}
	err := query(ctx, q, st, nil, func(row *row) error { return row.scan(&isolation) })
	if err == nil && isolation != "read committed" && isolation != "read uncommitted" {
		err = fmt.Errorf("reading in a transaction that is %.20s: %w: ask the plain store", isolation, errors.ErrUnsupported)
	}
	return err
}

func postgresqlMigrationLock(name string) (lock, unlock migrationStep) {
	say := func(role, text string) migrationStep {
		return func(ctx context.Context, _ *Store, conn *sql.Conn, _ bool) error {
			_, err := exec(ctx, conn, statement{role: role, text: text}, name)
			return err
		}
	}
	return say("lock", "SELECT pg_advisory_lock(hashtext($1))"), say("unlock", "SELECT pg_advisory_unlock(hashtext($1))")
}

// numbered turns question marks into $1, $2 and so on. No statement of this package has
// one in a literal.
func numbered(query string) string {
	var b strings.Builder
	for i, part := range strings.Split(query, "?") {
		if i > 0 {
			b.WriteString("$" + strconv.Itoa(i))
		}
		b.WriteString(part)
	}
	return b.String()
}

// textArray is a list of texts as PostgreSQL writes an array, which every driver can
// hand over.
func textArray(texts []string) string {
	var b strings.Builder
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	b.WriteByte('{')
	for i, text := range texts {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('"')
		b.WriteString(escape.Replace(text))
		b.WriteByte('"')
	}
	b.WriteByte('}')
	return b.String()
}
