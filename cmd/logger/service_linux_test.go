package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// service is the program as a service manager runs it: without a terminal, and with a watchdog of 1.5 s.
type service struct {
	*exec.Cmd
	m     *manager
	ended chan struct{}

	mu  sync.Mutex
	log bytes.Buffer
}

// serve starts the program in a folder.
func (m *manager) serve(t *testing.T, dir string, args ...string) *service {
	t.Helper()
	s := &service{Cmd: exec.Command("logger", args...), m: m, ended: make(chan struct{})}
	s.Dir = dir
	s.Env = append(os.Environ(), envNotifySocket+"="+m.path, envWatchdog+"=1500000", "SCOPELOG_PLUGINS="+pluginDir, "GORACE=atexit_sleep_ms=0",
		"XDG_RUNTIME_DIR="+filepath.Dir(m.path), "SCOPELOG_RIG="+filepath.Join(dir, "rig"))
	s.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	s.Stdout, s.Stderr = s, s
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.Wait() // its state tells
		close(s.ended)
	}()
	t.Cleanup(func() { s.kill(t) })
	return s
}

func (s *service) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

func (s *service) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// kill ends it as a watchdog that was not fed does in the end, or the kernel when memory is short.
func (s *service) kill(t *testing.T) {
	t.Helper()
	if err := s.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
	<-s.ended
}

// terminate ends it as systemctl stop and a shutdown do. The manager is told that it ends, and gets the exit code.
func (s *service) terminate(t *testing.T) int {
	t.Helper()
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.m.until(t, "STOPPING=1")
	select {
	case <-s.ended:
	case <-time.After(patience):
		t.Fatalf("SIGTERM does not end it: %s", s.said())
	}
	return s.ProcessState.ExitCode()
}

// unitCommand is what the unit executes, with a plan of the test's folder.
func unitCommand(t *testing.T) []string {
	t.Helper()
	command := unitKeys(t)["ExecStart"]
	if len(command) < 2 || !strings.HasSuffix(command[len(command)-1], ".hcl") {
		t.Fatalf("ExecStart=%q", command)
	}
	args := slices.Clone(command[1:])
	args[len(args)-1] = "plan.hcl"
	return args
}

const hardPlan = `
run "served" {
  output = "recordings"
  sync   = "200ms"
  adopt  = "0s"
  disk { keep_free = "1MiB" }
}
device "one" {
  driver = "sim"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  stream { sample_rate = "100kS/s" }
  sim {
    FAULT
  }
}
`

// plant writes a plan into a new folder.
func plant(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "plan.hcl"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// oneRun waits until the only run of a folder has so many epochs of its device.
func oneRun(t *testing.T, dir string, epochs int) (path string) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		runs, err := filepath.Glob(filepath.Join(dir, "recordings", "served-*"))
		if err != nil || len(runs) > 1 {
			t.Fatalf("runs %v, %v", runs, err)
		}
		if len(runs) == 1 {
			if f, err := readRun(runs[0]); err == nil && f.Device("one") != nil && len(f.Device("one").Epochs) >= epochs {
				return runs[0]
			}
		}
		if time.Now().After(end) {
			t.Fatalf("runs %v do not come to %d epochs", runs, epochs)
		}
	}
}

// TestServiceGoesOnByItself plays the manager with the command that the unit has: the program is killed, which the unit
// takes for a failure, and started again by the same command. It goes on in the same recording without anybody's doing,
// and the exit code of its end is none that the unit calls a failure.
func TestServiceGoesOnByItself(t *testing.T) {
	t.Parallel()
	m, dir, command := newManager(t), plant(t, strings.Replace(hardPlan, "FAULT", "", 1)), unitCommand(t)
	keys := unitKeys(t)
	if !slices.Equal(keys["Restart"], []string{"on-failure"}) {
		t.Fatalf("Restart=%q: nobody starts it again", keys["Restart"])
	}
	const kills = 3
	for n := range kills {
		s := m.serve(t, dir, command...)
		m.until(t, "READY=1", "STATUS=recording 1 stream")
		run := oneRun(t, dir, n+1)
		awaitSynced(t, run, n+1)
		s.kill(t)
	}
	s := m.serve(t, dir, command...)
	m.until(t, "READY=1", "STATUS=recording 1 stream")
	run := oneRun(t, dir, kills+1)
	awaitSynced(t, run, kills+1)
	if code := s.terminate(t); code != exitLost || !slices.Contains(keys["SuccessExitStatus"], "3") {
		t.Errorf("exit code %d, and the unit takes %q for success: %s", code, keys["SuccessExitStatus"], s.said())
	}
	f, err := readRun(run)
	if err != nil {
		t.Fatal(err)
	}
	if f.State != recording.StateSealed || f.EndReason != "stop" || len(f.Device("one").Epochs) != kills+1 {
		t.Errorf("state %s, %s, epochs %+v", f.State, f.EndReason, f.Device("one").Epochs)
	}
	rep, err := recording.Verify(t.Context(), run, recording.VerifyOptions{Proof: true})
	if err != nil || !rep.OK() {
		t.Errorf("%v, %+v", err, rep.Problems)
	}
}

// awaitSynced waits until the journal has 20,000 samples of each epoch.
func awaitSynced(t *testing.T, run string, epochs int) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		rec, err := recording.Open(run)
		if err == nil && len(rec.Streams()) > 0 && rec.Streams()[0].Samples() >= 20_000*int64(epochs) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("too little is synced: %v", err)
		}
	}
}

// TestServiceStopsInTime ends the service while its device hangs in the stop and in the close: the recording is sealed, and
// all is over long before the manager would kill it.
func TestServiceStopsInTime(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]string{"healthy": "", "hanging stop": `fault "hang" { call = "stop" }`, "hanging close": `fault "hang" { call = "close" }`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, dir := newManager(t), plant(t, strings.Replace(hardPlan, "FAULT", fault, 1))
			allowed, err := time.ParseDuration(strings.Replace(strings.Join(unitKeys(t)["TimeoutStopSec"], ""), "min", "m", 1))
			if err != nil || allowed < 2*patience {
				t.Fatalf("TimeoutStopSec: %v, %v", allowed, err)
			}
			s := m.serve(t, dir, unitCommand(t)...)
			m.until(t, "READY=1", "STATUS=recording 1 stream")
			run := oneRun(t, dir, 1)
			awaitSynced(t, run, 1)
			began := time.Now()
			code := s.terminate(t) // it gives up after less than the half
			t.Logf("exit code %d after %v", code, time.Since(began).Round(10*time.Millisecond))
			if code != exitDone && code != exitLost {
				t.Errorf("exit code %d: %s", code, s.said())
			}
			if f, err := readRun(run); err != nil || f.State != recording.StateSealed || f.EndReason != "stop" {
				t.Errorf("%+v, %v", f, err)
			}
			rep, err := recording.Verify(t.Context(), run, recording.VerifyOptions{Proof: true})
			if err != nil || !rep.OK() {
				t.Errorf("%v, %+v", err, rep.Problems)
			}
		})
	}
}
