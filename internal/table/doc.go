// Package table weighs a text by its pieces. A table of weights was learned from texts
// that ask for no more messages and from texts that do not: `make table`. The package
// keywords/revocation asks it about texts in which no rule sees a request.
package table
