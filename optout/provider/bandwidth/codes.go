package bandwidth

import (
	"encoding/json"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// kind says what an error code of Bandwidth means for the contact:
// https://dev.bandwidth.com/docs/messaging/errors
func kind(code string) provider.Kind {
	switch code {
	case "4775": // destination-rejected-due-to-user-opt-out
		return provider.KindOptedOut
	case "4406", // rejected-unallocated-to-number: no carrier has the number
		"4721": // destination-tn-deactivated
		return provider.KindDeactivated
	case "4303", // malformed-invalid-to-number
		"4350", // malformed-for-destination: likely an invalid number
		"4404", // rejected-forbidden-to-number: not active, not for messages, or invalid
		"4720": // invalid-destination-address
		return provider.KindInvalidNumber
	case "4700": // invalid-service-type: carrier or handset cannot receive this kind of message
		return provider.KindNotTextable
	case "4701", // destination-service-unavailable
		"4702": // destination-subscriber-unavailable
		return provider.KindUnreachable
	case "4482", // rejected-to-number-in-blacklist: Bandwidth blocks the number
		"4753", // destination-rejected-handset
		"4772", // rejected-tn-blocked: the sender or the contact
		"4790": // destination-rejected-sc-not-allowed: no short codes, by the carrier or the contact's contract
		return provider.KindBlocked
	case "4470", // rejected-spam-detected, by Bandwidth
		"4770": // destination-spam-detected, by the carrier
		return provider.KindFiltered
	default:
		return provider.KindNone
	}
}

// report reads a status event of a message that failed. An event of a group message names the
// contact that it failed for.
func report(e *event, code string) provider.Report {
	r := provider.Report{
		ID:     e.Message.ID,
		Number: e.To,
		Sender: e.Message.Owner,
		Scope:  provider.ScopeNumber,
		Kind:   kind(code),
		Code:   code,
		At:     wire.Time(e.Time, time.RFC3339),
	}
	if r.Sender == "" {
		r.Sender = e.Message.From
	}
	return r
}

// Refusal reads errorCode of an answer of Bandwidth's API: of a message that is looked up.
// The answer to a message that is sent has no such code: the refusal comes in a status event.
func (p *Provider) Refusal(refused provider.Refused) (provider.Report, bool) {
	var answer struct {
		ErrorCode json.RawMessage `json:"errorCode"`
	}
	r := provider.Report{Number: refused.To, Sender: refused.From}
	if json.Unmarshal(refused.Body, &answer) != nil {
		return r, false
	}
	r.Code = wire.Scalar(answer.ErrorCode)
	if r.Kind = kind(r.Code); r.Kind == provider.KindNone {
		return r, false
	}
	r.Scope = provider.ScopeNumber
	return r, true
}
