package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f10031e4/consent/optout"
)

// Handler takes the requests of a provider: it verifies and parses them, gives each message
// to [optout.Guard.Receive], records the opt-outs that a report tells of, and answers.
//
//	| what came of it                                       | the answer |
//	|-------------------------------------------------------|------------|
//	| everything is stored                                  | what the provider wants to hear, with the replies |
//	| an opt-out, or another event, may not be stored       | 503, so that the provider delivers again |
//	| a message came to a number of no account              | 503; Observe gets ErrNoAccount |
//	| Options.Account returns an account that the Guard refuses | 503; Observe gets optout.ErrInvalidAccount |
//	| one message of several cannot be read                 | 503; the others are stored |
//	| a message that no other delivery can help             | as if it were stored; Observe gets the error |
//	| an opt-in without the provider's time is not stored   | as if it were stored: delivered again, it would lift a later STOP |
//	| wrong method, content type, size; bad proof; no sense | 405, 415, 413; 403 or 401; 400 |
//	| the options make no sense                             | 503; see [Options.Validate] |
//
// If one message of a request has to be delivered again, no reply of the request is sent:
// the next delivery brings them. A Handler starts no goroutine, and is safe for concurrent use.
func Handler(g *optout.Guard, p Provider, opts *Options) http.Handler {
	h := &handler{guard: g, provider: p, fault: opts.Validate()}
	if opts != nil {
		h.options = *opts
	}
	if p == nil || reflect.ValueOf(p).Kind() == reflect.Pointer && reflect.ValueOf(p).IsNil() {
		h.fault = fmt.Errorf("%w: the Provider is nil", ErrConfig)
	}
	if h.fault == nil {
		h.name, h.facts = p.Name(), p.Facts()
	}
	h.options.setDefaults(h.facts)
	h.parts, h.sent = &parts{within: h.options.PartsWithin}, &sentReplies{}
	return h
}

type handler struct {
	guard    *optout.Guard
	provider Provider
	name     string
	facts    Facts
	options  Options
	fault    error // of the options
	parts    *parts
	sent     *sentReplies
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d, err := h.read(w, r)
	if err != nil {
		h.refuse(r.Context(), w, err)
		return
	}
	// A provider that hangs up does not take back what the contact asked for.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), h.options.Timeout)
	defer cancel()
	if d.Handshake != nil && d.Handshake.Confirm != nil {
		if err := d.Handshake.Confirm(ctx); err != nil {
			h.refuse(ctx, w, fmt.Errorf("%w: handshake: %w", ErrRetry, err))
			return
		}
	}
	t := h.take(ctx, r, d)
	a := h.answer(d, t)
	h.observe(ctx, d, t, a.status)
	a.writeTo(w)
	replies := h.options.Reply != nil && !t.again && t.replies()
	t.lone = append(t.lone, h.parts.expired(h.options.Now())...)
	if !replies && len(t.lone) == 0 {
		return
	}
	_ = http.NewResponseController(w).Flush() // where it cannot, the provider waits for what follows
	after := context.WithoutCancel(r.Context())
	if replies {
		h.reply(after, t)
	}
	h.alone(after, t.lone)
}

// read verifies and parses a request.
func (h *handler) read(w http.ResponseWriter, r *http.Request) (Delivery, error) {
	if h.fault != nil {
		return Delivery{}, h.fault
	}
	if !slices.Contains(h.facts.Methods, r.Method) {
		return Delivery{}, ErrMethod
	}
	isEmpty := r.ContentLength == 0 && r.Header.Get("Content-Type") == "" // a dashboard tries the URL
	if r.Method == http.MethodPost && !isEmpty && len(h.facts.ContentTypes) > 0 {
		got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		broken := err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) // "; charset=" says nothing of the type
		if broken || !slices.Contains(h.facts.ContentTypes, got) {
			return Delivery{}, ErrContentType
		}
	}
	body, err := h.body(w, r)
	if err != nil {
		return Delivery{}, err
	}
	called, err := h.called(r)
	if err != nil {
		return Delivery{}, err
	}
	return h.provider.Read(called, body)
}

// maxGrow is how much is made ready for a body that is announced, and may not come.
const maxGrow = 4 << 10

func (h *handler) body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	var in bytes.Buffer
	in.Grow(int(min(max(r.ContentLength, 0), h.options.MaxBody, maxGrow)) + bytes.MinRead)
	_, err := in.ReadFrom(http.MaxBytesReader(w, r.Body, h.options.MaxBody))
	body := in.Bytes()
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, ErrTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("%w: the body did not come to its end", ErrRetry)
	}
	if len(body) == 0 && r.ContentLength != 0 { // -1: a body of a length that is not said
		return nil, fmt.Errorf("%w: the body was read before the Handler, which needs its bytes to verify the request", ErrConfig)
	}
	return body, nil
}

// called returns the request with the URL that the provider called.
func (h *handler) called(r *http.Request) (*http.Request, error) {
	var public string
	switch {
	case h.options.PublicURLFunc != nil:
		public = h.options.PublicURLFunc(r)
	case h.options.PublicURL != "":
		path := target(r)
		if !strings.HasPrefix(path, "/") { // "POST x:.example.org/ HTTP/1.1" would go on with the host
			return nil, fmt.Errorf("%w: the request target has no path", ErrMalformed)
		}
		public = strings.TrimSuffix(h.options.PublicURL, "/") + path
	default:
		return r, nil
	}
	public, _, _ = strings.Cut(public, "#") // a fragment is not sent, and not signed
	u, err := url.Parse(public)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%w: PublicURL makes no URL of this request", ErrConfig)
	}
	c := *r
	c.URL, c.Host, c.RequestURI = u, u.Host, ""
	return &c, nil
}

// target returns path and query of a request as they were sent.
func target(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI // also where a mux has cut the path
	}
	return r.URL.RequestURI()
}

// refuse answers a request that no message was taken from.
func (h *handler) refuse(ctx context.Context, w http.ResponseWriter, err error) {
	status := http.StatusServiceUnavailable
	switch {
	case errors.Is(err, ErrRetry):
	case errors.Is(err, ErrMethod):
		status = http.StatusMethodNotAllowed
		w.Header().Set("Allow", strings.Join(h.facts.Methods, ", "))
	case errors.Is(err, ErrContentType):
		status = http.StatusUnsupportedMediaType
	case errors.Is(err, ErrTooLarge):
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, ErrSignature) && h.facts.Challenge != "":
		status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", h.facts.Challenge)
	case errors.Is(err, ErrSignature):
		status = http.StatusForbidden
	case errors.Is(err, ErrMalformed):
		status = http.StatusBadRequest
	}
	h.options.Observe(ctx, Event{Provider: h.name, Kind: EventRefused, Status: status, Err: err})
	http.Error(w, http.StatusText(status), status)
}

// answer returns the answer to a request that was taken.
func (h *handler) answer(d Delivery, t *taken) *answer {
	a := &answer{header: http.Header{}, status: http.StatusOK}
	if t.again {
		http.Error(a, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return a
	}
	var replies []string
	if h.inAnswer(d) {
		replies = make([]string, len(d.Messages))
		for i := range t.messages {
			replies[i] = t.messages[i].outcome.Reply
		}
	}
	h.provider.Answer(a, d, replies)
	return a
}

// inAnswer reports whether the answer holds the replies.
func (h *handler) inAnswer(d Delivery) bool {
	return h.options.Reply == nil && h.facts.AnswerReplies && !d.NoReplies
}

// answer is an answer that is not yet written, so that it is known whole.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header    { return a.header }
func (a *answer) WriteHeader(status int) { a.status = status }
func (a *answer) Write(p []byte) (int, error) {
	return a.body.Write(p) //nolint:wrapcheck // it has no error
}

func (a *answer) writeTo(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(a.body.Len()))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()) // a provider that did not read it to its end delivers again
}

// observe tells what came of a request.
func (h *handler) observe(ctx context.Context, d Delivery, t *taken, status int) {
	if d.Handshake != nil {
		h.options.Observe(ctx, Event{Provider: h.name, Kind: EventHandshake, Status: status})
	}
	for i := range t.messages {
		m := &t.messages[i]
		kind := EventMessage
		if m.waits {
			kind = EventPart
		}
		h.options.Observe(ctx, Event{Provider: h.name, Kind: kind, Status: status, Message: m.message, Outcome: m.outcome, Err: m.err})
		if m.outcome.Reply != "" && !t.again && h.options.Reply == nil && !h.inAnswer(d) {
			h.options.Observe(ctx, Event{
				Provider: h.name, Kind: EventReply, Status: status, Message: m.message, Outcome: m.outcome, Err: ErrNoReply,
			})
		}
	}
	for i := range t.reports {
		r := &t.reports[i]
		h.options.Observe(ctx, Event{Provider: h.name, Kind: EventReport, Status: status, Report: r.report, Err: r.err})
	}
}

// reply sends the replies to the contacts.
func (h *handler) reply(ctx context.Context, t *taken) {
	ctx, cancel := context.WithTimeout(ctx, h.options.Timeout)
	defer cancel()
	for i := range t.messages {
		m := &t.messages[i]
		if m.outcome.Reply == "" {
			continue
		}
		reply := Reply{
			Account: m.message.Account, From: m.message.To, To: m.message.From, Text: m.outcome.Reply, MessageID: m.message.ID,
			Channel: m.message.Channel,
		}
		if reply.MessageID != "" && !h.sent.begin(reply.key()) {
			continue
		}
		err := h.options.Reply(ctx, reply)
		if err != nil {
			h.sent.failed(reply.key())
		}
		h.options.Observe(ctx, Event{Provider: h.name, Kind: EventReply, Message: m.message, Outcome: m.outcome, Err: err})
	}
}
