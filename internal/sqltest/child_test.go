package sqltest_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store/pgxstore"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// childEnv tells this program, started by one of its tests, to be a second
// process instead of running tests: "ROLE VARIANT ARGUMENT", and the DSN in the
// other one.
const (
	childEnv    = "CONSENT_SQLTEST_CHILD"
	childDSNEnv = "CONSENT_SQLTEST_DSN"
)

// roles are what a child can be. Each ends by itself, by being killed, or when
// its standard input does, which is when its parent is gone.
var roles = map[string]func(ctx context.Context, st *sqlstore.Store, arg string) error{
	"stopper": stopper,
	"mixer":   mixer,
	"eraser":  eraser,

	// Of another version of the package. A program of an older commit has them by these names.
	"migrate": func(ctx context.Context, st *sqlstore.Store, _ string) error { return answered(st.Migrate(ctx)) },
	"check":   func(ctx context.Context, st *sqlstore.Store, _ string) error { return answered(st.Check(ctx)) },
	"suite":   suite,
}

// child plays a role, and returns the exit status.
func child(task string) int {
	err := play(task)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func play(task string) error {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(3)
	}()
	role, rest, _ := strings.Cut(task, " ")
	name, arg, _ := strings.Cut(rest, " ")
	found := named(name)
	if len(found) != 1 || roles[role] == nil {
		return fmt.Errorf("no variant %q or no role %q", name, role)
	}
	v := found[0]
	db, err := sql.Open(v.driver, os.Getenv(childDSNEnv))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	var st *sqlstore.Store
	if v.name == nativePostgres {
		var native *pgxstore.Store
		if native, err = openNative(context.Background(), os.Getenv(childDSNEnv)); err == nil {
			st = native.Store
		}
	} else {
		st, err = sqlstore.New(db, v.dialect, &v.opts)
	}
	if err != nil {
		return err
	}
	return roles[role](context.Background(), st, arg)
}

// process is a child that runs.
type process struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner // what it writes
	done  bool
}

// spawn starts a child on a database.
func spawn(t *testing.T, v variant, dsn, role, arg string) *process {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	return spawnProgram(t, program, v, dsn, role, arg)
}

// spawnProgram starts a child that is another version of this program.
func spawnProgram(t *testing.T, program string, v variant, dsn, role, arg string) *process {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), childEnv+"="+role+" "+v.name+" "+arg, childDSNEnv+"="+dsn)
	cmd.Stderr = os.Stderr
	_, err := cmd.StdinPipe() // which ends with this process
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	p := &process{cmd: cmd, lines: bufio.NewScanner(out)}
	t.Cleanup(func() {
		if !p.done {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	return p
}

// rest returns what the child has still written, and waits for its end.
func (p *process) rest(t *testing.T) []string {
	t.Helper()
	var all []string
	for p.lines.Scan() {
		all = append(all, p.lines.Text())
	}
	require.NoError(t, p.lines.Err())
	_ = p.cmd.Wait() // it may have been killed
	p.done = true
	return all
}

// ended waits for a child that ends by itself.
func (p *process) ended(t *testing.T) {
	t.Helper()
	p.rest(t)
	require.True(t, p.cmd.ProcessState.Success(), "%v", p.cmd.ProcessState)
}
