package server_test

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/sqltest/server"
)

var stressFlag = flag.Bool("stress", false, "start clusters too")

func onlyInStress(t *testing.T) {
	t.Helper()
	if !*stressFlag {
		t.Skip("it starts several servers: -stress")
	}
}

// begun returns what start starts, or skips the test with the reason why it cannot.
func begun[T interface{ Stop() error }](t *testing.T, start func(context.Context) (T, error)) T {
	t.Helper()
	begin := time.Now()
	s, err := start(t.Context())
	if errors.Is(err, server.ErrNotInstalled) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, s.Stop())
		require.NoError(t, s.Stop(), "a second time")
	})
	t.Log("started in", time.Since(begin))
	return s
}

func open(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() }) // it cannot take leave of a node that was killed
	return db
}

func must(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

// insert inserts a row as a host does: until a node that has just lost another one takes it.
func insert(t *testing.T, db *sql.DB, n int) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, err := db.ExecContext(t.Context(), "INSERT IGNORE INTO kept VALUES (?)", n)
		return err == nil
	}, 2*time.Minute, 50*time.Millisecond)
}

func count(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM kept").Scan(&n))
	return n
}

func TestAClusterGoesOnWithoutANode(t *testing.T) {
	onlyInStress(t)
	c := begun(t, server.Galera)
	require.Equal(t, 3, c.Size())
	require.NoError(t, c.CreateDatabase(t.Context(), "kept", ""))
	var nodes []*sql.DB
	for i := range c.Size() {
		nodes = append(nodes, open(t, "mysql", c.DSN(i, "kept", "wsrep_sync_wait=1")))
	}
	must(t, nodes[0], "CREATE TABLE kept (n INTEGER PRIMARY KEY)")
	for i, node := range nodes {
		_, err := node.ExecContext(t.Context(), "INSERT INTO kept VALUES (?)", i)
		require.NoError(t, err)
		require.Equal(t, i+1, count(t, nodes[(i+1)%len(nodes)]))
	}

	require.NoError(t, c.Kill(2))
	require.Error(t, nodes[2].PingContext(t.Context()))
	insert(t, nodes[0], 3)
	begin := time.Now()
	require.NoError(t, c.Rejoin(t.Context(), 2))
	t.Log("node 2 is back after", time.Since(begin))
	require.Equal(t, 4, count(t, nodes[2]))

	require.NoError(t, c.Settled(t.Context(), 0, 1, 2))
	require.NoError(t, c.Pause(1))
	insert(t, nodes[0], 4)
	require.NoError(t, c.Resume(1))
	begin = time.Now()
	require.NoError(t, c.Settled(t.Context(), 0, 1, 2))
	t.Log("node 1 is back after", time.Since(begin))
	require.Equal(t, 5, count(t, nodes[1]))
	require.NoError(t, c.Pause(1), "it is stopped in this state, too")
}

func TestAStandbyHasWhatWasCommitted(t *testing.T) {
	onlyInStress(t)
	p := begun(t, server.PostgresPair)
	require.NoError(t, p.Primary.CreateDatabase(t.Context(), "kept", ""))
	primary := open(t, "pgx", p.Primary.DSN("kept"))
	must(t, primary, "CREATE TABLE kept (n INTEGER PRIMARY KEY)")
	require.NoError(t, p.StopReceiver(t.Context()))
	hangs, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := primary.ExecContext(hangs, "INSERT INTO kept VALUES (1)")
	require.ErrorIs(t, err, context.DeadlineExceeded, "a commit waits for the standby")
	require.NoError(t, p.StartReceiver(t.Context()))
	must(t, primary, "INSERT INTO kept VALUES (2)")

	require.NoError(t, p.Primary.Kill())
	require.Error(t, primary.PingContext(t.Context()))
	begin := time.Now()
	require.NoError(t, p.Promote(t.Context()))
	t.Log("promoted in", time.Since(begin))
	standby := open(t, "pgx", p.Standby.DSN("kept"))
	require.Contains(t, []int{1, 2}, count(t, standby), "the row that was acknowledged, and perhaps the one that was not")
	_, err = standby.ExecContext(t.Context(), "INSERT INTO kept VALUES (2)")
	require.Error(t, err, "it is there")
	must(t, standby, "INSERT INTO kept VALUES (3)")
}

// TestAPoolerSharesOneConnection: two transactions of two clients are of one backend.
func TestAPoolerSharesOneConnection(t *testing.T) {
	onlyInStress(t)
	postgres := begun(t, server.Postgres)
	pooler := begun(t, func(ctx context.Context) (*server.Server, error) { return server.PgBouncer(ctx, postgres, 1) })
	require.False(t, pooler.Foreign())
	var backends [2]int
	for i := range backends {
		db := open(t, "pgx", pooler.DSN("postgres", "default_query_exec_mode=simple_protocol"))
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT pg_backend_pid()").Scan(&backends[i]))
	}
	require.Equal(t, backends[0], backends[1])
	require.NoError(t, pooler.Kill())
	require.NoError(t, pooler.Restart(t.Context()))

	// Another program takes the port that was free.
	var taken []string
	other := begun(t, func(ctx context.Context) (*server.Server, error) {
		return server.PgBouncerAfter(ctx, postgres, func(addr string) {
			if taken = append(taken, addr); len(taken) == 1 {
				listener, err := net.Listen("tcp", addr)
				require.NoError(t, err)
				t.Cleanup(func() { _ = listener.Close() })
			}
		})
	})
	require.Len(t, taken, 2)
	require.NotEqual(t, taken[0], other.Addr())
}
