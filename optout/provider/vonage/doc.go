// Package vonage reads the webhooks of Vonage: inbound messages and delivery receipts of the
// SMS API, inbound messages and statuses of the Messages API, and the errors of both.
//
// The SMS API signs only if Vonage's support has switched it on for the account. The
// parameter sig is then made by the algorithm that the account's settings show, which
// Config.Algorithm must name. Before it signs, Vonage replaces & and = in a value by _, so
// that sig does not tell the three apart; and it covers the parameters, not the URL.
//
// The Messages API signs with a JWT that holds the hash of the body. Vonage's documents call
// the check of the hash optional; here it is always done, since without it a JWT proves
// nothing about the body that it comes with. The JWT does not cover the URL: the query is
// not read. It has a time of issue and no end. Whether a callback that is delivered again
// has a new one is not documented publicly, so there is no limit unless Config.MaxAge sets
// one: a callback that is posted a second time changes nothing while ids are kept.
//
// After an internal error Vonage may send a callback without a signature, and delivers it
// again, signed, if the answer is a 5xx. So a callback without a signature is answered with
// 503, and one with a wrong signature with 403.
//
// That the Messages API delivers inbound SMS, and which fields the older version 0.1 has, is
// not verified: the documents that were read are of 2021. No API for Vonage's own list of
// opt-outs was found.
//
// Anything but 200 or 204 is delivered again for 24 hours (SMS API).
//
// The message-timestamp of the SMS API is the time of the push and moves with each delivery;
// it is not taken as the time of the message. A long text comes in parts, each in a request
// of its own.
//
// Vonage replies to keywords only if Opt-Out Assist is on for the account. On toll-free
// numbers of North America the carrier replies to STOP and UNSTOP.
package vonage
