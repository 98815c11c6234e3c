package awssns

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider"
)

// eventKind says what an event means for the contact. It reports false for one of a message
// that is delivered or on its way, and for one that is not about messages. No event says that
// the contact opted out: a message to such a contact is refused when it is sent.
// https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html
func eventKind(event string) (kind provider.Kind, scope string, ok bool) {
	channel, what, _ := strings.Cut(event, "_")
	if channel != "TEXT" && channel != "MEDIA" && channel != "RCS" {
		return 0, "", false
	}
	switch what {
	case "SENT", "PENDING", "QUEUED", "SUCCESSFUL", "DELIVERED", "READ", "FALLEN_BACK_TO_SMS":
		return 0, "", false
	case "BLOCKED", "CARRIER_BLOCKED": // by the device or the carrier
		return provider.KindBlocked, provider.ScopeNumber, true
	case "PROTECT_BLOCKED": // by a rule of the account: not the contact's wish
		return provider.KindBlocked, provider.ScopeAccount, true
	case "INVALID": // the number
		return provider.KindInvalidNumber, provider.ScopeNumber, true
	case "UNREACHABLE", "CARRIER_UNREACHABLE", "TTL_EXPIRED":
		return provider.KindUnreachable, provider.ScopeNumber, true
	case "SPAM":
		return provider.KindFiltered, provider.ScopeNumber, true
	default: // INVALID_MESSAGE, UNKNOWN, FAILED, FILE_INACCESSIBLE
		return provider.KindNone, provider.ScopeNumber, true
	}
}

// reasonKind says what the Reason of a ConflictException means for the contact: of SendTextMessage,
// as in types/enums.go of github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2 v1.29.1.
func reasonKind(reason string) (kind provider.Kind, scope string) {
	switch reason {
	case "DESTINATION_PHONE_NUMBER_OPTED_OUT":
		return provider.KindOptedOut, provider.ScopeList // a list that many numbers may share
	case "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE",
		"DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION":
		return provider.KindBlocked, provider.ScopeAccount
	default:
		return provider.KindNone, ""
	}
}

// sdkError is an error of AWS's SDK for Go, such as *types.ConflictException.
type sdkError interface {
	error
	ErrorCode() string
}

// Refusal reads an error of AWS's API, or one of its SDK for Go in Refused.Err. The message
// may hold phone numbers, and is not read. The HTTP status of an opt-out is not verified, so
// the reason decides.
func (p *Provider) Refusal(refused provider.Refused) (provider.Report, bool) {
	body, code := refused.Body, refused.Header.Get("X-Amzn-Errortype")
	if err, ok := errors.AsType[sdkError](refused.Err); ok && len(body) == 0 {
		code = err.ErrorCode()
		if fields, marshalErr := json.Marshal(err); marshalErr == nil {
			body = fields // it has the names of the API
		}
	}
	var answer struct {
		Type   string `json:"__type"`
		Code   string `json:"code"`
		Reason string `json:"Reason"`
	}
	if json.Unmarshal(body, &answer) != nil {
		answer.Reason = "" // no JSON
	}
	r := provider.Report{Number: refused.To, Sender: refused.From}
	if r.Kind, r.Scope = reasonKind(answer.Reason); r.Scope == provider.ScopeList {
		r.Sender = ""
	}
	switch {
	case answer.Reason != "":
		r.Code = answer.Reason
	case answer.Type != "":
		r.Code = errorName(answer.Type)
	case answer.Code != "":
		r.Code = errorName(answer.Code)
	default:
		r.Code = errorName(code)
	}
	return r, r.Kind != provider.KindNone
}

// errorName returns the name in "com.amazonaws.service#Name:http://…".
func errorName(raw string) string {
	name, _, _ := strings.Cut(raw, ":")
	return name[strings.LastIndexByte(name, '#')+1:]
}
