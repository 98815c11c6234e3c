package sqltest_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// refusesAll fails if a store that is set up wrongly acknowledges anything, does not say one of
// the causes, or opens the gate.
func refusesAll(t *testing.T, st *sqlstore.Store, causes ...string) {
	t.Helper()
	ctx := t.Context()
	key := newKey()
	_, single := st.Append(ctx, event("m", key, store.OptOut, 1))
	_, batch := st.AppendBatch(ctx, []store.Event{event("m", key, store.OptOut, 1), event("n", newKey(), store.OptOut, 1)})
	erase := st.Erase(ctx, key, "officer", "asked", noon)
	inTx := st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := st.WithTx(tx).Append(ctx, event("m", key, store.OptOut, 1))
		return err
	})
	for call, err := range map[string]error{"Append": single, "AppendBatch": batch, "Erase": erase, "InTx": inTx} {
		require.Error(t, err, call)
		if !says(err, causes) {
			require.Fail(t, call+": the error names no cause", "%v\nwant one of %q", err, causes)
		}
	}
}

func says(err error, causes []string) bool {
	for _, cause := range causes {
		if strings.Contains(err.Error(), cause) {
			return true
		}
	}
	return false
}

// gateStaysClosed fails if a message may go out, and returns the error of the gate.
func gateStaysClosed(t *testing.T, st store.Store, key store.Key) (err error) {
	t.Helper()
	guard := newGuard(t, st)
	d, err := guard.Gate(t.Context(), key.Account, key.Number)
	require.False(t, d.Allowed)
	batch, batchErr := guard.GateBatch(t.Context(), key.Account, []string{key.Number})
	for _, d := range batch {
		require.False(t, d.Allowed)
	}
	if err == nil {
		require.NoError(t, batchErr)
		require.Equal(t, store.OptedOut, d.State.Status)
	}
	return err
}

// TestADatabaseOfAnotherDialect has the DSN of one engine under the name of another one, with
// and without tables.
func TestADatabaseOfAnotherDialect(t *testing.T) {
	for _, v := range mainVariants() {
		for _, dialect := range []sqlstore.Dialect{sqlstore.SQLite, sqlstore.PostgreSQL, sqlstore.MySQL} {
			if dialect == v.dialect {
				continue
			}
			t.Run(v.name+" as "+string(dialect), func(t *testing.T) {
				other := v.withPrefix("other_")
				other.dialect = dialect
				right, db := v.ready(t)
				st := other.on(t, db)
				namesBoth := func(call string, err error) {
					require.ErrorContains(t, err, "the dialect is "+string(dialect)+", and the database is "+string(v.dialect), call)
				}
				namesBoth("Check", st.Check(t.Context()))
				namesBoth("Migrate", st.Migrate(t.Context()))
				_, err := st.Append(t.Context(), event("m", newKey(), store.OptOut, 1))
				require.Error(t, err)
				require.Error(t, gateStaysClosed(t, st, newKey()))
				require.Empty(t, dump(t, v.withPrefix("other_"), db), "tables of the other dialect")

				key := newKey()
				appendNow(t, right, event("m", key, store.OptOut, 1))
				other.opts.TablePrefix = ""
				st = other.on(t, db)
				namesBoth("Check", st.Check(t.Context()))
				_ = gateStaysClosed(t, st, key)
				if _, err := st.Append(t.Context(), event("n", key, store.OptOut, 2)); err == nil {
					require.Equal(t, []string{"m", "n"}, ids(t, right, key), "what is acknowledged is there")
				}
				consistent(t, right, key)
			})
		}
	}
}

// TestAReadOnlyConnection gives the right answers and records nothing.
func TestAReadOnlyConnection(t *testing.T) {
	for name, params := range map[string][]string{
		mainPostgres: {"default_transaction_read_only=on"}, // lib/pq begins read write all the same
		mainMySQL:    {"tx_read_only=1"},
		mainSQLite:   {"_pragma=query_only(1)"},
		bareSQLite:   {"mode=ro"},
	} {
		t.Run(name, func(t *testing.T) {
			v := named(name)[0]
			dsn := v.database(t)
			right, _ := v.readyAt(t, dsn)
			stopped, other := newKey(), newKey()
			appendNow(t, right, event("m", stopped, store.OptOut, 1))
			db := v.open(t, dsn+separator(dsn)+strings.Join(params, "&"))
			st := v.on(t, db)
			refusesAll(t, st, "read-only")
			require.NoError(t, gateStaysClosed(t, st, stopped))
			d, err := newGuard(t, st).Gate(t.Context(), other.Account, other.Number)
			require.NoError(t, err)
			require.True(t, d.Allowed)
			require.ErrorContains(t, v.withPrefix("none_").on(t, db).Migrate(t.Context()), "read-only")
			require.Equal(t, []string{"m"}, ids(t, right, stopped))
		})
	}
}

// separator is what comes before another parameter of a DSN.
func separator(dsn string) string {
	if strings.Contains(dsn, "?") {
		return "&"
	}
	return "?"
}

// TestARoleWithoutRightsOnOneTable cannot record what it may not write, and an error says so.
func TestARoleWithoutRightsOnOneTable(t *testing.T) {
	const role = "consent_limited"
	for _, v := range roleVariants(mainMySQL) {
		t.Run(v.name, func(t *testing.T) {
			dsn := v.database(t)
			right, admin := v.readyAt(t, dsn)
			to, limited := limitedRole(t, v, admin, dsn, role)
			db := v.open(t, limited)
			st := v.on(t, db)
			tables := []string{"version", "state", "events", "holds"}
			for _, without := range tables {
				t.Run(without, func(t *testing.T) {
					for _, table := range tables {
						if table != without {
							must(t, admin, fmt.Sprintf("GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %s", v.table(table), to))
						}
					}
					defer func() {
						for _, table := range tables {
							if table != without {
								must(t, admin, fmt.Sprintf("REVOKE ALL ON %s FROM %s", v.table(table), to))
							}
						}
					}()
					stopped, fresh := newKey(), newKey()
					appendNow(t, right, event("m", stopped, store.OptOut, 1))
					gateErr := gateStaysClosed(t, st, stopped)
					switch without {
					case "version":
						require.Error(t, st.Check(t.Context()))
						require.ErrorContains(t, st.Migrate(t.Context()), "no permission")
						appendNow(t, st, event("n", stopped, store.OptOut, 2)) // which does not need the table
					case "state":
						require.ErrorContains(t, gateErr, "no permission")
						fallthrough
					default:
						for _, action := range []store.Action{store.OptOut, store.Hold} {
							if _, err := st.Append(t.Context(), event("o", fresh, action, 1)); err != nil {
								require.ErrorContains(t, err, "no permission")
							} else {
								require.Equal(t, "holds", without, "acknowledged without a right on %s", without)
							}
							consistent(t, right, fresh)
						}
					}
					consistent(t, right, stopped)
				})
			}
		})
	}
}

// roleVariants are PostgreSQL, with -stress through both drivers, and others.
func roleVariants(others ...string) []variant {
	others = append(others, mainPostgres)
	if *stressFlag {
		others = append(others, "postgres-pq")
	}
	return named(others...)
}

// limitedRole makes a role that may log in and nothing else, and returns its name in GRANT and
// the DSN of its connections.
func limitedRole(t *testing.T, v variant, admin *sql.DB, dsn, role string) (to, limited string) {
	t.Helper()
	if v.dialect == sqlstore.PostgreSQL {
		_, err := admin.ExecContext(t.Context(), "CREATE ROLE "+role)
		if err != nil {
			require.ErrorContains(t, err, "exists") // from the test of another driver
		}
		must(t, admin, "GRANT USAGE, CREATE ON SCHEMA public TO "+role)
		return role, dsn + separator(dsn) + "role=" + role
	}
	if v.server(t).Foreign() {
		t.Skip("it would make a user of a server that somebody else runs")
	}
	config, err := mysql.ParseDSN(dsn)
	require.NoError(t, err)
	to = "'" + role + "'@'127.0.0.1'"
	must(t, admin, "CREATE USER IF NOT EXISTS "+to)
	config.User = role
	return to, config.FormatDSN()
}

// TestASchemaThatCannotBe is a reserved word, is not there, or is written in other letters.
func TestASchemaThatCannotBe(t *testing.T) {
	for name, schemas := range map[string]map[string]string{ // what the error of Migrate says
		mainPostgres: {"user": "syntax error", "order": "syntax error", "nowhere": "no such schema", "Odd": "no such schema"},
		mainMySQL:    {"order": "no such schema", "nowhere": "no such schema"},
		mainSQLite:   {"order": "", "nowhere": ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := named(name)[0]
			right, db := v.ready(t)
			if v.dialect == sqlstore.PostgreSQL {
				must(t, db, `CREATE SCHEMA IF NOT EXISTS "Odd"`, `CREATE SCHEMA IF NOT EXISTS "order"`)
			}
			key := newKey()
			appendNow(t, right, event("m", key, store.OptOut, 1))
			for schema, says := range schemas {
				own := v
				own.opts.Schema = schema
				st := own.on(t, db)
				require.Error(t, st.Check(t.Context()), schema)
				err := st.Migrate(t.Context())
				require.ErrorContains(t, err, fmt.Sprintf("Options.Schema %q", schema))
				require.ErrorContains(t, err, says)
				require.Error(t, gateStaysClosed(t, st, key), schema)
				_, err = st.Append(t.Context(), event("n", key, store.OptOut, 2))
				require.Error(t, err, schema)
			}
			for _, odd := range []string{"a-b", "a b", "ä", `a"b`, "1a", "a.b", "a;b", strings.Repeat("a", 41)} {
				own := v
				own.opts.Schema = odd
				_, err := sqlstore.New(db, v.dialect, &own.opts)
				require.ErrorContains(t, err, "Schema")
			}
			require.Equal(t, []string{"m"}, ids(t, right, key))
		})
	}
}

// TestASearchPathDoesNotLeadElsewhere: with Options.Schema no schema that is searched first, and
// no temporary table, stands in for the tables; without, a path that has none is an error.
func TestASearchPathDoesNotLeadElsewhere(t *testing.T) {
	for _, v := range roleVariants() {
		t.Run(v.name, func(t *testing.T) {
			dsn := v.database(t)
			v.opts.Schema = ownSchema
			right, admin := v.readyAt(t, dsn)
			key := newKey()
			appendNow(t, right, event("m", key, store.OptOut, 1))
			must(t, admin, "CREATE SCHEMA shadow")
			shadow := v
			shadow.opts.Schema = "shadow"
			require.NoError(t, shadow.on(t, admin).Migrate(t.Context()))

			for n, path := range []string{"shadow", "shadow,public", "", "pg_temp", "nowhere"} {
				db := v.open(t, dsn+separator(dsn)+"search_path="+path)
				db.SetMaxOpenConns(1)
				for _, table := range []string{"version", "state", "events", "holds"} {
					must(t, db, fmt.Sprintf("CREATE TEMPORARY TABLE %s%s (LIKE shadow.%[1]s%[2]s)", sqlstore.DefaultPrefix, table))
				}
				st := v.on(t, db)
				require.NoError(t, st.Check(t.Context()), path)
				require.NoError(t, st.Migrate(t.Context()), path)
				require.NoError(t, gateStaysClosed(t, st, key), path)
				appendNow(t, st, event(fmt.Sprint("m", n), key, store.OptOut, n+2))
				require.Zero(t, one(t, db, "SELECT COUNT(*) FROM pg_temp."+sqlstore.DefaultPrefix+"events"))
			}
			require.Equal(t, []string{"m", "m0", "m1", "m2", "m3", "m4"}, ids(t, right, key))
			consistent(t, right, key)
			require.Zero(t, one(t, admin, "SELECT COUNT(*) FROM shadow.consent_events"))

			nowhere := v
			nowhere.opts.Schema = ""
			st := nowhere.on(t, v.open(t, dsn+separator(dsn)+"search_path=nowhere"))
			require.Zero(t, schemaErrorOf(t, st.Check(t.Context())).Have)
			require.ErrorContains(t, st.Migrate(t.Context()), "no such schema")
			require.ErrorContains(t, gateStaysClosed(t, st, key), "no such table")
			_, err := st.Append(t.Context(), event("n", key, store.OptOut, 2))
			require.ErrorContains(t, err, "no such table")
		})
	}
}
