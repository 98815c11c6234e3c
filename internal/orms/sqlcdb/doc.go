// Package sqlcdb is what sqlc generates from testdata for the app's table of the tests.
package sqlcdb
