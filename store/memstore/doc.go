// Package memstore is the reference store: in memory, for tests, examples and
// programs that load their opt-outs at start.
//
// It keeps every promise of [store.Store] while the process lives, and nothing
// beyond it: durable means as durable as the process. An app that acknowledges
// opt-outs to real people needs a store that survives a restart.
package memstore
