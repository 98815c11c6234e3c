package sqlstore

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
)

// many is a statement for any number of rows.
type many struct {
	statement

	rows          rows
	before, after string // of the rows
}

// rows is how a statement has its rows: head, and then each row. It has one row if that
// is made of arrays.
type rows struct {
	head, row, between string
	arrays             bool // one argument for each column
}

// values are rows of a template, in which each question mark is a column of a type.
func (d dialect) values(template string, types ...string) rows {
	if !d.arrays {
		return rows{head: "VALUES ", row: "(" + template + ")", between: ", "}
	}
	names, arrays := make([]string, len(types)), make([]string, len(types))
	for i, kind := range types {
		names[i], arrays[i] = "v"+strconv.Itoa(i), "CAST(CAST(? AS text) AS "+kind+"[])"
	}
	filled := fill(template, func(i int) string { return names[i] })
	return rows{
		row:    "SELECT " + filled + " FROM unnest(" + strings.Join(arrays, ", ") + ") AS v (" + strings.Join(names, ", ") + ")",
		arrays: true,
	}
}

// many makes a statement that has its rows in the place of {rows}.
func (s *statements) many(role, text string, r rows) *many {
	if r.arrays { // of one text
		text = strings.Replace(text, "{rows}", r.row, 1)
	}
	m := &many{rows: r}
	m.role, m.mark, m.text = s.said(role, text)
	m.before, m.after, _ = strings.Cut(m.text, "{rows}")
	return m
}

// of returns the statement for n rows.
func (m *many) of(n int) *statement {
	if m.rows.arrays {
		return &m.statement
	}
	text := m.before + m.rows.head + m.rows.row + strings.Repeat(m.rows.between+m.rows.row, n-1) + m.after
	return &statement{role: m.role, mark: m.mark, text: text}
}

// asTexts is a session that runs statements as they are: one for any number of rows is not
// kept, and in a transaction none is prepared and closed.
func (s session) asTexts() session {
	as := session{q: s.q, sql: s.sql}
	if s.sql.inText {
		as.q = inText{s.q}
	}
	return as
}

func (s session) execAll(ctx context.Context, m *many, rows [][]any) (sql.Result, error) {
	result, err := s.asTexts().exec(ctx, m.of(len(rows)), s.bindAll(m, rows)...)
	if codeOf(err).duplicate {
		return nil, asConflict(err)
	}
	return result, err
}

// queryAll also takes arguments that come before the rows.
func (s session) queryAll(ctx context.Context, m *many, rows [][]any, scan func(*row) error, before ...any) error {
	return s.asTexts().query(ctx, m.of(len(rows)), append(before, s.bindAll(m, rows)...), scan)
}

// bindAll returns the arguments of rows: one after the other, or an array for each column.
func (s session) bindAll(m *many, rows [][]any) []any {
	var all []any
	for _, row := range rows {
		all = append(all, s.bind(row)...)
	}
	if !m.rows.arrays {
		return all
	}
	columns := len(all) / len(rows)
	arrays := make([]any, columns)
	for i := range arrays {
		column := make([]any, len(rows))
		for n := range column {
			column[n] = all[n*columns+i]
		}
		arrays[i] = array(column)
	}
	return arrays
}
