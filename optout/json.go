package optout

import (
	"time"

	"github.com/seed-f10031e4/consent/internal/rawtext"
	"github.com/seed-f10031e4/consent/store"
)

// plain types are those without their methods.
type (
	plainDecision Decision
	plainMessage  Message
	plainOutcome  Outcome
	plainRequest  Request
)

// UnmarshalJSON reads a decision. A field that is missing is zero, so nothing is allowed by
// what is missing. A decision that is allowed without the reason and the state of one that a
// Guard allows is an error, and so is a member that is there twice. After an error the decision
// is zero.
func (d *Decision) UnmarshalJSON(data []byte) error {
	*d = Decision{}
	var read plainDecision
	if err := rawtext.Unmarshal(data, &read); err != nil {
		return err
	}
	if read.Allowed && !allows(Decision(read)) {
		return rawtext.Refuse("allowed: the reason, the fault or the state does not allow it")
	}
	*d = Decision(read)
	return nil
}

// UnmarshalJSON reads the decision. One that is allowed blocks nothing, and is an error.
func (e *BlockedError) UnmarshalJSON(data []byte) error {
	*e = BlockedError{}
	if err := e.Decision.UnmarshalJSON(data); err != nil {
		return err
	}
	if e.Allowed {
		*e = BlockedError{}
		return rawtext.Refuse("allowed: want a decision that is not")
	}
	return nil
}

// allows reports whether a decision that is allowed is one that a Guard makes.
func allows(d Decision) bool {
	switch {
	case d.Fault != FaultNone || d.State.Key == (store.Key{}):
		return false
	case d.Reason == ReasonOptedIn:
		return d.State.Status == store.OptedIn
	default:
		return d.Reason == ReasonNotOptedOut && d.State == store.State{Key: d.State.Key}
	}
}

// MarshalJSON writes a message, without fields that are empty. A text that is not UTF-8 is
// written twice: with U+FFFD in the place of what is not UTF-8, and exactly as base64, beside
// "text" as "text_b64".
//
// A struct that embeds a Message has this method too, which leaves out the other fields of
// the struct: give the struct a MarshalJSON of its own. The same goes for a [Request], a
// [Review] and an [Outcome].
func (m Message) MarshalJSON() ([]byte, error) { return rawtext.Marshal(plainMessage(m)) }

// UnmarshalJSON reads what MarshalJSON wrote. Where there is base64, the base64 counts. A
// field that is missing is zero. After an error the message is zero.
func (m *Message) UnmarshalJSON(data []byte) error {
	*m = Message{}
	var read plainMessage
	if err := rawtext.Unmarshal(data, &read); err != nil {
		return err
	}
	*m = Message(read)
	return nil
}

// MarshalJSON writes a request as Message.MarshalJSON writes a message.
func (r Request) MarshalJSON() ([]byte, error) { return rawtext.Marshal(plainRequest(r)) }

// UnmarshalJSON reads what MarshalJSON wrote. A field that is missing is zero. After an error
// the request is zero.
func (r *Request) UnmarshalJSON(data []byte) error {
	*r = Request{}
	var read plainRequest
	if err := rawtext.Unmarshal(data, &read); err != nil {
		return err
	}
	*r = Request(read)
	return nil
}

// reviewed is what a Review has beside its Record: the same field, with the same tag.
type reviewed struct {
	Due time.Time `json:"due,omitzero"`
}

// MarshalJSON writes a review as one object: the record and when it is due.
func (r Review) MarshalJSON() ([]byte, error) { return rawtext.Join(r.Record, reviewed{r.Due}) }

// UnmarshalJSON reads what MarshalJSON wrote. A field that is missing is zero. After an error
// the review is zero.
func (r *Review) UnmarshalJSON(data []byte) error {
	*r = Review{}
	var record store.Record
	var read reviewed
	if err := record.UnmarshalJSON(data); err != nil {
		return err
	}
	if err := rawtext.Unmarshal(data, &read); err != nil {
		return err
	}
	*r = Review{Record: record, Due: read.Due}
	return nil
}

type outcomeJSON struct {
	plainOutcome

	Error string `json:"error,omitzero"`
}

// MarshalJSON writes an outcome, without fields that are empty. Err is written as "error", in
// words of this package: they hold no phone number, no text, and nothing that a store says.
func (out Outcome) MarshalJSON() ([]byte, error) {
	written := outcomeJSON{plainOutcome: plainOutcome(out)}
	if out.Err != nil {
		written.Error = errorText(out.Err, errStore)
	}
	return rawtext.Marshal(written)
}

// UnmarshalJSON reads what MarshalJSON wrote. Err has the text of "error" if this package writes
// such a text, and errors.Is finds the error of this package in it with which the text begins.
// Of any other text Err keeps nothing else. A field that is missing is zero. After an error the outcome is zero.
func (out *Outcome) UnmarshalJSON(data []byte) error {
	*out = Outcome{}
	var read outcomeJSON
	if err := rawtext.Unmarshal(data, &read); err != nil {
		return err
	}
	*out = Outcome(read.plainOutcome)
	if read.Error != "" {
		out.Err = errorOfText(read.Error)
	}
	return nil
}
