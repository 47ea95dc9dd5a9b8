package main

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// models are all models that this library knows, the most usual first.
//
// Sources: channels, variant texts, timebases and generator limits from FRA4PicoScope (ps2000aImpl.cpp,
// ScopeSelector.cpp), confidence medium, low for the units before the B series; generator memory, offsets and
// frequencies from the library's header; bandwidth and memory from data sheets as remembered. The streaming total of
// 31.25 MS/s is what the guide of a sister family says for USB 2, which gives one channel or port all of it, two a half and
// three or four a quarter each; data sheets of early models
// say 9.6 MS/s: low confidence, the unit's answer counts.
var models = []picosdk.Model{
	modelRow{name: "2406B", channels: 4, mhz: 50, speed: gigasample, memory: 32_000_000}.model(),
	modelRow{name: "2407B", channels: 4, mhz: 70, speed: gigasample, memory: 64_000_000}.model(),
	modelRow{name: "2408B", channels: 4, mhz: 100, speed: gigasample, memory: 128_000_000}.model(),
	modelRow{name: "2405A", channels: 4, mhz: 25, speed: halfGigasample, memory: 48_000}.model(),
	modelRow{name: "2206B", channels: 2, mhz: 50, speed: halfGigasample, memory: 32_000_000, external: true}.model(),
	modelRow{name: "2207B", channels: 2, mhz: 70, speed: gigasample, memory: 64_000_000, external: true}.model(),
	modelRow{name: "2208B", channels: 2, mhz: 100, speed: gigasample, memory: 128_000_000, external: true}.model(),
	modelRow{name: "2206BMSO", channels: 2, ports: 2, mhz: 50, speed: gigasample, memory: 32_000_000}.model(),
	modelRow{name: "2207BMSO", channels: 2, ports: 2, mhz: 70, speed: gigasample, memory: 64_000_000}.model(),
	modelRow{name: "2208BMSO", channels: 2, ports: 2, mhz: 100, speed: gigasample, memory: 128_000_000}.model(),
	modelRow{name: "2205AMSO", channels: 2, ports: 2, mhz: 25, speed: halfGigasample, memory: 48_000}.model(),
	modelRow{name: "2206A", channels: 2, mhz: 50, speed: halfGigasample, memory: 32_000, external: true, coarse: true}.model(),
	modelRow{name: "2207A", channels: 2, mhz: 70, speed: gigasample, memory: 40_000, external: true, coarse: true}.model(),
	modelRow{name: "2208A", channels: 2, mhz: 100, speed: gigasample, memory: 48_000, external: true, coarse: true}.model(),
	modelRow{name: "2206", channels: 2, mhz: 50, speed: halfGigasample, memory: 24_000, external: true, coarse: true}.model(),
	modelRow{name: "2207", channels: 2, mhz: 70, speed: gigasample, memory: 40_000, external: true, coarse: true}.model(),
	modelRow{name: "2208", channels: 2, mhz: 100, speed: gigasample, memory: 48_000, external: true, coarse: true}.model(),
	first2205MSO(),
}

// modelSpeed is one of the family's clocks.
type modelSpeed struct {
	rate     int64 // with one channel on
	timebase picosdk.Timebase
}

const lastTimebase = 1<<32 - 1

var (
	gigasample = modelSpeed{1e9, picosdk.Timebase{
		Listed: []int64{1000, 2000, 4000}, Minus: 2, Clock: 125_000_000, Last: lastTimebase,
	}}
	halfGigasample = modelSpeed{500e6, picosdk.Timebase{
		Listed: []int64{2000, 4000, 8000}, Minus: 2, Clock: 62_500_000, Last: lastTimebase,
	}}
	fifthGigasample = modelSpeed{200e6, picosdk.Timebase{
		Listed: []int64{5000}, Minus: 0, Clock: 100_000_000, Last: lastTimebase,
	}}
)

// modelRow is what tells one model from another.
type modelRow struct {
	name            string
	channels, ports int
	mhz             int64
	speed           modelSpeed
	memory          int64
	external        bool
	coarse          bool // ranges begin at 50 mV rather than 20 mV
}

// first2205MSO is the oldest unit with ports: its own clock, a slow generator, and no analog offset.
func first2205MSO() picosdk.Model {
	m := modelRow{name: "2205MSO", channels: 2, ports: 2, mhz: 25, speed: fifthGigasample, memory: 48_000, coarse: true}.model()
	m.Offsets = nil
	m.Generator.MaxFrequency = units.Hertz(100_000, 1)
	m.Generator.Clock = 48_000_000
	return m
}

func (s modelRow) model() picosdk.Model {
	ranges := []picosdk.Range{
		picosdk.Range20mV, picosdk.Range50mV, picosdk.Range100mV, picosdk.Range200mV, picosdk.Range500mV, picosdk.Range1V,
		picosdk.Range2V, picosdk.Range5V, picosdk.Range10V, picosdk.Range20V,
	}
	if s.coarse {
		ranges = ranges[1:]
	}
	// The rate is shared: two that are on have half, three or four a quarter.
	fastest := []picosdk.FastRate{{UpTo: 1, Rate: s.speed.rate}, {UpTo: 2, Rate: s.speed.rate / 2}, {UpTo: 4, Rate: s.speed.rate / 4}}
	return picosdk.Model{
		Name: s.name, Channels: s.channels, Ports: s.ports, Ranges: ranges, Bandwidth: units.Hertz(s.mhz*1e6, 1),
		Couplings: []picosdk.Coupling{picosdk.CouplingDC, picosdk.CouplingAC},
		Resolutions: []picosdk.Resolution{{
			Bits: 8, MaxCode: 32512, MaxChannels: s.channels, PortsCount: true, PortsAlone: true, Bandwidth: units.Hertz(s.mhz*1e6, 1),
			Fastest: fastest[:min(3, 1+(s.channels+s.ports)/2)], Timebase: s.speed.timebase, Memory: s.memory,
			Streaming:   []picosdk.StreamLimit{{USB: picosdk.USB2, Total: 31_250_000}},
			StreamSlots: true,
		}},
		Offsets: []driver.OffsetLimit{
			{Range: 200 * units.Millivolt, Min: -250 * units.Millivolt, Max: 250 * units.Millivolt},
			{Range: 2 * units.Volt, Min: -2500 * units.Millivolt, Max: 2500 * units.Millivolt},
			{Range: 20 * units.Volt, Min: -20 * units.Volt, Max: 20 * units.Volt},
		},
		Threshold: 5 * units.Volt,
		Trigger: picosdk.Trigger{
			External: s.external, ExternalFull: 5 * units.Volt,
			// The library takes 32-bit numbers; what the hardware counts to is not published for this family.
			MaxDelay: 1<<32 - 1, MaxPulseWidth: 1<<32 - 1,
		},
		Generator: &picosdk.Generator{
			MinFrequency: units.Hertz(3, 100), MaxFrequency: units.Hertz(1_000_000, 1), MaxAmplitude: 4 * units.Volt, MaxOffset: 2 * units.Volt,
			Arbitrary: true, Buffer: 8192, Clock: 20_000_000,
		},
		USB:   picosdk.USB2,
		Power: picosdk.Power{Sources: []driver.PowerSource{driver.PowerAuto, driver.PowerUSB}},
	}
}
