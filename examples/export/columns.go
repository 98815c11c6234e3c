package main

import (
	"github.com/seed-f10031e4/consent/store"
)

// column is one column of a table whose rows are made of T. A cell is a string, a
// bool or a time.Time.
type column[T any] struct {
	name string
	cell func(T) any
}

func optOutColumns() []column[store.State] {
	return []column[store.State]{
		{"account", func(s store.State) any { return s.Key.Account }},
		{"number", func(s store.State) any { return s.Key.Number }},
		{"status", func(s store.State) any { return s.Status.String() }},
		{"at", func(s store.State) any { return s.At }},
		{"recorded_at", func(s store.State) any { return s.RecordedAt }},
		{"source", func(s store.State) any { return string(s.Source) }},
		{"event_id", func(s store.State) any { return s.EventID }},
	}
}

func historyColumns() []column[store.Event] {
	return []column[store.Event]{
		{"account", func(e store.Event) any { return e.Key.Account }},
		{"number", func(e store.Event) any { return e.Key.Number }},
		{"event_id", func(e store.Event) any { return e.ID }},
		{"status", func(e store.Event) any { return e.Status.String() }},
		{"prior", func(e store.Event) any { return e.Prior.String() }},
		{"effective", func(e store.Event) any { return e.Effective }},
		{"at", func(e store.Event) any { return e.At }},
		{"received_at", func(e store.Event) any { return e.ReceivedAt }},
		{"recorded_at", func(e store.Event) any { return e.RecordedAt }},
		{"source", func(e store.Event) any { return string(e.Source) }},
		{"keyword", func(e store.Event) any { return e.Keyword }},
		{"keyword_set", func(e store.Event) any { return e.KeywordSet }},
		{"from", func(e store.Event) any { return e.From }},
		{"to", func(e store.Event) any { return e.To }},
		{"text", func(e store.Event) any { return e.Text }},
		{"actor", func(e store.Event) any { return e.Actor }},
		{"note", func(e store.Event) any { return e.Note }},
	}
}
