// Package server starts a database server for tests, from the binaries that the
// machine has: on loopback, on a free port, in a temporary folder of its own, as
// a user without privileges, with the durability that the server has by default.
//
//	s, err := server.Postgres(ctx) // or server.MariaDB
//	if errors.Is(err, server.ErrNotInstalled) { … }
//	defer s.Stop()
//	db, err := sql.Open("pgx", s.DSN("postgres"))
//
// [PostgresVersion] is a PostgreSQL of another version, that `make postgresql` installs in
// .ci/postgresql. [PgBouncer] is a pooler in front of a PostgreSQL, [PostgresPair] a PostgreSQL with
// a standby that its commits wait for, and [Galera] a cluster of three MariaDB nodes.
// Their tests kill, pause and promote them.
//
// A server that somebody else runs is used instead where the environment names
// one: [PostgresEnv], [MySQLEnv]. That one is not killed and not stopped.
//
// A server never outlives the program that started it, however that one ends.
package server
