// Package model holds a Guard and its store to their promises by random steps.
//
// [Run] makes steps that have a seed: texts of every kind, requests of the host, reviews,
// redeliveries, ids that are used twice, reordered and late messages, and faults before
// and after the calls of the store, over several Guards with different Options that share
// one store. After each step it compares the gate, the replies and the lists with a model.
//
// The model keeps everything that was acknowledged as a plain list and decides by
// definition. It shares no code with the rule of package store. An answer of the model is
// yes, no, or maybe: maybe where a fault left open what was stored, and where the
// documentation leaves the result open. Then only the safe direction is checked.
package model
