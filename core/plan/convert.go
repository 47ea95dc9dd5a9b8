package plan

import (
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// OpenRequest returns what the driver needs to open the device.
func (d *Device) OpenRequest() driver.OpenRequest {
	return driver.OpenRequest{
		Name: d.Name, Serial: d.Serial, Model: d.Model, Library: d.Library,
		Resolution: d.Resolution, Power: d.Power, Options: d.Options,
	}
}

// Config returns the device's settings for the driver: the enabled channels, and all voltages at the input.
// MaxSamples is left 0, since it depends on the applied interval: see [Run.MaxSamples]. The result shares the
// options' memory with the plan; nobody changes them.
func (d *Device) Config() driver.Config {
	c := driver.Config{
		Resolution: d.Resolution, SampleFormat: d.SampleFormat, Power: d.Power, Options: d.Options,
		Stream: d.Stream, Block: d.Block, RapidBlock: d.RapidBlock, Trigger: d.trigger(),
	}
	if d.Generator != nil && d.Generator.Enabled {
		g := d.Generator.GeneratorConfig
		c.Generator = &g
	}
	for _, ch := range d.Channels {
		if !ch.Enabled {
			continue
		}
		c.Channels = append(c.Channels, driver.ChannelConfig{
			Channel: ch.Name, Range: ch.Input(ch.Range), Coupling: ch.Coupling, Offset: ch.Input(ch.Offset),
			Bandwidth: ch.Bandwidth, Options: ch.Options,
		})
	}
	for _, p := range d.Digital {
		c.Digital = append(c.Digital, driver.DigitalConfig{Port: p.Port, Thresholds: p.Thresholds, Hysteresis: p.Hysteresis})
	}
	return c
}

// trigger returns the trigger with its voltages at the input.
func (d *Device) trigger() *driver.TriggerConfig {
	if d.Trigger == nil {
		return nil
	}
	t := *d.Trigger
	t.Levels, t.Windows = slices.Clone(t.Levels), slices.Clone(t.Windows)
	input := func(source string, v *units.Voltage) {
		if ch, ok := d.Channel(source); ok {
			*v = ch.Input(*v)
		}
	}
	for i := range t.Levels {
		l := &t.Levels[i]
		input(l.Source, &l.Threshold)
		input(l.Source, &l.Hysteresis)
	}
	for i := range t.Windows {
		w := &t.Windows[i]
		for _, v := range []*units.Voltage{&w.Lower, &w.Upper, &w.LowerHysteresis, &w.UpperHysteresis} {
			input(w.Source, v)
		}
	}
	return &t
}

// MaxSamples returns the raw sample at which a streaming device has recorded the run's duration: floor(duration /
// interval). 0: the run has no duration. The interval is the applied one.
func (r Run) MaxSamples(interval units.Interval) int64 {
	if r.Duration <= 0 || interval.Sign() <= 0 {
		return 0
	}
	n := bigFloor(units.IntervalOf(r.Duration), interval)
	if !n.IsInt64() {
		return maxInt
	}
	return n.Int64()
}
