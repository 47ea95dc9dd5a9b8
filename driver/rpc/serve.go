package rpc

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	plugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
)

// ServeOptions are what [Serve] lets an author choose.
type ServeOptions struct {
	// Logger takes the lines of Serve itself. nil: one from [NewLogger]. A logger that writes anywhere else can block
	// the plugin or spoil the handshake.
	Logger hclog.Logger
}

const (
	// keysTimeout bounds the wait for the first datagram, which the host sends at once.
	keysTimeout = 10 * time.Second
	// closeGrace is what a plugin without a host has for stopping and closing its units, before it ends in any case.
	closeGrace = 2 * time.Second
	// shutdownGrace is the same when the host asked it to end: the host has closed the units before and kills after 2 s.
	shutdownGrace = 1800 * time.Millisecond
)

// Serve runs a plugin. It is what main calls, and never returns: the process ends when the host says so, when the
// host has ended (after the orphan time that the host has set), or at SIGTERM; units still open are stopped and
// closed before, for 2 s at most.
//
// Nothing of the process should write to the standard output before Serve, and vendor libraries should be loaded in
// Open, not before. From Serve on, text on descriptors 1 and 2 goes to the host's log without ever blocking the
// writer; what the host does not take in time is lost. SIGPIPE and SIGINT are ignored.
//
// Started by hand, without a host, it prints what it is and exits with status 1. Exit status 3: no common version of
// the protocol.
func Serve(d driver.Driver, o ServeOptions) {
	if os.Getenv(cookieName) != cookieValue {
		fmt.Fprint(os.Stderr, byHand(d))
		os.Exit(1)
	}
	if line, ok := checkProtocol(d, os.Getenv(envProtocols), os.Getenv(envHost)); !ok {
		fmt.Fprintln(os.Stderr, line)
		os.Exit(exitRefused)
	}
	if o.Logger == nil {
		o.Logger = NewLogger("")
	}
	proc, err := prepareProcess()
	if err != nil {
		fmt.Fprintln(os.Stderr, jsonLine("error", "plugin cannot start: "+err.Error(), nil))
		os.Exit(1)
	}
	processLog().redirect(proc.log)
	s := newServer(d, o.Logger, proc.handover)
	terminate := make(chan os.Signal, 1)
	signal.Notify(terminate, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		sig := <-terminate
		s.end("signal "+sig.String(), closeGrace)
	}()
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig:  handshake(),
		VersionedPlugins: map[int]plugin.PluginSet{ProtocolVersion: {pluginName: &wirePlugin{serve: s}}},
		TLSProvider:      s.receiveKeys,
		Logger:           hclog.New(&hclog.LoggerOptions{Name: "serve", Level: hclog.Warn, Output: processLog(), JSONFormat: true}),
		GRPCServer: func(opts []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(opts, grpc.MaxRecvMsgSize(maxRequest), grpc.UnaryInterceptor(s.firstCall(proc)))...)
		},
	})
	if !s.served.Load() {
		processLog().flush(logFlush)
		os.Exit(1) // go-plugin has logged why
	}
	s.end("host asked for it", shutdownGrace)
}

// byHand is what a person reads who starts a plugin.
func byHand(d driver.Driver) string {
	desc, err := d.Describe(context.Background())
	if err != nil {
		desc.Name = "this program"
	}
	return fmt.Sprintf("%s is a driver plugin of scopelog and does nothing by itself.\n"+
		"Put it into a folder named plugins beside the scopelog program, then ask: scopelog plugins info %s\n",
		Program{desc.Name, desc.Version}, desc.Name)
}

// checkProtocol tells whether the host speaks our protocol version; if not, line says who would have to change.
func checkProtocol(d driver.Driver, protocols, host string) (line string, ok bool) {
	theirs := parseVersions(protocols)
	if slices.Contains(theirs, ProtocolVersion) {
		return "", true
	}
	self := Program{Name: "this plugin"}
	if desc, err := d.Describe(context.Background()); err == nil {
		self = Program{desc.Name, desc.Version}
	}
	update := self.Name
	if len(theirs) > 0 && theirs[len(theirs)-1] < ProtocolVersion {
		update = parseProgram(host).Name
	}
	message := fmt.Sprintf("%s speaks protocol %d, %s speaks %s: update %s",
		self, ProtocolVersion, parseProgram(host), versionText(theirs), update)
	return jsonLine("error", message, map[string]any{refusedMarker: refusedVersion}), false
}

// jsonLine makes one log line in hclog's form.
func jsonLine(level, message string, more map[string]any) string {
	fields := map[string]any{"@level": level, "@message": message}
	for k, v := range more {
		fields[k] = v
	}
	b, err := json.Marshal(fields)
	if err != nil {
		return message
	}
	return string(b)
}

// receiveKeys reads the first datagram; from then on the socket is the business of a goroutine that takes rings and
// notices the host's end.
func (s *server) receiveKeys() (*tls.Config, error) {
	if err := s.handover.SetReadDeadline(time.Now().Add(keysTimeout)); err != nil {
		return nil, fmt.Errorf("receive the TLS keys: %w", err)
	}
	b, err := shmring.RecvKeys(s.handover)
	if errors.Is(err, io.EOF) {
		s.end("host gone before it sent the TLS keys", closeGrace)
	}
	if err != nil {
		return nil, fmt.Errorf("receive the TLS keys: %w", err)
	}
	if err := s.handover.SetReadDeadline(time.Time{}); err != nil {
		return nil, fmt.Errorf("receive the TLS keys: %w", err)
	}
	keys, err := parseBundle(b)
	if err != nil {
		return nil, fmt.Errorf("receive the TLS keys: %w", err)
	}
	go s.takeRings()
	return keys.config()
}

// firstCall undoes, at the first call, go-plugin's replacement of os.Stdout and os.Stderr by pipes that only a living
// host drains: a print would block once they are full. Both become descriptor 2, which never blocks.
func (s *server) firstCall(proc *pluginProcess) grpc.UnaryServerInterceptor {
	var once sync.Once
	return func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		once.Do(func() {
			os.Stdout, os.Stderr = proc.stray, proc.stray
			s.served.Store(true)
		})
		return handler(ctx, req)
	}
}

// pluginProcess is what prepareProcess has set up.
type pluginProcess struct {
	log      *os.File // descriptor 2 for the log's goroutine, which may wait
	stray    *os.File // descriptor 2 for everybody else, who may not
	handover *os.File // descriptor 3
}
