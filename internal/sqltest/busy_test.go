package sqltest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// TestAFirstAppendWaitsForALockedSQLite: also its statements are prepared by reading
// the schema, which another connection may keep locked.
func TestAFirstAppendWaitsForALockedSQLite(t *testing.T) {
	v := named(bareSQLite)[0]
	v.opts.MaxRetries = neverGivesUp // whoever has the lock may be slow
	dsn := v.database(t)
	require.NoError(t, v.on(t, v.open(t, dsn)).Migrate(t.Context()))
	conn, err := v.open(t, dsn).Conn(t.Context())
	require.NoError(t, err)
	defer conn.Close()
	must(t, conn, "BEGIN EXCLUSIVE")
	ended := make(chan error, 1)
	time.AfterFunc(20*time.Millisecond, func() {
		_, err := conn.ExecContext(context.Background(), "COMMIT")
		ended <- err
	})
	appendNow(t, v.on(t, v.open(t, dsn)), event("m", newKey(), store.OptOut, 1))
	require.NoError(t, <-ended)
}
