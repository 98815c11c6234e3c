package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"

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
	name               Dialect
	isolation          *sql.TxOptions       // of the store's own transactions; nil: there is one level
	prepares           bool                 // statements are prepared once and kept
	numbered           bool                 // placeholders are $1, $2 and so on, not question marks
	binary             bool                 // columns of text hold bytes
	inText             bool                 // arguments are written into the text in a host's transaction, and of many rows
	arrays             bool                 // many rows are an array for each column
	joint              bool                 // a statement can write two tables
	shareSQL           string               // ends a read in a host's transaction, so that it is no old snapshot
	getSQL             string               // statements.get
	holdSQL            string               // ends statements.setHold
	lockSQL, lockedSQL string               // statements.lock and statements.locked
	lockAllSQL         string               // ends statements.lockAll
	rowName            string               // of a row of the table of states, in what lockAll or lockedAll returns
	lockedAllSQL       string               // statements.lockedAll, where lockAll does not return the rows
	numberRows         rows                 // of statements.lockedAll and openAll
	openAllSQL         string               // statements.openAll
	firstsSQL          string               // statements.lockAll, where it also records the first events of new keys
	sameIDsSQL         string               // where statements.sameIDs looks
	idRows             rows                 // of statements.sameIDs
	setAllSQL          string               // ends statements.setAll
	perUpsert          int64                // what RowsAffected counts for a row that setAll changes, if not 1
	unindexed          string               // before a column whose index must not be used
	countSQL           string               // where statements.counted counts, if not in the table
	afterID            string               // a condition: after an ID, a number and a seq, in the order of the index
	numberList         string               // a condition: one of a list
	numberArgs         func([]string) []any // of numberList
	idOfKey            string               // names the index for the id of a key, after the table
	idIndex            string               // names the index of statements.eventIDs, after the table
	emptySQL           string               // no bytes, if not x''
	constants          string               // what a SELECT of constants needs before its WHERE
	markOf             string               // what a mark begins with: no read of the dialect runs elsewhere
	versions           string               // a query that counts the tables of versions

	// Where the records of an account have their order from: the place of an event.
	sharedPlaces bool   // events can have the same place, and then have the order of their numbers
	firstOpen    string // the first place at which a transaction that is open may still record; "": any, or none
	nextPlace    string // the place that nobody can have yet; "": not needed
	lateSQL      string // statements.late, where a place is taken before its event is there; "": nothing comes late
	changesIndex string // names the index

	// current fails where a read in a host's transaction could show an old snapshot.
	current func(ctx context.Context, s session) error
	// checkConnection fails where the gate would not read what is committed; nil: never.
	checkConnection func(ctx context.Context, s session) error
	// standby returns what shows that the connections read a standby, and "" if nothing shows it.
	// SQLite has no standbys: nil.
	standby func(ctx context.Context, s session) (string, error)
	// secureDelete makes the connection overwrite what it frees, until restore; nil: it cannot.
	secureDelete func(ctx context.Context, s session) (restore func(context.Context) error, err error)
	// migrationLock keeps two processes from migrating the same tables together; name, which
	// needs no quoting, is theirs.
	migrationLock func(ctx context.Context, s *Store, conn session, name string) (unlock, error)
}

// unlock ends what a lock began; done tells it that all went well.
type unlock func(ctx context.Context, done bool) error

// tables are the tables of a store: their names, and the SQL that they are asked in.
type tables struct {
	dialect
	schema string // with its point, or ""
	prefix string
	names  *strings.Replacer // fills the names into the SQL of this package, which has them in braces
}

func newTables(d Dialect, opts *Options) (tables, error) {
	own, err := dialectOf(d)
	if err != nil {
		return tables{}, err
	}
	o := cmp.Or(opts, new(Options))
	t := tables{dialect: own, prefix: cmp.Or(o.TablePrefix, DefaultPrefix)}
	if err := checkIdentifier("TablePrefix", t.prefix); err != nil {
		return tables{}, err
	}
	if o.Schema != "" {
		if err := checkIdentifier("Schema", o.Schema); err != nil {
			return tables{}, err
		}
		t.schema = o.Schema + "."
	}
	t.names = strings.NewReplacer(
		"{schema_name}", o.Schema, "{schema}", t.schema, "{prefix}", t.prefix, "{version}", t.qualified("version"),
		"{state}", t.qualified("state"), "{events}", t.qualified("events"), "{holds}", t.qualified("holds"))
	return t, nil
}

func (t tables) qualified(table string) string { return t.schema + t.prefix + table }

// checkIdentifier refuses a name that would have to be quoted. With 40 bytes the names of
// the indexes are within 63, PostgreSQL's limit.
func checkIdentifier(field, name string) error {
	if !regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,39}$`).MatchString(name) {
		return fmt.Errorf("sqlstore: %s %.60q: want 1 to 40 ASCII letters, digits and low lines, no digit first", field, name)
	}
	return nil
}

// statement is one thing that a store says to its database.
type statement struct {
	role string // what it is for, in errors
	text string
	mark string // of a read: what the first column of each row must hold
	kept atomic.Pointer[sql.Stmt]
}

// paged is a read of one page, and the question whether it has any row: asked where the
// page has none, since that answer always has a row.
type paged struct{ page, any *statement }

// statements are all that a store says, with its names and placeholders.
type statements struct {
	tables

	share  string       // ends a read
	append []*statement // all that Append may say, which is prepared before it begins
	batch  []*statement // what a large AppendBatch says, which is prepared too
	erases []*statement // what Erase says besides, which is prepared too

	// The reads.
	get, getBatch, counted           *statement
	history, list, listOnly, reviews paged
	eventIDs                         paged
	prefix, prefixOnly               paged
	suffix, suffixOnly               paged
	changes                          paged
	restored, late                   *statement // or nil

	// Append.
	lock, locked                       *statement // locked: the row, where lock does not return it; or nil
	lockAll, lockedAll                 *many      // the same for many keys
	sameIDs, insertAll, setAll         *many      // the other statements of a batch
	openAll                            *many      // sets the status of rows that were made for a first opt-in or consent
	sameID, hold, hardest, restarted   *statement
	insert                             *statement
	count, update, fencedUpdate, whole *statement
	lockFirst, updateAndInsert         *statement // that write a row and an event, or nil

	// The table of holds.
	allHolds, setHold, endHold, endHolds, showHolds *statement
	staleHolds, tidyHolds, tidied                   *statement

	// Erase.
	settledApart, recordedApart, eraseApart, erase, forget *statement

	// Audit.
	row, stateAccount, eventsAccount, stateNumbers, eventsNumbers *statement
}

const (
	stateColumns = "status, action, at_us, received_us, recorded_us, source, event_id"
	underColumns = "under_action, under_at_us, under_received_us, under_recorded_us, under_source, under_event_id"
	countColumns = ", events, holds_from, untidy, half, "
	rowColumns   = stateColumns + ", " + underColumns + countColumns +
		"(SELECT MAX(seq) FROM {events} WHERE account = ? AND number = ?)"
	// allRowColumns are those of many rows, with their numbers; {row} is their table.
	allRowColumns = "number, " + stateColumns + ", " + underColumns + countColumns +
		"(SELECT e.seq FROM {events} AS e WHERE e.account = {row}.account AND e.number = {row}.number ORDER BY e.seq DESC LIMIT 1)"
	eventColumns = "event_id, action, at_us, received_us, recorded_us, source, prior, effective, " +
		"sender, recipient, body, keyword, keyword_set, actor, note, erased"
	thisKey = " WHERE account = ? AND number = ?"

	// orNoRow gives a key's row, or a row of NULLs: an answer without a row names no table.
	orNoRow = " FROM (SELECT 1 AS one) AS one LEFT JOIN {state} ON account = ? AND number = ?"

	// newColumns are those of the row that a key has before its first event.
	newColumns = "(account, number, backwards, status, action, recorded_us, source, event_id, events, holds_from, untidy, half) " +
		"VALUES (?, ?, ?, 0, 0, 0, '', '', 0, 0, 0, 0) "
	// lockReturning locks a key's row, makes it if it is not there, and returns it.
	lockReturning = "INSERT INTO {state} AS s " + newColumns +
		"ON CONFLICT (account, number) DO UPDATE SET events = s.events RETURNING {mark}, " + rowColumns
	// lockAllReturning and excludedState end statements.lockAll and statements.setAll.
	lockAllReturning = orLockedRow + "{mark}, " + allRowColumns
	orLockedRow      = " ON CONFLICT (account, number) DO UPDATE SET events = s.events RETURNING "
	excludedState    = " ON CONFLICT (account, number) DO UPDATE SET status = excluded.status, action = excluded.action, " +
		"at_us = excluded.at_us, received_us = excluded.received_us, recorded_us = excluded.recorded_us, source = excluded.source, " +
		"event_id = excluded.event_id, under_action = NULL, events = excluded.events WHERE s.events = excluded.events - 1"
	openFirst    = " SET status = 1, events = 1 WHERE account = ? AND events = 0 AND number "
	afterIDTuple = "(event_id, number, seq) > (?, ?, ?)"
	// afterIDMySQL says the same: MariaDB looks into no index for a tuple.
	afterIDMySQL = "(event_id > ? OR event_id = ? AND number > ? OR event_id = ? AND number = ? AND seq > ?)"
	// excludedHold ends statements.setHold.
	excludedHold = "ON CONFLICT (account, number, seq) DO UPDATE SET since_us = excluded.since_us, bound_us = excluded.bound_us, " +
		"ended = excluded.ended, waits = excluded.waits"
)

// newStatements builds the statements of a store; those of a host's transaction lock what
// they read where the database needs it.
func newStatements(t tables, host bool) *statements {
	s := &statements{tables: t}
	if host {
		s.share = t.shareSQL
	}
	s.reads()
	s.listsChanges()
	s.appends()
	s.erasures()
	s.audits()
	return s
}

// statement also writes into a read which tables and which statement its answer is from: a
// pooler that mixes up prepared statements gives the answer of another one, and no error.
func (s *statements) statement(role, text string) *statement {
	st := new(statement)
	st.role, st.mark, st.text = s.said(role, text)
	return st
}

func (s *statements) said(role, text string) (_, mark, _ string) {
	mark = s.qualified("") + " " + role
	empty := cmp.Or(s.emptySQL, "x''")
	text = strings.NewReplacer("{mark}", s.markOf+"'"+mark+"'", "{share}", s.share, "{row}", s.rowName, "{empty}", empty).Replace(text)
	text = s.names.Replace(text)
	if s.numbered {
		text = fill(text, func(i int) string { return "$" + strconv.Itoa(i+1) })
	}
	return role, mark, text
}

// fill replaces the question marks of a statement. None is in a literal.
func fill(text string, value func(i int) string) string {
	var b strings.Builder
	b.Grow(2 * len(text))
	for i := 0; ; i++ {
		part, rest, more := strings.Cut(text, "?")
		b.WriteString(part)
		if !more {
			return b.String()
		}
		b.WriteString(value(i))
		text = rest
	}
}

// appending is statement, for one that Append needs.
func (s *statements) appending(role, text string) *statement {
	st := s.statement(role, text)
	s.append = append(s.append, st)
	return st
}

// marked is a read that ends with a row of its mark alone: an answer without a row could
// be that of any statement.
func (s *statements) marked(columns, from string) string {
	found := "SELECT {mark}, " + columns + from
	if s.share != "" {
		found = "(" + found + s.share + ")"
	}
	return found + " UNION ALL SELECT {mark}" + strings.Repeat(", NULL", 1+strings.Count(columns, ","))
}

func (s *statements) paged(role, columns, from, order string) paged {
	return paged{
		page: s.statement(role, "SELECT {mark}, "+columns+from+" ORDER BY "+order+" LIMIT ?{share}"),
		any:  s.statement("any "+role, "SELECT {mark}, COUNT(*) FROM (SELECT 1 AS one"+from+" LIMIT 1{share}) AS found"),
	}
}

func (s *statements) reads() {
	s.get = s.statement("get", s.getSQL)
	s.getBatch = s.statement("batch", s.marked("number, "+stateColumns, " FROM {state} WHERE account = ? AND number "+s.numberList))
	s.counts()
	s.searches()
	s.history = s.paged("history", "seq, "+eventColumns, " FROM {events}"+thisKey+" AND seq > ?", "seq")
	s.list = s.paged("list", "number, "+stateColumns, " FROM {state} WHERE account = ? AND number > ? AND status <> 0", "number")
	s.listOnly = s.paged("list of a status", "number, "+stateColumns,
		" FROM {state} WHERE account = ? AND status = ? AND number > ?", "number")
	s.reviews = s.paged("reviews", "h.number, h.seq, h.since_us, e."+strings.ReplaceAll(eventColumns, ", ", ", e."),
		" FROM {holds} AS h JOIN {state} AS s ON s.account = h.account AND s.number = h.number "+
			"JOIN {events} AS e ON e.account = h.account AND e.number = h.number AND e.seq = h.seq "+
			"WHERE h.account = ? AND h.waits = 1 AND h.ended = 0 AND s.status = "+strconv.Itoa(int(store.Held))+" AND h.seq >= s.holds_from "+
			"AND h.since_us >= ? AND (h.since_us > ? OR h.number > ? OR h.number = ? AND h.seq > ?)",
		"h.since_us, h.number, h.seq")
	s.eventIDs = s.paged("events by id", "number, seq, "+eventColumns,
		" FROM {events}"+s.idIndex+" WHERE account = ? AND event_id <= ? AND "+s.afterID, "event_id, number, seq")
}

func (s *statements) appends() {
	s.append = append(s.append, s.history.page) // a standing may have to be made anew

	s.lock = s.appending("lock", s.lockSQL)
	if s.lockedSQL != "" {
		s.locked = s.appending("locked row", s.lockedSQL)
	}
	s.sameID = s.appending("events with the id", s.marked("seq, "+eventColumns, " FROM {events}"+s.idOfKey+thisKey+" AND event_id = ?"))
	s.hold = s.appending("hold", "SELECT {mark}, ended FROM {holds}"+thisKey+" AND seq = ?{share}")
	s.hardest = s.appending("hardest holds", // the two that are open and the hardest to lift
		"SELECT {mark}, h.seq, h.bound_us, e.action, e.at_us, e.received_us, e.recorded_us, e.source, e.event_id "+
			"FROM (SELECT seq, bound_us FROM {holds}"+thisKey+" AND ended = 0 AND seq >= ? ORDER BY bound_us DESC, seq DESC LIMIT 2{share}) AS h "+
			"LEFT JOIN {events} AS e ON e.account = ? AND e.number = ? AND e.seq = h.seq{share}")
	// Whether there is an opt-in after a time.
	s.restarted = s.appending("opt-ins since", "SELECT {mark}, COUNT(*) FROM (SELECT 1 AS one FROM {events}"+thisKey+
		" AND action = "+strconv.Itoa(int(store.OptIn))+" AND (at_us > ? OR at_us IS NULL AND COALESCE(received_us, recorded_us) > ?) "+
		"LIMIT 1{share}) AS found")
	s.insert = s.appending("event", "INSERT INTO {events} (account, number, seq, "+eventColumns+") VALUES ("+strings.Repeat("?, ", 18)+"?)")
	s.batches()
	// Those with a condition on events have no effect if somebody has changed their number.
	s.count = s.appending("count of events", "UPDATE {state} SET events = ?, half = ?"+thisKey+" AND events = ?")
	update := "UPDATE {state} SET " + strings.ReplaceAll(stateColumns+", "+underColumns, ",", " = ?,") + " = ?, " +
		"events = ?, holds_from = ?, untidy = ?, half = ?" + thisKey
	s.update = s.appending("state", update)
	s.fencedUpdate = s.appending("state", update+" AND events = ?")
	s.whole = s.appending("end of a repair", "UPDATE {state} SET half = 0"+thisKey)
	s.jointly()

	s.allHolds = s.appending("holds", "SELECT {mark}, seq, since_us, bound_us, ended, waits FROM {holds}"+thisKey+
		" AND seq > ? ORDER BY seq LIMIT ?{share}")
	s.setHold = s.appending("hold", "INSERT INTO {holds} (account, number, seq, since_us, bound_us, ended, waits) "+
		"VALUES (?, ?, ?, ?, ?, ?, ?) "+s.holdSQL)
	s.endHold = s.appending("end of a hold", "UPDATE {holds} SET ended = ?, waits = 0"+thisKey+" AND seq = ?")
	// Those that an opt-in with a time lifts.
	s.endHolds = s.appending("end of holds", "UPDATE {holds} SET ended = 1, waits = 0"+thisKey+
		" AND ended = 0 AND +seq >= ? AND bound_us < ?") // the plus keeps SQLite from walking all by their seq
	s.showHolds = s.appending("holds that wait", "UPDATE {holds} SET waits = 1"+thisKey+" AND waits = 0 AND ended = 0 AND seq >= ?")
	// The first, the last and the number of a batch of rows that say what has changed.
	s.staleHolds = s.appending("stale holds", "SELECT {mark}, MIN(seq), MAX(seq), COUNT(*) FROM (SELECT seq FROM {holds}"+thisKey+
		" AND waits = ? AND ended = 0 AND seq < ? ORDER BY seq LIMIT "+strconv.Itoa(tidyBatch)+"{share}) AS batch")
	s.tidyHolds = s.appending("tidying of holds", "UPDATE {holds} SET ended = CASE WHEN seq < ? THEN 1 ELSE 0 END, waits = 0"+thisKey+
		" AND waits = ? AND ended = 0 AND seq >= ? AND seq <= ?")
	s.tidied = s.appending("end of the tidying", "UPDATE {state} SET untidy = 0"+thisKey)
}

// batches are the statements for many rows. Those that write say the same as lock, insert
// and fencedUpdate.
func (s *statements) batches() {
	state := "INSERT INTO {state} AS s "
	if s.lockedAllSQL != "" {
		state = "INSERT INTO {state} "
		s.lockedAll = s.many("locked rows", s.lockedAllSQL, s.numberRows)
	}
	state += "(account, number, backwards, " + stateColumns + ", events, holds_from, untidy, half) {rows}"
	row := s.values(strings.Repeat("?, ", 11)+"0, 0, 0", "ttt"+stateTypes+"n")
	if s.firstsSQL == "" {
		s.lockAll = s.many("locks", state+s.lockAllSQL, row)
		s.openAll = s.many("states that open", s.openAllSQL, s.numberRows)
	} else {
		const types = "ttt" + stateTypes + "nbbbbbbb"
		s.lockAll = s.many("locks", s.firstsSQL, s.values(strings.Repeat("?, ", len(types)-1)+"?", types))
		s.lockFirst = s.statement("lock or first", strings.Replace(s.firstsSQL, "{rows}", oneRow(types), 1))
	}
	s.setAll = s.many("states", state+s.setAllSQL, row)
	s.sameIDs = s.many("events with the ids", s.marked("number, seq, "+eventColumns, s.sameIDsSQL), s.idRows)
	s.insertAll = s.many("events", "INSERT INTO {events} (account, number, seq, "+eventColumns+") {rows}",
		s.values(strings.Repeat("?, ", 18)+"?", "ttn"+eventTypes))
}

func (s *statements) erasures() {
	// The ids of texts that a review has settled one of: the others have its id and times.
	s.settledApart = s.statement("texts that are settled apart", s.marked("r.event_id",
		" FROM {events} AS r JOIN {events} AS e ON e.account = r.account AND e.number = r.number AND e.event_id = r.event_id"+
			" WHERE r.account = ? AND r.number = ? AND r.action IN ("+actionList(store.Release, store.Uphold, store.Retract)+
			") AND e.action IN ("+actionList(store.OptOut, store.Hold)+
			") AND (e.erased <> r.erased OR e.erased = 0 AND (e.body <> r.body OR e.sender <> r.sender))"+
			" AND (e.at_us = r.at_us OR e.at_us IS NULL AND r.at_us IS NULL)"+
			" AND (e.received_us = r.received_us OR e.received_us IS NULL AND r.received_us IS NULL) GROUP BY r.event_id"))
	// The ids of what a Void can take back and several senders have.
	voidable := func(row string) string {
		return "(" + row + ".action = " + actionList(store.OptOut) +
			" AND " + row + ".source IN ('" + string(store.SourceAgent) + "', '" + string(store.SourceImport) + "')" +
			" OR " + row + ".action = " + actionList(store.Consent) + " AND " + row + ".source <> '" + string(store.SourceConfirm) + "')"
	}
	s.recordedApart = s.statement("events that are recorded apart", s.marked("r.event_id",
		" FROM {events} AS r JOIN {events} AS e ON e.account = r.account AND e.number = r.number AND e.event_id = r.event_id"+
			" WHERE r.account = ? AND r.number = ? AND e.sender <> r.sender AND "+voidable("r")+" AND "+voidable("e")+" GROUP BY r.event_id"))
	s.eraseApart = s.statement("erasure of a text", "UPDATE {events} SET sender = ?, body = ?, erased = 1"+thisKey+" AND seq = ?")
	// What is erased already keeps the words by which it is told apart. MySQL makes the
	// assignments one after the other, so erased is the last.
	s.erase = s.statement("erasure", "UPDATE {events} SET sender = CASE erased WHEN 0 THEN {empty} ELSE sender END, "+
		"body = CASE erased WHEN 0 THEN {empty} ELSE body END, recipient = {empty}, actor = {empty}, note = {empty}, erased = 1"+thisKey+
		" AND action <> "+actionList(store.Erase)+" AND (erased = 0 OR recipient <> {empty} OR actor <> {empty} OR note <> {empty})")
	// The row of a key that has no events.
	s.forget = s.statement("end of a lock", "DELETE FROM {state}"+thisKey+" AND events = 0 AND status = 0")
	s.erases = []*statement{s.settledApart, s.recordedApart, s.eraseApart, s.erase, s.forget}
}

func actionList(actions ...store.Action) string {
	var list []string
	for _, action := range actions {
		list = append(list, strconv.Itoa(int(action)))
	}
	return strings.Join(list, ", ")
}

func (s *statements) audits() {
	s.row = s.statement("row", "SELECT {mark}, "+rowColumns+orNoRow)
	s.stateAccount = s.statement("next account", "SELECT {mark}, MIN(account) FROM {state} WHERE account > ?")
	s.eventsAccount = s.statement("next account of events", "SELECT {mark}, MIN(account) FROM {events} WHERE account > ?")
	s.stateNumbers = s.statement("numbers", "SELECT {mark}, number FROM {state} WHERE account = ? AND number > ? ORDER BY number LIMIT ?")
	s.eventsNumbers = s.statement("numbers of events",
		"SELECT DISTINCT {mark}, number FROM {events} WHERE account = ? AND number > ? ORDER BY number LIMIT ?")
}
