package telnyx

import (
	"encoding/json"

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

// Refusal reads an error of Telnyx's API. The HTTP status of an opt-out is not documented
// (400 and 409 are seen), so the code decides. The detail holds both phone numbers, and is
// not read.
func (p *Provider) Refusal(refused provider.Refused) (provider.Report, bool) {
	var answer struct {
		Errors []apiError `json:"errors"`
	}
	r := provider.Report{Number: refused.To, Sender: refused.From}
	if json.Unmarshal(refused.Body, &answer) != nil {
		return r, false
	}
	for _, e := range answer.Errors {
		if r.Code == "" || kind(e.Code.text()) == provider.KindOptedOut {
			r.Code = e.Code.text()
		}
	}
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
