package provider

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// Options are the rules of a Handler. Account is required; each other field has a default.
type Options struct {
	// Account returns whose contact writes: the account that a number of yours belongs to.
	// The number is what the provider says that the message came to (in a report: what
	// the message was sent from; it may be empty, or the id of a messaging service). On
	// an error or an empty account the provider is asked to deliver again, and Observe gets
	// ErrNoAccount. Do not trust anything else that the caller says. For one account alone
	// use [OneAccount]. Without Account every request is answered with 503.
	Account func(r *http.Request, number string) (string, error)

	// PublicURL is where the provider reaches this server, if the request says something else
	// because a proxy ends TLS. It has the scheme and the host, and the beginning of the path
	// that the proxy cuts off: "https://example.com", "https://example.com/hooks". Several
	// providers sign the URL that they called. It is configuration: no header of the request is
	// trusted. Empty means the Host of the request, and https if the connection has TLS.
	PublicURL string

	// PublicURLFunc returns the whole URL that the provider called, with its query, for a
	// proxy that changes more. It counts before PublicURL.
	PublicURLFunc func(r *http.Request) string

	// ProviderReplies says which keywords the provider replies to by itself. Defaults to
	// what Facts.Replies of the provider says.
	ProviderReplies Replies

	// Reply sends a reply to the contact, without asking the gate. It is called after
	// everything of the request is stored and the provider has its answer. An error is given
	// to Observe; the reply is tried again only if the message is delivered again. A reply
	// that was sent is not sent again: a Handler remembers the newest 8,192, and another
	// process does not know them. Without Reply the answer to the provider holds the reply,
	// if the provider has Facts.AnswerReplies; else the reply is not sent, and Observe gets
	// ErrNoReply.
	Reply func(ctx context.Context, r Reply) error

	// Next gets every message that is no keyword, after it is stored as far as the Guard
	// stores it (Outcome says whether it is held, or opted out). It runs before the
	// provider gets its answer; on an error the provider is asked to deliver again. Next
	// must know messages by their ID: it gets one again that is delivered again.
	//
	// A part of a longer message that stayed alone has Message.Incomplete set. Its request was
	// answered before: it comes after the answer to a later request, and again if Next fails.
	Next func(ctx context.Context, m Message, out optout.Outcome) error

	// InTx runs receive in a transaction of the host, with a store that is bound to it, and
	// returns nil after the commit. What the host writes there (a row of its inbox) commits
	// together with the opt-out. The provider is answered after InTx returned. InTx may run
	// receive more than once, and it gets a message again that is delivered again: what the
	// host writes must allow for both. The Delivery is what receive will take: its messages have
	// their Account. A part of a longer message that stayed alone is a Delivery of its own.
	// With sqlstore:
	//
	//	InTx: func(ctx context.Context, d provider.Delivery, receive func(context.Context, store.Store) error) error {
	//		return st.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
	//			if err := insertInbox(ctx, tx, d.Messages); err != nil {
	//				return err
	//			}
	//			return receive(ctx, st.WithTx(tx))
	//		})
	//	}
	InTx func(ctx context.Context, d Delivery, receive func(ctx context.Context, s store.Store) error) error

	// Observe gets an Event for every message, report and reply, and for every request that
	// was refused: count them, and write Event.String to the log. It runs before the
	// provider gets its answer (EventReply: after), and should return soon.
	Observe func(ctx context.Context, e Event)

	// MaxBody is the largest body of a request in bytes. Defaults to 256 KiB.
	MaxBody int64

	// Timeout is for everything that one request asks of Account, the store, InTx and Next;
	// and again for its replies. Defaults to 5 seconds. A provider that hangs up does not end it.
	Timeout time.Duration

	// PartsWithin is how long a part of a longer message waits in memory for the others.
	// Defaults to a minute. A part that stays alone is given to the Guard (see
	// optout.Message.Incomplete) and to Next, after the answer to the next request.
	PartsWithin time.Duration

	// Now is the clock by which parts are received and wait. Defaults to time.Now.
	Now func() time.Time
}

// Reply is a text for a contact.
type Reply struct {
	Account   string `json:"account"`
	From      string `json:"from"` // the account's number
	To        string `json:"to"`   // the contact's
	Text      string `json:"text"`
	MessageID string `json:"message_id,omitzero"` // of the message that is answered
	Channel   string `json:"channel,omitzero"`    // of the message that is answered: Message.Channel
}

// OneAccount returns a function for [Options.Account]: every number belongs to this account.
func OneAccount(account string) func(*http.Request, string) (string, error) {
	return func(*http.Request, string) (string, error) { return account, nil }
}

// Validate returns why a Handler cannot work with these options, or nil. Call it at start.
// The error wraps ErrConfig and names the field.
func (o *Options) Validate() error {
	if o == nil || o.Account == nil {
		return fmt.Errorf("%w: Account is not set", ErrConfig)
	}
	if o.PublicURL != "" {
		u, err := url.Parse(o.PublicURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			return fmt.Errorf("%w: PublicURL must be scheme and host, such as https://example.com", ErrConfig)
		}
	}
	switch {
	case o.MaxBody < 0:
		return fmt.Errorf("%w: MaxBody is negative", ErrConfig)
	case o.Timeout < 0:
		return fmt.Errorf("%w: Timeout is negative", ErrConfig)
	case o.PartsWithin < 0:
		return fmt.Errorf("%w: PartsWithin is negative", ErrConfig)
	case o.ProviderReplies > RepliesNever:
		return fmt.Errorf("%w: ProviderReplies has no value %v", ErrConfig, o.ProviderReplies)
	}
	return nil
}

const (
	defaultMaxBody     = 256 << 10
	defaultTimeout     = 5 * time.Second
	defaultPartsWithin = time.Minute
)

// setDefaults fills in every default.
func (o *Options) setDefaults(facts Facts) {
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.PartsWithin == 0 {
		o.PartsWithin = defaultPartsWithin
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.ProviderReplies == RepliesDefault {
		o.ProviderReplies = facts.Replies
	}
	if o.Observe == nil {
		o.Observe = func(context.Context, Event) {}
	}
}
