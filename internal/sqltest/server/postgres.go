package server

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // asks whether the server is ready
)

// superuser is that of a new cluster, its database, and of the machine.
const superuser = "postgres"

// Postgres starts a PostgreSQL.
func Postgres(ctx context.Context) (*Server, error) {
	k := postgresKind()
	k.env = PostgresEnv
	return start(ctx, k)
}

// postgresKind is that of a PostgreSQL with settings, each "name=value".
func postgresKind(settings ...string) kind {
	return kind{
		name: "PostgreSQL", user: superuser, driver: "pgx", mainDB: superuser, probe: anyAnswer,
		quick:   os.Interrupt, // SIGTERM waits until the last client has gone
		install: initPostgres,
		command: func(s *Server) []string {
			path, _ := postgresBinary("postgres") // was found by install
			args := []string{path, "-D", filepath.Join(s.dir, "data"), "-p", strconv.Itoa(s.port), "-h", "127.0.0.1"}
			for _, setting := range append([]string{"unix_socket_directories=", "max_connections=200"}, settings...) {
				args = append(args, "-c", setting)
			}
			return args
		},
		local: localPostgres,
		dsn:   postgresDSN,
	}
}

func localPostgres(s *Server) string {
	return "postgres://postgres@127.0.0.1:" + strconv.Itoa(s.port) + "/postgres?sslmode=disable&connect_timeout=5"
}

func initPostgres(_ context.Context, s *Server) error {
	if _, err := postgresBinary("postgres"); err != nil {
		return err
	}
	initdb, err := postgresBinary("initdb")
	if err != nil {
		return err
	}
	return runToEnd(s.dir, s.kind.user, []string{
		initdb, "-D", filepath.Join(s.dir, "data"), "-U", superuser, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync",
	})
}

// postgresBinary prefers the version's own folder: what is in PATH may be a
// wrapper that manages clusters of the distribution.
func postgresBinary(name string) (string, error) {
	return binary(name, "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
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
