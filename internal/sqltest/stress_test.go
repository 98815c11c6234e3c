package sqltest_test

import (
	"context"
	"flag"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

var stressFlag = flag.Bool("stress", false, "every driver and mode, a pooler, a cluster and a standby, and long rounds")

// lasting is how long a test puts load on servers.
func lasting(short, long time.Duration) time.Duration {
	if *stressFlag {
		return long
	}
	return short
}

// onlyInStress skips a test that starts several servers.
func onlyInStress(t *testing.T) {
	t.Helper()
	if !*stressFlag {
		t.Skip("it starts several servers: -stress")
	}
}

// started returns servers that end with the test, or skips the test and prints why
// no server could start.
func started[T interface{ Stop() error }](t *testing.T, start func(context.Context) (T, error)) T {
	t.Helper()
	begin := time.Now()
	s, err := start(t.Context())
	skipWithout(t, err)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop()) })
	t.Log("started in", time.Since(begin))
	return s
}

// sent is what a contact sent.
func sent(id string, key store.Key, action store.Action, at time.Time) store.Event {
	return store.Event{ID: id, Key: key, Action: action, At: at, ReceivedAt: at.Add(time.Second), Source: store.SourceKeyword}
}
