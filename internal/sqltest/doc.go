// Package sqltest holds store/sqlstore to its promises with real drivers on real
// servers. It is a module of its own, so that users of the library inherit no driver.
//
// The tests start PostgreSQL and MariaDB where they are installed (see package
// server), and take CONSENT_TEST_POSTGRES_DSN and CONSENT_TEST_MYSQL_DSN instead
// where these are set. Without either they are skipped, with the reason; with
// CI=true that is a failure. SQLite is always there.
//
// PostgreSQL 14 and 18 are tested too where `make postgresql` has installed them.
//
//	go -C internal/sqltest test ./...
//	go -C internal/sqltest test -run Never -timeout 1h . -args -stress -rounds 200
//	go -C internal/sqltest test -run Plan -rows 1000000 .
package sqltest
