package optout_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/keywords/revocation"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// report is a row of reports.jsonl: an input that a public bug report told of, and every
// answer that is right.
type report struct {
	ID, Kind, Op, Region, Input string
	Then, Accept                []string
	Channels, Packs             []string
	Times                       int
	StartAt                     time.Time `json:"start_at"`
	OptOutAt                    string    `json:"opt_out_at"`
}

// reportsNotBuilt are the reports that need what is not built yet, by kind or by id.
var reportsNotBuilt = []string{
	"parts-of-a-long-message", "text-that-was-decoded-wrongly", "no-as-an-answer", // wishes
}

// TestTheReports plays every report. One that passes although it is in reportsNotBuilt is fine.
func TestTheReports(t *testing.T) {
	raw, err := os.ReadFile("../internal/number/testdata/reports.jsonl")
	require.NoError(t, err)
	passed := 0
	for line := range strings.Lines(string(raw)) {
		var r report
		require.NoError(t, json.Unmarshal([]byte(line), &r))
		got := r.play(t)
		switch {
		case !slices.ContainsFunc(got, func(got string) bool { return !slices.Contains(r.Accept, got) }):
			passed++
		case slices.Contains(reportsNotBuilt, r.Kind) || slices.Contains(reportsNotBuilt, r.ID):
			t.Logf("not built: %s %s %q: %v, want one of %q", r.ID, r.Kind, r.Input, got, r.Accept)
		default:
			t.Errorf("%s %s %s %q in %s: %v, want one of %q", r.ID, r.Kind, r.Op, r.Input, r.Region, got, r.Accept)
		}
	}
	t.Logf("%d reports pass", passed)
}

// play returns the answers to a report.
func (r report) play(t *testing.T) []string {
	t.Helper()
	ctx := t.Context()
	opts := optout.Options{DefaultRegion: r.Region, Channels: r.Channels}
	if strings.HasPrefix(r.Op, "policy") || len(r.Packs) > 0 {
		set, err := keywords.UnitedStates().WithPacks(r.Packs...)
		require.NoError(t, err)
		opts.Keywords = set
	}
	if strings.HasPrefix(r.Op, "policy") {
		opts.Texts = optout.PolicyOptOut
	}
	g, err := optout.New(memstore.New(), &opts)
	require.NoError(t, err)
	const sender = "+14155550123"
	receive := func(id, from, words string, at time.Time) optout.Outcome {
		out, err := g.Receive(ctx, optout.Message{ID: id, Account: account, From: from, Text: words, At: at})
		require.NoError(t, err)
		return out
	}
	gates := func(numbers ...string) (got []string) {
		for _, number := range numbers {
			d, _ := g.Gate(ctx, account, number)
			got = append(got, map[bool]string{true: "allowed", false: "blocked:" + string(d.Reason)}[d.Allowed])
		}
		return got
	}
	switch r.Op {
	case "number":
		key, err := g.Number(r.Input)
		return []string{orRefused(key, err)}
	case "send":
		sent := ""
		err := g.Send(ctx, account, r.Input, func(_ context.Context, to string) error { sent = to; return nil })
		return []string{orRefused(sent, err)}
	case "key":
		key, err := g.Number(r.Input)
		if err == nil {
			return []string{key}
		}
		return []string{"refused, kept as " + receive("", r.Input, "STOP", time.Time{}).State.Key.Number}
	case "stop":
		receive("", r.Input, "STOP", time.Time{})
		return gates(r.Then...)
	case "import":
		_, err := g.RecordOptOut(ctx, optout.Request{Account: account, Number: r.Input})
		require.NoError(t, err)
		return gates(r.Then...)
	case "gate":
		return gates(r.Input)
	case "date":
		receive("", r.Input, "START", r.StartAt)
		_, err := g.RecordOptOut(ctx, optout.Request{Account: account, Number: r.Input, Day: r.OptOutAt})
		require.NoError(t, err)
		return gates(r.Input)
	case "text":
		return []string{g.Classify(r.Input).Intent.String()}
	case "policy":
		out := receive("", sender, r.Input, time.Time{})
		switch {
		case out.Match.Intent != keywords.None:
			return []string{out.Match.Intent.String()}
		case out.Reading.Certainty == revocation.None:
			return []string{"no"}
		}
		return []string{out.Reading.Certainty.String()}
	case "policy-language":
		out := receive("", sender, r.Input, time.Time{})
		return []string{out.Reading.Language + out.Match.Language}
	case "same-id", "help":
		replies := 0
		for i := range r.Times {
			id := "m"
			if r.Op == "help" {
				id = fmt.Sprint(i)
			}
			if receive(id, sender, r.Input, time.Time{}).Reply != "" {
				replies++
			}
		}
		return []string{fmt.Sprint(replies, " replies")}
	default:
		t.Fatalf("%s: no op %q", r.ID, r.Op)
		return nil
	}
}

func orRefused(number string, err error) string {
	if err != nil {
		return "refused"
	}
	return number
}

func TestANumberFaultIsAWord(t *testing.T) {
	requireWords[optout.NumberFault](t, "none", "empty", "encoding", "spreadsheet", "letters", "mask", "sign", "tail", "too long",
		"short code", "local", "other channel", "no country code", "no region", "abroad", "unassigned")
	require.Zero(t, optout.FaultNone)
}

// TestANumberErrorSaysWhy takes an example of each fault.
func TestANumberErrorSaysWhy(t *testing.T) {
	for raw, want := range map[string]optout.NumberFault{
		"": optout.FaultEmpty, "  ": optout.FaultEmpty, "\xff": optout.FaultEncoding, "415\x005552671": optout.FaultEncoding,
		"4155552671.0": optout.FaultSpreadsheet, "4.155E+09": optout.FaultSpreadsheet, "4155552671,0": optout.FaultSpreadsheet,
		"Axel": optout.FaultLetters, "415-555-2671 home": optout.FaultLetters, "415-555-XXXX": optout.FaultMask, "415-555-26**": optout.FaultMask,
		"415-555-2671+": optout.FaultSign, "(415) 555-2671 2": optout.FaultTail, "(415) 555-2671 (2)": optout.FaultTail,
		"415-555-26712": optout.FaultTooLong, strings.Repeat("9", 1<<20): optout.FaultTooLong, "12345": optout.FaultShortCode,
		"555-2671": optout.FaultLocal, "telegram:4155552671": optout.FaultChannel, "user@example.com": optout.FaultChannel,
		"+00 44 7911 123456": optout.FaultNoCode, "41791234567": optout.FaultNone, "5555555555": optout.FaultUnassigned,
	} {
		g := newGuard(t, &optout.Options{DefaultRegion: "US"})
		_, err := g.Number(raw)
		if want == optout.FaultNone {
			require.NoError(t, err, raw)
			continue
		}
		var fault *optout.NumberError
		require.ErrorAs(t, err, &fault, "%.40q", raw)
		require.Equal(t, want, fault.Fault, "%.40q", raw)
		require.Equal(t, len(raw), fault.Bytes)
		require.ErrorIs(t, err, optout.ErrInvalidNumber)
		require.True(t, optout.Permanent(err))
	}
	_, err := newGuard(t, nil).Number("4155552671")
	require.ErrorContains(t, err, "no region")
	_, err = newGuard(t, &optout.Options{DefaultRegion: "GB"}).Number("6581234567")
	require.ErrorContains(t, err, "abroad")
}
