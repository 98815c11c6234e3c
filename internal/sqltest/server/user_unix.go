//go:build unix

package server

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// detach lets a command run as a user, where this program may choose that, and
// out of reach of a Ctrl-C: it is ended by its number, in order.
func detach(cmd *exec.Cmd, name string) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if name == "" || os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := ids(name)
	if err != nil {
		return err
	}
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	return nil
}

// killGroup ends a command and what it started in its group: the scripts by which
// a node of a cluster copies another one, say.
func killGroup(cmd *exec.Cmd) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it may have ended by itself
}

// pause stops a command without ending it, and resume lets it go on.
func pause(cmd *exec.Cmd) error  { return signal(cmd, syscall.SIGSTOP) }
func resume(cmd *exec.Cmd) error { return signal(cmd, syscall.SIGCONT) }

func signal(cmd *exec.Cmd, sig os.Signal) error {
	if err := cmd.Process.Signal(sig); err != nil {
		return fmt.Errorf("server: %v: %w", sig, err)
	}
	return nil
}

// giveTo makes the folder the user's, where a server will run as that one.
func giveTo(name, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := ids(name)
	if err != nil {
		return err
	}
	if err := os.Chown(dir, int(uid), int(gid)); err != nil {
		return fmt.Errorf("server: %w", err)
	}
	return nil
}

func ids(name string) (uid, gid uint32, err error) {
	u, err := user.Lookup(name)
	if err != nil {
		return 0, 0, fmt.Errorf("server: %w: %w", err, ErrNotInstalled)
	}
	uid, uidErr := id(u.Uid)
	gid, gidErr := id(u.Gid)
	return uid, gid, errors.Join(uidErr, gidErr)
}

func id(text string) (uint32, error) {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("server: id of a user: %w", err)
	}
	return uint32(n), nil
}
