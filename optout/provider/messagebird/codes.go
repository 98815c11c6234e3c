package messagebird

import (
	"encoding/json"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// kind says what the extended error code of a message means for the contact:
// https://docs.bird.com/api/channels-api/message-status-and-interactions/message-failure-sources/sms-platform-extended-error-codes
func kind(code string) provider.Kind {
	switch code {
	case "103": // the contact has sent STOP: as https://github.com/nyaruka/courier reads it; not documented publicly
		return provider.KindOptedOut
	case "1", // EC_UNKNOWN_SUBSCRIBER: the number is not associated with an active line
		"2", // EC_UNKNOWN_BASE_STATION, under the same reason
		"3", // EC_UNKNOWN_MSC
		"5", // EC_UNIDENTIFIED_SUBSCRIBER
		"9": // EC_ILLEGAL_SUBSCRIBER
		return provider.KindDeactivated
	case "10", // EC_BEARERSERVICE_NOT_PROVISIONED
		"11": // EC_TELESERVICE_NOT_PROVISIONED
		return provider.KindNotTextable
	case "12": // EC_CALL_BARRED
		return provider.KindBlocked
	case "8", // EC_ROAMING_NOT_ALLOWED: unavailable for now
		"26", // EC_SUBSEQUENT_HANDOVER_FAILURE
		"27", // EC_ABSENT_SUBSCRIBER
		"31": // EC_SUBSCRIBER_BUSY_FOR_MT_SMS
		return provider.KindUnreachable
	default:
		return provider.KindNone
	}
}

// status reads a status report, a GET, as a rule without the sender. It reports false if the
// message did not fail.
func status(form *wire.Form) (provider.Report, bool) {
	code := form.Get("statuserrorcode")
	r := provider.Report{
		ID: form.Get("id"), Number: wire.Number(form.Get("recipient")), Sender: wire.Number(form.Get("originator")),
		Scope: provider.ScopeNumber, Kind: kind(code), Code: code, At: wire.Time(form.Get("statusdatetime"), time.RFC3339),
	}
	return r, code != "" && code != "0" && form.Get("status") != "delivered"
}

// Refusal reads an error of the API. None is known that says anything about the contact: an
// opt-out comes in a status report.
func (p *Provider) Refusal(refused provider.Refused) (provider.Report, bool) {
	var answer struct {
		Errors []struct {
			Code wire.Text `json:"code"`
		} `json:"errors"`
	}
	r := provider.Report{Number: refused.To}
	if json.Unmarshal(refused.Body, &answer) == nil && len(answer.Errors) > 0 {
		r.Code = string(answer.Errors[0].Code)
	}
	return r, false
}
