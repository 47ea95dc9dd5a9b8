package main

import (
	"strings"
	"testing"
	"time"
)

func TestPlan(t *testing.T) {
	for _, c := range []struct {
		name    string
		capture capture
		want    []string
		not     []string
	}{
		{
			"paced ramp",
			capture{channels: 2, rate: 1e6, seconds: 5, signal: "ramp"},
			[]string{"samples = 5000000\n", `channel "B"`, `"15.2587890625Hz"`, `delivery = "100ms"`, `sample_rate = "1000000S/s"`, `"4s"`},
			[]string{`channel "C"`, "fast"},
		},
		{"fast rates are delivered more often", capture{channels: 1, rate: 20e6, seconds: 1, signal: "ramp"}, []string{`delivery = "50ms"`, `"305.17578125Hz"`}, nil},
		{"but not too often", capture{channels: 1, rate: 1e9, seconds: 1, signal: "ramp"}, []string{`delivery = "20ms"`, `"15258.7890625Hz"`}, nil},
		{
			"without pace",
			capture{channels: 4, samples: 77, signal: "ramp", hold: time.Second},
			[]string{"samples = 77\n", `channel "D"`, `pace = "fast"`, `sample_rate = "10000000S/s"`, `hold    = "1s"`},
			[]string{"delivery"},
		},
		{"without pace and wish", capture{channels: 1, samples: 1, signal: "ramp"}, []string{`"500ms"`}, nil},
		{"proof", capture{channels: 1, rate: 1, seconds: 2, signal: "proof", delivery: time.Second}, []string{`signal = "proof"`, `delivery = "1s"`}, []string{"frequency"}},
		{
			"emulated unit",
			capture{unit: "5444D", channels: 2, rate: 1e9 / 96, seconds: 1, signal: "dc"},
			[]string{`driver  = "ps5000a"`, `library = "emulated"`, `resolution = "14bit"`, `sample_interval = "96ns"`, "samples = 10416667\n"},
			[]string{"sim", `channel "C"`},
		},
		{"emulated unit without pace", capture{unit: "6824E", channels: 1, samples: 5, signal: "proof"}, []string{`driver  = "ps6000a"`, `"8ns"`, `"4s"`}, []string{"resolution"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.capture.check(); err != nil {
				t.Fatal(err)
			}
			text := c.capture.plan("/out")
			for _, w := range append(c.want, `output  = "/out"`) {
				if !strings.Contains(text, w) {
					t.Errorf("%q is not in\n%s", w, text)
				}
			}
			for _, n := range c.not {
				if strings.Contains(text, n) {
					t.Errorf("%q is in\n%s", n, text)
				}
			}
		})
	}
}

func TestRig(t *testing.T) {
	for _, c := range []struct {
		name      string
		capture   capture
		want, not string
	}{
		{"voltages", capture{unit: "5444D", channels: 2, rate: 1, signal: "dc"}, "channel B = dc offset=200mV\n", "unthrottled"},
		{"proof", capture{unit: "5444D", channels: 1, rate: 1, signal: "proof"}, "model = 5444D\nusb = 3.0\npower = supply\nchannel A = proof\n", "channel B"},
		{"without pace", capture{unit: "6824E", channels: 1, signal: "dc"}, "pacing = unthrottled\n", "proof"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if text := c.capture.rig(); !strings.Contains(text, c.want) || strings.Contains(text, c.not) {
				t.Errorf("want %q, not %q:\n%s", c.want, c.not, text)
			}
		})
	}
}

func TestRefusedCaptures(t *testing.T) {
	for name, c := range map[string]capture{
		"no channel":        {samples: 1, signal: "ramp"},
		"too many channels": {channels: 9, samples: 1, signal: "ramp"},
		"no length":         {channels: 1, rate: 1e6, signal: "ramp"},
		"unknown signal":    {channels: 1, samples: 1, signal: "sine"},
		"unknown unit":      {unit: "5444", channels: 1, samples: 1, signal: "dc"},
		"a ramp of a unit":  {unit: "5444D", channels: 1, samples: 1, signal: "ramp"},
		"dc of no unit":     {channels: 1, samples: 1, signal: "dc"},
	} {
		if c.check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestResult(t *testing.T) {
	r := result{Channels: 2, Samples: 1_000_000, Bytes: 4_000_000, Wall: 0.5, CoreCPU: 0.003, PluginCPU: 0.001}
	r.derive()
	if r.PerChannel != 2e6 || r.PerSecond != 4e6 || r.Speed != 8 || r.CPUPerGB != 1 || r.SourceCPU != 0.001 {
		t.Errorf("%+v", r)
	}
	var b strings.Builder
	if err := r.print(&b); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, `"cpu_s_per_GB":1,`) || !strings.Contains(text, `"sps_per_channel":2000000,`) {
		t.Errorf("printed %q", text)
	}
}
