package plivo

import (
	"encoding/json"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// kind says what an error code of Plivo means for the contact:
// https://plivo.com/docs/messaging/troubleshooting/error-codes
func kind(code string) provider.Kind {
	switch code {
	case "200": // the contact sent STOP; of a 10DLC number, to any number of the campaign
		return provider.KindOptedOut
	case "30": // spam detected
		return provider.KindFiltered
	case "50": // invalid destination: the number is wrong, cannot receive SMS, or is a landline
		return provider.KindNotTextable
	case "70": // destination permanently unavailable
		return provider.KindDeactivated
	case "80": // destination temporarily unavailable
		return provider.KindUnreachable
	case "100": // prohibited by the carrier
		return provider.KindBlocked
	default: // 10 invalid message, 20 network error, 40 invalid source number
		return provider.KindNone
	}
}

// readStatus reads a status callback, in which To is the contact. Its times have no zone, and
// are not read. It reports false for a status without an error.
func readStatus(form *wire.Form) (provider.Report, bool) {
	code := form.Get("ErrorCode")
	return provider.Report{
		ID:     form.Get("MessageUUID"),
		Number: wire.Number(form.Get("To")),
		Sender: wire.Number(form.Get("From")),
		Scope:  provider.ScopeNumber,
		Kind:   kind(code),
		Code:   code,
	}, strings.Trim(code, "0") != "" // "000" is no error
}

// Refusal reads error_code of an answer of Plivo's API: of a message that is looked up. The
// answer to a message that is sent has no such code, as far as it is documented publicly: the
// refusal comes in a status callback.
func (p *Provider) Refusal(refused provider.Refused) (provider.Report, bool) {
	var answer struct {
		ErrorCode json.RawMessage `json:"error_code"`
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
