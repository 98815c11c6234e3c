package server

// DSN makes one from what a variable of the environment names.
func DSN(env, base, db string, params ...string) string {
	if env == PostgresEnv {
		return postgresDSN(base, db, params)
	}
	return mysqlDSN(base, db, params)
}
