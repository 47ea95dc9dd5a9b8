package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	plugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/shmring"
)

// StartOptions say which plugin to start and how. Only Path and SocketDir are needed.
type StartOptions struct {
	Path string   // absolute path of the plugin
	File *os.File // the opened plugin, whose checksum was taken: it is executed instead of Path; stays the caller's
	Args []string // further arguments
	Env  []string // the whole environment of the plugin, "NAME=value"; nothing is inherited

	// SocketDir is an existing folder for the plugin's socket, the user's own and with a path of at most [MaxSocketDir] bytes.
	SocketDir string
	// Sandbox confines the plugin; nil: it may do what the user may.
	Sandbox *Sandbox
	// Host is named in messages and to the plugin. Zero: "scopelog".
	Host Program
	// Logger takes the plugin's log lines. nil: they are not shown; the last ones are in errors all the same.
	Logger hclog.Logger

	// RunID names the run, for a host that takes over later.
	RunID [16]byte
	// Orphan is how long the plugin goes on without a host; 0: it ends at once.
	Orphan time.Duration
	// MinBudget makes budgets of calls that are shorter this long. 0: as the driver says, see [Client.Describe].
	MinBudget time.Duration
	// StartTimeout bounds the whole start: the plugin's handshake, the connection and the first calls. 0: 10 s.
	StartTimeout time.Duration
}

// MaxSocketDir is how many bytes the path of [StartOptions.SocketDir] may have: what go-plugin leaves of the 107 bytes
// of a unix socket's path.
const MaxSocketDir = 68

// Start starts a plugin and connects to it. The error is an *[driver.Error]: of kind [driver.KindNotPlugin] when the
// program cannot be started or is no driver plugin, [driver.KindPluginVersion] when it shares no protocol or contract
// version, [driver.KindPluginHung] when it does not answer; or it is the context's. When it fails nothing of the
// plugin is left. End the client with [Client.Close] or [Client.Kill].
func Start(ctx context.Context, o StartOptions) (*Client, error) {
	if len(o.SocketDir) > MaxSocketDir {
		return nil, driver.Errorf(driver.KindPermanent, "start plugin", "the folder %s is too long for a socket: %d bytes, at most %d are possible; "+
			"set XDG_RUNTIME_DIR to a shorter one", o.SocketDir, len(o.SocketDir), MaxSocketDir)
	}
	if o.Host.Name == "" {
		o.Host.Name = "scopelog"
	}
	if o.Logger == nil {
		o.Logger = hclog.NewNullLogger()
	}
	if o.StartTimeout <= 0 {
		o.StartTimeout = startTimeout
	}
	l, err := newLaunch(o)
	if err != nil {
		return nil, err
	}
	return l.run(ctx)
}

// launch is one start of a plugin.
type launch struct {
	o      StartOptions
	keys   Keys
	prog   *pluginRunner
	gp     *plugin.Client
	socket *os.File // our end of the hand-over socket; nil for a plugin that is taken over
	epoch  uint64   // to attend with
}

func newLaunch(o StartOptions) (*launch, error) {
	ours, theirs, err := newKeyPair()
	if err != nil {
		return nil, driver.Errorf(driver.KindPermanent, "start plugin", "%w", err)
	}
	tlsConfig, err := ours.config()
	if err != nil {
		return nil, driver.Errorf(driver.KindBug, "start plugin", "%w", err)
	}
	socket, child, err := shmring.NewHandover()
	if errors.Is(err, shmring.ErrNotSupported) {
		return nil, driver.Errorf(driver.KindUnsupported, "start plugin", "%w", ErrNotSupported)
	}
	if err != nil {
		return nil, driver.Errorf(driver.KindPermanent, "start plugin", "%w", err)
	}
	l := &launch{o: o, keys: ours, socket: socket, epoch: firstEpoch}
	l.prog = &pluginRunner{
		spec:     processSpec{path: o.Path, exec: o.File, args: o.Args, extra: child, sandbox: o.Sandbox},
		keys:     theirs.bundle(),
		handover: socket,
		stderr:   newStderrReader(o.Logger),
		send:     func(f *os.File, keys []byte) error { return shmring.SendKeys(f, keys) },

		stderrRead: make(chan struct{}),
	}
	l.gp = plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  handshake(),
		VersionedPlugins: map[int]plugin.PluginSet{ProtocolVersion: {pluginName: &wirePlugin{}}},
		RunnerFunc:       l.newRunner,
		TLSConfig:        tlsConfig,
		StartTimeout:     o.StartTimeout + time.Second, // ours comes first
		SyncStdout:       io.Discard,
		SyncStderr:       io.Discard,
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Logger:           hclog.NewNullLogger(),
		SkipHostEnv:      true,
		UnixSocketConfig: &plugin.UnixSocketConfig{TempDir: o.SocketDir},
		GRPCDialOptions: []grpc.DialOption{
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer), grpc.MaxCallSendMsgSize(maxRequest)),
			grpc.WithChainStreamInterceptor(refuseBroker),
		},
	})
	return l, nil
}

// refuseBroker keeps go-plugin's broker from listening to the plugin: nothing uses it, and a plugin could make it
// start any number of goroutines.
func refuseBroker(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, streamer grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	if method == "/plugin.GRPCBroker/StartStream" {
		return nil, status.Error(codes.Unimplemented, "the broker is not used")
	}
	return streamer(ctx, desc, cc, method, opts...)
}

// newRunner is go-plugin's RunnerFunc.
func (l *launch) newRunner(_ hclog.Logger, cmd *exec.Cmd, socketDir string) (runner.Runner, error) {
	l.prog.socketDir, l.prog.spec.socketDir = socketDir, socketDir
	own := []string{
		fmt.Sprintf("%s=%d", envHandover, handoverFD),
		envHost + "=" + l.o.Host.String(),
		envLogLevel + "=" + pluginLevel(l.o.Logger).String(),
	}
	l.prog.spec.env = append(append(append([]string(nil), l.o.Env...), own...), cmd.Env...)
	return l.prog, nil
}

// pluginLevel is the level from which on the plugin sends its lines. Warnings come in any case: they may say why the
// plugin dies.
func pluginLevel(log hclog.Logger) hclog.Level {
	level := log.GetLevel()
	if level == hclog.NoLevel {
		return hclog.Info
	}
	return min(level, hclog.Warn)
}

// run starts the process and makes the connection, all behind one timer that ends in a kill.
func (l *launch) run(ctx context.Context) (*Client, error) {
	deadline := time.Now().Add(l.o.StartTimeout)
	wire, cause := l.reach(ctx, func() { _ = l.prog.Kill(ctx) })
	if cause != nil {
		return nil, l.fail(ctx, cause)
	}
	c := newClient(l, wire)
	if err := c.greet(ctx, deadline); err != nil {
		c.Kill()
		return nil, err
	}
	return c, nil
}

// reach makes the connection. When ctx or the time to start ends first, kill ends the process, and with it all that blocks; the error is then that of ctx,
// or errNoConnection.
func (l *launch) reach(ctx context.Context, kill func()) (wireClients, error) {
	type connected struct {
		wire wireClients
		err  error
	}
	done := make(chan connected, 1)
	go func() {
		wire, err := l.connect()
		done <- connected{wire, err}
	}()
	limit := time.NewTimer(l.o.StartTimeout)
	defer limit.Stop()
	var cause error
	select {
	case got := <-done:
		return got.wire, got.err
	case <-ctx.Done():
		cause = ctx.Err()
	case <-limit.C:
		cause = errNoConnection
	}
	kill()
	<-done
	return wireClients{}, cause
}

var errNoConnection = errors.New("it does not answer on its socket")

// connect is everything of go-plugin that can block.
func (l *launch) connect() (wireClients, error) {
	proto, err := l.gp.Client()
	if err != nil {
		return wireClients{}, err
	}
	raw, err := proto.Dispense(pluginName)
	if err != nil {
		return wireClients{}, err
	}
	return raw.(wireClients), nil
}

// fail cleans up after a start that failed, and says why it did.
func (l *launch) fail(ctx context.Context, cause error) error {
	if proc := l.prog.process(); proc != nil {
		proc.kill()
		<-proc.exit
	}
	l.gp.Kill()
	l.prog.finish()
	err := errors.Join(l.socket.Close())
	if ctx.Err() != nil {
		return fmt.Errorf("start plugin %s: %w", l.o.Path, ctx.Err())
	}
	e := l.prog.explain(cause, l.o.Host)
	e.Err = errors.Join(cause, err)
	return e
}

// greet makes the first calls: who are you, and I attend to you.
func (c *Client) greet(ctx context.Context, deadline time.Time) error {
	low, high := contractVersions()
	limited, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	resp, err := c.wire.identity.Info(limited, &driverpb.InfoRequest{
		HostName: c.host.Name, HostVersion: c.host.Version, ContractMin: uint32(low), ContractMax: uint32(high),
	})
	if err != nil {
		return c.callError(ctx, "start plugin", 0, err)
	}
	c.program = Program{Name: printable(resp.GetName(), 64), Version: printable(resp.GetVersion(), 64)}
	if theirLow, theirHigh := resp.GetContractMin(), resp.GetContractMax(); !shareContract(int(theirLow), int(theirHigh)) {
		return driver.Errorf(driver.KindPluginVersion, "start plugin", "%s speaks contract %d-%d of drivers, %s speaks %d-%d",
			c.program, theirLow, theirHigh, c.host, low, high)
	}
	return c.attend(ctx, c.epoch, deadline)
}
