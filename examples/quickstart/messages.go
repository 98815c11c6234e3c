package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// message is one inbound text, one line of a file. Other fields may be there and
// are not read.
type message struct {
	ID      string `json:"id"`      // the same again: the provider delivers the message again
	Account string `json:"account"` // never empty
	From    string `json:"from"`    // the contact
	To      string `json:"to"`
	Text    string `json:"text"`
	At      string `json:"at"` // RFC 3339; missing, null or empty: not known, so it counts as received now
}

// playFile plays the messages of a file, or of stdin where the name is "-".
func playFile(ctx context.Context, name, region string, stdin io.Reader, stdout io.Writer, logger *log.Logger) error {
	if name == "-" {
		return play(ctx, stdin, region, stdout, logger)
	}
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("messages: %w", err)
	}
	err = play(ctx, file, region, stdout, logger)
	return errors.Join(err, file.Close())
}

func play(ctx context.Context, in io.Reader, region string, stdout io.Writer, logger *log.Logger) error {
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: region})
	if err != nil {
		return err
	}
	out := bufio.NewWriter(stdout)
	p := player{
		guard: guard, out: out, logger: logger,
		accounts: make(map[string]bool), intents: make(map[keywords.Intent]int),
	}
	err = p.play(ctx, in)
	return errors.Join(err, out.Flush()) // what was done is shown, whatever came after it
}

// player plays messages one by one. Beside the store it keeps only counters and
// the names of accounts, so a file may be of any size.
type player struct {
	guard    *optout.Guard
	out      io.Writer
	logger   *log.Logger
	accounts map[string]bool // in which someone opted out

	intents                map[keywords.Intent]int
	messages, replies, bad int
}

func (p *player) play(ctx context.Context, in io.Reader) error {
	if err := p.show(row{"line", "intent", "state", "gate", "", "reply"}); err != nil {
		return err
	}
	number := 0
	for text, err := range lines(in) {
		number++
		if err != nil && !errors.Is(err, errTooLong) {
			return err
		}
		if err == nil && len(text) == 0 {
			continue
		}
		var r row
		if err == nil {
			r, err = p.receive(ctx, text)
		}
		if err != nil { // no reason to lose the STOP in the next line
			p.bad++
			p.logger.Printf("line %d: %v", number, err)
			continue
		}
		r.line = strconv.Itoa(number)
		if err := p.show(r); err != nil {
			return err
		}
	}
	if err := p.summary(ctx); err != nil {
		return err
	}
	if p.bad > 0 {
		return fmt.Errorf("bad lines: %d", p.bad)
	}
	return nil
}

func parse(text []byte) (optout.Message, error) {
	var m message
	if err := json.Unmarshal(text, &m); err != nil {
		return optout.Message{}, fmt.Errorf("not a message: %w", err)
	}
	in := optout.Message{ID: m.ID, Account: m.Account, From: m.From, To: m.To, Text: m.Text}
	if m.At == "" {
		return in, nil
	}
	var err error
	if in.At, err = time.Parse(time.RFC3339, m.At); err != nil {
		return optout.Message{}, errors.New(`"at" is not a time of RFC 3339`)
	}
	return in, nil
}

// receive plays one message and tells what is in force after it.
func (p *player) receive(ctx context.Context, text []byte) (row, error) {
	m, err := parse(text)
	if err != nil {
		return row{}, err
	}
	out, err := p.guard.Receive(ctx, m)
	if err != nil {
		return row{}, err
	}
	// A sender that is no phone number (a short code, a name) may text what it
	// likes. That it cannot be sent to is in the decision.
	gate, err := p.guard.Gate(ctx, m.Account, m.From)
	if err != nil && !errors.Is(err, optout.ErrInvalidNumber) {
		return row{}, err
	}
	state := out.State
	if out.EventID == "" { // neither STOP nor START: Receive did not ask the store
		state = gate.State
	}
	p.messages++
	p.intents[out.Match.Intent]++
	if state.Status == store.OptedOut {
		p.accounts[m.Account] = true
	}
	r := row{
		intent: out.Match.Intent.String(), state: state.Status.String(),
		gate: "blocked", reason: string(gate.Reason), reply: "-",
	}
	if gate.Allowed {
		r.gate = "allowed"
	}
	if out.Reply != "" {
		p.replies++
		r.reply = strconv.Quote(out.Reply)
	}
	return r, nil
}

// row is what is shown of a message, the one text of any length last.
type row struct{ line, intent, state, gate, reason, reply string }

func (p *player) show(r row) error {
	_, err := fmt.Fprintf(p.out, "%6s  %-7s  %-9s  %-7s %-14s  %s\n", r.line, r.intent, r.state, r.gate, r.reason, r.reply)
	if err != nil {
		return fmt.Errorf("output: %w", err)
	}
	return nil
}

func (p *player) summary(ctx context.Context) error {
	blocked := 0
	for account := range p.accounts {
		for _, err := range p.guard.OptedOut(ctx, account) {
			if err != nil {
				return err
			}
			blocked++
		}
	}
	if _, err := fmt.Fprintf(p.out, `
messages          %6d
  opt-outs        %6d
  opt-ins         %6d
  help            %6d
  none            %6d
replies           %6d
blocked contacts  %6d
bad lines         %6d
`, p.messages, p.intents[keywords.OptOut], p.intents[keywords.OptIn], p.intents[keywords.Help], p.intents[keywords.None],
		p.replies, blocked, p.bad); err != nil {
		return fmt.Errorf("output: %w", err)
	}
	return nil
}
