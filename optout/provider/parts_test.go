package provider_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
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
	c := &clocked{site: s, now: time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)}
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
	s.requireBlocked(false)

	s.post(h, texts(part(3, 2, "no such part")))
	require.Equal(t, []string{"p2 STOP", "p3 no such part"}, s.next)
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
