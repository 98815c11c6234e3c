//go:build !linux

package main

import (
	"errors"
	"os"
)

func unnamed(string) (*os.File, error) { return nil, errors.ErrUnsupported }

func link(*os.File, string) error { return errors.ErrUnsupported }

func lockFolder(*os.File) (bool, error) { return false, errors.ErrUnsupported }

func syncFolder(string) error { return nil } // not every system can
