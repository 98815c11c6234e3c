//go:build !unix

package server

import (
	"fmt"
	"os/exec"
	"runtime"
)

// Servers are started on Unix; elsewhere the environment names them.

func notHere() error { return fmt.Errorf("on %s: %w", runtime.GOOS, ErrNotInstalled) }

func detach(*exec.Cmd, string) error { return notHere() }

func giveTo(string, string) error { return notHere() }

func killGroup(*exec.Cmd) {}

func pause(*exec.Cmd) error { return notHere() }

func resume(*exec.Cmd) error { return notHere() }
