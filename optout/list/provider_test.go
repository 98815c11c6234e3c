package list_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// providerCase is a line of testdata/lists.jsonl.
type providerCase struct {
	ID, Provider string
	Input        struct{ Body string }
	Expect       struct {
		Entries []struct {
			Number, At, Status, Source, Operation, Origin, List string
			ByUser                                              *bool `json:"by_user"`
			OptedOut                                            *bool `json:"opted_out"`
		}
		Errors []struct{ Number string }
		Next   string
	}
	Config struct{ Errors []string }
}

func providerCases(t testing.TB) (cases []providerCase) {
	t.Helper()
	file, err := os.Open("testdata/lists.jsonl")
	require.NoError(t, err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c providerCase
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
		cases = append(cases, c)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, cases)
	return cases
}

func pages() map[string]func(io.Reader) *list.Page {
	return map[string]func(io.Reader) *list.Page{
		"aws": list.ReadAWS, "telnyx": list.ReadTelnyx, "sinch": list.ReadSinch, "azure": list.ReadAzure,
	}
}

func TestListsOfProviders(t *testing.T) {
	for _, c := range providerCases(t) {
		t.Run(c.ID, func(t *testing.T) {
			var rows iter.Seq2[list.Row, error]
			next := func() string { return "" }
			if c.Provider == "twilio" {
				rows = list.ReadTwilio(strings.NewReader(c.Input.Body))
			} else {
				page := pages()[c.Provider](strings.NewReader(c.Input.Body))
				rows, next = page.Rows(), page.Next
			}
			all, refused, err := read(rows)
			require.NoError(t, err)
			require.Len(t, refused, len(c.Expect.Errors)+len(c.Config.Errors))
			require.Len(t, all, len(c.Expect.Entries))
			for i, want := range c.Expect.Entries {
				require.Equal(t, want.Number, all[i].Number)
				require.Equal(t, c.Provider, all[i].Provider)
				require.Equal(t, want.Status == "opt-in", all[i].Consent)
				at := all[i].Day
				if !all[i].At.IsZero() {
					at = all[i].At.Format(time.RFC3339Nano)
				}
				require.Equal(t, want.At, at)
				switch {
				case want.ByUser != nil && *want.ByUser:
					require.Equal(t, "keyword", all[i].Source)
				case want.ByUser != nil:
					require.Equal(t, "agent", all[i].Source)
				case want.Origin != "":
					require.Equal(t, want.Origin, all[i].Source)
					require.Equal(t, want.List, all[i].Reason)
				case want.Source != "":
					require.Equal(t, want.Source, all[i].Source)
				}
			}
			require.Equal(t, c.Expect.Next, next())
		})
	}
}

func TestPages(t *testing.T) {
	for name, c := range map[string]struct {
		provider, body string
		want           []string
		refused        []string
		next, failed   string
	}{
		"telnyx": {
			provider: "telnyx",
			body: `{"data":[{"from":"+18885550100","to":"+14155550101","keyword":"STOP","created_at":"2025-01-16T04:00:00+00:00"}],
				"meta":{"total_pages":3,"page_number":2}}`,
			want: []string{"+14155550101 2025-01-16T04:00:00Z carrier STOP telnyx"}, next: "3",
		},
		"meta first": {
			provider: "telnyx", body: `{"meta":{"total_pages":1,"page_number":1},"data":[{"to":"+14155550101"}]}`,
			want: []string{"+14155550101 carrier telnyx"},
		},
		"the CLI's": {
			provider: "aws",
			body:     `{"OptedOutNumbers":[{"OptedOutNumber":"+14155550101","OptedOutTimestamp":"2025-01-16T04:00:00.317000+00:00"}]}`,
			want:     []string{"+14155550101 2025-01-16T04:00:00.317Z aws"},
		},
		"an exponent": {
			provider: "aws", body: `{"OptedOutNumbers":[{"OptedOutNumber":"+14155550101","OptedOutTimestamp":1.737E9}]}`,
			want: []string{"+14155550101 2025-01-16T04:00:00Z aws"},
		},
		"a wrong time": {
			provider: "aws", body: `{"OptedOutNumbers":[{"OptedOutNumber":"+14155550101","OptedOutTimestamp":1e300}]}`,
			want: []string{"+14155550101 aws (date: cannot be read)"},
		},
		"1970": {
			provider: "aws", body: `{"OptedOutNumbers":[{"OptedOutNumber":"+14155550101","OptedOutTimestamp":0}]}`,
			want: []string{"+14155550101 aws (date: before 2000)"},
		},
		"pages in turn": {
			provider: "aws",
			body: `{"OptedOutNumbers":[{"OptedOutNumber":"+14155550101"}],"NextToken":"a"}` +
				` {"OptedOutNumbers":[{"OptedOutNumber":"+14155550102"}],"NextToken":"b"}`,
			want: []string{"+14155550101 aws", "+14155550102 aws"}, next: "b",
		},
		"null": {provider: "aws", body: `{"OptedOutNumbers":null}`},
		"no numbers": {
			provider: "aws", body: `{"OptedOutNumbers":[{},{"OptedOutNumber":"+14155550101"},7]}`, want: []string{"+14155550101 aws"},
			refused: []string{"list: line 1: list: no phone number: empty", "list: line 3: not an object of this list"},
		},
		"another one's": {provider: "aws", body: `{"data":[{"to":"+14155550101"}]}`, failed: `the answer has no "OptedOutNumbers"`},
		"an error":      {provider: "sinch", body: `{"error":{"code":401}}`, failed: `the answer has no "identities"`},
		"cut": {
			provider: "aws", body: `{"OptedOutNumbers":[{"OptedOutNumber":"+14155550101"},{"Opted`, want: []string{"+14155550101 aws"},
			failed: "after row 1: the answer ends early",
		},
		"empty":    {provider: "aws", body: "", failed: "ends early"},
		"no JSON":  {provider: "aws", body: "<html>", failed: "no JSON"},
		"an array": {provider: "aws", body: `[{}]`, failed: "not an object"},
		"too long": {
			provider: "aws", body: `{"OptedOutNumbers":["` + strings.Repeat("x", 3<<20) + `"]}`, failed: "longer than 1048576 bytes",
		},
		"a long field": {
			provider: "aws", body: `{"x":"` + strings.Repeat("x", 3<<20) + `","OptedOutNumbers":[]}`, failed: "longer than 1048576 bytes",
		},
		"lifted again": {
			provider: "sinch",
			body: `{"audit_records":[
				{"origin":"ORIGIN_API","operation":"OPERATION_REMOVE","list_type":"OPT_OUT_ALL","datetime":"2025-06-07T00:00:00Z"},
				{"origin":"ORIGIN_MO","operation":"OPERATION_INSERT","list_type":"OPT_OUT_ALL","datetime":"2025-06-06T00:00:00Z"}],
				"identity":{"identity":"14155550101"}}`,
		},
		"on another list": {
			provider: "sinch",
			body: `{"identity":{"identity":"14155550101"},"audit_records":[
				{"origin":"A","operation":"OPERATION_REMOVE","list_type":"OPT_OUT_ALL","datetime":"2025-06-07T00:00:00Z"},
				{"origin":"B","operation":"OPERATION_INSERT","list_type":"OPT_OUT_MARKETING","datetime":"2025-06-06T00:00:00Z"}]}`,
			want: []string{"+14155550101 2025-06-06T00:00:00Z B OPT_OUT_MARKETING sinch"},
		},
		"no plus for an id": {
			provider: "sinch", body: `{"identities":[{"identity":"2489176354201234"}],"next_page_token":"t"}`,
			want: []string{"2489176354201234 sinch"}, next: "t",
		},
		"not opted out": {provider: "azure", body: `{"value":[{"to":"+14155550101","httpStatusCode":200,"isOptedOut":false}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			page := pages()[c.provider](strings.NewReader(c.body))
			rows, refused, err := read(page.Rows())
			if c.failed == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.failed)
			}
			require.Equal(t, c.want, brief(rows))
			var texts []string
			for _, r := range refused {
				texts = append(texts, r.Error())
			}
			require.Equal(t, c.refused, texts)
			require.Equal(t, c.next, page.Next())
		})
	}
}

func TestRequestsForTwilio(t *testing.T) {
	rows := []any{
		list.Row{Number: "+14155550100", At: time.Date(2025, time.February, 28, 10, 5, 27, 0, time.UTC), Source: "web"},
		list.Row{Number: "+14155550101", Day: "2025-03-25", Consent: true, Source: "keyword"},
		list.Row{Line: 7, Number: "78787"},
	}
	for i := range 49 {
		rows = append(rows, list.Row{Number: fmt.Sprintf("+1415555%04d", 200+i)})
	}
	var bodies []string
	var refused []error
	for body, err := range list.TwilioRequests(of(rows...), "MG0") {
		if err != nil {
			refused = append(refused, err)
			continue
		}
		bodies = append(bodies, string(body))
	}
	require.Len(t, refused, 1)
	require.EqualError(t, refused[0], "list: line 7: the number is not in E.164, which the provider wants")
	var sizes []int
	for _, body := range bodies {
		form, err := url.ParseQuery(body)
		require.NoError(t, err)
		sizes = append(sizes, len(form["Items"]))
	}
	require.Equal(t, []int{25, 25, 1}, sizes)
	form, err := url.ParseQuery(bodies[0])
	require.NoError(t, err)
	require.Regexp(t, `^\{"contact_id":"\+14155550100","correlation_id":"[0-9a-f]{32}","sender_id":"MG0",`+
		`"date_of_consent":"2025-02-28T10:05:27Z",`+
		`"status":"opt-out","source":"website"\}$`, form["Items"][0])
	require.Regexp(t, `"date_of_consent":"2025-03-25","status":"opt-in","source":"opt-in-message"\}$`, form["Items"][1])

	// What is written is read back, and has the shape of Twilio's own example.
	back, _, err := read(list.ReadTwilio(strings.NewReader(strings.Join(bodies, "\n"))))
	require.NoError(t, err)
	require.Len(t, back, 51)
	require.Equal(t, "+14155550100 2025-02-28T10:05:27Z website twilio", brief(back)[0])
	for _, c := range providerCases(t) {
		if c.Provider != "twilio" {
			continue
		}
		theirs, err := url.ParseQuery(c.Input.Body)
		require.NoError(t, err)
		require.Equal(t, fields(t, theirs["Items"][0]), fields(t, form["Items"][0]))
	}
}

// fields are the names in an object of JSON, in their order.
func fields(t *testing.T, text string) (names []string) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	_, err := decoder.Token()
	require.NoError(t, err)
	for decoder.More() {
		name, err := decoder.Token()
		require.NoError(t, err)
		names = append(names, fmt.Sprint(name))
		_, err = decoder.Token()
		require.NoError(t, err)
	}
	return names
}

func TestRequestsForAWS(t *testing.T) {
	var got []string
	for body, err := range list.AWSRequests(of(
		list.Row{Number: "+14155550101"}, list.Row{Line: 2, Number: "+14155550102", Consent: true}, list.Row{Line: 3, Number: "(415) 555-0103"},
		&list.RowError{Line: 4, Err: errDisk}, list.Row{Number: "+14155550104"}, errDisk,
	), "Default") {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		got = append(got, string(body))
	}
	require.Equal(t, []string{
		`{"OptOutListName":"Default","OptedOutNumber":"+14155550101"}`,
		"list: line 2: a consent, which this list of the provider does not have",
		"list: line 3: the number is not in E.164, which the provider wants",
		"list: line 4: disk",
		`{"OptOutListName":"Default","OptedOutNumber":"+14155550104"}`,
		"disk",
	}, got)
}

func TestAPageIsImported(t *testing.T) {
	guard := newGuard(t, memstore.New(), optout.Options{})
	page := list.ReadAWS(strings.NewReader(`{"OptedOutNumbers":[{"OptedOutNumber":"+14155550101","OptedOutTimestamp":1737000000.317}],` +
		`"NextToken":"tok2"}`))
	report, _ := imported(t, guard, page.Rows(), list.Options{ID: "aws"})
	require.Equal(t, 1, report.New)
	require.Equal(t, "tok2", page.Next())
	state := gate(t, guard, "+14155550101")
	require.Equal(t, store.OptedOut, state.Status)
	require.True(t, time.Date(2025, time.January, 16, 4, 0, 0, 317e6, time.UTC).Equal(state.At))
}
