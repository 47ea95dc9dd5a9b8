package main

import (
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/native"
	"github.com/scopelog/scopelog/units"
)

// version is the plugin's product version.
const version = "0.1.0"

// libraryNames are the names of the vendor library's file; the first is the one that current packages install.
var libraryNames = []string{"libps6000a.so.2", "libps6000a.so", "libps6000a.so.1", "libps6000a.dylib", "ps6000a.dll"}

// family is what the engine has to know. The units have a supply of their own, so that the library has no functions
// for power.
var family = scope.Family{
	Name:        "ps6000a",
	Version:     version,
	Summary:     "PicoScope 6000E oscilloscopes",
	Models:      models,
	File:        libraryNames[0],
	MinVersion:  picosdk.Version{1, 0, 54, 2438},
	Load:        load,
	InstallHint: native.InstallHint(libraryNames[0]),
	Ratios:      picosdk.RatioModesRawBit,
	RawBeside:   true,
	// The reference of triggerAt is not documented.
	VagueTrigger: true,
	WideCounts:   true,
	Bandwidths: []scope.BandwidthCode{ // PICO_BANDWIDTH_LIMITER counts in hertz
		limiter(20_000), limiter(100_000), limiter(1_000_000), limiter(20_000_000), limiter(25_000_000),
		limiter(50_000_000), limiter(200_000_000), limiter(250_000_000), limiter(500_000_000),
	},
	Hysteresis: map[string]uint32{"very_high": 0, "high": 1, "normal": 2, "low": 3}, // PICO_VERY_HIGH_400MV and on
	Generator: scope.GeneratorCodes{
		Waves: map[string]uint32{
			"sine": 17, "square": 18, "triangle": 19, "ramp_up": 20, "ramp_down": 21, "sinc": 22, "gaussian": 23, "half_sine": 24, "dc": waveDC,
		},
		OperationWaves: map[string]uint32{"noise": 0x2001, "prbs": 0x2002}, // PICO_WHITENOISE, PICO_PRBS
		Arbitrary:      waveArbitrary,
		NoSweepCount:   true, NoLevel: true,
		Sweeps: scope.SweepCodes, TriggerTypes: scope.TriggerTypeCodes, TriggerSources: scope.TriggerSourceCodes,
	},
}

func limiter(hz uint32) scope.BandwidthCode {
	return scope.BandwidthCode{Frequency: units.Hertz(int64(hz), 1), Code: hz}
}

// Numbers of the vendor that calls need.
const (
	waveDC         = 0x400      // PICO_DC_VOLTAGE
	waveArbitrary  = 0x10000000 // PICO_ARBITRARY
	triggerRising  = 2          // PICO_RISING
	typeInt16      = 1          // PICO_INT16_T
	actionClearAll = 1          // PICO_CLEAR_ALL
	actionAdd      = 2          // PICO_ADD
)
