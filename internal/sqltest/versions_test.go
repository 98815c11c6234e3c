package sqltest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOtherVersionsOfPostgreSQL shows that the servers with which the tests of every variant play
// in the long rounds have the versions that their names say.
func TestOtherVersionsOfPostgreSQL(t *testing.T) {
	if !*stressFlag {
		t.Skip("the tests start other versions in the long rounds only: -stress")
	}
	for _, v := range named(versions()...) {
		var version string
		require.NoError(t, v.open(t, v.dsn(t)).QueryRowContext(t.Context(), "SHOW server_version").Scan(&version))
		require.True(t, strings.HasPrefix(version, strings.TrimPrefix(v.name, "postgres-")+"."), version)
	}
}
