package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// emulated is a PicoScope of docs/emulator.md that captures can be recorded from.
type emulated struct {
	driver     string
	resolution string // for the plan, "" where the device has only one
	fast       int64  // samples per second that a capture without pace is configured for
}

// serial is that of the unit, whatever its model.
const serial = "BENCH/1"

var units = map[string]emulated{
	"5444D": {driver: "ps5000a", resolution: "14bit", fast: fastRate},
	"6824E": {driver: "ps6000a", fast: 125_000_000},
}

// unitNames lists them for messages.
func unitNames() string {
	return strings.Join(slices.Sorted(maps.Keys(units)), ", ")
}

// intervalNS is the time between samples in nanoseconds, as plans for these units have it: their clocks count whole ones.
func (c capture) intervalNS() int64 { return int64(math.Round(1e9 / float64(c.nominal()))) }

// rig is the rig.conf for an emulated unit: on its supply and USB 3, each channel at a voltage of its own.
func (c capture) rig() string {
	var b strings.Builder
	fmt.Fprintf(&b, "[unit %s]\nmodel = %s\nusb = 3.0\npower = supply\n", serial, c.unit)
	if !c.paced() {
		b.WriteString("pacing = unthrottled\n")
	}
	for i := range c.channels {
		signal := "proof"
		if c.signal == "dc" {
			signal = fmt.Sprintf("dc offset=%dmV", 100*(i+1))
		}
		fmt.Fprintf(&b, "channel %c = %s\n", 'A'+i, signal)
	}
	return b.String()
}

// emulatedDevice is the device block of a plan for an emulated unit.
func (c capture) emulatedDevice() string {
	var b strings.Builder
	u := units[c.unit]
	fmt.Fprintf(&b, "device \"dev\" {\n  driver  = %q\n  library = \"emulated\"\n  serial  = %q\n", u.driver, serial)
	if u.resolution != "" {
		fmt.Fprintf(&b, "  resolution = %q\n", u.resolution)
	}
	for i := range c.channels {
		fmt.Fprintf(&b, "  channel %q { range = \"5V\" }\n", string(rune('A'+i)))
	}
	fmt.Fprintf(&b, "  stream { sample_interval = \"%dns\" }\n}\n", c.intervalNS())
	return b.String()
}
