package server

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

const (
	logName = "log"
	pidName = "pid"

	// stopTimeout is how long a server may take to end in order, and killTimeout how long what it
	// started may take to end after it: a backend of PostgreSQL that waits for the disk, say.
	stopTimeout = 15 * time.Second
	killTimeout = 2 * time.Minute
)

// process is a program that runs.
type process struct {
	cmd  *exec.Cmd
	pid  string        // the file with its number, for the minder
	done chan struct{} // closed when the program and all that it started have ended
}

// run starts a program as a user, with its output in the log of the folder.
func run(dir, user string, args []string) (*process, error) {
	log, err := os.OpenFile(filepath.Join(dir, logName), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600) //nolint:gosec // the folder is the own
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	defer func() { _ = log.Close() }() // the program has its own
	cmd := command(dir, args)
	cmd.Stdout, cmd.Stderr = log, log
	if err := detach(cmd, user); err != nil {
		return nil, err
	}
	// The children of the program inherit one end of a pipe. The other end reads
	// nothing, until the last of them has ended: a backend of PostgreSQL outlives
	// its postmaster for a moment, and still answers.
	alive, inherited, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	cmd.ExtraFiles = []*os.File{inherited}
	err = cmd.Start()
	_ = inherited.Close() // the program has its own
	if err != nil {
		return nil, fmt.Errorf("server: %w", errors.Join(err, alive.Close()))
	}
	p := &process{cmd: cmd, pid: filepath.Join(dir, pidName), done: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how it ended is in its log
		_, _ = io.Copy(io.Discard, alive)
		_ = alive.Close()
		close(p.done)
	}()
	if err := os.WriteFile(p.pid, []byte(strconv.Itoa(cmd.Process.Pid)), 0o600); err != nil {
		return nil, fmt.Errorf("server: %w", errors.Join(err, p.kill()))
	}
	return p, nil
}

// stop ends the process in order, or by force after a while.
func (p *process) stop(sig os.Signal) error {
	_ = p.cmd.Process.Signal(sig) // it may have ended by itself
	select {
	case <-p.done:
		_ = os.Remove(p.pid)
		return nil
	case <-time.After(stopTimeout):
		return p.kill()
	}
}

// kill ends the process and its group at once, and returns when all that it
// started has ended.
func (p *process) kill() error {
	killGroup(p.cmd)
	select {
	case <-p.done:
		_ = os.Remove(p.pid)
		return nil
	case <-time.After(killTimeout):
		return fmt.Errorf("server: what %s started does not end", p.cmd.Path)
	}
}

// runToEnd runs a program to its end.
func runToEnd(dir, user string, args []string) error {
	cmd := command(dir, args)
	if err := detach(cmd, user); err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", args[0], err, out)
	}
	return nil
}

// command makes one that runs in the folder, in plain English, with nothing of
// the environment that would lead a server elsewhere (PGDATA, MYSQL_HOME).
func command(dir string, args []string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...) //nolint:gosec,noctx // what was found by binary; it is ended by its number
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH") + ":/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + dir, "TMPDIR=" + dir, "LC_ALL=C", "TZ=UTC"}
	return cmd
}

// minder is a process that waits for the end of this one, and then ends the
// server and removes its folder: also where a test panics, runs out of time, or
// is killed, when nothing of this program runs any more.
type minder struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

// watch reads until the pipe is closed, which the end of its writer does.
const watch = `cat >/dev/null
test -f "$1/` + pidName + `" && kill -9 "-$(cat "$1/` + pidName + `")" 2>/dev/null
try=0
while rm -rf "$1" 2>/dev/null; test -e "$1" && test $try -lt 100; do try=$((try + 1)); sleep 1; done
exit 0`

func mind(dir string) (*minder, error) {
	cmd := exec.Command("sh", "-c", watch, "sh", dir) //nolint:gosec,noctx // the folder is the own; it outlives every context
	if err := detach(cmd, ""); err != nil {
		return nil, err
	}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	return &minder{cmd: cmd, pipe: pipe}, nil
}

// dismiss ends the minder, which finds nothing left to do.
func (m *minder) dismiss() error {
	if err := errors.Join(m.pipe.Close(), m.cmd.Wait()); err != nil {
		return fmt.Errorf("server: minder: %w", err)
	}
	return nil
}
