package orms_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tested are the libraries, as docs/databases.md lists them, and their tests.
var tested = map[string]func(*testing.T){
	"database/sql": TestDatabaseSQL, "sqlx": TestSqlx, "sqlc (database/sql)": TestSqlc, "GORM": TestGORM, "bun": TestBun, "ent": TestEnt,
	"pgxpool": TestPgxpool,
}

// TestTheDocumentListsTheLibraries that are tested, and no other.
func TestTheDocumentListsTheLibraries(t *testing.T) {
	text, err := os.ReadFile("../../docs/databases.md")
	require.NoError(t, err)
	_, table, found := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n| library | ")
	require.True(t, found)
	table, _, _ = strings.Cut(table, "\n\n")
	var listed []string
	for _, line := range strings.Split(table, "\n")[2:] {
		listed = append(listed, strings.Split(line, " | ")[0][len("| "):])
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(tested)), listed)
}
