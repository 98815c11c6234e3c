package storetest_test

import (
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
	"github.com/seed-f10031e4/consent/store/storetest"
)

// TestEveryShapeOfAFactoryIsInferred is a test of the compiler for the most part.
func TestEveryShapeOfAFactoryIsInferred(t *testing.T) {
	one := only("UnknownKey")
	require.NoError(t, storetest.Check(func() store.Store { return memstore.New() }, one))
	require.NoError(t, storetest.Check(func() (store.Store, error) { return memstore.New(), nil }, one))
	require.NoError(t, storetest.Check(func(testing.TB) store.Store { return memstore.New() }, one))

	storetest.Run(t, func() store.Store { return memstore.New() }, one)
	storetest.Run(t, func() (store.Store, error) { return memstore.New(), nil }, one)
	storetest.Run(t, func(testing.TB) store.Store { return memstore.New() }, one)
	storetest.Run(t, func(*testing.T) store.Store { return memstore.New() }, one)
}

func BenchmarkFactories(b *testing.B) {
	storetest.Benchmark(b, func(*testing.B) store.Store { return memstore.New() })
	storetest.Benchmark(b, func(testing.TB) store.Store { return memstore.New() })
	storetest.Benchmark(b, func() (store.Store, error) { return memstore.New(), nil })
}

func TestAFactoryThatFailsFailsTheCase(t *testing.T) {
	one := only("UnknownKey")
	refused := errors.New("connection refused")
	err := storetest.Check(func() (store.Store, error) { return nil, refused }, one)
	require.EqualError(t, err, "UnknownKey: newStore: connection refused")

	err = storetest.Check(func() store.Store { return nil }, one)
	require.EqualError(t, err, "UnknownKey: newStore returned no store")

	err = storetest.Check(func(tb testing.TB) store.Store {
		tb.Helper()
		tb.Errorf("no %s", "server")
		tb.Fatal("no", "store")
		return memstore.New()
	}, one)
	require.EqualError(t, err, "UnknownKey: no server; no store")

	err = storetest.Check(func(testing.TB) store.Store { panic("planted") }, one)
	require.ErrorContains(t, err, "UnknownKey: panic: planted")

	err = storetest.Check(func(tb testing.TB) store.Store {
		tb.FailNow()
		return memstore.New()
	}, one)
	require.EqualError(t, err, "UnknownKey: newStore called FailNow")

	err = storetest.Check(func(tb testing.TB) store.Store {
		tb.Fail() // and goes on
		require.True(t, tb.Failed())
		return memstore.New()
	}, one)
	require.EqualError(t, err, "UnknownKey: newStore called Fail")
}

func TestAFactoryThatSkipsSkipsTheCase(t *testing.T) {
	opts := only("UnknownKey")
	var reason any
	opts.Logf = func(_ string, args ...any) {
		if args[0] == "UnknownKey" {
			reason = args[1]
		}
	}
	err := storetest.Check(func(tb testing.TB) store.Store {
		tb.Cleanup(func() { require.True(t, tb.Skipped()) })
		tb.Skipf("no server at %d", 5432)
		return memstore.New()
	}, opts)
	require.NoError(t, err)
	require.Equal(t, "no server at 5432", reason)
}

func TestAFactoryIsCleanedUpAfterTheCase(t *testing.T) {
	t.Setenv("STORETEST_SET", "before")
	here, err := os.Getwd()
	require.NoError(t, err)
	var dir string
	var order []string
	err = storetest.Check(func(tb testing.TB) store.Store {
		require.Equal(t, "UnknownKey", tb.Name())
		require.NoError(t, tb.Context().Err())
		dir = tb.TempDir()
		require.DirExists(t, dir)
		require.NotEqual(t, dir, tb.ArtifactDir())
		tb.Setenv("STORETEST_SET", "in the case")
		tb.Setenv("STORETEST_NEW", "in the case")
		tb.Chdir(dir)
		tb.Attr("key", "value")
		tb.Log("to nobody")
		tb.Logf("to %s", "nobody")
		_, err := tb.Output().Write([]byte("to nobody"))
		require.NoError(t, err)
		tb.Cleanup(func() { order = append(order, "first") })
		tb.Cleanup(func() {
			require.Error(t, tb.Context().Err())
			order = append(order, "last")
			tb.Cleanup(func() { order = append(order, "within") })
		})
		return memstore.New()
	}, only("UnknownKey"))
	require.NoError(t, err)
	require.Equal(t, []string{"last", "within", "first"}, order)
	require.NoDirExists(t, dir)
	require.Equal(t, "before", os.Getenv("STORETEST_SET"))
	_, set := os.LookupEnv("STORETEST_NEW")
	require.False(t, set)
	now, err := os.Getwd()
	require.NoError(t, err)
	require.Equal(t, here, now)
}

func TestACleanupThatFailsFailsTheCase(t *testing.T) {
	err := storetest.Check(func(tb testing.TB) store.Store {
		tb.Cleanup(func() { tb.Fatal("not closed") })
		return memstore.New()
	}, only("UnknownKey"))
	require.EqualError(t, err, "UnknownKey: not closed")
}
