package main

import (
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/plugins/sim/internal/signal"
	"github.com/scopelog/scopelog/plugins/sim/internal/trigger"
	"github.com/scopelog/scopelog/units"
)

const (
	// driverName is the driver's name in plans, and that of its options' blocks.
	driverName = "sim"
	// version is the plugin's product version.
	version = "0.1.0"
	// maxCaptures is the most waveforms of one arming, maxBlock the most samples of a waveform.
	maxCaptures = 1 << 24
	maxBlock    = 1 << 40
	// maxRatio is the largest downsampling ratio.
	maxRatio = 1 << 30
)

// triggerInputs are the inputs that only triggers see; they measure from -5 V to 5 V at 16 bits.
var triggerInputs = []string{"EXT", "AUX"}

// triggerRange is the full scale of the trigger inputs.
const triggerRange = 5 * units.Volt

// ports are the digital ports; a port's place is its number.
var ports = []string{"D0-7", "D8-15"}

// scopeRanges are the full scales of an oscilloscope's inputs.
var scopeRanges = []units.Voltage{
	10 * units.Millivolt, 20 * units.Millivolt, 50 * units.Millivolt, 100 * units.Millivolt,
	200 * units.Millivolt, 500 * units.Millivolt, units.Volt, 2 * units.Volt, 5 * units.Volt, 10 * units.Volt, 20 * units.Volt, 50 * units.Volt,
}

// bandwidthLimit is the only bandwidth limit of the inputs.
var bandwidthLimit = units.Hertz(20_000_000, 1)

// The possible raw sample intervals: every one in between, to the exact fraction.
var (
	shortestInterval = units.Seconds(1, 1e9)
	longestInterval  = units.Seconds(1000, 1)
)

// model is one row of the table of models.
type model struct {
	name        string
	channels    int
	ports       int
	resolutions []int // the default first
	anyRange    bool
}

// models are all models, the default first.
var models = []model{
	{name: "SIM-16", channels: 8, ports: 2, resolutions: []int{16, 14, 12, 8}, anyRange: true},
	{name: "SIM-14-MSO", channels: 4, ports: 2, resolutions: []int{14, 12, 8}},
	{name: "SIM-12", channels: 4, resolutions: []int{12, 8}},
	{name: "SIM-8", channels: 2, resolutions: []int{8}},
}

// modelNamed returns the model of that name; empty means the default.
func modelNamed(name string) (model, bool) {
	if name == "" {
		return models[0], true
	}
	for _, m := range models {
		if m.name == name {
			return m, true
		}
	}
	return model{}, false
}

// capabilities tells what the model can do.
func (m model) capabilities() driver.Capabilities {
	c := driver.Capabilities{
		Model:       m.name,
		Resolutions: m.resolutions,
		Formats:     []string{"int16"},
		Power:       []driver.PowerSource{driver.PowerAuto, driver.PowerUSB, driver.PowerSupply},
		Modes: []driver.ModeCapabilities{
			m.mode(driver.ModeStream), m.mode(driver.ModeBlock), m.mode(driver.ModeRapidBlock),
		},
		Trigger: driver.TriggerCapabilities{
			Simple: true, Logic: true, Directions: trigger.Legal, Digital: m.ports > 0, Delay: true, Auto: true,
			PulseWidth: []driver.PulseType{driver.PulseLessThan, driver.PulseGreaterThan, driver.PulseInRange, driver.PulseOutOfRange},

			MaxPulseWidth: maxBlock, MaxInput: triggerRange,
		},
		Generator: generatorCapabilities(),
	}
	for i := range m.channels {
		c.Trigger.Sources = append(c.Trigger.Sources, string(rune('A'+i)))
	}
	c.Trigger.Sources = append(c.Trigger.Sources, triggerInputs...)
	for i := range m.channels {
		c.Channels = append(c.Channels, m.channel(string(rune('A'+i))))
	}
	for i := range m.ports {
		c.Digital = append(c.Digital, driver.DigitalCapabilities{
			Name: ports[i], Pins: pins(i), ThresholdMin: -5 * units.Volt,
			ThresholdMax: 5 * units.Volt, PerPin: true, Hysteresis: []string{"low", "normal", "high", "very_high"},
		})
	}
	for _, bits := range m.resolutions {
		low, high := signal.Codes(bits)
		c.MaxCodes = append(c.MaxCodes, driver.CodeRange{Bits: bits, Min: low, Max: high})
	}
	return c
}

// mode tells what the model can do in a mode.
func (m model) mode(which driver.Mode) driver.ModeCapabilities {
	mc := driver.ModeCapabilities{
		Mode: which, Ready: true, Rates: []driver.RateLimit{rateLimit()}, Triggered: true, MaxRatio: maxRatio, RawBeside: true, MaxDelay: maxBlock,
		Downsample: []driver.DownsampleMode{driver.DownsampleNone, driver.DownsampleAggregate, driver.DownsampleDecimate, driver.DownsampleAverage},
	}
	switch which {
	case driver.ModeStream:
		mc.Unthrottled, mc.StopAfter = true, true
	case driver.ModeRapidBlock:
		mc.MaxCaptures, mc.MaxSegments, mc.MaxSamples = maxCaptures, maxCaptures, maxBlock
	default:
		mc.MaxSegments, mc.MaxSamples = maxCaptures, maxBlock
	}
	return mc
}

func (m model) channel(name string) driver.ChannelCapabilities {
	c := driver.ChannelCapabilities{
		Name: name, Ranges: scopeRanges, Couplings: []driver.Coupling{driver.CouplingDC, driver.CouplingAC, driver.CouplingDC50},
		Bandwidths: []units.Frequency{bandwidthLimit},
		Offsets: []driver.OffsetLimit{
			{Range: 200 * units.Millivolt, Min: -250 * units.Millivolt, Max: 250 * units.Millivolt},
			{Range: 2 * units.Volt, Min: -2500 * units.Millivolt, Max: 2500 * units.Millivolt},
			{Range: 50 * units.Volt, Min: -20 * units.Volt, Max: 20 * units.Volt},
		},
	}
	if m.anyRange {
		c.Ranges, c.AnyRange = []units.Voltage{scopeRanges[0], scopeRanges[len(scopeRanges)-1]}, true
	}
	return c
}

func rateLimit() driver.RateLimit {
	return driver.RateLimit{
		Spans: []driver.IntervalSpan{{First: shortestInterval, Last: longestInterval}},
		Limit: "a simulated unit samples at any interval from 1 ns to 1000 s",
	}
}

// pins names the pins of a port.
func pins(port int) []string {
	names := [...]string{"D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10", "D11", "D12", "D13", "D14", "D15"}
	return append([]string(nil), names[8*port:8*port+8]...)
}

// describe tells who the driver is.
func describe() driver.Description {
	d := driver.Description{
		Name: driverName, Version: version, Summary: "simulated units: deterministic signals, recorded waveforms, faults on request",
		ContractMin: 1, ContractMax: driver.ContractVersion,
		DeviceOptions: deviceSchema(), ChannelOptions: channelSchema(),
		Budgets:    driver.Budgets{Open: 10 * time.Second, Configure: 10 * time.Second, Stream: 2 * time.Second, Close: 5 * time.Second},
		MaxDevices: 1, OptionalSerials: true,
		Abilities: driver.Abilities(&Device{}),
	}
	for _, m := range models {
		d.Models = append(d.Models, m.capabilities())
	}
	return d
}
