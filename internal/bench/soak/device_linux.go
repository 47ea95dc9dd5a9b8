package main

import (
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/emulator"
)

// serial is that of the unit; the proof signal follows from it.
const serial = "SOAK0001"

// channels at 10 MS/s each make 80 MB/s.
const channels = 4

// source is what is recorded: four channels of the proof signal.
type source struct {
	title    string
	bits     int // of the converter, on which the proof signal depends
	emulated bool
}

var (
	simulated = source{title: "10 MS/s x 4", bits: 16}
	// The unit's clock has no 10 MS/s: 96 ns are the nearest above.
	emulated5444D = source{title: "emulated 5444D, 14 bit, 10.4 MS/s x 4", bits: 14, emulated: true}
)

// device is the device block of the plan.
func (s source) device() string {
	var b strings.Builder
	head, channel, stream := "driver = \"sim\"", "sim { signal = \"proof\" }", "sample_rate = \"10MS/s\""
	if s.emulated {
		head, channel, stream = "driver = \"ps5000a\"\n  library = \"emulated\"\n  resolution = \"14bit\"", "", "sample_interval = \"96ns\""
	}
	fmt.Fprintf(&b, "device \"dev\" {\n  %s\n  serial = %q\n", head, serial)
	for i := range channels {
		fmt.Fprintf(&b, "  channel %q {\n    range = \"5V\"\n    %s\n  }\n", string(rune('A'+i)), channel)
	}
	fmt.Fprintf(&b, "  stream { %s }\n}\n", stream)
	return b.String()
}

// connect makes the rig in dir. What is simulated makes its own: then there is none.
func (s source) connect(dir string) (*emulator.Rig, error) {
	if !s.emulated {
		return nil, nil
	}
	conf := fmt.Sprintf("[unit %s]\nmodel = 5444D\nusb = 3.0\npower = supply\n", serial)
	for i := range channels {
		conf += fmt.Sprintf("channel %c = proof\n", 'A'+i)
	}
	return emulator.NewRig(dir, conf)
}

// ask reads what the emulated library knows of the run: samples per channel that it lost by itself, and wrong use.
func (out *outcome) ask(rig *emulator.Rig) error {
	if rig == nil {
		return nil
	}
	n, err := rig.Counters(serial)
	if err != nil {
		return err
	}
	out.inside = n.RunDropped + n.TotalDropped
	out.misuse, err = rig.Misuses(serial)
	return err
}
