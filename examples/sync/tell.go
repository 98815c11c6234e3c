package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/riverqueue/river"

	"github.com/seed-f10031e4/consent/optout"
)

// contact is what the CRM gets: what is in force now. Jobs run beside one another, and
// again, so the CRM keeps what has the latest As, and after that answers 200 to what is older.
type contact struct {
	Account string    `json:"account"`
	Number  string    `json:"number"`
	Status  string    `json:"status"` // "opted-out", "held", "opted-in", "unknown"
	As      time.Time `json:"as_of"`  // when it was recorded
	EventID string    `json:"event_id"`
}

// teller runs the jobs.
type teller struct {
	river.WorkerDefaults[tell]

	guard *optout.Guard
	crm   string // a URL
	step  func(name string)
}

// region worker

// Work implements [river.Worker]. After an error River runs the job again, and the CRM may get
// the same twice.
func (t *teller) Work(ctx context.Context, job *river.Job[tell]) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	now, err := t.guard.Gate(ctx, job.Args.Account, job.Args.Number)
	if err != nil {
		return err
	}
	return t.post(ctx, contact{
		Account: job.Args.Account, Number: job.Args.Number, EventID: job.Args.EventID,
		Status: now.State.Status.String(), As: now.State.RecordedAt,
	})
}

// endregion worker

var errRefused = errors.New("the CRM did not take it")

func (t *teller) post(ctx context.Context, c contact) error {
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("tell the CRM: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.crm, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("tell the CRM: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", c.EventID)
	t.step("asked")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("tell the CRM: %w", err)
	}
	if err := resp.Body.Close(); err != nil {
		return fmt.Errorf("tell the CRM: %w", err)
	}
	t.step("told")
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%w: status %d", errRefused, resp.StatusCode)
	}
	return nil
}
