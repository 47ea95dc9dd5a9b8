package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// scopeDescription is a family with two models: one with a small set of ranges and slow streaming, and one that
// cannot stream.
func scopeDescription() driver.Description {
	ranges := []units.Voltage{50 * units.Millivolt, units.Volt, 2 * units.Volt, 20 * units.Volt}
	channel := func(name string) driver.ChannelCapabilities {
		return driver.ChannelCapabilities{Name: name, Ranges: ranges, Couplings: []driver.Coupling{driver.CouplingDC, driver.CouplingAC}}
	}
	stream := driver.ModeCapabilities{Mode: driver.ModeStream, Ready: true, Rates: []driver.RateLimit{
		{MaxChannels: 1, Bits: 8, Spans: []driver.IntervalSpan{{First: units.Seconds(1, 1e9), Last: units.Seconds(1, 1)}}, Limit: "USB 3"},
		{Spans: []driver.IntervalSpan{{First: units.Seconds(3, 1e6), Last: units.Seconds(9, 1e6), Step: units.Seconds(3, 1e6)}}, Limit: "USB 2"},
	}, Downsample: []driver.DownsampleMode{driver.DownsampleNone}}
	block := driver.ModeCapabilities{Mode: driver.ModeBlock, Ready: true, MaxSamples: 1 << 20, Rates: []driver.RateLimit{
		{Spans: []driver.IntervalSpan{{First: units.Seconds(1, 1e8), Last: units.Seconds(1, 1)}}},
	}}
	return driver.Description{
		Name: "scope", Version: "1.0.0", ContractMin: 1, ContractMax: 1,
		Models: []driver.Capabilities{
			{
				Model: "S-4", Channels: []driver.ChannelCapabilities{channel("A"), channel("B"), channel("C"), channel("D")},
				Digital:     []driver.DigitalCapabilities{{Name: "D0-7", Pins: []string{"D0"}, ThresholdMin: -5 * units.Volt, ThresholdMax: 5 * units.Volt}},
				Resolutions: []int{12}, Modes: []driver.ModeCapabilities{stream, block},
			},
			{
				Model: "B-1", Channels: []driver.ChannelCapabilities{{Name: "A", Ranges: ranges[:2], Couplings: []driver.Coupling{driver.CouplingDC}}},
				Resolutions: []int{8}, Modes: []driver.ModeCapabilities{{Mode: driver.ModeStream, NotReady: "not built in"}, block},
			},
		},
	}
}

func TestPlanForFoundUnits(t *testing.T) {
	desc := scopeDescription()
	units := []foundUnit{
		{driver: "scope", info: driver.UnitInfo{Model: "S-4", Serial: "AB123/1", USB: "2.0"}, can: desc.Models[0]},
		{driver: "scope", info: driver.UnitInfo{Model: "B-1", Serial: "AB123/2", Emulated: true}, can: desc.Models[1]},
	}
	text := string(plan.Format([]byte(planFor("logger", units))))
	p, diags := plan.Parse([]byte(text), "plan.hcl", plan.Options{
		Drivers:  []string{"scope"},
		Describe: func(string) (driver.Description, error) { return desc, nil },
	})
	if len(diags) > 0 {
		t.Fatalf("%v\n%s", diags, text)
	}
	if len(p.Devices) != 2 || p.Devices[0].Name != "scope" || p.Devices[1].Name != "scope-2" {
		t.Fatalf("devices of:\n%s", text)
	}
	if d := p.Devices[0]; d.Serial != "AB123/1" || d.Library != "" || len(d.Channels) != 1 || d.Channels[0].Range != 20*1e9 || d.Stream == nil || d.Stream.Interval.String() != "3 us" {
		t.Errorf("first device: %+v", d)
	}
	if d := p.Devices[1]; d.Serial != "AB123/2" || d.Library != "emulated" || d.Block == nil || d.Channels[0].Range != 1e9 {
		t.Errorf("second device: %+v", d)
	}
	for _, want := range []string{"# S-4, USB 2.0", "50mV 1V 2V 20V", `# channel "B" {`, "# further channels: C D", `# digital "D0-7" {`, `sample_interval = "3us"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

// TestCommentedPartsOfTheWrittenPlan takes the comment signs away: what is offered must be right too.
func TestCommentedPartsOfTheWrittenPlan(t *testing.T) {
	desc := scopeDescription()
	text := planFor("logger", []foundUnit{{driver: "scope", info: driver.UnitInfo{Model: "S-4"}, can: desc.Models[0]}})
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if trimmed := strings.TrimSpace(l); strings.HasPrefix(trimmed, "# ") && strings.ContainsAny(trimmed, "{}=") && !strings.HasPrefix(l, "#") {
			l = strings.ReplaceAll(l, "# ", "")
			if before, _, ok := strings.Cut(l, "\" "); ok && !strings.Contains(l, "{") {
				l = before + "\""
			}
		}
		lines = append(lines, l)
	}
	p, diags := plan.Parse([]byte(strings.Join(lines, "\n")), "plan.hcl", plan.Options{
		Drivers:  []string{"scope"},
		Describe: func(string) (driver.Description, error) { return desc, nil },
	})
	for _, d := range diags {
		if !strings.Contains(d.Summary, "range") { // with probe = "x10" the ranges are others, as its comment says
			t.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	if !diags.HasErrors() && (len(p.Devices[0].Channels) != 2 || len(p.Devices[0].Digital) != 1) {
		t.Errorf("%d channels and %d ports", len(p.Devices[0].Channels), len(p.Devices[0].Digital))
	}
}

func TestUnitsForPlan(t *testing.T) {
	scope := probed{name: "scope", desc: scopeDescription(), units: []driver.UnitInfo{{Model: "S-4", Serial: "1"}}}
	unknown := probed{name: "scope", desc: scopeDescription(), units: []driver.UnitInfo{{Model: "X-9", Serial: "1"}}}
	none := probed{name: "scope", desc: scopeDescription()}
	broken := probed{name: "broken", err: &driver.Error{Kind: driver.KindNoLibrary, Message: "no library", Advice: "install it"}}
	made := probed{name: "sim", desc: driver.Description{OptionalSerials: true, Models: scopeDescription().Models}}
	for _, tc := range []struct {
		name   string
		found  []probed
		want   []string // drivers
		stderr string
		fails  bool
	}{
		{"attached", []probed{scope}, []string{"scope"}, "", false},
		{"attached wins over simulated", []probed{made, scope}, []string{"scope"}, "", false},
		{"simulated without any", []probed{none, made}, []string{"sim"}, "no instrument is attached", false},
		{"missing library is told", []probed{broken, made}, []string{"sim"}, "doctor says more", false},
		{"unknown model is left out", []probed{unknown, made}, []string{"sim"}, `"X-9"`, false},
		{"nothing", []probed{none}, nil, "", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, out := newTestApp(t, nil)
			units, err := a.unitsForPlan(tc.found)
			if (err != nil) != tc.fails {
				t.Fatalf("error %v", err)
			}
			if tc.fails && exitCode(err) != exitDevice {
				t.Errorf("exit code %d, want 4", exitCode(err))
			}
			var got []string
			for _, u := range units {
				got = append(got, u.driver)
			}
			if strings.Join(got, " ") != strings.Join(tc.want, " ") {
				t.Errorf("units of %v, want %v", got, tc.want)
			}
			if !strings.Contains(out.stderr.String(), tc.stderr) {
				t.Errorf("no %q in: %s", tc.stderr, out.stderr.String())
			}
		})
	}
}

func TestPluginCheck(t *testing.T) {
	library := probed{
		name: "scope", desc: driver.Description{Name: "scope", Version: "1", NeedsLibrary: true},
		units: []driver.UnitInfo{{LibraryVersion: "2.1.0"}},
	}
	for _, tc := range []struct {
		name   string
		probed probed
		want   string
		text   string
	}{
		{"good", library, checkOK, "vendor library 2.1.0"},
		{"simulation", probed{desc: driver.Description{Name: "sim", OptionalSerials: true}}, checkOK, "as they are asked for"},
		{"no library", probed{err: &driver.Error{Kind: driver.KindNoLibrary, Message: "libscope.so is missing", Advice: "apt install x\napt install y"}}, checkNote, "libscope.so is missing"},
		{"broken", probed{err: &driver.Error{Kind: driver.KindNotPlugin, Message: "no plugin"}}, checkFail, "no plugin"},
		{"other error", probed{err: errors.New("odd")}, checkFail, "odd"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := pluginCheck(tc.probed)
			if c.Result != tc.want || !strings.Contains(c.Text, tc.text) {
				t.Errorf("%s: %s, want %s: %s", c.Result, c.Text, tc.want, tc.text)
			}
			if tc.name == "no library" && len(c.Advice) != 2 {
				t.Errorf("advice %q, want a line for each command", c.Advice)
			}
		})
	}
}
