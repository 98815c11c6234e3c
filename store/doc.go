// Package store is what is remembered of a contact's consent, and the interface
// behind which it is remembered.
//
// A [Store] keeps, for each [Key] (one phone number as one account sees it), the
// history of what was asked for, as [Event]s in the order of recording, and the
// [State] that follows from it by the one transition rule, [Next].
//
// # Writing a store
//
// Three methods are enough. Call [Event.Normalize] on what comes in, look for an
// earlier event with [Replay], decide with [Next], write the event and the state
// in one transaction, and run storetest.Run: it holds your store to each promise
// that is made here. Package memstore is the reference.
//
// A store that can do more implements one of the optional interfaces
// ([BatchGetter], [BatchReader], [Lister], [Checker], [Reviewer]). They are found with [As]; where
// one is missing, [GetBatch] falls back to Gets, and [List] and [Reviews] answer
// errors.ErrUnsupported. A Reviewer takes events of more statuses: it calls
// [Event.NormalizeAny], gives [Replay] its [Standing.Consent], and decides with
// [Standing.Next].
package store
