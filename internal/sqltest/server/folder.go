package server

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// tempDir makes a folder that users other than the own may enter: the server
// runs as one. A TMPDIR that only the own user may enter is passed by.
func tempDir(name string) (string, error) {
	var errs error
	for _, parent := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		if !enterable(parent) {
			continue
		}
		dir, err := os.MkdirTemp(parent, "consent-"+name+"-")
		if err == nil {
			return dir, nil
		}
		errs = err
	}
	return "", fmt.Errorf("no temporary folder that all may enter: %w", errs)
}

// enterable reports a folder that everybody may enter, and those above it too.
func enterable(dir string) bool {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	for {
		info, err := os.Stat(dir)
		if err != nil || !info.IsDir() || os.Geteuid() == 0 && info.Mode()&fs.FileMode(0o001) == 0 {
			return false
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return true
		}
		dir = parent
	}
}

// binary finds a program in PATH or in the folders that match the patterns, the
// newest version first.
func binary(name string, patterns ...string) (string, error) {
	path, err := installed(name, patterns...)
	if path != "" || err != nil {
		return path, err
	}
	path, err = exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, ErrNotInstalled)
	}
	return path, nil
}

// installed finds a program in the folders that match the patterns, the newest version
// first, or returns "".
func installed(name string, patterns ...string) (string, error) {
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(pattern, name))
		if err != nil {
			return "", fmt.Errorf("server: %s: %w", pattern, err)
		}
		slices.SortFunc(found, func(a, b string) int { return -compareVersions(a, b) })
		if len(found) > 0 {
			return found[0], nil
		}
	}
	return "", nil
}

// compareVersions orders paths that differ in a number: 9 before 15.
func compareVersions(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	if a < b {
		return -1
	}
	return 1
}
