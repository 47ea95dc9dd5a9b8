package plan

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

func TestTipAndInput(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		probe      units.Rational
		tip, input units.Voltage
		back       units.Voltage
	}{
		{"none", units.Rat(1, 1), 5 * units.Volt, 5 * units.Volt, 5 * units.Volt},
		{"x10", units.Rat(10, 1), 5 * units.Volt, 500 * units.Millivolt, 5 * units.Volt},
		{"x0.1", units.Rat(1, 10), units.Volt, 10 * units.Volt, units.Volt},
		{"x3 rounds to nanovolts", units.Rat(3, 1), units.Volt, 333_333_333, 999_999_999},
		{"negative rounds away from zero", units.Rat(2, 1), -1, -1, -2},
		{"saturates", units.Rat(1, 1000), math.MaxInt64 / 10, math.MaxInt64, math.MaxInt64/1000 + 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			ch := Channel{Probe: c.probe}
			if got := ch.Input(c.tip); got != c.input {
				t.Errorf("Input(%d) = %d, want %d", c.tip, got, c.input)
			}
			if got := ch.Tip(c.input); got != c.back {
				t.Errorf("Tip(%d) = %d, want %d", c.input, got, c.back)
			}
		})
	}
}

func TestMaxSamples(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		duration time.Duration
		interval units.Interval
		want     int64
	}{
		{"none", 0, ns(1), 0},
		{"whole", 10 * time.Second, units.Seconds(1, 1000), 10_000},
		{"floor", time.Second, units.Seconds(3, 10), 3},
		{"thirds are exact", 10 * time.Second, units.Seconds(1, 3), 30},
		{"longer than the run", time.Second, units.Seconds(2, 1), 0},
		{"beyond 2^33", 8 * time.Hour, ns(1), 28_800_000_000_000},
		{"saturates", math.MaxInt64, units.Seconds(1, 1e15), math.MaxInt64},
		{"no interval", time.Second, units.Interval{}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := (Run{Duration: c.duration}).MaxSamples(c.interval); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}

// TestConfigCopies checks that making a configuration leaves the plan as it is.
func TestConfigCopies(t *testing.T) {
	t.Parallel()
	p := mustParse(t, pathsPlan)
	d := p.Device("cell")
	for range 2 {
		if got := d.Config().Trigger.Levels[0].Threshold; got != 100*units.Millivolt {
			t.Fatalf("threshold at the input: %v", got)
		}
	}
	if got := d.Trigger.Levels[0].Threshold; got != units.Volt {
		t.Errorf("threshold at the tip: %v", got)
	}
	if r := d.OpenRequest(); r.Serial != "SECRET-1234" || r.Name != "cell" {
		t.Errorf("open request: %+v", r)
	}
}

func TestGeneratorChanges(t *testing.T) {
	t.Parallel()
	p := mustParse(t, "run \"r\" {\n  output = \"x\"\n}\ndevice \"a\" {\n  driver = \"ps5000a\"\n  channel \"A\" { range = \"1V\" }\n  stream { sample_rate = \"1S/s\" }\n  signal_generator {\n    wave      = \"sine\"\n    frequency = \"1kHz\"\n    amplitude = \"1V\"\n    change \"1s\" { frequency = \"2kHz\" }\n    change \"2s\" { amplitude = \"2V\" }\n    change \"3s\" { enabled = false }\n  }\n}\n")
	g := p.Devices[0].Generator
	type row struct {
		at        time.Duration
		frequency int64
		amplitude units.Voltage
		enabled   bool
	}
	want := []row{{time.Second, 2000, units.Volt, true}, {2 * time.Second, 2000, 2 * units.Volt, true}, {3 * time.Second, 2000, 2 * units.Volt, false}}
	if len(g.Changes) != len(want) {
		t.Fatalf("%d changes", len(g.Changes))
	}
	for i, c := range g.Changes {
		if got := (row{c.At, c.Config.Frequency.Num(), c.Config.Amplitude, c.Enabled}); got != want[i] {
			t.Errorf("change %d: %+v, want %+v", i, got, want[i])
		}
		if c.Config.Operation != "normal" || c.Config.Wave != "sine" {
			t.Errorf("change %d lost the wave: %+v", i, c.Config)
		}
	}
}

// TestOpenedUnit checks a plan against what a unit says, which may be less than its family can do.
func TestOpenedUnit(t *testing.T) {
	t.Parallel()
	p := mustParse(t, pathsPlan)
	if diags := p.Check("cell", overviewScope("5444D MSO", 4, 2)); len(diags) != 0 {
		t.Errorf("refused: %v", diags)
	}
	small := overviewScope("5242D", 2, 0)
	small.Channels[0].Ranges = small.Channels[0].Ranges[:3]
	diags := p.Check("cell", small)
	if len(diags) != 1 || diags[0].Subject.Start.Line != 11 || diags[0].Subject.Start.Column != 13 {
		t.Errorf("diagnostics: %v", diags)
	}
	if diags := p.Check("none", driver.Capabilities{}); !diags.HasErrors() {
		t.Error("an unknown device is accepted")
	}
}

// TestUnpoweredUnit puts channels that a unit lacks without its power supply down to that, and no others.
func TestUnpoweredUnit(t *testing.T) {
	t.Parallel()
	p := mustParse(t, `run "r" { output = "x" }
device "cell" {
  driver = "ps5000a"
  channel "A" { range = "1V" }
  channel "C" { range = "1V" }
  stream { sample_rate = "1MS/s" }
}
`)
	full, now := overviewScope("5444D", 4, 0), overviewScope("5444D", 2, 0)
	diags := p.CheckUnpowered("cell", now, full)
	if len(diags) != 1 || diags[0].Subject.Start.Line != 5 || !strings.Contains(diags[0].Summary, "on USB power") || !strings.Contains(diags[0].Detail, "Plug in its power supply") {
		t.Errorf("diagnostics: %v", diags)
	}
	if diags := p.CheckUnpowered("cell", now, driver.Capabilities{}); len(diags) != 1 || strings.Contains(diags[0].Summary, "power") {
		t.Errorf("a unit that has no supply: %v", diags)
	}
	if diags := p.CheckUnpowered("none", now, full); !diags.HasErrors() {
		t.Error("an unknown device is accepted")
	}
}

// TestNearestResolution names the nearest of the resolutions that allow so many channels, and the rate is no second mistake.
func TestNearestResolution(t *testing.T) {
	t.Parallel()
	caps := overviewScope("5444D", 4, 0)
	caps.Modes[0].Rates = []driver.RateLimit{
		{Bits: 8, Spans: anyFrom(ns(8))}, {Bits: 14, Spans: anyFrom(ns(8))}, {MaxChannels: 2, Bits: 15, Spans: anyFrom(ns(8))}, {MaxChannels: 1, Bits: 16, Spans: anyFrom(ns(8))},
	}
	p := mustParse(t, `run "r" { output = "x" }
device "cell" {
  driver     = "ps5000a"
  resolution = "15bit"
  channel "A" { range = "1V" }
  channel "B" { range = "1V" }
  stream { sample_rate = "1MS/s" }
}
`)
	three := *p.Devices[0]
	third := three.Channels[0]
	third.Name = "C"
	three.Channels = append(three.Channels, third)
	p.Devices[0] = &three
	diags := p.Check("cell", caps)
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, `resolution = "14bit" or with at most 2 channels`) {
		t.Errorf("diagnostics: %v", diags)
	}
	caps.Resolutions = []int{8}
	if diags := p.Check("cell", caps); len(diags) != 1 || !strings.Contains(diags[0].Summary, "no resolution of 15 bits") {
		t.Errorf("diagnostics: %v", diags)
	}
}

// TestTimesAsPeopleWriteThem: a unit that is a word is told as unknown, with the right one.
func TestTimesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2 sec": "2s", "10mins": "10m", "1 hour": "1h", "500 msec": "500ms", "3 hrs": "3h", "1.5 hours": "1.5h", "5 usec": "5us", "3 milliseconds": "3ms",
		"2 days": "2d", "2S": "2s", "2H": "2h", "1h 30m": "1h30m",
	} {
		_, diags := Parse([]byte("run \"r\" {\n  output = \"o\"\n  duration = \""+text+"\"\n}\n"), "p.hcl", testOptions(""))
		found := ""
		for _, d := range diags {
			if d.Summary == "duration cannot be read" {
				found = d.Detail
			}
		}
		if !strings.Contains(found, "Did you mean \""+want+"\"?") || strings.Contains(found, "begin with a number") {
			t.Errorf("%q: %s", text, found)
		}
	}
}
