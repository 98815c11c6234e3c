package optout

import (
	"errors"
	"fmt"
	"reflect"
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

	// Replies are the texts that contacts get, but for those whose keyword is in a
	// language that has texts of its own. Each defaults to the text of
	// DefaultReplies.
	Replies Replies

	// RepliesByLanguage are the texts for keywords of other languages, by the tag of
	// the language (BCP 47): "fr", "es-MX". In place of one that is missing comes that of
	// the language without its region ("fr" for "fr-CA"), then the shipped one (see
	// LanguageReplies), then the one in Replies. A language that no keyword has is
	// refused.
	RepliesByLanguage map[string]Replies

	// DefaultRegion is the region in which numbers without a plus sign are
	// dialled, two letters of ISO 3166: "US". Defaults to none: only numbers with
	// a plus sign are read, and a STOP from any other is kept as it came. Set it
	// unless every number that you see has a plus sign. XX, ZZ and the other codes
	// that ISO 3166 leaves to users stand for no region.
	DefaultRegion string

	// RequireOptIn blocks contacts of whom no opt-in is recorded. Defaults to
	// false: only those who opted out are blocked.
	RequireOptIn bool

	// Revocations is what becomes of a text that is no keyword, and may ask to stop.
	// Defaults to Ignore. The others need a store that is a store.Reviewer, as
	// memstore and sqlstore are.
	Revocations Policy

	// ConfirmOptIn asks a contact of whom nothing is known to confirm a START (double
	// opt-in): YES within 30 days opts in, and is an ordinary text else. START of
	// somebody who opted out, or of whom a text is held, counts at once. It needs a store.Reviewer too. Defaults to
	// false.
	ConfirmOptIn bool

	// Now is the clock. Defaults to time.Now.
	Now func() time.Time
}

// rules are Options with every default filled in; shared by a Guard and those
// made from it by With, and never written.
type rules struct {
	keywords     *keywords.Set
	replies      Replies
	byLanguage   map[string]Replies // of each language in keywords, as it is written there
	numbers      *number.Reader
	requireOptIn bool
	revocations  Policy
	confirmOptIn bool
	now          func() time.Time
}

// Guard receives, gates and remembers, by one set of rules over one store. It is
// safe for concurrent use. Make one with [New]; the zero Guard fails closed.
type Guard struct {
	rules *rules
	store store.Store
}

// New returns a Guard over a store. A nil opts means the defaults.
//
// It refuses, naming the field: a nil store, a Set in which STOP is not an
// opt-out, a region that is none, a reply that is blank, not UTF-8 or longer than
// an SMS can be, replies for a language that is none or that no keyword has, a policy
// that is none, and a policy or ConfirmOptIn over a store that is no store.Reviewer.
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
		revocations:  o.Revocations,
		confirmOptIn: o.ConfirmOptIn,
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
	if r.now == nil {
		r.now = time.Now
	}
	if err := o.Revocations.valid(s); err != nil {
		return nil, err
	}
	if o.ConfirmOptIn {
		if err := validConfirm(s, r.keywords); err != nil {
			return nil, err
		}
	}
	if err := o.Replies.valid(); err != nil {
		return nil, fmt.Errorf("optout: Replies.%w", err)
	}
	r.replies = o.Replies.or(DefaultReplies())
	if o.ConfirmOptIn {
		r.replies = r.replies.or(Replies{Confirm: ConfirmReply("en")})
	}
	if r.byLanguage, err = translations(r.keywords, o.Revocations.languages(), r.replies, o.RepliesByLanguage, o.ConfirmOptIn); err != nil {
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

// Replies returns the texts that this Guard hands back, but to those whose keyword
// is in a language that has its own: see [Guard.RepliesIn].
func (g *Guard) Replies() Replies {
	if g == nil || g.rules == nil {
		return DefaultReplies()
	}
	return g.rules.replies
}

// RepliesIn returns the texts that this Guard hands back to a keyword of that
// language, which is one that its keywords have ("fr-CA"). For any other they are
// those of [Guard.Replies].
func (g *Guard) RepliesIn(language string) Replies {
	if g != nil && g.rules != nil {
		if replies, ok := g.rules.byLanguage[language]; ok {
			return replies
		}
	}
	return g.Replies()
}

// Classify tells what a text asks for by this Guard's keywords.
func (g *Guard) Classify(message string) keywords.Match {
	return g.keywords().Classify(message)
}

// Classify tells what a text asks for by the default keywords.
func Classify(message string) keywords.Match {
	return keywords.Default().Classify(message)
}

func (g *Guard) keywords() *keywords.Set {
	if g == nil || g.rules == nil {
		return keywords.Default()
	}
	return g.rules.keywords
}

func (g *Guard) requireOptIn() bool {
	return g == nil || g.rules == nil || g.rules.requireOptIn
}

func (g *Guard) now() time.Time {
	if g == nil || g.rules == nil {
		return time.Now()
	}
	return g.rules.now()
}

// ready returns the store, or why there is nothing to ask.
func (g *Guard) ready(account string) (store.Store, error) {
	if err := validAccount(account); err != nil {
		return nil, err
	}
	if g == nil || g.store == nil {
		return nil, errNoStore
	}
	return g.store, nil
}

func validAccount(account string) error {
	if err := store.ValidateAccount(account); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidAccount, err)
	}
	return nil
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
