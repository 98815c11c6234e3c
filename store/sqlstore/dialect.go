package sqlstore

import (
	"database/sql"
	"strconv"
	"strings"
)

// Dialect is the SQL that a database speaks.
type Dialect string

// The dialects. MySQL covers MariaDB.
const (
	SQLite     Dialect = "sqlite"
	PostgreSQL Dialect = "postgresql"
	MySQL      Dialect = "mysql"
)

func (d Dialect) known() bool { return d == SQLite || d == PostgreSQL || d == MySQL }

// isolation is that of the store's own transactions: the key's row is locked
// first, and read committed shows what was committed before. SQLite has one level.
func (d Dialect) isolation() *sql.TxOptions {
	if d == SQLite {
		return nil
	}
	return &sql.TxOptions{Isolation: sql.LevelReadCommitted}
}

// text is an argument for a column of text: bytes where the column is binary.
func (d Dialect) text(s string) any {
	if d == MySQL {
		return []byte(s)
	}
	return s
}

// names are those of the tables and indexes.
type names struct{ schema, prefix string }

func (n names) qualified(table string) string {
	if n.schema == "" {
		return n.prefix + table
	}
	return n.schema + "." + n.prefix + table
}

// replacer fills the names into the SQL of this package, which has them in braces.
func (n names) replacer() *strings.Replacer {
	indexSchema := ""
	if n.schema != "" {
		indexSchema = n.schema + "."
	}
	return strings.NewReplacer(
		"{state}", n.qualified("state"), "{state_bare}", n.prefix+"state",
		"{events}", n.qualified("events"), "{events_bare}", n.prefix+"events",
		"{reviews}", n.qualified("reviews"), "{reviews_bare}", n.prefix+"reviews",
		"{version}", n.qualified("version"),
		"{index_schema}", indexSchema,
		"{state_by_status}", n.prefix+"state_by_status",
		"{events_by_id}", n.prefix+"events_by_id",
		"{reviews_by_since}", n.prefix+"reviews_by_since",
	)
}

// statements are all that a store says, with its names and placeholders.
type statements struct {
	names names

	get      string // of a key: stateColumns
	getBatch string // of an account and a list of numbers: number, stateColumns
	lock     string // a key's row, made if it is not there
	locked   string // the row that lock has locked, where lock does not return it
	sameID   string // of a key and an id: the events
	insert   string // an event
	update   string // the state, and the number of events
	count    string // the number of events alone
	history  string // of a key, after a seq
	list     string // of an account, after a number
	listOnly string // the same, of one status

	everHeld     string // of a key: the place of an event that was held, if there is one
	insertReview string // of an event that is held
	endReviews   string // of a key: nothing waits
	setReview    string // of an event that is held: whether it waits
	reviews      string // of an account, after a place: what waits

	// In a transaction of the host, where an old snapshot must not be read.
	current string // ends a read so that it sees what is committed now
	fresh   string // comes before a read, and fails where that cannot be
}

const (
	stateColumns = "status, at_us, received_us, recorded_us, source, event_id"
	eventColumns = "event_id, status, at_us, received_us, recorded_us, source, prior, effective, " +
		"sender, recipient, body, keyword, keyword_set, actor, note"
	thisKey = " WHERE account = ? AND number = ?"
)

func newStatements(d Dialect, n names) statements {
	s := statements{
		get:      "SELECT " + stateColumns + " FROM {state}" + thisKey,
		getBatch: "SELECT number, " + stateColumns + " FROM {state} WHERE account = ? AND number IN (SELECT value FROM json_each(?))",
		lock: "INSERT INTO {state} AS s (account, number, status, recorded_us, source, event_id, events) VALUES (?, ?, 0, 0, '', '', 0) " +
			"ON CONFLICT (account, number) DO UPDATE SET events = s.events RETURNING " + stateColumns + ", events",
		sameID: "SELECT " + eventColumns + " FROM {events}" + thisKey + " AND event_id = ? ORDER BY seq",
		insert: "INSERT INTO {events} (account, number, seq, " + eventColumns + ") VALUES (" + strings.Repeat("?, ", 17) + "?)",
		update: "UPDATE {state} SET status = ?, at_us = ?, received_us = ?, recorded_us = ?, source = ?, event_id = ?, events = ?" + thisKey,
		count:  "UPDATE {state} SET events = ?" + thisKey,
		history: "SELECT seq, " + eventColumns + " FROM {events}" + thisKey +
			" AND seq > ? ORDER BY seq LIMIT ?",
		list:         "SELECT number, " + stateColumns + " FROM {state} WHERE account = ? AND number > ? AND status <> 0 ORDER BY number LIMIT ?",
		everHeld:     "SELECT seq FROM {reviews}" + thisKey + " LIMIT 1",
		insertReview: "INSERT INTO {reviews} (account, number, seq, since_us, waits) VALUES (?, ?, ?, ?, ?)",
		endReviews:   "UPDATE {reviews} SET waits = 0" + thisKey + " AND waits = 1",
		setReview:    "UPDATE {reviews} SET waits = ?" + thisKey + " AND seq = ?",
		reviews: "SELECT r.number, r.seq, r.since_us, " + eventColumns + " FROM {reviews} AS r JOIN {events} AS e " +
			"ON e.account = r.account AND e.number = r.number AND e.seq = r.seq WHERE r.account = ? AND r.waits = 1 AND r.since_us >= ? " +
			"AND (r.since_us > ? OR r.number > ? OR r.number = ? AND r.seq > ?) ORDER BY r.since_us, r.number, r.seq LIMIT ?",
		listOnly: "SELECT number, " + stateColumns + " FROM {state} WHERE account = ? AND status = ? AND number > ? ORDER BY number LIMIT ?",
	}
	switch d {
	case SQLite:
		// A transaction that has read an older snapshot cannot write: this fails, and so
		// does the gate. One that has not waits for its turn, and sees all.
		s.fresh = "UPDATE {state} SET events = events WHERE account = '' AND number = ''"
	case PostgreSQL:
		s.fresh = "SHOW transaction_isolation"
		s.getBatch = "SELECT number, " + stateColumns + " FROM {state} WHERE account = ? AND number = ANY (CAST(CAST(? AS text) AS text[]))"
	case MySQL:
		s.current = " LOCK IN SHARE MODE"
		s.getBatch = "SELECT number, " + stateColumns + " FROM {state} WHERE account = ? AND number IN (" + strings.Repeat("?, ", batchSize-1) + "?)"
		s.lock = "INSERT INTO {state} (account, number, status, recorded_us, source, event_id, events) VALUES (?, ?, 0, 0, '', '', 0) " +
			"ON DUPLICATE KEY UPDATE events = events"
		s.locked = "SELECT " + stateColumns + ", events FROM {state}" + thisKey + " FOR UPDATE"
	}
	names := n.replacer()
	for _, text := range []*string{
		&s.get, &s.fresh, &s.getBatch, &s.lock, &s.locked, &s.sameID, &s.insert, &s.update, &s.count, &s.history, &s.list, &s.listOnly,
		&s.everHeld, &s.insertReview, &s.endReviews, &s.setReview, &s.reviews,
	} {
		*text = d.placeholders(names.Replace(*text))
	}
	s.names = n
	return s
}

// placeholders numbers the question marks where the database wants that. No
// statement of this package holds one in a literal.
func (d Dialect) placeholders(query string) string {
	if d != PostgreSQL {
		return query
	}
	var b strings.Builder
	n := 0
	for part := range strings.SplitSeq(query, "?") {
		if n > 0 {
			b.WriteString("$" + strconv.Itoa(n))
		}
		b.WriteString(part)
		n++
	}
	return b.String()
}
