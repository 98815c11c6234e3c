//go:build !unix

package server

import (
	"fmt"
	"os/exec"
	"runtime"
)

// Servers are started on Unix; elsewhere the environment names them.

func detach(*exec.Cmd, string) error { return fmt.Errorf("on %s: %w", runtime.GOOS, ErrNotInstalled) }

func giveTo(string, string) error { return fmt.Errorf("on %s: %w", runtime.GOOS, ErrNotInstalled) }
