package main

import (
	"fmt"
	"strings"
)

// counts of the texts of a row: all, those in which a rule sees a request, and the others in
// which the table does.
type counts struct{ all, found, hints int }

// figures prints what the rules find in texts, and what the table finds beside, each time
// learned from the texts of other clusters. A message must also have a word of the rules
// before the table counts, so the package finds a little less.
func figures(texts []text) string {
	scores := unseen(texts)
	bounds := boundsOf(texts, scores)
	rows, order := map[string]*counts{}, []string{}
	for i, t := range texts {
		language := place(t.Language)
		if language < 0 {
			continue
		}
		name := fmt.Sprintf("%s | %s | %s", t.file, t.Language, t.Label)
		if rows[name] == nil {
			rows[name], order = &counts{}, append(order, name)
		}
		row := rows[name]
		row.all++
		if t.found {
			row.found++
		} else if scores[i] > bounds[language] {
			row.hints++
		}
	}
	var b strings.Builder
	b.WriteString("| file or part | language | label | texts | by rules | with the table | by rules, of 10,000 | with the table |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|\n")
	for _, name := range order {
		row := rows[name]
		per := 10_000 / float64(row.all)
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %.0f | %.0f |\n", name, row.all, row.found, row.found+row.hints,
			per*float64(row.found), per*float64(row.found+row.hints))
	}
	return b.String()
}
