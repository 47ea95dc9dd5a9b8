package session

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/recording"
)

// eventPlan is a run in which "slow" streams a square wave of +-2 V and "fast" captures when an event says so.
func eventPlan(run, slow, fast, rest string) string {
	n := serials.Add(1)
	return fmt.Sprintf(`
variable "out" {}
run "events" {
  output = var.out
  sync   = "200ms"
  %s
  disk { keep_free = "1MiB" }
}
device "slow" {
  driver = "sim"
  serial = "EVS%d"
  channel "A" {
    range = "5V"
    sim {
      signal    = "square"
      frequency = "10Hz"
      amplitude = "4V"
    }
  }
  %s
}
device "fast" {
  driver = "sim"
  serial = "EVF%d"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  %s
}
%s
`, run, n, slow, n, fast, rest)
}

const (
	slowStream = `stream { sample_rate = "100kS/s" }`
	fastRapid  = `rapid_block {
    sample_rate = "1MS/s"
    post        = 500
    captures    = 3
  }`
	upEvent = `event "up" {
  source     = "slow.A"
  level      = "1V"
  hysteresis = "500mV"
  start      = ["fast"]
}`
)

// sealed waits for the end of the run, and checks the recording, whose signals are no proof.
func (l *lab) sealed(s *Session) *Summary {
	l.t.Helper()
	sum, err := s.Wait()
	if err != nil {
		l.t.Fatal(err)
	}
	if rep, err := recording.Verify(context.Background(), s.Dir(), recording.VerifyOptions{}); err != nil || !rep.OK() {
		l.t.Errorf("verify: %v, %+v", err, rep)
	}
	return sum
}

// eventLines are the events of event blocks that a recording has.
func (l *lab) eventLines(dir string) (list []recording.Event) {
	l.t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, recording.FileEvents))
	if err != nil {
		l.t.Fatal(err)
	}
	for _, line := range bytes.SplitAfter(b, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		e, err := recording.ParseEvent(line)
		if err != nil {
			l.t.Fatal(err)
		}
		if e.Kind == recording.EventDetected {
			list = append(list, *e)
		}
	}
	return list
}

// samples16 are all samples of a stream of one segment.
func (l *lab) samples16(dir, file string) []int16 {
	l.t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		l.t.Fatal(err)
	}
	list := make([]int16, len(b)/2)
	for i := range list {
		list[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return list
}

// TestEventsStartBlocks lets each rise of one device start a rapid block on another: all of it is written down, at the right samples.
func TestEventsStartBlocks(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.sealed(l.start(eventPlan(`duration = "2s"`, slowStream, fastRapid, upEvent)))
	if sum.ExitCode(false) != ExitDone || len(sum.EventBlocks) != 1 {
		t.Fatalf("%+v", sum)
	}
	b := sum.EventBlocks[0]
	start := b.Starts[0]
	if b.Name != "up" || b.Source != "slow.A" || b.Count < 15 || b.Count > 20 || b.Suppressed != 0 || start.Started < 1 ||
		start.Started+start.Busy+start.Late+start.Away > b.Count || start.Failed != 0 {
		t.Fatalf("%+v", b)
	}
	for _, s := range []*Spread{start.AfterEvent, start.AfterDelivery} {
		if s == nil || s.Count != start.Started || s.Min > s.Median || s.Median > s.Max || s.Min < 0 {
			t.Errorf("times %+v", s)
		}
	}
	lines := l.eventLines(sum.Dir)
	data := l.samples16(sum.Dir, "slow.A.sigmf-data")
	if int64(len(lines)) != b.Count {
		t.Errorf("%d lines of %d events", len(lines), b.Count)
	}
	level, started := int16(6553), int64(0) // a fifth of the range
	for _, e := range lines {
		if i := *e.Index; data[i] <= level || data[i-1] > level || e.Device != "slow" || *e.Epoch != 0 || e.Data["event"] != "up" || e.Data["channel"] != "A" {
			t.Errorf("event %+v: %d, %d", e, data[i-1], data[i])
		}
		if strings.Contains(e.Text, "fast started after") {
			started++
		}
	}
	if started != start.Started {
		t.Errorf("%d lines say that fast was started, %d starts are counted", started, start.Started)
	}
	for _, d := range sum.Devices {
		if d.Name == "fast" && (d.Block.Waveforms != 3*start.Started || d.Block.Lost != 0) {
			t.Errorf("%+v of %d starts", d.Block, start.Started)
		}
	}
}

// TestEventsThatNeverCome leaves a device waiting: it is shown, and the run ends when it is told to.
func TestEventsThatNeverCome(t *testing.T) {
	t.Parallel()
	never := strings.Replace(upEvent, `"1V"`, `"3V"`, 1)
	for _, c := range []struct{ name, run, fast string }{
		{"stopped", "", fastRapid},
		{"by time", `duration = "1s"`, fastRapid},
		{"with a trigger", `duration = "1s"`, fastRapid + "\n" + levelTrigger},
		{"by its own time", `duration = "10m"`, strings.Replace(fastRapid, "captures", "repeat_for = \"1s\"\n    captures", 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			text := eventPlan(c.run, slowStream, c.fast, never)
			if strings.Contains(c.fast, "trigger") {
				text = strings.Replace(text, `signal = "proof"`, `signal = "sine"`, 1)
			}
			s := l.start(text)
			if c.run == "" {
				l.until(s, func(st Status) bool {
					d := device0(st, "fast")
					return d.State == "waiting" && d.Block.Waiting >= 0 && device0(st, "slow").State == "recording" && len(st.EventBlocks) == 1
				})
				s.Stop("stop")
			}
			if c.name == "by its own time" {
				l.until(s, func(st Status) bool { return device0(st, "fast").State == "stopped" })
				s.Stop("stop")
			}
			sum := l.sealed(s)
			if sum.ExitCode(false) != ExitDone || sum.EventBlocks[0].Count != 0 || len(l.eventLines(sum.Dir)) != 0 {
				t.Errorf("%+v", sum)
			}
		})
	}
}

// TestEventsEndWithTheirSource: when nothing can start it any more, a device that waits ends.
func TestEventsEndWithTheirSource(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.sealed(l.start(eventPlan("samples = 50000", slowStream, fastRapid, upEvent)))
	if b := sum.EventBlocks[0]; sum.ExitCode(false) != ExitDone || b.Count < 3 || b.Starts[0].Started < 1 {
		t.Errorf("%+v", sum)
	}
}

// TestEventsOfATrigger lets the trigger of a block start another device.
func TestEventsOfATrigger(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	source := `block {
    sample_rate = "1MS/s"
    pre         = 100
    post        = 100
    repeat      = 5
  }
  ` + levelTrigger
	sum := l.sealed(l.start(eventPlan("", source, strings.Replace(fastRapid, "captures", "repeat = 2\n    captures", 1), `event "seen" {
  source = "slow"
  start  = ["fast"]
}`)))
	b := sum.EventBlocks[0]
	if sum.ExitCode(false) != ExitDone || b.Count != 5 || b.Source != "slow" || b.Starts[0].Started < 1 || b.Starts[0].Started > 2 {
		t.Fatalf("%+v", sum)
	}
	for i, e := range l.eventLines(sum.Dir) {
		if *e.Index != int64(200*i+100) || e.Device != "slow" || e.Data["looks_for"] != "trigger" {
			t.Errorf("event %d at %d: %+v", i, *e.Index, e)
		}
	}
}

// TestEventsAndDeath kills the plugins of both sides: what comes meanwhile is missed, and what comes later is not.
func TestEventsAndDeath(t *testing.T) {
	t.Parallel()
	for _, victim := range []string{"fast", "slow"} {
		t.Run(victim, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			s := l.start(eventPlan("", slowStream, fastRapid, upEvent))
			started := func(st Status) int64 { return st.EventBlocks[0].Starts[0].Started }
			l.until(s, func(st Status) bool { return started(st) >= 2 })
			if err := syscall.Kill(device0(s.Status(), victim).PluginPID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			l.until(s, func(st Status) bool {
				return device0(st, victim).Restarts == 1 && device0(st, victim).State != "restarting"
			})
			before := started(s.Status())
			l.until(s, func(st Status) bool { return started(st) >= before+2 })
			s.Stop("stop")
			sum := l.sealed(s)
			if b := sum.EventBlocks[0]; b.Starts[0].Failed != 0 || int64(len(l.eventLines(sum.Dir))) != b.Count {
				t.Errorf("%+v and %d lines", b, len(l.eventLines(sum.Dir)))
			}
		})
	}
}

// TestEventFlood has a condition that comes true 5000 times a second.
func TestEventFlood(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := strings.Replace(eventPlan(`duration = "2500ms"`, slowStream, fastRapid, upEvent), `"10Hz"`, `"5kHz"`, 1)
	sum := l.sealed(l.start(text))
	b := sum.EventBlocks[0]
	lines := int64(len(l.eventLines(sum.Dir)))
	if b.Count < 12_000 || b.Count-b.Suppressed != lines || lines > 4*eventLimit || lines < eventLimit/2 || sum.Lost {
		t.Errorf("%+v and %d lines", b, lines)
	}
	text2, err := os.ReadFile(filepath.Join(sum.Dir, recording.FileEvents))
	if err != nil || !bytes.Contains(text2, []byte("than 100 a second were only counted")) {
		t.Errorf("nobody is told, %v", err)
	}
}

// TestEventsInAggregates looks for levels in the smallest and largest samples of groups.
func TestEventsInAggregates(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.sealed(l.start(eventPlan(`duration = "1s"`, `stream {
    sample_rate = "100kS/s"
    downsample {
      mode  = "aggregate"
      ratio = 100
    }
  }`, fastRapid, `event "both" {
  source    = "slow.A"
  level     = "1V"
  direction = "either"
}
event "down" {
  source    = "slow.A"
  level     = "-1V"
  direction = "falling"
  start     = ["fast"]
}`)))
	both, down := sum.EventBlocks[0], sum.EventBlocks[1]
	if both.Count < 17 || both.Count > 20 || down.Count < 8 || down.Count > 10 || down.Starts[0].Started == 0 {
		t.Errorf("%+v", sum.EventBlocks)
	}
	for _, e := range l.eventLines(sum.Dir) {
		if *e.Index%100 != 0 {
			t.Errorf("event at %d, which begins no group", *e.Index)
		}
	}
}

// TestEventsThatNoiseWouldBe refuses a slope below one count, at its place in the plan.
func TestEventsThatNoiseWouldBe(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := eventPlan(`duration = "1s"`, slowStream, strings.Replace(fastRapid, "captures", "repeat = 1\n    captures", 1), `event "drift" {
  source = "slow.A"
  slope  = "1V/s"
}`)
	good := l.options(strings.Replace(text, `"1V/s"`, "\"1V/s\"\n  over   = \"10ms\"", 1))
	p, diags := plan.Parse([]byte(text), "unchecked.hcl", plan.Options{Vars: map[string]string{"out": l.out}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	o := good
	o.Plan = p // nobody asked the driver what its counts are
	_, err := Check(context.Background(), o)
	var e *Error
	if !errors.As(err, &e) || e.Class != ClassPlan || len(e.Diags) != 1 || !strings.Contains(e.Diags[0].Detail, "over") || e.Diags[0].Subject.Start.Line < 30 {
		t.Fatalf("%v", err)
	}
	if _, err := Check(context.Background(), good); err != nil {
		t.Error(err)
	}
}

// TestEventsCannotStartEveryUnit refuses, at its place, a unit that takes no orders, which its driver's description had not told.
func TestEventsCannotStartEveryUnit(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := strings.Replace(eventPlan(`duration = "1s"`, slowStream, strings.Replace(fastRapid, "500", "500\n    pre = 200", 1), upEvent), `driver = "sim"
  serial = "EVF`, `driver = "blocky"
  serial = "EVF`, 1)
	text = strings.Replace(text, `sim { signal = "proof" }`, "", 1)
	o := l.options(eventPlan(`duration = "1s"`, slowStream, fastRapid, upEvent))
	p, diags := plan.Parse([]byte(text), "unchecked.hcl", plan.Options{Vars: map[string]string{"out": l.out}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	o.Plan = p
	for name, run := range map[string]func() error{
		"check": func() error { _, err := Check(context.Background(), o); return err },
		"start": func() error { _, err := Start(context.Background(), o); return err },
	} {
		var e *Error
		if err := run(); !errors.As(err, &e) || e.Class != ClassPlan || len(e.Diags) != 1 || !strings.Contains(e.Diags[0].Summary, "armed by order") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEventKinds looks for windows and slopes in a triangle of 10 Hz, at the tip of a probe and around an offset.
func TestEventKinds(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := eventPlan(`duration = "1s"`, slowStream, strings.Replace(fastRapid, "captures", "repeat = 1\n    captures", 1), `event "out" {
  source     = "slow.A"
  window     = ["-10V", "10V"]
  hysteresis = "1V"
}
event "in" {
  source    = "slow.A"
  window    = ["5V", "10V"]
  direction = "enter"
}
event "turn" {
  source    = "slow.A"
  slope     = "600V/s"
  over      = "1ms"
  direction = "either"
}
event "up" {
  source = "slow.A"
  slope  = "600V/s"
  over   = 100
}
event "steeper" {
  source = "slow.A"
  slope  = "1kV/s"
  over   = "1ms"
}
`)
	text = strings.Replace(text, `range = "5V"
    sim {
      signal    = "square"`, `range  = "50V"
    probe  = "x10"
    offset = "10V"
    sim {
      signal    = "triangle"`, 1)
	sum := l.sealed(l.start(text))
	for i, want := range []int64{20, 20, 20, 10, 0} { // a second has 10 periods
		if b := sum.EventBlocks[i]; b.Count < want-1 || b.Count > want+1 || want == 0 && b.Count != 0 {
			t.Errorf("%s: %d events, want about %d", b.Name, b.Count, want)
		}
	}
	data := l.samples16(sum.Dir, "slow.A.sigmf-data")
	tip := func(i int64) float64 { return float64(data[i])*50/32767 - 10 }
	for _, e := range l.eventLines(sum.Dir) {
		i := *e.Index
		if v, ok := e.Data["value_v"].(float64); ok && math.Abs(v-tip(i)) > 1e-9 {
			t.Errorf("%s: %v V, the sample is %v V", e.Text, v, tip(i))
		}
		inside := func(i int64, lo, hi float64) bool { return tip(i) >= lo && tip(i) <= hi }
		switch {
		case e.Text == "out" && (inside(i, -10, 10) || !inside(i-1, -10, 10)),
			e.Text == "in" && (!inside(i, 5, 10) || inside(i-1, 5, 10)),
			e.Text == "turn" && math.Abs(tip(i)-tip(i-100)) < 0.6-1e-9,
			e.Text == "up" && tip(i)-tip(i-100) < 0.6-1e-9:
			t.Errorf("%s at %d: %v V after %v V", e.Text, i, tip(i), tip(i-1))
		}
	}
}
