package sqltest_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/sqltest/server"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// fillDisk appends until the disk is full, and once more in each other way. An error says why,
// nothing that was acknowledged is missing, and nothing is half there.
func fillDisk(t *testing.T, st *sqlstore.Store, room func()) {
	t.Helper()
	var kept []store.Key
	random := make([]byte, 1_500)
	_, _ = rand.Read(random)
	text := base64.StdEncoding.EncodeToString(random) // which no database makes shorter
	add := func(key store.Key, appendOne appendFunc) error {
		ev := event("m", key, store.OptOut, 1)
		ev.Text = text
		return appendOne(t.Context(), st, ev)
	}
	const most = 20_000
	var err error
	for err == nil && len(kept) < most {
		key := newKey()
		if err = add(key, throughAppend); err == nil {
			kept = append(kept, key)
		}
	}
	require.ErrorContains(t, err, "the disk is full", "%d were recorded", len(kept))
	for range 5 { // a page that is not full may take one more
		for _, way := range []appendFunc{throughAppend, throughInTx, throughTwo} {
			key := newKey()
			if err := add(key, way); err == nil {
				kept = append(kept, key)
			} else {
				require.ErrorContains(t, err, "the disk is full")
				require.Empty(t, ids(t, st, key), "nothing is half there")
				require.NotPanics(t, func() { consistent(t, st, key) })
			}
		}
	}
	for _, key := range kept {
		require.NoError(t, gateStaysClosed(t, st, key))
		consistent(t, st, key)
	}
	t.Logf("%d were recorded", len(kept))
	room()
	require.Eventually(t, func() bool { return add(newKey(), throughAppend) == nil }, patience, 20*time.Millisecond, "there is room again")
	require.Empty(t, audited(t.Context(), t, st, nil))
}

// throughTwo appends a batch of the event and another key's.
func throughTwo(ctx context.Context, st *sqlstore.Store, ev store.Event) error {
	other := ev
	other.Key = newKey()
	_, err := st.AppendBatch(ctx, []store.Event{ev, other})
	return err
}

// TestAFullDisk has an SQLite that may not grow.
func TestAFullDisk(t *testing.T) {
	v := named(mainSQLite)[0]
	dsn := v.database(t)
	db := v.open(t, dsn)
	db.SetMaxOpenConns(1) // the limit is the connection's
	st := v.on(t, db)
	require.NoError(t, st.Migrate(t.Context()))
	must(t, db, "PRAGMA max_page_count = 120")
	fillDisk(t, st, func() { must(t, db, "PRAGMA max_page_count = 100000") })
}

// TestAFullDiskOfMariaDB has a table space that may not grow.
func TestAFullDiskOfMariaDB(t *testing.T) {
	onlyInStress(t)
	s := started(t, func(ctx context.Context) (*server.Server, error) {
		return server.MariaDBWith(ctx, "--innodb-file-per-table=0", "--innodb-autoextend-increment=1",
			"--innodb-data-file-path=ibdata1:12M:autoextend:max:16M")
	})
	const name = "consent_full"
	require.NoError(t, s.CreateDatabase(t.Context(), name, ""))
	v := named(mainMySQL)[0]
	db := v.open(t, s.DSN(name))
	must(t, db, "CREATE TABLE ballast (id INTEGER PRIMARY KEY, text LONGTEXT)", "INSERT INTO ballast VALUES (1, REPEAT('x', 1000000))")
	st := v.on(t, db)
	require.NoError(t, st.Migrate(t.Context()))
	fillDisk(t, st, func() { must(t, db, "DROP TABLE ballast") })
}

// TestAFullDiskOfPostgreSQL has the tables on a small disk of their own, where this program may
// mount one.
func TestAFullDiskOfPostgreSQL(t *testing.T) {
	onlyInStress(t)
	v := named(mainPostgres)[0]
	s := v.server(t)
	if s.Foreign() {
		t.Skip("its disk is somewhere else")
	}
	disk, err := os.MkdirTemp("/tmp", "consent-disk-") //nolint:usetesting // the server's user may not enter a folder of the test
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.Remove(disk)) })
	const small = "size=3m"
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", small, "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("no disk can be mounted: %s", out)
	}
	t.Cleanup(func() {
		out, err := exec.Command("umount", "-l", disk).CombinedOutput()
		require.NoError(t, err, "%s", out)
	})
	require.NoError(t, exec.CommandContext(t.Context(), "chown", "postgres", disk).Run())
	dsn := v.database(t)
	admin := v.open(t, dsn)
	const space = "consent_small"
	must(t, admin, fmt.Sprintf("CREATE TABLESPACE %s LOCATION '%s'", space, disk))
	db := v.open(t, dsn+separator(dsn)+"default_tablespace="+space)
	t.Cleanup(func() {
		ctx := context.Background()
		_, err := admin.ExecContext(ctx, "DROP TABLE IF EXISTS consent_state, consent_events, consent_holds, consent_version")
		require.NoError(t, err)
		_, err = admin.ExecContext(ctx, "DROP TABLESPACE "+space)
		require.NoError(t, err)
	})
	ballast := filepath.Join(disk, "ballast")
	require.NoError(t, os.WriteFile(ballast, make([]byte, 1<<19), 0o600))
	st := v.on(t, db)
	require.NoError(t, st.Migrate(t.Context()))
	fillDisk(t, st, func() { require.NoError(t, os.Remove(ballast)) })
}
