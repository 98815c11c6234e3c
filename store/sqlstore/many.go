package sqlstore

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
)

// many is a statement for any number of rows.
type many struct {
	statement // for maxBatchKeys rows, or for any number

	rows          rows
	before, after string // of the rows
}

// rows is how a statement has its rows: head, and then each row. It has one row if that
// is made of arrays.
type rows struct {
	head, row, between string
	arrays             bool // one argument for each column
}

// values are rows of a template, in which each question mark is a column. Arrays need the
// types of the columns, a letter each: text, number or bytes.
func (d dialect) values(template, types string) rows {
	if !d.arrays {
		return rows{head: "VALUES ", row: "(" + template + ")", between: ", "}
	}
	var names, arrays []string
	for _, letter := range types {
		names = append(names, "v"+strconv.Itoa(len(names)))
		arrays = append(arrays, "CAST(CAST(? AS text) AS "+typeOf(letter)+"[])")
	}
	filled := fill(template, func(i int) string { return names[i] })
	return rows{
		row:    "SELECT " + filled + " FROM unnest(" + strings.Join(arrays, ", ") + ") AS v (" + strings.Join(names, ", ") + ")",
		arrays: true,
	}
}

// typeOf returns the type of a column: text, number or bytes.
func typeOf(letter rune) string {
	return map[rune]string{'t': "text", 'n': "bigint", 'b': "bytea"}[letter]
}

// The types of stateColumns and eventColumns.
const (
	stateTypes = "nnnnntt"
	eventTypes = "tnnnntnnbbbbbbbn"
)

// casts are arguments with their types.
func casts(types string) (all []string) {
	for _, letter := range types {
		all = append(all, "CAST(? AS "+typeOf(letter)+")")
	}
	return all
}

// oneRow is a row as those of values, of arguments that are not arrays: for one row they are
// planned better.
func oneRow(types string) string {
	columns := casts(types)
	for i := range columns {
		columns[i] += " AS v" + strconv.Itoa(i)
	}
	return "SELECT " + strings.Join(columns, ", ")
}

// many makes a statement that has its rows in the place of {rows}.
func (s *statements) many(role, text string, r rows) *many {
	if r.arrays { // of one text
		text = strings.Replace(text, "{rows}", r.row, 1)
	}
	m := &many{rows: r}
	m.role, m.mark, m.text = s.said(role, text)
	if !r.arrays {
		m.before, m.after, _ = strings.Cut(m.text, "{rows}")
		m.text = m.textOf(maxBatchKeys)
		if !s.inText {
			s.batch = append(s.batch, &m.statement)
		}
	}
	return m
}

func (m *many) textOf(n int) string {
	return m.before + m.rows.head + m.rows.row + strings.Repeat(m.rows.between+m.rows.row, n-1) + m.after
}

// of returns the statement for n rows.
func (m *many) of(n int) *statement {
	if m.rows.arrays || n == maxBatchKeys {
		return &m.statement
	}
	return &statement{role: m.role, mark: m.mark, text: m.textOf(n)}
}

// ofMany is the session for statements of many rows. Those of MySQL have their arguments in
// the text: in a transaction none must be prepared and closed.
func (s session) ofMany() session {
	s.bound = true
	if s.sql.inText {
		s.q, s.tx = inText{s.q}, nil
	}
	return s
}

// execAll also takes arguments that come before the rows.
func (s session) execAll(ctx context.Context, m *many, rows [][]any, before ...any) (sql.Result, error) {
	result, err := s.ofMany().exec(ctx, m.of(len(rows)), append(s.bind(before), s.bindAll(m, rows)...)...)
	if codeOf(err).duplicate {
		return nil, asConflict(err)
	}
	return result, err
}

// queryAll is execAll for a query.
func (s session) queryAll(ctx context.Context, m *many, rows [][]any, scan func(*row) error, before ...any) error {
	return s.ofMany().query(ctx, m.of(len(rows)), append(s.bind(before), s.bindAll(m, rows)...), scan)
}

// bindAll returns the arguments of rows: one after the other, or an array for each column.
func (s session) bindAll(m *many, rows [][]any) []any {
	all := make([]any, 0, len(rows)*(len(rows[0])+1))
	for _, row := range rows {
		all = s.bindTo(all, row)
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
