package server

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// ReplicaPair is a MariaDB and its replica, which is late by as much as it likes.
type ReplicaPair struct {
	Primary *Server
	Replica *Server
}

// MariaReplica starts a primary and a replica that follows.
func MariaReplica(ctx context.Context) (_ *ReplicaPair, err error) {
	p := new(ReplicaPair)
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Stop())
		}
	}()
	for i, s := range []**Server{&p.Primary, &p.Replica} {
		k := mariaKind()
		single := k.command
		k.command = func(s *Server) []string {
			return append(single(s), "--log-bin", "--server-id="+strconv.Itoa(i+1))
		}
		if *s, err = start(ctx, k); err != nil {
			return nil, err
		}
	}
	err = p.Follow(ctx)
	return p, err
}

// Follow starts the replication, and returns when the replica is connected.
func (p *ReplicaPair) Follow(ctx context.Context) error {
	const running = "SELECT 1 FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'SLAVE_RUNNING' AND VARIABLE_VALUE = 'ON'"
	return errors.Join(p.Replica.exec(ctx,
		fmt.Sprintf("CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = %d, MASTER_USER = 'consent', "+
			"MASTER_USE_GTID = slave_pos, MASTER_SSL = 0", p.Primary.port),
		"START SLAVE"), p.Replica.until(ctx, running))
}

// Leave ends the replication: the replica is a server of its own.
func (p *ReplicaPair) Leave(ctx context.Context) error {
	return p.Replica.exec(ctx, "STOP SLAVE", "RESET SLAVE ALL")
}

// Stop ends both.
func (p *ReplicaPair) Stop() error {
	var errs []error
	for _, s := range []*Server{p.Replica, p.Primary} {
		if s != nil {
			errs = append(errs, s.Stop())
		}
	}
	return errors.Join(errs...)
}
