package sqltest_test

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store/sqlstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

// quickCases are cases of the suite that together run each statement of the store.
var quickCases = []string{
	"RandomEvents", "Times", "LongText", "KeyByteForByte", "IDByteForByte", "UnknownKey", "Duplicate", "ReusedID", "Retracts",
	"HoldOpens", "HoldWaits", "HoldEnds", "ReleaseEndsOne", "UpholdOptsOut", "ReviewsLimit", "ReviewsCursor", "ReviewsSlice",
	"HistoryCursor", "HistorySlice", "BatchSlice", "ListCursor", "ListSlice", "SearchSlice", "CountNow", "EventIDsSlice", "RecordsSlice",
	"ChangesCursor", "ChangesSlice", "ChangesBatch", "AppendBatchOrder", "AppendBatchDuplicate", "AppendBatchSlice",
	"EraseOne", "EraseKeeps", "EraseListed", "VoidAgain", "VoidNames",
}

// allBut returns what the suite skips to play these cases only.
func allBut(cases []string) map[string]string {
	skip := map[string]string{}
	for name := range storetest.Cases() {
		if !slices.Contains(cases, name) {
			skip[name] = "other tests of this engine play it"
		}
	}
	return skip
}

// answered prints an error as a child's answer, or "ok".
func answered(err error) error {
	answer := "ok"
	if err != nil {
		answer = err.Error()
	}
	_, err = fmt.Println(strings.ReplaceAll(answer, "\n", " "))
	return err
}

// suite is a child that plays a part of the suite.
func suite(ctx context.Context, st *sqlstore.Store, _ string) error {
	return answered(storetest.Check(ctx, st, &storetest.Options{Timeout: time.Minute, Late: time.Minute, Skip: allBut(quickCases)}))
}

// newestMigration returns the number of the newest migration of this tree.
func newestMigration(t *testing.T) (newest int) {
	t.Helper()
	files, err := os.ReadDir("../../store/sqlstore/migrations/sqlite")
	require.NoError(t, err)
	_, err = fmt.Sscanf(files[len(files)-1].Name(), "%d_", &newest)
	require.NoError(t, err)
	return newest
}

// build compiles the tests of a tree, and returns the program.
func build(t *testing.T, dir string, flags ...string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "sqltest")
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"test", "-c", "-o", program}, flags...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

// withTheNext is the program of this tree and a next migration, which adds to each table.
func withTheNext(t *testing.T) string {
	t.Helper()
	replace := map[string]string{}
	for _, d := range []sqlstore.Dialect{sqlstore.SQLite, sqlstore.PostgreSQL, sqlstore.MySQL} {
		file, err := filepath.Abs(fmt.Sprintf("../../store/sqlstore/migrations/%s/%04d_next.up.sql", d, newestMigration(t)+1))
		require.NoError(t, err)
		replace[file], err = filepath.Abs(filepath.Join("testdata", "next", string(d)+".sql"))
		require.NoError(t, err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	name := filepath.Join(t.TempDir(), "overlay.json")
	require.NoError(t, os.WriteFile(name, overlay, 0o600))
	return build(t, ".", "-overlay", name)
}

// before is the program of the commit before the newest migration. The first migration has none
// before it: then it is that of the last commit.
func before(t *testing.T) string {
	t.Helper()
	git := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = filepath.Join("..", "..")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "git %v: %s", args, out)
		return strings.TrimSpace(string(out))
	}
	commit := "HEAD"
	if newest := newestMigration(t); newest > 1 {
		added := git("log", "-1", "--diff-filter=A", "--format=%H", "--", fmt.Sprintf("store/sqlstore/migrations/sqlite/%04d_*", newest))
		if added != "" { // it is committed
			commit = added + "^"
		}
	}
	dir := t.TempDir()
	archive := filepath.Join(dir, "tree.zip")
	git("archive", "--format=zip", "-o", archive, commit)
	tree, err := zip.OpenReader(archive)
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(filepath.Join(dir, "tree"), tree))
	require.NoError(t, tree.Close())
	return build(t, filepath.Join(dir, "tree", "internal", "sqltest"))
}

// TestProgramsBeforeAndAfterAMigrationShareADatabase: while an app is deployed, programs of both
// versions run. Each plays the suite on the tables of the other.
func TestProgramsBeforeAndAfterAMigrationShareADatabase(t *testing.T) {
	if !*stressFlag {
		t.Skip("it builds other versions of this program: -stress")
	}
	own, err := os.Executable()
	require.NoError(t, err)
	newest := newestMigration(t)
	for _, pair := range []struct {
		name         string
		older, newer string
		olderVersion int
		newerVersion int
	}{
		{"the next migration", own, withTheNext(t), newest, newest + 1},
		{"the last commit before the newest migration", before(t), own, max(newest-1, 1), newest},
	} {
		t.Run(pair.name, func(t *testing.T) {
			beside(t, mainVariants(), func(t *testing.T, v variant) {
				t.Helper()
				dsn := v.database(t)
				ask := func(program, role string) string {
					p := spawnProgram(t, program, v, dsn, role, "")
					answer := strings.Join(p.rest(t), "\n")
					require.True(t, p.cmd.ProcessState.Success(), "%s: %v", role, answer)
					return answer
				}
				st := v.on(t, v.open(t, dsn)) // of this tree
				// together has both programs write the same keys at once.
				together := func() {
					account := fmt.Sprint("seed ", rand.Uint64())
					t.Log(account)
					other := pair.newer
					if pair.newer == own {
						other = pair.older
					}
					p := spawnProgram(t, other, v, dsn, "mixer", account)
					require.NoError(t, mix(t.Context(), st, account, 0))
					p.ended(t)
					agree(t, st, account)
				}
				migrated := pair.olderVersion != pair.newerVersion

				// The tables of the older program.
				require.Equal(t, "ok", ask(pair.older, "migrate"))
				require.Equal(t, "ok", ask(pair.older, "check"))
				if migrated {
					require.Contains(t, ask(pair.newer, "check"),
						fmt.Sprintf("the schema has version %d, this program wants %d: run Migrate", pair.olderVersion, pair.newerVersion))
				}
				if migrated {
					require.Equal(t, "ok", ask(pair.newer, "suite"), "the newer program on the older tables")
				}
				together()

				// The newer program migrates while the older one writes.
				account := fmt.Sprint("seed ", rand.Uint64())
				writing := spawnProgram(t, pair.older, v, dsn, "mixer", account)
				require.Equal(t, "ok", ask(pair.newer, "migrate"))
				require.NoError(t, mix(t.Context(), st, account, 0))
				writing.ended(t)
				agree(t, st, account)

				// The tables of the newer program.
				require.Equal(t, "ok", ask(pair.newer, "check"))
				require.Equal(t, "ok", ask(pair.newer, "migrate"))
				if migrated {
					newer := fmt.Sprintf("the schema has version %d, this program knows %d: run a newer program", pair.newerVersion, pair.olderVersion)
					require.Contains(t, ask(pair.older, "check"), newer)
					require.Contains(t, ask(pair.older, "migrate"), newer)
					require.Equal(t, "ok", ask(pair.newer, "suite"), "the newer program on the newer tables")
				}
				require.Equal(t, "ok", ask(pair.older, "suite"), "the older program on the newer tables")
				together()
				require.Empty(t, audited(t.Context(), t, st, nil))
			})
		})
	}
}
