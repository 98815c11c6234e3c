// Package optout keeps a messaging app on the right side of a text message
// saying STOP.
//
// A [Guard] stands between the app and its contacts. Every inbound text goes
// through [Guard.Receive], which tells what it asks for, records an opt-out or
// an opt-in behind a store.Store, and hands back the one reply that the contact
// is owed. Every outbound text goes through [Guard.Send], or asks [Guard.Gate]
// at the last moment.
//
// # What holds
//
//   - An opt-out that was acknowledged is never lost and never overtaken: it is
//     stored before Receive returns nil, and an older START does not lift it.
//   - The gate fails closed: on any error, and on anything unexpected, the answer
//     is not allowed.
//   - Only the contact's own START or UNSTOP lifts an opt-out. No agent, import
//     or restore does.
//   - An opt-out covers all of an account's numbers, and no other account.
//
// # Campaigns
//
// [Guard.GateBatch] answers for many numbers at once, and [Filter] for the recipients
// of a campaign, however many. Both tell who is left; Send asks again.
//
// # People who do not use keywords
//
// With [Options.Revocations] a text that is no keyword and asks to stop all the same
// opts out or is held: nothing is sent until a person has read it ([Guard.Reviews],
// [Guard.Resolve]) or the contact texts START. [Options.ConfirmOptIn] is double opt-in.
//
// # Keywords, replies, registration
//
// [Lint] tells which words of a campaign would opt people out; the reply is in the
// language of the keyword ([Options.RepliesByLanguage]); [Guard.Registration] is what a
// 10DLC campaign registers.
//
// # In a webhook
//
// Answer the provider with success only after Receive returned nil. An error on
// an opt-out means that it is not known to be stored: answer so that the
// provider delivers the message again. Where the error is [Permanent] redelivery
// cannot help: log it and look at it. A failed opt-in without a provider's time is not
// to be delivered again, since a STOP may come between; the contact can text
// START once more.
//
// With a store that is bound to a transaction (see [Guard.With]) nothing is
// acknowledged or answered until Commit returned nil.
//
// This is no legal advice.
package optout
