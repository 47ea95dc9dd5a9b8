package stage

import (
	"fmt"
	"strings"
)

// The modes of a device.
const (
	Stream     = "stream"
	Block      = "block"
	RapidBlock = "rapid_block"
)

// WaveformSamples is how long the waveforms of block modes are.
const WaveformSamples = 2000

// Device is a device of the plan, and the unit behind it.
type Device struct {
	Name, Driver, Model, Serial string
	Mode                        string
	Channels                    string // one letter each
	Rate                        int64  // samples per second, in stream mode
	Ratio                       int    // aggregates of so many samples beside the raw ones; 0: none
	Trigger                     bool   // the first channel sees pulses, and triggers
	Never                       bool   // what triggers never comes
	Foreign                     string // channels that see what a line of Rig says, one letter each
	PPM                         float64
	Plan                        []string // more lines in the device's block
	Rig                         []string // more lines of the unit in rig.conf
	Sim                         []string // more lines in the simulated driver's block
	Unpaced                     bool     // as fast as it goes
}

// Simulated tells whether the device is one of the simulated driver.
func (d *Device) Simulated() bool { return d.Driver == "sim" }

// NoProof lists the channels that do not see the proof signal.
func (d *Device) NoProof() []string {
	var list []string
	if d.Trigger {
		list = append(list, d.Channels[:1])
	}
	for _, c := range d.Foreign {
		list = append(list, string(c))
	}
	return list
}

// text is the device's block of the plan. truth is the file for the simulated driver's account.
func (d *Device) text(truth string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "device %q {\n  driver = %q\n  serial = %q\n", d.Name, d.Driver, d.Serial)
	if !d.Simulated() {
		b.WriteString("  library = \"emulated\"\n")
	}
	for _, line := range d.Plan {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	for i, c := range d.Channels {
		fmt.Fprintf(&b, "  channel \"%c\" {\n    range = \"1V\"\n", c)
		if d.Simulated() {
			fmt.Fprintf(&b, "    sim {\n      %s\n    }\n", d.simSignal(i))
		}
		b.WriteString("  }\n")
	}
	b.WriteString(d.acquisition())
	if d.Trigger {
		fmt.Fprintf(&b, "  trigger {\n    level \"%c\" {\n      direction = \"rising\"\n      threshold = \"300mV\"\n    }\n  }\n", d.Channels[0])
	}
	if d.Simulated() {
		fmt.Fprintf(&b, "  sim {\n    truth = %q\n", truth)
		if d.PPM != 0 {
			fmt.Fprintf(&b, "    clock_error_ppm = %g\n", d.PPM)
		}
		if d.Unpaced {
			b.WriteString("    pace = \"fast\"\n")
		}
		for _, line := range d.Sim {
			fmt.Fprintf(&b, "    %s\n", line)
		}
		b.WriteString("  }\n")
	}
	b.WriteString("}\n")
	return b.String()
}

func (d *Device) simSignal(channel int) string {
	switch {
	case channel > 0 || !d.Trigger:
		return "signal = \"proof\""
	case d.Never:
		return "signal = \"dc\""
	}
	return "signal = \"pulses\"\n      amplitude = \"600mV\"\n      width = \"200us\"\n      interval = \"10ms\""
}

// acquisition is the block that says how it is captured.
func (d *Device) acquisition() string {
	down := ""
	if d.Ratio > 0 {
		down = fmt.Sprintf("    downsample {\n      mode = \"aggregate\"\n      ratio = %d\n      keep_raw = true\n    }\n", d.Ratio)
	}
	if d.Mode == Stream {
		return fmt.Sprintf("  stream {\n    sample_rate = \"%dS/s\"\n%s  }\n", d.Rate, down)
	}
	captures := ""
	if d.Mode == RapidBlock {
		captures = "    captures = 5\n"
	}
	return fmt.Sprintf("  %s {\n    sample_rate = \"31.25MS/s\"\n    pre = %d\n    post = %d\n%s    repeat = \"forever\"\n    every = \"20ms\"\n%s  }\n",
		d.Mode, WaveformSamples/4, WaveformSamples-WaveformSamples/4, captures, down)
}

// conf is the unit's part of rig.conf; empty for a simulated one.
func (d *Device) conf() string {
	if d.Simulated() {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "[unit %s]\nmodel = %s\n", d.Serial, d.Model)
	if !strings.Contains(strings.Join(d.Rig, "\n"), "buffer =") {
		b.WriteString("buffer = 10s\n") // a busy machine is not the fault that is meant
	}
	if d.PPM != 0 {
		fmt.Fprintf(&b, "clock_error = %gppm\n", d.PPM)
	}
	for i, c := range d.Channels {
		if strings.ContainsRune(d.Foreign, c) {
			continue
		}
		signal := "proof"
		if d.Trigger && i == 0 {
			signal = "pulses period=10ms width=200us amplitude=600mV"
			if d.Never {
				signal = "dc offset=0V"
			}
		}
		fmt.Fprintf(&b, "channel %c = %s\n", c, signal)
	}
	for _, line := range d.Rig {
		fmt.Fprintf(&b, "%s\n", line)
	}
	return b.String()
}
