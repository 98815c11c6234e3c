// Package infobip reads the webhooks of Infobip: inbound messages and delivery reports, and
// the answers of its API.
//
// Infobip's documents name no signature for SMS. The proof is HTTP Basic authentication: set
// a username and a password where Infobip asks for the URL of the webhook. The proof does not
// cover the body, and it has no time: who reads one request can send others. Take https only.
// That the forwarding of SMS sends the username and the password is not documented publicly:
// try it with your account.
//
// A request holds several messages. Each has the time when Infobip received it.
//
// Infobip does not say whether it has replied. The field keyword is the keyword of your
// account that begins the text: what Infobip does for it is set up there. A keyword with a
// blocking action puts the contact on Infobip's blocklist, and no reply is sent. If you have
// set up replies, name their words in Config.AnsweredWords.
//
// When Infobip delivers a request again is not documented publicly.
package infobip
