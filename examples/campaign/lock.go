package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// lockName is the file that keeps other runs out where the system locks no folders. A
// run that is killed leaves it.
const lockName = "campaign.lock"

// lock makes a folder, if it is not there, and keeps other runs out of it until unlock is
// called: the results of two runs must not mix.
func lock(name string) (unlock func() error, err error) {
	if err := os.MkdirAll(name, 0o750); err != nil {
		return nil, fmt.Errorf("-out: %w", err)
	}
	folder, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("-out: %w", err)
	}
	free, err := lockFolder(folder)
	switch {
	case err == nil && free:
		return folder.Close, nil
	case err == nil:
		return nil, errors.Join(fmt.Errorf("-out: another run writes to %s", name), folder.Close())
	}
	if err := folder.Close(); err != nil {
		return nil, fmt.Errorf("-out: %w", err)
	}
	return lockFile(filepath.Join(name, lockName))
}

func lockFile(name string) (unlock func() error, err error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("-out: another run writes there; if none does, remove %s", name)
	}
	if err != nil {
		return nil, fmt.Errorf("-out: %w", err)
	}
	return func() error { return errors.Join(file.Close(), os.Remove(name)) }, nil
}
