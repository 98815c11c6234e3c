package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	documentName = "performance.md"
	chartName    = "gate.svg"
)

// write makes the document of what is measured by now.
func (o options) write() error {
	all := map[string]*measured{}
	for _, s := range sections() {
		raw, err := os.ReadFile(o.raw(s.name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err //nolint:wrapcheck // it names the file
		}
		if all[s.name], err = readMeasured(bytes.NewReader(raw), filepath.Base(o.raw(s.name))); err != nil {
			return err
		}
	}
	text, chart, err := document(all)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o750); err != nil {
		return err //nolint:wrapcheck // it names the folder
	}
	if chart != nil {
		if err := os.WriteFile(filepath.Join(o.out, chartName), chart, 0o600); err != nil {
			return err //nolint:wrapcheck // it names the file
		}
	}
	return os.WriteFile(filepath.Join(o.out, documentName), []byte(text), 0o600) //nolint:wrapcheck // it names the file
}

// document is the text of all sections, and the chart where it was measured.
func document(all map[string]*measured) (string, []byte, error) {
	var text strings.Builder
	var chart []byte
	text.WriteString("# Performance\n\n<!-- `make bench` writes this document: do not edit it. -->\n\n")
	text.WriteString(introduction)
	machines := machinesOf(all)
	text.WriteString(machines)
	for _, s := range sections() {
		m := all[s.name]
		fmt.Fprintf(&text, "\n## %s\n\n%s\n", s.title, s.text)
		if m == nil {
			text.WriteString("\nNot measured.\n")
			continue
		}
		fmt.Fprintf(&text, "\nWhat `go test` printed: [bench/%s.txt](bench/%[1]s.txt).\n", s.name)
		for _, g := range m.goals {
			if g.name == growthName {
				svg, err := growthChart(g)
				if err != nil {
					return "", nil, err
				}
				chart = svg
				fmt.Fprintf(&text, "\n![Time of a gate and memory against the number of opt-outs](%s)\n", chartName)
			}
			text.WriteString("\n" + g.tables())
		}
	}
	return text.String(), chart, nil
}

const introduction = "What the project does, beside the plain code that one would write instead, in the same run. Times of one machine say little about another one; " +
	"the ratios say more. A time is the median of several runs, and ± the wider side of the interval in which the median is with 95 % confidence. " +
	"\"Against map\" is how many times as fast as `map` a way is, or how many times as small: the median of the ratios run by run, with their interval. " +
	"2.00× takes half of what `map` takes, 0.50× twice as much. " +
	"The last part of a benchmark's name is the way; `plain`, `map`, `regexps`, `library` and `one-by-one` are plain code.\n\n" +
	"`make bench` measures anew and writes all of this; `go -C internal/bench run . -only numbers` one section.\n\n"

// machinesOf says what was measured on, once where it is the same for all sections.
func machinesOf(all map[string]*measured) string {
	var texts, names []string
	for _, s := range sections() {
		if m := all[s.name]; m != nil {
			texts, names = append(texts, m.machineText()), append(names, s.title)
		}
	}
	if len(texts) == 0 {
		return ""
	}
	if len(slices.Compact(slices.Clone(texts))) == 1 {
		return "Measured on " + texts[0] + ".\n"
	}
	var text strings.Builder
	text.WriteString("Measured on:\n\n")
	for i := range texts {
		fmt.Fprintf(&text, "- %s: %s\n", names[i], texts[i])
	}
	return text.String()
}

func (m *measured) machineText() string {
	text := fmt.Sprintf("%s, %s cores, %s/%s, %s, %s runs of each benchmark", m.machine["cpu"], m.machine["cores"], m.machine["goos"], m.machine["goarch"], m.machine["go"], m.machine["count"])
	if date := m.machine["commit-date"]; date != "" {
		text += ", the commit of " + date
	}
	if m.machine["sizes"] != "" {
		text += "; **in small sizes, which say nothing but that it works**"
	}
	return text
}
