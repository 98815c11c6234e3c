package sqltest_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/twilio"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const (
	connections    = 64
	messagesEach   = 8   // of a contact
	faultEvery     = 100 // calls of the store, half of them after the write
	hangUpEvery    = 20  // requests, half of them when the answer begins
	forgeryEvery   = 100 // messages
	mostDeliveries = 1000
	helpLimit      = 3
	helpRoom       = 65_536 - connections // contacts who surely find room in the Guard's count of HELP
	mostMessages   = 2_000_000            // then there is no new number
	forgedSID      = "SMforged"
)

// said are what contacts send.
func said() []string { return []string{"STOP", "Stop!", "START", "HELP", "hello", "see you"} }

// Sixty-four connections post what contacts send while the store fails now and then, the
// provider hangs up in the middle of answers and delivers again, and somebody posts forged
// requests. Each contact's messages follow one another; what must hold is checked after each
// answer, and at the end of everything.
func TestNothingAcknowledgedIsLostUnderLoad(t *testing.T) {
	t.Run("memstore", func(t *testing.T) { underLoad(t, memstore.New()) })
	for _, v := range named(mainSQLite, mainPostgres) {
		t.Run(v.name, func(t *testing.T) {
			st, db := v.ready(t)
			if v.name == mainSQLite {
				db.SetMaxOpenConns(1) // there is one writer at a time: to wait for a connection is fair
			}
			underLoad(t, st)
		})
	}
}

func underLoad(t *testing.T, st store.Store) {
	t.Helper()
	l := &load{t: t, truth: newGuard(t, st)}
	_, err := l.truth.Gate(t.Context(), account, newNumber()) // the pool has its goroutines
	require.NoError(t, err)
	// A connection of pgx to which a write was slow has a goroutine until the pool closes it.
	pooled := goleak.IgnoreAnyFunction("github.com/jackc/pgx/v5/pgconn/internal/bgreader.(*BGReader).bgRead")
	before := goleak.IgnoreCurrent()
	defer func() {
		err := goleak.Find(before, pooled)
		for begin := time.Now(); err != nil && time.Since(begin) < patience; { // it waits two seconds
			err = goleak.Find(before, pooled)
		}
		require.NoError(t, err)
	}()

	p, err := twilio.New(twilio.Config{AuthToken: authToken})
	require.NoError(t, err)
	guard, err := optout.New(faultstore.Wrap(st, l.inject), &optout.Options{Texts: optout.PolicyHold, HelpLimit: helpLimit})
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle(hookPath, provider.Handler(guard, p, &provider.Options{
		Account: provider.OneAccount(account), PublicURL: publicURL, ProviderReplies: provider.RepliesWhenFlagged,
		Observe: l.observe, Next: l.next,
	}))
	server := httptest.NewServer(mux)
	l.address = server.Listener.Addr().String()
	l.until = time.Now().Add(lasting(500*time.Millisecond, 20*time.Second))
	start := time.Now()
	var wg sync.WaitGroup
	for i := range connections {
		wg.Go(func() { l.errors[i] = l.connection() })
	}
	wg.Wait()
	took := time.Since(start)
	server.Close()
	require.NoError(t, errors.Join(l.errors[:]...))

	closely := true // the first one
	for number, want := range l.contacts.Range {
		number := fmt.Sprint(number)
		d, err := l.truth.Gate(t.Context(), account, number)
		require.NoError(t, err)
		require.Equal(t, want, d.State.Status, "%s: what was acknowledged is lost in the end", number)
		if closely {
			consistent(t, st, store.Key{Account: account, Number: number})
		}
		closely = false
	}
	require.True(t, l.sawAll(), "faults, redeliveries, forgeries or confirmations are missing")
	t.Logf("%d requests in %v, %d faults of %d calls, %d redeliveries, %d forgeries, %d confirmations, %d STARTs not known to be stored",
		l.requests.Load(), took.Round(time.Millisecond), l.faults.Load(), l.calls.Load(), l.redeliveries.Load(), l.forgeries.Load(),
		l.confirmations.Load(), l.unsure.Load())
}

// load is what a provider, its contacts and the host know.
type load struct {
	t       *testing.T
	truth   *optout.Guard // of the store without faults
	address string
	until   time.Time

	calls, faults, requests, redeliveries, messages, forgeries, confirmations, unsure, askers atomic.Int64

	contacts sync.Map // by number: the status that was acknowledged last
	inbox    sync.Map // ids of the messages that Next got
	failed   sync.Map // ids of the messages that a delivery ended with an error for
	errors   [connections]error
}

// sawAll reports whether each of the things has happened that the test is about: on a slow
// machine that takes longer.
func (l *load) sawAll() bool {
	for _, n := range []*atomic.Int64{&l.faults, &l.redeliveries, &l.forgeries, &l.confirmations} {
		if n.Load() == 0 {
			return false
		}
	}
	return true
}

// inject fails a store's calls: half of them before they reach the store, half after.
func (l *load) inject(op faultstore.Op) error {
	if strings.HasPrefix(op.Event.ID, forgedSID) {
		l.t.Error("a request that is not proved reached the store")
	}
	n := l.calls.Add(1)
	if n%faultEvery != 0 {
		return nil
	}
	l.faults.Add(1)
	away := func(faultstore.Op) error { return faultstore.ErrInjected }
	if n%(2*faultEvery) == 0 {
		return faultstore.After(away)(op)
	}
	return away(op)
}

func (l *load) observe(_ context.Context, e provider.Event) {
	if line := e.String(); strings.Contains(line, "+1") || strings.Contains(line, "hello") {
		l.t.Error("a number or a text in the log")
	}
	if e.Kind == provider.EventRefused {
		return
	}
	if strings.HasPrefix(e.Message.ID, forgedSID) {
		l.t.Error("a request that is not proved reached the Guard")
	}
	if e.Err != nil {
		l.failed.Store(e.Message.ID, true)
	}
}

func (l *load) next(_ context.Context, m provider.Message, _ optout.Outcome) error {
	l.inbox.Store(m.ID, true)
	return nil
}

// connection is one of the provider's: contact after contact, message after message.
func (l *load) connection() error {
	c := new(client)
	if err := c.dial(l.address); err != nil {
		return err
	}
	defer func() { _ = c.conn.Close() }()
	texts := said()
	for (time.Now().Before(l.until) || !l.sawAll()) && l.messages.Load() < mostMessages {
		of := texter{load: l, client: c, number: newNumber()}
		for range messagesEach {
			if err := of.say(texts[rand.IntN(len(texts))]); err != nil {
				return fmt.Errorf("%s: %w", of.number, err)
			}
		}
		l.contacts.Store(of.number, of.status)
	}
	return nil
}

// texter is a contact, and what the provider and the contact know of the consent.
type texter struct {
	*load

	client  *client
	number  string
	status  store.Status // that was acknowledged last
	helps   int          // deliveries of HELP
	counted bool         // the Guard has room to count them
	answers int          // to HELP
}

// say sends a message until its answer was read to the end, and checks that answer.
func (c *texter) say(text string) error {
	n := c.messages.Add(1)
	sid := fmt.Sprintf("SM%032x", n)
	if n%forgeryEvery == 0 {
		if err := c.forge(fmt.Sprint(forgedSID, n)); err != nil {
			return err
		}
	}
	reply, deliveries, err := c.deliver(sid, text)
	if err != nil {
		return err
	}
	d, err := c.truth.Gate(context.Background(), account, c.number)
	if err != nil {
		return err
	}
	was := c.status
	c.status = d.State.Status
	switch text {
	case "START":
		return c.started(sid, reply, was)
	case "HELP":
		return c.helped(reply, deliveries, was)
	case "STOP", "Stop!":
		want := ""
		if was != store.OptedOut { // exactly one, however often it was delivered
			c.confirmations.Add(1)
			want = optout.DefaultReplies().OptOut
		}
		return cmp.Or(expect("a STOP that was acknowledged", c.status, store.OptedOut), expect("the answer to STOP", reply, want))
	default:
		_, found := c.inbox.Load(sid)
		return cmp.Or(expect("an ordinary text that was acknowledged reached the host", found, true),
			expect("what an ordinary text changed", c.status, was), expect("its answer", reply, ""))
	}
}

// started checks what came of START. Twilio's messages have no time, so a START that is not
// known to be stored is answered as if it were, and Observe gets the error.
func (c *texter) started(sid, reply string, was store.Status) error {
	want := ""
	if was == store.OptedOut {
		want = optout.DefaultReplies().OptIn
	}
	if _, failed := c.failed.Load(sid); failed && reply == "" {
		c.unsure.Add(1)
		if c.status == was {
			return nil
		}
		want = ""
	}
	return cmp.Or(expect("a START that was acknowledged", c.status, store.OptedIn), expect("the answer to START", reply, want))
}

// helped checks what came of HELP, of which each delivery may take one of the replies.
func (c *texter) helped(reply string, deliveries int, was store.Status) error {
	if c.helps == 0 {
		c.counted = c.askers.Add(1) <= helpRoom
	}
	c.helps += deliveries
	if reply != "" {
		c.answers++
	}
	must := c.counted && c.helps <= helpLimit
	if must || reply != "" {
		if err := expect("the answer to HELP", reply, optout.DefaultReplies().Help); err != nil {
			return err
		}
	}
	return cmp.Or(expect("answers to HELP within the limit", c.answers <= helpLimit, true), expect("what HELP changed", c.status, was))
}

func expect[T comparable](what string, got, want T) error {
	if got == want {
		return nil
	}
	return fmt.Errorf("%s: %v, want %v", what, got, want)
}

// deliver posts a message until it is acknowledged and the answer was read to its end. It
// returns the reply in the answer, and how often the message was posted.
func (c *texter) deliver(sid, text string) (reply string, deliveries int, err error) {
	request := inbound(c.number, sid, text).request(false)
	for deliveries < mostDeliveries {
		deliveries++
		n := c.requests.Add(1)
		if n%hangUpEvery == 0 {
			// A START that is still on its way could come after the contact's next STOP, and has
			// no time: the provider waits for its answer.
			atOnce := n%(2*hangUpEvery) == 0 && text != "START"
			c.client.hangUp(request, atOnce)
			c.redeliveries.Add(1)
			if err := c.client.dial(c.address); err != nil {
				return "", deliveries, err
			}
			continue
		}
		status, body, err := c.client.post(request)
		switch {
		case err != nil:
			return "", deliveries, err
		case status == http.StatusServiceUnavailable:
			c.redeliveries.Add(1)
		case status != http.StatusOK:
			return "", deliveries, fmt.Errorf("answered with %d", status)
		default:
			reply, err := replyIn(string(body))
			return reply, deliveries, err
		}
	}
	return "", deliveries, errors.New("it was never acknowledged")
}

// replyIn is the text of the one message in an answer, or "".
func replyIn(twiml string) (string, error) {
	parts := strings.Split(twiml, "<Message>")
	if len(parts) > 2 {
		return "", errors.New("two replies in one answer")
	}
	text, _, found := strings.Cut(parts[len(parts)-1], "</Message>")
	if !found {
		return "", nil
	}
	return html.UnescapeString(text), nil
}

// forge posts STOP and START of the contact with a signature that does not fit.
func (c *texter) forge(sid string) error {
	for _, text := range []string{"STOP", "START"} {
		c.forgeries.Add(1)
		status, _, err := c.client.post(inbound(c.number, sid, text).request(true))
		if err := cmp.Or(err, expect("the status of a forged request", status, http.StatusForbidden)); err != nil {
			return err
		}
	}
	return nil
}
