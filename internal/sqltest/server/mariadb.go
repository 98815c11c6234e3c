package server

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	_ "github.com/go-sql-driver/mysql" // asks whether the server is ready
)

// mysqlName is that of the user, the driver and the database with the users.
const mysqlName = "mysql"

// MariaDB starts a MariaDB.
func MariaDB(ctx context.Context) (*Server, error) {
	k := mariaKind()
	k.env = MySQLEnv
	return start(ctx, k)
}

// MariaDBWith starts a MariaDB with more arguments, each "--name=value".
func MariaDBWith(ctx context.Context, args ...string) (*Server, error) {
	k := mariaKind()
	single := k.command
	k.command = func(s *Server) []string { return append(single(s), args...) }
	return start(ctx, k)
}

func mariaKind() kind {
	return kind{
		name: "MariaDB", user: mysqlName, driver: mysqlName, mainDB: mysqlName, probe: anyAnswer,
		whose:   "SELECT 1 FROM DUAL WHERE @@datadir LIKE '%%%s%%'",
		quick:   syscall.SIGTERM,
		install: initMariaDB,
		command: func(s *Server) []string {
			path, _ := mariaBinary("mariadbd") // was found by initMariaDB
			return []string{
				path, "--no-defaults", "--datadir=" + filepath.Join(s.dir, "data"),
				"--bind-address=127.0.0.1", "--port=" + strconv.Itoa(s.port),
				"--socket=" + filepath.Join(s.dir, "s"), "--pid-file=" + filepath.Join(s.dir, "own.pid"),
				"--skip-name-resolve", "--max-connections=300", "--init-file=" + filepath.Join(s.dir, "init.sql"),
			}
		},
		local: func(s *Server) string {
			return "consent@tcp(127.0.0.1:" + strconv.Itoa(s.port) + ")/mysql?timeout=30s"
		},
		dsn: mysqlDSN,
	}
}

// mariaUser may do all, from this machine, without a password.
const mariaUser = `CREATE USER IF NOT EXISTS 'consent'@'127.0.0.1';
GRANT ALL ON *.* TO 'consent'@'127.0.0.1' WITH GRANT OPTION;
`

func initMariaDB(_ context.Context, s *Server) error {
	if _, err := mariaBinary("mariadbd"); err != nil {
		return err
	}
	install, err := mariaBinary("mariadb-install-db")
	if err != nil {
		return err
	}
	if err := writeMariaUser(s); err != nil {
		return err
	}
	return runToEnd(s.dir, s.kind.user, []string{
		install, "--no-defaults", "--datadir=" + filepath.Join(s.dir, "data"),
		"--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve",
	})
}

// writeMariaUser writes what the server runs at each start.
func writeMariaUser(s *Server) error {
	users := filepath.Join(s.dir, "init.sql")
	if err := os.WriteFile(users, []byte(mariaUser), 0o644); err != nil { //nolint:gosec // the server, another user, reads it
		return fmt.Errorf("server: %w", err)
	}
	return nil
}

func mariaBinary(name string) (string, error) {
	return binary(name, "/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin")
}

// mysqlDSN takes user:password@protocol(address)/database?name=value&….
func mysqlDSN(base, db string, params []string) string {
	slash := strings.LastIndex(base, "/")
	if slash < 0 {
		return base // which the driver refuses
	}
	_, query, _ := strings.Cut(base[slash:], "?")
	query = strings.Trim(query+"&"+strings.Join(params, "&"), "&")
	dsn := base[:slash+1] + db
	if query != "" {
		dsn += "?" + query
	}
	return dsn
}
