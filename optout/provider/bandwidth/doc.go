// Package bandwidth reads the webhooks of Bandwidth's messaging API: inbound messages and
// status events, and the errors of its API.
//
// Bandwidth signs nothing. A request is proved by Basic auth alone: the user and the password
// that the application has for its callbacks (InboundCallbackCreds and OutboundCallbackCreds).
// They are optional at Bandwidth, and required here. They cover neither URL nor body nor
// time: whoever has seen one request can send any other. Serve the webhook with TLS, and keep
// the Authorization header out of logs.
//
// A request holds an array of events. Bandwidth wants a 2xx within 10 seconds, and delivers
// the whole array again for 24 hours if it does not get one.
//
// Bandwidth keeps no list of opt-outs and replies to no keyword on long codes and short
// codes. On toll-free numbers the network blocks a contact who sends STOP, and replies.
package bandwidth
