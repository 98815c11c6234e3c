package server

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The variables that name a server to use, as its driver wants it. The user must
// be allowed to create databases.
const (
	PostgresEnv = "CONSENT_TEST_POSTGRES_DSN"
	MySQLEnv    = "CONSENT_TEST_MYSQL_DSN"
)

var (
	// ErrNotInstalled is a server whose binaries are not on this machine.
	ErrNotInstalled = errors.New("not installed")
	// ErrForeign is a server that somebody else runs, which is left alone.
	ErrForeign = errors.New("a server that was not started here")
)

// readyTimeout is how long a server may take until it answers, recovery from a
// crash on a slow disk and a busy machine included.
const readyTimeout = 5 * time.Minute

// answerTimeout is how long it may think about one question until it is asked anew.
const answerTimeout = 5 * time.Second

// anyAnswer is the probe of a server that is ready as soon as it answers.
const anyAnswer = "SELECT 1"

// errPortTaken is a port that somebody else took between the time when it was found free
// and the start of the server.
var errPortTaken = errors.New("server: somebody else took the port")

// startTries is how often a server is started on other ports.
const startTries = 5

// kind is what differs between servers.
type kind struct {
	name    string
	env     string
	user    string    // whom it runs as, where the tests run as root
	driver  string    // of database/sql, to ask whether it is ready
	mainDB  string    // one that always exists
	probe   string    // a query that answers a row where the server is ready
	whose   string    // a query that answers a row where the server has the data in a folder, for Sprintf; "": it has no data
	ports   []int     // those that it listens on, that of the clients first; nil: any free one
	quick   os.Signal // stops it orderly, without waiting for clients
	install func(ctx context.Context, s *Server) error
	command func(s *Server) []string
	dsn     func(base, db string, params []string) string
	local   func(s *Server) string // the base of the DSNs, where started here
}

// Server is a database server. Its methods are safe for concurrent use.
type Server struct {
	kind  kind
	base  string // what DSNs are made from
	dir   string // "" where it is foreign
	port  int
	fresh bool // it has never run

	mu     sync.Mutex
	proc   *process // nil: not running
	minder *minder
}

// start makes a new server, or connects to the one in the environment. Where another
// program takes its port first, it begins anew.
func start(ctx context.Context, k kind) (*Server, error) {
	for try := 1; ; try++ {
		s, err := startOnce(ctx, k)
		if !errors.Is(err, errPortTaken) || k.ports != nil || try == startTries {
			return s, err
		}
	}
}

func startOnce(ctx context.Context, k kind) (_ *Server, err error) {
	s := &Server{kind: k, fresh: true}
	if s.base = os.Getenv(k.env); s.base != "" {
		if err := s.ready(ctx); err != nil {
			return nil, err
		}
		return s, nil
	}
	if s.dir, err = tempDir(k.name); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Stop())
		}
	}()
	if err := giveTo(k.user, s.dir); err != nil {
		return nil, err
	}
	if s.minder, err = mind(s.dir); err != nil {
		return nil, err
	}
	if s.kind.ports == nil {
		if s.kind.ports, err = freePorts(ctx, 1); err != nil {
			return nil, err
		}
	}
	s.port = s.kind.ports[0]
	s.base = k.local(s)
	if err := k.install(ctx, s); err != nil {
		return nil, fmt.Errorf("%s: %w", k.name, err)
	}
	if err := s.Restart(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// DSN returns what the driver wants to open a database; params are added, each
// "name=value".
func (s *Server) DSN(db string, params ...string) string {
	return s.kind.dsn(s.base, db, params)
}

// Foreign reports a server that somebody else runs.
func (s *Server) Foreign() bool { return s.dir == "" }

// CreateDatabase makes an empty database, in place of one of the same name.
func (s *Server) CreateDatabase(ctx context.Context, name, options string) error {
	return s.exec(ctx, "DROP DATABASE IF EXISTS "+name, strings.TrimSpace("CREATE DATABASE "+name+" "+options))
}

// DropDatabase removes a database.
func (s *Server) DropDatabase(ctx context.Context, name string) error {
	return s.exec(ctx, "DROP DATABASE IF EXISTS "+name)
}

// Kill ends the server as a crash does, and returns when it is gone.
func (s *Server) Kill() error {
	if s.Foreign() {
		return ErrForeign
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return nil
	}
	err := s.proc.kill()
	s.proc = nil
	return err
}

// Restart starts the server on the data and the port that it had, and returns
// when it answers. One that runs is left as it is.
func (s *Server) Restart(ctx context.Context) error {
	if s.Foreign() {
		return ErrForeign
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	// A node of a cluster gives up where the others have not yet noticed that it was
	// gone: then another start is tried.
	for {
		if s.fresh && !areFree(ctx, s.kind.ports) {
			return fmt.Errorf("%s: %w\n%s", s.kind.name, errPortTaken, s.logTail())
		}
		proc, err := run(s.dir, s.kind.user, s.kind.command(s))
		if err != nil {
			return err
		}
		err = s.readyOrGone(ctx, proc)
		if err == nil {
			s.proc, s.fresh = proc, false
			return nil
		}
		err = errors.Join(err, proc.kill())
		if ctx.Err() != nil {
			return fmt.Errorf("%s does not start: %w\n%s", s.kind.name, err, s.logTail())
		}
		wait(ctx)
	}
}

// Stop ends the server in order, by force where it takes too long, and removes
// its folder. It may be called again.
func (s *Server) Stop() error {
	if s.Foreign() {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.proc != nil {
		err = s.proc.stop(s.kind.quick)
		s.proc = nil
	}
	err = errors.Join(err, os.RemoveAll(s.dir))
	if s.minder != nil {
		err = errors.Join(err, s.minder.dismiss())
		s.minder = nil
	}
	return err
}

// readyOrGone waits until the server answers, or the process has ended.
func (s *Server) readyOrGone(ctx context.Context, proc *process) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-proc.done:
			cancel(errors.New("the process has ended"))
		case <-ctx.Done():
		}
	}()
	return s.ready(ctx)
}

// ready waits until the server answers, and not another one on its port.
func (s *Server) ready(ctx context.Context) error {
	err := s.until(ctx, s.kind.probe)
	if err == nil && s.kind.whose != "" && !s.Foreign() {
		err = s.until(ctx, fmt.Sprintf(s.kind.whose, filepath.Base(s.dir)))
	}
	if err != nil {
		return fmt.Errorf("%s is not ready: %w", s.kind.name, err)
	}
	return nil
}

// exec runs statements on a connection of its own.
func (s *Server) exec(ctx context.Context, statements ...string) error {
	return s.connected(func(db *sql.DB) error {
		for _, statement := range statements {
			if _, err := db.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%s: %s: %w", s.kind.name, statement, err)
			}
		}
		return nil
	})
}

// ask runs a query on a connection of its own, and fails where it answers no row.
func (s *Server) ask(ctx context.Context, query string, dest ...any) error {
	return s.connected(func(db *sql.DB) error {
		if len(dest) == 0 {
			dest = []any{new(any)}
		}
		if err := db.QueryRowContext(ctx, query).Scan(dest...); err != nil {
			return fmt.Errorf("%s: %s: %w", s.kind.name, query, err)
		}
		return nil
	})
}

func (s *Server) connected(fn func(*sql.DB) error) error {
	db, err := sql.Open(s.kind.driver, s.DSN(s.kind.mainDB))
	if err != nil {
		return fmt.Errorf("%s: %w", s.kind.name, err)
	}
	defer func() { _ = db.Close() }() // it cannot take leave of a server that is gone
	return fn(db)
}

// until asks until the query answers a row.
func (s *Server) until(ctx context.Context, query string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	ask := func() error {
		ctx, cancel := context.WithTimeout(ctx, answerTimeout)
		defer cancel()
		return s.ask(ctx, query)
	}
	for {
		err := ask()
		if err == nil {
			return nil
		}
		if wait(ctx); ctx.Err() != nil {
			return errors.Join(context.Cause(ctx), err)
		}
	}
}

// logTail returns the end of what the server wrote.
func (s *Server) logTail() string {
	text, _ := os.ReadFile(filepath.Join(s.dir, logName))
	return string(text[max(0, len(text)-2_000):])
}

// The ports of servers are below those that systems give to outgoing connections:
// while a server is down, no connection takes its port.
const firstPort, lastPort = 15_000, 32_000

// freePorts returns ports that nobody listens on. Somebody else may take one until
// the server starts, which is errPortTaken.
func freePorts(ctx context.Context, count int) (ports []int, err error) {
	var listeners []net.Listener // all are held until all are found
	defer func() {
		for _, listener := range listeners {
			err = errors.Join(err, listener.Close())
		}
	}()
	for try := 0; len(ports) < count; try++ {
		port := firstPort + rand.IntN(lastPort-firstPort) //nolint:gosec // no secret
		listener, err := listen(ctx, port)
		switch {
		case err == nil:
			listeners = append(listeners, listener)
			ports = append(ports, port)
		case try > 100*count:
			return nil, fmt.Errorf("server: no free port: %w", err)
		}
	}
	return ports, nil
}

func listen(ctx context.Context, port int) (net.Listener, error) {
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", "127.0.0.1:"+strconv.Itoa(port)) //nolint:wrapcheck // the callers tell what they wanted
}

// areFree reports whether nobody listens on any of the ports.
func areFree(ctx context.Context, ports []int) bool {
	for _, port := range ports {
		listener, err := listen(ctx, port)
		if err != nil {
			return false
		}
		_ = listener.Close()
	}
	return true
}

// wait waits a moment, or until ctx is done.
func wait(ctx context.Context) {
	select {
	case <-time.After(50 * time.Millisecond):
	case <-ctx.Done():
	}
}
