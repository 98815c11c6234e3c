package storetest

// cases lists the promises of the package store in its own words, where it has
// them.
func cases() []testCase {
	return []testCase{
		{"UnknownKey", "Get of a key that was never seen is Unknown, with Key set and a nil error", unknownKey},
		{"AppendThenGet", "A nil error from Append means that the event and the state it causes are there", appendThenGet},
		{"InvalidEvent", "An event that no store takes is ErrInvalid, and nothing is written", invalidEvent},
		{"InvalidKey", "A key that no store takes is ErrInvalid", invalidKey},
		{"SetByStore", "RecordedAt, Prior and Effective are set by the store, whatever the caller gives", setByStore},

		{"Duplicate", "A second Append of the same (Key, ID, Status) changes nothing and returns the stored event and the state now, with Duplicate set", duplicate},
		{"ConcurrentDuplicates", "Of concurrent Appends of one event exactly one is no Duplicate, and the event is stored once", concurrentDuplicates},
		{"ReusedIDNewerOptOut", "An opt-out with a known ID whose At is newer than the opt-in in force is applied as a new event", reusedIDNewerOptOut},
		{"ReusedIDOptOut", "An opt-out with the ID of an opt-in is applied", reusedIDOptOut},
		{"ReusedIDOptIn", "An opt-in with the ID of an opt-out is refused with ErrIDReused, and nothing is written", reusedIDOptIn},
		{"IDPerKey", "One ID on two numbers, or in two accounts, is two events", idPerKey},
		{"IDByteForByte", "IDs that differ only in case, accent or trailing blank are different IDs", idByteForByte},

		{"NewerWins", "Where both the state's event and the new one carry the provider's time, the newer At wins", newerWins},
		{"TieIsOptOut", "On a tie of the provider's times the opt-out wins", tieIsOptOut},
		{"MissingTime", "Where one of two events carries no provider's time, the order of arrival decides", missingTime},
		{"UndatedOptOut", "An opt-in that was sent before an opt-out without a time was received does not lift it", undatedOptOut},
		{"OthersOptIn", "An opt-in whose Source is not \"keyword\" takes effect only on Unknown", othersOptIn},
		{"OthersOptInReplaced", "Any opt-out, whatever its At, replaces an opt-in whose Source is not \"keyword\"", othersOptInReplaced},
		{"LoserStays", "What does not win stays in the history with Effective false", loserStays},
		{"EveryOrder", "With times on all events, every order of arrival ends in the same status", everyOrder},
		{"RandomEvents", "Every event is recorded and applied by the rule of Next and Replay", randomEvents},

		{"KeyByteForByte", "Keys that differ only in case, accent or trailing blank are different keys", keyByteForByte},
		{"KeySplit", "Keys whose account and number only join to the same text are different keys", keySplit},
		{"KeyLength", "Account, Number and ID are taken up to 255 bytes", keyLength},
		{"Accounts", "Accounts never see each other", accounts},

		{"Times", "Times survive to the microsecond, in any zone", times},
		{"TimesToMicrosecond", "Times are compared as they are stored, to the microsecond", timesToMicrosecond},
		{"Evidence", "Evidence survives byte for byte", evidence},
		{"LongText", "Text is cut at 4,096 bytes, and marked so", longText},

		{"CancelledContext", "A context that is already cancelled writes nothing, and every call fails", cancelledContext},
		{"CancelledMidway", "An Append whose context is cancelled midway never leaves half", cancelledMidway},
		{"CancelledByTime", "An Append whose context ends while it runs never leaves half", cancelledByTime},
		{"CancelledRead", "A read whose context is cancelled midway fails, or answers in full", cancelledRead},

		{"Atomic", "Append is atomic: the event and the state it causes are both there, or neither", atomicAppend},
		{"ConcurrentAppends", "Goroutines appending to one key never lose an event and agree on the state", concurrentAppends},
		{"ConcurrentCalls", "Every method is safe for concurrent use", concurrentCalls},

		{"HistoryOrder", "History is in the order of recording", historyOrder},
		{"HistoryLimit", "A page of History has at most Limit events, and Next is \"\" at the end", historyLimit},
		{"HistoryThousand", "A page of History has 100 events for Limit 0, and never more than 1,000", historyThousand},
		{"HistoryStable", "Pages of History are stable under appends between them", historyStable},
		{"HistoryConcurrent", "Pages of History are stable under concurrent appends", historyConcurrent},
		{"HistoryCursor", "A foreign or broken cursor is ErrBadCursor", historyCursor},
		{"HistorySlice", "Slices that History returns are the caller's", historySlice},

		{"BatchEqualsGets", "GetBatch returns the states in the given order and length, duplicates kept, each as Get would return it", batchEqualsGets},
		{"ReadBatchEqualsGets", "ReadBatch writes over the given states, whatever is in them, what Get would return, in the given order, and answers for no store that embeds it", readBatchEqualsGets},
		{"BatchInvalid", "GetBatch of a key that no store takes is ErrInvalid", batchInvalid},
		{"BatchCancelled", "GetBatch with a cancelled context fails", batchCancelled},
		{"BatchSlice", "Slices that GetBatch returns are the caller's, and its arguments are not retained", batchSlice},

		{"ListEqualsGets", "List returns the account's states with the given status, in the byte order of their numbers, each as Get would return it", listEqualsGets},
		{"ListInvalid", "List of an account that no store takes is ErrInvalid", listInvalid},
		{"ListCancelled", "List with a cancelled context fails", listCancelled},
		{"ListLimit", "A page of List has at most Limit states, and Next is \"\" at the end", listLimit},
		{"ListThousand", "A page of List has 100 states for Limit 0, and never more than 1,000", listThousand},
		{"ListStable", "What was there before the first page of List and keeps its status is listed exactly once", listStable},
		{"ListCursor", "A cursor that is broken, or of another query, is ErrBadCursor", listCursor},
		{"ListSlice", "Slices that List returns are the caller's", listSlice},

		{"HeldState", "A key with an open hold is Held, as Get, GetBatch and List answer it, with the times, the source and the id of the first one", heldState},
		{"HeldRule", "A hold opens where an opt-out would be in force, and only the contact's own newer opt-in ends it", heldRule},
		{"HeldUndone", "A Released event ends the hold with its ID, and what was in force before is in force again", heldUndone},
		{"HeldResolved", "The opt-out of a review ends the hold with its ID and is in force, and no other opt-out ends it", heldResolved},
		{"HeldBehindOptOut", "A Released event lifts no opt-out, and an opt-out hides a hold until it is lifted", heldBehindOptOut},
		{"HeldDuplicate", "A second Append of a Held, Released or Asked event changes nothing", heldDuplicate},
		{"HeldConcurrent", "Of goroutines that hold and release one key none is lost, and they agree on the state", heldConcurrent},
		{"HeldRandom", "Every event of a Reviewer is recorded and applied by the rule of Standing.Next and Replay", heldRandom},
		{"AskedChangesNothing", "Asked has no effect", askedChangesNothing},

		{"ReviewsOrder", "Reviews lists each open hold of a key that is Held, the one that was received first at the beginning", reviewsOrder},
		{"ReviewsInvalid", "Reviews of an account that no store takes is ErrInvalid", reviewsInvalid},
		{"ReviewsCancelled", "Reviews with a cancelled context fails", reviewsCancelled},
		{"ReviewsLimit", "A page of Reviews has at most Limit events, and Next is \"\" at the end", reviewsLimit},
		{"ReviewsThousand", "A page of Reviews has 100 events for Limit 0, and never more than 1,000", reviewsThousand},
		{"ReviewsStable", "What waits from before the first page of Reviews to the last is listed exactly once", reviewsStable},
		{"ReviewsCursor", "A cursor of Reviews that is broken, or of another query, is ErrBadCursor", reviewsCursor},
		{"ReviewsSlice", "Slices that Reviews returns are the caller's", reviewsSlice},

		{"CheckerReady", "Check of a store that serves is nil", checkerReady},
	}
}
