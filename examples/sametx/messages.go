package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// messages is the host's table of what came in. A text is kept as bytes: a column of
// text refuses some that contacts can send, and with them their STOP.
type messages struct{ createSQL, saveSQL, listSQL string }

func newMessages(d sqlstore.Dialect) messages {
	m := messages{
		createSQL: `CREATE TABLE IF NOT EXISTS sametx_messages (
			account TEXT NOT NULL, id TEXT NOT NULL, sender TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (account, id))`,
		saveSQL: "INSERT INTO sametx_messages (account, id, sender, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		listSQL: "SELECT id, sender, body FROM sametx_messages WHERE account = ? ORDER BY id",
	}
	switch d {
	case sqlstore.SQLite:
	case sqlstore.PostgreSQL:
		m.createSQL = `CREATE TABLE IF NOT EXISTS sametx_messages (
			account TEXT NOT NULL, id TEXT NOT NULL, sender TEXT NOT NULL, body BYTEA NOT NULL, PRIMARY KEY (account, id))`
		m.saveSQL = "INSERT INTO sametx_messages (account, id, sender, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
		m.listSQL = "SELECT id, sender, body FROM sametx_messages WHERE account = $1 ORDER BY id"
	case sqlstore.MySQL: // InnoDB, since another engine has no transactions
		m.createSQL = `CREATE TABLE IF NOT EXISTS sametx_messages (
			account VARBINARY(255) NOT NULL, id VARBINARY(255) NOT NULL, sender VARBINARY(255) NOT NULL, body MEDIUMBLOB NOT NULL,
			PRIMARY KEY (account, id)) ENGINE=InnoDB`
		m.saveSQL = "INSERT INTO sametx_messages (account, id, sender, body) VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE id = id"
	}
	return m
}

func (m messages) create(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, m.createSQL); err != nil {
		return fmt.Errorf("create sametx_messages: %w", err)
	}
	return nil
}

// save keeps a message. One that is delivered again is there already, and is no
// error: its opt-out has to get another chance, and its reply.
func (m messages) save(ctx context.Context, tx *sql.Tx, in optout.Message) error {
	if _, err := tx.ExecContext(ctx, m.saveSQL, in.Account, in.ID, in.From, []byte(in.Text)); err != nil {
		return fmt.Errorf("save message: %w", err) // with %w, so that InTx sees a conflict
	}
	return nil
}

// saved is a row of the table.
type saved struct{ id, sender, text string }

func (m messages) list(ctx context.Context, db *sql.DB, account string) (all []saved, err error) {
	rows, err := db.QueryContext(ctx, m.listSQL, account)
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var row saved
		if err := rows.Scan(&row.id, &row.sender, &row.text); err != nil {
			return nil, fmt.Errorf("list messages: %w", err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil { // rows that end early are no end
		return nil, fmt.Errorf("list messages: %w", err)
	}
	return all, nil
}
