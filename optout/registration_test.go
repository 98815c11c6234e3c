package optout_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func TestRegistrationIsWhatTheGuardDoes(t *testing.T) {
	g := newGuard(t, nil)
	raw, err := json.Marshal(g.Registration())
	require.NoError(t, err)
	replies := g.Replies()
	require.JSONEq(t, fmt.Sprintf(`{
		"subscriberOptin": true, "subscriberOptout": true, "subscriberHelp": true,
		"optinKeywords": "START,UNSTOP",
		"optoutKeywords": "STOP,STOPALL,UNSUBSCRIBE,CANCEL,END,QUIT",
		"helpKeywords": "HELP,INFO",
		"optinMessage": %q,
		"optoutMessage": %q,
		"helpMessage": %q
	}`, replies.OptIn, replies.OptOut, replies.Help), string(raw))

	var read optout.Registration
	require.NoError(t, json.Unmarshal(raw, &read))
	require.Equal(t, g.Registration(), read)
	require.NoError(t, read.Validate())
	require.NoError(t, read.Check(g))
}

func TestEveryPackCanBeRegistered(t *testing.T) {
	sets := map[string]*keywords.Set{"all": packs(t, everyPackName()...)}
	for _, name := range everyPackName() {
		sets[name] = packs(t, name)
	}
	for name, set := range sets {
		g, err := optout.New(memstore.New(), &optout.Options{Keywords: set, Replies: optout.Replies{Help: "Acme: call +1 800 555 0100."}})
		require.NoError(t, err)
		r := g.Registration()
		require.NoError(t, r.Validate(), name)
		require.NoError(t, r.Check(g), name)
		require.Equal(t, g.Replies().OptOut, r.OptoutMessage)
		require.Equal(t, g.Replies().OptIn, r.OptinMessage)
		require.Equal(t, g.Replies().Help, r.HelpMessage)
		seen := map[string]bool{}
		for _, list := range []string{r.OptinKeywords, r.OptoutKeywords, r.HelpKeywords} {
			for text := range strings.SplitSeq(list, ",") {
				require.Regexp(t, "^[A-Z0-9]+$", text)
				require.False(t, seen[text], "%s: %s twice", name, text)
				seen[text] = true
			}
		}
	}
	us, err := optout.New(memstore.New(), &optout.Options{Keywords: keywords.UnitedStates()})
	require.NoError(t, err)
	require.Equal(t, "STOP,STOPALL,UNSUBSCRIBE,CANCEL,END,QUIT,REVOKE,OPTOUT", us.Registration().OptoutKeywords)
}

func TestRegistrationWithoutKeywordsOrMessagesIsRefused(t *testing.T) {
	good := newGuard(t, nil).Registration()
	for field, change := range map[string]func(r *optout.Registration){
		"optinKeywords: none":        func(r *optout.Registration) { r.OptinKeywords = "" },
		"optoutKeywords: none":       func(r *optout.Registration) { r.OptoutKeywords = "" },
		"helpKeywords: none":         func(r *optout.Registration) { r.HelpKeywords = "" },
		"optoutKeywords: 256 char":   func(r *optout.Registration) { r.OptoutKeywords = strings.Repeat("A", 256) },
		`optoutKeywords: "OPT OUT"`:  func(r *optout.Registration) { r.OptoutKeywords = "STOP,OPT OUT" },
		`optoutKeywords: ""`:         func(r *optout.Registration) { r.OptoutKeywords = "STOP," },
		"optinMessage: 19":           func(r *optout.Registration) { r.OptinMessage = strings.Repeat("é", 19) },
		"optoutMessage: 321":         func(r *optout.Registration) { r.OptoutMessage = strings.Repeat("é", 321) },
		"helpMessage: 0 characters,": func(r *optout.Registration) { r.HelpMessage = "" },
	} {
		r := good
		change(&r)
		require.ErrorContains(t, r.Validate(), field)
	}
	r := good
	r.OptinMessage, r.HelpMessage = strings.Repeat("é", 20), strings.Repeat("é", 320)
	require.NoError(t, r.Validate())
	all := optout.Registration{}.Validate()
	for _, field := range []string{"optinKeywords", "optoutKeywords", "helpKeywords", "optinMessage", "optoutMessage", "helpMessage"} {
		require.ErrorContains(t, all, field)
	}

	only, err := keywords.New(keywords.Keyword{Text: "STOP", Intent: keywords.OptOut})
	require.NoError(t, err)
	g, err := optout.New(memstore.New(), &optout.Options{Keywords: only})
	require.NoError(t, err)
	require.False(t, g.Registration().SubscriberOptin || g.Registration().SubscriberHelp)
	require.True(t, g.Registration().SubscriberOptout)
}

func TestARegisteredKeywordMustWork(t *testing.T) {
	registered := newGuard(t, nil).Registration()
	registered.OptoutKeywords = "stop, REVOKE,ARRET"
	registered.HelpKeywords = "HELP,START"
	err := registered.Check(newGuard(t, nil))
	for _, says := range []string{`"REVOKE"`, `"ARRET"`, `"START" is registered as help, and is opt-in here`} {
		require.ErrorContains(t, err, says)
	}
	require.NotContains(t, err.Error(), `"stop"`)

	registered.HelpKeywords = ""
	set, err := keywords.UnitedStates().WithPacks("canada")
	require.NoError(t, err)
	g, err := optout.New(memstore.New(), &optout.Options{Keywords: set})
	require.NoError(t, err)
	require.NoError(t, registered.Check(g))
}
