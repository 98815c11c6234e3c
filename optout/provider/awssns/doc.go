// Package awssns reads what AWS End User Messaging sends through a topic of Amazon SNS to an
// HTTPS endpoint: inbound messages and delivery events, and the errors of the API
// (pinpoint-sms-voice-v2).
//
// SNS signs each request (RSA, with SHA-1 or SHA-256: SignatureVersion 1 or 2) over the
// fields of the envelope, not over the URL and the header. Anybody can have a topic that SNS
// signs for, so the topic is compared with Config.Topics. The envelope names the URL of the
// certificate: the host must be that of SNS, before the certificate is fetched through
// Config.Client. What proves the certificate is the TLS connection to this host, as in AWS's
// own libraries: the chain of the certificate itself is not built, since SNS sends the
// certificate without it. A certificate that expired before the request was signed is
// refused. The signature does not keep anybody from sending a request again.
//
// Raw message delivery is not signed: leave it off.
//
// SNS delivers again after a 5xx: by default 3 times, 20 seconds apart, and at most for an
// hour. After a 4xx it does not. Attach a dead-letter queue to the subscription, or an opt-out
// that could not be stored is lost. Take a standard topic, which does not keep the order.
//
// A request of a topic that is not in Config.Topics is refused, and SNS does not deliver it
// again: add a topic here before you subscribe the endpoint to it.
//
// A SubscriptionConfirmation of one of Config.Topics is confirmed. After an
// UnsubscribeConfirmation nothing comes any more: Options.Observe gets it as a handshake.
//
// AWS puts a contact who sends STOP on an opt-out list, and replies, unless self-managed
// opt-outs are on; its requests do not say so. An opt-out list may be shared by many numbers.
// AWS takes nobody off for START unless START is set up as a keyword with the action OPT_IN: a
// contact who opts in here may still be on AWS's list, and messages to the contact are then
// refused. AWS takes a number off a list once in 30 days.
package awssns
