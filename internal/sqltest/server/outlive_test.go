package server_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/sqltest/server"
)

// startEnv tells this program, started by its own test, to start servers and wait.
const startEnv = "CONSENT_SERVER_START"

// TestNoServerOutlivesTheProgram kills a program that has started servers.
func TestNoServerOutlivesTheProgram(t *testing.T) {
	if os.Getenv(startEnv) != "" {
		startServersAndWait(t)
	}
	program, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), startEnv+"=1", server.PostgresEnv+"=", server.MySQLEnv+"=")
	_, err = cmd.StdinPipe() // which ends with this process
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())

	servers := map[string]string{} // folder of each by its address
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "all" {
		if addr, dir, ok := strings.Cut(lines.Text(), " in "); ok {
			servers[addr] = dir
		}
	}
	require.NoError(t, lines.Err())
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	if len(servers) == 0 && os.Getenv("CI") == "" {
		t.Skip("no server is installed")
	}
	t.Log(servers)
	require.NotEmpty(t, servers)
	for addr, dir := range servers {
		require.Eventually(t, func() bool {
			conn, err := net.Dial("tcp", addr)
			if err == nil {
				_ = conn.Close()
			}
			return err != nil
		}, time.Minute, 20*time.Millisecond, "%s answers", addr)
		require.Eventually(t, func() bool {
			_, err := os.Stat(dir)
			return errors.Is(err, os.ErrNotExist)
		}, time.Minute, 20*time.Millisecond, "%s is there", dir)
	}
}

// startServersAndWait prints what it starts, and never returns.
func startServersAndWait(t *testing.T) {
	t.Helper()
	var postgres *server.Server
	for _, start := range []func(context.Context) (*server.Server, error){
		server.MariaDB,
		func(ctx context.Context) (s *server.Server, err error) {
			postgres, err = server.Postgres(ctx)
			return postgres, err
		},
		func(ctx context.Context) (*server.Server, error) {
			if postgres == nil {
				return nil, server.ErrNotInstalled
			}
			return server.PgBouncer(ctx, postgres, 1)
		},
	} {
		s, err := start(t.Context())
		if errors.Is(err, server.ErrNotInstalled) {
			continue
		}
		require.NoError(t, err)
		fmt.Println(s.Addr(), "in", s.Dir())
	}
	fmt.Println("all")
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(1)
}
