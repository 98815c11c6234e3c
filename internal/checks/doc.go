// Package checks holds what must be true of the whole repository and no
// compiler sees: what each package links, what it exports, what its sources
// must not do, and that the documents are about the code that is there.
//
// It is tests only. `make golden` rewrites the golden files, and the code
// blocks of the documents.
package checks
