package keywords

import "fmt"

// vocabularies are the languages that Revocation reads, the surest first.
func vocabularies() []vocabulary {
	return append([]vocabulary{englishRequests(), spanishRequests(), frenchRequests()}, otherLanguages()...)
}

// nameClasses finds the classes that say how a match is meant.
func (g *grammar) nameClasses() error {
	for name, to := range map[string]*set{
		"POLITE": &g.polite, "FILLER": &g.fillers, "THANKS": &g.thanks, "PLAYFUL": &g.playful, "BUSY": &g.busy, "INSTEAD": &g.instead,
		"NEGATION": &g.negation, "PRONOUN": &g.pronoun, "TOBE": &g.toBe, "THIRD": &g.third, "CONDITIONAL": &g.conditional, "STARTER": &g.starter, "JOINER": &g.joiner, "ADDRESSED": &g.addressed,
		"AROUND": &g.around, "TAIL": &g.tail, "LIMIT": &g.limit, "PLACE": &g.place, "PLACEWORDS": &g.placeWords, "FOOTER": &g.footer,
		"HOTVERB": &g.hotVerb, "HOTOBJECT": &g.hotObject, "OTHERVERB": &g.otherVerb, "OTHEROBJECT": &g.otherObject, "SENDER": &g.sender, "KEYWORD": &g.keyword, "WEAKKEYWORD": &g.weakKeyword, "OPTIN": &g.optIn, "LONGKEYWORD": &g.longKeyword,
		"ME": &g.me, "MY": &g.my, "YOU": &g.you, "NAY": &g.nay, "GET": &g.get, "STOPONLY": &g.stopOnly, "STOPBEFORE": &g.stopBefore, "STOPAFTER": &g.stopAfter,
	} {
		if *to = g.classes[name]; *to == nil {
			return fmt.Errorf("keywords: no class %s", name)
		}
	}
	for symbol, word := range symbols() {
		g.symbols[symbol] = g.words[word]
	}
	return nil
}

// symbols are the characters that count as words.
func symbols() map[rune]string {
	of := map[rune]string{'=': "=", '#': "#", '&': "and"}
	for _, c := range "🛑✋🚫⛔🙅🤚📵" {
		of[c] = "🛑"
	}
	for _, c := range "😂🤣😅😆😘🥰😍😜😝😛😋😉😁😄😃😊🤪💕💖💗💋😹" {
		of[c] = "lol"
	}
	return of
}
