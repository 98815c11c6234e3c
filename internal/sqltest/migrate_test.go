package sqltest_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// withPrefix returns the variant with another TablePrefix.
func (v variant) withPrefix(prefix string) variant {
	v.opts.TablePrefix = prefix
	return v
}

// schemaErrorOf returns the *SchemaError that an error must be.
func schemaErrorOf(t *testing.T, err error) *sqlstore.SchemaError {
	t.Helper()
	var schema *sqlstore.SchemaError
	require.ErrorAs(t, err, &schema)
	return schema
}

// handStatements are the SQL that a migrator runs, one after the other.
func handStatements(t *testing.T, v variant) []string {
	t.Helper()
	files, err := sqlstore.Migrations(v.dialect, &v.opts)
	require.NoError(t, err)
	var all []string
	require.NoError(t, fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		require.Regexp(t, `^\d{4}_\w+\.up\.sql$`, path)
		text, err := fs.ReadFile(files, path)
		for statement := range strings.SplitSeq(sqlComment.ReplaceAllString(string(text), ""), ";") {
			if statement = strings.TrimSpace(statement); statement != "" {
				all = append(all, statement)
			}
		}
		return err
	}))
	require.NotEmpty(t, all)
	return all
}

var (
	sqlComment = regexp.MustCompile(`--[^\n]*`)
	blanks     = regexp.MustCompile(`\s+`)
)

// dump describes the tables and indexes whose names have the prefix, with P_ in
// its place; the version is the last line.
func dump(t *testing.T, v variant, db *sql.DB) []string {
	t.Helper()
	queries := map[sqlstore.Dialect][]string{
		sqlstore.SQLite: {"SELECT type || ' ' || name || ' ' || sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"},
		sqlstore.PostgreSQL: {
			`SELECT concat_ws(' ', table_name, column_name, ordinal_position, data_type, is_nullable, collation_name, column_default)
				FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position`,
			"SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY indexname",
		},
		sqlstore.MySQL: {
			`SELECT CONCAT_WS(' ', table_name, column_name, ordinal_position, column_type, is_nullable, collation_name, column_default)
				FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position`,
			`SELECT CONCAT_WS(' ', table_name, index_name, non_unique, seq_in_index, column_name)
				FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index`,
		},
	}
	prefix := v.table("")
	lines := []string{}
	for _, query := range queries[v.dialect] {
		for _, line := range texts(t, db, query) {
			if strings.Contains(line, prefix) {
				lines = append(lines, blanks.ReplaceAllString(strings.ReplaceAll(line, prefix, "P_"), " "))
			}
		}
	}
	slices.Sort(lines) // by the names as they are dumped
	if len(lines) > 0 {
		var version sql.NullInt64
		if db.QueryRowContext(t.Context(), "SELECT MAX(version) FROM "+v.table("version")).Scan(&version) == nil {
			lines = append(lines, fmt.Sprint("version ", version.Int64))
		}
	}
	return lines
}

// texts returns the one column of a query.
func texts(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var text string
		require.NoError(t, rows.Scan(&text))
		all = append(all, text)
	}
	require.NoError(t, rows.Err())
	return all
}

func TestCheckTellsWhatIsThereAndWhatIsWanted(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		db := v.open(t, v.database(t))
		st := v.on(t, db)
		none := schemaErrorOf(t, st.Check(t.Context()))
		require.Zero(t, none.Have)
		require.Positive(t, none.Want)
		require.Empty(t, dump(t, v, db), "Check wrote something")
		_, err := st.Append(t.Context(), event("m", newKey(), store.OptOut, 1))
		require.Error(t, err)
		require.Empty(t, dump(t, v, db), "Append made tables")

		require.NoError(t, st.Migrate(t.Context()))
		require.NoError(t, st.Check(t.Context()))
		made := dump(t, v, db)

		must(t, db, fmt.Sprintf("UPDATE %s SET version = %d WHERE version = %d", v.table("version"), none.Want+1, none.Want))
		newer := &sqlstore.SchemaError{Have: none.Want + 1, Want: none.Want}
		changed := dump(t, v, db)
		require.Equal(t, newer, schemaErrorOf(t, st.Check(t.Context())))
		require.Equal(t, newer, schemaErrorOf(t, st.Migrate(t.Context())))
		require.Equal(t, changed, dump(t, v, db), "Migrate changed what is newer than it")

		must(t, db, "DELETE FROM "+v.table("version"))
		require.Equal(t, none, schemaErrorOf(t, st.Check(t.Context())))
		require.NoError(t, st.Migrate(t.Context()))
		require.Equal(t, made, dump(t, v, db))
	})
}

func TestMigrateAgainChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		made := dump(t, v, db)
		key := newKey()
		appendNow(t, st, event("m", key, store.OptOut, 1))
		for range 2 {
			require.NoError(t, st.Migrate(t.Context()))
		}
		require.NoError(t, st.Check(t.Context()))
		require.Equal(t, made, dump(t, v, db))
		require.Equal(t, []string{"m"}, ids(t, st, key))

		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		require.Error(t, st.Migrate(cancelled))
		require.Error(t, st.Check(cancelled))
		require.NoError(t, st.Migrate(t.Context()), "the lock of a Migrate that was cancelled is held")
		require.Zero(t, db.Stats().InUse)
	})
}

func TestProcessesThatMigrateTogetherTakeTurns(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		dsn := v.database(t)
		v.opts.MaxRetries = neverGivesUp
		var stores []*sqlstore.Store
		var last *sql.DB
		for range 4 {
			last = v.open(t, dsn)
			stores = append(stores, v.on(t, last))
		}
		errs := make([]error, len(stores))
		var wg sync.WaitGroup
		for i, st := range stores {
			wg.Go(func() { errs[i] = errors.Join(st.Migrate(t.Context()), st.Check(t.Context())) })
		}
		wg.Wait()
		require.NoError(t, errors.Join(errs...))
		if v.opts.Schema == "" {
			require.NotEmpty(t, dump(t, v, last))
		}
		require.Equal(t, one(t, last, "SELECT MAX(version) FROM "+v.table("version")), one(t, last, "SELECT COUNT(*) FROM "+v.table("version")))
	})
}

func TestTwoPrefixesLiveSideBySide(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		db := v.open(t, v.database(t))
		// One that starts with the other, and the one that is the default.
		a, b, c := v.withPrefix("a_"), v.withPrefix("a_a_"), v.withPrefix("")
		key := newKey()
		for i, v := range []variant{a, b, c} {
			st := v.on(t, db)
			require.Zero(t, schemaErrorOf(t, st.Check(t.Context())).Have)
			require.NoError(t, st.Migrate(t.Context()))
			require.NoError(t, st.Check(t.Context()))
			require.Empty(t, ids(t, st, key))
			appendNow(t, st, event(fmt.Sprint(i), key, store.OptOut, 1))
		}
		for i, v := range []variant{a, b, c} {
			require.Equal(t, []string{fmt.Sprint(i)}, ids(t, v.on(t, db), key))
		}
	})
}

// TestAPrefixInOtherLetters: SQLite and PostgreSQL take it for the same tables, and
// MySQL may not; in either way the store is ready after Migrate.
func TestAPrefixInOtherLetters(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		db := v.open(t, v.database(t))
		require.NoError(t, v.withPrefix("Letters_").on(t, db).Migrate(t.Context()))
		other := v.withPrefix("letters_").on(t, db)
		require.NoError(t, other.Migrate(t.Context()))
		require.NoError(t, other.Check(t.Context()))
	})
}

// TestMigrateLeavesNoTransactionOpen: a driver may say that the context has ended when
// the BEGIN is done, and the connection goes back to the pool.
func TestMigrateLeavesNoTransactionOpen(t *testing.T) {
	v := named(mainSQLite)[0]
	for fail := 1; ; fail++ {
		dsn := v.database(t)
		plan := &faultPlan{err: errInjected, after: true, fail: fail}
		db := sql.OpenDB(faultConnector{v.connector(t, dsn), plan})
		closeAtEnd(t, db)
		db.SetMaxOpenConns(1)
		st := v.on(t, db)
		err := st.Migrate(t.Context())
		if len(plan.calls) < fail {
			require.NoError(t, err)
			require.Greater(t, fail, 10)
			return
		}
		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err, "call %d of Migrate failed, and the connection is in a transaction", fail)
		require.NoError(t, tx.Rollback())
		require.NoError(t, st.Migrate(t.Context()))
		require.NoError(t, st.Check(t.Context()))
	}
}

// TestCheckRefusesConnectionsThatDoNotReadWhatIsCommitted: an old snapshot that never
// ends, and what another transaction may roll back.
func TestCheckRefusesConnectionsThatDoNotReadWhatIsCommitted(t *testing.T) {
	for _, v := range variants() {
		if v.dialect != sqlstore.MySQL {
			continue
		}
		t.Run(v.name, func(t *testing.T) {
			st, db := v.ready(t)
			var isolation string // its name differs between servers
			require.NoError(t, db.QueryRowContext(t.Context(),
				"SELECT LOWER(variable_name) FROM information_schema.session_variables "+
					"WHERE variable_name IN ('tx_isolation', 'transaction_isolation') LIMIT 1").Scan(&isolation))
			require.NoError(t, st.Check(t.Context()))
			for setting, says := range map[string]string{
				"autocommit=0":                        "autocommit",
				isolation + "=%27READ-UNCOMMITTED%27": isolation,
				isolation + "=%27SERIALIZABLE%27":     "",
				isolation + "=%27REPEATABLE-READ%27":  "",
				isolation + "=%27READ-COMMITTED%27":   "",
			} {
				other := v
				other.params = append(slices.Clone(v.params), setting)
				odd := other.on(t, other.open(t, other.database(t)))
				require.NoError(t, odd.Migrate(t.Context()))
				if err := odd.Check(t.Context()); says == "" {
					require.NoError(t, err, setting)
				} else {
					require.ErrorContains(t, err, says, setting)
				}
			}
		})
	}
}

func TestMigrationsRunByHandMakeTheSameTables(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		if v.opts.Schema != "" {
			t.Skip("the dump is of the schema of the connection")
		}
		db := v.open(t, v.database(t))
		hand, own := v.withPrefix("hand_"), v.withPrefix("own_")
		must(t, db, handStatements(t, hand)...)
		require.NoError(t, hand.on(t, db).Check(t.Context()))
		require.NoError(t, own.on(t, db).Migrate(t.Context()))
		want := dump(t, own, db)
		require.NotEmpty(t, want)
		require.Equal(t, want, dump(t, hand, db))
		require.NoError(t, hand.on(t, db).Migrate(t.Context()))
		require.Equal(t, want, dump(t, hand, db))
	})
}

// TestMigrateGoesOnWhereOneStopped: a crash after each of the statements.
func TestMigrateGoesOnWhereOneStopped(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		db := v.open(t, v.database(t))
		whole := v.withPrefix("whole_")
		require.NoError(t, whole.on(t, db).Migrate(t.Context()))
		want := dump(t, whole, db)
		all := len(handStatements(t, whole))
		for done := range all + 1 {
			part := v.withPrefix(fmt.Sprintf("part%d_", done))
			st := part.on(t, db)
			must(t, db, handStatements(t, part)[:done]...)
			if done < all {
				schema := schemaErrorOf(t, st.Check(t.Context()))
				require.Less(t, schema.Have, schema.Want, "ready after %d of %d statements", done, all)
			}
			require.NoError(t, st.Migrate(t.Context()), "after %d of %d statements", done, all)
			require.NoError(t, st.Check(t.Context()))
			require.Equal(t, want, dump(t, part, db), "after %d of %d statements", done, all)
			key := newKey()
			appendNow(t, st, event("m", key, store.OptOut, 1))
			consistent(t, st, key)
		}
	})
}

func TestNewRefusesWhatItCannotWorkWith(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		db := v.open(t, v.database(t))
		for name, c := range map[string]struct {
			db      *sql.DB
			dialect sqlstore.Dialect
			opts    sqlstore.Options
		}{
			"db":          {nil, v.dialect, sqlstore.Options{}},
			"dialect":     {db, "oracle", sqlstore.Options{}},
			"TablePrefix": {db, v.dialect, sqlstore.Options{TablePrefix: `a"; DROP TABLE x; --`}},
			"Schema":      {db, v.dialect, sqlstore.Options{Schema: "a'b"}},
		} {
			_, err := sqlstore.New(c.db, c.dialect, &c.opts)
			require.ErrorContains(t, err, name)
		}
		require.Empty(t, dump(t, v.withPrefix("a"), db))
	})
}
