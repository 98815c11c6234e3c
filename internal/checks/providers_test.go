package checks

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/awssns"
	"github.com/seed-f10031e4/consent/optout/provider/azure"
	"github.com/seed-f10031e4/consent/optout/provider/bandwidth"
	"github.com/seed-f10031e4/consent/optout/provider/infobip"
	"github.com/seed-f10031e4/consent/optout/provider/messagebird"
	"github.com/seed-f10031e4/consent/optout/provider/plivo"
	"github.com/seed-f10031e4/consent/optout/provider/sinch"
	"github.com/seed-f10031e4/consent/optout/provider/telnyx"
	"github.com/seed-f10031e4/consent/optout/provider/twilio"
	"github.com/seed-f10031e4/consent/optout/provider/vonage"
)

// row is a row of the tables in docs/webhooks.md.
type row struct {
	provider provider.Provider
	as       string // what tells this row from another one of the same package
}

// providers are the packages below optout/provider, in their order: a line for each, and a
// line more where a Config changes the Facts.
func providers(t *testing.T) []row {
	t.Helper()
	return []row{
		{provider: new(awssns.Provider)},
		{provider: new(azure.Provider)},
		{provider: new(bandwidth.Provider)},
		{provider: new(infobip.Provider)},
		{provider: new(messagebird.Provider)},
		{made(t, messagebird.Config{SigningKey: "key", Scheme: messagebird.BirdHMAC}, messagebird.New), "Bird"},
		{provider: new(plivo.Provider)},
		{provider: new(sinch.Provider)},
		{provider: new(telnyx.Provider)},
		{provider: new(twilio.Provider)},
		{provider: new(vonage.Provider)},
	}
}

func made[C any, P provider.Provider](t *testing.T, config C, newProvider func(C) (P, error)) provider.Provider {
	t.Helper()
	p, err := newProvider(config)
	require.NoError(t, err)
	return p
}

// TestEachProviderIsListed fails if a provider is missing: in the tables of
// docs/webhooks.md, or in examples/webhook.
func TestEachProviderIsListed(t *testing.T) {
	var have, want []string
	for _, row := range providers(t) {
		if row.as == "" {
			have = append(have, row.provider.Name())
		}
	}
	for _, pkg := range publicPackages(t) {
		if name, ok := strings.CutPrefix(pkg, "optout/provider/"); ok {
			want = append(want, name)
		}
	}
	require.Equal(t, want, have, "list them in providers")
	program, err := os.ReadFile(filepath.Join(root, "examples", "webhook", "providers.go"))
	require.NoError(t, err)
	for _, name := range want {
		require.Contains(t, string(program), "\t\t{\""+name+"\", ", "list it in kinds of examples/webhook/providers.go")
	}
}

// TestDocumentsShowTheFactsOfProviders computes the tables of docs/webhooks.md.
func TestDocumentsShowTheFactsOfProviders(t *testing.T) {
	const document = "docs/webhooks.md"
	before := documents(t)[document]
	page := before
	for name, table := range map[string]string{"proofs": proofTable(t), "messages": messageTable(t), "replies": replyTable(t)} {
		begin, end := "<!-- table: "+name+" -->\n", "<!-- end of table -->"
		head, rest, found := strings.Cut(page, begin)
		require.True(t, found, "%s has no %q", document, begin)
		shown, tail, found := strings.Cut(rest, end)
		require.True(t, found)
		if !*update {
			require.Equal(t, table, shown, "run `make golden`")
		}
		page = head + begin + table + end + tail
	}
	rewrite(t, document, before, page)
}

func proofTable(t *testing.T) string {
	t.Helper()
	return table(t, []string{"proof", "not covered", "delivers again after"}, func(f provider.Facts) []string {
		return []string{f.Signature, cmp.Or(f.Uncovered, "-"), cmp.Or(f.Redelivers, "not documented")}
	})
}

func messageTable(t *testing.T) string {
	t.Helper()
	return table(t, []string{"id", "time", "flag", "list of opt-outs"}, func(f provider.Facts) []string {
		return []string{cmp.Or(f.ID, "none"), cmp.Or(f.Time, "none"), cmp.Or(f.Flag, "none"), cmp.Or(f.Lists, "none known")}
	})
}

func replyTable(t *testing.T) string {
	t.Helper()
	return table(t, []string{"answers STOP itself", "`ProviderReplies` by default", "your reply goes out"}, func(f provider.Facts) []string {
		reply := "by `Options.Reply`"
		if f.AnswerReplies {
			reply = "in the answer"
		}
		return []string{cmp.Or(f.AnswersItself, "no"), f.Replies.String(), reply}
	})
}

func table(t *testing.T, columns []string, cells func(provider.Facts) []string) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "| provider | %s |\n|---|%s\n", strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
	for _, row := range providers(t) {
		name := row.provider.Name()
		link := fmt.Sprintf("[%#q](../optout/provider/%s/doc.go)", name, name)
		if row.as != "" {
			link += ", " + row.as
		}
		row := cells(row.provider.Facts())
		for i, cell := range row {
			require.NotEmpty(t, cell, "%s: %s", name, columns[i])
			row[i] = strings.NewReplacer("|", `\|`, "_", `\_`, "<", "&lt;").Replace(cell)
		}
		fmt.Fprintf(&b, "| %s | %s |\n", link, strings.Join(row, " | "))
	}
	return b.String()
}
