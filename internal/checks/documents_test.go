package checks

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// documents returns the Markdown files that may show code, by their paths from the root.
func documents(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, name := range files(t) {
		if filepath.Ext(name) == ".md" {
			text, err := os.ReadFile(filepath.Join(root, name))
			require.NoError(t, err)
			texts[name] = strings.ReplaceAll(string(text), "\r\n", "\n")
		}
	}
	require.Contains(t, texts, "README.md")
	return texts
}

// rewrite writes a document anew if -update changed it.
func rewrite(t *testing.T, name, before, after string) {
	t.Helper()
	if *update && before != after {
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(after), 0o644))
	}
}

// goBlock is a block of Go with the line in front of it.
var goBlock = regexp.MustCompile("(?m)^([^\n]*)\n```go\n((?:[^\n]*\n)*?)```$")

// regionMark names the place of the code, in front of a block that shows it.
var regionMark = regexp.MustCompile(`^<!-- (region|file): ([^\s#]+)(?:#(\S+))? -->$`)

// TestDocumentsShowCodeThatCompiles compares each block of Go in a document with the
// source that it names:
//
//	<!-- region: examples/quickstart/main.go#send -->
//	<!-- file: examples/embed/main.go -->
//
// The first names what is between "// region send" and "// endregion send". With -update
// the blocks are rewritten.
func TestDocumentsShowCodeThatCompiles(t *testing.T) {
	for name, text := range documents(t) {
		found := len(goBlock.FindAllString(text, -1))
		require.Equal(t, strings.Count(text, "```go\n"), found, "%s: a block of Go is indented or not closed", name)
		shown := goBlock.ReplaceAllStringFunc(text, func(block string) string {
			parts := goBlock.FindStringSubmatch(block)
			mark := regionMark.FindStringSubmatch(parts[1])
			require.NotNil(t, mark, "%s: the line in front of a block of Go is %q, not <!-- region: path/to/file.go#name -->", name, parts[1])
			var want string
			if mark[1] == "file" {
				src, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(mark[2])))
				require.NoError(t, err)
				want = string(src)
			} else {
				want = region(t, mark[2], mark[3])
			}
			if !*update {
				require.Equal(t, want, parts[2], "%s shows %s#%s as it is not: run `make golden`", name, mark[2], mark[3])
			}
			return parts[1] + "\n```go\n" + want + "```"
		})
		rewrite(t, name, text, shown)
	}
}

// region returns the lines of a file between the marks, as far left as they go.
func region(t *testing.T, file, name string) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	require.NoError(t, err, "a document names a region of it")
	var lines []string
	inside, closed, indent := false, false, ""
	for line := range strings.Lines(string(src)) {
		switch strings.TrimSpace(line) {
		case "// region " + name:
			require.False(t, inside || closed, "%s: region %s begins twice", file, name)
			inside = true
			indent, _, _ = strings.Cut(line, "//")
		case "// endregion " + name:
			require.True(t, inside, "%s: region %s ends before it begins", file, name)
			inside, closed = false, true
		default:
			if inside && !isMark(line) {
				lines = append(lines, strings.TrimPrefix(line, indent))
			}
		}
	}
	require.True(t, closed, "%s: no region %s that is closed", file, name)
	return strings.Trim(strings.Join(lines, ""), "\n") + "\n"
}

// isMark reports the mark of another region, which may lie inside or across.
func isMark(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, "// region ") || strings.HasPrefix(line, "// endregion ")
}

var (
	benchmark = regexp.MustCompile(`\bBenchmark[A-Z]\w*`)
	benchFunc = regexp.MustCompile(`(?m)^func (Benchmark[A-Z]\w*)\(`)
)

// TestTheBenchmarksThatDocumentsNameExist holds the documents to figures that can be
// measured again.
func TestTheBenchmarksThatDocumentsNameExist(t *testing.T) {
	exists := map[string]bool{}
	for _, name := range files(t) {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		src, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		for _, found := range benchFunc.FindAllSubmatch(src, -1) {
			exists[string(found[1])] = true
		}
	}
	named := 0
	for document, text := range documents(t) {
		for _, name := range benchmark.FindAllString(text, -1) {
			named++
			require.True(t, exists[name], "%s names %s, which is not there", document, name)
		}
	}
	require.Positive(t, named)
}
