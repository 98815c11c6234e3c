// Package keywords knows which words mean opt-out, opt-in and help. It folds a
// message and looks it up among them.
//
// A message matches if the whole message, folded, is one listed keyword: "stop",
// " Stop. " and "ＳＴＯＰ" are STOP, "STOP PLEASE" is not. The package does not
// guess, and does not search inside a longer text. The package
// [github.com/seed-f10031e4/consent/keywords/revocation] reads messages that ask to
// stop in other words.
//
// # The default list
//
// [Default] lists the words that carriers and providers in the United States act
// on. STOP, STOPALL, UNSUBSCRIBE, CANCEL, END and QUIT opt out. START and UNSTOP
// opt in. HELP and INFO ask for help. [Set.With] and [Set.Without] make other sets
// from it. A [Set] never changes.
//
// # Packs
//
// A [Pack] is the dated list of a country or a language, with the source of each
// word. [Set.WithPacks] adds packs by name. [UnitedStates] and [Canada] are Default
// with their packs. A word that a rule makes mandatory cannot be removed. A word
// that people also text for another reason is optional: its pack names it, and does
// not add it. The words of Default are on under every pack. [Set.Version] names the
// list and its packs.
//
// # Folding
//
// A phone, a keyboard or a gateway may deliver a word in many spellings. Folding
// makes one of them. It never deletes a visible character between two that it
// keeps, so "UNSTOP", "stop1" and "S T O P" never become STOP:
//
//  1. A message of more than 131,072 bytes (more than 255 SMS parts can carry) is
//     not read. A message of more than 4,096 bytes between its outer blanks is no
//     keyword.
//  2. Bytes that are not UTF-8 count as symbols: cut at the ends, kept inside.
//  3. White space, and what looks like it (U+180E, U+3164, U+2800, U+115F, U+1160,
//     U+FFA0, U+FFFC), is a blank.
//  4. Other format, control, private-use and unassigned characters, variation
//     selectors, tags and U+034F are dropped.
//  5. The text is brought into Unicode normalization form NFKC.
//  6. Case is folded, in the same way for all languages. İ and ı become i, and
//     U+0307 after i is dropped.
//  7. Strike-through and underline marks are dropped (U+0332, U+0335 to U+0338,
//     category Me).
//  8. Punctuation, symbols, blanks and marks are cut at both ends.
//  9. The rest is looked up exactly. In a keyword of several words, a run of blanks,
//     hyphens and underscores is one separator.
//
// Within the limits of step 1, the fold of a fold is itself.
package keywords
