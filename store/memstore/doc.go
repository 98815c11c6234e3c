// Package memstore keeps consent in memory, in maps with one lock.
//
// It is the reference to read before you write a store of your own, and it serves tests,
// examples and programs that load their opt-outs at start. **It forgets everything when
// the process ends: it must not be the only place where a real opt-out is kept.**
package memstore
