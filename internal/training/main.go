package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	root := flag.String("root", ".", "the root of the repository")
	measure := flag.Bool("measure", false, "print what the table finds in texts that it has not learned from, in place of writing it")
	labelled := flag.String("labelled", "", "with -measure: more files of labelled texts to learn from, with commas between")
	ordinary := flag.String("ordinary", "", "with -measure: more files of ordinary texts, to read only")
	flag.Parse()
	if err := run(*root, *measure, files(*labelled), files(*ordinary)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func files(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

// tableFile is the file of the table, from the root.
const tableFile = "keywords/revocation/table.bin"

// run writes the file of the table, or prints the figures.
func run(root string, measure bool, labelled, ordinary []string) error {
	more, err := readAll(labelled, 1)
	if err != nil {
		return err
	}
	unlearned, err := readAll(ordinary, 0)
	if err != nil {
		return err
	}
	texts, err := learned(root)
	if err != nil {
		return err
	}
	if measure {
		fmt.Print(figures(slices.Concat(texts, more, unlearned)))
		return nil
	}
	if err := os.WriteFile(filepath.Join(root, tableFile), tableOf(texts), 0o600); err != nil {
		return fmt.Errorf("training: %w", err)
	}
	return nil
}
