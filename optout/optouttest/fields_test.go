package optouttest_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout/optouttest"
	"github.com/seed-f10031e4/consent/store"
)

// TestRequireRecordedComparesEveryField fails for a field of an Event that is new and not
// compared: a test that wants it would pass with any record.
func TestRequireRecordedComparesEveryField(t *testing.T) {
	g, _ := newGuard(t, nil)
	optouttest.SeedOptedOut(t, g, account, contact)
	event := reflect.TypeFor[store.Event]()
	for i := range event.NumField() {
		var want store.Event
		switch field := reflect.ValueOf(&want).Elem().Field(i); field.Interface().(type) {
		case store.Key:
			want.Key.Number = "other"
		case time.Time:
			field.Set(reflect.ValueOf(time.Unix(1, 0)))
		case store.Action:
			want.Action = store.Ask
		default:
			field.SetString("other")
		}
		require.Contains(t, failure(t, func(t optouttest.TB) { optouttest.RequireRecorded(t, g, account, contact, want) }),
			"0 records", event.Field(i).Name)
	}
}
