package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"
	plugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"

	"github.com/scopelog/scopelog/driver"
)

// AdoptOptions say which running plugin is taken over.
type AdoptOptions struct {
	Path string // of the plugin, for messages
	// Attachment is what the host before has kept. Its AttachEpoch is the one to attend with: above all that were used before.
	Attachment Attachment

	Host      Program       // as with [StartOptions]
	Logger    hclog.Logger  // likewise; what the plugin writes itself is lost: its pipes ended with the host before
	RunID     [16]byte      // likewise
	Orphan    time.Duration // likewise, from now on
	MinBudget time.Duration // likewise
	Timeout   time.Duration // bounds the whole; 0: 10 s
}

// Adopt takes over a plugin whose host has died, within its orphan time: what it does goes on meanwhile. From then on the Attend stream is its only tie
// to this host: it takes no further ring ([Device.HandOver]). Its end is noticed as that of a plugin which was started here, but not how it ended.
//
// The error is an *[driver.Error] of kind [driver.KindPluginGone] when that process runs no more, [driver.KindPluginHung] when it does not answer,
// [driver.KindPluginVersion] when it is too old or too new, [driver.KindUnsupported] where the system cannot do it; or it is the context's. A plugin
// that was there and could not be taken over has been killed.
func Adopt(ctx context.Context, o AdoptOptions) (*Client, error) {
	if o.Host.Name == "" {
		o.Host.Name = "scopelog"
	}
	if o.Logger == nil {
		o.Logger = hclog.NewNullLogger()
	}
	if o.Timeout <= 0 {
		o.Timeout = startTimeout
	}
	l, err := newAdoption(o)
	if err != nil {
		return nil, err
	}
	return l.adopt(ctx)
}

// End kills a plugin whose host has died and that is not taken over, and waits for its end. One that runs no more, and a process that has the number
// by now, are let alone.
func End(pid int, startTime uint64) {
	if p, err := attachProcess(pid, startTime); err == nil {
		p.kill()
		<-p.exit
	}
}

const opAdopt = "take the plugin over"

// newAdoption finds the process and makes what the connection needs.
func newAdoption(o AdoptOptions) (*launch, error) {
	tlsConfig, err := o.Attachment.Keys.config()
	if err != nil {
		return nil, driver.Errorf(driver.KindPermanent, opAdopt, "%w", err)
	}
	proc, err := attachProcess(o.Attachment.Pid, o.Attachment.StartTime)
	if errors.Is(err, ErrNotSupported) {
		return nil, driver.Errorf(driver.KindUnsupported, opAdopt, "%w", err)
	}
	if err != nil {
		return nil, driver.Errorf(driver.KindPluginGone, opAdopt, "the plugin %s (process %d) runs no more: %w", o.Path, o.Attachment.Pid, err)
	}
	l := &launch{
		o: StartOptions{
			Path: o.Path, Host: o.Host, Logger: o.Logger, RunID: o.RunID, Orphan: o.Orphan, MinBudget: o.MinBudget, StartTimeout: o.Timeout,
			SocketDir: filepath.Dir(o.Attachment.Address),
		},
		keys: o.Attachment.Keys, epoch: o.Attachment.AttachEpoch,
	}
	l.prog = &pluginRunner{spec: processSpec{path: o.Path}, socketDir: l.o.SocketDir, stderr: newStderrReader(o.Logger), proc: proc, stderrRead: make(chan struct{})}
	l.prog.stderr.run(strings.NewReader(""))
	close(l.prog.stderrRead)
	l.gp = plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: handshake(),
		Plugins:         plugin.PluginSet{pluginName: &wirePlugin{}},
		Reattach: &plugin.ReattachConfig{
			Protocol: plugin.ProtocolGRPC, ProtocolVersion: ProtocolVersion, Addr: &net.UnixAddr{Name: o.Attachment.Address, Net: "unix"},
			// Its own way of finding the process believes the number alone.
			ReattachFunc: func() (runner.AttachedRunner, error) { return l.prog, nil },
		},
		TLSConfig:        tlsConfig,
		SyncStdout:       io.Discard,
		SyncStderr:       io.Discard,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Logger:           hclog.NewNullLogger(),
		GRPCDialOptions: []grpc.DialOption{
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer), grpc.MaxCallSendMsgSize(maxRequest)),
			grpc.WithChainStreamInterceptor(refuseBroker),
		},
	})
	return l, nil
}

// adopt makes the connection and attends, all behind one timer that ends in a kill.
func (l *launch) adopt(ctx context.Context) (*Client, error) {
	deadline := time.Now().Add(l.o.StartTimeout)
	wire, cause := l.reach(ctx, l.prog.proc.kill)
	if cause != nil {
		l.prog.proc.kill()
		<-l.prog.proc.exit
		l.gp.Kill()
		l.prog.finish()
		if ctx.Err() != nil {
			return nil, fmt.Errorf("%s %s: %w", opAdopt, l.o.Path, ctx.Err())
		}
		kind := driver.KindPluginGone
		if errors.Is(cause, errNoConnection) {
			kind = driver.KindPluginHung
		}
		return nil, driver.Errorf(kind, opAdopt, "%s (process %d): %w", l.o.Path, l.prog.proc.pid, cause)
	}
	c := newClient(l, wire)
	if err := c.greet(ctx, deadline); err != nil {
		c.Kill()
		return nil, err
	}
	return c, nil
}
