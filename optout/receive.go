package optout

import (
	"context"
	"errors"

	"github.com/seed-f10031e4/consent/internal/number"
	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/keywords/revocation"
	"github.com/seed-f10031e4/consent/store"
)

// Outcome is what a message, a request or a correction came to.
type Outcome struct { //nolint:recvcheck // JSON is written of a value
	// Match is what the text of a Message asks for; set even with an error, zero if the
	// Message is Incomplete.
	Match keywords.Match `json:"match,omitzero"`
	State store.State    `json:"state,omitzero"` // what is in force now; zero if no store was asked

	// Reading is how a text that is no keyword, or is Incomplete, was read, by a policy other
	// than PolicyIgnore. State says what is in force: store.Held, or store.OptedOut.
	Reading revocation.Reading `json:"reading,omitzero"`

	Changed    bool `json:"changed,omitzero"`    // the status changed
	Duplicate  bool `json:"duplicate,omitzero"`  // the message was recorded before
	Superseded bool `json:"superseded,omitzero"` // something newer counts: the state is not what was asked for

	// NoNumber reports that the sender is neither a phone number nor an address of
	// Options.Channels: the text is recorded under the sender as written, and gets no reply.
	// Fault says why; it is FaultNone if NoNumber is false.
	NoNumber bool        `json:"no_number,omitzero"`
	Fault    NumberFault `json:"fault,omitzero"`

	Reply   string `json:"reply,omitzero"`    // the text to send to the contact, without asking the gate; "" means no reply
	EventID string `json:"event_id,omitzero"` // the id of the record, also after an error; "" if nothing was to be recorded

	Err error `json:"-"` // of one request of a batch: it was refused, the others were not; see [Guard.RecordOptOuts]
}

// Receive takes an inbound text. It finds what the text asks for, records an opt-out or
// an opt-in, and returns the reply for the contact. The caller sends the reply without
// asking the gate: after a STOP the gate would block the reply.
//
// A message that is not a keyword, or asks for help, touches no store. An opt-out is
// stored before Receive returns nil. An error on an opt-out means that the opt-out may
// not be stored: let the provider deliver the message again, unless the error is
// [Permanent]. If a message is delivered again, Receive returns its reply again while
// the opt-out or opt-in is still in force: the first reply may have been lost. An opt-out
// that was received too long ago gets no reply (see [Options.ReplyWithin]), and HELP gets
// a few replies an hour (see [Options.HelpLimit]).
//
// With [Options.Texts] a text that is not a keyword, and may ask to stop, is recorded
// too: Outcome.Reading says how the text was read. The same goes for a part of a longer
// message (see [Message]). With [Options.ConfirmOptIn] Receive
// answers START from an unknown contact with a question, and YES confirms the opt-in.
func (g *Guard) Receive(ctx context.Context, m Message) (Outcome, error) {
	return observed(ctx, g, OperationReceive, m.Account, m, (*Guard).receive)
}

func (g *Guard) receive(ctx context.Context, m Message) (Outcome, error) {
	var out Outcome
	if !m.Incomplete {
		out.Match = g.Classify(m.Text)
	}
	if err := g.r().validMessage(m); err != nil {
		return out, err
	}
	if len(m.From) > store.MaxKeyLen {
		if n := g.r().numbers.Read(m.From); n.Key == "" {
			return out, invalidMessage("From", errNumber(m.From, &n))
		}
	}
	r := reception{guard: g, message: m, out: out}
	asked := r.asked()
	if asked == asksNothing {
		return r.out, nil
	}
	r.from = g.r().numbers.Read(m.From)
	if r.from.Key == "" {
		return r.out, invalidMessage("From", errNumber(m.From, &r.from))
	}
	if m.To != "" && g.r().numbers.Read(m.To).Key == r.from.Key {
		return r.out, errSelf
	}
	if asked == asksForHelp {
		r.help()
		return r.out, nil
	}
	s, err := g.ready(m.Account)
	if err != nil {
		return r.out, err
	}
	r.store = s
	now := g.r().now()
	r.event = store.Event{
		ID:         messageID(m.ID),
		Key:        store.Key{Account: m.Account, Number: r.from.Key},
		At:         given(m.At, now),
		ReceivedAt: receivedAt(m.ReceivedAt, now),
		From:       m.From,
		To:         m.To,
		Text:       m.Text,
	}
	switch asked {
	case confirms:
		err = r.confirm(ctx)
	case asksToStart:
		err = r.start(ctx)
	default:
		err = r.stop(ctx)
	}
	return r.out, err
}

// reception is a message on its way through Receive.
type reception struct {
	guard   *Guard
	store   store.Store
	message Message
	from    number.Number
	event   store.Event
	out     Outcome
}

// request is what a text asks for, as far as Receive has something to do.
type request uint8

const (
	asksNothing request = iota
	asksForHelp
	asksToStart
	confirms   // YES, which counts if START was asked to be confirmed
	asksToStop // by a keyword, in other words, or as the provider has read it
)

func (r *reception) asked() request {
	rules, text, intent := r.guard.r(), r.message.Text, r.out.Match.Intent
	switch {
	case intent == keywords.Help:
		return asksForHelp
	case intent == keywords.OptOut, r.message.ProviderIntent == keywords.OptOut:
		return asksToStop
	case intent == keywords.OptIn:
		return asksToStart
	}
	if rules.confirmOptIn && !r.message.Incomplete && yes().Classify(text).Intent == keywords.OptIn {
		return confirms
	}
	if rules.texts == PolicyIgnore {
		return asksNothing
	}
	r.out.Reading = r.guard.readText(r.message)
	if rules.texts.action(r.out.Reading) == store.NoAction {
		return asksNothing
	}
	return asksToStop
}

// stop records an opt-out, or holds a text that may be one.
func (r *reception) stop(ctx context.Context) error {
	rules, ev := r.guard.r(), &r.event
	language := r.out.Match.Language
	switch {
	case r.out.Match.Intent == keywords.OptOut:
		ev.Action, ev.Source = store.OptOut, store.SourceKeyword
		ev.Keyword, ev.KeywordSet = r.out.Match.Keyword, rules.keywords.Version()
	case r.message.ProviderIntent == keywords.OptOut:
		ev.Action, ev.Source, ev.Note = store.OptOut, store.SourceCarrier, "the provider read the text as an opt-out"
	default:
		ev.Action, ev.Source = rules.texts.action(r.out.Reading), store.SourceText
		ev.Keyword, ev.KeywordSet, ev.Note = r.out.Reading.Rule, revocation.Version(), r.out.Reading.Reason
		language = r.out.Reading.Language
		if r.message.Incomplete {
			ev.Action, ev.Note = store.Hold, "a part of a longer message: "+ev.Note
		}
	}
	r.out.EventID = ev.ID
	r.out.setContact(&r.from)
	done, err := r.guard.record(ctx, r.store, *ev, &r.from)
	done.describe(&r.out)
	answers := err == nil && ev.Action == store.OptOut && done.answers(store.OptedOut, store.Unknown, store.OptedIn, store.Held)
	if answers && !r.late(done) {
		r.reply(language, Replies.optOut)
	}
	return err
}

// start records the contact's own opt-in, or asks for a confirmation.
func (r *reception) start(ctx context.Context) error {
	rules, ev := r.guard.r(), &r.event
	ev.Action, ev.Source = store.OptIn, store.SourceKeyword
	ev.Keyword, ev.KeywordSet = r.out.Match.Keyword, rules.keywords.Version()
	r.out.EventID = ev.ID
	r.out.setContact(&r.from)
	if rules.confirmOptIn {
		if asked, err := r.ask(ctx); asked || err != nil {
			return err
		}
	}
	done, err := r.guard.record(ctx, r.store, *ev, &r.from)
	if errors.Is(err, store.ErrIDReused) && len(done.results) == 0 {
		asked, findErr := r.askedBefore(ctx)
		if asked || findErr != nil {
			return findErr
		}
	}
	done.describe(&r.out)
	if err != nil {
		return err
	}
	if done.answers(store.OptedIn, store.OptedOut, store.Held) || rules.requireOptIn && done.answers(store.OptedIn, store.Unknown) {
		r.reply(r.out.Match.Language, Replies.optIn)
	}
	return nil
}

// setContact says whether the contact of an Outcome can be sent to, and why not.
func (out *Outcome) setContact(n *number.Number) {
	out.Fault = faultOf(n)
	out.NoNumber = out.Fault != FaultNone
}

// reply sets the reply in a language, unless the provider has replied. What is neither a
// phone number nor an address of a listed channel gets none: a short code or an alphanumeric
// sender may be a machine that answers.
func (r *reception) reply(language string, text func(Replies) string) {
	if !r.message.ProviderReplied && r.from.IsContact() {
		r.out.Reply = text(r.guard.RepliesIn(language))
	}
}
