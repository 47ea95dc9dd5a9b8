package main

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// models are all models that this library knows, the most usual first.
//
// Sources: generator memory, clocks and offsets from the library's header of 2022; timebases from gr-digitizers
// (Picoscope5000a.hpp) in agreement with the vendor's C example; channel and rate rules from ngscopeclient
// (PicoOscilloscope.cpp): high confidence. Memory and bandwidth from data sheets as remembered: medium. Streaming
// totals are the data sheets' order of magnitude, 125 MS/s over USB 3 and 31.25 MS/s over USB 2 at 8 bit and half of
// it above: low confidence, the unit's answer counts. That four-channel D units have all channels without their supply
// on a strong USB 3 port is third-party experience: the status at open decides, not this table.
var models = []picosdk.Model{
	modelRow{name: "5444DMSO", channels: 4, ports: 2, mhz: 200, memory: 512_000_000, series: seriesD}.model(),
	modelRow{name: "5443DMSO", channels: 4, ports: 2, mhz: 100, memory: 256_000_000, series: seriesD}.model(),
	modelRow{name: "5442DMSO", channels: 4, ports: 2, mhz: 60, memory: 128_000_000, series: seriesD}.model(),
	modelRow{name: "5244DMSO", channels: 2, ports: 2, mhz: 200, memory: 512_000_000, series: seriesD}.model(),
	modelRow{name: "5243DMSO", channels: 2, ports: 2, mhz: 100, memory: 256_000_000, series: seriesD}.model(),
	modelRow{name: "5242DMSO", channels: 2, ports: 2, mhz: 60, memory: 128_000_000, series: seriesD}.model(),
	modelRow{name: "5444D", channels: 4, mhz: 200, memory: 512_000_000, series: seriesD}.model(),
	modelRow{name: "5443D", channels: 4, mhz: 100, memory: 256_000_000, series: seriesD}.model(),
	modelRow{name: "5442D", channels: 4, mhz: 60, memory: 128_000_000, series: seriesD}.model(),
	modelRow{name: "5244D", channels: 2, mhz: 200, memory: 512_000_000, series: seriesD}.model(),
	modelRow{name: "5243D", channels: 2, mhz: 100, memory: 256_000_000, series: seriesD}.model(),
	modelRow{name: "5242D", channels: 2, mhz: 60, memory: 128_000_000, series: seriesD}.model(),
	modelRow{name: "5444B", channels: 4, mhz: 200, memory: 512_000_000, series: seriesB, wave: 49_152}.model(),
	modelRow{name: "5443B", channels: 4, mhz: 100, memory: 128_000_000, series: seriesB, wave: 32_768}.model(),
	modelRow{name: "5442B", channels: 4, mhz: 60, memory: 32_000_000, series: seriesB, wave: 16_384}.model(),
	modelRow{name: "5244B", channels: 2, mhz: 200, memory: 512_000_000, series: seriesB, wave: 49_152}.model(),
	modelRow{name: "5243B", channels: 2, mhz: 100, memory: 128_000_000, series: seriesB, wave: 32_768}.model(),
	modelRow{name: "5242B", channels: 2, mhz: 60, memory: 32_000_000, series: seriesB, wave: 16_384}.model(),
	modelRow{name: "5444A", channels: 4, mhz: 200, memory: 256_000_000, series: seriesA}.model(),
	modelRow{name: "5443A", channels: 4, mhz: 100, memory: 64_000_000, series: seriesA}.model(),
	modelRow{name: "5442A", channels: 4, mhz: 60, memory: 16_000_000, series: seriesA}.model(),
	modelRow{name: "5244A", channels: 2, mhz: 200, memory: 256_000_000, series: seriesA}.model(),
	modelRow{name: "5243A", channels: 2, mhz: 100, memory: 64_000_000, series: seriesA}.model(),
	modelRow{name: "5242A", channels: 2, mhz: 60, memory: 16_000_000, series: seriesA}.model(),
}

// modelSeries is what the units of one letter share.
type modelSeries struct {
	usb       picosdk.USB
	arbitrary bool
	wave      int   // samples of the generator's memory, where all units of the series have the same
	clock     int64 // of the generator
}

var (
	seriesA = modelSeries{usb: picosdk.USB2, clock: 200_000_000}
	seriesB = modelSeries{usb: picosdk.USB2, arbitrary: true, clock: 200_000_000}
	seriesD = modelSeries{usb: picosdk.USB3, arbitrary: true, wave: 32_768, clock: 100_000_000}
)

// modelRow is what tells one model from another.
type modelRow struct {
	name            string
	channels, ports int
	mhz             int64
	memory          int64 // at 8 bit
	series          modelSeries
	wave            int // samples of the generator's memory; 0: the series'
}

func (s modelRow) model() picosdk.Model {
	m := picosdk.Model{
		Name: s.name, Channels: s.channels, Ports: s.ports, Bandwidth: units.Hertz(s.mhz*1e6, 1),
		Ranges: []picosdk.Range{
			picosdk.Range10mV, picosdk.Range20mV, picosdk.Range50mV, picosdk.Range100mV, picosdk.Range200mV, picosdk.Range500mV,
			picosdk.Range1V, picosdk.Range2V, picosdk.Range5V, picosdk.Range10V, picosdk.Range20V,
		},
		Couplings:   []picosdk.Coupling{picosdk.CouplingDC, picosdk.CouplingAC},
		Limiters:    []units.Frequency{units.Hertz(20_000_000, 1)},
		Resolutions: s.resolutions(),
		Offsets: []driver.OffsetLimit{
			{Range: 200 * units.Millivolt, Min: -250 * units.Millivolt, Max: 250 * units.Millivolt},
			{Range: 2 * units.Volt, Min: -2500 * units.Millivolt, Max: 2500 * units.Millivolt},
			{Range: 20 * units.Volt, Min: -20 * units.Volt, Max: 20 * units.Volt},
		},
		Threshold: 5 * units.Volt,
		Trigger: picosdk.Trigger{
			External: s.ports == 0, ExternalFull: 5 * units.Volt,
			MaxDelay: 8_388_607, MaxPulseWidth: 16_777_215, // constants of the vendor's MATLAB support; newer units may count further
		},
		Generator: &picosdk.Generator{
			MinFrequency: units.Hertz(3, 100), MaxFrequency: units.Hertz(20_000_000, 1), MaxAmplitude: 4 * units.Volt, MaxOffset: 2 * units.Volt,
			Arbitrary: s.series.arbitrary, Buffer: max(s.wave, s.series.wave), Clock: s.series.clock,
		},
		USB:   s.series.usb,
		Power: picosdk.Power{Sources: []driver.PowerSource{driver.PowerAuto, driver.PowerUSB}, PortNotice: s.series.usb == picosdk.USB3},
	}
	if s.channels == 4 {
		m.Power.Sources = append(m.Power.Sources, driver.PowerSupply)
		m.Power.USBChannels = 2
	}
	return m
}

const lastTimebase = 1<<32 - 1

// resolutions is what the converter's bits change. In 15 and 16 bit, digital ports take no channel's place; only in 8
// bit can they be on without a channel.
func (s modelRow) resolutions() []picosdk.Resolution {
	const low, high = 32512, 32767
	full, narrow := units.Hertz(s.mhz*1e6, 1), units.Hertz(60_000_000, 1)
	all := []picosdk.Resolution{
		{
			Bits: 8, MaxCode: low, MaxChannels: s.channels, PortsCount: true, PortsAlone: true, Bandwidth: full, Memory: s.memory,
			Fastest:  s.shared(1_000_000_000, 500_000_000, 250_000_000, 125_000_000),
			Timebase: picosdk.Timebase{First: 0, Listed: []int64{1000, 2000, 4000}, Minus: 2, Clock: 125_000_000, Last: lastTimebase},
		},
		{
			Bits: 12, MaxCode: high, MaxChannels: s.channels, PortsCount: true, Bandwidth: full, Memory: s.memory / 2,
			Fastest:  s.shared(500_000_000, 250_000_000, 125_000_000, 62_500_000),
			Timebase: picosdk.Timebase{First: 1, Listed: []int64{2000, 4000, 8000}, Minus: 3, Clock: 62_500_000, Last: lastTimebase - 1},
		},
		{
			Bits: 14, MaxCode: high, MaxChannels: s.channels, PortsCount: true, Bandwidth: full, Memory: s.memory / 2,
			Fastest:  s.shared(125_000_000, 125_000_000, 125_000_000, 62_500_000),
			Timebase: picosdk.Timebase{First: 3, Listed: []int64{8000}, Minus: 2, Clock: 125_000_000, Last: lastTimebase},
		},
		{
			Bits: 15, MaxCode: high, MaxChannels: 2, Bandwidth: full, Memory: s.memory / 2,
			Fastest:  []picosdk.FastRate{{UpTo: 1, Rate: 125_000_000}, {UpTo: 2, Rate: 125_000_000}},
			Timebase: picosdk.Timebase{First: 3, Listed: []int64{8000}, Minus: 2, Clock: 125_000_000, Last: lastTimebase},
		},
		{
			Bits: 16, MaxCode: high, MaxChannels: 1, Bandwidth: narrow, Memory: s.memory / 2,
			Fastest:  []picosdk.FastRate{{UpTo: 1, Rate: 62_500_000}},
			Timebase: picosdk.Timebase{First: 4, Listed: []int64{16000}, Minus: 3, Clock: 62_500_000, Last: lastTimebase - 1},
		},
	}
	for i := range all {
		half := int64(1)
		if all[i].Bits > 8 {
			half = 2
		}
		if s.series.usb == picosdk.USB3 {
			all[i].Streaming = append(all[i].Streaming, picosdk.StreamLimit{USB: picosdk.USB3, Total: 125_000_000 / half})
		}
		all[i].Streaming = append(all[i].Streaming, picosdk.StreamLimit{USB: picosdk.USB2, Total: 31_250_000 / half})
	}
	return all
}

// shared is the rate with one, two, up to four, and up to six channels and ports on, as far as the unit has them.
func (s modelRow) shared(one, two, four, six int64) []picosdk.FastRate {
	rates := []picosdk.FastRate{{UpTo: 1, Rate: one}, {UpTo: 2, Rate: two}, {UpTo: 4, Rate: four}, {UpTo: 6, Rate: six}}
	switch {
	case s.ports > 0:
		return rates
	case s.channels == 4:
		return rates[:3]
	}
	return rates[:2]
}
