package provider

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed-f10031e4/consent/internal/enum"
	"github.com/seed-f10031e4/consent/optout"
)

// Report is what a provider says of a contact, or of a message that was sent: in a status
// callback, or when it refuses a message.
type Report struct {
	ID      string    `json:"id,omitzero"`      // the provider's id of the message that was sent; "" if it is not said
	Account string    `json:"account,omitzero"` // whose contact it is; Handler fills it in
	Number  string    `json:"number"`           // the contact's
	Sender  string    `json:"sender,omitzero"`  // the account's number, or the id of its messaging service; "" if it is not said
	Scope   string    `json:"scope,omitzero"`   // how far the provider's block reaches, as in ScopeNumber; "" if it is not said
	Kind    Kind      `json:"kind"`             // what it means
	Code    string    `json:"code,omitzero"`    // the provider's word or number for it
	At      time.Time `json:"at,omitzero"`      // when it came to be; zero if it is not said
}

// How far a provider's block reaches. An opt-out that is recorded here counts for the whole
// account, which is wider.
const (
	ScopeNumber  = "number"  // one number of the account and the contact
	ScopeService = "service" // a messaging service
	ScopeProfile = "profile" // a messaging profile
	ScopeSender  = "sender"  // a sender id
	ScopeList    = "list"    // a list of opt-outs that several numbers share
	ScopeAccount = "account" // the account at the provider
)

// Kind is what a report means. Handler and [optout.Guard.Send] record KindOptedOut. The
// others are given to [Options.Observe] and recorded nowhere: they are not the contact's wish.
type Kind uint8

// The kinds of a report.
const (
	KindNone          Kind = iota // nothing about the contact, or a code that is not known here
	KindOptedOut                  // the contact opted out
	KindOptedIn                   // the contact opted in, says the provider; only the contact's own START lifts an opt-out
	KindNoConsent                 // a registry has no consent of the contact
	KindBlocked                   // the device, the carrier or the provider blocks
	KindDeactivated               // nobody has the number any more
	KindReassigned                // somebody else has the number now
	KindLandline                  // the number is a landline
	KindNotTextable               // the number cannot receive this kind of message
	KindInvalidNumber             // the number does not exist
	KindUnreachable               // the device is out of reach for now
	KindFiltered                  // a spam filter refused the message: about the sender, not about the contact
)

var kinds = enum.Words[Kind]{Err: errEnum, Kind: "Kind", Words: []string{
	"none", "opted-out", "opted-in", "no-consent", "blocked", "deactivated", "reassigned", "landline", "not-textable",
	"invalid-number", "unreachable", "filtered",
}}

// errEnum begins the errors about enumerations.
var errEnum = errors.New("provider")

// String returns the word of a kind: "opted-out".
func (k Kind) String() string { return kinds.String(k) }

// MarshalText returns the word of String.
func (k Kind) MarshalText() ([]byte, error) { return kinds.Marshal(k) }

// UnmarshalText reads a word of String.
func (k *Kind) UnmarshalText(text []byte) error { return kinds.Unmarshal(text, k) }

// Refused is what a provider's API answered when a message was sent. Body decides. Without
// Body the packages twilio, telnyx and awssns read the errors of the provider's own library
// for Go in Err.
type Refused struct {
	Status   int         // of HTTP
	Header   http.Header // of the answer
	Body     []byte      // of the answer
	Err      error       // of the provider's SDK, if the host uses one
	To, From string      // of the message
}

// SendError returns the error of a message that was sent, or nil if there is none. Return it
// from the function that [optout.Guard.Send] calls: if the provider refused the message
// because the contact opted out there, Guard.Send records the opt-out.
//
// An answer that says something about the contact gives an error that wraps
// *[optout.RefusedError]. Any other gives r.Err, or an error with the HTTP status if that
// is not 2xx. Vonage's SMS API and Infobip also refuse a message with the HTTP status 200,
// for reasons that are not about the contact: check their answer yourself.
func SendError(p Provider, r Refused) error {
	if report, ok := p.Refusal(r); ok {
		return &optout.RefusedError{
			Provider: p.Name(), Reason: report.Kind.String(), OptedOut: report.Kind == KindOptedOut, Code: report.Code, Err: r.Err,
		}
	}
	if r.Err != nil {
		return r.Err
	}
	if r.Status < http.StatusOK || r.Status >= http.StatusMultipleChoices {
		return fmt.Errorf("provider: %s answered with status %d", p.Name(), r.Status)
	}
	return nil
}
