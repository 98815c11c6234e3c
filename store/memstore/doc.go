// Package memstore is the reference store: in memory, for tests, examples and
// programs that load their opt-outs at start.
//
// It keeps every promise of [store.Store] while the process lives, and nothing
// beyond it: durable means as durable as the process. An app that acknowledges
// opt-outs to real people needs a store that survives a restart.
//
// Reads take no lock and, but for History and List, allocate nothing for a number.
// The strings of a state or an event that a caller keeps keep some 64 KB of the
// store with them, even when the store itself is gone.
package memstore
