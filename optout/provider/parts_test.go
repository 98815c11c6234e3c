package provider_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/faultstore"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func part(number, of int, words string) provider.Message {
	m := text(fmt.Sprint("p", number), words)
	m.Part = provider.Part{Ref: "7", Number: number, Of: of}
	return m
}

// clocked is a site with a clock, and what went to Next.
type clocked struct {
	*site
	now  time.Time
	next []string
}

func newClocked(t *testing.T, s *site) *clocked {
	t.Helper()
	c := &clocked{site: s, now: time.Now()} // as the Guard's clock
	c.options.Now = func() time.Time { return c.now }
	c.options.Next = func(_ context.Context, m provider.Message, _ optout.Outcome) error {
		c.next = append(c.next, m.ID+" "+m.Text)
		return nil
	}
	return c
}

func TestPartsAreJoined(t *testing.T) {
	s := newClocked(t, newSite(t, memstore.New(), &optout.Options{Texts: optout.PolicyOptOut}))
	h := s.handler()
	for _, p := range []provider.Message{part(2, 3, "STOP"), part(3, 3, " texting me"), part(2, 3, "STOP")} {
		status, _ := s.post(h, texts(p))
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, provider.EventPart, s.events[0].Kind)
		s.requireBlocked(false)
	}
	status, answer := s.post(h, texts(part(1, 3, "please ")))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, optout.DefaultReplies().OptOut, answer)
	s.requireBlocked(true)
	require.Equal(t, "please STOP texting me", s.events[0].Message.Text)
	require.Equal(t, "p1", s.events[0].Message.ID)

	s.post(h, texts(part(3, 3, " texting me")))
	require.Equal(t, provider.EventPart, s.events[0].Kind, "delivered again")
	s.now = s.now.Add(time.Hour)
	s.post(h, texts(text("x", "hi")))
	require.Equal(t, []string{"p1 please STOP texting me", "x hi"}, s.next)
}

func TestAPartThatStaysAlone(t *testing.T) {
	s := newClocked(t, newSite(t, memstore.New(), nil))
	h := s.handler()
	s.post(h, texts(part(2, 2, "STOP")))
	s.now = s.now.Add(59 * time.Second)
	s.post(h, texts())
	require.Empty(t, s.next)
	s.now = s.now.Add(time.Second)
	s.post(h, texts())
	require.Equal(t, []string{"p2 STOP"}, s.next)
	require.Equal(t, provider.EventPart, s.events[0].Kind)
	require.Equal(t, "fake: part", s.events[0].String())
	s.requireBlocked(false)

	s.post(h, texts(part(3, 2, "no such part")))
	require.Equal(t, []string{"p2 STOP", "p3 no such part"}, s.next)
}

func TestAPartThatStaysAloneIsHeldByThePolicy(t *testing.T) {
	s := newClocked(t, newSite(t, memstore.New(), &optout.Options{Texts: optout.PolicyOptOut}))
	s.options.Next = func(_ context.Context, m provider.Message, out optout.Outcome) error {
		require.True(t, m.Incomplete || m.ID == "x")
		s.next = append(s.next, m.ID+" "+out.State.Status.String())
		return nil
	}
	h := s.handler()
	s.post(h, texts(part(1, 3, "STOP"), part(2, 3, "START")))
	s.requireBlocked(false)
	s.now = s.now.Add(time.Minute)
	status, answer := s.post(h, texts(text("x", "hi")))
	require.Equal(t, http.StatusOK, status)
	require.Empty(t, answer)
	require.Equal(t, []string{"x unknown", "p1 held", "p2 unknown"}, s.next)
	require.Equal(t, "fake: message intent=none status=unknown changed=false duplicate=false http=200", s.events[0].String())
	require.Equal(t, "fake: part status=held", s.events[1].String())
	require.Equal(t, "fake: part", s.events[2].String())
	s.requireBlocked(true)
	for review, err := range s.guard.Reviews(t.Context(), "acme") {
		require.NoError(t, err)
		require.Equal(t, "STOP", review.Text)
		require.WithinDuration(t, s.now.Add(-time.Minute), review.ReceivedAt, time.Second, "when it came, not when it was given up")
	}
}

func TestAStartAfterAPartThatStaysAloneCounts(t *testing.T) {
	s := newClocked(t, newSite(t, memstore.New(), &optout.Options{Texts: optout.PolicyHold}))
	s.now = s.now.Add(-time.Minute)
	h := s.handler()
	dated := part(1, 2, "STOP")
	dated.At = s.now
	s.post(h, texts(dated))
	start := text("x", "START")
	start.At = s.now.Add(30 * time.Second)
	s.now = s.now.Add(time.Minute)
	s.post(h, texts(start))
	require.Equal(t, []string{"p1 STOP"}, s.next)
	s.requireBlocked(false)
}

func TestAPartThatStaysAloneAndIsNotStoredIsTriedForADay(t *testing.T) {
	outage := new(faultstore.Toggle)
	s := newClocked(t, newSite(t, faultstore.Wrap(memstore.New(), outage.Inject), &optout.Options{Texts: optout.PolicyHold}))
	h := s.handler()
	s.post(h, texts(part(1, 2, "STOP")))
	lost := part(1, 2, "STOP")
	lost.ID, lost.Part.Ref = "q1", "8"
	s.post(h, texts(lost))
	outage.On()
	s.now = s.now.Add(time.Minute)
	status, _ := s.post(h, texts())
	require.Equal(t, http.StatusOK, status, "the request has nothing to do with it")
	require.Len(t, s.events, 2)
	for _, e := range s.events {
		require.ErrorIs(t, e.Err, faultstore.ErrInjected)
		require.NotErrorIs(t, e.Err, provider.ErrPartLost)
	}
	s.post(h, texts())
	require.Empty(t, s.events, "not yet")
	outage.Off()
	s.now = s.now.Add(time.Minute)
	s.post(h, texts())
	require.Len(t, s.events, 2)
	require.Equal(t, []string{"p1 STOP", "q1 STOP"}, s.next)
	s.requireBlocked(true)

	outage.On()
	lost.ID = "r1"
	s.post(h, texts(lost))
	s.now = s.now.Add(23 * time.Hour)
	s.post(h, texts())
	require.NotErrorIs(t, s.events[0].Err, provider.ErrPartLost)
	s.now = s.now.Add(time.Hour)
	s.post(h, texts())
	require.ErrorIs(t, s.events[0].Err, provider.ErrPartLost)
	require.ErrorIs(t, s.events[0].Err, faultstore.ErrInjected)
	s.now = s.now.Add(time.Hour)
	s.post(h, texts())
	require.Empty(t, s.events)
}

func TestAPartThatNextRefusesIsTriedAgain(t *testing.T) {
	s := newClocked(t, newSite(t, memstore.New(), &optout.Options{Texts: optout.PolicyHold}))
	inbox := s.options.Next
	s.options.Next = func(ctx context.Context, m provider.Message, out optout.Outcome) error {
		_ = inbox(ctx, m, out)
		if len(s.next) == 1 {
			return errors.New("the inbox is full")
		}
		return nil
	}
	h := s.handler()
	s.post(h, texts(part(1, 2, "STOP")))
	for range 3 {
		s.now = s.now.Add(time.Minute)
		s.post(h, texts())
	}
	require.Equal(t, []string{"p1 STOP", "p1 STOP"}, s.next)
	s.requireBlocked(true)
}

func TestPartsThatCannotBeStoredAreBounded(t *testing.T) {
	s := newClocked(t, newSite(t, memstore.New(), nil))
	s.options.Next = func(context.Context, provider.Message, optout.Outcome) error { return errors.New("the inbox is full") }
	h := s.handler()
	for i := range 20 {
		p := part(1, 2, strings.Repeat("x", 100_000))
		p.ID, p.Part.Ref = fmt.Sprint(i), fmt.Sprint(i)
		s.post(h, texts(p))
	}
	s.now = s.now.Add(time.Minute)
	s.post(h, texts())
	lost := 0
	for _, e := range s.events {
		if errors.Is(e.Err, provider.ErrPartLost) {
			lost++
		}
	}
	require.Len(t, s.events, 20)
	require.Equal(t, 10, lost)
}

func TestAPartThatStaysAloneHasATransactionOfItsOwn(t *testing.T) {
	inner := memstore.New()
	s := newClocked(t, newSite(t, inner, &optout.Options{Texts: optout.PolicyHold}))
	var commit error
	var inbox []string
	s.options.InTx = func(ctx context.Context, d provider.Delivery, receive func(context.Context, store.Store) error) error {
		require.Len(t, d.Messages, 1)
		inbox = append(inbox, d.Messages[0].ID)
		if err := receive(ctx, inner); err != nil {
			return err
		}
		return commit
	}
	h := s.handler()
	s.post(h, texts(part(1, 2, "STOP")))
	require.Empty(t, inbox)
	s.now = s.now.Add(time.Minute)
	s.post(h, texts(text("x", "hi")))
	require.Equal(t, []string{"x", "p1"}, inbox)
	s.requireBlocked(true)

	commit = errors.New("commit failed")
	late := part(1, 2, "STOP")
	late.ID, late.Part.Ref = "q1", "8"
	s.post(h, texts(late))
	s.now = s.now.Add(time.Minute)
	status, _ := s.post(h, texts())
	require.Equal(t, http.StatusOK, status)
	require.ErrorIs(t, s.events[0].Err, commit)
	require.Zero(t, s.events[0].Outcome.Match)
}

func TestAPartThatCannotBeIsDeliveredAgainWhileItIsNotStored(t *testing.T) {
	outage := new(faultstore.Toggle)
	s := newClocked(t, newSite(t, faultstore.Wrap(memstore.New(), outage.Inject), &optout.Options{Texts: optout.PolicyHold}))
	h := s.handler()
	outage.On()
	status, _ := s.post(h, texts(part(3, 2, "STOP")))
	require.Equal(t, http.StatusServiceUnavailable, status)
	outage.Off()
	status, _ = s.post(h, texts(part(3, 2, "STOP")))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, store.Held, s.events[0].Outcome.State.Status)
}

func TestAPartThatTheProviderReadsAsAnOptOutWaitsForNothing(t *testing.T) {
	s := newClocked(t, newSite(t, memstore.New(), nil))
	flagged := part(1, 2, "STOP")
	flagged.ProviderIntent = keywords.OptOut
	_, answer := s.post(s.handler(), texts(flagged))
	require.Equal(t, optout.DefaultReplies().OptOut, answer)
	require.Equal(t, store.SourceCarrier, s.events[0].Outcome.State.Source)
	s.requireBlocked(true)
}

// The parts of others are taken up after the answer.
func TestTheAnswerDoesNotWaitForLoneParts(t *testing.T) {
	s := newClocked(t, newSite(t, memstore.New(), nil))
	answered := make(chan struct{})
	s.options.Next = func(_ context.Context, m provider.Message, _ optout.Outcome) error {
		if m.Incomplete {
			<-answered
		}
		return nil
	}
	h := s.handler()
	s.post(h, texts(part(1, 2, "hello ")))
	s.now = s.now.Add(time.Minute)
	server := httptest.NewServer(h)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader(encode(t, texts(text("x", "STOP")))))
	require.NoError(t, err)
	r.Header.Set("Proof", "yes")
	r.Header.Set("Content-Type", "application/json")
	response, err := server.Client().Do(r)
	require.NoError(t, err)
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, optout.DefaultReplies().OptOut, string(answer))
	close(answered)
}

func TestANewMessageWithTheSameReference(t *testing.T) {
	s := newClocked(t, newSite(t, memstore.New(), nil))
	h := s.handler()
	s.post(h, texts(part(1, 2, "one ")))
	other := part(1, 2, "two ")
	other.ID = "q1"
	s.post(h, texts(other))
	s.post(h, texts(part(2, 2, "and its end")))
	require.Equal(t, []string{"p1 one ", "q1 two and its end"}, s.next)
}

func TestJoinedPartsThatAreNotStoredWaitForTheNextDelivery(t *testing.T) {
	outage := new(faultstore.Toggle)
	s := newClocked(t, newSite(t, faultstore.Wrap(memstore.New(), outage.Inject), nil))
	h := s.handler()
	s.post(h, texts(part(1, 2, "ST")))
	outage.On()
	status, _ := s.post(h, texts(part(2, 2, "OP")))
	require.Equal(t, http.StatusServiceUnavailable, status)
	s.now = s.now.Add(time.Hour)
	outage.Off()
	status, _ = s.post(h, texts(part(2, 2, "OP")))
	require.Equal(t, http.StatusOK, status)
	s.requireBlocked(true)
}

func TestPartsAreBounded(t *testing.T) {
	s := newClocked(t, newSite(t, memstore.New(), nil))
	h := s.handler()
	long := make([]byte, 200_000)
	for i := range long {
		long[i] = 'x'
	}
	for i := range 100 {
		p := part(1, 2, string(long))
		p.ID, p.Part.Ref = fmt.Sprint(i), fmt.Sprint(i)
		s.post(h, texts(p))
	}
	require.Greater(t, len(s.next), 50, "the oldest give way")
	require.Less(t, len(s.next), 70)
}
