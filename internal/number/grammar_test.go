package number

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheGrammar reads the lines of the grammar in doc.go.
func TestTheGrammar(t *testing.T) {
	raw, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	rules := 0
	for line := range strings.Lines(string(raw)) {
		row, isRow := strings.CutPrefix(strings.TrimRight(line, "\n"), "//\t")
		if !isRow {
			continue
		}
		rules++
		field := strings.Split(row, " | ")
		require.Len(t, field, 6, row)
		for i := range field {
			field[i] = strings.TrimSpace(field[i])
		}
		text := func(field string) string {
			text, err := strconv.Unquote(`"` + strings.ReplaceAll(field, `"`, `\"`) + `"`)
			require.NoError(t, err, row)
			return text
		}
		r := reader(t, field[1])
		if n := r.Read(text(field[2])); !n.Valid || n.Key != field[3] {
			t.Errorf("%s\n%q is %q (%v)", row, field[2], n.Key, n.Fault)
		}
		if n := r.Read(text(field[4])); n.Valid || n.Fault.String() != field[5] {
			t.Errorf("%s\n%q is %q (%v)", row, field[4], n.Key, n.Fault)
		}
	}
	require.Greater(t, rules, 30)
}
