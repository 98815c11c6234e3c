package main

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/seed-f10031e4/consent/optout"
)

// tellCRM is the job that tells the CRM of an event. There is one for each event, however often
// it is enqueued.
type tellCRM struct {
	Account string `json:"account"  river:"unique"`
	Number  string `json:"number"   river:"unique"`
	EventID string `json:"event_id" river:"unique"`
}

func (tellCRM) Kind() string { return "tell_crm" }

// contact is what the CRM gets: what is in force now. Jobs run beside one another, and again, so
// the CRM keeps what has the latest As.
type contact struct {
	account, number string
	status          string    // "opted-out", "held", "opted-in", "unknown"
	as              time.Time // when it was recorded
	eventID         string
}

// teller runs the jobs.
type teller struct {
	river.WorkerDefaults[tellCRM]

	guard *optout.Guard
	tell  func(context.Context, contact) error
}

// Work implements [river.Worker]. After an error River runs the job again, and the CRM may get
// the same twice.
func (t *teller) Work(ctx context.Context, job *river.Job[tellCRM]) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	now, err := t.guard.Gate(ctx, job.Args.Account, job.Args.Number)
	if err != nil {
		return err
	}
	return t.tell(ctx, contact{
		account: job.Args.Account, number: job.Args.Number, eventID: job.Args.EventID,
		status: now.State.Status.String(), as: now.State.RecordedAt,
	})
}
