package twilio

import (
	"encoding/json"
	"reflect"
	"strconv"

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

// Refusal reads an error of Twilio's API: JSON with a number in code; or one of twilio-go,
// *client.TwilioRestError, in Refused.Err.
func (p *Provider) Refusal(refused provider.Refused) (provider.Report, bool) {
	var answer struct {
		Code json.Number `json:"code"`
	}
	if json.Unmarshal(refused.Body, &answer) != nil {
		answer.Code = ""
	}
	if len(refused.Body) == 0 {
		answer.Code = json.Number(sdkCode(refused.Err))
	}
	r := provider.Report{
		Number: refused.To, Sender: refused.From, Code: answer.Code.String(), Kind: kind(answer.Code.String()),
	}
	if r.Kind != provider.KindNone {
		r.Scope = provider.ScopeNumber
	}
	return r, r.Kind != provider.KindNone
}

// sdkCode returns the code of a TwilioRestError of twilio-go, or "". The error has no method
// that says the code, and this module does not import twilio-go.
// https://github.com/twilio/twilio-go/blob/main/client/error.go
func sdkCode(err error) string {
	if err == nil {
		return ""
	}
	if v := reflect.Indirect(reflect.ValueOf(err)); v.Kind() == reflect.Struct && v.Type().Name() == "TwilioRestError" {
		if field, found := v.Type().FieldByName("Code"); found && len(field.Index) == 1 && v.Field(field.Index[0]).CanInt() {
			return strconv.FormatInt(v.Field(field.Index[0]).Int(), 10)
		}
	}
	switch wrapper := err.(type) { //nolint:errorlint // it walks the tree itself
	case interface{ Unwrap() error }:
		return sdkCode(wrapper.Unwrap())
	case interface{ Unwrap() []error }:
		for _, each := range wrapper.Unwrap() {
			if code := sdkCode(each); code != "" {
				return code
			}
		}
	}
	return ""
}
