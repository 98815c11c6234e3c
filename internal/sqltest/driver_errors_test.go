package sqltest_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/lib/pq"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// Drivers quote what they were given, a phone number or the text of a message. Here each
// statement of the store fails with such an error, on each driver, by planted errors and by
// damaged tables. No text of an error and no line of the log holds what was quoted.

// contact is whose number and words an error may quote.
type contact struct {
	key  store.Key
	text string
	note string
}

func newContact() contact {
	number := newNumber()
	return contact{
		key:  store.Key{Account: "tenant-Quixote-" + number[4:], Number: number}, // an account of its own, so that it stays small
		text: "Aunt Edna says stop, ref " + number[4:],
		note: "rang from Wisteria Lane, ref " + number[4:],
	}
}

func (c contact) event(id string, action store.Action) store.Event {
	ev := sent(id, c.key, action, noon)
	ev.Text, ev.From, ev.Note, ev.Actor = c.text, c.key.Number, c.note, "agent "+c.note
	return ev
}

// forms are the ways in which a driver may write what it was given.
func (c contact) forms() []string {
	var forms []string
	for _, secret := range []string{c.key.Account, c.key.Number[1:], c.text, c.note} {
		raw := []byte(secret)
		forms = append(forms, secret, hex.EncodeToString(raw),
			strings.Trim(fmt.Sprintf("%d", raw), "[]"), base64.RawStdEncoding.EncodeToString(raw))
	}
	return forms
}

// quotedIn returns the first form of a contact's data that a text holds, or "".
func (c contact) quotedIn(text string) string {
	text = strings.ToLower(text)
	for _, form := range c.forms() {
		if strings.Contains(text, strings.ToLower(form)) {
			return form
		}
	}
	return ""
}

// storeCall is a call to a store. Its steps before are made by a store without faults.
type storeCall struct {
	name   string
	before []store.Action
	do     func(ctx context.Context, st *sqlstore.Store, c contact) error
}

// storeCalls make every statement of the store.
func storeCalls() []storeCall {
	appends := func(id string, action store.Action) func(context.Context, store.Store, contact) error {
		return func(ctx context.Context, st store.Store, c contact) error {
			_, err := st.Append(ctx, c.event(id, action))
			return err
		}
	}
	on := []struct {
		name   string
		before []store.Action
		do     func(ctx context.Context, st store.Store, c contact) error
	}{
		{"a first opt-out", nil, appends("new", store.OptOut)},
		{"an opt-out of the opted in", []store.Action{store.OptIn}, appends("new", store.OptOut)},
		{"a duplicate", []store.Action{store.OptOut}, appends("0", store.OptOut)},
		{"a reused id", []store.Action{store.OptOut}, appends("0", store.OptIn)},
		{"an opt-in", []store.Action{store.OptOut}, appends("new", store.OptIn)},
		{"an opt-in that ends holds", []store.Action{store.Hold, store.Hold}, appends("new", store.OptIn)},
		{"a consent", nil, appends("new", store.Consent)},
		{"a hold", nil, appends("new", store.Hold)},
		{"a hold of the opted out", []store.Action{store.OptOut}, appends("new", store.Hold)},
		{"a release", []store.Action{store.Hold}, appends("0", store.Release)},
		{"a release of one of two", []store.Action{store.Hold, store.Hold}, appends("0", store.Release)},
		{"an uphold", []store.Action{store.Hold}, appends("0", store.Uphold)},
		{"an uphold of what was released", []store.Action{store.Hold, store.Release}, appends("0", store.Uphold)},
		{"a Void of a consent", []store.Action{store.Consent}, appends("void:0", store.Void)},
		{"a Void of nothing", nil, appends("void:new", store.Void)},
		{"a retraction", []store.Action{store.OptOut}, appends("0", store.Retract)},
		{"a release of nothing", nil, appends("new", store.Release)},
		{"Get", []store.Action{store.Hold}, func(ctx context.Context, st store.Store, c contact) error {
			_, err := st.Get(ctx, c.key)
			return err
		}},
		{"GetBatch", []store.Action{store.OptOut}, func(ctx context.Context, st store.Store, c contact) error {
			_, err := store.GetBatch(ctx, st, c.key.Account, []string{c.key.Number, c.key.Number + "0"})
			return err
		}},
		{"History", []store.Action{store.Hold}, func(ctx context.Context, st store.Store, c contact) error {
			_, err := st.History(ctx, store.HistoryQuery{Key: c.key})
			return err
		}},
		{"List", []store.Action{store.OptOut}, func(ctx context.Context, st store.Store, c contact) error {
			_, err := store.List(ctx, st, store.ListQuery{Account: c.key.Account, Status: store.OptedOut})
			return err
		}},
		{"Reviews", []store.Action{store.Hold}, func(ctx context.Context, st store.Store, c contact) error {
			_, err := store.Reviews(ctx, st, store.ReviewQuery{Account: c.key.Account})
			return err
		}},
		{"EventIDs", []store.Action{store.OptOut}, func(ctx context.Context, st store.Store, c contact) error {
			_, err := store.EventIDs(ctx, st, store.IDsQuery{Account: c.key.Account})
			return err
		}},
	}
	var calls []storeCall
	for _, c := range on {
		onStore := func(ctx context.Context, st *sqlstore.Store, who contact) error { return c.do(ctx, st, who) }
		calls = append(calls, storeCall{c.name, c.before, onStore},
			storeCall{c.name + ", in a transaction", c.before, func(ctx context.Context, st *sqlstore.Store, who contact) error {
				return st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error { return c.do(ctx, st.WithTx(tx), who) })
			}})
	}
	return append(calls,
		storeCall{"Check", nil, func(ctx context.Context, st *sqlstore.Store, _ contact) error { return st.Check(ctx) }},
		storeCall{"Migrate", nil, func(ctx context.Context, st *sqlstore.Store, _ contact) error { return st.Migrate(ctx) }},
		storeCall{"Audit", []store.Action{store.Hold, store.OptOut}, func(ctx context.Context, st *sqlstore.Store, c contact) error {
			for _, err := range st.Audit(ctx, &sqlstore.AuditOptions{Account: c.key.Account, Repair: true}) {
				if err != nil {
					return err
				}
			}
			return nil
		}})
}

// prepare makes what comes before a call. What a review settles is the first event.
func (c storeCall) prepare(t *testing.T, plain store.Store, who contact) {
	t.Helper()
	for i, action := range c.before {
		id := fmt.Sprint(i)
		if action == store.Release {
			id = "0"
		}
		_, err := plain.Append(t.Context(), who.event(id, action))
		require.NoError(t, err)
	}
}

// errorVariants are the drivers, and in the long form each with the ways in which it sends
// arguments.
func errorVariants() []variant {
	return longVariants("sqlite-mattn", mainPostgres, "postgres-pq", mainMySQL,
		"postgres-pgx-simple", "postgres-pq-binary", "mariadb-interpolate")
}

// The short form fails one in skippedCalls of the calls to a driver: the calls to a store
// have most of their statements in common.
const skippedCalls = 4

// quotes are errors of the variant's driver that quote a contact.
func (v variant) quotes(t *testing.T, look *sql.DB, c contact) []error {
	t.Helper()
	number, hexed := c.key.Number, hex.EncodeToString([]byte(c.key.Number))
	entry := c.key.Account + "-" + number + "-1"
	row := fmt.Sprintf("Failing row contains (%s, %s, \\x%x, %s).", c.key.Account, number, c.text, c.note)
	// As database/sql says of a row that it cannot read.
	scan := fmt.Errorf("sql: Scan error on column index 1, name \"number\": "+
		"converting driver.Value type string (%q) to a int64: invalid syntax", number)
	var quotes []error
	switch v.driver {
	case "mysql":
		quotes = []error{
			&mysql.MySQLError{Number: 1062, SQLState: [5]byte([]byte("23000")), Message: "Duplicate entry '" + entry + "' for key 'PRIMARY'"},
			&mysql.MySQLError{
				Number: 1064, SQLState: [5]byte([]byte("42000")),
				Message: "You have an error in your SQL syntax near 'x'" + hexed + "', x'" + hex.EncodeToString([]byte(c.text)) + "'' at line 1",
			},
			&mysql.MySQLError{Number: 1213, SQLState: [5]byte([]byte("40001")), Message: "Deadlock found at " + entry + ": " + c.text},
		}
	case "pgx":
		quotes = []error{
			&pgconn.PgError{Severity: "ERROR", Code: "22P02", Message: "malformed array literal: \"{" + number + "\"", Detail: row, Where: c.text},
			&pgconn.PgError{
				Severity: "ERROR", Code: "23505", Message: "duplicate key " + entry,
				Detail: "Key (account, number)=(" + entry + ") already exists.",
			},
			&pgconn.PgError{Severity: "ERROR", Code: "40001", Message: "could not serialize access to " + c.text, Detail: row},
		}
	case "postgres":
		quotes = []error{
			&pq.Error{Severity: "ERROR", Code: "22P02", Message: "malformed array literal: \"{" + number + "\"", Detail: row, Where: c.text},
			&pq.Error{
				Severity: "ERROR", Code: "23505", Message: "duplicate key " + entry,
				Detail: "Key (account, number)=(" + entry + ") already exists.",
			},
			&pq.Error{Severity: "ERROR", Code: "40001", Message: "could not serialize access to " + c.text, Detail: row},
		}
	default: // their errors cannot be made, only provoked
		for _, refused := range []string{number, c.text, "0x" + hexed} {
			_, err := look.ExecContext(t.Context(), `SELECT 1 FROM "`+refused+`"`)
			require.ErrorContains(t, err, refused)
			quotes = append(quotes, err)
		}
	}
	return append(quotes, scan)
}

// TestNoErrorQuotesWhatTheDriverQuotes fails each call to the driver in turn.
//
//nolint:tparallel // not beside other tests: some kill the servers
func TestNoErrorQuotesWhatTheDriverQuotes(t *testing.T) {
	for _, v := range errorVariants() {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			dsn := v.database(t)
			q := quoting{variant: v, look: v.open(t, dsn), plan: new(faultPlan)}
			q.plain = v.on(t, q.look)
			require.NoError(t, q.plain.Migrate(t.Context()))
			connector := v.connector(t, dsn)
			runs, texts := 0, map[string]int{}
			kinds := len(v.quotes(t, q.look, newContact()))
			for i, c := range storeCalls() {
				q.db = sql.OpenDB(faultConnector{connector, q.plan})
				calls := q.run(t, c, 0, 0, nil)
				for n := range calls {
					for quote := range kinds {
						if !*stressFlag && ((n+i/2)%skippedCalls != 0 || quote != runs%kinds) {
							continue
						}
						runs++
						q.run(t, c, n+1, quote, texts)
					}
				}
				_ = q.db.Close() // a driver cannot take leave where a call has failed
			}
			errs := 0
			for _, count := range texts {
				errs += count
			}
			require.Greater(t, errs, runs/2)
			t.Logf("%d failures, %d errors, %d different texts", runs, errs, len(texts))
		})
	}
}

// quoting is a variant whose driver fails.
type quoting struct {
	variant
	look  *sql.DB
	plain *sqlstore.Store // without faults
	plan  *faultPlan
	db    *sql.DB // with the faults of the plan
}

// run makes a call while one of the driver's fails with a quote, or none with 0, and counts
// the driver's. texts counts the texts of errors.
func (q *quoting) run(t *testing.T, c storeCall, fail, quote int, texts map[string]int) (calls int) {
	t.Helper()
	who := newContact()
	c.prepare(t, q.plain, who)
	planted := q.quotes(t, q.look, who)[quote]
	q.plan.renew(fail, planted, quote%2 == 1)
	var log bytes.Buffer
	opts := q.opts
	opts.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	opts.MaxRetries = -1
	if q.plan.after {
		opts.MaxRetries = 2 // and the log tells of a retry
	}
	st, err := sqlstore.New(q.db, q.dialect, &opts)
	require.NoError(t, err)
	err = c.do(t.Context(), st, who)
	calls = len(q.plan.calls)
	if fail == 0 {
		return calls
	}
	what := fmt.Sprintf("%s, call %d, planted: %v", c.name, fail, planted)
	requireNoQuote(t, who, err, log.String(), what)
	// The call may be refused for a reason of its own, before it comes to the one that fails, or
	// when it runs again after a conflict, of which the log tells.
	refused := log.Len() > 0 && errors.Is(err, store.ErrIDReused)
	if err != nil && calls >= fail && !refused {
		require.ErrorIs(t, err, planted, "%s: the driver's error is there for errors.As", what)
		texts[err.Error()]++
	}
	return calls
}

// renew plans the next calls.
func (p *faultPlan) renew(fail int, err error, after bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls, p.fail, p.err, p.after = nil, fail, err, after
}

// requireNoQuote looks for what a driver quotes in the text of an error, and in the log.
func requireNoQuote(t *testing.T, who contact, err error, log, what string) {
	t.Helper()
	require.Empty(t, who.quotedIn(log), "the log: %s\n%s", log, what)
	if err == nil {
		return
	}
	for _, text := range []string{err.Error(), fmt.Sprintf("%v", err), fmt.Sprintf("%+v", err), fmt.Sprintf("%q", err)} {
		require.Empty(t, who.quotedIn(text), "the error: %s\n%s", text, what)
	}
}

// TestNoErrorQuotesWhatADamagedDatabaseQuotes plants in the database what makes it quote
// the rows that it gets, and those that it has.
//
//nolint:tparallel // not beside other tests: some kill the servers
func TestNoErrorQuotesWhatADamagedDatabaseQuotes(t *testing.T) {
	for _, v := range errorVariants() {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			dsn := v.database(t)
			db := v.open(t, dsn)
			quoted := map[string]int{}
			for kind, plants := range v.plants(t, db) {
				for i, plant := range plants {
					if plant.row != nil && !*stressFlag && i%skippedCalls != 0 {
						continue
					}
					v.damage(t, db, plant, func(err error, who contact) {
						if err != nil && who.quotedIn(driverText(err)) != "" {
							quoted[kind]++
						}
					})
				}
			}
			t.Log("errors of the driver that quoted:", quoted)
			require.NotEmpty(t, quoted, "no error quoted anything: nothing was tested")
		})
	}
}

// driverText is the text of the innermost errors.
func driverText(err error) string {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var b strings.Builder
		for _, one := range many.Unwrap() {
			b.WriteString(driverText(one) + "\n")
		}
		return b.String()
	}
	if inner := errors.Unwrap(err); inner != nil {
		return err.Error() + "\n" + driverText(inner)
	}
	text := err.Error()
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		text += pg.Detail
	}
	return text
}

// damage makes the calls to tables with a plant in them. The tables are new for each.
func (v variant) damage(t *testing.T, db *sql.DB, plant plant, saw func(error, contact)) {
	t.Helper()
	opts := v.opts
	opts.TablePrefix, opts.MaxRetries = plant.prefix, -1
	st, err := sqlstore.New(db, v.dialect, &opts)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for i, c := range storeCalls() {
		if c.name == "Migrate" || !*stressFlag && i%2 == len(plant.name)%2 { // some by Append, some in a transaction
			continue
		}
		who := newContact()
		if plant.row == nil {
			// What comes before may be refused, too.
			for i, action := range c.before {
				_, err := st.Append(ctx, who.event(fmt.Sprint(i), action))
				requireNoQuote(t, who, err, "", plant.name+", before "+c.name)
				saw(err, who)
			}
		} else {
			plant.row(t, who)
		}
		err := c.do(ctx, st, who)
		requireNoQuote(t, who, err, "", plant.name+", "+c.name)
		saw(err, who)
	}
}

// plant is something in the tables with a prefix.
type plant struct {
	name, prefix string
	row          func(t *testing.T, who contact) // makes a row of a contact; nil: the calls do
}

// column is one of a table of the store.
type column struct {
	table, name string
	number      bool // of integers
}

// columns are those of the tables that have a contact's number.
func (v variant) columns(t *testing.T, db *sql.DB, prefix string) []column {
	t.Helper()
	here := map[sqlstore.Dialect]string{sqlstore.PostgreSQL: "current_schema()", sqlstore.MySQL: "DATABASE()"}[v.dialect]
	text := "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = " + here +
		" ORDER BY table_name, ordinal_position"
	if v.dialect == sqlstore.SQLite {
		text = "SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid"
	}
	rows, err := db.QueryContext(t.Context(), text)
	require.NoError(t, err)
	defer rows.Close()
	var columns []column
	for rows.Next() {
		var c column
		var kind string
		require.NoError(t, rows.Scan(&c.table, &c.name, &kind))
		c.number = strings.Contains(strings.ToLower(kind), "int")
		if strings.HasPrefix(c.table, prefix) {
			columns = append(columns, c)
		}
	}
	require.NoError(t, rows.Err())
	require.NotEmpty(t, columns)
	keyed := map[string]bool{}
	for _, c := range columns {
		keyed[c.table] = keyed[c.table] || c.name == "number"
	}
	return slices.DeleteFunc(columns, func(c column) bool { return !keyed[c.table] })
}

// plants are by their kind.
func (v variant) plants(t *testing.T, db *sql.DB) map[string][]plant {
	t.Helper()
	made := 0
	tables := func() string { // new ones
		made++
		prefix := fmt.Sprintf("p%d_", made)
		opts := v.opts
		opts.TablePrefix = prefix
		st, err := sqlstore.New(db, v.dialect, &opts)
		require.NoError(t, err)
		require.NoError(t, st.Migrate(t.Context()))
		return prefix
	}
	plants := map[string][]plant{}
	sample := v.columns(t, db, tables())
	bare := func(table string) string { return strings.TrimPrefix(table, "p1_") }
	var names []string
	for _, c := range sample {
		if table := bare(c.table); !slices.Contains(names, table) {
			names = append(names, table)
		}
	}

	for _, table := range names {
		prefix := tables()
		must(t, db, "DROP TABLE "+prefix+table)
		plants["a table is missing"] = append(plants["a table is missing"], plant{name: "without " + table, prefix: prefix})

		for _, write := range []string{"INSERT", "UPDATE"} {
			prefix := tables()
			must(t, db, v.trigger(prefix+table, write)...)
			plants["a trigger refuses a write"] = append(plants["a trigger refuses a write"], plant{name: write + " of " + table, prefix: prefix})
		}

		prefix = tables()
		must(t, db, "CREATE UNIQUE INDEX "+prefix+"planted ON "+prefix+table+" (account)")
		plants["a key is there already"] = append(plants["a key is there already"], plant{name: "a key of " + table, prefix: prefix})
	}
	for _, c := range sample {
		change := v.changeType(c)
		if change == "" {
			continue
		}
		prefix := tables()
		table := prefix + bare(c.table)
		if _, err := db.ExecContext(t.Context(), fmt.Sprintf(change, table)); err != nil {
			t.Logf("%s.%s keeps its type: %v", table, c.name, err)
			continue
		}
		p := plant{name: "the type of " + table + "." + c.name, prefix: prefix}
		if c.number {
			p.row = v.wrongRow(db, prefix, table, c.name)
		}
		plants["a column has another type"] = append(plants["a column has another type"], p)
	}
	return plants
}

// trigger is what refuses a write and quotes the row.
func (v variant) trigger(table, write string) []string {
	switch v.dialect {
	case sqlstore.PostgreSQL:
		return []string{
			"CREATE FUNCTION " + table + "_refuse() RETURNS trigger LANGUAGE plpgsql AS " +
				"'BEGIN RAISE EXCEPTION ''refused: % %'', NEW::text, encode(convert_to(NEW.number::text, ''UTF8''), ''hex''); END'",
			"CREATE TRIGGER refuse BEFORE " + write + " ON " + table + " FOR EACH ROW EXECUTE FUNCTION " + table + "_refuse()",
		}
	case sqlstore.MySQL:
		return []string{"CREATE TRIGGER " + table + "_refuse BEFORE " + write + " ON " + table + " FOR EACH ROW BEGIN " +
			"DECLARE said VARCHAR(128); " +
			"SET said = CONCAT('refused: ', NEW.account, '-', NEW.number, ' ', HEX(NEW.number)); " +
			"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = said; END"}
	default:
		return []string{"CREATE TRIGGER " + table + "_refuse BEFORE " + write + " ON " + table +
			" BEGIN SELECT RAISE(ABORT, 'refused: ' || NEW.account || '-' || NEW.number || ' ' || hex(NEW.number)); END"}
	}
}

// changeType returns the statement that turns a column of integers into one of text, and
// the number into an integer; %s is the table. SQLite has no such statement, and its tables
// are strict.
func (v variant) changeType(c column) string {
	kind := map[bool]string{true: "TEXT", false: "INTEGER"}[c.number]
	switch {
	case !c.number && c.name != "number":
		return ""
	case v.dialect == sqlstore.PostgreSQL && c.number:
		return "ALTER TABLE %s ALTER COLUMN " + c.name + " TYPE " + kind + " USING " + c.name + "::text"
	case v.dialect == sqlstore.PostgreSQL:
		return "ALTER TABLE %s ALTER COLUMN " + c.name + " TYPE " + kind + " USING 0"
	case v.dialect == sqlstore.MySQL && c.number:
		return "ALTER TABLE %s MODIFY " + c.name + " VARBINARY(255)"
	case v.dialect == sqlstore.MySQL:
		return "ALTER TABLE %s MODIFY " + c.name + " " + kind
	default:
		return ""
	}
}

// wrongRow makes a row with a contact's number in the place of an integer.
func (v variant) wrongRow(db *sql.DB, prefix, table, column string) func(*testing.T, contact) {
	return func(t *testing.T, who contact) {
		t.Helper()
		opts := v.opts
		opts.TablePrefix, opts.MaxRetries = prefix, -1
		st, err := sqlstore.New(db, v.dialect, &opts)
		require.NoError(t, err)
		for i, action := range []store.Action{store.Hold, store.OptOut} {
			_, err := st.Append(t.Context(), who.event(fmt.Sprint(i), action))
			requireNoQuote(t, who, err, "", "a row of "+table)
		}
		quoted := strings.ReplaceAll(who.text, "'", "''")
		// Where the database refuses this, the calls meet the column alone.
		_, _ = db.ExecContext(t.Context(), fmt.Sprintf("UPDATE %s SET %s = '%s %s' WHERE number = '%s'",
			table, column, who.key.Number, quoted, who.key.Number))
	}
}
