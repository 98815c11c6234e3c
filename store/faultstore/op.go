package faultstore

import (
	"strconv"

	"github.com/seed-f10031e4/consent/store"
)

// OpKind is the method that was called.
type OpKind uint8

// The kinds, one for each method of a store and of its optional interfaces. No call has
// the zero value.
const (
	OpGet OpKind = iota + 1
	OpAppend
	OpHistory
	OpGetBatch
	OpList
	OpReviews
	OpAppendBatch
	OpCount
	OpGetRecords
	OpEventIDs
	OpSearch
	OpChanges
	OpErase
)

// String returns the name of the method.
func (k OpKind) String() string {
	names := []string{
		"Get", "Append", "History", "GetBatch", "List", "Reviews", "AppendBatch", "Count", "GetRecords", "EventIDs", "Search",
		"Changes", "Erase",
	}
	if k < OpGet || int(k) > len(names) {
		return "OpKind(" + strconv.Itoa(int(k)) + ")"
	}
	return names[k-OpGet]
}

// Op is one call of a [Store].
type Op struct {
	Kind   OpKind
	Index  int           // of the call among all calls of the Store, from 1
	Key    store.Key     // what the call asks for; only the account where it is about an account, and nothing for AppendBatch
	Event  store.Event   // what Append records; the zero Event for other calls
	Events []store.Event // what AppendBatch records, as it was given; nil for other calls
}
