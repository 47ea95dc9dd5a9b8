package rpc

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// hostReport is what a host process of the tests tells about its plugin.
type hostReport struct {
	Pid     int
	Address string
	Keys    Keys
}

// runHost is a host process that the tests kill: it starts a plugin, streams from it, tells of it and waits. The mode
// is the orphan time, a space, and the plugin's mode.
func runHost(mode string) {
	orphan, plugin, _ := strings.Cut(mode, " ")
	if err := host(orphan, plugin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	select {}
}

func host(orphan, mode string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	d, err := time.ParseDuration(orphan)
	if err != nil {
		return err
	}
	o := StartOptions{Path: self, Env: []string{envFake + "=" + mode, "GORACE=atexit_sleep_ms=0"}, SocketDir: os.Getenv("SOCKETS"), Orphan: d}
	if strings.Contains(mode, "hang-describe") { // it never attends; the test finds the plugin among our children
		_, err := Start(context.Background(), o)
		return err
	}
	ctx := context.Background()
	c, err := Start(ctx, o)
	if err != nil {
		return err
	}
	dev, err := c.Open(ctx, driver.OpenRequest{})
	if err != nil {
		return err
	}
	cfg := driver.Config{
		Channels: []driver.ChannelConfig{{Channel: "A", Range: units.Volt}}, Stream: &driver.StreamConfig{Interval: units.Seconds(1, 200_000)},
	}
	if _, err := dev.Configure(ctx, cfg); err != nil {
		return err
	}
	ring, err := shmring.Create(shmring.Spec{Generation: 7, Lanes: []shmring.LaneSpec{{
		Kind: shmring.Raw, SampleType: shmring.I16, IntervalNumFS: 5e9, IntervalDen: 1, Ratio: 1, Scale: 1, Capacity: 1 << 20, Name: "A",
	}}})
	if err != nil {
		return err
	}
	if err := dev.HandOver(ctx, ring); err != nil {
		return err
	}
	if err := dev.Start(ctx, 7); err != nil {
		return err
	}
	a := c.Attachment()
	return json.NewEncoder(os.Stdout).Encode(hostReport{a.Pid, a.Address, a.Keys})
}

// hostProcess is a running host with its plugin.
type hostProcess struct {
	t      *testing.T
	cmd    *exec.Cmd
	report hostReport
	pidfd  int // of the plugin
}

func startHost(t *testing.T, orphan time.Duration, mode string) *hostProcess {
	t.Helper()
	dir, err := os.MkdirTemp("", "rpch")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	h := &hostProcess{t: t, cmd: exec.Command(self)}
	h.cmd.Env = []string{envHome + "=" + orphan.String() + " " + mode, "SOCKETS=" + dir, "GORACE=atexit_sleep_ms=0"}
	h.cmd.Stderr = os.Stderr
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.kill)
	if strings.Contains(mode, "hang-describe") {
		h.report.Pid = h.findPlugin(dir)
	} else if err := json.NewDecoder(out).Decode(&h.report); err != nil {
		t.Fatalf("the host says nothing: %v", err)
	}
	if h.pidfd, err = unix.PidfdOpen(h.report.Pid, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = unix.PidfdSendSignal(h.pidfd, unix.SIGKILL, nil, 0)
		unix.Close(h.pidfd)
	})
	return h
}

// findPlugin waits until the host has a child that listens, and so has passed its handshake.
func (h *hostProcess) findPlugin(dir string) int {
	h.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if found, _ := filepath.Glob(filepath.Join(dir, "*", "plugin*")); len(found) == 0 {
			continue
		}
		b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", h.cmd.Process.Pid, h.cmd.Process.Pid))
		var pid int
		if _, err := fmt.Sscan(string(b), &pid); err == nil {
			return pid
		}
		stats, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", h.cmd.Process.Pid))
		for _, s := range stats {
			b, _ := os.ReadFile(s)
			if _, err := fmt.Sscan(string(b), &pid); err == nil {
				return pid
			}
		}
	}
	h.t.Fatal("the host starts no plugin")
	return 0
}

func (h *hostProcess) kill() {
	_ = h.cmd.Process.Kill()
	_ = h.cmd.Wait()
}

func (h *hostProcess) signal(s syscall.Signal) {
	h.t.Helper()
	if err := h.cmd.Process.Signal(s); err != nil {
		h.t.Fatal(err)
	}
}

// pluginEnds waits for the plugin's end and says whether it came within d.
func (h *hostProcess) pluginEnds(d time.Duration) bool {
	h.t.Helper()
	for deadline := time.Now().Add(d); ; {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(h.pidfd), Events: unix.POLLIN}}, int(max(time.Until(deadline), 0).Milliseconds()))
		if n > 0 {
			return true
		}
		if err != nil && err != unix.EINTR {
			h.t.Fatal(err)
		}
		if time.Now().After(deadline) {
			return false
		}
	}
}
