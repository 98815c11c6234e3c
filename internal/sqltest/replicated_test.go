package sqltest_test

import (
	"database/sql"
	"database/sql/driver"
	"testing"

	"github.com/seed-f10031e4/consent/internal/model"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// modelAndFaults plays the random model, and has each call of the driver fail once, on a
// database that is replicated. The rounds are short: a commit takes several disks.
func modelAndFaults(t *testing.T, v variant, connector driver.Connector, st *sqlstore.Store, look *sql.DB) {
	t.Helper()
	must(t, look, dropHost, hostTable)
	t.Run("Model", func(t *testing.T) {
		model.Run(t, func() store.Store { return st }, model.Options{Steps: 300, Seed: *seedFlag, Faults: true})
	})
	t.Run("Append", func(t *testing.T) { failCalls(t, playWithFaults, v, connector, st, look, false) })
	t.Run("InTx", func(t *testing.T) { failCalls(t, playInTxWithFaults, v, connector, st, look, false) })
}
