package optout_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/keywords/revocation"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// FuzzJSON reads back what was written, whatever bytes a text holds.
func FuzzJSON(f *testing.F) {
	f.Add("SM1", "acme", "+14155552671", "Stop\xa0", "\xff", byte(1), int64(1_767_614_400_000_000))
	f.Add("", "", "", "", "", byte(0), int64(0))
	f.Fuzz(func(t *testing.T, id, account, number, text, note string, flags byte, micros int64) {
		at := time.UnixMicro(micros % 1e17).UTC()
		if micros == 0 {
			at = time.Time{}
		}
		valid := func(s string) string { return strings.ToValidUTF8(s, "?") }
		key := store.Key{Account: valid(account), Number: valid(number)}
		record := store.Record{Event: store.Event{ID: id, Key: key, Action: store.Hold, At: at, Text: text, Note: note}}
		state := store.State{Key: key, Status: store.Status(flags % 4), RecordedAt: at, EventID: valid(id)}
		requireReadBack(t, optout.Message{
			ID: id, Account: account, From: number, To: note, Text: text, Incomplete: flags&1 != 0, At: at, ReceivedAt: at,
			ProviderReplied: flags&2 != 0, ProviderIntent: keywords.Intent(flags % 4),
		})
		requireReadBack(t, optout.Request{
			ID: id, Account: account, Number: number, Source: store.Source(note), At: at, Day: text, Actor: note, Note: id, Text: text,
		})
		requireReadBack(t, optout.Review{Record: record, Due: at})
		requireReadBack(t, optout.Resolution{Account: key.Account, Review: record, Verdict: optout.Verdict(flags % 3), Actor: valid(note)})
		requireReadBack(t, optout.Outcome{
			Match:   keywords.Match{Intent: keywords.OptOut, Keyword: "STOP", Language: "en"},
			Reading: revocation.Reading{Certainty: revocation.Possible, Rule: valid(note), WrongNumber: true},
			State:   state, Changed: flags&1 != 0, Superseded: flags&2 != 0, NoNumber: flags&4 != 0,
			Fault: optout.NumberFault(flags % 16), Reply: valid(text), EventID: valid(id),
		})
		requireReadBack(t, optout.Decision{Fault: optout.NumberFault(flags % 16), Reason: optout.Reason(valid(note)), State: state})
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

// TestADecisionIsNeverAllowedByWhatIsMissing leaves out members of decisions, and changes
// them: what is read is allowed only as it was written.
func TestADecisionIsNeverAllowedByWhatIsMissing(t *testing.T) {
	decisions := everyDecision(t)
	allowed := map[optout.Decision]bool{}
	for _, d := range decisions {
		allowed[d] = allowed[d] || d.Allowed
		requireReadBack(t, d)
	}
	require.Len(t, allowed, 9)
	rapid.Check(t, func(t *rapid.T) {
		var members map[string]any
		data, err := json.Marshal(rapid.SampledFrom(decisions).Draw(t, "decision"))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, &members))
		for _, name := range rapid.SliceOf(rapid.SampledFrom([]string{"allowed", "fault", "reason", "state"})).Draw(t, "changed") {
			delete(members, name)
			value := rapid.SampledFrom([]any{
				nil, true, false, "opted_in", "not_opted_out", "letters", "none",
				map[string]any{"status": "opted-out"},
				map[string]any{"status": "opted-in", "key": map[string]any{"number": "+14155552671"}},
			}).Draw(t, "value")
			if rapid.Bool().Draw(t, "replaced") {
				members[name] = value
			}
		}
		data, err = json.Marshal(members)
		require.NoError(t, err)
		d := rapid.SampledFrom(decisions).Draw(t, "variable") // which is used again
		if err := json.Unmarshal(data, &d); err != nil {
			require.Zero(t, d)
			return
		}
		if !d.Allowed {
			return
		}
		require.Equal(t, true, members["allowed"], "%s", data)
		require.NotEqual(t, store.Key{}, d.State.Key, "%s", data)
		require.Equal(t, optout.FaultNone, d.Fault, "%s", data)
		require.Equal(t, map[optout.Reason]store.Status{
			optout.ReasonOptedIn: store.OptedIn, optout.ReasonNotOptedOut: store.Unknown,
		}[d.Reason], d.State.Status, "%s", data)
		require.Contains(t, []optout.Reason{optout.ReasonOptedIn, optout.ReasonNotOptedOut}, d.Reason, "%s", data)
	})
	for _, data := range []string{
		"{}", "null", `{"reason":"not_opted_out"}`, `{"allowed":true}`, `{"allowed":true,"reason":"opted_in"}`,
		`{"allowed":true,"reason":"opted_in","state":{"key":{"number":"+1"}}}`, `{"allowed":true,"reason":"","state":{"key":{"number":"+1"}}}`,
		`{"allowed":true,"reason":"opted_in","state":{"key":{"number":"+1"},"status":"welcome"}}`,
		`{"allowed":"yes"}`, `{"allowed":1}`, `[true]`,
		`{"allowed":true,"reason":"not_opted_out","fault":"mask","state":{"key":{"number":"+1"}}}`,
	} {
		d := optout.Decision{Allowed: true, Reason: optout.ReasonOptedIn}
		_ = json.Unmarshal([]byte(data), &d)
		require.False(t, d.Allowed, data)
	}
}

// TestContradictionsAreErrors reads JSON that says of one contact that it may be texted and that
// it may not.
func TestContradictionsAreErrors(t *testing.T) {
	const key = `"key":{"account":"acme","number":"+14155552671"}`
	for _, state := range []string{
		`{KEY,"status":"opted-in","action":"opt-out"}`, `{KEY,"status":"opted-in","action":"hold"}`, `{KEY,"status":"opted-in","action":"void"}`,
		`{KEY,"status":"unknown","action":"opt-out"}`, `{KEY,"action":"opt-out"}`, `{KEY,"action":"uphold"}`, `{KEY,"action":"hold"}`,
		`{KEY,"status":"opted-out","status":"opted-in"}`, `{KEY,"status":"opted-in","Status":"opted-out"}`,
		`{KEY,"status":"held","action":"consent"}`, `{KEY,"status":"opted-out","action":"opt-in"}`,
	} {
		state = strings.Replace(state, "KEY", key, 1)
		s := store.State{Status: store.OptedIn}
		require.Error(t, json.Unmarshal([]byte(state), &s), state)
		require.Zero(t, s, state)
		for _, reason := range []string{"opted_in", "not_opted_out"} {
			requireRefused(t, new(optout.Decision), `{"allowed":true,"reason":"`+reason+`","state":`+state+`}`)
			requireRefused(t, new(optout.Gated[string]), `{"decision":{"allowed":true,"reason":"`+reason+`","state":`+state+`}}`)
			requireRefused(t, new(optout.Explanation), `{"decision":{"allowed":true,"reason":"`+reason+`","state":`+state+`}}`)
		}
		requireRefused(t, new(optout.Outcome), `{"state":`+state+`}`)
		requireRefused(t, new(store.Result), `{"state":`+state+`}`)
		requireRefused(t, new(store.StatePage), `{"states":[`+state+`]}`)
	}
	allowed := `"reason":"opted_in","state":{` + key + `,"status":"opted-in","action":"opt-in"}`
	require.NoError(t, json.Unmarshal([]byte(`{"allowed":true,`+allowed+`}`), new(optout.Decision)))
	requireRefused(t, new(optout.BlockedError), `{"allowed":true,`+allowed+`}`)
	for _, twice := range []string{
		`{"allowed":false,"allowed":true,` + allowed + `}`, `{"allowed":false,"ALLOWED":true,` + allowed + `}`,
		`{"allowed":true,"fault":"mask","fault":"none",` + allowed + `}`, `{"allowed":true,"state":{"status":"opted-out"},` + allowed + `}`,
		`{"allowed":true,"reason":"not_opted_out","state":{` + key + `,"event_id":"SM1"}}`,
		`{"allowed":true,"reason":"not_opted_out","state":{` + key + `,"at":"2026-03-01T12:00:00Z"}}`,
	} {
		requireRefused(t, new(optout.Decision), twice)
	}
	blocked := &optout.BlockedError{Decision: optout.Decision{Reason: "+14155552671"}}
	require.EqualError(t, blocked, "optout: not sent", "a reason of another program")
}

func requireRefused[T any](t *testing.T, into *T, data string) {
	t.Helper()
	require.Error(t, json.Unmarshal([]byte(data), into), "%T: %s", into, data)
}

// everyDecision returns a decision of each reason.
func everyDecision(t *testing.T) []optout.Decision {
	t.Helper()
	s := memstore.New()
	g := guardAt(t, s, optout.Options{Texts: optout.PolicyHold})
	receive(t, g, text("m1", possible, at(1)))
	var all []optout.Decision
	gate := func(g *optout.Guard, account, number string) {
		d, _ := g.Gate(t.Context(), account, number)
		d.State.RecordedAt = d.State.RecordedAt.UTC().Truncate(time.Microsecond)
		all = append(all, d)
	}
	gate(g, account, contact)
	receive(t, g, text("m2", "STOP", at(2)))
	gate(g, account, contact)
	receive(t, g, text("m3", "START", at(3)))
	gate(g, account, contact)
	gate(g, "another", contact)
	gate(g, account, "+1415555")
	gate(g, "", contact)
	wide := guardAt(t, s, optout.Options{DefaultRegion: "US", Channels: []string{"messenger"}})
	for _, several := range []string{"4155550103", "messenger:2489176354201234", "+55 11 98765-4321", "whatsapp:+14155550103"} {
		gate(wide, account, several)
		require.True(t, all[len(all)-1].Allowed, several)
	}
	return all
}

func TestTheErrorOfAnOutcomeInJSON(t *testing.T) {
	secret := errors.New("+14155552671 said STOP")
	for text, c := range map[string]struct {
		err  error
		kind error // what is found after it was read
	}{
		"optout: opted out": {fmt.Errorf("%w: %w", optout.ErrOptedOut, secret), optout.ErrOptedOut},
		"store: id reused":  {fmt.Errorf("%w: %w", store.ErrIDReused, secret), store.ErrIDReused},
		"optout: invalid message: Day: no such date, want one such as 2025-03-04": {
			notRecorded(t, optout.Request{Number: contact, Day: "today"}), optout.ErrInvalidMessage,
		},
		"optout: invalid message: Day: want either At or Day": {
			notRecorded(t, optout.Request{Number: contact, Day: "2025-03-04", At: at(1)}), optout.ErrInvalidMessage,
		},
		"optout: invalid message: Number: optout: no phone number: empty (0 bytes)": {notRecorded(t, optout.Request{}), optout.ErrInvalidMessage},
		"optout: no phone number: mask (3 bytes)": {
			&optout.NumberError{Fault: optout.FaultMask, Bytes: 3}, optout.ErrInvalidNumber,
		},
		"optout: the store failed": {secret, nil},
	} {
		data, err := json.Marshal(optout.Outcome{Err: c.err})
		require.NoError(t, err)
		require.NotContains(t, string(data), "4155552671")
		var read optout.Outcome
		require.NoError(t, json.Unmarshal(data, &read))
		require.EqualError(t, read.Err, text)
		if c.kind != nil {
			require.ErrorIs(t, read.Err, c.kind)
		}
	}
	for text, want := range map[string]string{
		"another": "optout: another error", "STOP from +14155552671": "optout: another error",
		"optout: opted out: +14155552671": "optout: opted out", "optout: opted outside": "optout: another error",
		"optout: invalid message: Day: +14155552671":                                         "optout: invalid message",
		"optout: invalid message: STOP: it is empty":                                         "optout: invalid message",
		"optout: invalid message: Note: it is empty":                                         "optout: invalid message: Note: it is empty",
		"optout: invalid message: Number: optout: no phone number: mask (14155552671 bytes)": "optout: invalid message",
		"optout: no phone number: 14155552671 (3 bytes)":                                     "optout: no phone number",
		"optout: no phone number: mask (3 bytes), STOP":                                      "optout: no phone number",
		"store: invalid: STOP":                                                               "store: invalid",
	} {
		data, err := json.Marshal(map[string]string{"error": text})
		require.NoError(t, err)
		for range 2 {
			var read optout.Outcome
			require.NoError(t, json.Unmarshal(data, &read))
			require.EqualError(t, read.Err, want)
			var seen optout.Observation
			require.NoError(t, json.Unmarshal(data, &seen))
			require.EqualError(t, seen.Err, want)
			data, err = json.Marshal(read) // and once more
			require.NoError(t, err)
		}
	}
	read := optout.Outcome{Changed: true}
	require.NoError(t, json.Unmarshal([]byte(`{"error":"another"}`), &read))
	require.False(t, read.Changed)
}

// notRecorded returns why a request is not recorded.
func notRecorded(t *testing.T, r optout.Request) error {
	t.Helper()
	r.Account = account
	outs, err := guardAt(t, memstore.New(), optout.Options{}).RecordOptOuts(t.Context(), []optout.Request{r})
	require.NoError(t, err)
	require.Error(t, outs[0].Err)
	return outs[0].Err
}

func TestWhatIsReadStartsFromZero(t *testing.T) {
	for _, data := range []string{"{}", "null", `{"at":"today"}`, `{"due":7}`, `[]`} {
		message := optout.Message{ID: "SM1", ProviderIntent: keywords.OptIn}
		_ = json.Unmarshal([]byte(data), &message)
		require.Zero(t, message, data)
		request := optout.Request{ID: "7"}
		_ = json.Unmarshal([]byte(data), &request)
		require.Zero(t, request, data)
		review := optout.Review{Due: at(1)}
		_ = json.Unmarshal([]byte(data), &review)
		require.Zero(t, review, data)
		out := optout.Outcome{Changed: true, Reply: "Hello"}
		_ = json.Unmarshal([]byte(data), &out)
		require.Zero(t, out, data)
	}
}
