package rigtest

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// generatorUnits are units of each family whose channel B sees their own generator.
var generatorUnits = []struct{ driver, model, serial string }{
	{"ps2000a", "2406B", "GEN2/1"}, {"ps5000a", "5444D", "GEN5/1"}, {"ps6000a", "6824E", "GEN6/1"},
}

func generatorRig(t *testing.T) *lab {
	conf := ""
	for _, u := range generatorUnits {
		conf += fmt.Sprintf("[unit %s]\nmodel = %s\nchannel B = loopback\n", u.serial, u.model)
	}
	return newLab(t, conf)
}

// looped is a device that sees its own generator, with what stands in its blocks.
func looped(u int, mode, generator string) string {
	g := generatorUnits[u]
	return device("scope", g.driver, g.serial, "channel \"B\" { range = \"2V\" }\n"+mode+"\nsignal_generator {\n"+generator+"\n}\n")
}

// events lists the events of a kind.
func eventsOf(t *testing.T, rec *recording.Recording, kind recording.EventKind) (list []recording.Event) {
	t.Helper()
	events, err := rec.Events()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Kind == kind {
			list = append(list, e)
		}
	}
	return list
}

// volts are n samples of scope.B from a device index on.
func voltsOf(t *testing.T, rec *recording.Recording, from int64, n int) []float64 {
	t.Helper()
	s := rec.Stream("scope.B")
	if s == nil {
		t.Fatal("the stream is missing")
	}
	at, ok := s.StreamIndex(from)
	b := make([]byte, 2*n)
	if got, err := s.ReadAt(b, at); !ok || err != nil || got != n {
		t.Fatalf("%d samples from %d on, %v", got, from, err)
	}
	v := make([]float64, n)
	for i := range v {
		v[i] = float64(int16(binary.LittleEndian.Uint16(b[2*i:]))) * s.Global().Scale
	}
	return v
}

// wantTone wants a wave between two voltages with so many periods.
func wantTone(t *testing.T, v []float64, low, high float64, periods int) {
	t.Helper()
	if wrong := notTone(v, low, high, periods); wrong != "" {
		t.Error(wrong)
	}
}

// wantToneFrom wants it somewhere from an index on, at the latest at another: a busy machine is late with a change.
func wantToneFrom(t *testing.T, rec *recording.Recording, from, latest int64, low, high float64, periods int) {
	t.Helper()
	const n, step = 10_000, 2000
	wrong := "it is not recorded"
	for ; from <= latest && from+n <= rec.Streams()[0].Samples(); from += step {
		if wrong = notTone(voltsOf(t, rec, from, n), low, high, periods); wrong == "" {
			return
		}
	}
	t.Errorf("up to sample %d: %s", latest, wrong)
}

// notTone says what is wrong with a wave; empty: nothing.
func notTone(v []float64, low, high float64, periods int) string {
	least, most, n := math.Inf(1), math.Inf(-1), 0
	above := v[0] > (low+high)/2
	for _, x := range v {
		least, most = min(least, x), max(most, x)
		if now := x > (low+high)/2; now != above {
			if above = now; now {
				n++
			}
		}
	}
	if math.Abs(least-low) > 0.04 || math.Abs(most-high) > 0.04 || low < high && (n < periods-1 || n > periods+1) {
		return fmt.Sprintf("from %.2f V to %.2f V with %d periods, want %.2f V to %.2f V with %d", least, most, n, low, high, periods)
	}
	return ""
}

const generatorChanges = `
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "2V"
    change "500ms" {
      wave      = "triangle"
      frequency = "2kHz"
      amplitude = "1V"
      offset    = "500mV"
    }
    change "1s" {
      frequency = "500Hz"
      arbitrary { values = [1, 1, 1, 1, 0, -1, -1, 0] }
    }
    change "1500ms" { enabled = false }
    change "2s" {
      enabled = true
      wave    = "dc"
      offset  = "-1V"
    }
`

// TestGeneratorChanges: every change is heard in the recording at its time, on each family, while it streams.
func TestGeneratorChanges(t *testing.T) {
	t.Parallel()
	for i, u := range generatorUnits {
		t.Run(u.driver, func(t *testing.T) {
			t.Parallel()
			l := generatorRig(t)
			sum := l.record(planOf(`duration = "3500ms"`, looped(i, `stream { sample_rate = "200kS/s" }`, generatorChanges)))
			if sum.Lost || sum.ExitCode(false) != session.ExitDone {
				t.Errorf("summary %+v", sum)
			}
			rec := l.open(sum.Dir)
			wantTone(t, voltsOf(t, rec, 40_000, 20_000), -1, 1, 100)
			events := eventsOf(t, rec, recording.EventGenerator)
			if len(events) != 5 || !strings.HasPrefix(events[0].Text, "from the start: sine of 1 kHz") || events[0].Data["at_s"] != 0.0 {
				t.Fatalf("events %+v", events)
			}
			events = events[1:]
			for i, want := range []struct {
				low, high float64
				periods   int
				text      string
			}{
				{0, 1, 100, "triangle of 2 kHz"}, {0, 1, 25, "arbitrary of "}, {0, 0, 0, "off"}, {-1, -1, 0, "dc"},
			} {
				e := events[i]
				if !strings.Contains(e.Text, want.text) || e.Data["at_s"] != 0.5*float64(i+1) || e.Index == nil || *e.Index < int64(i+1)*100_000-20_000 {
					t.Errorf("event %+v", e)
					continue
				}
				latest := int64(690_000)
				if i+1 < len(events) && events[i+1].Index != nil {
					latest = *events[i+1].Index
				}
				wantToneFrom(t, rec, *e.Index, latest, want.low, want.high, want.periods)
			}
			l.goodUse(u.serial)
		})
	}
}

// TestGeneratorChangesInBlocks: a unit that waits for its trigger hears a change, here of the generator that is to trigger it.
func TestGeneratorChangesInBlocks(t *testing.T) {
	t.Parallel()
	const block = `
  trigger {
    level "B" {
      direction = "rising"
      threshold = "250mV"
    }
  }
  block {
    sample_rate = "200kS/s"
    pre         = "1ms"
    post        = "9ms"
  }
`
	for i, u := range generatorUnits {
		t.Run(u.driver, func(t *testing.T) {
			t.Parallel()
			l := generatorRig(t)
			sum := l.record(planOf(`duration = "60s"`, looped(i, block, `
    enabled   = false
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "2V"
    change "500ms" { enabled = true }
`)))
			rec := l.open(sum.Dir)
			if events := eventsOf(t, rec, recording.EventGenerator); len(events) != 1 || sum.Devices[0].Block.Waveforms != 1 {
				t.Fatalf("events %+v, summary %+v", events, sum)
			}
			wantTone(t, voltsOf(t, rec, 400, 1400), -1, 1, 7)
			l.goodUse(u.serial)
		})
	}
}

// TestGeneratorAfterACrash: the generator of a unit that is started again does what it did before.
func TestGeneratorAfterACrash(t *testing.T) {
	t.Parallel()
	l := generatorRig(t)
	s := l.start(planOf(`duration = "3s"`, looped(1, `stream { sample_rate = "200kS/s" }`, `
    wave      = "sine"
    frequency = "1kHz"
    amplitude = "2V"
    change "200ms" { amplitude = "1V" }
`)))
	l.until(s, "the change is recorded", func(st session.Status) bool { return deviceOf(st, "scope").Streams[0].Recorded > 150_000 })
	if err := syscall.Kill(deviceOf(s.Status(), "scope").PluginPID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	rec := l.open(l.wait(s).Dir)
	events := eventsOf(t, rec, recording.EventGenerator)
	if len(events) != 3 || !strings.HasPrefix(events[2].Text, "set again after the restart: sine of 1 kHz, 1 V") {
		t.Fatalf("events %+v", events)
	}
	wantTone(t, voltsOf(t, rec, *events[2].Index+2000, 20_000), -0.5, 0.5, 100)
}
