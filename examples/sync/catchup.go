package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/seed-f10031e4/consent/store"
)

// catchUp enqueues a job for each event since the last time: also for those that came past
// receive, from an agent, an import or another program.
func (a *app) catchUp(ctx context.Context) error {
	after, err := a.cursor(ctx)
	if err != nil {
		return err
	}
	// region catchup
	for page, err := range a.guard.Changes(ctx, store.ChangesQuery{Account: a.account, After: after}) {
		if err != nil {
			return err
		}
		a.step("listed")
		jobs := make([]tell, len(page.Records))
		for i, r := range page.Records {
			jobs[i] = tell{Account: r.Key.Account, Number: r.Key.Number, EventID: r.ID}
		}
		err := a.store.InTx(ctx, func(ctx context.Context, tx *sql.Tx) error {
			if err := a.enqueue(ctx, tx, jobs...); err != nil {
				return err
			}
			return keepCursor(ctx, tx, a.account, page.Next)
		})
		if err != nil {
			return err
		}
		a.step("kept")
	}
	// endregion catchup
	return nil
}

func (a *app) cursor(ctx context.Context) (after store.Cursor, err error) {
	err = a.db.QueryRowContext(ctx, "SELECT cursor FROM sync_cursors WHERE account = $1", a.account).Scan(&after)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("the cursor: %w", err)
	}
	return after, nil
}

func keepCursor(ctx context.Context, tx *sql.Tx, account string, next store.Cursor) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO sync_cursors (account, cursor) VALUES ($1, $2) "+
		"ON CONFLICT (account) DO UPDATE SET cursor = excluded.cursor", account, string(next))
	if err != nil {
		return fmt.Errorf("keep the cursor: %w", err)
	}
	return nil
}
