package infobip

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// status is the status of a message, or its error. The numbers of both overlap.
type status struct {
	GroupID json.Number `json:"groupId"`
	ID      json.Number `json:"id"`
	Name    string      `json:"name"`
}

// kind says what the id of an error means for the contact:
// https://www.infobip.com/docs/developer-resources/api-fundamentals/error-code-reference
func kind(id string) provider.Kind {
	switch id {
	case "573", // EC_SC_BLOCKED_BY_END_USER: the contact asked the operator to block the short code
		"603": // EC_CONTENT_BLOCKED: the contact sent STOP (numbers of North America)
		return provider.KindOptedOut
	case "1": // EC_UNKNOWN_SUBSCRIBER
		return provider.KindDeactivated
	case "6", "27", // EC_ABSENT_SUBSCRIBER_SM, EC_ABSENT_SUBSCRIBER: switched off, or no coverage
		"13",  // EC_CALL_BARRED: suspended by the operator, usually for unpaid invoices
		"31",  // EC_SUBSCRIBER_BUSY_FOR_MT_SMS
		"256", // EC_SM_DF_MEMORYCAPACITYEXCEEDED: the inbox is full
		"581": // EC_USER_OUT_OF_CREDIT
		return provider.KindUnreachable
	case "9", // EC_ILLEGAL_SUBSCRIBER: often a number that the operator blocks
		"604",  // EC_BLOCKED_BY_CAMPAIGN_BLACKLIST
		"2049", // EC_IMSI_BLACKLISTED
		"2050": // EC_DEST_ADDRESS_BLACKLISTED: on the operator's do-not-disturb list
		return provider.KindBlocked
	case "11", // EC_TELESERVICE_NOT_PROVISIONED
		"565", // EC_CANNOT_RECEIVE_SC: no short codes
		"629": // EC_DEST_ADDRESS_UNABLE_TO_RECEIVE_SMS
		return provider.KindNotTextable
	case "352": // EC_INVALID_REQUEST_DESTINATION: no such country code
		return provider.KindInvalidNumber
	case "607": // EC_REJECTED_SPAM_BY_OPERATOR
		return provider.KindFiltered
	default:
		return provider.KindNone
	}
}

// statusKind says what the id of a status means for the contact:
// https://www.infobip.com/docs/developer-resources/api-fundamentals/message-status-codes
func statusKind(id string) (k provider.Kind, scope string) {
	switch id {
	case "10": // REJECTED_DND: on a do-not-disturb list
		return provider.KindBlocked, provider.ScopeNumber
	case "14": // REJECTED_DESTINATION_BLOCKLISTED: by the operator, or on your account; not only after a STOP
		return provider.KindBlocked, provider.ScopeAccount
	case "8", // REJECTED_PREFIX_MISSING
		"52": // REJECTED_DESTINATION: no such prefix
		return provider.KindInvalidNumber, provider.ScopeNumber
	default:
		return provider.KindNone, ""
	}
}

// read returns what a status and an error say. It reports false if the message is delivered,
// or on its way.
func read(of, failure *status) (k provider.Kind, code, scope string, ok bool) {
	if failure != nil && failure.ID != "" && failure.ID != "0" {
		code, k = failure.ID.String(), kind(failure.ID.String())
	}
	if k != provider.KindNone {
		return k, code, provider.ScopeNumber, true
	}
	if of != nil {
		switch of.GroupID {
		case "2", "4", "5": // UNDELIVERABLE, EXPIRED, REJECTED
			k, scope = statusKind(of.ID.String())
			if code == "" || k != provider.KindNone {
				code = cmp.Or(of.Name, of.ID.String())
			}
			return k, code, scope, true
		}
	}
	return k, code, "", code != ""
}

// report reads a delivery report.
func (r *result) report() (provider.Report, bool) {
	k, code, scope, ok := read(r.Status, r.Error)
	return provider.Report{
		ID: r.MessageID, Number: wire.Number(r.To), Sender: wire.Number(cmp.Or(r.Sender, r.From)), Scope: scope, Kind: k, Code: code,
		At: wire.Time(r.DoneAt, timeLayout, time.RFC3339),
	}, ok
}

// Refusal reads an answer of Infobip's API. A message may be refused with HTTP status 200:
// then the status of the message says so.
func (p *Provider) Refusal(refused provider.Refused) (provider.Report, bool) {
	var answer struct {
		Messages []struct {
			To     string  `json:"to"`
			Status *status `json:"status"`
		} `json:"messages"`
		RequestError struct {
			ServiceException struct {
				MessageID string `json:"messageId"`
			} `json:"serviceException"`
		} `json:"requestError"`
	}
	r := provider.Report{Number: refused.To, Sender: refused.From}
	if json.Unmarshal(refused.Body, &answer) != nil {
		return r, false
	}
	r.Code = answer.RequestError.ServiceException.MessageID
	for _, m := range answer.Messages {
		other := m.To != "" && refused.To != "" && wire.Number(m.To) != wire.Number(refused.To)
		if other {
			continue
		}
		if k, code, scope, ok := read(m.Status, nil); ok {
			r.Kind, r.Code, r.Scope = k, code, scope
			break
		}
	}
	return r, r.Kind != provider.KindNone
}
