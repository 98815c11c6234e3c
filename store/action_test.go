package store_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// word is an Action or a Status.
type word interface {
	comparable
	fmt.Stringer
	encoding.TextMarshaler
}

// sameWords reads each word that a kind of value is written as.
func sameWords[T word](t *testing.T, values []T, words []string, unmarshal func([]byte) (T, error)) {
	t.Helper()
	require.Len(t, values, len(words))
	for i, value := range values {
		require.Equal(t, words[i], value.String())
		text, err := value.MarshalText()
		require.NoError(t, err)
		require.Equal(t, words[i], string(text))
		read, err := unmarshal(text)
		require.NoError(t, err)
		require.Equal(t, value, read)
	}
	for _, text := range []string{"", "x", "Opt-Out", "opt out", " opt-out", "1", "none ", string(make([]byte, 100))} {
		before := values[1]
		read, err := unmarshal([]byte(text))
		require.ErrorIs(t, err, store.ErrInvalid, "%q", text)
		require.NotEqual(t, before, read, "what was not read stays zero")
		require.Less(t, len(err.Error()), 150)
	}
}

func TestActionsAreWrittenAndReadAsWords(t *testing.T) {
	sameWords(t,
		[]store.Action{
			store.NoAction, store.OptOut, store.OptIn, store.Consent, store.Hold, store.Release, store.Uphold, store.Ask, store.Retract,
			store.Void, store.Erase,
		},
		[]string{"none", "opt-out", "opt-in", "consent", "hold", "release", "uphold", "ask", "retract", "void", "erase"},
		func(text []byte) (a store.Action, err error) { err = a.UnmarshalText(text); return a, err })

	next := store.Erase + 1
	require.Equal(t, "Action(11)", next.String())
	_, err := next.MarshalText()
	require.ErrorIs(t, err, store.ErrInvalid)
}

func TestStatusesAreWrittenAndReadAsWords(t *testing.T) {
	sameWords(t,
		[]store.Status{store.Unknown, store.OptedIn, store.OptedOut, store.Held},
		[]string{"unknown", "opted-in", "opted-out", "held"},
		func(text []byte) (s store.Status, err error) { err = s.UnmarshalText(text); return s, err })

	next := store.Held + 1
	require.Equal(t, "Status(4)", next.String())
	_, err := next.MarshalText()
	require.ErrorIs(t, err, store.ErrInvalid)
}

func TestAFailedReadLeavesTheValue(t *testing.T) {
	action, status := store.OptIn, store.OptedOut
	require.Error(t, action.UnmarshalText([]byte("x")))
	require.Error(t, status.UnmarshalText([]byte("x")))
	require.Equal(t, store.OptIn, action)
	require.Equal(t, store.OptedOut, status)
}

// TestTheZeroValuesAreTheSafeAnswers: nothing asked for, nothing known.
func TestTheZeroValuesAreTheSafeAnswers(t *testing.T) {
	require.Equal(t, store.Unknown, store.State{}.Status)
	require.Equal(t, store.Unknown, store.Standing{}.InForce().Status)
	_, err := store.Event{ID: "1", Key: key}.Normalize()
	require.ErrorIs(t, err, store.ErrInvalid, "no event asks for nothing")
}

// TestARecordInJSON is what a log or an export shows: words, and no times that are not
// known.
func TestARecordInJSON(t *testing.T) {
	ledger := store.NewLedger(key, nil)
	stop := event("SM1", store.OptOut, minute(1))
	stop.ReceivedAt, stop.From, stop.To = minute(2), key.Number, "+15550100"
	stop.Text, stop.Keyword, stop.KeywordSet = "Stop", "STOP", "1-1a19"
	first, err := ledger.Append(stop, minute(3))
	require.NoError(t, err)
	yes := event("call 7", store.Consent, time.Time{})
	yes.Source, yes.Actor, yes.Note = store.SourceAgent, "anna", "by phone"
	second, err := ledger.Append(yes, minute(4))
	require.NoError(t, err)

	text, err := json.MarshalIndent([]any{first, second, store.State{Key: key}}, "", "  ")
	require.NoError(t, err)
	golden, err := os.ReadFile(filepath.Join("testdata", "results.json"))
	require.NoError(t, err)
	require.Equal(t, string(golden), string(text)+"\n")

	for _, want := range []store.Result{first, second} {
		text, err := json.Marshal(want)
		require.NoError(t, err)
		var got store.Result
		require.NoError(t, json.Unmarshal(text, &got))
		require.Equal(t, want, got)
	}
}
