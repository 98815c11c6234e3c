package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"strings"
)

// The numbers of the trial belong to nobody.
const (
	trialNumber  = "+14155550100"
	trialContact = "+14155550123"
)

// privateSuffix ends the name of the file with what signs, where the server has another half.
const privateSuffix = ".private"

// message is what a contact texts.
type message struct{ id, from, to, text string }

// post is a request of a provider, without its URL.
type post struct {
	header []string // each "Name: value"
	body   string
}

// sign prints the line of curl that posts a message as the provider does.
func sign(_ context.Context, args []string, stdout, stderr io.Writer, _ *slog.Logger) error {
	var s secretFlags
	var m message
	flags := flag.NewFlagSet("webhook sign", flag.ContinueOnError)
	s.define(flags)
	to := flags.String("url", "http://127.0.0.1:8080/sms", "the `URL` of the server")
	public := flags.String("public-url", "", "the server's -public-url, if it has one: the `URL` that is signed")
	flags.StringVar(&m.id, "id", "", "the `id` of the message; without it a new one")
	flags.StringVar(&m.from, "from", trialContact, "the `number` of the contact")
	flags.StringVar(&m.to, "to", trialNumber, "the `number` that the contact texts to")
	flags.StringVar(&m.text, "text", "STOP", "what the contact texts")
	if ok, err := parseFlags(flags, args, stderr); !ok {
		return err
	}
	if m.id == "" {
		m.id = rand.Text()
	}
	k, err := find(s.provider)
	if err != nil {
		return err
	}
	if k.post == nil {
		return errors.New("sign: nobody but " + k.name + " can sign its requests")
	}
	secret, err := s.private()
	if err != nil {
		return err
	}
	called := *to
	if *public != "" {
		u, err := url.Parse(*to)
		if err != nil {
			return fmt.Errorf("-url: %w", err)
		}
		called = strings.TrimSuffix(*public, "/") + u.RequestURI()
	}
	p, err := k.post(secret, called, m)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(stdout, p.curl(*to)); err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	return nil
}

// private returns what signs: the secret, or the other half of the key.
func (s *secretFlags) private() (string, error) {
	if s.secretFile != "" {
		raw, err := os.ReadFile(s.secretFile + privateSuffix)
		if err == nil {
			return strings.TrimSpace(string(raw)), nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("-secret-file: %w", err)
		}
	}
	secrets, err := s.secrets()
	if err != nil {
		return "", err
	}
	return secrets[0], nil
}

// curl returns a line for a shell. It prints the answer and its status.
func (p post) curl(to string) string {
	words := []string{"curl", "-sS", "-w", quote(`\n%{http_code}\n`), quote(to)}
	for _, line := range p.header {
		words = append(words, "-H", quote(line))
	}
	return strings.Join(append(words, "--data-raw", quote(p.body)), " ")
}

func quote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// makeSecret writes a secret for a trial.
func makeSecret(_ context.Context, args []string, _, stderr io.Writer, _ *slog.Logger) error {
	var s secretFlags
	flags := flag.NewFlagSet("webhook secret", flag.ContinueOnError)
	s.define(flags)
	if ok, err := parseFlags(flags, args, stderr); !ok {
		return err
	}
	k, err := find(s.provider)
	if err != nil {
		return err
	}
	if s.secretFile == "" {
		return errors.New("secret: want -secret-file FILE")
	}
	secret, private := rand.Text(), ""
	if k.trial != nil {
		if secret, private, err = k.trial(); err != nil {
			return err
		}
	}
	if err := writeNew(s.secretFile, secret); err != nil || private == "" {
		return err
	}
	return writeNew(s.secretFile+privateSuffix, private)
}

// writeNew writes a file that is not there yet: one that is may be the secret of a real account.
func writeNew(name, text string) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("-secret-file: %w", err)
	}
	_, err = file.WriteString(text + "\n")
	return errors.Join(err, file.Close())
}
