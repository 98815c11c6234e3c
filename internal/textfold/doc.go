// Package textfold knows characters: which are letters, which are read as a
// blank, which cannot be seen, and how long a message may be. The package
// keywords and its package revocation share it.
package textfold
