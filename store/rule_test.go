package store_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
)

var never = time.Time{}

func start(id string, at time.Time) store.Event { return event(id, store.OptIn, at) }
func stop(id string, at time.Time) store.Event  { return event(id, store.OptOut, at) }
func yes(id string, at time.Time) store.Event   { return event(id, store.Consent, at) }
func held(id string, at time.Time) store.Event  { return event(id, store.Hold, at) }

// words is an opt-out that was read from the contact's own words.
func words(id string, at time.Time) store.Event {
	ev := stop(id, at)
	ev.Source = store.SourceText
	return ev
}

func received(ev store.Event, n int) store.Event {
	ev.ReceivedAt = minute(n)
	return ev
}

// TestTheRule has a row for each thing that the rule says. An event is an action, the minute
// in which the contact acted, and the minute in which it was received: "stop@1", "hold/5".
// A review names its text by the place of the text, as does a second reading of it:
// "release:1", "words:1". What follows is what is in force after each event, with a "=" before
// it if the event had no effect.
//
//nolint:dupword // what is in force is often in force again
func TestTheRule(t *testing.T) {
	for _, c := range []struct{ name, events, then string }{
		// Opt-outs and opt-ins.
		{"a first opt-out", "stop@1", "out"},
		{"a first opt-out without a time", "stop", "out"},
		{"a newer opt-in", "stop@1 start@2", "out in"},
		{"an older opt-in", "stop@2 start@1", "out =out"},
		{"a tie goes to the opt-out in force", "stop@1 start@1", "out =out"},
		{"a tie goes to the opt-out that comes", "start@1 stop@1", "in out"},
		{"an older opt-out", "start@2 stop@1", "in =in"},
		{"a newer opt-out", "start@1 stop@2", "in out"},
		{"an opt-in without a time arrives later", "stop@2 start", "out in"},
		{"an opt-out without a time arrives later", "start@2 stop", "in out"},
		{"an opt-in after an opt-out without any time", "stop start@2", "out in"},
		{"an opt-in sent before an undated opt-out was received", "stop/5 start@4", "out =out"},
		{"one sent when it was received", "stop/5 start@5", "out in"},
		{"one sent earlier in the same second", "stop/5 start@5s", "out in"},
		{"one sent at the end of the second before", "stop/5 start@5e", "out =out"},
		{"the receipt of a dated opt-out does not count", "stop@1/5 start@2", "out in"},
		{"the receipt of an opt-in does not count", "start/5 stop@1", "in out"},
		{"a newer opt-in moves the time", "start@1 start@3 stop@2", "in in =in"},
		{"an older one does not", "start@3 start@1 stop@2", "in =in =in"},
		{"an equal one does not", "start@1 start@1", "in =in"},
		{"an opt-in without a time forgets the time", "start@5 start stop@1", "in in out"},

		// The harder of two opt-outs.
		{"a newer opt-out moves the time", "stop@1 stop@3 start@2", "out out =out"},
		{"an older opt-out changes nothing", "stop@3 stop@1 start@2", "out =out =out"},
		{"an equal one changes nothing", "stop@1 stop@1", "out =out"},
		{"an old import does not weaken a phone call", "stop/10 stop@1 start@9", "out =out =out"},
		{"a STOP from a queue does not weaken a newer one", "stop@10 stop/5 start@9", "out =out =out"},
		{"nor does one without any time", "stop@10 stop start@9", "out =out =out"},
		{"nor an Uphold of an older text", "hold@1/2 stop/8 uphold:1 start@7", "held out out =out"},
		{"one with a time is harder than one without any", "stop stop@3 start@2", "out out =out"},
		{"one with a receipt is harder than one without any", "stop stop/3 start@2", "out out =out"},
		{"a later receipt is harder than an earlier time", "stop@3 stop/5 start@4", "out out =out"},

		// Consent.
		{"a consent", "yes@1", "in"},
		{"a second consent", "yes@1 yes@2", "in =in"},
		{"a consent never lifts", "stop@1 yes@9", "out =out"},
		{"a consent without a time never lifts", "stop yes", "out =out"},
		{"any opt-out replaces a consent", "yes@9 stop@1", "in out"},
		{"an opt-in replaces a consent", "yes@9 start@1 stop@2", "in in out"},
		{"the time of an opt-in counts from then on", "yes@9 start@2 stop@1", "in in =in"},
		{"a consent leaves a hold", "hold@1 yes@9", "held held"},
		{"a consent counts after the hold was released", "hold@1 yes@9 release:1", "held held in"},
		{"a consent after an opt-in", "start@1 yes@9 stop@5", "in =in out"},
		{"a question", "ask@1", "=none"},
		{"a question ends no hold", "hold@1 ask@9", "held =held"},
		{"a question lifts no opt-out", "stop@1 ask@9", "out =out"},
		{"a hold replaces a consent that is newer", "yes@9 hold@1", "in held"},
		{"an opt-in after a consent that a hold follows", "yes@9 hold@1 start@3", "in held in"},

		// Holds.
		{"a hold", "hold@1", "held"},
		{"a hold after an opt-in without a time", "start hold@1", "in held"},
		{"a hold of the time of the opt-in", "start@1 hold@1", "in held"},
		{"a text that is older than the opt-in", "start@2 hold@1", "in =in"},
		{"a newer opt-in ends it", "hold@1 start@2", "held in"},
		{"an older opt-in does not", "hold@2 start@1", "held =held"},
		{"an opt-in of the same time does not", "hold@1 start@1", "held =held"},
		{"an opt-in without a time does", "hold@1 start", "held in"},
		{"an opt-out hides it", "hold@2 stop@1", "held out"},
		{"while opted out it waits", "stop@1 hold@3 start@2", "out out =held"},
		{"a newer opt-in lifts both", "stop@1 hold@2 start@3", "out out in"},
		{"an opt-in between two holds ends one", "hold@1 hold@3 start@2 release:2", "held held =held in"},
		{"the harder hold decides, in any order", "hold@3 hold@1 start@2", "held held =held"},
		{"a hold received before an opt-in was sent", "hold/5 start@6", "held in"},
		{"a hold received after an opt-in was sent", "hold/5 start@4", "held =held"},
		{"a hold without a time after a newer opt-in", "start@9 hold/5", "in held"},
		{"a hold does not come back after an opt-in", "hold@1 start@2 stop@3 start@4", "held in out in"},
		{"an opt-in that loses ends the holds below", "stop@9 hold@1 start@5 start", "out out =out in"},
		{"an opt-out that an opt-in beats leaves a hold", "start@5 hold/5 stop@1", "in held =held"},

		// Reviews that find no request, and what the contact takes back.
		{"released, it is as before", "start@0 hold@1 release:2", "in held in"},
		{"released, who was unknown is", "hold@1 release:1", "held none"},
		{"released while opted out", "hold@1 stop@3 release:1", "held out out"},
		{"one of two holds", "hold@1 hold@2 release:1", "held held held"},
		{"a hold that an opt-in has ended", "hold@1 start@3 release:1", "held in =in"},
		{"a hold that did not open", "start@3 hold@1 release:2", "in =in =in"},
		{"an opt-out read from a text", "words@2 release:1", "out none"},
		{"released, an opt-in that it beat counts", "words@2 start@1 release:1", "out =out in"},
		{"released, a consent that it beat counts", "words@2 yes@1 release:1", "out =out in"},
		{"released, another opt-out stays", "words@2 stop@1 release:1", "out =out out"},
		{"released, another opt-out from before stays", "stop@1 words@2 release:2", "out out out"},
		{"released, a hold from after shows", "words@2 hold@3 release:1", "out out held"},
		{"released, a hold that it kept open does not open", "words@9 start@5 hold@1 release:1", "out =out out in"},
		{"released after an Uphold", "words@2 uphold:1 release:1", "out =out =out"},
		{"released after an opt-in has lifted it", "words@2 start@3 release:1", "out in in"},
		{"retracted, an opt-out is as if it had not come", "start@1 stop@2 retract:2", "in out in"},
		{"retracted, another opt-out stays", "stop@2 stop@1 retract:1", "out =out out"},
		{"retracted, a hold is as if it had been released", "hold@1 retract:1", "held none"},
		{"retracted, a hold that did not open", "start@3 hold@1 retract:2", "in =in =in"},
		{"retracted, a hold that an opt-in has ended", "hold@1 start@3 retract:1", "held in =in"},
		{"retracted after a Release", "hold@1 release:1 retract:1", "held none =none"},

		{"released after an opt-in has ended it, and then upheld", "hold@1/3 start@2 release:1 uphold:1", "held in =in =in"},

		// A text that two policies have read in two ways.
		{"released", "hold@1 words:1 release:1", "held out none"},
		{"released, the request first", "words@1 hold:1 release:1", "out out none"},
		{"released, two holds", "hold@1 words:1 hold@2 release:1", "held out out held"},
		{"retracted", "hold@1 words:1 retract:1", "held out none"},
		{"upheld", "hold@1 words:1 uphold:1 start@1 start@2", "held out out =out in"},
		{"released, and upheld", "words@1/2 hold:1 release:1 uphold:1 start@2", "out out none out in"},
		{"released, another text is released too", "hold@1 words:1 words@3 release:1 release:3", "held out out out none"},

		// Reviews that find a request.
		{"upheld, an open hold is an opt-out", "hold@1 uphold:1", "held out"},
		{"upheld after an older opt-in", "hold/5 start@4 uphold:1", "held =held out"},
		{"upheld in the place of the text, a newer opt-in", "hold@1 uphold:1 start@2", "held out in"},
		{"upheld in the place of the text, an equal opt-in", "hold@1 uphold:1 start@1", "held out =out"},
		{"upheld in the place of an undated text, an older opt-in", "hold/5 uphold:1 start@4", "held out =out"},
		{"upheld after a newer opt-in in force", "start@9 hold/5 uphold:2", "in held out"},
		{"upheld after a consent", "hold@1 yes@9 uphold:1", "held held out"},
		{"upheld after an opt-in has ended it", "hold@1 start@2 uphold:1", "held in =in"},
		{"upheld after an opt-in has ended it, and an opt-out", "hold@1 start@2 stop@3 uphold:1", "held in out =out"},
		{"upheld though it did not open", "start@5 hold@1 uphold:2", "in =in =in"},
		{"upheld after its Release", "hold@1/2 release:1 uphold:1", "held none out"},
		{"upheld after its Release and an opt-in", "hold@1/2 release:1 start@3 uphold:1", "held none in =in"},
		{"upheld after its Release and an opt-in of before", "hold@1/2 release:1 start@2 uphold:1", "held none in out"},
		{"upheld after its Release and an undated opt-in", "hold@1/2 release:1 start/3 uphold:1", "held none in =in"},
		{"upheld after its Release and an undated opt-in of before", "hold@1/3 release:1 start/2 uphold:1", "held none in out"},
		{"upheld after its Release and a consent", "hold@1/2 release:1 yes@9 uphold:1", "held none in out"},
		{"upheld after it was retracted", "hold@1/2 retract:1 uphold:1", "held none =none"},
		{"upheld, an opt-out read from a text", "words@2 uphold:1", "out =out"},
		{"upheld after its Release, an opt-out from a text", "words@1/2 release:1 uphold:1", "out none out"},
		{"retracted after that", "words@1/2 release:1 uphold:1 retract:1", "out none out none"},
		{"upheld while a harder opt-out is in force", "hold@1 stop@5 uphold:1 start@4", "held out out =out"},
		{"upheld, a second hold still waits", "hold@1 hold@6 uphold:1 start@3", "held held out =held"},
		{"upheld for nothing, and another text is taken back", "words@1/3 start@2 uphold:1 words@5 release:4", "out in =in out in"},
		{"upheld after its Release, and another text is taken back", "words@1/3 release:1 uphold:1 words@5 release:4", "out none out out out"},
		// Voids.
		{"voided", "agent@1 void:1", "out none"},
		{"voided, from an import", "import@1 void:1", "out none"},
		{"voided, a consent", "yes@1 void:1", "in none"},
		{"voided, a second consent counts", "yes@1 yes@2 void:1", "in =in in"},
		{"voided, a softer opt-out comes back", "agent@1 import@3 void:2 start@2", "out out out in"},
		{"voided, an opt-out that lost comes back", "import@3 agent@1 void:1 start@2", "out =out out in"},
		{"voided, the contact's STOP stays", "stop@1 import@3 void:2", "out out out"},
		{"voided, the STOP that lost stays", "import@3 stop@1 void:1 start@2", "out =out out in"},
		{"voided, a START beneath", "start@1 import@2 void:2", "in out in"},
		{"voided, a START that lost", "import@3 start@2 void:1", "out =out in"},
		{"voided, a consent that lost", "import@3 yes void:1", "out =out in"},
		{"voided, a hold waits", "hold@1 import@2 void:2", "held out held"},
		{"voided, a START that lost ends a hold", "hold@1 import@3 start@2 void:2", "held out =out in"},
		{"voided after a START", "import@1 start@2 void:1", "out in in"},
		{"voided beside a review of a text", "words@1/2 import@3 release:1 void:2", "out out out none"},
		{"voided while a text is upheld", "hold@1 import@3 uphold:1 void:2", "held out out out"},
		{"voided after it was retracted", "import@1 retract:1 void:1", "out none =none"},
		{"retracted after it was voided", "import@1 void:1 retract:1", "out none =none"},
		{"upheld, and another text is taken back", "hold@1 words@5 uphold:1 release:2 start@3", "held out out out in"},
	} {
		t.Run(c.name, func(t *testing.T) {
			events, then := parse(t, c.events), strings.Fields(c.then)
			require.Len(t, then, len(events))
			ledger := store.NewLedger(key, nil)
			for i, ev := range events {
				prior := ledger.State().Status
				res, err := ledger.Append(ev, recorded(i))
				require.NoError(t, err)
				require.False(t, res.Duplicate)
				word, noEffect := strings.CutPrefix(then[i], "=")
				require.Equal(t, word, short[res.State.Status], "after event %d", i+1)
				require.Equal(t, !noEffect, res.Record.Effective, "of event %d", i+1)
				require.Equal(t, prior, res.Record.Prior)
				require.Equal(t, ledger.State(), res.State)
			}
			book := books(events)
			require.Equal(t, book.State(), ledger.State(), "by the rule written a second time")
			for i := range events {
				require.Equal(t, book.Released(i), ledger.Released(i), "of event %d", i+1)
			}
		})
	}
}

var short = map[store.Status]string{store.Unknown: "none", store.OptedIn: "in", store.OptedOut: "out", store.Held: "held"}

// parse reads events, each of which has its place as its id.
func parse(t *testing.T, text string) []store.Event {
	t.Helper()
	actions := map[string]store.Action{
		"stop": store.OptOut, "start": store.OptIn, "yes": store.Consent, "hold": store.Hold, "words": store.OptOut, "ask": store.Ask,
		"release": store.Release, "uphold": store.Uphold, "retract": store.Retract,
		"agent": store.OptOut, "import": store.OptOut, "void": store.Void,
	}
	var events []store.Event
	for i, text := range strings.Fields(text) {
		if name, place, ok := strings.Cut(text, ":"); ok {
			of, err := strconv.Atoi(place)
			require.NoError(t, err)
			ev := review(actions[name], events[of-1])
			if name == "void" {
				ev = void(events[of-1])
			}
			if name == "hold" || name == "words" { // the same text, as another policy reads it
				ev.Source = store.SourceText
			}
			events = append(events, ev)
			continue
		}
		text, known, _ := strings.Cut(text, "/")
		name, at, _ := strings.Cut(text, "@")
		require.NotZero(t, actions[name], name)
		ev := event(strconv.Itoa(i+1), actions[name], moment(t, at))
		ev.ReceivedAt = moment(t, known)
		if name == "words" {
			ev.Source = store.SourceText
		}
		if name == "agent" || name == "import" {
			ev.Source = store.Source(name)
		}
		events = append(events, ev)
	}
	return events
}

// moment reads a minute: "5", its whole second "5s", or the end of the second before "5e".
func moment(t *testing.T, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	n, err := strconv.Atoi(strings.TrimRight(text, "se"))
	require.NoError(t, err)
	switch text[len(text)-1] {
	case 's':
		return minute(n).Truncate(time.Second)
	case 'e':
		return minute(n).Truncate(time.Second).Add(-store.Precision)
	default:
		return minute(n)
	}
}

func TestTheStateIsThatOfItsEvent(t *testing.T) {
	for action, status := range map[store.Action]store.Status{
		store.OptOut: store.OptedOut, store.OptIn: store.OptedIn, store.Consent: store.OptedIn, store.Hold: store.Held,
	} {
		ev := received(event("id", action, minute(1)), 2)
		ev.Source = store.SourceWeb
		standing, effective := store.Standing{State: store.State{Key: key}}.Next(store.Record{Event: ev, RecordedAt: minute(3)}, store.Text{})
		require.True(t, effective)
		require.Equal(t, store.State{
			Key: key, Status: status, Action: action, At: minute(1), ReceivedAt: minute(2), RecordedAt: minute(3),
			Source: store.SourceWeb, EventID: "id",
		}, standing.InForce())
	}
}

func TestTheStateOfAHeldKeyIsThatOfTheHardestHold(t *testing.T) {
	ledger := follow([]store.Event{held("a", minute(1)), held("c", minute(3)), held("b", minute(2)), held("d", minute(3))})
	for _, want := range []string{"d", "c", "b", "a"} { // of two that are equally hard the last
		require.Equal(t, want, ledger.State().EventID)
		open := ledger.Open()
		_, err := ledger.Append(review(store.Release, ledger.Records()[open[len(open)-1]].Event), minute(9))
		require.NoError(t, err)
	}
	require.Equal(t, store.State{Key: key}, ledger.State())
}

func TestReplay(t *testing.T) {
	text := received(held("m", minute(1)), 2)
	text.Text = "no more"
	undated := received(stop("m", never), 0)
	undated.Text = "Stop"
	day4 := received(held("m", never), 0)
	day4.ReceivedAt = day4.ReceivedAt.Add(73 * time.Hour)
	later := func(ev store.Event, after time.Duration) store.Event {
		ev.ReceivedAt = ev.ReceivedAt.Add(after)
		return ev
	}
	with := func(ev store.Event, change func(*store.Event)) store.Event {
		change(&ev)
		return ev
	}
	release := review(store.Release, text)
	at := with(release, func(ev *store.Event) { ev.At = minute(2) })
	receipt := with(release, func(ev *store.Event) { ev.ReceivedAt = never })
	keyword, in := stop("m", minute(1)), start("m", minute(1))
	otherWords := with(text, func(ev *store.Event) { ev.Text = "x" })
	unreceived := with(undated, func(ev *store.Event) { ev.ReceivedAt = never })
	by := func(source store.Source) store.Event {
		return with(stop("m", minute(1)), func(ev *store.Event) { ev.Source = source })
	}
	confirmed := with(yes("m", minute(1)), func(ev *store.Event) { ev.Source = store.SourceConfirm })
	elsewhere := with(by(store.SourceImport), func(ev *store.Event) { ev.From = "y" })
	fromElsewhere := with(void(in), func(ev *store.Event) { ev.From = "y" })
	type list = []store.Event
	for name, c := range map[string]struct {
		stored    list
		ev        store.Event
		duplicate bool
		err       error
	}{
		"a new id":                       {nil, stop("m", minute(1)), false, nil},
		"an opt-out again":               {list{stop("m", minute(1))}, stop("m", minute(1)), true, nil},
		"an opt-out received later":      {list{stop("m", minute(1))}, received(stop("m", minute(1)), 9_999), true, nil},
		"an opt-out received days later": {list{received(stop("m", minute(1)), 2)}, received(stop("m", minute(1)), 9_999), true, nil},
		"an opt-out of another time":     {list{stop("m", minute(1))}, stop("m", minute(2)), false, nil},
		"an opt-out of an older time":    {list{stop("m", minute(2))}, stop("m", minute(1)), false, nil},
		"an opt-out without its time":    {list{stop("m", minute(1))}, stop("m", never), false, nil},
		"an opt-out from elsewhere":      {list{stop("m", minute(1))}, words("m", minute(1)), false, nil},
		"a hold in other words":          {list{text}, with(text, func(ev *store.Event) { ev.Text = "No more" }), false, nil},
		"a hold with other evidence":     {list{text}, with(text, func(ev *store.Event) { ev.Note, ev.To = "x", "y" }), true, nil},
		"a hold of another sender":       {list{text}, with(text, func(ev *store.Event) { ev.From = "y" }), false, nil},
		"the second of two again":        {list{stop("m", minute(1)), stop("m", minute(2))}, stop("m", minute(1)), true, nil},

		"undated, at once":                          {list{undated}, undated, true, nil},
		"undated, 72 hours later":                   {list{undated}, later(undated, 72*time.Hour), true, nil},
		"undated, more than 72 hours later":         {list{undated}, later(undated, 72*time.Hour+time.Microsecond), false, nil},
		"undated, again after that":                 {list{undated, later(undated, 73*time.Hour)}, later(undated, 74*time.Hour), true, nil},
		"undated, an older receipt":                 {list{undated}, later(undated, -100*time.Hour), true, nil},
		"undated, no receipt":                       {list{undated}, stop("m", never), false, nil}, // in other words
		"undated, in the same words, no receipt":    {list{undated}, unreceived, true, nil},
		"undated, where no receipt is stored":       {list{stop("m", never)}, received(stop("m", never), 99_999), true, nil},
		"an undated hold, more than 72 hours later": {list{received(held("m", never), 0)}, day4, false, nil},

		"an opt-in again":                     {list{start("m", minute(1))}, start("m", minute(9)), true, nil},
		"a consent again":                     {list{yes("m", minute(1))}, yes("m", never), true, nil},
		"a question again":                    {list{event("m", store.Ask, minute(1))}, event("m", store.Ask, minute(2)), true, nil},
		"an opt-in with the id of an opt-out": {list{stop("m", minute(1))}, start("m", minute(9)), false, store.ErrIDReused},
		"an opt-in with the id of a hold":     {list{text}, start("m", minute(9)), false, store.ErrIDReused},
		"an opt-in with the id of a consent":  {list{yes("m", minute(1))}, start("m", minute(9)), false, store.ErrIDReused},
		"a consent with the id of an opt-in":  {list{start("m", minute(1))}, yes("m", minute(9)), false, store.ErrIDReused},
		"an opt-out with the id of an opt-in": {list{start("m", minute(9))}, stop("m", minute(1)), false, nil},
		"a hold with the id of a consent":     {list{yes("m", minute(9))}, text, false, nil},
		"a hold with the id of an opt-out":    {list{stop("m", minute(1))}, text, false, nil},
		"an opt-in again, whose id a STOP reuses": {
			list{start("m", minute(1)), stop("m", minute(2))}, start("m", minute(1)), true, nil,
		},

		"a Release":                            {list{text}, release, false, nil},
		"a Release again":                      {list{text, release}, release, true, nil},
		"an Uphold after a Release":            {list{text, release}, review(store.Uphold, text), false, nil},
		"a Retract of a hold":                  {list{text}, review(store.Retract, text), false, nil},
		"a Retract of an opt-out":              {list{stop("m", minute(1))}, review(store.Retract, stop("m", minute(1))), false, nil},
		"a Release of an opt-out from a text":  {list{words("m", minute(1))}, review(store.Release, words("m", minute(1))), false, nil},
		"a Release of an opt-out by a keyword": {list{keyword}, review(store.Release, keyword), false, store.ErrInvalid},
		"an Uphold of an opt-out by a keyword": {list{keyword}, review(store.Uphold, keyword), false, store.ErrInvalid},
		"a Release of nothing":                 {nil, release, false, store.ErrInvalid},
		"a Release of an opt-in":               {list{in}, review(store.Release, in), false, store.ErrInvalid},
		"a Release with another At":            {list{text}, at, false, store.ErrInvalid},
		"a Release with another ReceivedAt":    {list{text}, receipt, false, store.ErrInvalid},
		"a Release with another Text":          {list{text}, with(release, func(ev *store.Event) { ev.Text = "" }), false, store.ErrInvalid},
		"a Void of an import":                  {list{by(store.SourceImport)}, void(in), false, nil},
		"a Void of an agent's opt-out":         {list{by(store.SourceAgent)}, void(in), false, nil},
		"a Void of a consent":                  {list{yes("m", minute(1))}, void(in), false, nil},
		"a Void again":                         {list{by(store.SourceImport), void(in)}, void(in), true, nil},
		"a Void again, of what came since":     {list{by(store.SourceImport), void(in), by(store.SourceAgent)}, void(in), false, nil},
		"a Void of nothing":                    {nil, void(in), false, store.ErrInvalid},
		"a Void of a Void":                     {list{by(store.SourceImport), void(in)}, void(void(in)), false, store.ErrInvalid},
		"a Void of a STOP":                     {list{keyword}, void(in), false, store.ErrInvalid},
		"a Void of a START":                    {list{in}, void(in), false, store.ErrInvalid},
		"a Void of a hold":                     {list{held("m", minute(1))}, void(in), false, store.ErrInvalid},
		"a Void of a request in words":         {list{words("m", minute(1))}, void(in), false, store.ErrInvalid},
		"a Void of a form on the web":          {list{by(store.SourceWeb)}, void(in), false, store.ErrInvalid},
		"a Void of a carrier's report":         {list{by(store.SourceCarrier)}, void(in), false, store.ErrInvalid},
		"a Void of YES":                        {list{confirmed}, void(in), false, store.ErrInvalid},
		"a Void of a review":                   {list{text, release}, void(in), false, store.ErrInvalid},
		"a Void of another sender":             {list{by(store.SourceImport)}, fromElsewhere, false, store.ErrInvalid},
		"a Void of another sender, too":        {list{by(store.SourceImport), void(in), elsewhere}, fromElsewhere, false, nil},
		"an import again, which was voided":    {list{by(store.SourceImport), void(in)}, by(store.SourceImport), true, nil},
		"a STOP with the id of a Void":         {list{void(in)}, stop("void:m", minute(1)), false, nil},
		"a Release of the second text of an id": {
			list{text, release, otherWords},
			review(store.Release, otherWords), false, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var same []store.Record
			for i, ev := range c.stored {
				same = append(same, store.Record{Event: ev, RecordedAt: recorded(i)})
			}
			stored, duplicate, err := store.Replay(c.ev, same)
			require.ErrorIs(t, err, c.err)
			require.Equal(t, c.duplicate, duplicate)
			if duplicate {
				require.Contains(t, same, stored)
			}
		})
	}
}

func TestTheMomentAfterWhichAnOptInLifts(t *testing.T) {
	require.Equal(t, minute(1), store.LiftedAfter(minute(1), minute(2)))
	require.Equal(t, never, store.LiftedAfter(never, never))
	require.Equal(t, minute(2).Truncate(time.Second).Add(-time.Microsecond), store.LiftedAfter(never, minute(2)))
}

func TestTheTimeOfReceiptOrOfRecording(t *testing.T) {
	r := store.Record{RecordedAt: minute(2)}
	require.Equal(t, minute(2), r.ReceivedOrRecorded())
	r.ReceivedAt = minute(1)
	require.Equal(t, minute(1), r.ReceivedOrRecorded())
}
