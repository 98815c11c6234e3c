package sqltest_test

import (
	"context"
	"io"
	"net"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// relay is the way to a server, which may be blocked: what is sent waits, and no
// connection is refused. It counts the round trips of all connections.
type relay struct {
	to      string
	blocked sync.RWMutex // for writing: blocked
	trips   atomic.Int64
}

func (r *relay) serve(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			server, err := net.Dial("tcp", r.to)
			if err != nil {
				_ = client.Close()
				return
			}
			var answered atomic.Bool // what the client has sent before
			answered.Store(true)
			go r.pass(client, server, func() {
				if answered.Swap(false) {
					r.trips.Add(1)
				}
			})
			r.pass(server, client, func() { answered.Store(true) })
		}()
	}
}

func (r *relay) pass(from io.ReadCloser, to io.WriteCloser, passing func()) {
	defer from.Close()
	defer to.Close()
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		r.blocked.RLock()
		passing()
		_, err = to.Write(buf[:n])
		r.blocked.RUnlock()
		if err != nil {
			return
		}
	}
}

var hostPort = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// TestTheGateIsClosedInTimeWhereTheServerHangs: with a connection that is open, and
// with one to be made; and it works again by itself.
func TestTheGateIsClosedInTimeWhereTheServerHangs(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		t.Helper()
		switch {
		case v.dialect == sqlstore.SQLite:
			t.Skip("there is no server")
		case v.driver == "postgres":
			t.Skip("lib/pq asks the server to cancel when a context ends, and waits for its answer")
		case v.server(t).Foreign():
			t.Skip("the address of somebody else's server may be anywhere in its DSN")
		}
		_, db := v.ready(t)
		require.NoError(t, db.PingContext(t.Context()))
		direct, _ := shared.Load(v.name)
		dsn, _ := direct.(string)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close()
		r := &relay{to: hostPort.FindString(dsn)}
		go r.serve(l)
		st := v.on(t, v.open(t, hostPort.ReplaceAllString(dsn, l.Addr().String())))
		gateWorksAgain(t, st)

		r.blocked.Lock()
		release := sync.OnceFunc(r.blocked.Unlock)
		defer release() // else the pool would wait for the server to close its connections
		for range 3 {   // the first has an open connection
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			begin := time.Now()
			d, err := newGuard(t, st).Gate(ctx, account, ours)
			cancel()
			require.Error(t, err)
			require.False(t, d.Allowed)
			require.Less(t, time.Since(begin), 30*time.Second, "it hangs as the server does")
		}
		release()
		gateWorksAgain(t, st)
	})
}
