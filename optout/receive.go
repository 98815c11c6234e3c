package optout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/keywords/revocation"
	"github.com/seed-f10031e4/consent/store"
)

// Outcome is what a message or request came to.
type Outcome struct {
	Match keywords.Match // what the text of a Message asks for; set even with an error
	State store.State    // what is in force now; zero where no store was asked

	// Revocation is how a text that is no keyword was read, by a policy other than
	// Ignore. Where it is held, State.Status is store.Held.
	Revocation revocation.Reading

	Changed    bool // the status is another than before
	Duplicate  bool // the message was recorded before
	Superseded bool // something newer stands against it: the state is not what was asked for
	NoNumber   bool // recorded of what is no phone number, under the text as it is

	Reply   string // what the contact is owed, in the language of its keyword; "" for nothing; it is not gated
	EventID string // under which it is recorded, or was to be; "" where nothing is
}

// Receive takes an inbound text: it tells what the text asks for, records an
// opt-out or an opt-in, and returns the reply that the contact is owed, which the
// caller sends (the gate would block it).
//
// A message that is no keyword, or asks for help, touches no store. An opt-out is
// stored before Receive returns nil. An error on an opt-out means that it is not
// known to be stored: let the provider deliver the message again, unless the error
// is [Permanent]. A redelivered message gets its answer again while what it
// asked for is still in force, since the first answer may not have left.
//
// With [Options.Revocations] a text that is no keyword, and may ask to stop, is
// recorded as well: Outcome.Revocation tells how it was read. With
// [Options.ConfirmOptIn] START asks a contact who is unknown to confirm, and YES does.
func (g *Guard) Receive(ctx context.Context, m Message) (Outcome, error) {
	out := Outcome{Match: g.Classify(m.Text)}
	if err := validMessage(m); err != nil {
		return out, err
	}
	if len(m.From) > store.MaxKeyLen && g.address(m.From).key == "" {
		return out, invalidMessage("From", errNumber(m.From))
	}
	wanted := g.wanted(m.Text, &out)
	if wanted == wantsNothing {
		return out, nil
	}
	a := g.address(m.From)
	out.NoNumber = !a.valid && wanted != wantsHelp && wanted != wantsConfirmation
	if m.To != "" && g.address(m.To).key == a.key {
		return out, errSelf
	}
	if wanted == wantsHelp {
		out.Reply = g.reply(m, g.RepliesIn(out.Match.Language).Help)
		return out, nil
	}

	s, err := g.ready(m.Account)
	if err != nil {
		return out, err
	}
	now := g.now()
	ev := store.Event{
		ID:         eventID(m.ID),
		Key:        store.Key{Account: m.Account, Number: a.key},
		At:         usableTime(m.At, now),
		ReceivedAt: receivedAt(m.ReceivedAt, now),
		From:       m.From,
		To:         m.To,
		Text:       m.Text,
	}
	switch wanted {
	case wantsConfirmation:
		return g.receiveYes(ctx, s, ev, a, m, out)
	case wantsOptIn:
		return g.receiveOptIn(ctx, s, ev, a, m, out)
	default:
		return g.receiveStop(ctx, s, ev, a, m, out)
	}
}

// want is what Receive has to do for a text.
type want uint8

const (
	wantsNothing want = iota
	wantsHelp
	wantsOptIn
	wantsConfirmation // YES, where it may have been asked for
	wantsStop         // a keyword, or other words
)

func (g *Guard) wanted(text string, out *Outcome) want {
	switch out.Match.Intent {
	case keywords.OptOut:
		return wantsStop
	case keywords.OptIn:
		return wantsOptIn
	case keywords.Help:
		return wantsHelp
	case keywords.None:
	}
	if g.confirms() && yes().Classify(text).Intent == keywords.OptIn {
		return wantsConfirmation
	}
	if g.policy() == Ignore {
		return wantsNothing
	}
	out.Revocation = revocation.Read(text)
	if g.policy().status(out.Revocation) == store.Unknown {
		return wantsNothing
	}
	return wantsStop
}

// receiveStop records an opt-out, or holds a text that may be one.
func (g *Guard) receiveStop(ctx context.Context, s store.Store, ev store.Event, a address, m Message, out Outcome) (Outcome, error) {
	language := out.Match.Language
	if out.Match.Intent == keywords.OptOut {
		ev.Status, ev.Source = store.OptedOut, store.SourceKeyword
		ev.Keyword, ev.KeywordSet = out.Match.Keyword, g.keywords().Version()
	} else {
		ev.Status, ev.Source = g.policy().status(out.Revocation), store.SourceText
		ev.Keyword, ev.KeywordSet, ev.Note = out.Revocation.Rule, revocation.Version(), out.Revocation.Reason
		language = out.Revocation.Language
	}
	out.EventID = ev.ID
	if ev.Status == store.Held {
		if _, ok := store.As[store.Reviewer](s); !ok {
			return out, errNoReviewer
		}
	}
	done, err := record(ctx, s, ev, a)
	if err == nil && done.otherText(ev) { // ids that are not unique: it is not the text that was read
		sum := sha256.Sum256(fmt.Appendf(nil, "%q %d %q", ev.ID, ev.At.UnixMicro(), ev.Text))
		ev.ID = hex.EncodeToString(sum[:])
		out.EventID = ev.ID
		done, err = record(ctx, s, ev, a)
	}
	done.describe(&out)
	if err != nil {
		return out, err
	}
	if ev.Status == store.OptedOut && done.answers(store.OptedOut, store.Unknown, store.OptedIn, store.Held) {
		out.Reply = g.reply(m, g.RepliesIn(language).OptOut)
	}
	return out, nil
}

func (g *Guard) receiveOptIn(ctx context.Context, s store.Store, ev store.Event, a address, m Message, out Outcome) (Outcome, error) {
	ev.Status, ev.Source = store.OptedIn, store.SourceKeyword
	ev.Keyword, ev.KeywordSet = out.Match.Keyword, g.keywords().Version()
	out.EventID = ev.ID
	if g.confirms() {
		result, asked, err := g.ask(ctx, s, ev, a)
		if err != nil {
			return out, err
		}
		if asked {
			recorded{result}.describe(&out)
			if result.State.Status == store.Unknown {
				out.Reply = g.reply(m, g.RepliesIn(out.Match.Language).Confirm)
			}
			return out, nil
		}
	}
	done, err := record(ctx, s, ev, a)
	if errors.Is(err, store.ErrIDReused) && len(done) == 0 {
		before, asked, findErr := g.askedBefore(ctx, s, ev, a)
		if findErr != nil {
			return out, findErr
		}
		if asked {
			done, err = before, nil
		}
	}
	done.describe(&out)
	if err != nil {
		return out, err
	}
	if done.answers(store.OptedIn, store.OptedOut, store.Held) || g.requireOptIn() && done.answers(store.OptedIn, store.Unknown) {
		out.Reply = g.reply(m, g.RepliesIn(out.Match.Language).OptIn)
	}
	return out, nil
}

// receiveYes takes YES for an ordinary text where nobody asked for it.
func (g *Guard) receiveYes(ctx context.Context, s store.Store, ev store.Event, a address, m Message, out Outcome) (Outcome, error) {
	match := yes().Classify(m.Text)
	ev.Keyword, ev.KeywordSet = match.Keyword, yes().Version()
	done, asked, err := g.confirm(ctx, s, ev, a)
	if !asked {
		return out, err
	}
	out.Match, out.EventID, out.NoNumber = match, ev.ID, !a.valid
	done.describe(&out)
	if err == nil && done.answers(store.OptedIn, store.Unknown) {
		out.Reply = g.reply(m, g.RepliesIn(match.Language).OptIn)
	}
	return out, err
}

func (g *Guard) reply(m Message, text string) string {
	if m.Answered {
		return ""
	}
	return text
}
