package azure

import (
	"cmp"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// codeKind says what an error code means for the contact, by
// articles/communication-services/resources/troubleshooting/voice-video-calling/includes/codes/sms-sdk.md
// in github.com/MicrosoftDocs/azure-docs.
func codeKind(code string) provider.Kind {
	switch code {
	case "4007": // the To number opted out of receiving messages from you
		return provider.KindOptedOut
	case "4002", // invalid format of the To number
		"4004": // the To number does not exist
		return provider.KindInvalidNumber
	case "4005": // blocked by the destination carrier
		return provider.KindBlocked
	case "4006": // the To number is not reachable
		return provider.KindUnreachable
	case "4000", // fraud detection
		"4020": // volumetric violation, says the carrier
		return provider.KindFiltered
	default: // 4001 From number, 4003 unsupported destination, 4008 too many, 4009, 4010 not verified, 5000, 5001, 5002, 9999
		return provider.KindNone
	}
}

// textKind says what the words of a delivery report mean for the contact. The first is from
// https://learn.microsoft.com/azure/communication-services/concepts/sms/sms-faq, the others
// are the messages of the codes.
func textKind(text string) provider.Kind {
	switch strings.ToLower(strings.TrimSuffix(strings.TrimSpace(text), ".")) {
	case "sender blocked for given recipient":
		return provider.KindOptedOut
	case "the destination/to number opted out of receiving messages from you":
		return codeKind("4007")
	case "message is rejected due to invalid destination/to number format":
		return codeKind("4002")
	case "message failed to deliver since destination/to number doesn't exist":
		return codeKind("4004")
	case "message blocked by destination carrier":
		return codeKind("4005")
	case "the destination/to number isn't reachable":
		return codeKind("4006")
	case "message is rejected due to fraud detection":
		return codeKind("4000")
	case "message rejected by the carrier due to a volumetric violation":
		return codeKind("4020")
	default:
		return provider.KindNone
	}
}

// detailsKind reads deliveryStatusDetails: a text, or a code, or, which is not verified, a
// code before a text. A number within a text is no code.
func detailsKind(details string) (kind provider.Kind, code string) {
	details = strings.TrimSpace(details)
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	digits := details
	if i := strings.IndexFunc(details, notDigit); i >= 0 {
		digits = details[:i]
	}
	if len(digits) == len("4007") {
		return codeKind(digits), digits
	}
	return textKind(details), details
}

// report reads a delivery report of a message that failed.
func report(e *event, of *sms) provider.Report {
	kind, code := detailsKind(of.DeliveryStatusDetails)
	r := provider.Report{
		ID: cmp.Or(of.MessageID, e.ID), Number: wire.Number(of.To), Sender: wire.Number(of.From), Kind: kind,
		Code: cmp.Or(code, of.DeliveryStatus), At: at(e, of),
	}
	if kind != provider.KindNone {
		r.Scope = provider.ScopeNumber // of this number and the contact
	}
	return r
}
