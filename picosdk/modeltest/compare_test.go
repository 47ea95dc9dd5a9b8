package modeltest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

const text = `{"models": [{
	"driver": "made", "variant": "9444X", "analogue_channels": 4, "digital_ports": 2, "resolutions_bits": [8, 16],
	"max_channels_by_resolution": {"8": 4, "16": 1}, "bandwidth_mhz": 100, "bandwidth_mhz_16bit": 60,
	"max_sample_rate_sps": {"8": {"1": 1000, "2": 500, "3-4": 250}, "16": {"1": 100}},
	"timebase": {"8": {"intervals_ps_from_n": {"0": 1000, "1": 2000}, "formula": "n>=2: (n-1)/125e6 s"},
		"16": {"intervals_ps_from_n": {"3": 16000}, "formula": "n>=3: (n-2)/62.5e6 s"}},
	"memory_samples": {"8": 64, "12-16": 32}, "ranges_mv": [10, 50], "coupling": ["AC", "DC"], "bandwidth_limiter": ["FULL", "20MHZ"],
	"adc_max": {"8": 32512, "16": 32767},
	"siggen": {"builtin": true, "awg": true, "awg_buffer": 8192, "max_hz": 1000, "dds_hz": 20000, "pkpk_uv_max": 4000000},
	"ext_trigger": true, "ext_trigger_range_mv": 5000, "usb": "3.0",
	"power": "5 V supply for all 4 channels; without it: status 0x11A, USB mode with A+B only; on a USB 2 port: status 0x11E",
	"streaming_max_sps_total": {"8": 40, "12-16": 20}
}, {"driver": "other", "variant": "1"}]}`

func table() []picosdk.Model {
	wide, narrow := units.Hertz(100_000_000, 1), units.Hertz(60_000_000, 1)
	return []picosdk.Model{{
		Name: "9444X", Channels: 4, Ports: 2, Bandwidth: wide, Ranges: []picosdk.Range{picosdk.Range10mV, picosdk.Range50mV},
		Resolutions: []picosdk.Resolution{
			{
				Bits: 8, MaxCode: 32512, MaxChannels: 4, Bandwidth: wide, Memory: 64,
				Fastest:   []picosdk.FastRate{{UpTo: 1, Rate: 1000}, {UpTo: 2, Rate: 500}, {UpTo: 4, Rate: 250}, {UpTo: 6, Rate: 125}},
				Timebase:  picosdk.Timebase{Listed: []int64{1000, 2000}, Minus: 1, Clock: 125_000_000, Last: 1<<32 - 1},
				Streaming: []picosdk.StreamLimit{{USB: picosdk.USB3, Total: 40}},
			},
			{
				Bits: 16, MaxCode: 32767, MaxChannels: 1, Bandwidth: narrow, Memory: 32, Fastest: []picosdk.FastRate{{UpTo: 1, Rate: 100}},
				Timebase:  picosdk.Timebase{First: 3, Listed: []int64{16000}, Minus: 2, Clock: 62_500_000, Last: 1<<32 - 1},
				Streaming: []picosdk.StreamLimit{{USB: picosdk.USB3, Total: 20}},
			},
		},
		Couplings: []picosdk.Coupling{picosdk.CouplingDC, picosdk.CouplingAC}, Limiters: []units.Frequency{units.Hertz(20_000_000, 1)},
		Trigger: picosdk.Trigger{External: true, ExternalFull: 5 * units.Volt},
		Generator: &picosdk.Generator{
			MaxFrequency: units.Hertz(1000, 1), MaxAmplitude: 4 * units.Volt, Arbitrary: true, Buffer: 8192, Clock: 20_000,
		},
		USB:   picosdk.USB3,
		Power: picosdk.Power{Sources: []driver.PowerSource{driver.PowerUSB, driver.PowerSupply}, USBChannels: 2, PortNotice: true},
	}}
}

// TestDifferences makes one slip after the other; each must be found.
func TestDifferences(t *testing.T) {
	path := filepath.Join(t.TempDir(), "facts.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if diffs, err := Differences(table(), "made", path); err != nil || len(diffs) != 0 {
		t.Fatalf("without a slip: %q, %v", diffs, err)
	}
	for _, c := range []struct {
		name string
		slip func(m *picosdk.Model)
	}{
		{"name", func(m *picosdk.Model) { m.Name = "9444Y" }},
		{"channels", func(m *picosdk.Model) { m.Channels = 2 }},
		{"ports", func(m *picosdk.Model) { m.Ports = 0 }},
		{"bandwidth", func(m *picosdk.Model) { m.Bandwidth = units.Hertz(60_000_000, 1) }},
		{"bandwidth at 16 bit", func(m *picosdk.Model) { m.Resolutions[1].Bandwidth = m.Bandwidth }},
		{"range left out", func(m *picosdk.Model) { m.Ranges = m.Ranges[1:] }},
		{"wrong range", func(m *picosdk.Model) { m.Ranges[0] = picosdk.Range20mV }},
		{"coupling", func(m *picosdk.Model) { m.Couplings[1] = picosdk.CouplingDC50 }},
		{"limiter", func(m *picosdk.Model) { m.Limiters[0] = units.Hertz(200_000_000, 1) }},
		{"no limiter", func(m *picosdk.Model) { m.Limiters = nil }},
		{"resolution left out", func(m *picosdk.Model) { m.Resolutions = m.Resolutions[:1] }},
		{"another resolution", func(m *picosdk.Model) { m.Resolutions[1].Bits = 15 }},
		{"code", func(m *picosdk.Model) { m.Resolutions[1].MaxCode = 32512 }},
		{"channels at 16 bit", func(m *picosdk.Model) { m.Resolutions[1].MaxChannels = 2 }},
		{"memory", func(m *picosdk.Model) { m.Resolutions[0].Memory = 32 }},
		{"rate", func(m *picosdk.Model) { m.Resolutions[0].Fastest[2].Rate = 200 }},
		{"rate up to", func(m *picosdk.Model) { m.Resolutions[0].Fastest[0].UpTo = 2 }},
		{"rate left out", func(m *picosdk.Model) { m.Resolutions[0].Fastest = m.Resolutions[0].Fastest[:2] }},
		{"rates out of order", func(m *picosdk.Model) { m.Resolutions[0].Fastest[3].Rate = 300 }},
		{"listed interval", func(m *picosdk.Model) { m.Resolutions[0].Timebase.Listed[1] = 4000 }},
		{"first number", func(m *picosdk.Model) { m.Resolutions[1].Timebase.First = 2 }},
		{"steps begin elsewhere", func(m *picosdk.Model) { m.Resolutions[0].Timebase.Minus = 2 }},
		{"clock", func(m *picosdk.Model) { m.Resolutions[1].Timebase.Clock = 125_000_000 }},
		{"streaming total", func(m *picosdk.Model) { m.Resolutions[1].Streaming[0].Total = 40 }},
		{"streaming over another connection", func(m *picosdk.Model) { m.Resolutions[1].Streaming[0].USB = picosdk.USB2 }},
		{"no streaming", func(m *picosdk.Model) { m.Resolutions[1].Streaming = nil }},
		{"no generator", func(m *picosdk.Model) { m.Generator = nil }},
		{"no arbitrary waves", func(m *picosdk.Model) { m.Generator.Arbitrary = false }},
		{"generator memory", func(m *picosdk.Model) { m.Generator.Buffer = 16384 }},
		{"generator frequency", func(m *picosdk.Model) { m.Generator.MaxFrequency = units.Hertz(1, 1) }},
		{"generator clock", func(m *picosdk.Model) { m.Generator.Clock = 1 }},
		{"generator amplitude", func(m *picosdk.Model) { m.Generator.MaxAmplitude = 2 * units.Volt }},
		{"external trigger", func(m *picosdk.Model) { m.Trigger.External = false }},
		{"aux trigger", func(m *picosdk.Model) { m.Trigger.Aux = true }},
		{"external full scale", func(m *picosdk.Model) { m.Trigger.ExternalFull = units.Volt }},
		{"connection", func(m *picosdk.Model) { m.USB = picosdk.USB2 }},
		{"no supply", func(m *picosdk.Model) { m.Power.Sources = m.Power.Sources[:1] }},
		{"not from USB", func(m *picosdk.Model) { m.Power.Sources = m.Power.Sources[1:] }},
		{"channels on USB power", func(m *picosdk.Model) { m.Power.USBChannels = 0 }},
		{"notice of the port", func(m *picosdk.Model) { m.Power.PortNotice = false }},
	} {
		t.Run(c.name, func(t *testing.T) {
			models := table()
			c.slip(&models[0])
			if diffs, err := Differences(models, "made", path); err != nil || len(diffs) == 0 {
				t.Errorf("the slip is not found: %v", err)
			}
		})
	}
	twice := append(table(), table()...)
	if diffs, err := Differences(twice, "made", path); err != nil || len(diffs) != 1 || !strings.Contains(diffs[0], "twice") {
		t.Errorf("twice: %q, %v", diffs, err)
	}
	if _, err := Differences(nil, "absent", path); err == nil {
		t.Error("a driver without facts")
	}
	if _, err := Differences(nil, "made", path+"x"); err == nil {
		t.Error("a file that is not there")
	}
}

// TestInconsistencies breaks a sound table in one place after the other.
func TestInconsistencies(t *testing.T) {
	sound := func() picosdk.Model {
		m := table()[0]
		m.Ports = 0
		m.Resolutions[0].Fastest = []picosdk.FastRate{{UpTo: 2, Rate: 1_000_000_000}, {UpTo: 4, Rate: 125_000_000}}
		m.Resolutions[1].Fastest = []picosdk.FastRate{{UpTo: 1, Rate: 62_500_000}}
		for i := range m.Resolutions {
			m.Resolutions[i].Streaming = []picosdk.StreamLimit{{USB: picosdk.USB3, Total: 125_000_000}, {USB: picosdk.USB2, Total: 31_250_000}}
		}
		m.Offsets = []driver.OffsetLimit{{Range: units.Volt, Min: -units.Volt, Max: units.Volt}}
		return m
	}
	if bad := Inconsistencies([]picosdk.Model{sound()}); len(bad) != 0 {
		t.Fatalf("a sound table: %q", bad)
	}
	for _, c := range []struct {
		name  string
		spoil func(m *picosdk.Model)
	}{
		{"rate without a timebase", func(m *picosdk.Model) { m.Resolutions[0].Fastest[0].Rate = 300_000_000 }},
		{"rates end early", func(m *picosdk.Model) { m.Resolutions[0].Fastest = m.Resolutions[0].Fastest[:1] }},
		{"too many channels", func(m *picosdk.Model) { m.Resolutions[0].MaxChannels = 5 }},
		{"code beyond 16 bit", func(m *picosdk.Model) { m.Resolutions[0].MaxCode = 32768 }},
		{"no memory", func(m *picosdk.Model) { m.Resolutions[0].Memory = 0 }},
		{"connections out of order", func(m *picosdk.Model) {
			s := m.Resolutions[0].Streaming
			s[0], s[1] = s[1], s[0]
		}},
		{"no limit over USB 2", func(m *picosdk.Model) { m.Resolutions[0].Streaming = m.Resolutions[0].Streaming[:1] }},
		{"no power", func(m *picosdk.Model) { m.Power.Sources = nil }},
		{"no ranges", func(m *picosdk.Model) { m.Ranges = nil; m.Offsets = nil }},
		{"ranges out of order", func(m *picosdk.Model) { m.Ranges[0], m.Ranges[1] = m.Ranges[1], m.Ranges[0] }},
		{"unknown coupling", func(m *picosdk.Model) { m.Couplings = nil }},
		{"no offset for the largest range", func(m *picosdk.Model) { m.Offsets[0].Range = 20 * units.Millivolt }},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := sound()
			c.spoil(&m)
			if bad := Inconsistencies([]picosdk.Model{m}); len(bad) == 0 {
				t.Error("it is not found")
			}
		})
	}
}

func TestFormula(t *testing.T) {
	for _, bad := range []string{"", "n>=3", "n>=x: (n-2)/125e6 s", "n>=3: (n-y)/125e6 s", "n>=3: (n-2)/0.5 s", "n>=3: (n-2)/z s", "n>=3: (n-2)/125e6"} {
		var c clocking
		if err := c.formula(bad); err == nil {
			t.Errorf("%q is a formula: %+v", bad, c)
		}
	}
}
