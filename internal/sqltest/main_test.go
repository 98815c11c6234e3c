package sqltest_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"

	"github.com/seed-f10031e4/consent/internal/sqltest/server"
)

var (
	roundsFlag = flag.Int("rounds", 0, "how often each database is killed; 0: once, and 10 times with -stress")
	rowsFlag   = flag.Int("rows", 50_000, "how many rows the tables have whose query plans are read")
)

// inCI is where nothing may be skipped.
func inCI() bool { return os.Getenv("CI") == "true" }

// The servers of this program, started by the first test that asks for one.
var (
	postgresServer = lazyServer{start: server.Postgres}
	mariaServer    = lazyServer{start: server.MariaDB}

	// Of other versions, by the names of their variants.
	versionServers = map[string]*lazyServer{
		"postgres-14": otherVersion("14"), "postgres-16": otherVersion("16"),
		"postgres-17": otherVersion("17"), "postgres-18": otherVersion("18"),
	}
)

func otherVersion(major string) *lazyServer {
	return &lazyServer{start: func(ctx context.Context) (*server.Server, error) { return server.PostgresVersion(ctx, major) }}
}

type lazyServer struct {
	start func(context.Context) (*server.Server, error)

	once   sync.Once
	server *server.Server
	err    error
}

// get starts the server, or skips the test with the reason why there is none.
func (l *lazyServer) get(tb testing.TB) *server.Server {
	tb.Helper()
	// The server outlives the test that was the first.
	l.once.Do(func() { l.server, l.err = l.start(context.Background()) })
	skipWithout(tb, l.err)
	if l.err != nil {
		tb.Fatal(l.err)
	}
	return l.server
}

// skipWithout skips a test whose server is not installed, and says so at the end of
// make test. In CI nothing may be skipped.
func skipWithout(tb testing.TB, err error) {
	tb.Helper()
	if !errors.Is(err, server.ErrNotInstalled) || inCI() {
		return
	}
	if name := os.Getenv("CONSENT_SKIPPED"); name != "" {
		if file, openErr := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); openErr == nil {
			_, _ = fmt.Fprintln(file, err)
			_ = file.Close()
		}
	}
	tb.Skip(err)
}

func (l *lazyServer) stop() error {
	if l.server == nil {
		return nil
	}
	return l.server.Stop()
}

func TestMain(m *testing.M) {
	flag.Parse()
	_ = mysql.SetLogger(log.New(io.Discard, "", 0)) // it tells of every connection that a test breaks
	if role := os.Getenv(childEnv); role != "" {
		os.Exit(child(role))
	}
	os.Exit(run(m))
}

// run is all tests, and the end of the servers; where a test panics, these are
// ended by their minders.
func run(m *testing.M) (code int) {
	defer func() {
		for _, drop := range leftovers {
			if err := drop(context.Background()); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
		err := errors.Join(postgresServer.stop(), mariaServer.stop())
		for _, other := range versionServers {
			err = errors.Join(err, other.stop())
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}()
	return m.Run()
}
