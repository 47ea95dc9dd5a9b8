package main

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// models are all models that this library knows, the most usual first.
//
// Sources: rate and bank rules from ngscopeclient (PicoOscilloscope.cpp), bandwidth limits from comments of the
// vendor's C example, timebases from several independent programs: high confidence; of the 6428E-D everything is low.
// Memory, bandwidth, the generator's limits, and the offsets below are data sheets as remembered: medium to low; the
// library is asked for the offsets and the generator's limits of an opened unit. Streaming totals are the data sheets'
// order of magnitude over USB 3 (a vendor's demonstration claims above 300 MS/s with one channel of 8-bit samples); over
// USB 2 they are those of other families: low confidence, the unit's answer counts. Ports need the vendor's pods.
var models = []picosdk.Model{
	modelRow{name: "6824E", mhz: 500, flex: true}.eight(),
	modelRow{name: "6804E", mhz: 500}.eight(),
	modelRow{name: "6424E", mhz: 500, flex: true}.four(),
	modelRow{name: "6425E", mhz: 750, flex: true, limit200: true}.four(),
	modelRow{name: "6426E", mhz: 1000, flex: true, limit200: true}.four(),
	modelRow{name: "6404E", mhz: 500}.four(),
	modelRow{name: "6405E", mhz: 750, limit200: true}.four(),
	modelRow{name: "6406E", mhz: 1000, limit200: true}.four(),
	one6403E(),
	one6428ED(),
}

// The banks of converters: fast rates need channels of different ones.
var (
	bankAB, bankCD = picosdk.Channels("A", "B"), picosdk.Channels("C", "D")
	bankEF, bankGH = picosdk.Channels("E", "F"), picosdk.Channels("G", "H")
	halvesOf4      = []picosdk.ChannelSet{bankAB, bankCD}
	halvesOf8      = []picosdk.ChannelSet{bankAB | bankCD, bankEF | bankGH}
	bankPairs      = []picosdk.ChannelSet{bankAB, bankCD, bankEF, bankGH}
	allRates       = picosdk.Timebase{Listed: []int64{200, 400, 800, 1600, 3200}, Minus: 4, Clock: 156_250_000, Last: 1<<32 - 1}
	doubleRate     = picosdk.Timebase{Listed: []int64{100, 200, 400, 800, 1600, 3200}, Minus: 5, Clock: 156_250_000, Last: 1<<32 - 1}
)

// modelRow is what tells one model from another.
type modelRow struct {
	name     string
	mhz      int64
	flex     bool // resolutions above 8 bit
	limit200 bool // a bandwidth limit of 200 MHz beside that of 20 MHz
}

func (s modelRow) four() picosdk.Model {
	memory := int64(2_000_000_000)
	if s.flex {
		memory = 4_000_000_000
	}
	eightBit := picosdk.Resolution{
		Bits: 8, MaxCode: 32512, MaxChannels: 4, PortsCount: true, Memory: memory,
		Fastest: []picosdk.FastRate{
			{UpTo: 2, Rate: 5_000_000_000, OnePer: halvesOf4}, {UpTo: 4, Rate: 2_500_000_000}, {UpTo: 6, Rate: 1_250_000_000},
		},
	}
	tenBit := picosdk.Resolution{
		Bits: 10, MaxCode: 32704, MaxChannels: 4, PortsCount: true, Memory: memory / 2,
		Fastest: []picosdk.FastRate{
			{UpTo: 1, Rate: 5_000_000_000}, {UpTo: 2, Rate: 2_500_000_000}, {UpTo: 4, Rate: 1_250_000_000}, {UpTo: 6, Rate: 625_000_000},
		},
	}
	return s.model(4, eightBit, tenBit, twelveBit(memory/2, halvesOf4))
}

func (s modelRow) eight() picosdk.Model {
	memory := int64(2_000_000_000)
	if s.flex {
		memory = 4_000_000_000
	}
	eightBit := picosdk.Resolution{
		Bits: 8, MaxCode: 32512, MaxChannels: 8, PortsCount: true, Memory: memory,
		Fastest: []picosdk.FastRate{
			{UpTo: 2, Rate: 5_000_000_000, OnePer: halvesOf8},
			{UpTo: 4, Rate: 2_500_000_000, OnePer: bankPairs},
			{UpTo: 8, Rate: 1_250_000_000},
			{UpTo: 10, Rate: 625_000_000},
		},
	}
	tenBit := picosdk.Resolution{
		Bits: 10, MaxCode: 32704, MaxChannels: 8, PortsCount: true, Memory: memory / 2,
		Fastest: []picosdk.FastRate{
			{UpTo: 1, Rate: 5_000_000_000},
			{UpTo: 2, Rate: 2_500_000_000, OnePer: halvesOf8},
			{UpTo: 4, Rate: 1_250_000_000},
			{UpTo: 8, Rate: 625_000_000},
			{UpTo: 10, Rate: 312_500_000},
		},
	}
	return s.model(8, eightBit, tenBit, twelveBit(memory/2, halvesOf8))
}

// twelveBit takes two channels at most, of different banks; ports are free.
func twelveBit(memory int64, halves []picosdk.ChannelSet) picosdk.Resolution {
	return picosdk.Resolution{
		Bits: 12, MaxCode: 32736, MaxChannels: 2, OnePer: halves, Memory: memory,
		Fastest: []picosdk.FastRate{{UpTo: 2, Rate: 1_250_000_000}},
	}
}

// one6403E has half the converters of the others.
func one6403E() picosdk.Model {
	return modelRow{name: "6403E", mhz: 300}.model(4, picosdk.Resolution{
		Bits: 8, MaxCode: 32512, MaxChannels: 4, PortsCount: true, Memory: 1_000_000_000,
		Fastest: []picosdk.FastRate{
			{UpTo: 1, Rate: 5_000_000_000},
			{UpTo: 2, Rate: 2_500_000_000, OnePer: halvesOf4},
			{UpTo: 4, Rate: 1_250_000_000},
			{UpTo: 6, Rate: 625_000_000},
		},
	})
}

// one6428ED has 50 ohm inputs only, and twice the rate; which channels share a converter is not known, so that no bank
// rule stands here.
func one6428ED() picosdk.Model {
	m := modelRow{name: "6428E-D", mhz: 3000, flex: true, limit200: true}.four()
	m.Couplings = []picosdk.Coupling{picosdk.CouplingDC50}
	m.Ranges = []picosdk.Range{picosdk.Range50mV, picosdk.Range100mV, picosdk.Range200mV, picosdk.Range500mV}
	m.MaxRange50 = picosdk.Range500mV
	m.Resolutions[0].Fastest = []picosdk.FastRate{{UpTo: 2, Rate: 10_000_000_000}, {UpTo: 4, Rate: 5_000_000_000}, {UpTo: 6, Rate: 2_500_000_000}}
	for i := range m.Resolutions {
		m.Resolutions[i].Timebase = doubleRate
		m.Resolutions[i].OnePer = nil
	}
	return m
}

// model completes a model; a unit that is not flexible has the first resolution only.
func (s modelRow) model(channels int, resolutions ...picosdk.Resolution) picosdk.Model {
	if !s.flex {
		resolutions = resolutions[:1]
	}
	for i := range resolutions {
		r, half := &resolutions[i], int64(1)
		if r.Bits > 8 {
			half = 2
		}
		r.PortsAlone, r.Timebase, r.Bandwidth = true, allRates, units.Hertz(s.mhz*1e6, 1)
		r.Streaming = []picosdk.StreamLimit{{USB: picosdk.USB3, Total: 312_500_000 / half}, {USB: picosdk.USB2, Total: 31_250_000 / half}}
	}
	m := picosdk.Model{
		Name: s.name, Channels: channels, Ports: 2, Resolutions: resolutions, Bandwidth: units.Hertz(s.mhz*1e6, 1),
		Ranges: []picosdk.Range{
			picosdk.Range10mV, picosdk.Range20mV, picosdk.Range50mV, picosdk.Range100mV, picosdk.Range200mV, picosdk.Range500mV,
			picosdk.Range1V, picosdk.Range2V, picosdk.Range5V, picosdk.Range10V, picosdk.Range20V,
		},
		Couplings:  []picosdk.Coupling{picosdk.CouplingDC, picosdk.CouplingAC, picosdk.CouplingDC50},
		MaxRange50: picosdk.Range5V,
		Limiters:   []units.Frequency{units.Hertz(20_000_000, 1)},
		Offsets: []driver.OffsetLimit{
			{Range: 200 * units.Millivolt, Min: -1250 * units.Millivolt, Max: 1250 * units.Millivolt},
			{Range: 20 * units.Volt, Min: -20 * units.Volt, Max: 20 * units.Volt},
		},
		Threshold: 8 * units.Volt, PinThresholds: true, Hysteresis: []string{"normal", "low", "high", "very_high"},
		Intervals: picosdk.IntervalsDouble,
		// The library takes a 64-bit delay and 32-bit widths; what the hardware counts to is not published.
		Trigger: picosdk.Trigger{Aux: true, MaxDelay: 1<<64 - 1, MaxPulseWidth: 1<<32 - 1},
		Generator: &picosdk.Generator{
			MaxFrequency: units.Hertz(50_000_000, 1), MaxAmplitude: 10 * units.Volt, MaxOffset: 5 * units.Volt, Arbitrary: true, Buffer: 40_000,
		},
		USB:   picosdk.USB3,
		Power: picosdk.Power{Sources: []driver.PowerSource{driver.PowerAuto, driver.PowerSupply}},
	}
	if s.limit200 {
		m.Limiters = append(m.Limiters, units.Hertz(200_000_000, 1))
	}
	return m
}
