// Package twilio reads the webhooks of Twilio: inbound messages, status callbacks and the
// events of Event Streams, and the errors of its API.
//
// Twilio signs the URL that it called and the parameters of a form; of a JSON body it signs
// the hash in the parameter bodySHA256. The signature has no time: a request that somebody
// recorded can be posted again, which changes nothing while ids are kept.
//
// Event Streams do not read TwiML: set provider.Options.Reply if inbound messages come that
// way.
//
// By default Twilio calls a webhook once, and again only after a failed connection. In
// Twilio's console, put "#rc=5&rp=5xx,ct,rt" at the end of the URL. Otherwise an opt-out that
// could not be stored is lost.
//
// By default Twilio blocks a contact who sends STOP to a long code or a toll-free number, and
// replies by itself; its webhook does not say so. With Advanced Opt-Out the parameter
// OptOutType does. If Twilio's replies are switched off for your account, set
// provider.Options.ProviderReplies to provider.RepliesWhenFlagged.
package twilio
