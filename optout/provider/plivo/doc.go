// Package plivo reads the webhooks of Plivo: inbound messages and status callbacks, and the
// errors of its API.
//
// Plivo signs in two ways. V3 covers the URL and the parameters of the form. V2 covers the
// URL up to its path and nothing else: neither query nor form. Whoever has seen one request
// with V2 can send any text from any number in its place, again and again. Plivo's documents
// promise V2 for messages; whether V3 comes as well is not documented clearly. If a request
// has V3, V3 must fit. If it has V2 alone, it is taken, unless Config.RequireV3 is set: set
// it if your account gets V3. Keep the headers of requests out of logs.
//
// Neither signature has a time: a request that somebody recorded can be posted again.
//
// Plivo waits 8 seconds, and delivers again after 60, 120 and 240 seconds if the answer is
// not 2xx: an opt-out that cannot be stored for seven minutes does not come again. Plivo
// sends no time of the message.
//
// By default Plivo blocks a contact who sends STOP to a long code or a toll-free number in
// the US or Canada, and replies by itself. It lets one message to the contact through within
// 5 minutes. MessageIntent says that a text is one of Plivo's keywords, and not that Plivo
// replied to it. If Plivo's replies are switched off for your account, set
// provider.Options.ProviderReplies to provider.RepliesNever.
package plivo
