package faultstore

import (
	"strconv"

	"github.com/seed-f10031e4/consent/store"
)

// Kind is the method that was called.
type Kind uint8

// The kinds, one for each method of a store and of its optional interfaces. The
// zero Kind is none of them.
const (
	Get Kind = iota + 1
	Append
	History
	GetBatch
	List
	Check
	Reviews
)

// String returns the name of the method.
func (k Kind) String() string {
	switch k {
	case Get:
		return "Get"
	case Append:
		return "Append"
	case History:
		return "History"
	case GetBatch:
		return "GetBatch"
	case List:
		return "List"
	case Check:
		return "Check"
	case Reviews:
		return "Reviews"
	default:
		return "Kind(" + strconv.Itoa(int(k)) + ")"
	}
}

// Op is one call of a [Store].
type Op struct {
	Kind  Kind
	Index int         // of the call among all calls of the Store, from 1
	Key   store.Key   // what it asks for; GetBatch, List and Reviews have an account only
	Event store.Event // what Append is to record; zero elsewhere
}
