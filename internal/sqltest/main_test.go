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
	roundsFlag = flag.Int("rounds", 0, "how often each database is killed; 0: 3, and 10 where CI=true")
	rowsFlag   = flag.Int("rows", 100_000, "how many rows the tables have whose query plans are read")
)

// inCI is where nothing may be skipped.
func inCI() bool { return os.Getenv("CI") == "true" }

// The servers of this program, started by the first test that asks for one.
var (
	postgresServer = lazyServer{start: server.Postgres}
	mariaServer    = lazyServer{start: server.MariaDB}
)

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
	if errors.Is(l.err, server.ErrNotInstalled) && !inCI() {
		tb.Skip(l.err)
	}
	if l.err != nil {
		tb.Fatal(l.err)
	}
	return l.server
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
		if err := errors.Join(postgresServer.stop(), mariaServer.stop()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}()
	return m.Run()
}
