package checks

import (
	"io/fs"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// sqlBlock is a block of SQL with the mark in front of it, which names a dialect.
var sqlBlock = regexp.MustCompile("(?m)^<!-- schema: (\\S+) -->\n```sql\n((?:[^\n]*\n)*?)```$")

// TestTheSchemaInDocumentsIsTheOneThatIsMade compares each block of SQL in the documents
// with what sqlstore hands to migrators. With -update the blocks are rewritten.
func TestTheSchemaInDocumentsIsTheOneThatIsMade(t *testing.T) {
	blocks := 0
	for name, text := range documents(t) {
		rewrite(t, name, text, withSchema(t, name, text, &blocks))
	}
	require.Equal(t, 1, blocks, "one document shows one schema")
}

func withSchema(t *testing.T, name, text string, blocks *int) string {
	t.Helper()
	return sqlBlock.ReplaceAllStringFunc(text, func(block string) string {
		*blocks++
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
			require.Equal(t, want, parts[2], "%s shows another schema: run `make golden`", name)
		}
		return "<!-- schema: " + parts[1] + " -->\n```sql\n" + want + "```"
	})
}
