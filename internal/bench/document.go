package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// write makes the document and the charts of what is measured by now.
func (o options) write() error {
	m := &samples{machine: map[string]string{}, values: map[string]map[string][]float64{}}
	for _, s := range sections() {
		raw, err := os.ReadFile(o.raw(s))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err //nolint:wrapcheck // it names the file
		}
		if err := m.read(bytes.NewReader(raw), filepath.Base(o.raw(s))); err != nil {
			return err
		}
	}
	files := map[string][]byte{"performance.md": []byte(document(m))}
	for _, c := range charts() {
		svg, err := c.draw(m)
		if err != nil {
			return err
		}
		files[c.file] = svg
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(o.out, name), content, 0o600); err != nil {
			return err //nolint:wrapcheck // it names the file
		}
	}
	return nil
}

const introduction = `# Performance

<!-- make bench writes this document: do not edit it. -->

Each benchmark beside the plain code that a user would write instead, in the same run. "Times as fast" is the
median of the ratios run by run, with the interval in which it is with 95 % confidence: 2.00 takes half of the
time. Times of one machine say little about another one; the ratios say more.

`

// document is the text: a table for each section.
func document(m *samples) string {
	var text strings.Builder
	text.WriteString(introduction)
	fmt.Fprintf(&text, "Measured on %s, %s cores, %s/%s, %s, %s runs of each benchmark.",
		m.machine["cpu"], m.machine["cores"], m.machine["goos"], m.machine["goarch"], m.machine["go"], m.machine["count"])
	if m.machine["sizes"] != "" {
		text.WriteString(" **In small sizes, which only show that it works.**")
	}
	text.WriteString(" `make bench` measures anew.\n\n")
	for _, c := range charts() {
		fmt.Fprintf(&text, "![%s](%s)\n", c.title, c.file)
	}
	for _, s := range sections() {
		fmt.Fprintf(&text, "\n## %s\n\n%s\n\n"+
			"| what | time | times as fast | allocations | benchmark |\n|---|---:|---|---:|---|\n", s.title, s.text)
		for _, r := range s.rows {
			text.WriteString(r.line(m))
		}
		fmt.Fprintf(&text, "\nAll of it, as go test prints it: [bench/%s.txt](bench/%[1]s.txt).\n", s.name)
	}
	return text.String()
}

func (r row) line(m *samples) string {
	unit := r.unit
	if unit == "" {
		unit = perOp
	}
	own := m.values[r.name+"/"+r.way]
	var beside []string
	for _, plain := range r.plain {
		if times := ratio(own[unit], m.values[r.name+"/"+plain][unit]).times(); times != "" {
			beside = append(beside, "`"+plain+"` "+times)
		}
	}
	allocations := ""
	if unit == perOp && own[allocs] != nil {
		allocations = fmt.Sprintf("%.0f", summarize(own[allocs]).center)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n",
		r.what, quantity(summarize(own[unit]).center, unit), strings.Join(beside, ", "), allocations, "`Benchmark"+r.name+"/"+r.way+"`")
}
