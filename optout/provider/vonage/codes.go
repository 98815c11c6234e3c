package vonage

import (
	"encoding/json"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// receiptKind says what err-code of a delivery receipt of the SMS API means for the contact:
// https://github.com/Nexmo/nexmo-developer _documentation/en/messaging/sms/guides/delivery-receipts.md, and for 9
// https://developer.vonage.com/en/opt-out-assist/guides/messaging-opted-out-numbers
func receiptKind(code string) provider.Kind {
	switch code {
	case "9": // illegal number: the user has requested not to receive messages
		return provider.KindOptedOut
	case "2", // absent subscriber, temporary
		"7",  // handset busy
		"12": // destination unreachable
		return provider.KindUnreachable
	case "3": // absent subscriber, permanent: the number is no longer active
		return provider.KindDeactivated
	case "4", // call barred by user
		"13", // subscriber age restriction
		"14": // number blocked by carrier
		return provider.KindBlocked
	case "6": // anti-spam rejection
		return provider.KindFiltered
	case "53": // consent filter: a registry has no consent
		return provider.KindNoConsent
	default: // 1 unknown, 5 portability, 8 network, 10 message, 11 route, 15 funds, 50 to 52 sender's parameters, 54, 99
		return provider.KindNone
	}
}

// messagesKind says what an error of the Messages API means for the contact:
// https://github.com/Nexmo/nexmo-developer _open_api/errors/messages-olympus.md
func messagesKind(code string) provider.Kind {
	switch code {
	case "1240": // illegal number: the user has already sent a STOP
		return provider.KindOptedOut
	case "1050", // number barred
		"1270", // subscriber age restriction
		"1280": // number blocked by carrier
		return provider.KindBlocked
	case "1170": // invalid or missing number
		return provider.KindInvalidNumber
	case "1180", // absent subscriber, temporary
		"1220", // handset busy
		"1260": // destination unreachable
		return provider.KindUnreachable
	case "1190": // absent subscriber, permanent: the number is no longer active
		return provider.KindDeactivated
	case "1210": // anti-spam rejection
		return provider.KindFiltered
	case "1300", // not part of the provider network
		"1310": // not a suitable device
		return provider.KindNotTextable
	default:
		return provider.KindNone
	}
}

// sendKind says what a status means that the SMS API answers with when a message is sent.
// The numbers are others than in a delivery receipt: 9 is the account's quota.
// https://developer.vonage.com/messaging/sms/guides/troubleshooting-sms
func sendKind(status string) provider.Kind {
	if status == "7" { // number barred
		return provider.KindBlocked
	}
	return provider.KindNone
}

// messageError is an error of the Messages API. The code is in title, in version 0.1 in
// code; the type is a URL that ends in it. (Title and code are as in public copies of Vonage's
// OpenAPI document, https://github.com/coffeepac/gonexmo-messages for 0.1; that the type ends
// in the code is not verified.)
type messageError struct {
	Type  string    `json:"type"`
	Title wire.Text `json:"title"`
	Code  wire.Text `json:"code"`
}

func (e messageError) code() string {
	_, fragment, _ := strings.Cut(e.Type, "#")
	for _, code := range []string{string(e.Title), string(e.Code), fragment} {
		if isCode(code) {
			return code
		}
	}
	return ""
}

// isCode reports whether a text is a code, and no sentence.
func isCode(code string) bool {
	return code != "" && !strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' })
}

// Refusal reads an answer of the SMS API (200, with a status for each message) or an error
// of the Messages API. An opt-out is seldom known so early: it comes in a delivery receipt
// or a status.
func (p *Provider) Refusal(refused provider.Refused) (provider.Report, bool) {
	var answer struct {
		messageError

		Messages []struct {
			To     wire.Text `json:"to"`
			Status wire.Text `json:"status"`
		} `json:"messages"`
	}
	r := provider.Report{Number: refused.To}
	if json.Unmarshal(refused.Body, &answer) != nil {
		return r, false
	}
	if r.Code = answer.code(); r.Code != "" {
		r.Kind, r.Sender, r.Scope = messagesKind(r.Code), refused.From, provider.ScopeNumber
	}
	for _, m := range answer.Messages {
		if m.Status == "" || m.Status == "0" || r.Kind != provider.KindNone {
			continue
		}
		r.Code, r.Kind, r.Scope = string(m.Status), sendKind(string(m.Status)), provider.ScopeAccount
		if r.Number == "" {
			r.Number = wire.Number(string(m.To))
		}
	}
	if r.Kind == provider.KindNone {
		r.Sender, r.Scope = "", ""
	}
	return r, r.Kind != provider.KindNone
}
