package session

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// keepPlan is a run that keeps what lies around the rises of a slow square wave, of three streaming devices with clocks of their own.
func keepPlan(run, event string) string {
	n := serials.Add(1)
	return fmt.Sprintf(`
variable "out" {}
run "keep" {
  output = var.out
  sync   = "200ms"
  rotate = "1s"
  keep   = "events"
  %s
  disk { keep_free = "1MiB" }
}
device "watch" {
  driver = "sim"
  serial = "KW%d"
  channel "A" {
    range = "5V"
    sim {
      signal    = "square"
      frequency = "0.2Hz"
      amplitude = "4V"
    }
  }
  stream { sample_rate = "10kS/s" }
}
device "fast" {
  driver = "sim"
  serial = "KF%d"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  stream {
    sample_rate = "500kS/s"
    downsample {
      mode     = "aggregate"
      ratio    = 50
      keep_raw = true
    }
  }
  sim { clock_error_ppm = 90 }
}
device "slow" {
  driver = "sim"
  model  = "SIM-8"
  serial = "KS%d"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  stream { sample_interval = "1/3ms" }
  sim { clock_error_ppm = -80 }
}
event "up" {
  source     = "watch.A"
  hysteresis = "500mV"
  %s
}
`, run, n, n, n, event)
}

const upAround = `level  = "1V"
  before = "1700ms"
  after  = "300ms"`

// verifyKept checks a recording; the signal that is looked at is no proof.
func (l *lab) verifyKept(dir string) {
	l.t.Helper()
	rep, err := recording.Verify(context.Background(), dir, recording.VerifyOptions{Proof: true})
	if err != nil {
		l.t.Fatal(err)
	}
	damage := slices.DeleteFunc(rep.Damage(), func(d recording.Damage) bool { return d.Kind == recording.DamageProof && d.Stream == "watch.A" })
	if len(damage) > 0 || len(rep.Problems) > 0 {
		l.t.Errorf("verify: %+v, %d damaged ranges, the first %+v", rep.Problems, len(damage), damage[:min(3, len(damage))])
	}
}

// keptAround wants all that lies around some moments, monotonic ns, to be there on all devices, and what is not there to be told to the sample.
func (l *lab) keptAround(dir string, moments []int64, before, after time.Duration) {
	l.t.Helper()
	rec, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	l.verifyKept(dir)
	l.agree(dir)
	if p := rec.Problems(); len(p) > 0 || len(rec.Missing()) > 0 {
		l.t.Errorf("problems %v, missing %v", p, rec.Missing())
	}
	for _, st := range rec.Streams() {
		g := st.Global()
		rd := rec.Run().Device(g.Device)
		if g.Mode.Block() {
			continue
		}
		_, last := st.DeviceRange()
		there, removed, lost := st.Samples(), rd.NotKeptSamples(st.Name()), int64(0)
		if removed != st.NotKept() {
			l.t.Errorf("%s: %d samples are not kept by run.json, %d by its segments", st.Name(), removed, st.NotKept())
		}
		for _, n := range rd.NotKept {
			k := n.Streams[st.Name()]
			lost += k.Next - k.Index - k.Samples
		}
		for _, c := range st.Captures() { // the time in which a run was stopped too
			lost += c.Lost()
		}
		if there+removed+lost != last {
			l.t.Errorf("%s: %d there, %d not kept, %d lost, and it ends at %d", st.Name(), there, removed, lost, last)
		}
		for _, ns := range moments {
			// The times of first samples are as late as deliveries are.
			e := rd.Epochs[0].First
			at := func(ns int64) int64 { return (ns - e.MonoNS) * g.SampleInterval.Den / g.SampleInterval.Num / 1e9 }
			from, to := max(at(ns-int64(before)), 0), min(at(ns+int64(after)), last)
			for _, gap := range st.Gaps() {
				if gap.Cause == recording.CauseNotKept && gap.DeviceIndex < to && gap.DeviceIndex+gap.Lost > from {
					l.t.Errorf("%s: of samples %d to %d around %d, %d from %d on were not kept", st.Name(), from, to, ns, gap.Lost, gap.DeviceIndex)
				}
			}
			if first, _ := st.DeviceRange(); from < first {
				l.t.Errorf("%s: sample %d was not kept, around %d", st.Name(), from, ns)
			}
		}
	}
}

// risesOf are the monotonic times of the events of a recording.
func (l *lab) risesOf(dir string) (moments []int64) {
	for _, e := range l.eventLines(dir) {
		moments = append(moments, e.MonoNS)
	}
	return moments
}

// TestKeepAroundEvents: of three devices only what lies around the events of one stays, the rest is told, and nothing is lost.
func TestKeepAroundEvents(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(keepPlan(`duration = "12s"`, upAround))
	l.until(s, func(st Status) bool { return st.NotKept > 0 && st.Keep.Waiting > 0 }) // while it records
	l.verifyKept(s.Dir())
	sum := l.waitOnly(s)
	if sum.ExitCode(false) != ExitDone || sum.Lost || sum.NotKept == 0 || sum.EndReason != "duration" {
		t.Errorf("%+v", sum)
	}
	rises := l.risesOf(sum.Dir)
	if len(rises) < 2 {
		t.Fatalf("%d events", len(rises))
	}
	l.keptAround(sum.Dir, rises, 1650*time.Millisecond, 250*time.Millisecond)
	run := l.runFile(sum.Dir)
	for _, d := range run.Devices {
		// Around each event lie at most five seconds' segments, and the last two stay.
		if most := 5*len(rises) + 2; len(d.Segments) > most || len(d.NotKept) == 0 {
			t.Errorf("%s has %d segments of %d events; not kept are %+v", d.Name, len(d.Segments), len(rises), d.NotKept)
		}
	}
	for _, d := range sum.Devices {
		for _, st := range d.Streams {
			if st.NotKept != run.Device(d.Name).NotKeptSamples(st.Name) || st.Recorded <= st.NotKept || st.Lost != 0 {
				t.Errorf("%+v", st)
			}
		}
	}
}

// TestKeepMarks: a mark is an event too, with the longest times of the plan.
func TestKeepMarks(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(keepPlan("", strings.Replace(upAround, `"1V"`, `"4V"`, 1)))
	l.until(s, func(st Status) bool { return st.Elapsed > 5 })
	if err := s.Mark("here"); err != nil {
		t.Fatal(err)
	}
	l.until(s, func(st Status) bool { return st.Elapsed > 11 && st.NotKept > 0 })
	s.Stop("stop")
	sum := l.waitOnly(s)
	rec, err := recording.Open(s.Dir())
	if err != nil {
		t.Fatal(err)
	}
	events, err := rec.Events()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(events, func(e recording.Event) bool { return e.Kind == recording.EventMark })
	if i < 0 || sum.ExitCode(false) != ExitDone || sum.EventBlocks[0].Count != 0 {
		t.Fatalf("%+v", sum)
	}
	l.keptAround(sum.Dir, []int64{events[i].MonoNS}, 1650*time.Millisecond, 250*time.Millisecond)
	for _, d := range l.runFile(sum.Dir).Devices {
		if len(d.Segments) > 7 || len(d.NotKept) < 2 {
			t.Errorf("%s has %d segments; not kept are %+v", d.Name, len(d.Segments), d.NotKept)
		}
	}
}

// TestKeepWithRestarts: a device that is started again in between, whose events are looked for or not, keeps what it has around events all the same.
func TestKeepWithRestarts(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(keepPlan(`duration = "12s"`, upAround))
	l.until(s, func(st Status) bool { return st.Elapsed > 5 })
	for _, name := range []string{"fast", "watch"} {
		if err := syscall.Kill(device0(s.Status(), name).PluginPID, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		l.until(s, func(st Status) bool { d := device0(st, name); return d.State == "recording" && d.Restarts == 1 })
	}
	sum := l.waitOnly(s)
	rises := l.risesOf(sum.Dir)
	if sum.ExitCode(false) != ExitLoss || sum.NotKept == 0 || len(rises) < 1 {
		t.Errorf("%d events, %+v", len(rises), sum)
	}
	l.keptAround(sum.Dir, rises, 500*time.Millisecond, 100*time.Millisecond)
}

// TestKeepResumed kills the core and goes on: what was there stays, what follows is judged anew, and the account is whole.
func TestKeepResumed(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killAll(strings.Replace(keepPlan(`duration = "12s"`, upAround), `sync   = "200ms"`, "sync   = \"200ms\"\n  adopt  = \"300ms\"", 1), 9000)
	before := l.runFile(k.dir)
	s := l.resume(k.dir)
	after := l.runFile(k.dir)
	l.verifyKept(k.dir)
	sum := l.waitOnly(s)
	if sum.EndReason != "duration" || sum.NotKept == 0 {
		t.Errorf("%+v", sum)
	}
	l.keptAround(sum.Dir, l.risesOf(sum.Dir), 500*time.Millisecond, 100*time.Millisecond)
	l.wholeRun(sum)
	for _, d := range l.runFile(k.dir).Devices {
		for _, was := range before.Device(d.Name).Segments {
			if d.Removed(was.Segment) != before.Device(d.Name).Removed(was.Segment) {
				t.Errorf("segment %d of %s was there when the core died, and went behind it", was.Segment, d.Name)
			}
		}
		if len(after.Device(d.Name).NotKept) > len(d.NotKept) {
			t.Errorf("%s: rows of segments that are not kept went", d.Name)
		}
	}
}

// TestKeepAndDropOldest: with a disk that is full at once, the oldest of what was kept goes, and all of it is told.
func TestKeepAndDropOldest(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := strings.Replace(keepPlan(`duration = "9s"`, strings.Replace(upAround, "1V", "-1V", 1)+"\n  direction = \"either\""), `disk { keep_free = "1MiB" }`, `disk {
    keep_free = "1GiB"
    when_low  = "drop_oldest"
  }`, 1)
	disk := &roomyFS{FS: recording.OSFS()}
	s := l.startOn(text, disk)
	l.until(s, func(st Status) bool { return st.Elapsed > 6 })
	disk.full.Store(true) // the next looks drop all that is sealed, and then end the run
	sum, _ := s.Wait()
	if sum.Dropped == 0 || sum.EndReason != "disk" {
		t.Errorf("%+v", sum)
	}
	rec, err := recording.Open(s.Dir())
	if err != nil {
		t.Fatal(err)
	}
	l.verifyKept(s.Dir())
	for _, d := range rec.Run().Devices {
		if d.Dropped.Segments == 0 || len(d.NotKept) > 0 && d.NotKept[0].Last <= d.Dropped.Through {
			t.Errorf("%s: dropped %+v, not kept %+v", d.Name, d.Dropped, d.NotKept)
		}
	}
}

// roomyFS is a disk that may say that it is full.
type roomyFS struct {
	recording.FS
	full atomic.Bool
}

func (f *roomyFS) FreeSpace(path string) (int64, error) {
	if f.full.Load() {
		return 0, nil
	}
	return f.FS.FreeSpace(path)
}

// blocksPlan is a run whose devices capture waveforms: one when an event says so, one by itself.
func blocksPlan(run, rest string) string {
	n := serials.Add(1)
	return fmt.Sprintf(`
variable "out" {}
run "keep" {
  output = var.out
  sync   = "200ms"
  rotate = "1s"
  keep   = "events"
  %s
  disk { keep_free = "1MiB" }
}
device "watch" {
  driver = "sim"
  serial = "KB%d"
  channel "A" {
    range = "5V"
    sim {
      signal    = "square"
      frequency = "0.2Hz"
      amplitude = "4V"
    }
  }
  %s
}
device "steady" {
  driver = "sim"
  serial = "KC%d"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  block {
    sample_rate = "1MS/s"
    post        = 1000
    every       = "50ms"
    repeat      = "forever"
  }
}
`, run, n, rest, n)
}

// TestKeepBlocks: devices that capture waveforms keep those around events; one that events start keeps all that it has.
func TestKeepBlocks(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	n := serials.Add(1)
	s := l.start(blocksPlan(`duration = "12s"`, slowStream) + fmt.Sprintf(`
device "shot" {
  driver = "sim"
  serial = "KD%d"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  rapid_block {
    sample_rate = "1MS/s"
    post        = 500
    captures    = 3
  }
}
event "up" {
  source     = "watch.A"
  level      = "1V"
  hysteresis = "500mV"
  before     = "1700ms"
  after      = "300ms"
  start      = ["shot"]
}
`, n))
	sum := l.waitOnly(s)
	rises := l.risesOf(sum.Dir)
	if sum.ExitCode(false) != ExitDone || sum.NotKept == 0 || len(rises) < 2 {
		t.Fatalf("%d events, %+v", len(rises), sum)
	}
	l.keptAround(sum.Dir, rises, 1650*time.Millisecond, 250*time.Millisecond)
	l.wavesAround(sum.Dir, "steady.A", rises, 1650*time.Millisecond, 250*time.Millisecond)
	run := l.runFile(sum.Dir)
	if d := run.Device("shot"); len(d.NotKept) > 0 || d.Streams[0].Recorded != sum.EventBlocks[0].Starts[0].Started*3*500 {
		t.Errorf("what events had started: %+v", d)
	}
	if d := run.Device("steady"); len(d.NotKept) == 0 || len(d.Segments) > 7*len(rises)+2 {
		t.Errorf("what nothing had started: %d segments, not kept %+v", len(d.Segments), d.NotKept)
	}
}

// wavesAround wants the waveforms of a stream around some moments, monotonic ns, to be there.
func (l *lab) wavesAround(dir, stream string, moments []int64, before, after time.Duration) {
	l.t.Helper()
	rec, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	captures := rec.Stream(stream).Captures()
	for _, ns := range moments {
		if ns-int64(before) < captures[0].MonoNS || ns+int64(after) > captures[len(captures)-1].MonoNS {
			continue // not all of it is in the run
		}
		for i, c := range captures {
			// Between two that are there lies nothing that was to be kept.
			if i > 0 && *c.Waveform > *captures[i-1].Waveform+1 && captures[i-1].MonoNS < ns+int64(after) && c.MonoNS > ns-int64(before) {
				l.t.Errorf("%s: waveforms %d to %d lie around %d and were not kept", stream, *captures[i-1].Waveform+1, *c.Waveform-1, ns)
			}
		}
	}
}

// TestKeepAroundTriggers: without event blocks the triggers of all devices are the events.
func TestKeepAroundTriggers(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.waitOnly(l.start(blocksPlan(`duration = "12s"`, `block {
    sample_rate = "100kS/s"
    pre         = 100
    post        = 1000
    repeat      = "forever"
  }
  `+levelTrigger)))
	rec, err := recording.Open(sum.Dir)
	if err != nil {
		t.Fatal(err)
	}
	var fired []int64
	for _, c := range rec.Stream("watch.A").Captures() {
		fired = append(fired, c.MonoNS)
	}
	if sum.ExitCode(false) != ExitDone || sum.NotKept == 0 || len(fired) < 2 || int64(len(fired)) != sum.Devices[0].Block.Waveforms {
		t.Fatalf("%d triggers, %+v", len(fired), sum)
	}
	l.wavesAround(sum.Dir, "steady.A", fired, 0, 0)
	run := l.runFile(sum.Dir)
	if d := run.Device("watch"); len(d.NotKept) > 0 {
		t.Errorf("triggered waveforms were not kept: %+v", d.NotKept)
	}
	if d := run.Device("steady"); len(d.NotKept) == 0 || len(d.Segments) > 5*len(fired)+2 {
		t.Errorf("%d segments, not kept %+v", len(d.Segments), d.NotKept)
	}
}
