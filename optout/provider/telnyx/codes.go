package telnyx

import (
	"encoding/json"
	"errors"

	"github.com/seed-f10031e4/consent/optout/provider"
)

type apiError struct {
	Code code `json:"code"`
}

// kind says what an error code of Telnyx means for the contact:
// https://developers.telnyx.com/docs/messaging/messages/error-codes
func kind(code string) provider.Kind {
	switch code {
	case "40300": // blocked due to STOP message
		return provider.KindOptedOut
	case "40001": // landline, or not routable
		return provider.KindLandline
	case "40002", "40003": // blocked as spam, for now and for good
		return provider.KindFiltered
	default: // 40004 rejected, 40005 expired, 40006 unavailable, 40008 undeliverable
		return provider.KindNone
	}
}

// decisive returns the code of an opt-out, if one of the errors has it, else the first.
func decisive(all []apiError) string {
	var first string
	for _, e := range all {
		if text := e.Code.text(); kind(text) == provider.KindOptedOut {
			return text
		} else if first == "" {
			first = text
		}
	}
	return first
}

// sdkError is an error of Telnyx's library for Go, which quotes the answer in its text.
type sdkError interface {
	error
	RawJSON() string
}

// Refusal reads an error of Telnyx's API, or one of its library in Refused.Err. The HTTP status of an opt-out is not documented
// (400 and 409 are seen), so the code decides. The detail holds both phone numbers, and is
// not read.
func (p *Provider) Refusal(refused provider.Refused) (provider.Report, bool) {
	var answer struct {
		Errors []apiError `json:"errors"`
	}
	r := provider.Report{Number: refused.To, Sender: refused.From}
	body := refused.Body
	if err, ok := errors.AsType[sdkError](refused.Err); ok && len(body) == 0 {
		body = []byte(err.RawJSON())
	}
	if json.Unmarshal(body, &answer) != nil {
		return r, false
	}
	r.Code = decisive(answer.Errors)
	switch r.Kind = kind(r.Code); r.Kind {
	case provider.KindNone:
		return r, false
	case provider.KindOptedOut:
		r.Sender, r.Scope = "", provider.ScopeProfile // Telnyx blocks for the whole messaging profile
	default:
		r.Scope = provider.ScopeNumber
	}
	return r, true
}
