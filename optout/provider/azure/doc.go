// Package azure reads what Azure Communication Services sends through Azure Event Grid to a
// webhook: inbound messages and delivery reports, and the answers of its API.
//
// Event Grid signs nothing. The proof is a secret of yours: in the query of the URL of the
// webhook, or in a header that the event subscription sets (a delivery property, marked as
// secret). Or it is a token of Microsoft Entra, which Config.Verify checks with a library of
// yours. A secret does not cover the body, and it has no time: who knows it can send anything.
// A query is written to the logs of proxies: a header is better. Take https only.
//
// When a subscription is set up, Event Grid asks whether the webhook is its own: with an event
// that holds a code, which is sent back, or, for the CloudEvents schema, with OPTIONS and the
// header WebHook-Request-Origin. The first needs the proof. The second gets its answer without
// the secret of a header and without Config.Verify, since it is not documented that Event Grid
// sends them: it only lets Event Grid post, and what is posted needs the proof.
//
// Event Grid delivers again for 24 hours, at most 30 times. An event that is answered with 400
// or 413 goes to the dead-letter location at once, if there is one. Batches may be larger than
// Options.MaxBody: keep the preferred batch size of the subscription below it.
//
// Azure replies to STOP, START and HELP on short codes of the United States, if you have asked
// for it; on toll-free numbers the carrier does. On short codes of Canada and the United
// Kingdom nobody does: set Config.AnsweredWords to an empty list there. Its events do not say
// so. What happens on ten-digit long codes is not documented.
package azure
