package sinch

import (
	"encoding/json"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// scopeApp is an app of the Conversation API.
const scopeApp = "app"

// smsKind says what the code of a delivery report of the SMS API means for the contact. None
// of them is an opt-out. The codes are those of Sinch's own library, sinch-sdk-java
// DeliveryReceiptStatusCode.java; there are others, of the networks.
func smsKind(status, code string) provider.Kind {
	if status == "Deleted" { // "may happen if the destination is an invalid MSISDN or opted out subscriber": either
		return provider.KindBlocked
	}
	switch code {
	case "404", // temporary delivery failure
		"417": // MMS: the network or the contact cannot be reached
		return provider.KindUnreachable
	default: // 402 unroutable, 408 rejected, 412 region, 413 our account is blocked, 415 rejected
		return provider.KindNone
	}
}

// reasonKind says what the reason of a delivery report of the Conversation API means for the
// contact. The reasons are those of Sinch's own library, sinch-sdk-java ReasonCode.java.
func reasonKind(code string) provider.Kind {
	switch code {
	case "RECIPIENT_NOT_OPTED_IN": // on this channel; it does not say that the contact opted out
		return provider.KindNoConsent
	case "RECIPIENT_INVALID_CHANNEL_IDENTITY": // malformed
		return provider.KindInvalidNumber
	case "RECIPIENT_NOT_REACHABLE":
		return provider.KindUnreachable
	default: // DELIVERY_REJECTED_DUE_TO_POLICY, CHANNEL_REJECT and others say nothing of the contact
		return provider.KindNone
	}
}

// notification is an opt_out_notification or an opt_in_notification. The identity is not in
// the payloads of Sinch's tests; its libraries have it.
type notification struct {
	identity
	Status string `json:"status"`
}

// messageReport is a message_delivery_report.
type messageReport struct {
	MessageID string   `json:"message_id"`
	Status    string   `json:"status"`
	Identity  identity `json:"channel_identity"`
	Reason    struct {
		Code string `json:"code"`
	} `json:"reason"`
}

// smsReport has the fields of a recipient_delivery_report and of a delivery_report:
// https://developers.sinch.com/docs/sms/api-reference/sms/tag/Delivery-reports/
type smsReport struct {
	BatchID           string          `json:"batch_id"`
	Recipient         string          `json:"recipient"`
	Code              json.RawMessage `json:"code"`
	Status            string          `json:"status"`
	At                string          `json:"at"`
	AppliedOriginator string          `json:"applied_originator"` // ours
	Statuses          []struct {
		Code       json.RawMessage `json:"code"`
		Status     string          `json:"status"`
		Recipients []string        `json:"recipients"`
	} `json:"statuses"`
}

// reports reads what a callback says of contacts and of messages that were sent.
func (w *webhook) reports() []provider.Report {
	var all []provider.Report
	if n := w.OptOut; n != nil && n.Status == "OPT_OUT_SUCCEEDED" {
		all = append(all, w.noted(n, provider.KindOptedOut))
	}
	if n := w.OptIn; n != nil && n.Status == "OPT_IN_SUCCEEDED" {
		all = append(all, w.noted(n, provider.KindOptedIn))
	}
	if of := w.Delivery; of != nil && of.Status == "FAILED" {
		r := provider.Report{
			ID: of.MessageID, Number: of.Identity.address(), Kind: reasonKind(of.Reason.Code), Code: of.Reason.Code,
			At: firstTime(w.EventTime, w.AcceptedTime),
		}
		if r.Kind == provider.KindNoConsent {
			r.Scope = scopeApp
		}
		all = append(all, r)
	}
	switch w.Type {
	case "recipient_delivery_report_sms", "recipient_delivery_report_mms":
		all = append(all, w.failed(w.Recipient, w.Status, w.Code)...)
	case "delivery_report_sms", "delivery_report_mms":
		for _, each := range w.Statuses {
			for _, recipient := range each.Recipients {
				all = append(all, w.failed(recipient, each.Status, each.Code)...)
			}
		}
	}
	return all
}

// noted is a report that Sinch has noted an opt-out or an opt-in.
func (w *webhook) noted(n *notification, kind provider.Kind) provider.Report {
	return provider.Report{
		Number: n.address(), Scope: scopeApp, Kind: kind, Code: n.Status, At: firstTime(w.EventTime, w.AcceptedTime),
	}
}

// failed is a report on a message of the SMS API, if it is not delivered or on its way.
func (w *webhook) failed(recipient, status string, rawCode json.RawMessage) []provider.Report {
	switch status {
	case "", "Queued", "Dispatched", "Delivered":
		return nil
	}
	code := wire.Scalar(rawCode)
	return []provider.Report{{
		ID:     w.BatchID,
		Number: wire.Number(recipient),
		Sender: wire.Number(w.AppliedOriginator),
		Scope:  provider.ScopeNumber,
		Kind:   smsKind(status, code),
		Code:   code,
		At:     firstTime(w.At),
	}}
}

// Refusal reads an error of Sinch's APIs. Neither API has one that says that a contact opted
// out, as far as it is documented publicly: the refusal comes in a delivery report. So Refusal
// reports false, with the code of the SMS API, or the status of the Conversation API.
func (p *Provider) Refusal(refused provider.Refused) (provider.Report, bool) {
	var answer struct {
		Code  json.RawMessage `json:"code"`
		Error struct {
			Status string `json:"status"`
		} `json:"error"`
	}
	r := provider.Report{Number: refused.To, Sender: refused.From}
	if json.Unmarshal(refused.Body, &answer) != nil {
		return r, false
	}
	if r.Code = wire.Scalar(answer.Code); r.Code == "" {
		r.Code = answer.Error.Status
	}
	return r, false
}
