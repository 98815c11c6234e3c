package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// Cluster is a MariaDB Galera cluster. Its nodes are counted from 0. All hold all
// data, and all take writes.
type Cluster struct {
	nodes []*Server
	ports [][]int // of each node, in the order of the constants below
}

// The ports of a node.
const (
	sqlPort   = iota
	groupPort // the other nodes
	istPort   // the latest writes, for a node that was away
	sstPort   // all data, for a node that has none
	portsOfNode
)

// clusterSize is the least number of nodes of which one may be lost.
const clusterSize = 3

// Galera starts a cluster of three nodes. Where another program takes one of their ports
// first, it begins anew.
func Galera(ctx context.Context) (*Cluster, error) {
	provider, err := galeraProvider()
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		c, err := startCluster(ctx, provider)
		if !errors.Is(err, errPortTaken) || try == startTries {
			return c, err
		}
	}
}

func startCluster(ctx context.Context, provider string) (_ *Cluster, err error) {
	c := new(Cluster)
	ports, err := freePorts(ctx, clusterSize*portsOfNode)
	if err != nil {
		return nil, err
	}
	for i := range clusterSize {
		c.ports = append(c.ports, ports[i*portsOfNode:(i+1)*portsOfNode])
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Stop())
		}
	}()
	founds := true // the first start of the first node makes the cluster
	for i := range clusterSize {
		k := mariaKind()
		k.name, k.ports = "MariaDB Galera node "+strconv.Itoa(i), c.ports[i]
		k.probe = synced
		if i > 0 {
			k.install = joinCluster
		}
		single := k.command
		k.command = func(s *Server) []string {
			args := append(single(s), c.settings(i, provider)...)
			if founds {
				args = append(args, "--wsrep-new-cluster")
			}
			return args
		}
		node, err := start(ctx, k)
		if err != nil {
			return nil, err
		}
		founds = false
		c.nodes = append(c.nodes, node)
	}
	return c, nil
}

// synced waits for the other nodes, since a node that was paused takes itself for
// synced at first.
const synced = "SET STATEMENT wsrep_sync_wait = 1 FOR SELECT 1 FROM information_schema.GLOBAL_STATUS " +
	"WHERE VARIABLE_NAME = 'wsrep_local_state_comment' AND VARIABLE_VALUE = 'Synced'"

// galeraProvider finds the library of Galera, and what copies data to a new node.
func galeraProvider() (string, error) {
	library, err := binary("libgalera_smm.so", "/usr/lib/galera", "/usr/lib/galera-4", "/usr/lib64/galera", "/usr/lib64/galera-4")
	if err != nil {
		return "", err
	}
	if _, err := binary("wsrep_sst_rsync", "/usr/bin"); err != nil {
		return "", err
	}
	if _, err := binary("rsync"); err != nil {
		return "", err
	}
	_, lsofErr := binary("lsof")
	_, ssErr := binary("ss", "/usr/bin", "/bin", "/usr/sbin", "/sbin")
	if lsofErr != nil && ssErr != nil { // the script asks one of them who listens
		return "", errors.Join(lsofErr, ssErr)
	}
	return library, nil
}

// settings are those of a node. A node that does not answer is out after 5 to 10
// seconds: a test waits for that, and a node that gets no processor for less is not out.
func (c *Cluster) settings(node int, provider string) []string {
	local := func(port int) string { return "127.0.0.1:" + strconv.Itoa(c.ports[node][port]) }
	var group []string
	for _, ports := range c.ports {
		group = append(group, "127.0.0.1:"+strconv.Itoa(ports[groupPort]))
	}
	options := []string{
		"base_port=" + strconv.Itoa(c.ports[node][groupPort]),
		"gmcast.listen_addr=tcp://" + local(groupPort), "ist.recv_addr=" + local(istPort),
		"gcache.size=32M", "pc.recovery=false",
		"evs.keepalive_period=PT0.5S", "evs.suspect_timeout=PT5S", "evs.inactive_timeout=PT10S", "evs.install_timeout=PT10S",
	}
	return []string{
		"--binlog-format=ROW", "--default-storage-engine=InnoDB", "--innodb-autoinc-lock-mode=2", "--innodb-log-file-size=32M",
		"--wsrep-on=ON", "--wsrep-provider=" + provider, "--wsrep-cluster-name=consent",
		"--wsrep-node-name=" + strconv.Itoa(node), "--wsrep-cluster-address=gcomm://" + strings.Join(group, ","),
		"--wsrep-node-address=" + local(groupPort), "--wsrep-node-incoming-address=" + local(sqlPort),
		"--wsrep-sst-method=rsync", "--wsrep-sst-receive-address=" + local(sstPort),
		"--wsrep-provider-options=" + strings.Join(options, ";"),
	}
}

// joinCluster makes the folder for the data that the other nodes send.
func joinCluster(_ context.Context, s *Server) error {
	if err := writeMariaUser(s); err != nil {
		return err
	}
	data := filepath.Join(s.dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		return fmt.Errorf("server: %w", err)
	}
	return giveTo(s.kind.user, data)
}

// Size is the number of nodes.
func (c *Cluster) Size() int { return len(c.nodes) }

// DSN returns what the driver wants to open a database on a node.
func (c *Cluster) DSN(node int, db string, params ...string) string {
	return c.nodes[node].DSN(db, params...)
}

// CreateDatabase makes an empty database on all nodes.
func (c *Cluster) CreateDatabase(ctx context.Context, name, options string) error {
	return c.nodes[0].CreateDatabase(ctx, name, options)
}

// Kill ends a node as a crash does, and returns when it is gone.
func (c *Cluster) Kill(node int) error { return c.nodes[node].Kill() }

// Rejoin starts a node that was killed, and returns when it has what the others have.
func (c *Cluster) Rejoin(ctx context.Context, node int) error { return c.nodes[node].Restart(ctx) }

// Pause stops a node without ending it. After some seconds the others go on without it.
func (c *Cluster) Pause(node int) error { return c.nodes[node].signal(pause) }

// Resume lets a node go on that was paused.
func (c *Cluster) Resume(node int) error { return c.nodes[node].signal(resume) }

// Synced waits until a node that was paused has what the others have.
func (c *Cluster) Synced(ctx context.Context, node int) error { return c.nodes[node].ready(ctx) }

// Settled waits until each of the nodes sees so many and no more, and has what they have.
func (c *Cluster) Settled(ctx context.Context, nodes ...int) error {
	members := fmt.Sprintf("SET STATEMENT wsrep_sync_wait = 1 FOR SELECT 1 FROM information_schema.GLOBAL_STATUS AS a "+
		"JOIN information_schema.GLOBAL_STATUS AS b ON a.VARIABLE_NAME = 'wsrep_cluster_status' AND a.VARIABLE_VALUE = 'Primary' "+
		"AND b.VARIABLE_NAME = 'wsrep_cluster_size' AND b.VARIABLE_VALUE = '%d'", len(nodes))
	for _, node := range nodes {
		if err := errors.Join(c.Synced(ctx, node), c.nodes[node].until(ctx, members)); err != nil {
			return fmt.Errorf("server: node %d does not see %d nodes: %w", node, len(nodes), err)
		}
	}
	return nil
}

// Stop ends all nodes.
func (c *Cluster) Stop() error {
	errs := make([]error, len(c.nodes))
	var wg sync.WaitGroup
	for i, node := range c.nodes {
		wg.Go(func() {
			_ = node.signal(resume) // a node that was paused ends only then
			errs[i] = node.Stop()
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

var errNotRunning = errors.New("server: it does not run")

// signal hands the running command to fn.
func (s *Server) signal(fn func(*exec.Cmd) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc == nil {
		return errNotRunning
	}
	return fn(s.proc.cmd)
}
