package session

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

func rigPlan() string {
	n := fmt.Sprint(serials.Add(1))
	return strings.NewReplacer("FAST", "FAST"+n, "SLOW", "SLOW"+n, "ODD", "ODD"+n).Replace(rigText)
}

const rigText = `
variable "out" {}

run "rig" {
  output   = var.out
  duration = "3s"
  sync     = "200ms"
  disk { keep_free = "1MiB" }
}

device "fast" {
  driver = "sim"
  serial = "FAST"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  channel "B" {
    range = "1V"
    sim { signal = "proof" }
  }
  stream { sample_rate = "1MS/s" }
}

device "slow" {
  driver     = "sim"
  model      = "SIM-12"
  serial     = "SLOW"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  stream { sample_rate = "10kS/s" }
  sim { clock_error_ppm = 100 }
}

device "odd" {
  driver = "sim"
  model  = "SIM-8"
  serial = "ODD"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  stream { sample_interval = "1/3us" }
  sim { clock_error_ppm = -80 }
}
`

// TestMixedRig records three devices of different rates, widths and clock errors.
func TestMixedRig(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.wait(l.start(rigPlan()))
	if sum.ExitCode(false) != ExitDone || sum.Lost {
		t.Errorf("summary %+v", sum)
	}
	want := map[string]int64{"fast.A": 3_000_000, "fast.B": 3_000_000, "slow.A": 30_000, "odd.A": 9_000_000}
	for _, d := range sum.Devices {
		for _, st := range d.Streams {
			if st.Recorded != want[st.Name] {
				t.Errorf("%s: %d samples, want %d", st.Name, st.Recorded, want[st.Name])
			}
		}
	}
}

// TestKillOnePlugin kills one plugin with SIGKILL: the other two are complete, and the third goes on with the loss
// written down.
func TestKillOnePlugin(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(rigPlan())
	l.until(s, func(st Status) bool { return device0(st, "fast").Streams[0].Recorded > 500_000 })
	if err := syscall.Kill(device0(s.Status(), "fast").PluginPID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitLoss || sum.ExitCode(true) != ExitDone {
		t.Errorf("exit codes %d and %d", sum.ExitCode(false), sum.ExitCode(true))
	}
	for _, d := range sum.Devices {
		for _, st := range d.Streams {
			switch {
			case d.Name == "fast" && (st.Lost == 0 || st.Gaps != 1 || st.Recorded+st.Lost != 3_000_000):
				t.Errorf("the killed device: %+v", st)
			case d.Name != "fast" && (st.Lost != 0 || st.Gaps != 0):
				t.Errorf("another device lost something: %+v", st)
			}
		}
	}
	run := l.runFile(s.Dir())
	fast := run.Device("fast")
	if fast.Epochs[1].Cause != "restart" || fast.Epochs[1].Base == 0 {
		t.Errorf("epochs %+v", fast.Epochs)
	}
}

func device0(st Status, name string) DeviceStatus {
	for _, d := range st.Devices {
		if d.Name == name {
			return d
		}
	}
	return DeviceStatus{}
}

// until waits for a state of the run.
func (l *lab) until(s *Session, ok func(Status) bool) {
	l.t.Helper()
	for end := time.Now().Add(time.Minute); !ok(s.Status()); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			l.t.Fatalf("it does not happen: %+v", s.Status())
		}
	}
}

func (l *lab) runFile(dir string) *recording.RunFile {
	l.t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, recording.FileRun))
	if err != nil {
		l.t.Fatal(err)
	}
	run, err := recording.ParseRun(b)
	if err != nil {
		l.t.Fatal(err)
	}
	return run
}

// TestControl speaks to a running session through its socket: status, mark, stop.
func TestControl(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(strings.Replace(header, `duration = "1s"`, "", 1) + proof("cell", "CONTROL"))
	ctx := context.Background()
	info, err := os.Stat(filepath.Join(s.Dir(), "control.sock"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("control socket: %v, %v", info, err)
	}
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 0 })
	reply, err := Control(ctx, s.Dir(), Request{Op: OpStatus})
	if err != nil || reply.Status.State != StateRecording || reply.Status.Left != -1 {
		t.Fatalf("%+v, %v", reply, err)
	}
	if _, err := Control(ctx, s.Dir(), Request{Op: OpMark, Text: "here"}); err != nil {
		t.Fatal(err)
	}
	if _, err := Control(ctx, s.Dir(), Request{Op: "explode"}); err == nil || !strings.Contains(err.Error(), "unknown op") {
		t.Errorf("an unknown op: %v", err)
	}
	if live, err := FindRuns(ctx, l.out); err != nil || len(live) != 1 || live[0] != s.Dir() {
		t.Errorf("live runs: %v, %v", live, err)
	}
	if _, err := Control(ctx, s.Dir(), Request{Op: OpStop}); err != nil {
		t.Fatal(err)
	}
	sum := l.wait(s)
	if sum.EndReason != "stop" || sum.ExitCode(false) != ExitDone {
		t.Errorf("summary %+v", sum)
	}
	if _, err := Control(ctx, s.Dir(), Request{Op: OpStatus}); err == nil {
		t.Error("the socket answers after the end")
	}
	marks := 0
	rec, err := recording.Open(s.Dir())
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range rec.Streams() {
		for _, a := range st.Annotations() {
			if a.Label == recording.LabelMark && a.Comment == "here" {
				marks++
			}
		}
	}
	if marks != 2 {
		t.Errorf("%d marks, want one in each of 2 streams", marks)
	}
}

// TestPreview compares what was asked with what would be done, without recording.
func TestPreview(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	v, err := Check(context.Background(), l.options(rigPlan()))
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Devices) != 3 || v.Seconds != 3 || v.DiskNeed <= 0 || v.DiskFree <= 0 || v.RingBytes <= 0 {
		b, _ := json.MarshalIndent(v, "", " ")
		t.Errorf("%s", b)
	}
	entries, err := os.ReadDir(l.out)
	if err != nil || len(entries) != 0 {
		t.Errorf("something was written: %v, %v", entries, err)
	}
}

// TestAggregatesBehindLoss has losses whose length the unit does not tell beside aggregates of a ratio that fits
// nothing: every group still belongs to its device index, which the proof signal shows.
func TestAggregatesBehindLoss(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := strings.Replace(faulty("2500ms", `"lose" {
      at       = "950ms"
      every    = "1s"
      times    = 0
      count    = 20000
      announce = "unknown"
    }`), "stream { sample_rate = \"100kS/s\" }\n  sim {", `stream {
    sample_rate = "100kS/s"
    downsample {
      mode     = "aggregate"
      ratio    = 7
      keep_raw = true
    }
  }
  sim {`, 1)
	sum := l.wait(l.start(text)) // verifies with the proof signal
	bad := sum.Devices[1]
	if len(bad.Streams) != 3 || bad.Streams[0].Gaps < 2 || bad.Streams[1].Gaps != bad.Streams[0].Gaps {
		t.Errorf("%+v", bad.Streams)
	}
	for _, g := range bad.Gaps {
		truth := int64(20_000)
		if strings.Contains(g.Stream, "m") { // .min, .max
			truth /= 7
		}
		if g.Exact || truth < g.LostMin || truth > g.LostMax {
			t.Errorf("%d lost is not within %+v", truth, g)
		}
	}
}
