package parts

// Evidence is what was measured of a language, as if every language could say Certain. It is a
// line of keywords/revocation/testdata/evidence.jsonl.
type Evidence struct {
	Language   string `json:"language"`
	Says       string `json:"says"` // the most that the rules say: "certain" or "possible"
	Patterns   int    `json:"patterns"`
	Examples   int    `json:"examples"`    // of the patterns: texts that must match
	NearMisses int    `json:"near_misses"` // of the patterns: texts that must not match

	// Requests and near-misses that are read as Certain in this language, among all labelled
	// texts, and among those that are set apart, with which no rule was written.
	Right       int `json:"right"`
	Wrong       int `json:"wrong"`
	UnseenRight int `json:"unseen_right"`
	UnseenWrong int `json:"unseen_wrong"`

	// Ordinary texts of the language, and how many are read as Certain, and as Possible.
	Ordinary int `json:"ordinary"`
	Certain  int `json:"certain"`
	Possible int `json:"possible"`
}
