package main

import (
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/internal/chaos/stage"
)

// family is a driver with a model of it.
type family struct{ driver, model string }

var (
	emulated = []family{{"ps2000a", "2406B"}, {"ps5000a", "5444D"}, {"ps6000a", "6824E"}}
	// simulated is the driver without a vendor library.
	simulated = family{"sim", ""}
)

// rates are those of streams: slow enough for many devices on a small machine, fast enough to lose something in an instant.
var rates = []int64{50_000, 100_000, 200_000, 500_000, 1_000_000}

// unit makes a device of a family that streams the proof signal, with what may vary chosen by chance.
func (t *trial) unit(name string, f family) *stage.Device {
	d := &stage.Device{
		Name: name, Driver: f.driver, Model: f.model, Serial: fmt.Sprintf("CH%d/%d", t.r.IntN(90)+10, len(t.plan.Devices)),
		Mode: stage.Stream, Channels: choose(t, "A", "AB", "B"), Rate: choose(t, rates...),
	}
	if t.chance(3) {
		d.Ratio = choose(t, 10, 50, 64)
	}
	if t.chance(2) {
		d.PPM = float64(t.r.IntN(101) - 50)
	}
	t.plan.Devices = append(t.plan.Devices, d)
	return d
}

// beside adds one to three healthy devices, in any mode.
func (t *trial) beside() {
	for i := range 1 + t.r.IntN(3) {
		d := t.unit(fmt.Sprintf("other%d", i), choose(t, append(slices.Clone(emulated), simulated)...))
		switch t.r.IntN(6) {
		case 0:
			d.Mode, d.Ratio = stage.Block, 0
		case 1:
			d.Mode, d.Ratio = stage.RapidBlock, 0
		case 2:
			d.Channels, d.Trigger = "AB", true
		}
	}
}

// harmed adds the device that is harmed, first, and others beside it.
func (t *trial) harmed(families ...family) *stage.Device {
	d := t.unit(victim, choose(t, families...))
	t.beside()
	t.ways()
	return d
}

// ways chooses how it is recorded.
func (t *trial) ways() {
	t.plan.Run = append(t.plan.Run, fmt.Sprintf("sync = %q", choose(t, "100ms", "200ms", "1s")))
	if r := choose(t, "", "", "1s", "256KiB"); r != "" {
		t.plan.Run = append(t.plan.Run, fmt.Sprintf("rotate = %q", r))
	}
	t.plan.Disk = []string{`keep_free = "1MiB"`}
}

// may lets gaps of a device have causes.
func (t *trial) may(name string, causes ...string) {
	t.causes[name] = append(t.causes[name], causes...)
	if t.exit[0] == 0 {
		t.exit = []int{3}
	}
}
