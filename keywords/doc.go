// Package keywords knows which words mean opt-out, opt-in and help, and how a
// text message is folded before it is looked up among them.
//
// A message matches when the whole message, folded, is one listed keyword:
// "stop", " Stop. " and "ＳＴＯＰ" are STOP, "STOP PLEASE" is not. Nothing is
// guessed, nothing is matched inside a longer text.
//
// # The default list
//
// [Default] holds the words that carriers and providers act on in the United
// States: STOP, STOPALL, UNSUBSCRIBE, CANCEL, END and QUIT opt out, START and
// UNSTOP opt in, HELP and INFO ask for help. [Set.With] and [Set.Without]
// make other sets from it; a Set never changes.
//
// # Packs
//
// A [Pack] is the dated list of a country or a language, with the source of each
// word. [UnitedStates] and [Canada] are Default with theirs; [Set.WithPacks] adds
// packs up by name. What a rule makes mandatory cannot be removed again. A word that
// people also text for another reason is in no pack but as an optional one, and
// English is on under all of them. [Set.Version] names the packs of a Set.
//
// # Folding
//
// Folding makes one spelling out of the many in which a phone, a keyboard or a
// gateway may deliver a word, and never deletes a visible character between
// two that are kept, so that "UNSTOP", "stop1" and "S T O P" do not become
// STOP:
//
//  1. A message of more than 131,072 bytes (more than 255 SMS parts can carry)
//     is not read; nor is one of more than 4,096 bytes between its outer blanks.
//  2. Bytes that are not UTF-8 count as symbols: cut at the edges, kept inside.
//  3. White space, and what looks like it (U+180E, U+3164, U+2800, U+115F,
//     U+1160, U+FFA0, U+FFFC), is a blank.
//  4. Other format, control, private-use and unassigned characters, variation
//     selectors, tags and U+034F are dropped.
//  5. Unicode normalization form NFKC.
//  6. Case is folded without a locale; İ and ı are i, and U+0307 after i goes.
//  7. Strike-through and underline marks are dropped (U+0332, U+0335 to U+0338,
//     category Me).
//  8. Punctuation, symbols, blanks and marks are cut at both ends.
//  9. What is left is looked up exactly; blanks, hyphens and low lines between
//     the words of a keyword of several words are one separator.
//
// Folding what is folded changes nothing.
//
// # Requests in other words
//
// The package [github.com/seed-f10031e4/consent/keywords/revocation] reads messages
// that are no keyword, and says whether they ask to stop all the same.
package keywords
