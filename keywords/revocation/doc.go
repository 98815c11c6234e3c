// Package revocation reads messages that are no keyword, and says whether they ask
// to stop all the same: "please take me off your list", "deje de mandarme
// mensajes". [Read] is the only thing to call. The package keywords decides about
// keywords, and comes first.
//
// Read cuts a message into words: small letters, no accents, typing errors of the
// words that matter corrected. It leaves out the words that change nothing
// ("please", "now"). Then it looks for patterns of words, and weighs each match by
// the words around it.
//
// A request is [Certain] if it is the whole message, or a phrase of its own. It is
// at most [Possible], or [None], after a "don't", in somebody else's words, in a
// condition or a question, with a limit ("while I'm driving"), in play, in a
// quotation, and in the middle of a long text. A text that asks to send no more goods or
// bills is None.
//
// The language of a reading is that of most words. What English shares with another
// language is English.
//
// # Rules
//
// The rules are text files, one for each language or family of languages, in the
// directory rules. Each rule has an id, a reason, a source and its patterns of words.
// The README of the directory explains them. Languages in other letters than Latin,
// and those without blanks between words, have patterns of parts instead. All parts
// must be in the message, in any order.
package revocation
