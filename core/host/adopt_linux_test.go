package host

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
)

// die breaks all ties of a host to its plugins, as its death would.
func die(t *testing.T, h *Host) {
	t.Helper()
	for _, in := range h.Running() {
		in.client.Abandon()
	}
	if err := h.stateLock.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestTakeOver lets two hosts die one after the other: each time the next one goes on with the same process and its open device, whose settings and events
// it knows, and after the last one's orderly end nothing is left.
func TestTakeOver(t *testing.T) {
	run := [16]byte{1, 2, 3}
	base := shortDir(t)
	first := New(Options{Dirs: []string{pluginDir(t, "fake")}, RunID: run, Runtime: base, Environ: []string{envFake + "=1"}})
	in, err := first.Start(t.Context(), "fake", StartOptions{Device: "cell", Orphan: time.Minute, HangAfter: 7 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	pid := in.Pid()
	dev, err := in.Client().Open(t.Context(), driver.OpenRequest{})
	if err != nil {
		t.Fatal(err)
	}
	asked := driver.Config{Channels: []driver.ChannelConfig{{Channel: "A"}}}
	applied, err := dev.Configure(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := dev.Keep(asked, applied)
	if err == nil {
		err = in.KeepDevice(kept)
	}
	if err != nil {
		t.Fatal(err)
	}
	die(t, first)
	var last *Host
	for n := byte(0); n < 2; n++ {
		last = New(Options{Dirs: first.o.Dirs, RunID: [16]byte{10: 50 + n}, Runtime: base, Environ: first.o.Environ})
		last.WorkFor(run)
		list, err := last.TakeOver(t.Context(), run)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d plugins, %v", len(list), err)
		}
		in = list[0]
		if in.Pid() != pid || in.Device() != "cell" || !in.Adopted() || in.Client().Program().Name != "fake" {
			t.Errorf("taken over: %d %q %v %v", in.Pid(), in.Device(), in.Adopted(), in.Client().Program())
		}
		if kept, err = in.KeptDevice(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := in.Client().AdoptDevice(kept, driver.Config{}); err == nil {
			t.Error("a device with other settings is gone on with")
		}
		dev, got, err := in.Client().AdoptDevice(kept, asked)
		if err != nil || dev.Info().Serial != "S1" || got.Interval.Cmp(applied.Interval.Rational) != 0 || len(got.Streams) != 1 {
			t.Fatalf("device %+v, %+v, %v", dev, got, err)
		}
		if other, err := New(Options{Runtime: base, RunID: [16]byte{10: 90}}).TakeOver(t.Context(), run); err != nil || len(other) != 0 {
			t.Errorf("taken from a host that lives: %v, %v", other, err)
		}
		if n == 0 {
			for _, in := range last.Running() {
				in.client.Abandon()
			}
			for _, d := range last.taken {
				d.lock.Close()
			}
		}
	}
	if err := last.Close(); err != nil {
		t.Error(err)
	}
	select {
	case <-in.Done():
	case <-time.After(20 * time.Second):
		t.Error("the plugin lives on")
	}
	if left, err := filepath.Glob(filepath.Join(base, statePattern)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestNotTakenOver: what is not a plugin of the run whose host has died is never touched, above all not a process that has its number by now.
func TestNotTakenOver(t *testing.T) {
	run := [16]byte{9, 8, 7}
	good := func() Record {
		return Record{RunID: hexRun(run), Driver: "fake", Device: "cell", OrphanNS: int64(time.Minute), Address: "/nowhere"}
	}
	for _, c := range []struct {
		name  string
		alter func(r *Record)
		lives bool // its host
		after func(t *testing.T, dir string, pid int)
		ended bool // the process is the plugin, and cannot be taken over
	}{
		{name: "another run", alter: func(r *Record) { r.RunID = hexRun([16]byte{1}) }},
		{name: "another boot", alter: func(r *Record) { r.BootID = "another" }},
		{name: "no orphan time", alter: func(r *Record) { r.OrphanNS = 0 }},
		{name: "its host lives", lives: true},
		{name: "the number is that of another process", after: func(t *testing.T, dir string, pid int) {
			editRecord(t, dir, func(r *Record) { r.StartTime-- })
		}},
		{name: "a folder that others may write to", after: func(t *testing.T, dir string, _ int) {
			if err := os.Chmod(dir, 0o777); err != nil {
				t.Fatal(err)
			}
		}},
		{name: "without keys", ended: true},
		{name: "with keys, and no answer", ended: true, after: func(t *testing.T, dir string, _ int) {
			for _, name := range []string{"host.key", "host.crt", "plugin.crt"} {
				if err := os.WriteFile(filepath.Join(dir, "1", name), []byte("none"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := shortDir(t)
			r := good()
			if c.alter != nil {
				c.alter(&r)
			}
			process := deadHost(t, base, 77, r, c.lives)
			dir := filepath.Join(base, stateDirName([16]byte{10: 77}))
			if c.after != nil {
				c.after(t, dir, process.Process.Pid)
			}
			h := New(Options{Dirs: []string{pluginDir(t, "fake")}, RunID: [16]byte{10: 1}, Runtime: base, Timeout: time.Second})
			list, err := h.TakeOver(t.Context(), run)
			if len(list) != 0 || (err != nil) != c.ended {
				t.Errorf("%d taken over, %v", len(list), err)
			}
			if c.ended {
				if state, err := process.Process.Wait(); err != nil || state.Success() {
					t.Errorf("%v, %v", state, err)
				}
				return
			}
			if err := syscall.Kill(process.Process.Pid, 0); err != nil || rpcEnded(process.Process.Pid) {
				t.Errorf("the process was touched: %v", err)
			}
			if err := h.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// rpcEnded tells whether a child has ended and was not waited for.
func rpcEnded(pid int) bool {
	var status syscall.WaitStatus
	got, err := syscall.Wait4(pid, &status, syscall.WNOHANG, nil)
	return err == nil && got == pid
}

// TestEndTouchesNoOther: ending a plugin by number and start time lets another process alone that has the number.
func TestEndTouchesNoOther(t *testing.T) {
	process := deadHost(t, shortDir(t), 78, Record{}, false)
	pid := process.Process.Pid
	rpc.End(pid, startTime(t, pid)+1)
	if err := syscall.Kill(pid, 0); err != nil || rpcEnded(pid) {
		t.Fatalf("the process was touched: %v", err)
	}
	rpc.End(pid, startTime(t, pid))
	if !slices.Contains([]string{"signal: killed"}, waited(t, process.Process)) {
		t.Error("the process lives on")
	}
}

func waited(t *testing.T, p *os.Process) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	done := make(chan string, 1)
	go func() {
		state, err := p.Wait()
		if err != nil {
			done <- err.Error()
			return
		}
		done <- state.String()
	}()
	select {
	case text := <-done:
		return text
	case <-ctx.Done():
		return "it lives"
	}
}

// editRecord changes the record of the only plugin of a state folder.
func editRecord(t *testing.T, dir string, change func(r *Record)) {
	t.Helper()
	path := filepath.Join(dir, "1", recordFile)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r Record
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	change(&r)
	if b, err = json.Marshal(r); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
