package storetest

// cases lists the promises of a store, in the words of package store where it has them.
func cases() []testCase {
	return []testCase{
		{"UnknownKey", unknownKey, "Get of a key that was never seen is Unknown, with Key set and a nil error"},
		{"AppendThenGet", appendThenGet, "A nil error from Append means that the record and the state it causes are there"},
		{"EveryAction", everyAction, "Every store takes every Action, and keeps it"},
		{"AnswersNow", answersNow, "Every read answers what is in force now, whatever it answered before"},
		{"InvalidEvent", invalidEvent, "An event that no store takes is ErrInvalid, and nothing is written"},
		{"InvalidKey", invalidKey, "A key that no store takes is ErrInvalid"},
		{"SetByStore", setByStore, "RecordedAt, Prior and Effective are set by the store: its clock, what was in " +
			"force before, and whether the event became the state"},

		{"Duplicate", duplicate, "A second Append of the same (Key, ID, Action) changes nothing and returns the " +
			"stored record and the state now, with Duplicate set"},
		{"DuplicateReview", duplicateReview, "A second Append of the same Hold, Release, Uphold, Retract, Ask or Void changes nothing"},
		{"DuplicateLater", duplicateLater, "A second Append is a Duplicate however many events lie between"},
		{"ConcurrentDuplicates", concurrentDuplicates, "Of concurrent Appends of one event exactly one is no " +
			"Duplicate, and the event is stored once"},
		{"ReusedID", reusedID, "An opt-out or a hold that differs from the stored one in Source, At, Text or From is applied as " +
			"a new event"},
		{"SameAsStored", sameAsStored, "An event is compared with the stored one as it is stored: microseconds, cut"},
		{"UndatedAgain", undatedAgain, "An opt-out or a hold without At, in the same words, is new if its receipt is " +
			"more than 72 hours later, and otherwise a Duplicate"},
		{"ReusedIDOptOut", reusedIDOptOut, "An opt-out or a hold with the ID of another Action is applied"},
		{"ReusedIDOptIn", reusedIDOptIn, "An opt-in or a consent with the ID of another Action is refused with " +
			"ErrIDReused, and nothing is written"},
		{"IDPerKey", idPerKey, "One ID on two numbers, or in two accounts, is two events"},
		{"IDByteForByte", idByteForByte, "IDs that differ only in case, accent or trailing blank are different IDs"},

		{"NewerWins", newerWins, "Of an opt-out and an opt-in that both carry the provider's time, the newer At wins"},
		{"TieIsOptOut", tieIsOptOut, "On a tie of the provider's times the opt-out wins"},
		{"MissingTime", missingTime, "If one of two events carries no provider's time, the order of arrival decides"},
		{"UndatedOptOut", undatedOptOut, "An opt-in that was sent before an opt-out without a time was received, to " +
			"the second, does not lift it"},
		{"HarderOptOut", harderOptOut, "Of two opt-outs the one that is harder to lift stays in force"},
		{"ConsentOnlyOnUnknown", consentOnlyOnUnknown, "Consent takes effect only if nothing is in force, and never lifts an opt-out"},
		{"ConsentReplaced", consentReplaced, "Any opt-out, whatever its At, replaces a consent, as does the contact's own opt-in"},
		{"SourceIsALabel", sourceIsALabel, "Source decides nothing about what is in force: Action does"},
		{"LoserStays", loserStays, "What does not win stays in the history with Effective false"},
		{"EveryOrder", everyOrder, "With times on all events, every order of arrival ends in the same status"},
		{"Added", added, "An opt-out or a hold that is added anywhere in a sequence never opens the gate"},

		{"HeldState", heldState, "A key with an open hold is Held, with the times, source and id of the hold that is " +
			"the hardest to lift, as every read answers it"},
		{"HoldOpens", holdOpens, "A hold opens unless an opt-in in force would have lifted it, and waits unseen while " +
			"the contact is opted out"},
		{"HoldEnds", holdEnds, "A hold ends by an opt-in that would lift an opt-out in its place"},
		{"HoldWaits", holdWaits, "A held number never becomes allowed by waiting"},
		{"HoldConcurrent", holdConcurrent, "Of goroutines that hold and release one key none is lost, and they agree on the state"},
		{"AskChangesNothing", askChangesNothing, "Ask has no effect"},

		{"ReleaseEndsOne", releaseEndsOne, "A Release ends the hold that it names and nothing else, and what was in " +
			"force before is in force again"},
		{"ReviewNamesAll", reviewNamesAll, "A review names its text in ID, At, ReceivedAt and Text: one that matches " +
			"no text in all four is ErrInvalid, and nothing is written"},
		{"ReviewSettlesAll", reviewSettlesAll, "A review settles its text however it was recorded: as a hold, as a request, or as both"},
		{"ReviewOfSender", reviewOfSender, "Of texts that are alike, a review settles those that have its From, if there are " +
			"any, and otherwise all of them"},
		{"ReviewNotPastOptOut", reviewNotPastOptOut, "No review opens the gate past an opt-out"},
		{"UpholdOptsOut", upholdOptsOut, "An Uphold of an open hold ends in OptedOut, and puts an opt-out in the place of the text"},
		{"UpholdAfterStart", upholdAfterStart, "If a START ended the hold, an Uphold has no effect"},
		{"UpholdAfterRelease", upholdAfterRelease, "An Uphold of a released text is in force unless a START was sent, " +
			"or without a time received, after the text was received"},
		{"TextTakenBack", textTakenBack, "A Release of an opt-out that was read from a text takes back what that text " +
			"did, and nothing else"},
		{"Retracts", retracts, "A Retract takes back the opt-out or the hold that it names and what a review made of it, and nothing else"},
		{"Voids", voids, "A Void takes back the opt-outs and the consents that it names: the standing is that of the history " +
			"without them"},
		{"VoidNotPastOthers", voidNotPastOthers, "A Void opens the gate past nothing that the host did not record"},
		{"VoidNames", voidNames, "A Void names what the host recorded by its ID and From: a Void of another event, of a Void or of " +
			"nothing is ErrInvalid, and nothing is written"},
		{"VoidAgain", voidAgain, "The ID of what was voided stays used: the same event again is a Duplicate and stays voided, as is the " +
			"same Void again"},
		{"VoidBefore", voidBefore, "A Void takes back all that it names and that came before it, and nothing that came after it"},
		{"VoidConcurrent", voidConcurrent, "Of goroutines that record, void and opt out one key none is lost, and they agree on the state"},
		{"RandomEvents", randomEvents, "Every event is recorded and applied by the rule"},

		{"KeyByteForByte", keyByteForByte, "Keys that differ only in case, accent or trailing blank are different keys"},
		{"KeySplit", keySplit, "Keys whose account and number only join to the same text are different keys"},
		{"KeyNoPattern", keyNoPattern, "Keys are compared byte for byte, and are no patterns"},
		{"KeyLength", keyLength, "Account, Number and ID are taken up to 255 bytes"},
		{"Accounts", accounts, "Accounts never see each other"},

		{"Times", times, "Times survive to the microsecond, in any zone"},
		{"TimesToMicrosecond", timesToMicrosecond, "Times are compared as they are stored, to the microsecond"},
		{"TimesCompared", timesCompared, "Times are compared by all of their digits, in any year"},
		{"Evidence", evidence, "Evidence survives byte for byte"},
		{"LongText", longText, "Text is cut at 4,096 bytes, and marked so"},

		{"CancelledContext", cancelledContext, "A context that is already cancelled writes nothing, and every call fails"},
		{"CancelledMidway", cancelledMidway, "An Append whose context is cancelled midway never leaves half"},
		{"CancelledByTime", cancelledByTime, "An Append whose context ends while it runs never leaves half"},
		{"CancelledRead", cancelledRead, "A read whose context is cancelled midway fails, or answers in full"},

		{"Atomic", atomicAppend, "Append is atomic: the record and the state it causes are both there, or neither"},
		{"ConcurrentAppends", concurrentAppends, "Goroutines appending to one key never lose an event and agree on the state"},
		{"ConcurrentCalls", concurrentCalls, "Every method is safe for concurrent use"},
		{"TwoProcesses", twoProcesses, "Two processes appending to one key never lose an event and agree on the state"},
		{"Reopened", reopened, "What one process was acknowledged, every other process sees"},

		{"HistoryOrder", historyOrder, "History is in the order of recording"},
		{"HistoryLimit", historyLimit, "A page of History has at most Limit records, and Next is \"\" at the end"},
		{"HistoryThousand", historyThousand, "History keeps every record, however many there are, in pages of 100 for " +
			"Limit 0 and never more than 1,000"},
		{"HistoryStable", historyStable, "Pages of History are stable under appends between them"},
		{"HistoryConcurrent", historyConcurrent, "Pages of History are stable under concurrent appends"},
		{"HistoryCursor", historyCursor, "A foreign or broken cursor is ErrBadCursor"},
		{"HistorySlice", historySlice, "Slices that History returns are the caller's"},

		{"BatchEqualsGets", batchEqualsGets, "GetBatch returns the states in the given order and length, duplicates " +
			"kept, each as Get would return it"},
		{"BatchInvalid", batchInvalid, "GetBatch of a key that no store takes is ErrInvalid"},
		{"BatchCancelled", batchCancelled, "GetBatch with a cancelled context fails"},
		{"BatchSlice", batchSlice, "Slices that GetBatch returns are the caller's, and its arguments are not retained"},

		{"AppendBatchEqualsAppends", appendBatchEqualsAppends, "AppendBatch returns the results in the given order, each as Append " +
			"would return it in its turn"},
		{"AppendBatchOrder", appendBatchOrder, "AppendBatch applies the events of one key in the given order"},
		{"AppendBatchSize", appendBatchSize, "A batch may have any number of events, of any keys"},
		{"AppendBatchDuplicate", appendBatchDuplicate, "An event that is stored already, or is twice in a batch, is a " +
			"Duplicate, and stored once"},
		{"AppendBatchRefused", appendBatchRefused, "An opt-in or a consent that Append would refuse with ErrIDReused is a Result with " +
			"nothing but Err, and the other events of the batch are stored"},
		{"AppendBatchInvalid", appendBatchInvalid, "A batch with an event that no store takes is ErrInvalid, and nothing of it is written"},
		{"AppendBatchAtomic", appendBatchAtomic, "AppendBatch is atomic: all events of a batch are there, or none"},
		{"AppendBatchCancelled", appendBatchCancelled, "AppendBatch with a context that is already cancelled fails, and writes nothing"},
		{"AppendBatchMidway", appendBatchMidway, "An AppendBatch whose context ends while it runs never leaves a part of the batch"},
		{"AppendBatchConcurrent", appendBatchConcurrent, "Batches of the same keys at the same time, in whatever order, do not deadlock, lose " +
			"no event and agree on the state"},
		{"AppendBatchSlice", appendBatchSlice, "Slices that AppendBatch returns are the caller's, and its arguments are not retained"},

		{"ListEqualsGets", listEqualsGets, "List returns the account's states with the given status, in the byte " +
			"order of their numbers, each as Get would return it"},
		{"ListInvalid", listInvalid, "List of an account that no store takes is ErrInvalid"},
		{"ListCancelled", listCancelled, "List with a cancelled context fails"},
		{"ListLimit", listLimit, "A page of List has at most Limit states, and Next is \"\" at the end"},
		{"ListThousand", listThousand, "A page of List has 100 states for Limit 0, and never more than 1,000"},
		{"ListStable", listStable, "What was there before the first page of List and keeps its status is listed exactly once"},
		{"ListCursor", listCursor, "A cursor that is broken, or of another query, is ErrBadCursor"},
		{"ListSlice", listSlice, "Slices that List returns are the caller's"},

		{"SearchEqualsGets", searchEqualsGets, "Search returns the account's states whose numbers begin with Prefix, or end with Suffix, byte " +
			"for byte, in the byte order of the numbers, with a Suffix of the numbers written backwards, each as Get would return it"},
		{"SearchNow", searchNow, "Search finds by what is in force now, whatever was in force before"},
		{"SearchInvalid", searchInvalid, "Search of an account or for a text that no store takes, and with both Prefix and Suffix or " +
			"neither, is ErrInvalid"},
		{"SearchCancelled", searchCancelled, "Search with a cancelled context fails"},
		{"SearchLimit", searchLimit, "A page of Search has at most Limit states, and Next is \"\" at the end"},
		{"SearchThousand", searchThousand, "A page of Search has 100 states for Limit 0, and never more than 1,000"},
		{"SearchStable", searchStable, "What a search finds from before its first page to the last is found exactly once"},
		{"SearchCursor", searchCursor, "A cursor of Search that is broken, or of another query, is ErrBadCursor"},
		{"SearchSlice", searchSlice, "Slices that Search returns are the caller's"},

		{"RecordsEqualHistory", recordsEqualHistory, "GetRecords returns the key's records with an ID, in the order of recording, each as " +
			"History returns it"},
		{"RecordsThousand", recordsThousand, "GetRecords finds a record among any number of them"},
		{"RecordsInvalid", recordsInvalid, "GetRecords of a key or an ID that no store takes is ErrInvalid"},
		{"RecordsCancelled", recordsCancelled, "GetRecords with a cancelled context fails"},
		{"RecordsSlice", recordsSlice, "Slices that GetRecords returns are the caller's"},

		{"CountEqualsGets", countEqualsGets, "Count returns how many keys of the account have each status, each as Get would return it"},
		{"CountNow", countNow, "Count counts what is in force now, whatever was in force before"},
		{"CountThousand", countThousand, "Count counts all keys of an account, however many there are"},
		{"CountInvalid", countInvalid, "Count of an account that no store takes is ErrInvalid"},
		{"CountCancelled", countCancelled, "Count with a cancelled context fails"},

		{"ReviewsOrder", reviewsOrder, "Reviews lists each open hold of a key that is Held, the one that was received " +
			"first at the beginning"},
		{"ReviewsHidden", reviewsHidden, "Reviews lists no hold of a key that is opted out, until the opt-out is lifted"},
		{"ReviewsRandom", reviewsRandom, "Reviews lists what waits by the rule, after any events"},
		{"ReviewsInvalid", reviewsInvalid, "Reviews of an account that no store takes is ErrInvalid"},
		{"ReviewsCancelled", reviewsCancelled, "Reviews with a cancelled context fails"},
		{"ReviewsLimit", reviewsLimit, "A page of Reviews has at most Limit records, and Next is \"\" at the end"},
		{"ReviewsThousand", reviewsThousand, "A page of Reviews has 100 records for Limit 0, and never more than 1,000"},
		{"ReviewsStable", reviewsStable, "What waits from before the first page of Reviews to the last is listed exactly once"},
		{"ReviewsCursor", reviewsCursor, "A cursor of Reviews that is broken, or of another query, is ErrBadCursor"},
		{"ReviewsSlice", reviewsSlice, "Slices that Reviews returns are the caller's"},

		{"EventIDsOrder", idsOrder, "EventIDs returns the account's records whose ID begins with Prefix, in the byte order of their " +
			"IDs, those of one ID by number, and those of one number in the order of recording"},
		{"EventIDsInvalid", idsInvalid, "EventIDs of an account that no store takes, or with a Prefix that begins no ID, is ErrInvalid"},
		{"EventIDsCancelled", idsCancelled, "EventIDs with a cancelled context fails"},
		{"EventIDsLimit", idsLimit, "A page of EventIDs has at most Limit records, and Next is \"\" at the end"},
		{"EventIDsThousand", idsThousand, "A page of EventIDs has 100 records for Limit 0, and never more than 1,000"},
		{"EventIDsStable", idsStable, "What was there before the first page of EventIDs is listed exactly once"},
		{"EventIDsCursor", idsCursor, "A cursor of EventIDs that is broken, or of another query, is ErrBadCursor"},
		{"EventIDsSlice", idsSlice, "Slices that EventIDs returns are the caller's"},

		{"ChangesOrder", changesOrder, "Changes lists an account's records in the order of recording: those of one number in the order of " +
			"History, and of two numbers first the record that was there before the other's Append began"},
		{"ChangesBatch", changesBatch, "Changes lists each record of a batch once, those of one number in the order of History"},
		{"ChangesGoOn", changesGoOn, "A cursor of Changes goes on with what was recorded since, also that of the last page and on any later day"},
		{"ChangesMissNone", changesMissNone, "Changes misses no record, whatever is recorded while the pages are read"},
		{"ChangesSince", changesSinceTime, "Changes with Since lists the records whose RecordedAt is Since or later, and a cursor is good " +
			"for any Since"},
		{"ChangesInvalid", changesInvalid, "Changes of an account that no store takes is ErrInvalid"},
		{"ChangesCancelled", changesCancelled, "Changes with a cancelled context fails"},
		{"ChangesLimit", changesLimit, "A page of Changes has at most Limit records, and Next is \"\" on a page without records, and only there"},
		{"ChangesThousand", changesThousand, "A page of Changes has 100 records for Limit 0, and never more than 1,000"},
		{"ChangesCursor", changesCursor, "A cursor of Changes that is broken, or of another account or query, is ErrBadCursor"},
		{"ChangesSlice", changesSlice, "Slices that Changes returns are the caller's"},

		{"EraseEvidence", eraseEvidence, "Erase empties From, To, Text, Actor and Note of every record of the key: no byte of them is found " +
			"again through any method"},
		{"EraseKeeps", eraseKeeps, "Erase leaves what is in force as it is, and the ids, times, actions, sources, keywords and effects of " +
			"the records"},
		{"EraseRecorded", eraseRecorded, "Erase records who erased, why and when, without an effect on what is in force, and a later " +
			"Erase keeps that"},
		{"EraseListed", eraseListed, "Changes, EventIDs and GetRecords list the record of an Erase as any other, and no record twice"},
		{"EraseUnknown", eraseUnknown, "A key that was never seen gets no record by an Erase"},
		{"EraseInvalid", eraseInvalid, "Erase of a key or at a time that no store takes is ErrInvalid, and no Append takes an erasure"},
		{"EraseDuplicate", eraseDuplicate, "An erased message that is delivered again is a Duplicate, and brings nothing back"},
		{"EraseOther", eraseOther, "An opt-out or a hold that differs from an erased one in ID, Source or At, or is received more than 72 " +
			"hours later without At, is a new event with its evidence"},
		{"EraseReading", eraseReading, "An erased message that comes again with another Action is applied, and recorded without evidence"},
		{"EraseHold", eraseHold, "A review names an erased text by ID, At and ReceivedAt, and is recorded without the text"},
		{"EraseApart", eraseApart, "A review that settled one of several texts of one ID, At and ReceivedAt is about this text " +
			"after an Erase too"},
		{"EraseVoid", eraseVoid, "What was voided stays voided after an Erase, a Void takes back what was erased, and is recorded with " +
			"its Actor and Note and without its From, and a Void again is a Duplicate"},
		{"EraseVoidOne", eraseVoidOne, "Of events that a Void can take back, with one ID and several senders, an Erase leaves in force " +
			"what was not voided, and a later Void is refused"},
		{"EraseOne", eraseOne, "Erase erases one key, and nothing of another number or account"},
		{"EraseThousand", eraseThousand, "Erase erases every record, however many there are"},
		{"EraseCancelled", eraseCancelled, "Erase with a context that is already cancelled fails, and erases nothing"},
		{"EraseMidway", eraseMidway, "An Erase whose context ends while it runs erases all or nothing, and a second Erase finishes"},
		{"EraseConcurrent", eraseConcurrent, "Of an Erase and an Append at the same time the event is applied, and its evidence is erased or " +
			"whole, by their order"},
		{"EraseRandom", eraseRandom, "An Erase anywhere in a sequence of events changes nothing that the rule decides"},
	}
}
