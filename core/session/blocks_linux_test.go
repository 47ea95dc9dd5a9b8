package session

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// blockPlan is a run of a device that captures waveforms.
func blockPlan(run, block, trigger, options string) string {
	return `
variable "out" {}

run "test" {
  output = var.out
  sync   = "100ms"
  ` + run + `
  disk { keep_free = "1MiB" }
}

device "cell" {
  driver     = "blocky"
  serial     = "` + fmt.Sprintf("BLK-%d", serials.Add(1)) + `"
  hang_after = "2s"
  channel "A" { range = "5V" }
  channel "B" { range = "5V" }
  ` + block + `
  ` + trigger + `
  blocky {
    ` + options + `
  }
}
`
}

const levelTrigger = `trigger {
    level "A" {
      direction = "rising"
      threshold = "1V"
    }
  }`

func rapidBlock(captures int, more string) string {
	return fmt.Sprintf(`rapid_block {
    captures    = %d
    pre         = 200
    post        = 300
    sample_rate = "1MS/s"
    %s
  }`, captures, more)
}

// checkRows wants every data file to be rows of the stream's waveforms, with so many captures, numbered as given.
func (l *lab) checkRows(dir string, numbers []int64) []recording.Capture {
	l.t.Helper()
	rec, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	var caps []recording.Capture
	for _, s := range rec.Streams() {
		caps = s.Captures()
		if len(caps) != len(numbers) {
			l.t.Fatalf("%s: %d captures, want %d", s.Name(), len(caps), len(numbers))
		}
		for i, c := range caps {
			if *c.Waveform != numbers[i] || c.SampleStart != int64(i)*500 {
				l.t.Errorf("%s: capture %d: %+v", s.Name(), i, c)
			}
		}
		info, err := os.Stat(filepath.Join(dir, s.Segments()[0].DataFile()))
		if err != nil || info.Size() != int64(len(numbers))*1000 {
			l.t.Errorf("%s: %v, %v", s.Name(), info, err)
		}
	}
	return caps
}

func upTo(n int64) []int64 {
	list := make([]int64, n)
	for i := range list {
		list[i] = int64(i)
	}
	return list
}

func TestRapidBlocks(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.wait(l.start(blockPlan("", rapidBlock(50, "repeat = 4"), levelTrigger, `trigger_after = "5ms"`)))
	if sum.EndReason != "completed" || sum.ExitCode(false) != ExitDone || sum.Lost {
		t.Errorf("summary %+v", sum)
	}
	b := sum.Devices[0].Block
	if b == nil || b.Waveforms != 200 || b.Lost != 0 || b.Armings != 4 || b.DeadWorst != 1500e-9 {
		t.Errorf("%+v", b)
	}
	caps := l.checkRows(sum.Dir, upTo(200))
	c := caps[123]
	if *c.Arm != 2 || *c.MemorySegment != 23 || *c.TriggerPosition != 200 || *c.TriggerOffsetFS != -4321 || *c.DeadTimeNS != 1500 {
		t.Errorf("%+v", c)
	}
}

// TestBlockEnds ends runs of block modes in each way.
func TestBlockEnds(t *testing.T) {
	t.Parallel()
	forever := `repeat = "forever"`
	for _, c := range []struct {
		name, run, block, options string
		reason                    string
		least, most               int64
	}{
		{"repeated for a time", "", rapidBlock(1, `repeat_for = "500ms"`), `trigger_after = "5ms"`, "completed", 2, 1000},
		{"every so often", "", rapidBlock(2, "repeat = 3\n    every = \"200ms\""), `trigger_after = "1ms"`, "completed", 6, 6},
		{"a duration, by the host's clock", `duration = "1s"`, rapidBlock(1, forever), `trigger_after = "20ms"`, "duration", 2, 60},
		{"a number of samples", `samples = 1200`, rapidBlock(2, forever), `trigger_after = "5ms"`, "samples", 3, 3},
		{"repeated for a time without any trigger", "", rapidBlock(1, `repeat_for = "500ms"`), "", "completed", 0, 0},
		{"a duration without any trigger", `duration = "1s"`, rapidBlock(1, forever), "", "duration", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			began := time.Now()
			sum := l.wait(l.start(blockPlan(c.run, c.block, levelTrigger, c.options)))
			if sum.EndReason != c.reason || sum.ExitCode(false) != ExitDone {
				t.Errorf("summary %+v", sum)
			}
			if n := sum.Devices[0].Block.Waveforms; n < c.least || n > c.most {
				t.Errorf("%d waveforms after %v, want %d to %d", n, time.Since(began), c.least, c.most)
			}
			l.checkRows(sum.Dir, upTo(sum.Devices[0].Block.Waveforms))
		})
	}
}

// TestTriggerThatNeverComes is seen as waiting, outlasts the time after which a device hangs, and ends when asked to.
func TestTriggerThatNeverComes(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(blockPlan("", rapidBlock(10, "repeat = 1"), levelTrigger, ""))
	l.until(s, func(st Status) bool { return st.Devices[0].State == stateWaiting && st.Devices[0].Block.Waiting > 3 })
	if st := s.Status().Devices[0]; st.Restarts != 0 || st.Block.Waveforms != 0 || st.Error != "" {
		t.Errorf("%+v", st)
	}
	s.Stop("stop")
	sum := l.wait(s)
	if sum.EndReason != "stop" || sum.ExitCode(false) != ExitDone {
		t.Errorf("summary %+v", sum)
	}
	if n := l.events(sum.Dir)[recording.EventTriggerWait]; n != 1 {
		t.Errorf("%d events of waiting", n)
	}
}

func (l *lab) events(dir string) map[recording.EventKind]int64 {
	l.t.Helper()
	rec, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	s, err := rec.Summarise()
	if err != nil {
		l.t.Fatal(err)
	}
	return s.Events
}

// TestHangWhileItWaits: a plugin that makes no progress is ended, also when it waits.
func TestHangWhileItWaits(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(blockPlan("", rapidBlock(10, "repeat = 1"), levelTrigger, "silent = true"))
	l.until(s, func(st Status) bool { return st.Devices[0].Restarts > 0 })
	s.Stop("stop")
	l.wait(s)
}

// TestStopKeepsWhatWasCaptured has a device that delivers the rest of its arming when it is stopped.
func TestStopKeepsWhatWasCaptured(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(blockPlan("", rapidBlock(5000, `repeat = "forever"`), "", "keep = true"))
	l.until(s, func(st Status) bool { return st.Devices[0].Block.Waveforms > 0 })
	s.Stop("stop")
	sum := l.wait(s)
	if n := sum.Devices[0].Block.Waveforms; n == 0 || n%5000 != 0 || sum.ExitCode(false) != ExitDone || len(l.lost(sum.Dir)) > 0 {
		t.Errorf("%d waveforms, summary %+v", n, sum)
	}
}

// lost lists the texts of events of lost waveforms.
func (l *lab) lost(dir string) []string {
	l.t.Helper()
	rec, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	events, err := rec.Events()
	if err != nil {
		l.t.Fatal(err)
	}
	var texts []string
	for _, e := range events {
		if e.Kind == recording.EventWaveformLost {
			texts = append(texts, e.Text)
		}
	}
	return texts
}

// TestDeathInAWaveform: the next arming goes on, numbers continue, the lost waveform is an event.
func TestDeathInAWaveform(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	died := filepath.Join(t.TempDir(), "died")
	sum := l.wait(l.start(blockPlan("", rapidBlock(5, "repeat = 4"), levelTrigger, fmt.Sprintf("trigger_after = \"20ms\"\n    die_in = 7\n    died = %q", died))))
	if sum.EndReason != "completed" || !sum.Lost || sum.ExitCode(false) != ExitLoss {
		t.Errorf("summary %+v", sum)
	}
	if b := sum.Devices[0].Block; b.Waveforms != 17 || b.Lost != 3 || b.Armings != 4 || b.Away <= 0 {
		t.Errorf("%+v", b)
	}
	// Armings 0 and 1 of the first process up to waveform 7, which is lost; two more stayed in the device; then 2 and 3.
	caps := l.checkRows(sum.Dir, append(upTo(7), 8, 9, 10, 11, 12, 13, 14, 15, 16, 17))
	if *caps[7].Arm != 2 || caps[7].Epoch != 1 || *caps[16].Arm != 3 || caps[7].Gap != nil {
		t.Errorf("%+v", caps[7])
	}
	if e := l.events(sum.Dir); e[recording.EventWaveformLost] != 3 || e[recording.EventRestart] != 1 {
		t.Errorf("events %v", e)
	}
}

// TestDeathBeforeATrigger: an arming that had brought nothing is done again, so nothing of what was asked for is missing.
func TestDeathBeforeATrigger(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(blockPlan("", rapidBlock(5, "repeat = 3"), levelTrigger, `trigger_after = "400ms"`))
	l.until(s, func(st Status) bool { return st.Devices[0].Block.Armings == 1 && st.Devices[0].State == stateWaiting })
	if err := syscall.Kill(s.Status().Devices[0].PluginPID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	sum := l.wait(s)
	if b := sum.Devices[0].Block; b.Waveforms != 15 || b.Lost != 0 || b.Away <= 0 || sum.Lost || sum.ExitCode(false) != ExitDone || sum.EndReason != "completed" {
		t.Errorf("%+v, %+v", b, sum)
	}
	if e := l.events(sum.Dir); e[recording.EventRestart] != 1 || e[recording.EventWaveformLost] != 0 {
		t.Errorf("events %v", e)
	}
	l.checkRows(sum.Dir, upTo(15))
}

// TestDeathInTheLastArming leaves nothing to repeat.
func TestDeathInTheLastArming(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	died := filepath.Join(t.TempDir(), "died")
	sum := l.wait(l.start(blockPlan("", rapidBlock(5, "repeat = 1"), levelTrigger, fmt.Sprintf("trigger_after = \"1ms\"\n    die_in = 3\n    died = %q", died))))
	if b := sum.Devices[0].Block; b.Waveforms != 3 || b.Lost != 2 || !sum.Lost {
		t.Errorf("%+v, %+v", b, sum)
	}
	l.checkRows(sum.Dir, upTo(3))
}

// TestSpoiltWaveform: one that the device could not complete is a loss, and the others are not touched.
func TestSpoiltWaveform(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.wait(l.start(blockPlan("", rapidBlock(5, "repeat = 2"), "", "spoil = 4")))
	if b := sum.Devices[0].Block; b.Waveforms != 9 || b.Lost != 1 || sum.ExitCode(false) != ExitLoss || sum.EndReason != "completed" {
		t.Errorf("%+v, %+v", b, sum)
	}
	l.checkRows(sum.Dir, []int64{0, 1, 2, 3, 5, 6, 7, 8, 9})
}

func TestBlockPreview(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for _, c := range []struct {
		name, run, block string
		need             int64   // of samples, of which a waveform has 2000
		seconds          float64 // in which syncs are made, ten a second
		rate, hour       float64 // the most that can come
	}{
		{"so many", `duration = "8h"`, rapidBlock(100, "repeat = 10"), 2_000_000, 8 * 3600, 4e6, 2e6},
		{"forever", `duration = "8h"`, rapidBlock(100, `repeat = "forever"`), -1, 0, 4e6, 4e6 * 3600},
		{"at a rate", `duration = "10s"`, rapidBlock(100, "repeat = \"forever\"\n    every = \"1s\""), 2_200_000, 10, 200_000, 2_200_000},
		{"at a rate for a time", "", rapidBlock(100, "repeat_for = \"10s\"\n    every = \"1s\""), 2_200_000, 10, 200_000, 2_200_000},
		{"for a time", "", rapidBlock(100, `repeat_for = "10s"`), -1, 0, 4e6, 4e6*10 + 200_000},
	} {
		v, err := Check(context.Background(), l.options(blockPlan(c.run, c.block, levelTrigger, "")))
		if err != nil {
			t.Fatal(err)
		}
		// Two streams, and what the files of such recordings have beside their samples.
		if want := int64(float64(c.need)*1.01 + float64(c.need)/2000*(190+2*260) + c.seconds*10*(750+2*150)); c.need >= 0 && v.DiskNeed != want || c.need < 0 && v.DiskNeed >= 0 {
			t.Errorf("%s: needs %d, want %d", c.name, v.DiskNeed, want)
		}
		d := v.Devices[0]
		if v.BytesPerSec != c.rate || v.BytesPerHour != c.hour || !v.UpTo || d.Pre != 200 || d.Post != 300 || d.Captures != 100 || d.WaveformBytes != 2000 {
			t.Errorf("%s: %+v", c.name, v)
		}
		for _, w := range v.Warnings {
			if strings.Contains(w, "ring") {
				t.Errorf("%s: %s", c.name, w)
			}
		}
	}
}

// triggeredStream is a run of a stream that ends after its trigger: a sine of 2 V peak to peak, with so high a threshold.
func triggeredStream(threshold string) string {
	return strings.Replace(header, `duration = "1s"`, `duration = "1500ms"`, 1) + `
device "cell" {
  driver = "sim"
  serial = "` + fmt.Sprintf("TRIG%d", serials.Add(1)) + `"
  channel "A" {
    range = "5V"
    sim {
      signal    = "sine"
      frequency = "5Hz"
      amplitude = "2V"
    }
  }
  trigger {
    level "A" {
      direction = "rising"
      threshold = "` + threshold + `"
    }
  }
  stream {
    sample_rate        = "100kS/s"
    pre                = 100
    post               = 2000
    stop_after_trigger = true
  }
}
`
}

// TestStreamWithTrigger ends behind its trigger, whose sample is marked exactly.
func TestStreamWithTrigger(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.waitOnly(l.start(triggeredStream("500mV")))
	if sum.EndReason != "completed" || sum.ExitCode(false) != ExitDone {
		t.Fatalf("summary %+v", sum)
	}
	rec, err := recording.Open(sum.Dir)
	if err != nil {
		t.Fatal(err)
	}
	s := rec.Streams()[0]
	at := int64(-1)
	for _, a := range s.Annotations() {
		if a.Label == recording.LabelTrigger && *a.Exact && a.SampleCount == 1 {
			at = a.SampleStart
		}
	}
	if at < 100 || s.Samples() < at+2000 {
		t.Fatalf("trigger at sample %d of %d", at, s.Samples())
	}
	b := make([]byte, 8)
	if _, err := s.ReadAt(b, at-1); err != nil {
		t.Fatal(err)
	}
	level := 0.5 / s.Global().Scale
	before, behind := float64(int16(uint16(b[0])|uint16(b[1])<<8)), float64(int16(uint16(b[6])|uint16(b[7])<<8))
	if before >= level || behind < level {
		t.Errorf("the signal goes from %v to %v around the trigger, the threshold is %v", before, behind, level)
	}
}

// TestStreamTriggerNeverComes: the run ends at its time all the same, and nothing is lost.
func TestStreamTriggerNeverComes(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.waitOnly(l.start(triggeredStream("4V")))
	if sum.EndReason != "duration" || sum.ExitCode(false) != ExitDone || sum.Lost || sum.Elapsed > 10 {
		t.Errorf("summary %+v", sum)
	}
}

// waitOnly waits for the end of a run that has no proof signal.
func (l *lab) waitOnly(s *Session) *Summary {
	l.t.Helper()
	sum, err := s.Wait()
	if err != nil {
		l.t.Fatal(err)
	}
	rep, err := recording.Verify(context.Background(), s.Dir(), recording.VerifyOptions{})
	if err != nil || !rep.OK() {
		l.t.Errorf("verify: %+v, %v", rep, err)
	}
	return sum
}
