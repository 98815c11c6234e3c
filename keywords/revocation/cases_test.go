package revocation_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// caseRow is a row of a file of texts.
type caseRow struct {
	ID, Text, Label string
	InputB64        string `json:"input_b64"`
	Gen             string
}

func readCases(t testing.TB, file string) []caseRow {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	var rows []caseRow
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var row caseRow
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		rows = append(rows, row)
	}
	require.NotEmpty(t, rows)
	return rows
}

// message returns the bytes of the row.
func (r caseRow) message(t testing.TB) string {
	t.Helper()
	if r.Text != "" {
		return r.Text
	}
	raw, err := base64.StdEncoding.DecodeString(r.InputB64)
	require.NoError(t, err)
	return string(raw)
}
