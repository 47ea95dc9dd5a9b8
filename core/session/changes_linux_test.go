package session

import (
	"encoding/binary"
	"math"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// looped is a plan of a simulated unit that sees its own generator, for as long as it says.
func looped(serial, duration, generator string) string {
	return strings.Replace(header, `duration = "1s"`, `duration = "`+duration+`"`, 1) + `
device "cell" {
  driver = "sim"
  serial = "` + serial + `"
  channel "A" {
    range = "5V"
    sim { signal = "loopback" }
  }
  stream { sample_rate = "100kS/s" }
  signal_generator {
` + generator + `
  }
}
`
}

// waitLooped waits for the end of a run without the proof signal, and checks the recording.
func (l *lab) waitLooped(s *Session) *Summary {
	l.t.Helper()
	sum := l.waitOnly(s)
	rep, err := recording.Verify(l.t.Context(), s.Dir(), recording.VerifyOptions{})
	if err != nil || !rep.OK() {
		l.t.Errorf("verify: %v, %+v", err, rep)
	}
	return sum
}

// generatorEvents lists the events of a kind.
func (l *lab) generatorEvents(dir string, kind recording.EventKind) (list []recording.Event) {
	l.t.Helper()
	r, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	events, err := r.Events()
	if err != nil {
		l.t.Fatal(err)
	}
	for _, e := range events {
		if e.Kind == kind {
			list = append(list, e)
		}
	}
	return list
}

// wave tells of 50 ms of cell.A from a device index on how high it goes and how many periods it has.
func (l *lab) wave(dir string, from int64) (peak float64, periods int) {
	l.t.Helper()
	r, err := recording.Open(dir)
	if err != nil {
		l.t.Fatal(err)
	}
	s := r.Stream("cell.A")
	if s == nil {
		l.t.Fatal("the stream is missing")
	}
	at, ok := s.StreamIndex(from)
	b := make([]byte, 2*5000)
	if n, err := s.ReadAt(b, at); !ok || err != nil || n != 5000 {
		l.t.Fatalf("%d samples at %d, %v", n, from, err)
	}
	last := 0.0
	for i := range 5000 {
		v := float64(int16(binary.LittleEndian.Uint16(b[2*i:]))) * s.Global().Scale
		peak = max(peak, math.Abs(v))
		if i > 0 && last < 0 && v >= 0 {
			periods++
		}
		last = v
	}
	return peak, periods
}

// wantWave wants 50 ms of a wave from a device index on.
func (l *lab) wantWave(dir string, from int64, peak float64, periods int) {
	l.t.Helper()
	p, n := l.wave(dir, from)
	if math.Abs(p-peak) > 0.01 || n < periods-1 || n > periods+1 {
		l.t.Errorf("from sample %d: up to %.2f V and %d periods, want %.2f V and %d", from, p, n, peak, periods)
	}
}

const sineChanges = `
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "2V"
    change "400ms" { frequency = "2kHz" }
    change "800ms" { enabled = false }
    change "1200ms" { amplitude = "3V" }
    change "1600ms" { enabled = true }
`

// TestGeneratorChanges follows the changes of a plan through the recording.
func TestGeneratorChanges(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.waitLooped(l.start(looped("CHANGES", "2s", sineChanges)))
	if sum.ExitCode(false) != ExitDone {
		t.Errorf("summary %+v", sum)
	}
	l.wantWave(sum.Dir, 20_000, 1, 50)
	events := l.generatorEvents(sum.Dir, recording.EventGenerator)
	if len(events) != 5 {
		t.Fatalf("events %+v", events)
	}
	for i, want := range []struct {
		at      float64
		peak    float64
		periods int
		text    string
	}{
		{0, 1, 50, "from the start: sine of 1 kHz, 2 V peak to peak"},
		{0.4, 1, 100, "at 400 ms: sine of 2 kHz, 2 V peak to peak"}, {0.8, 0, 0, "at 800 ms: off"}, {1.2, 0, 0, "at 1.2 s: off"},
		{1.6, 1.5, 100, "at 1.6 s: sine of 2 kHz, 3 V peak to peak"},
	} {
		e := events[i]
		if e.Text != want.text || e.Data["at_s"] != want.at || e.Data["enabled"] != (want.peak > 0) || e.Device != "cell" || e.Index == nil {
			t.Errorf("event %+v", e)
			continue
		}
		if late := float64(*e.Index)/1e5 - want.at; late < -0.1 || late > 0.3 {
			t.Errorf("the change at %v s was made at sample %d", want.at, *e.Index)
		}
		l.wantWave(sum.Dir, *e.Index+20_000, want.peak, want.periods)
	}
}

// TestRefusedChange: the recording goes on with what was put out before, and says so.
func TestRefusedChange(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	sum := l.waitLooped(l.start(looped("REFUSED", "900ms", `
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "2V"
    change "200ms" { # a rate of which no third can be kept exactly
      arbitrary {
        values      = [0, 1, -1]
        sample_rate = "9223372036854775807/9223372036854775783S/s"
      }
    }
    change "500ms" {
      wave      = "sine"
      frequency = "2kHz"
    }
`)))
	warnings := l.generatorEvents(sum.Dir, recording.EventWarning)
	if sum.ExitCode(false) != ExitDone || len(warnings) != 1 || !strings.Contains(warnings[0].Text, "at 200 ms was refused") || warnings[0].Data["at_s"] != 0.2 {
		t.Errorf("summary %+v, warnings %+v", sum, warnings)
	}
	l.wantWave(sum.Dir, 38_000, 1, 50)
	l.wantWave(sum.Dir, 80_000, 1, 100)
}

// TestChangesAfterARestart: a unit that is started again has the generator as it was, and what was missed meanwhile.
func TestChangesAfterARestart(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(looped("RESTARTED", "2500ms", `
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "2V"
    change "200ms" { frequency = "2kHz" }
    change "2200ms" { amplitude = "1V" }
`))
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 50_000 })
	if err := syscall.Kill(s.Status().Devices[0].PluginPID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	sum := l.waitLooped(s)
	events := l.generatorEvents(sum.Dir, recording.EventGenerator)
	if len(events) != 4 || !strings.HasPrefix(events[2].Text, "set again after the restart: sine of 2 kHz") || !strings.HasPrefix(events[3].Text, "at 2.2 s: ") {
		t.Fatalf("events %+v", events)
	}
	if n := l.generatorEvents(sum.Dir, recording.EventRestart); len(n) != 1 {
		t.Errorf("restarts %+v", n)
	}
	l.wantWave(sum.Dir, 42_000, 1, 100)
	l.wantWave(sum.Dir, *events[2].Index+1000, 1, 100)
}

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestMissedChanges: of the changes that came while the device was away the last one counts.
func TestMissedChanges(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	c := newChanges(l.parse(looped("MISSED", "1s", sineChanges)).Devices[0])
	for _, step := range []struct {
		after     string
		i, missed int
		wait      string
		made      bool
	}{
		{"100ms", -1, 0, "300ms", false},
		{"900ms", 1, 1, "0s", false},
		{"900ms", -1, 0, "300ms", false},
		{"1200ms", 2, 0, "0s", true},
		{"1h", 3, 0, "0s", true},
	} {
		i, missed, wait, ok := c.due(duration(t, step.after))
		if i != step.i || missed != step.missed || wait != duration(t, step.wait) || !ok {
			t.Errorf("after %s: change %d, %d missed, in %v, %v", step.after, i, missed, wait, ok)
		}
		if i >= 0 {
			c.done(i, step.made)
		}
	}
	if _, _, _, ok := c.due(0); ok || !c.changed() {
		t.Error("there is one more")
	}
}

// TestSoftwareTrigger fires the generator from beside the run.
func TestSoftwareTrigger(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(looped("SOFT", "1s", `
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "2V"
    trigger {
      type   = "rising"
      source = "software"
    }
`))
	if _, err := Control(t.Context(), s.Dir(), Request{Op: OpTrigger, Device: "scope"}); err == nil || !strings.Contains(err.Error(), `no device "scope"; it has cell`) {
		t.Errorf("another device: %v", err)
	}
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 20_000 })
	if _, err := Control(t.Context(), s.Dir(), Request{Op: OpTrigger, Device: "cell"}); err != nil {
		t.Fatal(err)
	}
	sum := l.waitLooped(s)
	events := l.generatorEvents(sum.Dir, recording.EventSoftwareTrigger)
	if len(events) != 1 || events[0].Index == nil || *events[0].Index < 15_000 {
		t.Fatalf("events %+v", events)
	}
	l.wantWave(sum.Dir, 5_000, 0, 0)
	l.wantWave(sum.Dir, *events[0].Index+20_000, 1, 50)
	if err := s.SoftwareTrigger(t.Context(), "cell"); err == nil {
		t.Error("a run that has ended was triggered")
	}
}
