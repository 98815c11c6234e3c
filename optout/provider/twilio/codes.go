package twilio

import (
	"encoding/json"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// kind says what an error code of Twilio means for the contact: https://www.twilio.com/docs/api/errors
func kind(code string) provider.Kind {
	switch code {
	case "21610": // attempt to send to unsubscribed recipient
		return provider.KindOptedOut
	case "21211": // invalid To number
		return provider.KindInvalidNumber
	case "21614": // not a mobile number
		return provider.KindNotTextable
	case "21635", // a landline
		"30006": // landline or unreachable carrier
		return provider.KindLandline
	case "30003": // unreachable handset
		return provider.KindUnreachable
	case "30005": // unknown handset: the number may no longer exist
		return provider.KindDeactivated
	case "30004", // message blocked
		"63014", // blocked by user action: the contact blocked the sender, or opted out
		"63033": // the contact blocked the sender (RCS)
		return provider.KindBlocked
	case "30007": // filtered
		return provider.KindFiltered
	default:
		return provider.KindNone
	}
}

// readStatus reads a status callback, in which To is the contact. It reports false for a
// status without an error.
func readStatus(form *wire.Form) (provider.Report, bool) {
	code := form.Get("ErrorCode")
	r := provider.Report{
		ID:     form.Get("MessageSid", "SmsSid"),
		Number: form.Get("To"),
		Sender: form.Get("From"),
		Scope:  provider.ScopeNumber,
		Kind:   kind(code),
		Code:   code,
	}
	if service := form.Get("MessagingServiceSid"); service != "" {
		r.Sender, r.Scope = service, provider.ScopeService
	}
	return r, code != "" && code != "0"
}

// Refusal reads an error of Twilio's API: JSON with a number in code.
func (p *Provider) Refusal(refused provider.Refused) (provider.Report, bool) {
	var answer struct {
		Code json.Number `json:"code"`
	}
	if json.Unmarshal(refused.Body, &answer) != nil {
		answer.Code = ""
	}
	r := provider.Report{
		Number: refused.To, Sender: refused.From, Code: answer.Code.String(), Kind: kind(answer.Code.String()),
	}
	if r.Kind != provider.KindNone {
		r.Scope = provider.ScopeNumber
	}
	return r, r.Kind != provider.KindNone
}
