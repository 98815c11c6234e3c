// Package plan is a dated copy of the numbering plans of all countries, as one
// automaton over digits: it says whether digits are a phone number.
//
// nodes.bin and index.txt are generated from the metadata of the phonenumbers
// version in this module's go.mod. A program that selects another version of
// phonenumbers still reads numbers by this copy, as it does with a copy of the
// time zones. Some digits depend on more than an automaton can hold: for these the
// answer is [Undecided].
package plan

//go:generate go run ./gen
