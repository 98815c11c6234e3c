// Webhook is an HTTP server that keeps opt-outs: the provider posts what contacts
// text to /sms, and the app sends through /send.
//
//	go -C examples run ./webhook
//
//	curl -d 'MessageSid=SM1&From=%2B14155550123&To=%2B14155550100&Body=STOP' 127.0.0.1:8080/sms
//	curl --json '{"to":"+14155550123","text":"Hello"}' 127.0.0.1:8080/send
//
// By default Twilio answers STOP, START and HELP to a long code or a toll-free number
// itself, and posts the text all the same: with -twilio-replies this server does not
// answer them a second time. With Advanced Opt-Out a post says that Twilio has answered.
// For a short code, and where Twilio's handling is off, this server answers.
//
// What a server for real contacts needs besides, and this one leaves out:
//
//   - a store that survives a restart, in the place of memstore;
//   - the check of the provider's signature (Twilio: X-Twilio-Signature) on /sms.
//     Without it anybody can opt anybody out, and in again;
//   - authentication on /send. Until then it listens on this computer alone.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/store/memstore"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C does not wait for anybody
	os.Exit(run(ctx, os.Args[1:], os.Stderr))
}

// run serves until ctx ends and returns the exit status.
func run(ctx context.Context, args []string, stderr io.Writer) int {
	flags := flag.NewFlagSet("webhook", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8080", "the `address` to listen on")
	account := flags.String("account", "demo", "whose contacts they are")
	region := flags.String("region", "US", "the `region` in which numbers without a plus sign are dialled")
	twilioReplies := flags.Bool("twilio-replies", false, "Twilio answers STOP, START and HELP itself")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}

	logger := slog.New(slog.NewJSONHandler(stderr, nil))
	guard, err := optout.New(memstore.New(), &optout.Options{DefaultRegion: *region})
	if err != nil {
		logger.ErrorContext(ctx, "cannot start", "error", err)
		return 1
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", *addr)
	if err != nil {
		logger.ErrorContext(ctx, "cannot start", "error", err)
		return 1
	}
	logger.InfoContext(ctx, "listening", "addr", listener.Addr().String())
	s := &server{account: *account, guard: guard, sender: pretend{logger}, logger: logger, twilioReplies: *twilioReplies}
	if err := serve(ctx, listener, s.handler(), logger); err != nil {
		logger.ErrorContext(ctx, "stopped", "error", err)
		return 1
	}
	logger.InfoContext(ctx, "stopped")
	return 0
}

// shutdownTimeout is how long requests in flight may take once the server is asked
// to stop: a STOP that is being stored is worth some patience.
const shutdownTimeout = 10 * time.Second

// serve answers requests until ctx ends, then lets those in flight finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, logger *slog.Logger) error {
	server := &http.Server{
		Handler: handler,
		// Without these, whoever connects and says nothing holds a connection forever.
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      20 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	select {
	case err := <-served: // it never started, or the listener broke
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := server.Shutdown(stopping)
	if serveErr := <-served; !errors.Is(serveErr, http.ErrServerClosed) {
		err = errors.Join(err, serveErr)
	}
	if err != nil {
		return fmt.Errorf("shutdown: %w", errors.Join(err, server.Close()))
	}
	return nil
}
