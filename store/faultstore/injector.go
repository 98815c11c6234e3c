package faultstore

import "errors"

// ErrInjected is the fault where no other error is given.
var ErrInjected = errors.New("faultstore: injected")

// Injector returns the error that a call is to fail with, nil for none. It may be
// called from many goroutines at the same time. A nil Injector injects nothing.
type Injector func(op Op) error

// OnIndex fails the n-th call, counted from 1 over all kinds. A nil err stands
// for ErrInjected.
func OnIndex(n int, err error) Injector {
	err = orInjected(err)
	return func(op Op) error {
		if op.Index != n {
			return nil
		}
		return err
	}
}

// OnKind fails all calls of a kind. A nil err stands for ErrInjected.
func OnKind(kind Kind, err error) Injector {
	err = orInjected(err)
	return func(op Op) error {
		if op.Kind != kind {
			return nil
		}
		return err
	}
}

// Any fails a call with the first error that one of the injectors has for it.
// All of them see every call.
func Any(injectors ...Injector) Injector {
	return func(op Op) error {
		var first error
		for _, inject := range injectors {
			if inject == nil {
				continue
			}
			if err := inject(op); first == nil {
				first = err
			}
		}
		return first
	}
}

// After makes of an error one that lets the call reach the store, and then takes
// the place of the reply: an Append is stored, and its caller cannot know. A nil
// err stands for ErrInjected.
func After(err error) error { return &after{orInjected(err)} }

// after is told from the errors that come instead of the call.
type after struct{ error }

func (a *after) Unwrap() error { return a.error }

func orInjected(err error) error {
	if err == nil {
		return ErrInjected
	}
	return err
}
