package checks

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// sqlBlock is a block of SQL with the mark in front of it, which names a dialect.
var sqlBlock = regexp.MustCompile("(?m)^<!-- schema: (\\S+) -->\n```sql\n((?:[^\n]*\n)*?)```$")

// TestTheSchemaInREADMEIsTheOneThatIsMade compares each block of SQL in README.md
// with what sqlstore hands to migrators. With -update the blocks are rewritten.
func TestTheSchemaInREADMEIsTheOneThatIsMade(t *testing.T) {
	text := readme(t)
	blocks := 0
	shown := sqlBlock.ReplaceAllStringFunc(text, func(block string) string {
		blocks++
		parts := sqlBlock.FindStringSubmatch(block)
		files, err := sqlstore.Migrations(sqlstore.Dialect(parts[1]), nil)
		require.NoError(t, err)
		names, err := fs.Glob(files, "*.sql")
		require.NoError(t, err)
		want := ""
		for _, name := range names {
			sql, err := fs.ReadFile(files, name)
			require.NoError(t, err)
			want += "-- " + name + "\n" + string(sql)
		}
		if !*update {
			require.Equal(t, want, parts[2], "README.md shows another schema: run `make golden`")
		}
		return "<!-- schema: " + parts[1] + " -->\n```sql\n" + want + "```"
	})
	require.Equal(t, 1, blocks, "README.md shows one schema")
	if *update && shown != text {
		require.NoError(t, os.WriteFile(filepath.Join(root, "README.md"), []byte(shown), 0o644))
	}
}
