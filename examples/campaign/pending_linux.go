package main

import (
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// unnamed makes a file in a folder that is gone when it is closed.
func unnamed(folder string) (*os.File, error) {
	fd, err := unix.Open(folder, unix.O_TMPFILE|unix.O_WRONLY|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	return os.NewFile(uintptr(fd), folder), nil
}

// link gives an unnamed file a name that is not taken.
func link(file *os.File, name string) error {
	self := "/proc/self/fd/" + strconv.Itoa(int(file.Fd()))
	if err := unix.Linkat(unix.AT_FDCWD, self, unix.AT_FDCWD, name, unix.AT_SYMLINK_FOLLOW); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// syncFolder puts the names in a folder on the disk.
func syncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return err //nolint:wrapcheck // it names the folder
	}
	err = folder.Sync()
	if closeErr := folder.Close(); err == nil {
		err = closeErr
	}
	return err
}
