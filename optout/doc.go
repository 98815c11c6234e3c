// Package optout records who opted out of text messages, and decides whether a
// message may be sent.
//
// Give every inbound text to [Guard.Receive]. Receive finds what the text asks for,
// records an opt-out or an opt-in in a store.Store, and returns the one reply for the
// contact. Send every outbound text through [Guard.Send], or ask [Guard.Gate] just
// before you send.
//
// # What holds
//
//   - An opt-out that was acknowledged is never lost and never overtaken: it is
//     stored before Receive returns nil, and an older START does not lift it.
//   - The gate fails closed: on any error, and on anything unexpected, the answer
//     is not allowed.
//   - Only the contact's own START or UNSTOP lifts an opt-out. No agent, import
//     or restore does. With [Options.Texts] a review can take back what one text did.
//     [Guard.Void] takes back what the host recorded by mistake, and nothing else.
//   - An opt-out covers all of an account's numbers, and no other account.
//
// # Phone numbers and other contacts
//
// A contact is a phone number in whatever spelling, or an address of a channel that
// [Options.Channels] lists. A text that is not sure to be a number is refused, and a
// [NumberFault] says why: in the error of [Guard.Number], in a [Decision] and in an
// [Outcome]. docs/numbers.md has every rule with an example.
//
// # Campaigns
//
// [Guard.GateBatch] decides about a slice of numbers, and [GateSeq] about the recipients
// of a campaign, however many there are. Both report who may get a message now.
// [Guard.Send] asks the gate again for each message.
//
// # People who do not use keywords
//
// [Options.Texts] decides what happens to a text that is not a keyword and may ask to
// stop: the text opts the contact out, or it is held. While a text is held, nothing is
// sent to the contact. The hold ends when a person has read the text ([Guard.Reviews],
// [Guard.Resolve]), or when the contact texts START. [Options.ConfirmOptIn] switches
// double opt-in on.
//
// # Answering a person
//
// [Guard.Explain] returns why a number may get messages or not, and the record that decides;
// [Guard.History] all that is recorded. [Guard.Search] finds numbers by their last digits.
// [Guard.OptedOutPage], [Guard.ReviewsPage] and [Guard.Count] are for the pages of a back
// office. [Guard.Void] takes back a mistake of the host, and [Guard.Erase] erases the words of
// a contact. docs/support.md shows all of them.
//
// # Keywords, replies, registration
//
// [Lint] reports which words of a campaign would opt people out. The reply is in the
// language of the keyword ([Options.RepliesByLanguage]). [Guard.Registration] returns
// what you register for a 10DLC campaign.
//
// # In a webhook
//
// Package provider takes the webhooks of Twilio, Vonage, Telnyx and other SMS providers: it
// verifies and reads a request, calls Receive, and answers. For another one:
//
// Answer the provider with success only after Receive returned nil. An error on
// an opt-out means that the opt-out may not be stored: answer so that the provider
// delivers the message again. If the error is [Permanent], another delivery cannot
// help: log the error and look at it. After an error on a START without the provider's
// time, answer with success. Delivered again, this START would lift a STOP that
// arrived after it. The contact can text START again.
//
// With a store that is bound to a transaction (see [Guard.With]) nothing is
// acknowledged or answered until Commit returned nil.
//
// # JSON
//
// What a log or an API may show has names in lower case with underscores ("event_id"), and
// leaves out what is empty. A Decision always has "allowed", and is not allowed by what is
// missing: see [Decision.UnmarshalJSON]. Most of these types hold phone numbers and texts: a
// log may be the wrong place for them.
//
// This is not legal advice.
package optout
