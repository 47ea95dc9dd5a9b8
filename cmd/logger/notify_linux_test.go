package main

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// manager is the socket of a service manager.
type manager struct {
	*net.UnixConn
	path string
	all  []string
}

func newManager(t *testing.T) *manager {
	t.Helper()
	dir, err := os.MkdirTemp("", "lm-") // short: sockets lie in it
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		os.RemoveAll(dir)
	})
	return &manager{UnixConn: conn, path: path}
}

// next returns the next message.
func (m *manager) next(t *testing.T) string {
	t.Helper()
	if err := m.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4096)
	n, err := m.Read(b)
	if err != nil {
		t.Fatalf("%v; it was told %q", err, m.all)
	}
	m.all = append(m.all, string(b[:n]))
	return string(b[:n])
}

// until reads messages until one has all of some lines.
func (m *manager) until(t *testing.T, lines ...string) {
	t.Helper()
	for {
		text := "\n" + m.next(t) + "\n"
		found := 0
		for _, l := range lines {
			if strings.Contains(text, "\n"+l) {
				found++
			}
		}
		if found == len(lines) {
			return
		}
	}
}

func lookup(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := vars[name]
		return v, ok
	}
}

func TestNotifierReadsTheEnvironment(t *testing.T) {
	m := newManager(t)
	me := strconv.Itoa(os.Getpid())
	for _, c := range []struct {
		name     string
		vars     map[string]string
		tells    bool
		watchdog time.Duration
	}{
		{"no manager", nil, false, 0},
		{"no such socket", map[string]string{envNotifySocket: m.path + "x"}, false, 0},
		{"another kind of socket", map[string]string{envNotifySocket: "vsock:2:1234"}, false, 0},
		{"no watchdog", map[string]string{envNotifySocket: m.path}, true, 0},
		{"a watchdog", map[string]string{envNotifySocket: m.path, envWatchdog: "90000000"}, true, 90 * time.Second},
		{"our watchdog", map[string]string{envNotifySocket: m.path, envWatchdog: "3", envWatchdogPID: me}, true, 3 * time.Microsecond},
		{"somebody else's watchdog", map[string]string{envNotifySocket: m.path, envWatchdog: "3", envWatchdogPID: "1"}, true, 0},
		{"a wrong watchdog", map[string]string{envNotifySocket: m.path, envWatchdog: "soon"}, true, 0},
		{"an endless watchdog", map[string]string{envNotifySocket: m.path, envWatchdog: "18446744073709551615"}, true, 0},
	} {
		n := newNotifier(lookup(c.vars))
		if (n.conn != nil) != c.tells || n.watchdog != c.watchdog {
			t.Errorf("%s: %+v", c.name, n)
		}
		n.up("here") // harmless in every case
		n.close()
		n.close()
		n.send("too late")
		if n.due(time.Now()) {
			t.Errorf("%s: due after its end", c.name)
		}
	}
}

// TestWatchdogWantsProof: while the rings are drained there is a sign of life, and none when they are not.
func TestWatchdogWantsProof(t *testing.T) {
	m := newManager(t)
	a, out := newTestApp(t, nil)
	a.lookupEnv = lookup(map[string]string{envNotifySocket: m.path, envWatchdog: "1000000"})
	if err := a.prepare(); err != nil {
		t.Fatal(err)
	}
	run := newFakeRun()
	r := newReporter(a, false, time.Now)
	end := make(chan error, 1)
	go func() {
		_, err := watch(a, run, r)
		r.close()
		end <- err
	}()
	m.until(t, "READY=1", "STATUS=recording 4 streams of 2 devices into recordings/fake")
	m.until(t, "WATCHDOG=1")
	m.until(t, "WATCHDOG=1")
	run.undrained.Store(int64(time.Second))
	// One may be on its way; then it is silent for much longer than the watchdog waits.
	silent := false
	for range 3 {
		if err := m.SetReadDeadline(time.Now().Add(2500 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Read(make([]byte, 4096)); err != nil {
			silent = true
			break
		}
	}
	if !silent {
		t.Error("signs of life although nothing is drained")
	}
	run.undrained.Store(0)
	m.until(t, "WATCHDOG=1")
	run.end <- nil
	if err := <-end; err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.stderr.String(), "a ring is not drained any more"); n != 1 {
		t.Errorf("it was told %d times: %s", n, out.stderr.String())
	}
}

const servicePlan = `
run "served" {
  output = "recordings"
  disk { keep_free = "1MiB" }
  schedule {
    every = "4s"
    for   = "1500ms"
  }
}
device "one" {
  driver = "sim"
  channel "A" { range = "5V" }
  stream { sample_rate = "10kS/s" }
}
`

// TestService runs the program as a service manager does, without a terminal: it is ready, lives while it records and while
// it waits, and SIGTERM ends it in order.
func TestService(t *testing.T) {
	m := newManager(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "plan.hcl"), []byte(servicePlan), 0o644); err != nil {
		t.Fatal(err)
	}
	c := m.serve(t, dir, "run", "--resume", "plan.hcl")
	m.until(t, "READY=1", "STATUS=recording 1 stream")
	m.until(t, "WATCHDOG=1")
	m.until(t, "STATUS=served waits for")
	m.until(t, "WATCHDOG=1", "STATUS=served waits for")
	m.until(t, "WATCHDOG_USEC=151500000", "WATCHDOG=1") // patience while the device is opened
	m.until(t, "STATUS=recording 1 stream")
	m.until(t, "WATCHDOG_USEC=1500000")
	m.until(t, "WATCHDOG=1")
	if code := c.terminate(t); code != exitDone {
		t.Errorf("exit code %d: %s", code, c.said())
	}
	for _, text := range m.all {
		if strings.Contains(text, "READY=1") && text != m.all[0] {
			t.Errorf("ready twice: %q", m.all)
		}
	}
	runs, err := filepath.Glob(filepath.Join(dir, "recordings", "served-*"))
	if err != nil || len(runs) < 2 {
		t.Fatalf("runs %v, %v", runs, err)
	}
	for _, dir := range runs {
		if f, err := readRun(dir); err != nil || f.State != "sealed" {
			t.Errorf("%s: %+v, %v", dir, f, err)
		}
	}
}
