package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// PgBouncer starts a pooler of transactions (pool_mode=transaction) before a
// PostgreSQL. All clients of one database share as many connections as size says.
func PgBouncer(ctx context.Context, postgres *Server, size int) (*Server, error) {
	return start(ctx, pgBouncerKind(postgres, size))
}

func pgBouncerKind(postgres *Server, size int) kind {
	return kind{
		name: "PgBouncer", user: superuser, driver: "pgx", mainDB: superuser, probe: anyAnswer,
		quick: os.Kill, // a pooler has nothing to keep, and newer ones wait for their clients
		install: func(_ context.Context, s *Server) error {
			if _, err := binary("pgbouncer", "/usr/sbin", "/usr/local/sbin"); err != nil {
				return err
			}
			text, err := pgBouncerConfig(postgres.base, s.port, size)
			if err != nil {
				return err
			}
			path := pgBouncerIni(s)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				return fmt.Errorf("server: %w", err)
			}
			return giveTo(s.kind.user, path)
		},
		command: func(s *Server) []string {
			path, _ := binary("pgbouncer", "/usr/sbin", "/usr/local/sbin") // was found by install
			return []string{path, pgBouncerIni(s)}
		},
		local: localPostgres,
		dsn:   postgresDSN,
	}
}

func pgBouncerIni(s *Server) string { return filepath.Join(s.dir, "pgbouncer.ini") }

// pgBouncerConfig takes every client for the user of the DSN.
func pgBouncerConfig(dsn string, port, size int) (string, error) {
	to, err := pgx.ParseConfig(dsn)
	if err != nil {
		return "", errors.New("server: PgBouncer: the DSN of the PostgreSQL cannot be read")
	}
	target := fmt.Sprintf("host=%s port=%d user=%s", to.Host, to.Port, to.User)
	if to.Password != "" {
		target += " password=" + to.Password
	}
	return "[databases]\n* = " + target + `
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ` + strconv.Itoa(port) + `
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ` + strconv.Itoa(size) + `
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
`, nil
}
