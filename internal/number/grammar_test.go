package number

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// grammarTable is a table of the grammar in doc.go, and the paragraph before it.
type grammarTable struct {
	about string
	lines []grammarLine
}

// grammarLine is a line of the grammar, with its texts as doc.go writes them. in is a
// region, or a channel.
type grammarLine struct {
	rule, in, text, key, refused, fault string
}

// theGrammar returns the tables of doc.go.
func theGrammar(t *testing.T) (tables []grammarTable) {
	t.Helper()
	raw, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	about := ""
	for paragraph := range strings.SplitSeq(string(raw), "\n//\n") {
		if !strings.HasPrefix(paragraph, "//\t") {
			about = strings.TrimPrefix(strings.ReplaceAll(paragraph, "\n// ", " "), "// ")
			continue
		}
		table := grammarTable{about: about}
		for row := range strings.SplitSeq(paragraph, "\n") {
			row, isRow := strings.CutPrefix(row, "//\t")
			if !isRow {
				break // the package clause
			}
			field := strings.Split(row, " | ")
			require.Len(t, field, 6, row)
			for i := range field {
				field[i] = strings.TrimSpace(field[i])
			}
			table.lines = append(table.lines, grammarLine{field[0], field[1], field[2], field[3], field[4], field[5]})
		}
		tables = append(tables, table)
	}
	return tables
}

// reader returns the Reader for a line.
func (l grammarLine) reader(t *testing.T) *Reader {
	t.Helper()
	if isChannel := strings.ToLower(l.in) == l.in; isChannel && l.in != "" {
		return listing(t, "", l.in)
	}
	return reader(t, l.in)
}

// unescape returns a text of a line as it is.
func unescape(t *testing.T, text string) string {
	t.Helper()
	unescaped, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	require.NoError(t, err, text)
	return unescaped
}

// TestTheGrammar reads the lines of the grammar.
func TestTheGrammar(t *testing.T) {
	lines := 0
	for _, table := range theGrammar(t) {
		for _, line := range table.lines {
			lines++
			r := line.reader(t)
			if n := r.Read(unescape(t, line.text)); !n.IsContact() || n.Key != line.key {
				t.Errorf("%s: %q is %q (%v)", line.rule, line.text, n.Key, n.Fault)
			}
			if n := r.Read(unescape(t, line.refused)); n.IsContact() || n.Fault.String() != line.fault {
				t.Errorf("%s: %q is %q (%v)", line.rule, line.refused, n.Key, n.Fault)
			}
		}
	}
	require.Greater(t, lines, 50)
}

const document = "../../docs/numbers.md"

// TestDocumentsShowTheGrammar computes the tables of docs/numbers.md: the faults, each with
// its first example, and the lines of the grammar as they are read.
func TestDocumentsShowTheGrammar(t *testing.T) {
	raw, err := os.ReadFile(document)
	require.NoError(t, err)
	page := string(raw)
	tables := theGrammar(t)
	for name, table := range map[string]string{"faults": faultTable(t, tables), "grammar": grammarTables(t, tables)} {
		begin, end := "<!-- table: "+name+" -->\n", "<!-- end of table -->"
		before, rest, found := strings.Cut(page, begin)
		require.True(t, found, "%s has no %q", document, begin)
		shown, after, found := strings.Cut(rest, end)
		require.True(t, found)
		if !*update {
			require.Equal(t, table, shown, "run `make golden`")
		}
		page = before + begin + table + end + after
	}
	if *update {
		require.NoError(t, os.WriteFile(document, []byte(page), 0o644))
	}
}

func code(text string) string { return "`" + text + "`" }

func grammarTables(t *testing.T, tables []grammarTable) string {
	t.Helper()
	var b strings.Builder
	for _, table := range tables {
		fmt.Fprintf(&b, "\n%s\n\n| rule | in | read | as | refused | why |\n|---|---|---|---|---|---|\n", table.about)
		for _, line := range table.lines {
			r := line.reader(t)
			number, refused := r.Read(unescape(t, line.text)), r.Read(unescape(t, line.refused))
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %v |\n",
				line.rule, line.in, code(line.text), code(number.Key), code(line.refused), refused.Fault)
		}
	}
	return b.String() + "\n"
}

// faultComment is the line of a fault in fault.go.
var faultComment = regexp.MustCompile(`(?m)^\t[A-Z]\w+ +// (.*)$`)

func faultTable(t *testing.T, tables []grammarTable) string {
	t.Helper()
	source, err := os.ReadFile("fault.go")
	require.NoError(t, err)
	comments := faultComment.FindAllStringSubmatch(string(source), -1)
	words := FaultWords()[1:] // without "none"
	require.Len(t, comments, len(words))
	var b strings.Builder
	b.WriteString("| word | what it says | example | in |\n|---|---|---|---|\n")
	for i, word := range words {
		example := slices.IndexFunc(allLines(tables), func(l grammarLine) bool { return l.fault == word })
		require.GreaterOrEqual(t, example, 0, "no line of the grammar has the fault %q", word)
		line := allLines(tables)[example]
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", word, comments[i][1], code(line.refused), line.in)
	}
	return b.String()
}

func allLines(tables []grammarTable) (lines []grammarLine) {
	for _, table := range tables {
		lines = append(lines, table.lines...)
	}
	return lines
}
