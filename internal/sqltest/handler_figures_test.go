//go:build unix

package sqltest_test

import (
	"crypto/hmac"
	"database/sql"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/twilio"
	"github.com/seed-f10031e4/consent/store"
)

// BenchmarkHandler posts STOP of new contacts over loopback, signed as Twilio does, and
// reads the answer to its end: to code as a host writes it by hand (see byHand), and to a
// Handler. It reports the time from one answer to the next over all connections (ns/op),
// the CPU time and allocations of this process for a request (the server, a client that
// does next to nothing, and SQLite, but not PostgreSQL), and how long a request took.
func BenchmarkHandler(b *testing.B) {
	for _, v := range named(mainSQLite, mainPostgres) {
		b.Run(v.name, func(b *testing.B) {
			st, db, n := measured(b, v)
			guard := newGuard(b, st)
			p, err := twilio.New(twilio.Config{AuthToken: authToken})
			require.NoError(b, err)
			ways := []struct {
				name    string
				handler http.Handler
			}{
				{"plain", newByHand(v, db)},
				{"handler", provider.Handler(guard, p, &provider.Options{
					Account: provider.OneAccount(account), PublicURL: publicURL, ProviderReplies: provider.RepliesWhenFlagged,
				})},
			}
			for _, connections := range []int{1, 64} {
				for _, way := range ways {
					b.Run(fmt.Sprintf("%d/%s", connections, way.name), func(b *testing.B) {
						n = post(b, way.handler, connections, n)
					})
				}
			}
		})
	}
}

// post posts b.N requests of contacts from the n-th on, and returns the next.
func post(b *testing.B, handler http.Handler, connections, n int) int {
	b.Helper()
	mux := http.NewServeMux()
	mux.Handle(hookPath, handler)
	server := httptest.NewServer(mux)
	defer server.Close()
	clients := make([]*client, connections)
	took := make([][]time.Duration, connections)
	for i := range clients {
		clients[i] = newClient(b, server.Listener.Addr().String())
	}
	for i := range b.N + connections {
		c := clients[i%connections]
		c.requests = append(c.requests, inbound(numberAt(n), fmt.Sprintf("SM%032x", n), "Stop").request(false))
		n++
	}
	for i, c := range clients {
		require.NoError(b, postNext(c)) // statements are prepared, buffers made
		took[i] = make([]time.Duration, 0, len(c.requests))
	}
	runtime.GC()
	b.ReportAllocs()
	before := cpuTime(b)
	b.ResetTimer()
	var wg sync.WaitGroup
	for i, c := range clients {
		wg.Go(func() {
			for range len(c.requests) {
				start := time.Now()
				if err := postNext(c); err != nil {
					b.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(start))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	cpu := cpuTime(b) - before
	b.ReportMetric(float64(cpu.Nanoseconds())/float64(b.N), "cpu-ns/op")
	all := slices.Concat(took...)
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(all[len(all)*99/100].Nanoseconds())/1e3, "p99-µs")
	return n
}

// postNext posts the next request of a client, and reads the answer to its end.
func postNext(c *client) error {
	request := c.requests[0]
	c.requests = c.requests[1:]
	status, _, err := c.post(request)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("answered with %d", status)
	}
	return err
}

// cpuTime is what this process has used so far.
func cpuTime(tb testing.TB) time.Duration {
	tb.Helper()
	var used syscall.Rusage
	require.NoError(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// byHand is a webhook as one writes it without the library: the signature, a list of words,
// and a transaction that writes the event and the state, in the store's own tables so that
// the database has the same to do. It verifies, and is unsafe otherwise: it looks at nothing
// before it writes, so a number in two spellings is two contacts, a START that is older wins
// over a STOP, and a second STOP is answered again.
type byHand struct {
	db                 *sql.DB
	event, state       string
	optOut, optIn      map[string]bool
	confirmed, nothing string
}

func newByHand(v variant, db *sql.DB) *byHand {
	return &byHand{
		db: db,
		event: v.question("INSERT INTO " + v.table("events") + " (account, number, seq, event_id, action, at_us, received_us, " +
			"recorded_us, source, prior, effective, sender, recipient, body, keyword, keyword_set, actor, note) " +
			"VALUES (?, ?, 1, ?, ?, NULL, ?, ?, 'keyword', 0, 1, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
		state: v.question("INSERT INTO " + v.table("state") + " (account, number, backwards, status, action, recorded_us, source, " +
			"event_id, events, holds_from, untidy, half) VALUES (?, ?, ?, ?, ?, ?, 'keyword', ?, 1, 0, 0, 0) " +
			"ON CONFLICT (account, number) DO UPDATE SET status = excluded.status, action = excluded.action, " +
			"recorded_us = excluded.recorded_us, event_id = excluded.event_id"),
		optOut:    map[string]bool{"STOP": true, "STOPALL": true, "UNSUBSCRIBE": true, "CANCEL": true, "END": true, "QUIT": true},
		optIn:     map[string]bool{"START": true, "UNSTOP": true},
		confirmed: `<?xml version="1.0" encoding="UTF-8"?><Response><Message>` + optout.DefaultReplies().OptOut + `</Message></Response>`,
		nothing:   `<?xml version="1.0" encoding="UTF-8"?><Response></Response>`,
	}
}

func (h *byHand) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 256<<10)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "bad form", http.StatusBadRequest)
		return
	}
	sent, err := base64.StdEncoding.DecodeString(r.Header.Get("X-Twilio-Signature"))
	if err != nil || !hmac.Equal(sent, form(r.PostForm).signature()) {
		http.Error(w, "bad signature", http.StatusForbidden)
		return
	}
	answer := h.nothing
	word := strings.ToUpper(strings.TrimSpace(r.PostForm.Get("Body")))
	if h.optOut[word] || h.optIn[word] {
		if err := h.record(r, word); err != nil {
			http.Error(w, "try again", http.StatusServiceUnavailable)
			return
		}
	}
	if h.optOut[word] {
		answer = h.confirmed
	}
	w.Header().Set("Content-Type", "application/xml")
	_, _ = io.WriteString(w, answer)
}

func (h *byHand) record(r *http.Request, word string) error {
	form, now := r.PostForm, time.Now().UnixMicro()
	status, action := store.OptedIn, store.OptIn
	if h.optOut[word] {
		status, action = store.OptedOut, store.OptOut
	}
	from, id := form.Get("From"), form.Get("MessageSid")
	tx, err := h.db.BeginTx(r.Context(), nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(r.Context(), h.state, account, from, backwards(from), int(status), int(action), now, id); err != nil {
		return err
	}
	_, err = tx.ExecContext(r.Context(), h.event, account, from, id, int(action), now, now,
		[]byte(from), []byte(form.Get("To")), []byte(form.Get("Body")), []byte(word), []byte{}, []byte{}, []byte{})
	if err != nil {
		return err
	}
	return tx.Commit()
}
