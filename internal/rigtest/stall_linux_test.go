package rigtest

import (
	"bytes"
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

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// stallPlan records a unit and a simulated one with rings that hold half a second.
const stallPlan = `run "stall" {
  output = "recordings"
  sync   = "200ms"
  hold   = "500ms"
}

device "cell" {
  driver  = "ps5000a"
  library = "emulated"
  serial  = "STALL"

  channel "A" { range = "1V" }
  channel "B" { range = "1V" }

  stream { sample_rate = "500kS/s" }
}

device "sim" {
  driver = "sim"
  serial = "STALL/S"

  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }

  stream { sample_rate = "500kS/s" }

  sim { truth = "TRUTH" }
}
`

// TestCoreStalled stops the recorder, and not its plugins, for longer than the rings hold. What they could not take is one gap of cause core,
// also where it stood still inside a write; exact: what was recorded and what was lost are what was sent, to the sample.
func TestCoreStalled(t *testing.T) {
	t.Parallel()
	truth := filepath.Join(t.TempDir(), "truth.jsonl")
	d := newDesk(t, proofUnit("5444D", "STALL"), strings.Replace(stallPlan, "TRUTH", truth, 1))
	cmd := exec.Command(logger, "run", "plan.hcl")
	cmd.Dir, cmd.Env = d.work, d.env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = cmd.Wait() }()
	defer func() { _ = cmd.Process.Kill(); <-ended }()
	dir := d.recorded(1_000_000)
	for range 2 {
		if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second) // the time that it stands still is what is tested
		if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		d.recorded(500_000)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatal("the run does not end")
	}
	if code := cmd.ProcessState.ExitCode(); code != session.ExitLoss || !strings.Contains(out.String(), "core") {
		t.Errorf("exit code %d\n%s", code, &out)
	}
	rep, err := recording.Verify(t.Context(), dir, recording.VerifyOptions{Proof: true})
	if err != nil || !rep.OK() {
		t.Errorf("verify: %v, %v, %v", rep.Problems, rep.Damage(), err)
	}
	events, err := d.rig.Truth("STALL")
	if err != nil {
		t.Fatal(err)
	}
	sent := map[string]int64{"sim": pushed(t, truth)}
	for _, e := range events {
		if e.Name == "stopped" {
			n, err := e.Uint("delivered")
			if err != nil {
				t.Fatal(err)
			}
			sent["cell"] = int64(n)
		}
	}
	rec, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range rec.Streams() {
		lost, longest := int64(0), recording.StreamGap{}
		for _, g := range st.Gaps() {
			if lost += g.Lost; !g.Exact {
				t.Errorf("%s: gap %+v", st.Name(), g)
			}
			if g.Lost > longest.Lost {
				longest = g
			}
		}
		if longest.Cause != recording.CauseCore { // a short one may follow, while a busy disk takes what had piled up
			t.Errorf("%s: gap %+v", st.Name(), longest)
		}
		if want := sent[st.Global().Device]; st.Samples()+lost != want || lost < 2*500_000 {
			t.Errorf("%s: %d recorded and %d lost, %d sent", st.Name(), st.Samples(), lost, want)
		}
		t.Logf("%s: %d recorded, %d lost in %d gaps", st.Name(), st.Samples(), lost, len(st.Gaps()))
	}
}

// recorded waits until every stream of the run that records has so many samples more, and returns its folder.
func (d *desk) recorded(more int64) string {
	d.t.Helper()
	least := int64(-1)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		runs, err := session.FindRuns(d.t.Context(), filepath.Join(d.work, "recordings"))
		if err != nil || len(runs) == 0 {
			continue
		}
		ctx, cancel := context.WithTimeout(d.t.Context(), patience)
		reply, err := session.Control(ctx, runs[0], session.Request{Op: session.OpStatus})
		cancel()
		if err != nil {
			continue
		}
		now := int64(1 << 62)
		for _, dev := range reply.Status.Devices {
			for _, st := range dev.Streams {
				now = min(now, st.Recorded)
			}
		}
		if least < 0 {
			least = now
		}
		if now >= least+more {
			return runs[0]
		}
	}
	d.t.Fatal("the run does not get on")
	return ""
}

// pushed is how many samples a simulated unit has handed over, as its own log tells: per stream, all the same.
func pushed(t *testing.T, path string) int64 {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var last struct {
		Event  string
		Pushed []int64
	}
	for line := range strings.Lines(string(b)) {
		if err := json.Unmarshal([]byte(line), &last); err != nil {
			t.Fatal(fmt.Errorf("%s: %w", path, err))
		}
	}
	if last.Event != "stop" || len(last.Pushed) == 0 {
		t.Fatalf("the log ends with %+v", last)
	}
	return last.Pushed[0]
}
