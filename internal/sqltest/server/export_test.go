package server

import "strconv"

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
