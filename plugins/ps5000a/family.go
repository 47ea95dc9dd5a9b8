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
var libraryNames = []string{"libps5000a.so.2", "libps5000a.so", "libps5000a.so.1", "libps5000a.dylib", "ps5000a.dll"}

// family is what the engine has to know.
var family = scope.Family{
	Name:        "ps5000a",
	Version:     version,
	Summary:     "PicoScope 5000 A, B and D oscilloscopes with flexible resolution",
	Models:      models,
	File:        libraryNames[0],
	MinVersion:  picosdk.Version{2, 1, 30, 1878},
	Load:        load,
	InstallHint: native.InstallHint(libraryNames[0]),
	Ratios:      picosdk.RatioModesRawZero,
	Bandwidths:  []scope.BandwidthCode{{Frequency: units.Hertz(20_000_000, 1), Code: bandwidth20MHz}},
	Generator: scope.GeneratorCodes{
		Waves: map[string]uint32{
			"sine": 0, "square": 1, "triangle": 2, "ramp_up": 3, "ramp_down": 4, "sinc": 5, "gaussian": 6, "half_sine": 7, "dc": waveDC,
		},
		Operations: map[string]uint32{"noise": 1, "prbs": 2},
		Sweeps:     scope.SweepCodes, TriggerTypes: scope.TriggerTypeCodes, TriggerSources: scope.TriggerSourceCodes,
	},
}

// Numbers of the vendor that calls need.
const (
	waveDC          = 8          // PS5000A_DC_VOLTAGE
	bandwidth20MHz  = 1          // PS5000A_BW_20MHZ
	etsOff          = 0          // PS5000A_ETS_OFF
	infoRanges      = 0          // PS5000A_CI_RANGES
	triggerRising   = 2          // PS5000A_RISING
	indexSingle     = 0          // PS5000A_SINGLE
	untilStopped    = 0xFFFFFFFF // PS5000A_SHOT_SWEEP_TRIGGER_CONTINUOUS_RUN
	leastDwellCount = 3          // MIN_DWELL_COUNT
)
