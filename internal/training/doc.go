// Command training makes the table of weights that package revocation asks about texts in
// which no rule sees a request: `make table`. It learns from texts of the repository: the
// labelled ones that are not set apart, and the ordinary ones.
//
//	go run ./internal/training -measure -ordinary a.jsonl -labelled b.jsonl
//
// It also measures: it learns from four fifths of the clusters of near-duplicates, reads the
// last fifth, and counts, five times.
package main
