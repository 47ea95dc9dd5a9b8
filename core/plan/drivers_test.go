package plan

import (
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// The drivers that the tests check plans against: two families of scopes as their makers describe them, and a
// simulation with options.
var testDrivers = map[string]driver.Description{
	"ps5000a": {Name: "ps5000a", NeedsLibrary: true, Models: []driver.Capabilities{
		overviewScope("5444D MSO", 4, 2), overviewScope("5442D", 4, 0), overviewScope("5242D", 2, 0),
	}},
	"ps6000a": {Name: "ps6000a", NeedsLibrary: true, Abilities: []driver.Ability{driver.AbilityArm}, Models: []driver.Capabilities{lentScope("6824E", 8), lentScope("6404E", 4)}},
	"sim":     simDescription(),
}

func describeTest(name string) (driver.Description, error) {
	d, ok := testDrivers[name]
	if !ok {
		return d, fmt.Errorf("no plugin called %s", name)
	}
	return d, nil
}

func millivolts(mv ...int64) []units.Voltage {
	out := make([]units.Voltage, len(mv))
	for i, v := range mv {
		out[i] = units.Voltage(v) * units.Millivolt
	}
	return out
}

func ns(n int64) units.Interval { return units.Seconds(n, 1e9) }

func anyFrom(first units.Interval) []driver.IntervalSpan {
	return []driver.IntervalSpan{{First: first, Last: units.Seconds(1000, 1), Step: ns(1)}}
}

func scopeChannels(n int, ranges []units.Voltage, couplings []driver.Coupling, bandwidths ...units.Frequency) []driver.ChannelCapabilities {
	var out []driver.ChannelCapabilities
	for i := range n {
		out = append(out, driver.ChannelCapabilities{
			Name: string(rune('A' + i)), Ranges: ranges, Couplings: couplings, Bandwidths: bandwidths,
			Offsets: []driver.OffsetLimit{
				{Range: 200 * units.Millivolt, Min: -250 * units.Millivolt, Max: 250 * units.Millivolt},
				{Range: 2 * units.Volt, Min: -2500 * units.Millivolt, Max: 2500 * units.Millivolt},
				{Range: 20 * units.Volt, Min: -20 * units.Volt, Max: 20 * units.Volt},
			},
		})
	}
	return out
}

func ports(n int) []driver.DigitalCapabilities {
	all := []driver.DigitalCapabilities{
		{Name: "D0-7", Pins: portPins("D0-7"), ThresholdMin: -5 * units.Volt, ThresholdMax: 5 * units.Volt},
		{Name: "D8-15", Pins: portPins("D8-15"), ThresholdMin: -5 * units.Volt, ThresholdMax: 5 * units.Volt},
	}
	return all[:n]
}

var allDownsampling = []driver.DownsampleMode{driver.DownsampleNone, driver.DownsampleAggregate, driver.DownsampleDecimate, driver.DownsampleAverage}

func scopeGenerator() *driver.GeneratorCapabilities {
	return &driver.GeneratorCapabilities{
		Waves: []string{"sine", "square", "triangle", "dc", "ramp_up"}, Operations: []string{"noise", "prbs"},
		MinFrequency: units.Hertz(3, 100), MaxFrequency: units.Hertz(20_000_000, 1), MaxAmplitude: 4 * units.Volt, MaxOffset: 2 * units.Volt, MaxOutput: 2 * units.Volt,
		Sweeps: []string{"up", "down", "up_down", "down_up"}, Arbitrary: true, MinArbitrary: 2, MaxArbitrary: 32768,
		MaxArbitraryRate: units.PerSecond(200_000_000, 1), TriggerTypes: []string{"rising", "falling", "gate_high"}, TriggerSources: []string{"none", "scope", "external", "software"},
	}
}

// overviewScope streams through an overview buffer and has a choice of resolutions.
func overviewScope(model string, channels, digital int) driver.Capabilities {
	usb := func(bits, channels int) string { return fmt.Sprintf("USB 3, %d channels, %d bit", channels, bits) }
	stream := driver.ModeCapabilities{
		Mode: driver.ModeStream, Ready: true, Triggered: true, StopAfter: true, Downsample: allDownsampling,
		MaxRatio: 1 << 20, RawBeside: true, MaxSamples: 256 << 20,
		Rates: []driver.RateLimit{
			{MaxChannels: 2, Bits: 8, Spans: anyFrom(ns(8)), Limit: usb(8, 2)},
			{MaxChannels: 1, Bits: 14, Spans: anyFrom(ns(8)), Limit: usb(14, 1)},
			{MaxChannels: 2, Spans: anyFrom(ns(16)), Limit: usb(14, 2)},
			{Spans: anyFrom(ns(32)), Limit: usb(14, 4)},
		},
	}
	block := driver.ModeCapabilities{
		Mode: driver.ModeBlock, Ready: true, Triggered: true, Downsample: allDownsampling, MaxRatio: 1 << 20,
		MaxSamples: 128 << 20, MaxSegments: 250_000, TimebaseNumbers: true,
		Rates: []driver.RateLimit{
			{MaxChannels: 2, Spans: []driver.IntervalSpan{
				{First: ns(1), Last: ns(1)},
				{First: ns(2), Last: ns(2)},
				{First: ns(4), Last: ns(4)},
				{First: ns(8), Last: units.Seconds(34, 1), Step: ns(8)},
			}, Limit: "timebases of the 5000 series"},
			{Spans: []driver.IntervalSpan{{First: ns(4), Last: ns(4)}, {First: ns(8), Last: units.Seconds(34, 1), Step: ns(8)}}, Limit: "250 MS/s with 4 channels"},
		},
		Timebases: []driver.Timebases{
			{Bits: 8, Last: 4_250_000_002, Listed: []units.Interval{ns(1), ns(2), ns(4)}, Minus: 2, Clock: units.Hertz(125_000_000, 1)},
			{Bits: 14, First: 3, Last: 4_250_000_002, Listed: []units.Interval{ns(8)}, Minus: 2, Clock: units.Hertz(125_000_000, 1)},
		},
		Memory: []driver.MemoryLimit{
			{MaxChannels: 1, Bits: 8, Samples: 128 << 20, Limit: "128 MS of memory at 8 bit"},
			{MaxChannels: 2, Bits: 8, Samples: 64 << 20, Limit: "128 MS of memory at 8 bit, shared by 2 channels"},
			{Bits: 8, Samples: 32 << 20, Limit: "128 MS of memory at 8 bit, shared by 4 channels"},
			{MaxChannels: 1, Samples: 64 << 20},
			{Samples: 16 << 20},
		},
		MaxDelay: 8_388_607,
	}
	rapid := block
	rapid.Mode, rapid.Ready, rapid.NotReady, rapid.MaxCaptures = driver.ModeRapidBlock, false, "rapid block is not built into this version yet", 250_000
	directions := append(slices.Clone(levelDirections), windowDirections...)
	return driver.Capabilities{
		Model: model, Digital: ports(digital), Resolutions: []int{8, 12, 14, 15, 16}, Formats: []string{"int16"},
		Channels: scopeChannels(channels, millivolts(10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000),
			[]driver.Coupling{driver.CouplingDC, driver.CouplingAC}, units.Hertz(20_000_000, 1)),
		Modes: []driver.ModeCapabilities{stream, block, rapid},
		Trigger: driver.TriggerCapabilities{
			Sources: []string{"A", "B", "C", "D", "EXT"}[:channels], Simple: true, Logic: true, MaxTerms: 4, Directions: directions,
			Digital: digital > 0, PulseWidth: []driver.PulseType{driver.PulseLessThan, driver.PulseGreaterThan, driver.PulseInRange, driver.PulseOutOfRange},
			Delay: true, Auto: true, EdgesPerTerm: 1, MaxPulseWidth: 16_777_215, MaxInput: 5 * units.Volt,
		},
		MaxCodes:  []driver.CodeRange{{Bits: 8, Min: -32512, Max: 32512}, {Bits: 12, Min: -32736, Max: 32736}, {Bits: 16, Min: -32767, Max: 32767}},
		Generator: scopeGenerator(), Power: []driver.PowerSource{driver.PowerAuto, driver.PowerUSB, driver.PowerSupply},
	}
}

// lentScope fills lent buffers; it can do rapid blocks.
func lentScope(model string, channels int) driver.Capabilities {
	c := overviewScope(model, min(channels, 4), 0)
	c.Channels = scopeChannels(channels, millivolts(10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000),
		[]driver.Coupling{driver.CouplingDC, driver.CouplingAC, driver.CouplingDC50}, units.Hertz(20_000_000, 1))
	c.Resolutions, c.Formats, c.Power = []int{8}, []string{"int16", "int8"}, nil
	c.Modes = slices.Clone(c.Modes)
	fast := []driver.RateLimit{{MaxChannels: 4, Spans: []driver.IntervalSpan{
		{First: units.Seconds(1, 5e9), Last: units.Seconds(1, 5e9)},
		{First: units.Seconds(2, 5e9), Last: units.Seconds(2, 5e9)},
		{First: units.Seconds(4, 5e9), Last: units.Seconds(4, 5e9)},
		{First: units.Seconds(8, 5e9), Last: units.Seconds(8, 5e9)},
		{First: units.Seconds(16, 5e9), Last: units.Seconds(10, 1), Step: units.Seconds(16, 5e9)},
	}, Limit: "timebases of the 6000E series"}}
	for i := 1; i < 3; i++ {
		c.Modes[i].Ready, c.Modes[i].NotReady, c.Modes[i].Rates, c.Modes[i].MaxDelay = true, "", fast, 0
		c.Modes[i].Timebases = []driver.Timebases{{
			Last: 1<<32 - 1, Minus: 4, Clock: units.Hertz(156_250_000, 1),
			Listed: []units.Interval{units.Seconds(1, 5e9), units.Seconds(2, 5e9), units.Seconds(4, 5e9), units.Seconds(8, 5e9), units.Seconds(16, 5e9)},
		}}
	}
	c.Trigger.Sources = append([]string{}, "A", "B", "C", "D", "E", "F", "G", "H")[:channels]
	c.Trigger.Sources = append(c.Trigger.Sources, "AUX")
	c.Trigger.EdgesPerTerm = 0
	c.Generator = scopeGenerator()
	c.Generator.NoSweepCount, c.Generator.FixedLevel = true, true
	return c
}

func rational(num, den int64) *units.Rational {
	r := units.Rat(num, den)
	return &r
}

// simDescription is a simulation: any range, any rate, options of every kind.
func simDescription() driver.Description {
	signal := []driver.OptionAttribute{
		{Name: "signal", Kind: driver.OptionString, Default: `"sine"`, Enum: []string{"sine", "square", "pulses", "proof", "replay"}, Doc: "what the input sees"},
		{Name: "frequency", Kind: driver.OptionFrequency, Default: `"1kHz"`, Min: rational(0, 1)},
		{Name: "amplitude", Kind: driver.OptionVoltage, Max: rational(100, 1), Default: "the channel's range"},
		{Name: "phase", Kind: driver.OptionNumber, Min: rational(-360, 1), Max: rational(360, 1)},
		{Name: "interval", Kind: driver.OptionInterval},
		{Name: "file", Kind: driver.OptionPath},
		{Name: "file_rate", Kind: driver.OptionRate},
		{Name: "loop", Kind: driver.OptionBool},
		{Name: "heights", Kind: driver.OptionNumbers},
		{Name: "words", Kind: driver.OptionStrings, Enum: []string{"a", "b"}},
	}
	channel := driver.OptionSchema{
		Attributes: append(slices.Clone(signal), driver.OptionAttribute{Name: "noise", Kind: driver.OptionVoltage, Min: rational(0, 1)},
			driver.OptionAttribute{Name: "seed", Kind: driver.OptionInteger}),
		Blocks: []driver.OptionBlockSchema{
			{Name: "add", Repeated: true, Body: driver.OptionSchema{Attributes: signal}},
			{Name: "once", Body: driver.OptionSchema{Attributes: []driver.OptionAttribute{{Name: "count", Kind: driver.OptionSamples, Required: true, Doc: "how many"}}}},
		},
	}
	device := driver.OptionSchema{
		Attributes: []driver.OptionAttribute{
			{Name: "pace", Kind: driver.OptionString, Enum: []string{"real_time", "fast"}, Default: `"real_time"`},
			{Name: "clock_error_ppm", Kind: driver.OptionNumber, Min: rational(-10000, 1), Max: rational(10000, 1)},
			{Name: "delivery", Kind: driver.OptionInterval, Min: rational(1, 1000), Max: rational(60, 1)},
		},
		Blocks: []driver.OptionBlockSchema{{Name: "fault", Labels: []string{"kind"}, Repeated: true, Body: driver.OptionSchema{Attributes: []driver.OptionAttribute{
			{Name: "at", Kind: driver.OptionInterval, Min: rational(0, 1)}, {Name: "kind", Kind: driver.OptionString},
		}}}},
	}
	free := []driver.RateLimit{{Spans: []driver.IntervalSpan{{First: ns(1), Last: units.Seconds(1000, 1)}}, Limit: "1 ns to 1000 s"}}
	var channels []driver.ChannelCapabilities
	for i := range 8 {
		channels = append(channels, driver.ChannelCapabilities{
			Name: string(rune('A' + i)), Ranges: millivolts(1, 100_000), AnyRange: true,
			Couplings: []driver.Coupling{driver.CouplingDC, driver.CouplingAC},
		})
	}
	return driver.Description{Name: "sim", OptionalSerials: true, DeviceOptions: device, ChannelOptions: channel, Models: []driver.Capabilities{{
		Channels: channels, Digital: ports(2), Resolutions: []int{16, 8, 12, 14},
		Modes: []driver.ModeCapabilities{
			{Mode: driver.ModeStream, Ready: true, Rates: free, Downsample: allDownsampling, RawBeside: true, Unthrottled: true},
			{Mode: driver.ModeBlock, NotReady: "block capture is not built into this version of sim yet"},
		},
	}}}
}
