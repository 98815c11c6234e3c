package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
)

// app answers all requests.
//
// Nothing that is logged holds a phone number or a text. What the library returns as an error
// holds none either; what a provider's API returns may, and is not logged.
type app struct {
	guard    *optout.Guard
	provider provider.Provider
	accounts accounts // by the numbers as numberKey returns them
	sender   sender
	logger   *slog.Logger
}

// webhook is what the provider reaches.
func (a *app) webhook(options *provider.Options) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/sms", provider.Handler(a.guard, a.provider, options))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok\n")
	})
	return mux
}

// options are the rules of the webhook.
func (a *app) options(publicURL string, replies provider.Replies) *provider.Options {
	options := &provider.Options{
		Account:         a.account,
		PublicURL:       publicURL,
		ProviderReplies: replies,
		Next:            a.next,
		Observe:         a.observe,
	}
	if !a.provider.Facts().AnswerReplies { // else the answer to the provider holds the reply
		options.Reply = a.reply
	}
	return options
}

// account returns the account that a number belongs to. Without one the provider is asked to
// deliver again, and the log says so.
func (a *app) account(_ *http.Request, number string) (string, error) {
	account, found := a.accounts[numberKey(a.guard, number)]
	if !found {
		return "", errors.New("no -account has this number")
	}
	return account, nil
}

// next gets what is no keyword. Here the app reads what the contact says. "Please stop texting
// me" is no keyword, and yet it is a wish: see optout.Options.Texts.
func (a *app) next(ctx context.Context, m provider.Message, _ optout.Outcome) error {
	a.logger.InfoContext(ctx, "text for the app", "bytes", len(m.Text), "media", m.Media, "part", m.Part.Of > 0)
	return nil
}

// observe logs what came of a request. Where an error is in it, somebody should look: after a
// status below 300 no other delivery comes, and most providers do not deliver again after 4xx.
func (a *app) observe(ctx context.Context, e provider.Event) {
	level := slog.LevelInfo
	if e.Err != nil {
		level = slog.LevelError
	}
	a.logger.Log(ctx, level, "webhook", "event", e.String())
}

// reply sends the reply to a contact, without asking the gate.
func (a *app) reply(ctx context.Context, r provider.Reply) error {
	err := provider.SendError(a.provider, a.sender.Send(ctx, r.From, r.To, r.Text))
	if _, safe := errors.AsType[*optout.RefusedError](err); err == nil || safe {
		return err
	}
	return fmt.Errorf("the provider failed: %T", err) // the text may quote the number
}
