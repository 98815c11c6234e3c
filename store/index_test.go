package store

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestALongHistoryHasAnIndex: an event is not compared with each of the records of a key.
func TestALongHistoryHasAnIndex(t *testing.T) {
	ledger := NewLedger(Key{Account: "acct", Number: "+1"}, nil)
	for i := range 3 * manyRecords {
		_, err := ledger.Append(Event{ID: strconv.Itoa(i), Action: Hold, Source: SourceText}, time.Time{})
		require.NoError(t, err)
		require.Equal(t, i > manyRecords, ledger.byID != nil, "after %d", i)
	}
	for i := range ledger.records {
		require.Equal(t, []int{i}, ledger.byID[strconv.Itoa(i)])
	}
}
