package main

import (
	"github.com/seed-f10031e4/consent/store"
)

// column is one column of a table whose rows are made of T. A cell is a string, a
// bool, a time.Time, or a value that encoding/json writes as a word.
type column[T any] struct {
	name string
	cell func(T) any
}

func optOutColumns() []column[store.State] {
	return []column[store.State]{
		{"account", func(s store.State) any { return s.Key.Account }},
		{"number", func(s store.State) any { return s.Key.Number }},
		{"status", func(s store.State) any { return s.Status }},
		{"at", func(s store.State) any { return s.At }},
		{"recorded_at", func(s store.State) any { return s.RecordedAt }},
		{"source", func(s store.State) any { return s.Source }},
		{"event_id", func(s store.State) any { return s.EventID }},
	}
}

func historyColumns() []column[store.Record] {
	return []column[store.Record]{
		{"account", func(r store.Record) any { return r.Key.Account }},
		{"number", func(r store.Record) any { return r.Key.Number }},
		{"event_id", func(r store.Record) any { return r.ID }},
		{"action", func(r store.Record) any { return r.Action }},
		{"prior", func(r store.Record) any { return r.Prior }},
		{"effective", func(r store.Record) any { return r.Effective }},
		{"at", func(r store.Record) any { return r.At }},
		{"received_at", func(r store.Record) any { return r.ReceivedAt }},
		{"recorded_at", func(r store.Record) any { return r.RecordedAt }},
		{"source", func(r store.Record) any { return r.Source }},
		{"keyword", func(r store.Record) any { return r.Keyword }},
		{"keyword_set", func(r store.Record) any { return r.KeywordSet }},
		{"from", func(r store.Record) any { return r.From }},
		{"to", func(r store.Record) any { return r.To }},
		{"text", func(r store.Record) any { return r.Text }},
		{"actor", func(r store.Record) any { return r.Actor }},
		{"note", func(r store.Record) any { return r.Note }},
	}
}
