package main

import (
	"fmt"
	"strings"
)

// serial is that of the emulated unit.
const serial = "BENCH/1"

// order of channels: those that have converters of their own come first.
const order = "AECGBFDH"

// blockCase is one kind of capture. All of the unit's memory is captured at once, since its rig is in a hurry: what is measured is
// the way from its memory to the disk.
type blockCase struct {
	name     string
	channels int
	samples  int64 // of a waveform
	captures int64
	interval string
	timebase int // the same as a number
}

func cases(deep int64) []blockCase {
	return []blockCase{
		{name: fmt.Sprintf("block of %d MS x 2", deep>>20), channels: 2, samples: deep, captures: 1, interval: "1.6ns", timebase: 3},
		{name: "rapid block, 1000 x 10,000 x 4", channels: 4, samples: 10_000, captures: 1000, interval: "1.6ns", timebase: 3},
	}
}

func (c blockCase) bytes() int64 { return 2 * int64(c.channels) * c.samples * c.captures }

// rig is the rig.conf.
func (c blockCase) rig() string {
	var b strings.Builder
	fmt.Fprintf(&b, "[unit %s]\nmodel = 6824E\nhurry = on\n", serial)
	for i := range c.channels {
		fmt.Fprintf(&b, "channel %c = proof\n", order[i])
	}
	return b.String()
}

// plan captures everything once.
func (c blockCase) plan(dir string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "run \"blocks\" {\n  output = %q\n  disk { keep_free = \"1MiB\" }\n}\n", dir)
	fmt.Fprintf(&b, "device \"dev\" {\n  driver  = \"ps6000a\"\n  library = \"emulated\"\n  serial  = %q\n", serial)
	for i := range c.channels {
		fmt.Fprintf(&b, "  channel \"%c\" { range = \"5V\" }\n", order[i])
	}
	mode, captures := "block", ""
	if c.captures > 1 {
		mode, captures = "rapid_block", fmt.Sprintf("    captures = %d\n", c.captures)
	}
	fmt.Fprintf(&b, "  %s {\n    sample_interval = %q\n    pre = 0\n    post = %d\n%s  }\n}\n", mode, c.interval, c.samples, captures)
	return b.String()
}
