package sqltest_test

import (
	"context"
	"database/sql"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// TestAnAppendEndsWhereTheServerHangsAtTheCommit: the driver of MySQL does not end a COMMIT
// with its context, so there the DSN has a readTimeout. The message is then delivered again.
//
//nolint:tparallel // not beside other tests: some kill the servers
func TestAnAppendEndsWhereTheServerHangsAtTheCommit(t *testing.T) {
	for _, v := range named(mainPostgres, mainMySQL) {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			if v.server(t).Foreign() {
				t.Skip("the address of somebody else's server may be anywhere in its DSN")
			}
			dsn := v.database(t)
			plain := v.on(t, v.open(t, dsn))
			require.NoError(t, plain.Migrate(t.Context()))
			l, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			defer l.Close()
			r := &relay{to: hostPort.FindString(dsn)}
			go r.serve(l)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			commits := 0
			plan := &faultPlan{before: func(kind callKind) {
				if kind != callCommit {
					return
				}
				if commits++; commits == 1 {
					r.blocked.Lock()
					time.AfterFunc(100*time.Millisecond, cancel) // the caller waits no longer
				}
			}}
			behind := hostPort.ReplaceAllString(dsn, l.Addr().String())
			if v.dialect == sqlstore.MySQL {
				behind += separator(behind) + "readTimeout=2s"
			}
			db := sql.OpenDB(faultConnector{v.connector(t, behind), plan})
			defer db.Close()
			st := v.on(t, db)

			key := newKey()
			ended := make(chan error, 1)
			go func() {
				for { // a server that is slow may miss the readTimeout before the commit, too
					if _, err := st.Append(ctx, sent("out", key, store.OptOut, noon)); err == nil || ctx.Err() != nil {
						ended <- err
						return
					}
				}
			}()
			select {
			case err = <-ended:
			case <-time.After(patience):
				t.Error("it does not end")
			}
			require.Positive(t, commits, "the Append came to its commit: %v", err)
			r.blocked.Unlock()
			require.Error(t, err, "whether it is committed is not known")

			require.Eventually(t, func() bool { // it is delivered again
				_, err := st.Append(t.Context(), sent("out", key, store.OptOut, noon))
				return err == nil
			}, patience, time.Millisecond)
			require.Equal(t, []string{"out"}, ids(t, plain, key))
			consistent(t, plain, key)
		})
	}
}
