package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/store"
)

// Dialect is the SQL that a database speaks.
type Dialect string

// The dialects. MySQL covers MariaDB.
const (
	SQLite     Dialect = "sqlite"
	PostgreSQL Dialect = "postgresql"
	MySQL      Dialect = "mysql"
)

// dialectOf returns the dialect with a name. A new dialect is a file, a line here, and a
// folder in migrations.
func dialectOf(name Dialect) (dialect, error) {
	for _, d := range []dialect{sqlite(), postgresql(), mysql()} {
		if d.name == name {
			return d, nil
		}
	}
	return dialect{}, fmt.Errorf("sqlstore: unknown dialect %q, want %q, %q or %q", string(name), SQLite, PostgreSQL, MySQL)
}

// dialect is all that differs between databases. Each has its own file.
type dialect struct {
	name         Dialect
	isolation    *sql.TxOptions                // of the store's own transactions; nil: there is one level
	prepares     bool                          // statements are prepared once and kept
	placeholders func(string) string           // from question marks
	text         func(string) any              // an argument for a column of text
	inText       bool                          // arguments are written into the text in a host's transaction
	share        string                        // ends a read in a host's transaction, so that it is no old snapshot
	get          string                        // statements.get
	setHold      string                        // ends statements.setHold
	lock, locked string                        // statements.lock and statements.locked
	numberList   string                        // a condition: one of a list
	numberArgs   func([]string) ([]any, error) // of numberList
	from         string                        // what a SELECT of constants needs before its WHERE

	// current fails where a read in a host's transaction could show an old snapshot.
	current func(ctx context.Context, q querier, n names) error
	// checkConnection fails where the gate would not read what is committed; nil: never.
	checkConnection func(ctx context.Context, q querier) error
	// tableThere is a query that counts the tables of versions.
	tableThere func(n names) (text string, args []any)
	// migrationLock keeps two processes from migrating the tables with a name together.
	migrationLock func(name string) (lock, unlock migrationStep)
}

// migrationStep locks or unlocks; done tells unlock that all went well.
type migrationStep func(ctx context.Context, s *Store, conn *sql.Conn, done bool) error

func questionMarks(query string) string { return query }

func plainText(s string) any { return s }

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
	pairs := []string{"{index_schema}", indexSchema, "{version}", n.qualified("version")}
	for _, table := range []string{"state", "events", "holds"} {
		pairs = append(pairs, "{"+table+"}", n.qualified(table), "{"+table+"_bare}", n.prefix+table)
	}
	for _, index := range []string{"state_by_status", "events_by_id", "holds_by_since", "holds_by_bound", "holds_by_waits"} {
		pairs = append(pairs, "{"+index+"}", n.prefix+index)
	}
	return strings.NewReplacer(pairs...)
}

// statement is one thing that a store says to its database.
type statement struct {
	role string // what it is for, in errors
	text string
	mark string // of a read: what the first column of each row must hold
}

// builder makes the statements of a store: with its names and placeholders, and locking
// reads in a host's transaction where the database needs them.
type builder struct {
	dialect dialect
	names   names
	share   string
	append  []string // the texts of all that Append may say
}

// mark says which tables and which statement an answer is from: a pooler that mixes up
// prepared statements gives the answer of another one, and no error.
func (b *builder) statement(role, text string) statement {
	mark := b.names.qualified("") + " " + role
	text = strings.NewReplacer("{mark}", "'"+mark+"'", "{share}", b.share).Replace(text)
	return statement{role: role, mark: mark, text: b.dialect.placeholders(b.names.replacer().Replace(text))}
}

// appends is statement, for one that Append needs, and so prepares before it begins.
func (b *builder) appends(role, text string) statement {
	if text == "" {
		return statement{}
	}
	st := b.statement(role, text)
	b.append = append(b.append, st.text)
	return st
}

// marked is a read that ends with a row of its mark alone: an answer without a row could
// be that of any statement.
func (b *builder) marked(columns, from string) string {
	found := "SELECT {mark}, " + columns + from
	if b.share != "" {
		found = "(" + found + b.share + ")"
	}
	return found + " UNION ALL SELECT {mark}" + strings.Repeat(", NULL", 1+strings.Count(columns, ","))
}

// paged is a read of one page, and the question whether it has any row: asked where the
// page has none, since that answer always has a row.
type paged struct{ page, any statement }

func (b *builder) paged(role, columns, from, order string) paged {
	return paged{
		page: b.statement(role, "SELECT {mark}, "+columns+from+" ORDER BY "+order+" LIMIT ?{share}"),
		any:  b.statement("any "+role, "SELECT {mark}, COUNT(*) FROM (SELECT 1 AS one"+from+" LIMIT 1{share}) AS found"),
	}
}

const (
	stateColumns = "status, action, at_us, received_us, recorded_us, source, event_id"
	rowColumns   = stateColumns + ", under_action, under_at_us, under_received_us, under_recorded_us, under_source, under_event_id, " +
		"events, holds_from, untidy, half, (SELECT MAX(seq) FROM {events} WHERE account = ? AND number = ?)"
	eventColumns = "event_id, action, at_us, received_us, recorded_us, source, prior, effective, " +
		"sender, recipient, body, keyword, keyword_set, actor, note"
	thisKey = " WHERE account = ? AND number = ?"

	// orNoRow gives a key's row, or a row of NULLs: an answer without a row names no table.
	orNoRow = " FROM (SELECT 1 AS one) AS one LEFT JOIN {state} ON account = ? AND number = ?"

	// newRow is the row that a key has before its first event.
	newRow = "INSERT INTO {state} AS s (" + newColumns
	// newColumns is newRow without an alias.
	newColumns = "account, number, status, action, recorded_us, source, event_id, events, holds_from, untidy, half) " +
		"VALUES (?, ?, 0, 0, 0, '', '', 0, 0, 0, 0) "
	// excludedHold ends statements.setHold.
	excludedHold = "ON CONFLICT (account, number, seq) DO UPDATE SET since_us = excluded.since_us, bound_us = excluded.bound_us, " +
		"ended = excluded.ended, waits = excluded.waits"
	// lockReturning locks a key's row, makes it if it is not there, and returns it.
	lockReturning = newRow + "ON CONFLICT (account, number) DO UPDATE SET events = s.events RETURNING {mark}, " + rowColumns
)

// statements are all that a store says, with its names and placeholders.
type statements struct {
	// The reads.
	get      statement // of a key
	getBatch statement // of an account and a list of numbers
	history  paged     // of a key, after a seq
	list     paged     // of an account, after a number
	listOnly paged     // the same, of one status
	reviews  paged     // of an account, after a place

	// Append.
	lock      statement // a key's row, made if it is not there
	locked    statement // the row that lock has locked, where lock does not return it
	sameID    statement // of a key and an id: the events
	hold      statement // of a key and a seq
	hardest   statement // of a key, from holds_from on: the two open holds that are the hardest to lift
	restarted statement // of a key, after a time: whether it has an opt-in
	insert    statement // an event
	count     statement // the number of events, if nobody has changed it
	update    statement // the whole row
	fenced    statement // the same, if nobody has changed the number of events
	whole     statement // what was half written is whole

	// The table of holds.
	allHolds   statement // of a key, after a seq: a page
	setHold    statement // all of a hold, also where it has a row
	endHold    statement // of a key and a seq
	endHolds   statement // of a key: those that an opt-in with a time lifts
	showHolds  statement // of a key: the open ones wait
	staleHolds statement // of a key: the seqs of a batch that says what has changed: the first, the last, how many
	tidyHolds  statement // between these seqs
	tidied     statement

	// Audit.
	row           statement // of a key, without a lock
	stateAccount  statement // the account after another one
	eventsAccount statement
	stateNumbers  statement // of an account, after a number
	eventsNumbers statement

	append []string // the texts of those that Append needs
}

// newStatements builds the statements of a store; with locking, those that a host's
// transaction needs to read what is committed now.
func newStatements(d dialect, n names, locking bool) *statements {
	b := &builder{dialect: d, names: n}
	if locking {
		b.share = d.share
	}
	waiting := " FROM {holds} AS h JOIN {state} AS s ON s.account = h.account AND s.number = h.number " +
		"JOIN {events} AS e ON e.account = h.account AND e.number = h.number AND e.seq = h.seq " +
		"WHERE h.account = ? AND h.waits = 1 AND h.ended = 0 AND s.status = " + number(store.Held) + " AND h.seq >= s.holds_from " +
		"AND h.since_us >= ? AND (h.since_us > ? OR h.number > ? OR h.number = ? AND h.seq > ?)"
	update := "UPDATE {state} SET status = ?, action = ?, at_us = ?, received_us = ?, recorded_us = ?, source = ?, event_id = ?, " +
		"under_action = ?, under_at_us = ?, under_received_us = ?, under_recorded_us = ?, under_source = ?, under_event_id = ?, " +
		"events = ?, holds_from = ?, untidy = ?, half = ?" + thisKey
	s := &statements{
		get:      b.statement("get", d.get),
		getBatch: b.statement("batch", b.marked("number, "+stateColumns, " FROM {state} WHERE account = ? AND number "+d.numberList)),
		history:  b.paged("history", "seq, "+eventColumns, " FROM {events}"+thisKey+" AND seq > ?", "seq"),
		list:     b.paged("list", "number, "+stateColumns, " FROM {state} WHERE account = ? AND number > ? AND status <> 0", "number"),
		listOnly: b.paged("list of a status", "number, "+stateColumns, " FROM {state} WHERE account = ? AND status = ? AND number > ?", "number"),
		reviews: b.paged("reviews", "h.number, h.seq, h.since_us, e."+strings.ReplaceAll(eventColumns, ", ", ", e."), waiting,
			"h.since_us, h.number, h.seq"),

		lock:   b.appends("lock", d.lock),
		locked: b.appends("locked row", d.locked),
		sameID: b.appends("events with the id", b.marked("seq, "+eventColumns, " FROM {events}"+thisKey+" AND event_id = ?")),
		hold:   b.appends("hold", "SELECT {mark}, ended FROM {holds}"+thisKey+" AND seq = ?{share}"),
		hardest: b.appends("hardest holds", "SELECT {mark}, h.seq, h.bound_us, "+
			"e.action, e.at_us, e.received_us, e.recorded_us, e.source, e.event_id "+
			"FROM (SELECT seq, bound_us FROM {holds}"+thisKey+" AND ended = 0 AND seq >= ? ORDER BY bound_us DESC, seq DESC LIMIT 2{share}) AS h "+
			"LEFT JOIN {events} AS e ON e.account = ? AND e.number = ? AND e.seq = h.seq{share}"),
		restarted: b.appends("opt-ins since", "SELECT {mark}, COUNT(*) FROM (SELECT 1 AS one FROM {events}"+thisKey+
			" AND action = "+number(store.OptIn)+
			" AND (at_us > ? OR at_us IS NULL AND COALESCE(received_us, recorded_us) > ?) LIMIT 1{share}) AS found"),
		insert: b.appends("event", "INSERT INTO {events} (account, number, seq, "+eventColumns+") VALUES ("+strings.Repeat("?, ", 17)+"?)"),
		count:  b.appends("count of events", "UPDATE {state} SET events = ?, half = ?"+thisKey+" AND events = ?"),
		update: b.appends("state", update),
		fenced: b.appends("state", update+" AND events = ?"),
		whole:  b.appends("end of a repair", "UPDATE {state} SET half = 0"+thisKey),

		allHolds: b.appends("holds", "SELECT {mark}, seq, since_us, bound_us, ended, waits FROM {holds}"+thisKey+
			" AND seq > ? ORDER BY seq LIMIT ?{share}"),
		setHold: b.appends("hold", "INSERT INTO {holds} (account, number, seq, since_us, bound_us, ended, waits) "+
			"VALUES (?, ?, ?, ?, ?, ?, ?) "+d.setHold),
		endHold: b.appends("end of a hold", "UPDATE {holds} SET ended = ?, waits = 0"+thisKey+" AND seq = ?"),
		endHolds: b.appends("end of holds", "UPDATE {holds} SET ended = 1, waits = 0"+thisKey+
			" AND ended = 0 AND +seq >= ? AND bound_us < ?"), // the plus keeps SQLite from walking all by their seq
		showHolds: b.appends("holds that wait", "UPDATE {holds} SET waits = 1"+thisKey+" AND waits = 0 AND ended = 0 AND seq >= ?"),
		staleHolds: b.appends("stale holds", "SELECT {mark}, MIN(seq), MAX(seq), COUNT(*) FROM (SELECT seq FROM {holds}"+thisKey+
			" AND waits = ? AND ended = 0 AND seq < ? ORDER BY seq LIMIT "+strconv.Itoa(tidyBatch)+"{share}) AS batch"),
		tidyHolds: b.appends("tidying of holds", "UPDATE {holds} SET ended = CASE WHEN seq < ? THEN 1 ELSE 0 END, waits = 0"+thisKey+
			" AND waits = ? AND ended = 0 AND seq >= ? AND seq <= ?"),
		tidied: b.appends("end of the tidying", "UPDATE {state} SET untidy = 0"+thisKey),

		row:           b.statement("row", "SELECT {mark}, "+rowColumns+orNoRow),
		stateAccount:  b.statement("next account", "SELECT {mark}, MIN(account) FROM {state} WHERE account > ?"),
		eventsAccount: b.statement("next account of events", "SELECT {mark}, MIN(account) FROM {events} WHERE account > ?"),
		stateNumbers:  b.statement("numbers", "SELECT {mark}, number FROM {state} WHERE account = ? AND number > ? ORDER BY number LIMIT ?"),
		eventsNumbers: b.statement("numbers of events", "SELECT DISTINCT {mark}, number FROM {events} "+
			"WHERE account = ? AND number > ? ORDER BY number LIMIT ?"),
	}
	b.append = append(b.append, s.history.page.text) // a standing may have to be made anew
	s.append = b.append
	return s
}

// number is an enum's value as it is kept.
func number[E store.Action | store.Status](e E) string { return strconv.Itoa(int(e)) }
