// Package storetest holds a store to the promises of [store.Store]: a suite of cases that
// any backend runs, and the benchmarks that make backends comparable.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t testing.TB) store.Store { return open(t) }, nil)
//	}
//
// Every case has a name and a promise, the sentence with which its failure begins. [Run]
// makes each case a subtest. [Check] returns the failures as one error, so that a store
// can be checked outside of a test, and the suite itself can be checked with stores that
// must fail. [Cases] lists all cases.
//
// # What is left out
//
// A case of an optional interface that the store does not have is skipped, and says so.
// So are the cases of several processes, unless Options.Reopen is set. A promise that a
// backend cannot keep is named in [Options], with the reason.
//
// A case that fails has seen a promise broken. A case that passes may have missed it:
// races show by chance, and better under -race. The suite appends again after
// store.ErrConflict, as a caller would.
package storetest
