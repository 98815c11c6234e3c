package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

// FuzzJSON reads back what was written, whatever bytes the evidence holds.
func FuzzJSON(f *testing.F) {
	f.Add("SM1", "acme", "+14155552671", "Stop\xa0", "\xff", "\x00", "\ufffd", byte(1), byte(2), int64(1_767_614_400_000_000))
	f.Add("", "", "", "", "", "", "", byte(0), byte(0), int64(0))
	f.Fuzz(func(t *testing.T, id, account, number, text, from, keyword, note string, action, status byte, micros int64) {
		valid := func(s string) string { return strings.ToValidUTF8(s, "?") }
		at := time.UnixMicro(micros % 1e17).UTC()
		if micros == 0 {
			at = time.Time{}
		}
		key := store.Key{Account: valid(account), Number: valid(number)}
		ev := store.Event{
			ID: id, Key: key, Action: store.Action(action % 9), At: at, ReceivedAt: at.Add(time.Second), Source: store.Source(keyword),
			From: from, To: note, Text: text, Keyword: keyword, KeywordSet: id, Actor: from + text, Note: note,
		}
		record := store.Record{Event: ev, RecordedAt: at, Prior: store.Status(status % 4), Effective: action > 9}
		state := store.State{
			Key: key, Status: record.Prior, At: at, ReceivedAt: at, RecordedAt: at, Source: "web", EventID: valid(id),
		}
		result := store.Result{State: state, Record: record, Duplicate: status > 9}
		requireReadBack(t, ev)
		requireReadBack(t, record)
		requireReadBack(t, result)
		requireReadBack(t, store.RecordPage{Records: []store.Record{record, {}}, Next: store.Cursor(valid(note))})
		requireReadBack(t, store.StatePage{States: []store.State{state, {}}})

		// Of garbage nothing is left.
		for _, garbage := range []string{text, `{"id":"7",` + text, fmt.Sprintf(`{"id":"7","action":%q}`, text)} {
			read := record
			if err := json.Unmarshal([]byte(garbage), &read); err != nil && json.Valid([]byte(garbage)) {
				require.Zero(t, read)
			}
		}
	})
}

func requireReadBack[T any](t *testing.T, want T) {
	t.Helper()
	data, err := json.Marshal(want)
	require.NoError(t, err)
	require.True(t, utf8.Valid(data))
	var read T
	require.NoError(t, json.Unmarshal(data, &read), "%s", data)
	require.Equal(t, want, read, "%s", data)
}

func TestEvidenceThatIsNotUTF8(t *testing.T) {
	data, err := json.Marshal(store.Event{ID: "SM1", Key: key, Action: store.OptOut, Text: "Stop\xa0"})
	require.NoError(t, err)
	require.JSONEq(t, `{
		"id": "SM1", "key": {"account": "acct", "number": "+14155552671"}, "action": "opt-out", "text": "Stop\ufffd", "text_b64": "U3RvcKA="
	}`, string(data))
}

func TestTheErrorOfAResultInJSON(t *testing.T) {
	secret := errors.New("+14155552671 said STOP")
	for text, want := range map[string]error{
		"store: id reused":  store.ErrIDReused,
		"store: invalid":    fmt.Errorf("%w: %w", store.ErrInvalid, secret),
		"store: conflict":   store.ErrConflict,
		"store: bad cursor": store.ErrBadCursor,
		"store: refused":    secret,
	} {
		data, err := json.Marshal(store.Result{Err: want})
		require.NoError(t, err)
		require.Contains(t, string(data), fmt.Sprintf(`"error":%q`, text))
		require.NotContains(t, string(data), "4155552671")
		var read store.Result
		require.NoError(t, json.Unmarshal(data, &read))
		require.EqualError(t, read.Err, text)
		if !errors.Is(want, secret) {
			require.ErrorIs(t, read.Err, want)
		}
	}
	var read store.Result
	require.NoError(t, json.Unmarshal([]byte(`{"error":"another"}`), &read))
	require.Error(t, read.Err, "it was refused, whatever the text")
}

// TestWhatIsReadStartsFromZero: a variable that is used again keeps nothing.
func TestWhatIsReadStartsFromZero(t *testing.T) {
	full := store.Record{Event: store.Event{ID: "SM1", Action: store.OptIn}, Prior: store.OptedIn, Effective: true}
	for _, data := range []string{"{}", "null"} {
		record := full
		require.NoError(t, json.Unmarshal([]byte(data), &record))
		require.Zero(t, record, data)
		state := store.State{Status: store.OptedIn, At: minute(1)}
		require.NoError(t, json.Unmarshal([]byte(data), &state))
		require.Zero(t, state, data)
		result := store.Result{State: store.State{Status: store.OptedIn}, Record: full, Duplicate: true}
		require.NoError(t, json.Unmarshal([]byte(data), &result))
		require.Zero(t, result, data)
	}
	for _, data := range []string{
		`{"action":"OptIn"}`, `{"action":2}`, `{"prior":"optedin"}`, `{"prior":1}`, `{"text_b64":"?"}`, `{"effective":1}`, `[]`,
	} {
		record := full
		require.Error(t, json.Unmarshal([]byte(data), &record), data)
		require.Zero(t, record, data)
	}
	page := store.StatePage{States: []store.State{{Status: store.OptedIn, At: minute(1)}}, Next: "2"}
	require.NoError(t, json.Unmarshal([]byte(`{"states":[{"status":"held"}],"next":""}`), &page))
	require.Equal(t, store.StatePage{States: []store.State{{Status: store.Held}}}, page)
	last, err := json.Marshal(store.RecordPage{})
	require.NoError(t, err)
	require.JSONEq(t, `{"records":null,"next":""}`, string(last), "a reader that uses a page again sees the end")
	result := store.Result{Duplicate: true}
	require.Error(t, json.Unmarshal([]byte(`{"duplicate":true,"state":{"status":"welcome"}}`), &result))
	require.Zero(t, result)
}
