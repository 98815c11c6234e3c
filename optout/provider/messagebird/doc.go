// Package messagebird reads the webhooks of MessageBird, and of Bird, as it is called now:
// inbound messages, and reports of messages that failed.
//
// MessageBird signs with a JWT that holds the hash of the URL and the hash of the body, and
// counts for a minute; a URL that a proxy has changed fails, so set provider.Options.PublicURL.
// Whether MessageBird also signs its status reports, which are GETs, is not documented
// publicly. One without a signature is refused. A status report does not name the sender:
// provider.Options.Account gets "". If you have several accounts, give each a URL of its own.
//
// Bird signs the time, the URL and the body. By its documents it delivers a request again
// for 8 hours; users report that it does so with the time of the first delivery. So there is
// no limit unless Config.MaxAge sets one. The older signature of MessageBird, which its own
// libraries no longer support, covers the query and not scheme, host and path.
//
// The signatures have no memory: a request that is posted a second time in its minute, or
// later with the HMACs, changes nothing while ids are kept.
//
// How often MessageBird delivers a request again is not documented publicly. Bird wants a 2xx.
//
// Bird has an event sms.opted_out, whose shape is not documented publicly. It is refused with
// 400, so that it is seen, and never answered as if it were stored.
//
// Bird listens for keywords in nine languages, blocks the sender for the contact, and
// replies by itself. Its webhooks do not say so.
package messagebird
