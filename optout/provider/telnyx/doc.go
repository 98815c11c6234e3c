// Package telnyx reads the webhooks of Telnyx: inbound messages and delivery reports, and
// the errors of its API.
//
// Telnyx signs each request with a key of its own (Ed25519), over the time of sending and
// the body. A request that is older than 5 minutes is refused, as in Telnyx's libraries.
//
// Telnyx wants its answer within 2 seconds, tries three times, and then the failover URL
// three times: set one in the messaging profile.
//
// Telnyx blocks a contact who sends STOP, and replies. The field autoresponse_type says so:
// STOP, START or HELP.
package telnyx
