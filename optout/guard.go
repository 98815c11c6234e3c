package optout

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/store"
)

// Options are the rules of a Guard. The zero value, and nil, are the defaults.
type Options struct {
	// Keywords is the list by which texts are classified. Defaults to
	// keywords.Default(). STOP must be an opt-out in it.
	Keywords *keywords.Set

	// Replies are the texts that contacts get, unless their keyword is in a
	// language that has texts of its own. Each defaults to the text of
	// DefaultReplies.
	Replies Replies

	// RepliesByLanguage are the texts for keywords of other languages, by the tag of
	// the language (BCP 47): "fr", "es-MX". A missing text is taken from the language
	// without its region ("fr" for "fr-CA"), then from the shipped texts (see
	// LanguageReplies), then from Replies. A language that no keyword has is refused.
	RepliesByLanguage map[string]Replies

	// DefaultRegion is the region in which numbers without a plus sign are
	// dialled, two letters of ISO 3166: "US". Empty means no region: then only numbers with
	// a plus sign are read, and a STOP from any other is kept as it came. Set it
	// unless every number that you see has a plus sign. XX, ZZ and the other codes
	// that ISO 3166 leaves to users mean no region.
	DefaultRegion string

	// Channels are the schemes of contacts without a phone number: "messenger", for
	// contacts such as messenger:2489176354201234. An address of a listed scheme is gated,
	// recorded and answered like a phone number. Two addresses are one contact if all after
	// the colon is the same, byte for byte; the scheme is in either case.
	//
	// A scheme is a letter, and then letters, digits, "+", "-" and "." (RFC 3986). The
	// schemes of phone numbers are refused: tel, sms, smsto, mms, whatsapp, rcs, sip, sips.
	// If a channel has no scheme, put one of your own before its ids, wherever you give
	// them to the Guard.
	Channels []string

	// Accounts are the accounts that the host has. Another account is refused with
	// [ErrInvalidAccount], so that an account that is mistyped ("Acme" for "acme") is not an
	// open gate. An empty list means any account. Accounts are compared byte for byte.
	Accounts []string

	// RequireOptIn blocks contacts without a recorded opt-in. Defaults to false: only
	// those who opted out are blocked.
	RequireOptIn bool

	// Texts says what the Guard does with a text that is not a keyword and may ask to stop.
	// Defaults to PolicyIgnore. The other policies need a store that is a
	// store.Reviewer, as memstore and sqlstore are.
	Texts Policy

	// ConfirmOptIn asks an unknown contact to confirm a START (double opt-in): YES
	// within 30 days opts in. START of a contact who opted out, or whose text is held,
	// counts at once. Defaults to false.
	ConfirmOptIn bool

	// HelpLimit is how many replies to HELP a number of an account gets in any 60
	// minutes, so that two machines that answer each other stop. Zero means 3. A negative
	// HelpLimit means no limit. A text that is delivered again counts again.
	//
	// The Guard counts in memory, together with the Guards that With makes of it. Two
	// processes have two counts. The count has room for 65,536 numbers of the last hour.
	// While no room is left, HELP from a further number gets no reply.
	HelpLimit int

	// ReplyWithin is how long after its receipt an opt-out gets its reply, at the first
	// delivery or a later one. The receipt is Message.ReceivedAt of the first delivery that
	// was recorded. Zero means 5 minutes: so long 47 CFR 64.1200(a)(12) presumes that the
	// contact agreed to a confirmation. A negative ReplyWithin means no limit, and one between
	// zero and a second is refused. The other replies have no such limit.
	ReplyWithin time.Duration

	// Observe is called after each operation: after every Receive, Gate, GateBatch, Send,
	// RecordOptOut, RecordOptOuts, RecordConsent, RecordConsents, Resolve, Void, VoidAll and
	// Erase, and after each batch of a GateSeq. What was recorded is then stored, unless Observation.InTx. Observe
	// runs before the operation returns, with its context, which may have ended: keep it
	// short. A panic of Observe is not recovered. Observe may be called from many goroutines at
	// the same time. Defaults to nothing.
	Observe func(ctx context.Context, o Observation)

	// Now is the clock. Defaults to time.Now.
	Now func() time.Time
}

// rules are Options with every default filled in. A Guard shares them with those that
// With makes of it. Nobody writes to them; only the helpCount changes.
type rules struct {
	keywords     *keywords.Set
	replies      Replies
	byLanguage   map[string]Replies // of each language in keywords, as it is written there
	numbers      *number.Reader
	accounts     map[string]bool // empty: any
	requireOptIn bool
	texts        Policy
	confirmOptIn bool
	help         *helpCount
	replyWithin  time.Duration                      // negative: no limit
	observe      func(context.Context, Observation) // may be nil
	now          func() time.Time
}

// closed are the rules of the zero Guard, which has no store and allows nothing.
var closed = sync.OnceValue(func() *rules {
	return &rules{keywords: keywords.Default(), replies: DefaultReplies(), requireOptIn: true, now: time.Now}
})

// Guard receives, gates and remembers, by one set of rules over one store. It is
// safe for concurrent use. Make one with [New]; the zero Guard fails closed.
type Guard struct {
	rules *rules
	store store.Store
}

// New returns a Guard over a store. A nil opts means the defaults.
//
// It refuses, naming the field: a nil store, a Set in which STOP is not an opt-out, an
// unknown region, a channel that is no scheme or one of phone numbers, an account that no
// store takes, a reply that is blank, not UTF-8 or longer than an SMS can be, replies for a
// language that does not exist or that no keyword has, an unknown policy, a policy over a
// store that is no store.Reviewer, and a ReplyWithin between zero and a second.
func New(s store.Store, opts *Options) (*Guard, error) {
	if isNil(s) {
		return nil, errors.New("optout: the store is nil")
	}
	var o Options
	if opts != nil {
		o = *opts
	}
	r := &rules{
		keywords:     o.Keywords,
		requireOptIn: o.RequireOptIn,
		texts:        o.Texts,
		confirmOptIn: o.ConfirmOptIn,
		help:         newHelpCount(o.HelpLimit),
		observe:      o.Observe,
		now:          o.Now,
	}
	if r.keywords == nil {
		r.keywords = keywords.Default()
	}
	if r.keywords.Classify("STOP").Intent != keywords.OptOut {
		return nil, errors.New("optout: Keywords: STOP must be an opt-out")
	}
	var err error
	if r.numbers, err = number.New(o.DefaultRegion); err != nil {
		return nil, fmt.Errorf("optout: DefaultRegion: %w", err)
	}
	if r.numbers, err = r.numbers.WithChannels(o.Channels); err != nil {
		return nil, fmt.Errorf("optout: Channels: %w", err)
	}
	if r.accounts, err = accountSet(o.Accounts); err != nil {
		return nil, err
	}
	if r.now == nil {
		r.now = time.Now
	}
	if r.replyWithin, err = replyWithin(o.ReplyWithin); err != nil {
		return nil, err
	}
	if err := o.Texts.valid(s); err != nil {
		return nil, err
	}
	if o.ConfirmOptIn {
		if match := r.keywords.Classify("YES"); match.Intent != keywords.None {
			return nil, fmt.Errorf("optout: ConfirmOptIn: YES is a keyword for %v in Keywords, and would count unasked", match.Intent)
		}
	}
	if err := o.Replies.valid(); err != nil {
		return nil, fmt.Errorf("optout: Replies.%w", err)
	}
	r.replies = o.Replies.or(DefaultReplies())
	if r.byLanguage, err = translations(r.keywords, o.Texts.languages(), r.replies, o.RepliesByLanguage); err != nil {
		return nil, fmt.Errorf("optout: RepliesByLanguage: %w", err)
	}
	return &Guard{rules: r, store: s}, nil
}

// With returns a Guard of the same rules over another store: one that is bound
// to a transaction. With a nil store every call that needs one fails, and the
// gate answers not allowed.
func (g *Guard) With(s store.Store) *Guard {
	if isNil(s) {
		s = nil
	}
	if g == nil {
		return &Guard{store: s}
	}
	return &Guard{rules: g.rules, store: s}
}

// Store returns the store of a Guard: nil for a nil or zero one.
func (g *Guard) Store() store.Store {
	if g == nil {
		return nil
	}
	return g.store
}

// r returns the rules of a Guard, also of a nil or zero one.
func (g *Guard) r() *rules {
	if g == nil || g.rules == nil {
		return closed()
	}
	return g.rules
}

// Classify returns what a text asks for by this Guard's keywords.
func (g *Guard) Classify(message string) keywords.Match { return g.r().keywords.Classify(message) }

// Classify returns what a text asks for by the default keywords only. [Guard.Classify]
// goes by those of a Guard.
func Classify(message string) keywords.Match { return keywords.Default().Classify(message) }

// Number returns a phone number in E.164, such as "+14155552671", whichever way it is
// spelled. For any other text (a short code, an alphanumeric sender, what a spreadsheet
// has made of a number) it returns "" and a *[NumberError], which wraps [ErrInvalidNumber].
// A text that is not sure to be a number is refused, and not guessed. An address of
// [Options.Channels] is not a phone number either; the fault is FaultChannel.
func (g *Guard) Number(raw string) (string, error) {
	n := g.r().numbers.Read(raw)
	if !n.Valid {
		return "", errNumber(raw, &n)
	}
	return n.Key, nil
}

// ready returns the store, or why there is no store to ask.
func (g *Guard) ready(account string) (store.Store, error) {
	if err := g.r().validAccount(account); err != nil {
		return nil, err
	}
	if g == nil || g.store == nil {
		return nil, errNoStore
	}
	return g.store, nil
}

// isNil also finds the nil pointer in an interface, which == does not.
func isNil(s store.Store) bool {
	if s == nil {
		return true
	}
	v := reflect.ValueOf(s)
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Chan, reflect.Slice:
		return v.IsNil()
	default:
		return false
	}
}
