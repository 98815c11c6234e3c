// Package sinch reads the webhooks of Sinch's SMS API and of its Conversation API: inbound
// messages, delivery reports, the opt-outs and opt-ins that Sinch has noted, and the errors
// of both APIs.
//
// Sinch signs the body, a nonce and a time with the secret of the webhook (HMAC-SHA256). The
// URL is not covered. No document says how old a request may be, and the last delivery comes
// almost a day after the first: the time is not checked, so a request that somebody recorded
// can be posted again, which changes nothing while ids are kept. The Conversation API signs
// if its webhook has a secret. The SMS API signs at the request of the customer alone; its
// other proofs (Basic auth, OAuth, client certificates, SNS) are not read here.
//
// Sinch delivers again for 22 hours and 45 minutes after a 5xx, and never after a 4xx other
// than 429. So every error of Read asks for another delivery, a signature that does not fit
// and a body that cannot be read too: a wrong secret can be put right before a STOP is lost.
// The Handler answers such a request with 503, and gives it to provider.Options.Observe.
//
// If consent management of the Conversation API is on, Sinch notes opt-outs, replies by
// itself, and tells in an opt_out_notification. It is off by default, and so our replies go
// out by default. If it is on, set provider.Options.ProviderReplies to
// provider.RepliesAlways. Whether the SMS API replies to keywords by itself is not documented
// publicly.
//
// A notification does not say which of Sinch's lists it is about (everything, marketing,
// notifications): it is recorded as an opt-out from everything. It holds the contact's number.
// Whether it always does so for an app in the mode CONVERSATION is not documented publicly; an
// opt-out without a number cannot be recorded, and goes to Observe with an error.
//
// Notifications and delivery reports of the Conversation API do not name a number of yours:
// provider.Options.Account gets "". If you have several accounts, give each a URL of its own.
package sinch
