package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/seed-f10031e4/consent/examples/durable/database"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
)

// The environment variables for what may not be on the command line.
const (
	secretEnv = "WEBHOOK_SECRET"
	dbEnv     = "WEBHOOK_DB"
)

// config is what the flags of the server say.
type config struct {
	secretFlags

	addr, sendAddr, publicURL, region string

	accounts accounts
	replies  provider.Replies
	db       database.Source
}

// secretFlags are the flags of every command.
type secretFlags struct{ provider, secretFile string }

func (s *secretFlags) define(flags *flag.FlagSet) {
	flags.StringVar(&s.provider, "provider", "twilio", "the SMS `provider`: "+strings.Join(names(), ", "))
	flags.StringVar(&s.secretFile, "secret-file", "", "the `file` with the provider's secret, one a line; without it $"+secretEnv)
}

// secrets returns the provider's secrets: the one that counts, then others that count as well.
func (s *secretFlags) secrets() ([]string, error) {
	text := os.Getenv(secretEnv)
	if s.secretFile != "" {
		raw, err := os.ReadFile(s.secretFile)
		if err != nil {
			return nil, fmt.Errorf("-secret-file: %w", err)
		}
		text = string(raw)
	}
	var secrets []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			secrets = append(secrets, line)
		}
	}
	if len(secrets) == 0 {
		return nil, errors.New("no secret: want -secret-file FILE, or $" + secretEnv)
	}
	return secrets, nil
}

// open makes the provider.
func (s *secretFlags) open() (provider.Provider, error) {
	k, err := find(s.provider)
	if err != nil {
		return nil, err
	}
	secrets, err := s.secrets()
	if err != nil {
		return nil, err
	}
	return k.open(secrets)
}

// parse reads the flags of the server. It returns nil and nil after -help.
func parse(args []string, stderr io.Writer) (*config, error) {
	c := &config{accounts: accounts{}}
	flags := flag.NewFlagSet("webhook", flag.ContinueOnError)
	c.define(flags)
	flags.StringVar(&c.addr, "addr", "127.0.0.1:8080", "the `address` for the provider, /sms")
	flags.StringVar(&c.sendAddr, "send-addr", "127.0.0.1:8081", "the `address` for the app, /send: nobody else may reach it")
	flags.StringVar(&c.publicURL, "public-url", "", "scheme and host that the provider calls, as https://example.com: the `URL` before /sms")
	flags.StringVar(&c.region, "region", "US", "the `region` in which numbers without a plus sign are dialled")
	flags.Func("account", "whose number is whose, as `+14155550100=acme`; once for each number; without it two for a trial", c.accounts.add)
	flags.TextVar(&c.replies, "provider-replies", provider.RepliesDefault,
		"which keywords the provider answers itself: always, when-flagged, never; default is what it usually does")
	db := flags.String("db", "sqlite:consent.db", "the `database`: "+database.Forms+"; with a password it is $"+dbEnv)
	if ok, err := parseFlags(flags, args, stderr); !ok {
		return nil, err
	}
	given := false
	flags.Visit(func(f *flag.Flag) { given = given || f.Name == "db" })
	if from := os.Getenv(dbEnv); from != "" && !given {
		*db = from
	} else if hasPassword(*db) {
		return nil, errors.New("-db: whoever lists the processes sees the password: put the URL in $" + dbEnv)
	}
	var err error
	if c.db, err = database.Parse(*db); err != nil {
		return nil, err
	}
	if len(c.accounts) == 0 {
		c.accounts = accounts{trialNumber: "acme", "+14155550101": "globex"}
	}
	return c, nil
}

// parseFlags reports whether to go on.
func parseFlags(flags *flag.FlagSet, args []string, stderr io.Writer) (bool, error) {
	flags.SetOutput(stderr)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return false, nil
	} else if err != nil {
		return false, errUsage
	}
	if flags.NArg() > 0 {
		// An argument may be a secret, and is not shown.
		_, _ = io.WriteString(stderr, "webhook: want flags alone, as -help shows\n")
		return false, errUsage
	}
	return true, nil
}

func hasPassword(db string) bool {
	u, err := url.Parse(db)
	if err != nil {
		return false // and database.Parse refuses it
	}
	_, has := u.User.Password()
	return has || u.Query().Has("password")
}

// accounts says whose number is whose. An opt-out to one number of an account covers all
// of them, and no other account.
type accounts map[string]string

// add reads NUMBER=ACCOUNT. In the place of a number the id of a messaging service may be:
// some reports of providers have only that.
func (a accounts) add(text string) error {
	number, account, found := strings.Cut(text, "=")
	if !found || number == "" || account == "" {
		return errors.New("want NUMBER=ACCOUNT")
	}
	a[number] = account
	return nil
}

// read returns the accounts by the numbers as the Guard reads them.
func (a accounts) read(guard *optout.Guard) (accounts, error) {
	read := accounts{}
	for number, account := range a {
		key := numberKey(guard, number)
		if other, found := read[key]; found && other != account {
			return nil, errors.New("-account: two accounts have one number")
		}
		read[key] = account
	}
	return read, nil
}

// numberKey returns a number in E.164, and what is no number (a short code) as it is.
func numberKey(guard *optout.Guard, number string) string {
	if key, err := guard.Number(number); err == nil {
		return key
	}
	return number
}
