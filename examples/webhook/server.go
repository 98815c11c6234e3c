package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// site is a handler on a port.
type site struct {
	listener net.Listener
	handler  http.Handler
}

func listen(ctx context.Context, addr string, handler http.Handler) (site, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return site{}, fmt.Errorf("cannot listen: %w", err)
	}
	return site{listener, handler}, nil
}

// shutdownTimeout is how long requests in flight may take once the server is asked to stop: a
// STOP that is being stored is worth some patience. It is what reading, storing and replying take.
const shutdownTimeout = 20 * time.Second

// newServer returns a server on which nobody holds a connection for ever: without these
// limits it would wait for those who connect and say nothing, or send a byte a minute.
func newServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      25 * time.Second, // more than reading, storing and replying take
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
}

// serve answers requests until ctx ends, then lets those in flight finish.
func serve(ctx context.Context, logger *slog.Logger, sites ...site) error {
	servers := make([]*http.Server, len(sites))
	served := make(chan error, len(sites))
	for i, s := range sites {
		servers[i] = newServer(s.handler, logger)
		go func() { served <- servers[i].Serve(s.listener) }()
	}
	ended := 0
	var err error
	select {
	case err = <-served: // a listener broke: the others end too
		ended++
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	for _, server := range servers {
		if failed := server.Shutdown(stopping); failed != nil {
			err = errors.Join(err, failed, server.Close())
		}
	}
	for ; ended < len(sites); ended++ {
		if failed := <-served; !errors.Is(failed, http.ErrServerClosed) {
			err = errors.Join(err, failed)
		}
	}
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
