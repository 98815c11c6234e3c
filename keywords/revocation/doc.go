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
// condition or a question, with a limit ("while I'm driving"), beside another way to
// be reached ("call me"), in play, in a quotation, and in the middle of a long text. A
// text that asks to send no more goods or bills is None.
//
// The language of a reading is that of most words. What English shares with another
// language is English.
//
// # Table
//
// Of a short message in which no rule sees a request, a table of weights may make Possible, by
// the rule "table-hint". The weights are those of words, pairs of words and pieces of words,
// learned from requests, near-misses and ordinary texts (internal/training). The reason names
// the three words that weigh most. The table is silent about a message without a word that is
// rare outside of requests, in languages without ordinary texts to learn from, and where the
// words around a pattern make no request of it ("don't stop texting me"). Of a message in which
// a rule sees a request, the table changes nothing.
//
// # Rules
//
// The rules are text files, one for each language or family of languages, in the
// directory rules. Each rule has an id, a reason, a source and its patterns of words.
// The README of the directory explains them. Languages in other letters than Latin,
// and those without blanks between words, have patterns of parts instead. All parts
// must be in the message, in any order.
//
// A pattern of words is a line. Its signs are:
//
//	word    this word                         take        "take"
//	NAME    any word of the class NAME        TAKE me     "get me", "take me"
//	a|b     one of several words or classes   text|MSGS   "text", "messages"
//	a?      a, or nothing                     MY? number  "number", "my number"
//	a+      a, once or more                   ANY+ texts  "all these texts"
//	a*      a, any number of times            ANY* texts  "texts", "all these texts"
//	.       any word                          my . cell   "my old cell"
//	~       a word that the rules lack        not ~       "not Jasmin"
//	^       the beginning of a phrase         ^ stop      "stop" in "Hello, stop"
//	$       the end of a phrase               texts $     "texts" in "no texts, ok"
//	[a]     the word to begin the search at   me [off]    "me off"
//	(a)     the same, a word that is common   (stop) it   "stop it"
//
// A pattern of parts is several lines. The signs of a part are:
//
//	a|b     one of several texts              стоп|хватит   "стоп", "хватит"
//	_a      at the beginning of a word        _стоп         "стоп", "стопор"
//	a_      at the end of a word              смс_          "смс"
//	a > c   then c, at once                   不要 > 再      "不要再"
//	a > ?c  c may follow                      不要 > ?再     "不要", "不要再"
//	a > ..  8 letters of the word may follow  发 > .. > 短信  "发短信", "发这种短信"
//	NAME    any word of the class NAME        ZHDONT > 发    "不要发", "别发"
//	! a     which is in no message            ! товар       all but "товар"
//
// Every pattern has texts that it must match. A pattern that can be mistaken has texts that
// it must not match. The tests play them, and fail for a pattern that none of its texts
// needs. A language whose measured texts do not allow more is at most [Possible]; the
// document docs/revocation-languages.md has the numbers.
package revocation
