package server

import (
	"context"
	"strconv"
)

// PgBouncerAfter starts a pooler, and before it runs hands its address to a function.
func PgBouncerAfter(ctx context.Context, postgres *Server, meanwhile func(addr string)) (*Server, error) {
	k := pgBouncerKind(postgres, 1)
	install := k.install
	k.install = func(ctx context.Context, s *Server) error {
		meanwhile(s.Addr())
		return install(ctx, s)
	}
	return start(ctx, k)
}

// DSN makes one from what a variable of the environment names.
func DSN(env, base, db string, params ...string) string {
	if env == PostgresEnv {
		return postgresDSN(base, db, params)
	}
	return mysqlDSN(base, db, params)
}

// Dir is the folder of a server.
func (s *Server) Dir() string { return s.dir }

// Addr is where a server listens.
func (s *Server) Addr() string { return "127.0.0.1:" + strconv.Itoa(s.port) }

// CacheDir is where make postgresql installs.
func CacheDir() string { return cacheDir() }
