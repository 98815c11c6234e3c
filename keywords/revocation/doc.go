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
// quotation, and in the middle of a long text.
//
// # Patterns
//
// The rules are tables of patterns, a file for each language or group of
// languages. Each rule has an id, a reason and a source. A pattern matches words
// that follow each other:
//
//	sign    meaning                                      example           matches
//	word    this word                                    take              "take"
//	NAME    any word of the list NAME                    TAKE me           "get me", "take me"
//	a|b     one of several words or lists                text|MSGS         "text", "messages"
//	?       the word may be missing                      MY? number        "number", "my number"
//	+       the word, once or more                       ANY+ texts        "all these texts"
//	*       the word, once or more, or missing           ANY* texts        "texts", "all these texts"
//	.       any word                                     my . number       "my old number"
//	^       the beginning of a phrase                    ^ [stop]          "stop" in "Hello, stop"
//	$       the end of a phrase                          [texts] $         "texts" in "no texts, ok"
//	[a]     the anchor: the search begins at this word   take me [off]     "take me off"
//	(a)     an anchor that is a common word, searched    (stop) my texts   "stop my texts"
//	        for in short messages only
//
// Every pattern has one anchor. The rarest word is the best one. No pattern goes
// past the end of a phrase: a comma, a full stop.
//
// Languages in other letters than Latin, and those without blanks between words,
// have rules of parts instead. All parts must be in the message, in any order.
package revocation
