// Package storetest holds a store to the promises of [store.Store]: a suite of
// cases that any backend runs, and the benchmarks that make backends comparable.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) store.Store { return open(t) }, nil)
//	}
//
// Every case has a name and a promise, the sentence that its failure begins
// with. [Run] makes each a subtest; [Check] returns the failures as one error, so
// that a store can be checked outside of a test, and the suite itself can be
// checked with stores that must fail. [Cases] lists them all.
//
// # The factory
//
// The argument newStore is called once a case. What it returns may be empty and
// new, or stand on a server that others use at the same time: the accounts of a
// case have names that no other run uses. It can be any of
//
//	func() store.Store
//	func() (store.Store, error)
//	func(testing.TB) store.Store
//	func(*testing.T) store.Store // in Run
//	func(*testing.B) store.Store // in Benchmark
//
// What needs closing is closed by Cleanup of the testing.TB, after the case.
//
// # What is left out
//
// A case of an optional interface that the store does not have is skipped, and
// says so. A promise that a backend cannot keep is named in [Options], with the
// reason.
//
// A case that fails has seen a promise broken. One that passes may have missed
// it: races show by chance, and better under -race. A write that lost with
// store.ErrConflict is made again by the suite, as a caller would.
package storetest
