// Package numberplan is the metadata of phonenumbers as one automaton: it tells
// what digits are in a hundredth of the time that the regular expressions take,
// and says [Ask] where it cannot tell.
//
// nodes.bin and index.txt are generated from the version of phonenumbers in
// go.mod; whoever reads numbers by them must make sure that it is the version in
// use ([Version]).
package numberplan

//go:generate go run ./gen
