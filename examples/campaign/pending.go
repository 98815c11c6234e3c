package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// pending is a file in the folder of the one that it is to replace. While it is
// written it has no name where the system allows that, so that a process that is
// killed leaves nothing, and else a hidden one.
type pending struct {
	*os.File

	path  string // where it is to be
	named string // where it is, "" for nowhere
	done  bool
}

func newPending(path string) (*pending, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder", path)
	}
	p := &pending{path: path}
	var err error
	if p.File, err = unnamed(filepath.Dir(path)); err == nil {
		return p, nil
	}
	p.named = p.hidden()
	p.File, err = os.OpenFile(p.named, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	return p, err //nolint:wrapcheck // it names the file
}

func (p *pending) hidden() string {
	return filepath.Join(filepath.Dir(p.path), "."+filepath.Base(p.path)+"-"+rand.Text()+".part")
}

// place gives the file, which is on the disk, the name that it is to have. Who opens
// that name finds the old file or the new one, at any time.
func (p *pending) place() error {
	if p.named == "" {
		hidden := p.hidden()
		if err := link(p.File, hidden); err != nil {
			return err
		}
		p.named = hidden
	}
	// Windows renames no file that is open.
	if err := p.Close(); err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	if err := os.Rename(p.named, p.path); err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	p.done = true
	return nil
}

// discard closes and removes a file that has no place.
func (p *pending) discard() error {
	if p.done {
		return nil
	}
	err := p.Close()
	if errors.Is(err, os.ErrClosed) {
		err = nil
	}
	if p.named != "" {
		err = errors.Join(err, os.Remove(p.named))
	}
	return err
}
