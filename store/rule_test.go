package store_test

import (
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

func TestTheRule(t *testing.T) {
	const none, in, out, hold = store.Unknown, store.OptedIn, store.OptedOut, store.Held
	release := func(text store.Event) store.Event { return review(store.Release, text) }
	uphold := func(text store.Event) store.Event { return review(store.Uphold, text) }
	retract := func(text store.Event) store.Event { return review(store.Retract, text) }
	hold1, undated := received(held("h", minute(1)), 2), received(held("h", never), 5)
	type events = []store.Event
	type then = []store.Status
	for name, c := range map[string]struct {
		events events
		then   then // after each
		last   bool // whether the last had an effect
	}{
		// Opt-outs and opt-ins.
		"a first opt-out":                                       {events{stop("o", minute(1))}, then{out}, true},
		"a first opt-out without a time":                        {events{stop("o", never)}, then{out}, true},
		"a newer opt-in":                                        {events{stop("o", minute(1)), start("s", minute(2))}, then{out, in}, true},
		"an older opt-in":                                       {events{stop("o", minute(2)), start("s", minute(1))}, then{out, out}, false},
		"a tie goes to the opt-out in force":                    {events{stop("o", minute(1)), start("s", minute(1))}, then{out, out}, false},
		"a tie goes to the opt-out that comes":                  {events{start("s", minute(1)), stop("o", minute(1))}, then{in, out}, true},
		"an older opt-out":                                      {events{start("s", minute(2)), stop("o", minute(1))}, then{in, in}, false},
		"a newer opt-out":                                       {events{start("s", minute(1)), stop("o", minute(2))}, then{in, out}, true},
		"an opt-in without a time arrives later":                {events{stop("o", minute(2)), start("s", never)}, then{out, in}, true},
		"an opt-out without a time arrives later":               {events{start("s", minute(2)), stop("o", never)}, then{in, out}, true},
		"an opt-in after an opt-out without any time":           {events{stop("o", never), start("s", minute(2))}, then{out, in}, true},
		"an opt-in sent before an undated opt-out was received": {events{received(stop("o", never), 5), start("s", minute(4))}, then{out, out}, false},
		"one sent after it":                                     {events{received(stop("o", never), 5), start("s", minute(6))}, then{out, in}, true},
		"one sent earlier in the same second":                   {events{received(stop("o", never), 5), start("s", minute(5).Truncate(time.Second))}, then{out, in}, true},
		"one sent at the end of the second before":              {events{received(stop("o", never), 5), start("s", minute(5).Truncate(time.Second).Add(-store.Precision))}, then{out, out}, false},
		"a newer opt-in moves the time":                         {events{start("s", minute(1)), start("t", minute(3)), stop("o", minute(2))}, then{in, in, in}, false},
		"an older one does not":                                 {events{start("s", minute(3)), start("t", minute(1)), stop("o", minute(2))}, then{in, in, in}, false},
		"an opt-in without a time forgets the time":             {events{start("s", minute(5)), start("t", never), stop("o", minute(1))}, then{in, in, out}, true},

		// The harder of two opt-outs.
		"a newer opt-out moves the time":                  {events{stop("o", minute(1)), stop("p", minute(3)), start("s", minute(2))}, then{out, out, out}, false},
		"an older opt-out changes nothing":                {events{stop("o", minute(3)), stop("p", minute(1)), start("s", minute(2))}, then{out, out, out}, false},
		"an old import does not weaken a phone call":      {events{received(stop("o", never), 10), stop("p", minute(1)), start("s", minute(9))}, then{out, out, out}, false},
		"a STOP from a queue does not weaken a newer one": {events{stop("o", minute(10)), received(stop("p", never), 5), start("s", minute(9))}, then{out, out, out}, false},
		"nor does one without any time":                   {events{stop("o", minute(10)), stop("p", never), start("s", minute(9))}, then{out, out, out}, false},
		"nor an Uphold of an older text":                  {events{hold1, received(stop("o", never), 8), uphold(hold1), start("s", minute(7))}, then{hold, out, out, out}, false},

		// Consent.
		"a consent":                                     {events{yes("y", minute(1))}, then{in}, true},
		"a second consent":                              {events{yes("y", minute(1)), yes("z", minute(2))}, then{in, in}, false},
		"a consent never lifts":                         {events{stop("o", minute(1)), yes("y", minute(9))}, then{out, out}, false},
		"a consent without a time never lifts":          {events{stop("o", never), yes("y", never)}, then{out, out}, false},
		"any opt-out replaces a consent":                {events{yes("y", minute(9)), stop("o", minute(1))}, then{in, out}, true},
		"an opt-in replaces a consent":                  {events{yes("y", minute(9)), start("s", minute(1)), stop("o", minute(2))}, then{in, in, out}, true},
		"a consent leaves a hold":                       {events{hold1, yes("y", minute(9))}, then{hold, hold}, true},
		"a consent counts after the hold was released":  {events{hold1, yes("y", minute(9)), release(hold1)}, then{hold, hold, in}, true},
		"a consent after an opt-in":                     {events{start("s", minute(1)), yes("y", minute(9)), stop("o", minute(5))}, then{in, in, out}, true},
		"a question":                                    {events{event("a", store.Ask, minute(1))}, then{none}, false},
		"a question ends no hold":                       {events{hold1, event("a", store.Ask, minute(9))}, then{hold, hold}, false},
		"a question lifts no opt-out":                   {events{stop("o", minute(1)), event("a", store.Ask, minute(9))}, then{out, out}, false},
		"a hold replaces a consent that is newer":       {events{yes("y", minute(9)), hold1}, then{in, hold}, true},
		"an opt-in after a consent that a hold follows": {events{yes("y", minute(9)), hold1, start("s", minute(3))}, then{in, hold, in}, true},

		// Holds.
		"a hold":                                        {events{hold1}, then{hold}, true},
		"a hold after an older opt-in":                  {events{start("s", never), hold1}, then{in, hold}, true},
		"a hold of the time of the opt-in":              {events{start("s", minute(1)), held("h", minute(1))}, then{in, hold}, true},
		"a text that is older than the opt-in":          {events{start("s", minute(2)), held("h", minute(1))}, then{in, in}, false},
		"a newer opt-in ends it":                        {events{held("h", minute(1)), start("s", minute(2))}, then{hold, in}, true},
		"an older opt-in does not":                      {events{held("h", minute(2)), start("s", minute(1))}, then{hold, hold}, false},
		"an opt-in of the same time does not":           {events{held("h", minute(1)), start("s", minute(1))}, then{hold, hold}, false},
		"an opt-in without a time does":                 {events{held("h", minute(1)), start("s", never)}, then{hold, in}, true},
		"an opt-out hides it":                           {events{held("h", minute(2)), stop("o", minute(1))}, then{hold, out}, true},
		"while opted out it waits":                      {events{stop("o", minute(1)), held("h", minute(3)), start("s", minute(2))}, then{out, out, hold}, true},
		"a newer opt-in lifts both":                     {events{stop("o", minute(1)), held("h", minute(2)), start("s", minute(3))}, then{out, out, in}, true},
		"an opt-in between two holds ends one":          {events{held("h", minute(1)), held("i", minute(3)), start("s", minute(2)), release(held("i", minute(3)))}, then{hold, hold, hold, in}, true},
		"the harder hold decides, in any order":         {events{held("i", minute(3)), held("h", minute(1)), start("s", minute(2))}, then{hold, hold, hold}, false},
		"a hold received before an opt-in was sent":     {events{undated, start("s", minute(6))}, then{hold, in}, true},
		"a hold received after an opt-in was sent":      {events{undated, start("s", minute(4))}, then{hold, hold}, false},
		"a hold without a time after a newer opt-in":    {events{start("s", minute(9)), undated}, then{in, hold}, true},
		"a hold does not come back after an opt-in":     {events{held("h", minute(1)), start("s", minute(2)), stop("o", minute(3)), start("t", minute(4))}, then{hold, in, out, in}, true},
		"an opt-in that loses ends the holds below":     {events{stop("o", minute(9)), held("h", minute(1)), start("s", minute(5)), start("t", never)}, then{out, out, out, in}, true},
		"a STOP with the ID of a hold leaves the hold":  {events{held("h", minute(5)), stop("h", minute(1)), start("s", minute(3))}, then{hold, out, hold}, true},
		"an opt-out that an opt-in beats leaves a hold": {events{start("s", minute(5)), undated, stop("o", minute(1))}, then{in, hold, hold}, false},

		// Reviews that find no request.
		"released, it is as before":                       {events{start("s", minute(0)), hold1, release(hold1)}, then{in, hold, in}, true},
		"released, who was unknown is":                    {events{hold1, release(hold1)}, then{hold, none}, true},
		"released while opted out":                        {events{hold1, stop("o", minute(3)), release(hold1)}, then{hold, out, out}, true},
		"one of two holds":                                {events{hold1, held("i", minute(2)), release(hold1)}, then{hold, hold, hold}, true},
		"a hold that an opt-in has ended":                 {events{hold1, start("s", minute(3)), release(hold1)}, then{hold, in, in}, false},
		"a hold that did not open":                        {events{start("s", minute(3)), hold1, release(hold1)}, then{in, in, in}, false},
		"an opt-out read from a text":                     {events{words("w", minute(2)), release(words("w", minute(2)))}, then{out, none}, true},
		"released, an opt-in that it beat counts":         {events{words("w", minute(2)), start("s", minute(1)), release(words("w", minute(2)))}, then{out, out, in}, true},
		"released, a consent that it beat counts":         {events{words("w", minute(2)), yes("y", minute(1)), release(words("w", minute(2)))}, then{out, out, in}, true},
		"released, another opt-out stays":                 {events{words("w", minute(2)), stop("o", minute(1)), release(words("w", minute(2)))}, then{out, out, out}, true},
		"released, another opt-out from before stays":     {events{stop("o", minute(1)), words("w", minute(2)), release(words("w", minute(2)))}, then{out, out, out}, true},
		"released, a hold from after shows":               {events{words("w", minute(2)), held("h", minute(3)), release(words("w", minute(2)))}, then{out, out, hold}, true},
		"released after an Uphold":                        {events{words("w", minute(2)), uphold(words("w", minute(2))), release(words("w", minute(2)))}, then{out, out, out}, false},
		"retracted, an opt-out is as if it had not come":  {events{start("s", minute(1)), stop("o", minute(2)), retract(stop("o", minute(2)))}, then{in, out, in}, true},
		"retracted, another opt-out stays":                {events{stop("o", minute(2)), stop("p", minute(1)), retract(stop("o", minute(2)))}, then{out, out, out}, true},
		"retracted, a hold is as if it had been released": {events{hold1, retract(hold1)}, then{hold, none}, true},
		"retracted after a Release":                       {events{hold1, release(hold1), retract(hold1)}, then{hold, none, none}, false},
		"released, a hold that it had kept open does not open": {
			events{words("w", minute(9)), start("s", minute(5)), held("h", minute(1)), release(words("w", minute(9)))},
			then{out, out, out, in}, true,
		},

		// Reviews that find a request.
		"upheld, an open hold is an opt-out":               {events{hold1, uphold(hold1)}, then{hold, out}, true},
		"upheld after an older opt-in":                     {events{undated, start("s", minute(4)), uphold(undated)}, then{hold, hold, out}, true},
		"upheld in the place of the text, a newer opt-in":  {events{hold1, uphold(hold1), start("s", minute(2))}, then{hold, out, in}, true},
		"upheld in the place of the text, an older opt-in": {events{hold1, uphold(hold1), start("s", minute(1))}, then{hold, out, out}, false},
		"upheld after a newer opt-in in force":             {events{start("s", minute(9)), undated, uphold(undated)}, then{in, hold, out}, true},
		"upheld after an opt-in has ended it":              {events{hold1, start("s", minute(2)), uphold(hold1)}, then{hold, in, in}, false},
		"upheld though it did not open":                    {events{start("s", minute(5)), hold1, uphold(hold1)}, then{in, in, in}, false},
		"upheld after its Release":                         {events{hold1, release(hold1), uphold(hold1)}, then{hold, none, out}, true},
		"upheld after its Release and an opt-in":           {events{hold1, release(hold1), start("s", minute(3)), uphold(hold1)}, then{hold, none, in, in}, false},
		"upheld after its Release and an opt-in of before": {events{hold1, release(hold1), start("s", minute(2)), uphold(hold1)}, then{hold, none, in, out}, true},
		"upheld after its Release and an undated opt-in":   {events{hold1, release(hold1), received(start("s", never), 3), uphold(hold1)}, then{hold, none, in, in}, false},
		"upheld after its Release and a consent":           {events{hold1, release(hold1), yes("y", minute(9)), uphold(hold1)}, then{hold, none, in, out}, true},
		"upheld, an opt-out read from a text":              {events{words("w", minute(2)), uphold(words("w", minute(2)))}, then{out, out}, false},
		"upheld after its Release, an opt-out from a text": {events{received(words("w", minute(1)), 2), release(received(words("w", minute(1)), 2)), uphold(received(words("w", minute(1)), 2))}, then{out, none, out}, true},
		"upheld while a harder opt-out is in force":        {events{hold1, stop("o", minute(5)), uphold(hold1), start("s", minute(4))}, then{hold, out, out, out}, false},
		"upheld, a second hold still waits":                {events{hold1, held("i", minute(6)), uphold(hold1), start("s", minute(3))}, then{hold, hold, out, hold}, true},
		"upheld, and the opt-out of another text is taken back": {
			events{hold1, words("w", minute(5)), uphold(hold1), release(words("w", minute(5))), start("s", minute(3))},
			then{hold, out, out, out, in}, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			ledger := store.NewLedger(key, nil)
			require.Len(t, c.then, len(c.events))
			var last store.Result
			for i, ev := range c.events {
				prior := ledger.State().Status
				var err error
				last, err = ledger.Append(ev, recorded(i))
				require.NoError(t, err)
				require.False(t, last.Duplicate)
				require.Equal(t, c.then[i], ledger.State().Status, "after event %d", i+1)
				require.Equal(t, prior, last.Record.Prior)
				require.Equal(t, ledger.State(), last.State)
			}
			require.Equal(t, c.last, last.Record.Effective)
			require.Equal(t, books(c.events).State(), ledger.State(), "by the rule written a second time")
		})
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
	later := func(ev store.Event, after time.Duration) store.Event {
		ev.ReceivedAt = ev.ReceivedAt.Add(after)
		return ev
	}
	with := func(ev store.Event, change func(*store.Event)) store.Event {
		change(&ev)
		return ev
	}
	for name, c := range map[string]struct {
		stored    []store.Event
		ev        store.Event
		duplicate bool
		err       error
	}{
		"a new id":                    {nil, stop("m", minute(1)), false, nil},
		"an opt-out again":            {[]store.Event{stop("m", minute(1))}, stop("m", minute(1)), true, nil},
		"an opt-out received later":   {[]store.Event{stop("m", minute(1))}, received(stop("m", minute(1)), 9_999), true, nil},
		"an opt-out of another time":  {[]store.Event{stop("m", minute(1))}, stop("m", minute(2)), false, nil},
		"an opt-out of an older time": {[]store.Event{stop("m", minute(2))}, stop("m", minute(1)), false, nil},
		"an opt-out without its time": {[]store.Event{stop("m", minute(1))}, stop("m", never), false, nil},
		"an opt-out from elsewhere":   {[]store.Event{stop("m", minute(1))}, words("m", minute(1)), false, nil},
		"a hold in other words":       {[]store.Event{text}, with(text, func(ev *store.Event) { ev.Text = "No more" }), false, nil},
		"a hold with other evidence":  {[]store.Event{text}, with(text, func(ev *store.Event) { ev.Note, ev.From = "x", "y" }), true, nil},
		"the second of two again":     {[]store.Event{stop("m", minute(1)), stop("m", minute(2))}, stop("m", minute(1)), true, nil},

		"undated, at once":                          {[]store.Event{undated}, undated, true, nil},
		"undated, 72 hours later":                   {[]store.Event{undated}, later(undated, 72*time.Hour), true, nil},
		"undated, more than 72 hours later":         {[]store.Event{undated}, later(undated, 72*time.Hour+time.Microsecond), false, nil},
		"undated, again after that":                 {[]store.Event{undated, later(undated, 73*time.Hour)}, later(undated, 74*time.Hour), true, nil},
		"undated, an older receipt":                 {[]store.Event{undated}, later(undated, -100*time.Hour), true, nil},
		"undated, no receipt":                       {[]store.Event{undated}, stop("m", never), false, nil}, // in other words
		"undated, in the same words, no receipt":    {[]store.Event{undated}, with(undated, func(ev *store.Event) { ev.ReceivedAt = never }), true, nil},
		"undated, where no receipt is stored":       {[]store.Event{stop("m", never)}, received(stop("m", never), 99_999), true, nil},
		"an undated hold, more than 72 hours later": {[]store.Event{received(held("m", never), 0)}, later(received(held("m", never), 0), 73*time.Hour), false, nil},

		"an opt-in again":                     {[]store.Event{start("m", minute(1))}, start("m", minute(9)), true, nil},
		"a consent again":                     {[]store.Event{yes("m", minute(1))}, yes("m", never), true, nil},
		"a question again":                    {[]store.Event{event("m", store.Ask, minute(1))}, event("m", store.Ask, minute(2)), true, nil},
		"an opt-in with the id of an opt-out": {[]store.Event{stop("m", minute(1))}, start("m", minute(9)), false, store.ErrIDReused},
		"an opt-in with the id of a hold":     {[]store.Event{text}, start("m", minute(9)), false, store.ErrIDReused},
		"an opt-in with the id of a consent":  {[]store.Event{yes("m", minute(1))}, start("m", minute(9)), false, store.ErrIDReused},
		"a consent with the id of an opt-in":  {[]store.Event{start("m", minute(1))}, yes("m", minute(9)), false, store.ErrIDReused},
		"an opt-out with the id of an opt-in": {[]store.Event{start("m", minute(9))}, stop("m", minute(1)), false, nil},
		"a hold with the id of a consent":     {[]store.Event{yes("m", minute(9))}, text, false, nil},
		"a hold with the id of an opt-out":    {[]store.Event{stop("m", minute(1))}, text, false, nil},
		"an opt-in again, whose id a STOP reuses": {
			[]store.Event{start("m", minute(1)), stop("m", minute(2))}, start("m", minute(1)), true, nil,
		},

		"a Release":                            {[]store.Event{text}, review(store.Release, text), false, nil},
		"a Release again":                      {[]store.Event{text, review(store.Release, text)}, review(store.Release, text), true, nil},
		"an Uphold after a Release":            {[]store.Event{text, review(store.Release, text)}, review(store.Uphold, text), false, nil},
		"a Retract of a hold":                  {[]store.Event{text}, review(store.Retract, text), false, nil},
		"a Retract of an opt-out":              {[]store.Event{stop("m", minute(1))}, review(store.Retract, stop("m", minute(1))), false, nil},
		"a Release of an opt-out from a text":  {[]store.Event{words("m", minute(1))}, review(store.Release, words("m", minute(1))), false, nil},
		"a Release of an opt-out by a keyword": {[]store.Event{stop("m", minute(1))}, review(store.Release, stop("m", minute(1))), false, store.ErrInvalid},
		"an Uphold of an opt-out by a keyword": {[]store.Event{stop("m", minute(1))}, review(store.Uphold, stop("m", minute(1))), false, store.ErrInvalid},
		"a Release of nothing":                 {nil, review(store.Release, text), false, store.ErrInvalid},
		"a Release of an opt-in":               {[]store.Event{start("m", minute(1))}, review(store.Release, start("m", minute(1))), false, store.ErrInvalid},
		"a Release with another At":            {[]store.Event{text}, with(review(store.Release, text), func(ev *store.Event) { ev.At = minute(2) }), false, store.ErrInvalid},
		"a Release with another ReceivedAt":    {[]store.Event{text}, with(review(store.Release, text), func(ev *store.Event) { ev.ReceivedAt = never }), false, store.ErrInvalid},
		"a Release with another Text":          {[]store.Event{text}, with(review(store.Release, text), func(ev *store.Event) { ev.Text = "" }), false, store.ErrInvalid},
		"a Release of the second text of an id": {
			[]store.Event{text, review(store.Release, text), with(text, func(ev *store.Event) { ev.Text = "x" })},
			review(store.Release, with(text, func(ev *store.Event) { ev.Text = "x" })), false, nil,
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
