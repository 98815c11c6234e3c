package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
)

// dossier is all that is recorded of one number, for the person or for an auditor.
type dossier struct {
	Account string            `json:"account"`
	Number  string            `json:"number"` // as it was asked for
	Made    time.Time         `json:"made"`
	Allowed bool              `json:"allowed"` // a message may be sent
	Reason  optout.Reason     `json:"reason"`
	Records []json.RawMessage `json:"records"` // as -what history -format jsonl writes them
}

// writeDossier writes out.json, and out.html, which shows the same to a person and has the
// SHA-256 of out.json. Neither file may be there.
func writeDossier(ctx context.Context, guard *optout.Guard, account, number, out string) error {
	decision, err := guard.Gate(ctx, account, number)
	if err != nil && !errors.Is(err, optout.ErrInvalidNumber) {
		return err
	}
	d := dossier{Account: account, Number: number, Made: time.Now().UTC().Truncate(time.Second)}
	d.Allowed, d.Reason = decision.Allowed, decision.Reason
	var records []store.Record
	for r, err := range guard.History(ctx, account, number) {
		if err != nil {
			return err
		}
		records = append(records, r)
	}
	var lines bytes.Buffer
	rows := func(yield func(store.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
	if err := writeJSONL(&lines, historyColumns(), rows); err != nil {
		return err
	}
	for line := range bytes.Lines(lines.Bytes()) {
		d.Records = append(d.Records, bytes.TrimSpace(line))
	}
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return fmt.Errorf("dossier: %w", err)
	}
	text = append(text, '\n')
	sum := sha256.Sum256(text)
	var page bytes.Buffer
	err = dossierPage().Execute(&page, map[string]any{"Dossier": d, "Records": records, "Sum": hex.EncodeToString(sum[:])})
	if err != nil {
		return fmt.Errorf("dossier: %w", err)
	}
	return errors.Join(newFile(out+".json", text), newFile(out+".html", page.Bytes()))
}

// newFile writes a file that only its owner may read, and that is not there yet.
func newFile(name string, text []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("-out: %w", err)
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("-out: %w", err)
	}
	return nil
}

//go:embed dossier.html
var dossierHTML string

// dossierPage is one page with its style in it: it loads nothing.
func dossierPage() *template.Template {
	return template.Must(template.New("dossier").Funcs(template.FuncMap{
		"time": func(t time.Time) string {
			if t.IsZero() {
				return "not known"
			}
			return t.UTC().Format(time.RFC3339Nano)
		},
		"text": func(text string) string {
			if utf8.ValidString(text) {
				return text
			}
			return strings.ToValidUTF8(text, "\ufffd") + " (not UTF-8: the bytes are in the JSON file)"
		},
	}).Parse(dossierHTML))
}
