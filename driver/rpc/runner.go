package rpc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hashicorp/go-plugin/runner"
)

// pluginRunner is what go-plugin sees of a plugin process. It keeps go-plugin away from the pipes: of stdout only the
// first line is shown to it, and stderr is read here, since go-plugin's own reader can be made to panic.
type pluginRunner struct {
	spec      processSpec
	socketDir string // where the plugin's socket has to be
	keys      []byte // for the plugin
	handover  *os.File
	stderr    *stderrReader
	send      func(handover *os.File, keys []byte) error

	mu        sync.Mutex
	proc      *process
	err       error // of start
	aborted   bool  // must not start any more
	firstLine string

	stderrRead chan struct{} // stderr was read to its end
	stray      atomic.Int64  // bytes printed on stdout behind the handshake
}

// logGrace is how long the end of a plugin waits for a log that does not take its lines.
const logGrace = 500 * time.Millisecond

// finish frees what the process has left behind. The process must have ended, and go-plugin be done with it.
func (r *pluginRunner) finish() {
	if proc := r.process(); proc != nil {
		<-r.stderrRead
		_ = proc.closePipes()
	} else {
		close(r.stderr.out)
		_ = r.spec.extra.Close()
	}
	select {
	case <-r.stderr.done:
	case <-time.After(logGrace):
	}
	if r.socketDir != "" {
		_ = os.RemoveAll(r.socketDir)
	}
}

var _ runner.Runner = (*pluginRunner)(nil)

// Start implements runner.Runner.
func (r *pluginRunner) Start(context.Context) error {
	r.mu.Lock()
	if r.aborted {
		r.mu.Unlock()
		return errAborted
	}
	proc, err := startProcess(r.spec)
	r.proc, r.err = proc, err
	r.mu.Unlock()
	if err != nil {
		return err
	}
	_ = r.spec.extra.Close() // the plugin has its own; ours would hide its end
	go func() {
		defer close(r.stderrRead)
		r.stderr.run(proc.stderr)
	}()
	// A program that has ended already cannot be sent anything; what it printed says more.
	if err := r.send(r.handover, r.keys); err != nil && !errors.Is(err, syscall.EPIPE) {
		proc.kill()
		return fmt.Errorf("send the TLS keys: %w", err)
	}
	return nil
}

// process returns the started process, nil before.
func (r *pluginRunner) process() *process {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.proc
}

// Stdout implements runner.Runner.
func (r *pluginRunner) Stdout() io.ReadCloser {
	return &handshakeReader{from: r.process().stdout, exit: r.process().exit, stray: &r.stray, first: func(line string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.firstLine = line
	}}
}

// Stderr implements runner.Runner: nothing, until the process has ended.
func (r *pluginRunner) Stderr() io.ReadCloser { return &silentReader{until: r.process().exit} }

// Name implements runner.Runner.
func (r *pluginRunner) Name() string { return r.spec.path }

// Diagnose implements runner.Runner. The messages are made elsewhere.
func (r *pluginRunner) Diagnose(context.Context) string { return "" }

// Wait implements runner.AttachedRunner.
func (r *pluginRunner) Wait(ctx context.Context) error {
	select {
	case <-r.process().exit:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Kill implements runner.AttachedRunner. Before the start, it prevents it.
func (r *pluginRunner) Kill(context.Context) error {
	r.mu.Lock()
	r.aborted = true
	p := r.proc
	r.mu.Unlock()
	if p != nil {
		p.kill()
	}
	return nil
}

var errAborted = errors.New("the start was given up")

// ID implements runner.AttachedRunner. Before the start there is none.
func (r *pluginRunner) ID() string {
	if p := r.process(); p != nil {
		return strconv.Itoa(p.pid)
	}
	return ""
}

// PluginToHost implements runner.AddrTranslator. A plugin may not send its host to any other address than its own, which
// nobody but the user may use from then on.
func (r *pluginRunner) PluginToHost(network, addr string) (string, string, error) {
	if network != "unix" || filepath.Dir(filepath.Clean(addr)) != filepath.Clean(r.socketDir) {
		return "", "", fmt.Errorf("it offers the address %s %s, which is not in its folder", printable(network, 20), printable(addr, 200))
	}
	if err := closeToOthers(addr); err != nil {
		return "", "", fmt.Errorf("the socket that it offers: %w", err)
	}
	return network, addr, nil
}

// HostToPlugin implements runner.AddrTranslator. Nothing of the host is offered to plugins.
func (r *pluginRunner) HostToPlugin(string, string) (string, string, error) {
	return "", "", errors.New("plugins do not call their host")
}

// exitGrace is how long a process may live on after closing its standard output in place of a handshake.
const exitGrace = 500 * time.Millisecond

// handshakeLine bounds the first line of stdout.
const handshakeLine = 1024

// handshakeReader hands on the first line of stdout and throws the rest away, so that nobody who prints is blocked.
type handshakeReader struct {
	from  *os.File
	exit  <-chan struct{}
	first func(line string)

	line  []byte // unread part of the first line
	have  bool   // the first line is complete
	stray *atomic.Int64
	buf   [4096]byte
}

func (h *handshakeReader) Read(p []byte) (int, error) {
	for {
		if h.have && len(h.line) > 0 {
			n := copy(p, h.line)
			h.line = h.line[n:]
			return n, nil
		}
		n, err := h.from.Read(h.buf[:])
		if h.have {
			h.stray.Add(int64(n))
		} else {
			h.collect(h.buf[:n], err != nil)
		}
		if err != nil && len(h.line) == 0 {
			// A process that ends has closed its output a moment before; its status tells more than a kill would.
			select {
			case <-h.exit:
			case <-time.After(exitGrace):
			}
			return 0, io.EOF // also at the deadline after the process's end
		}
	}
}

// collect gathers the first line; at the end of the text, or when it is too long, it is what there is.
func (h *handshakeReader) collect(b []byte, end bool) {
	i := bytes.IndexByte(b, '\n')
	if i >= 0 {
		h.stray.Add(int64(len(b) - i - 1))
		b = b[:i]
	}
	h.line = append(h.line, b...)
	if len(h.line) > handshakeLine {
		h.line, end = h.line[:handshakeLine], true
	}
	if i < 0 && !end {
		return
	}
	h.have = true
	if len(h.line) == 0 && i < 0 {
		return
	}
	h.first(strings.TrimRight(string(h.line), "\r"))
	h.line = append(h.line, '\n')
}

// Close implements io.Closer. The pipe is closed elsewhere, once all readers have ended.
func (h *handshakeReader) Close() error { return nil }

// silentReader is at its end when the process is.
type silentReader struct{ until <-chan struct{} }

func (s *silentReader) Read([]byte) (int, error) {
	<-s.until
	return 0, io.EOF
}

func (s *silentReader) Close() error { return nil }
