package drivertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
)

// Run checks a plugin. Each rule is a subtest of t, so that a report names it. Nothing of the plugin is left when Run
// returns. The checks take some seconds, mostly of real acquisition.
func Run[X T[X]](t X, target Target) {
	t.Helper()
	for _, g := range groups {
		t.Run(g.name, func(t X) {
			for _, r := range g.rules {
				t.Run(r.name, func(t X) {
					k := newKit(t, target)
					defer k.close()
					r.check(k)
				})
			}
		})
	}
}

// group is a chapter of the contract.
type group struct {
	name  string
	rules []rule
}

// rule is one thing that a driver has to do. Each gets a kit of its own, with no plugin started yet.
type rule struct {
	name  string
	check func(*kit)
}

var groups = []group{
	{"identity", identityRules},
	{"open", openRules},
	{"configure", configureRules},
	{"stream", streamRules},
	{"downsample", downsampleRules},
	{"block", append(blockRules, armRules...)},
	{"trigger", triggerRules},
	{"generator", generatorRules},
	{"life", lifeRules},
}

// kit is what a rule works with.
type kit struct {
	check
	target  Target
	dir     string
	clients []*rpc.Client
	rings   []*ring
}

func newKit(t check, target Target) *kit {
	dir, err := os.MkdirTemp("", "drivertest")
	if err != nil {
		t.Fatalf("make a folder for sockets: %v", err)
	}
	if target.Slack <= 0 {
		target.Slack = 1
	}
	return &kit{check: t, target: target, dir: dir}
}

func (k *kit) close() {
	for _, c := range k.clients {
		c.Kill()
	}
	for _, r := range k.rings {
		if err := r.shm.Close(); err != nil {
			k.Errorf("close a ring: %v", err)
		}
	}
	if err := os.RemoveAll(k.dir); err != nil {
		k.Errorf("remove the folder for sockets: %v", err)
	}
}

// wait is a time of the kit's own, with slack.
func (k *kit) wait(d time.Duration) time.Duration {
	return time.Duration(float64(d) * k.target.Slack)
}

// context ends a check that would go on for ever.
func (k *kit) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), k.wait(3*time.Minute))
}

// Start starts a plugin as the rules do, for programs that want to know whether it starts at all. The error is that of
// rpc.Start.
func Start(ctx context.Context, target Target) (*Started, error) {
	dir, err := os.MkdirTemp("", "drivertest")
	if err != nil {
		return nil, fmt.Errorf("make a folder for sockets: %w", err)
	}
	c, err := rpc.Start(ctx, target.startOptions(dir))
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &Started{c: c, dir: dir}, nil
}

// Started is a plugin that was started by [Start].
type Started struct {
	c   *rpc.Client
	dir string
}

// Program is who the plugin says it is.
func (s *Started) Program() rpc.Program { return s.c.Program() }

// Close ends the plugin in order.
func (s *Started) Close() error {
	return errors.Join(s.c.Close(context.Background()), os.RemoveAll(s.dir))
}

// orphanTime is what plugins of the kit have without a host.
const orphanTime = time.Second

// start starts a plugin and asks who it is.
func (k *kit) start() (*rpc.Client, driver.Description) {
	k.Helper()
	ctx, cancel := k.context()
	defer cancel()
	c, err := rpc.Start(ctx, k.target.startOptions(k.dir))
	if err != nil {
		k.Fatalf("the plugin does not start: %v", err)
	}
	k.clients = append(k.clients, c)
	d, err := c.Describe(ctx)
	if err != nil {
		k.Fatalf("describe: %v", err)
	}
	return c, d
}

// open starts a plugin and opens the target's unit in it. A rule is skipped when no unit is there.
func (k *kit) open() *unit {
	k.Helper()
	c, d := k.start()
	ctx, cancel := k.context()
	defer cancel()
	dev, err := c.Open(ctx, k.openRequest(k.target.Serial))
	switch driver.KindOf(err) {
	case driver.KindNotFound, driver.KindBusy, driver.KindNoLibrary:
		if err != nil {
			k.Skipf("no unit to check with: %v", err)
		}
	}
	if err != nil {
		k.Fatalf("open: %v", err)
	}
	caps, err := dev.Capabilities(ctx)
	if err != nil {
		k.Fatalf("capabilities: %v", err)
	}
	return &unit{k: k, c: c, d: d, dev: dev, caps: caps}
}

func (k *kit) openRequest(serial string) driver.OpenRequest {
	return driver.OpenRequest{
		Name: "check", Serial: serial, Model: k.target.Model, Library: k.target.Library, Power: driver.PowerAuto,
		Options: k.target.Options,
	}
}

// wantKind wants an error of a kind.
func (k *kit) wantKind(what string, err error, kind driver.Kind) {
	k.Helper()
	switch {
	case err == nil:
		k.Errorf("%s: no error, want one of kind %q", what, kind)
	case driver.KindOf(err) != kind:
		k.Errorf("%s: error of kind %q, want %q: %v", what, driver.KindOf(err), kind, err)
	}
}
