// Command figures prints how well package revocation reads texts: `make revocation`.
//
//	go run ./internal/figures -ordinary a.jsonl,b.jsonl
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed-f10031e4/consent/internal/parts"
	"github.com/seed-f10031e4/consent/keywords/revocation"
)

func main() {
	root := flag.String("root", ".", "the root of the repository")
	more := flag.String("ordinary", "", "more files of ordinary texts, a JSON object with \"text\" a line, with commas between")
	show := flag.Bool("show", false, "print the texts of the development part, each with its reading, in place of the figures")
	flag.Parse()
	var files []string
	if *more != "" {
		files = strings.Split(*more, ",")
	}
	out, err := output(*root, files, *show)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(out)
}

// output returns all figures, or the texts of the development part.
func output(root string, ordinary []string, show bool) (string, error) {
	texts, err := labelled(root)
	switch {
	case err != nil:
		return "", err
	case show:
		return shown(texts), nil
	}
	tables, err := figures(root, texts, ordinary)
	if err != nil {
		return "", err
	}
	ofLanguages, err := languages(root)
	if err != nil {
		return "", err
	}
	return "**Summary**\n\n" + summary(texts) + "\n" + tables + "\n**Languages**\n\n" + ofLanguages, nil
}

// figures returns the tables of labelled texts, of the ordinary texts of the tree, and of
// more files of ordinary texts.
func figures(root string, texts []text, more []string) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "Version %s of the rules. In brackets is the 95 %% interval (Wilson).\n", revocation.Version())
	writeTables(&b, texts, parts.Fresh, "**Fresh**: texts that were typed before version 6 or 7 by people who had not read the rules.")
	writeTables(&b, texts, parts.Apart,
		"**Set apart**: texts that were set apart before version 3 or 5, or typed after version 5; their counts were seen since.")
	writeTables(&b, texts, parts.Development, "**Development**: later texts, with which the rules were written.")
	writeTables(&b, texts, parts.Known, "**Known**: texts with which the first two versions were written.")
	b.WriteString("\n**Ordinary texts**: hits per 10,000.\n\n| | texts | Certain | Possible |\n|---|---|---|---|\n")
	files, err := filepath.Glob(filepath.Join(root, ordinarySentences))
	if err != nil {
		return "", fmt.Errorf("figures: %w", err)
	}
	for _, name := range slices.Concat([]string{filepath.Join(root, ordinaryTexts)}, files, more) {
		texts, err := readTexts(name)
		if err != nil {
			return "", err
		}
		writeOrdinary(&b, filepath.Base(name), texts)
	}
	return b.String(), nil
}

// shown returns the later texts that are not set apart.
func shown(texts []text) string {
	var b strings.Builder
	for _, t := range texts {
		if t.Part == parts.Development {
			fmt.Fprintf(&b, "%s\t%v\t%s\t%s\t%q\n", t.Label, t.reads, t.Language, t.Kind, t.Text.Text)
		}
	}
	return b.String()
}
