//go:build cgo

package sqltest_test

import _ "github.com/mattn/go-sqlite3"

// mattn tells whether the SQLite that is written in C is in this program.
const mattn = true
