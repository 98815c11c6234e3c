package main

import (
	"context"
	_ "embed" // the list
	"time"

	"github.com/seed-f10031e4/consent/optout"
)

// demoList is a list with what lists have. The numbers belong to nobody.
//
//go:embed demo.csv
var demoList string

// seed records that two of them opted out.
func seed(ctx context.Context, guard *optout.Guard, account string) error {
	at := time.Date(2025, time.March, 1, 9, 0, 0, 0, time.UTC)
	for id, from := range map[string]string{"SM1": "+14155550102", "SM2": "+442079460103"} {
		_, err := guard.Receive(ctx, optout.Message{ID: id, Account: account, From: from, To: "+14155550100", Text: "Stop!", At: at})
		if err != nil {
			return err
		}
	}
	return nil
}
