package faultstore

import "errors"

// ErrInjected is the fault if no other error is given.
var ErrInjected = errors.New("faultstore: injected")

// Injector returns the error with which a call fails, or nil. It may be called from many
// goroutines at the same time. A nil Injector fails no call.
type Injector func(op Op) error

// OnIndex fails the n-th call, counted from 1 over all kinds. A nil err means ErrInjected.
func OnIndex(n int, err error) Injector {
	return func(op Op) error {
		if op.Index != n {
			return nil
		}
		return orInjected(err)
	}
}

// OnKind fails all calls of a kind. A nil err means ErrInjected.
func OnKind(kind OpKind, err error) Injector {
	return func(op Op) error {
		if op.Kind != kind {
			return nil
		}
		return orInjected(err)
	}
}

// Any fails a call with the first error that one of the injectors has for it. Each of them
// receives every call.
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

// After lets the calls that an injector fails reach the store first, and loses the reply:
// an Append is stored, and its caller cannot know.
func After(inject Injector) Injector {
	return func(op Op) error {
		if inject == nil {
			return nil
		}
		err := inject(op)
		if err == nil {
			return nil
		}
		return after{err}
	}
}

// after is an error that takes the place of the reply, not of the call.
type after struct{ error }

func (a after) Unwrap() error { return a.error }

func orInjected(err error) error {
	if err == nil {
		return ErrInjected
	}
	return err
}
