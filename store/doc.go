// Package store defines what is remembered of a contact's consent, and the interface of
// the backends that remember it.
//
// A [Store] keeps, for each [Key] (one phone number as one account sees it), the history
// of what was asked for, as [Record]s in the order of recording, and the [State] that
// follows from the history by one transition rule, [Standing.Next].
//
// # Writing a store
//
// Three methods are enough. Append calls [Event.Normalize], finds the records with the
// same IDs ([Event.IDs]) and asks [Replay], decides with [Standing.Next], and writes the record and the
// state in one transaction. A [Ledger] does all of this for a key whose records fit in
// memory: load the records, call [Ledger.Append], save the new record. Then run
// storetest.Run, which holds your store to each promise that is made here. Package
// memstore is the reference.
//
// A store that can do more implements an optional interface: [BatchGetter], [BatchAppender],
// [Lister], [Reviewer], [Counter], [RecordGetter], [Searcher], [IDLister], [ChangeLister], [Eraser].
// [As] finds them. If a store has none, [GetBatch] falls back to Gets, [AppendBatch] to
// Appends, [GetRecords] to History and [Count] to List. The others answer
// errors.ErrUnsupported.
//
// # JSON
//
// Names are in lower case, with underscores: "received_at". Actions and statuses are their
// words, and any other word is an error. Fields that are empty are left out, times that are
// not known too. What is written is read back exactly, evidence of any bytes as well: see
// [Event.MarshalJSON].
package store
