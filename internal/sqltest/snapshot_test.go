package sqltest_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// strictMariaDB returns a MariaDB that refuses to write over an old snapshot, as it
// does by default from 11.6 on.
func strictMariaDB(t *testing.T) variant {
	t.Helper()
	v := named(mainMySQL)[0]
	_, db := v.ready(t)
	if one(t, db, "SELECT COUNT(*) FROM information_schema.system_variables WHERE variable_name = 'innodb_snapshot_isolation'") == 0 {
		t.Skip("the server has no innodb_snapshot_isolation")
	}
	v.params = []string{"innodb_snapshot_isolation=ON"}
	v.name += "-snapshot" // with a database of its own
	return v
}

//nolint:contextcheck // the helpers take the context of the test, of which that of InTx is a child
func TestInTxRunsAgainWhereMariaDBRefusesItsSnapshot(t *testing.T) {
	v := strictMariaDB(t)
	st, db := v.ready(t)
	must(t, db, dropHost, hostTable)
	for name, use := range map[string]func(ctx context.Context, bound store.Store, key store.Key) error{
		"Append": func(ctx context.Context, bound store.Store, key store.Key) error {
			_, err := bound.Append(ctx, event("mine", key, store.OptOut, 3))
			return err
		},
		"Get": func(ctx context.Context, bound store.Store, key store.Key) error {
			state, err := bound.Get(ctx, key)
			if err == nil {
				require.Equal(t, store.OptedOut, state.Status)
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			key := newKey()
			appendNow(t, st, event("before", key, store.OptIn, 1))
			runs := 0
			require.NoError(t, st.InTx(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				runs++
				var n int
				if err := tx.QueryRowContext(ctx, hostCount).Scan(&n); err != nil {
					return err
				}
				if runs == 1 {
					appendNow(t, st, event("other", key, store.OptOut, 2))
				}
				err := use(ctx, st.WithTx(tx), key)
				if err != nil {
					require.ErrorIs(t, err, store.ErrConflict)
				}
				return err
			}))
			require.Equal(t, 2, runs)
			consistent(t, st, key)
		})
	}
}
