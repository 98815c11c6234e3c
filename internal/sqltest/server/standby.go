package server

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
)

// Pair is a PostgreSQL and its standby. A commit on the primary waits until the
// standby has it on disk. While the receiver is stopped, each commit hangs.
type Pair struct {
	Primary *Server
	Standby *Server

	receiver string // the standby's primary_conninfo
}

const (
	standbyName = "standby"
	inSync      = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
	noReceiver  = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_stat_wal_receiver)"
	isPrimary   = "SELECT 1 WHERE NOT pg_is_in_recovery()"
)

// PostgresPair starts a primary and a synchronous standby.
func PostgresPair(ctx context.Context) (_ *Pair, err error) {
	if _, err := postgresBinary("", "", "pg_basebackup"); err != nil {
		return nil, err
	}
	p := new(Pair)
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Stop())
		}
	}()
	if p.Primary, err = start(ctx, postgresKind("", "synchronous_commit=on", "synchronous_standby_names="+standbyName)); err != nil {
		return nil, err
	}
	p.receiver = fmt.Sprintf("host=127.0.0.1 port=%d user=%s application_name=%s", p.Primary.port, superuser, standbyName)
	k := postgresKind("")
	k.install = p.copyPrimary
	if p.Standby, err = start(ctx, k); err != nil {
		return nil, err
	}
	if err = p.Primary.until(ctx, inSync); err != nil {
		return nil, fmt.Errorf("PostgreSQL: the standby does not follow: %w\n%s", err, p.Standby.logTail())
	}
	return p, nil
}

func (p *Pair) copyPrimary(_ context.Context, s *Server) error {
	path, err := postgresBinary(s.dir, "", "pg_basebackup")
	if err != nil {
		return err
	}
	return runToEnd(s.dir, s.kind.user, []string{
		path, "-D", filepath.Join(s.dir, "data"), "-d", p.receiver, "-R", "-X", "stream", "-c", "fast", "--no-sync",
	})
}

// StopReceiver lets the standby receive nothing more, and returns when it does not.
func (p *Pair) StopReceiver(ctx context.Context) error {
	return errors.Join(p.receiveFrom(ctx, ""), p.Standby.until(ctx, noReceiver))
}

// StartReceiver lets the standby receive again, and returns when it has caught up.
func (p *Pair) StartReceiver(ctx context.Context) error {
	return errors.Join(p.receiveFrom(ctx, p.receiver), p.Primary.until(ctx, inSync))
}

func (p *Pair) receiveFrom(ctx context.Context, primary string) error {
	return p.Standby.exec(ctx, "ALTER SYSTEM SET primary_conninfo = '"+primary+"'", "SELECT pg_reload_conf()")
}

// Promote makes the standby a primary of its own, whose commits wait for nobody. It
// returns when the new primary takes writes.
func (p *Pair) Promote(ctx context.Context) error {
	return errors.Join(p.Standby.exec(ctx, "SELECT pg_promote()"), p.Standby.until(ctx, isPrimary))
}

// Stop ends both, the standby last: the primary ends in order only with one that
// follows.
func (p *Pair) Stop() error {
	var errs []error
	for _, s := range []*Server{p.Primary, p.Standby} {
		if s != nil {
			errs = append(errs, s.Stop())
		}
	}
	return errors.Join(errs...)
}
